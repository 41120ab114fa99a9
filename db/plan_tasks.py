"""Brings the tasks in line with a plan: makes, moves and cancels, and deletes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from db import audit, people
from db.models import extensions, plan_rows, plans, submissions, tasks
from domain.people import COMMITTEE, HEAD, LEADER
from domain.plan import Difference, Job, Plan, is_retro
from domain.tasks import CLOSED


@dataclass(frozen=True, slots=True)
class Committed:
    """What an import did.  Without a difference nothing was written and these are the kept plan's."""

    plan_id: int
    version: int
    difference: Difference
    tasks: int = 0  # made by this import
    retro: int = 0  # of these, past already
    cancelled: int = 0
    unheaded: tuple[str, ...] = ()  # units whose tasks have no one yet


class Board:
    """Brings the tasks in line with a plan."""

    def __init__(
        self,
        conn: Connection,
        now: datetime,
        today: date,
        effective_from: date,
        units: dict[str, int],
        actor_id: int | None,
    ) -> None:
        self.conn = conn
        self.now = now
        self.today = today
        self.effective_from = effective_from
        self.units = units
        self.actor_id = actor_id
        self.heads: dict[str, int | None] = {}

    def bring(
        self,
        plan: Plan,
        plan_id: int,
        version: int,
        difference: Difference,
        wanted: Sequence[Job],
        rows: dict[str, int],
        kept_id: int | None,
    ) -> Committed:
        """Makes, moves and cancels tasks until they are the wanted ones."""
        known = self._known(plan.year)
        old_due = self._old_due(kept_id)
        made: dict[str, int] = {}
        new, retro = 0, 0
        for job in wanted:
            old = known.get(job.code)
            if old is None:
                made[job.code] = self._make(job, rows[job.row], made.get(job.parent))
                new += 1
                retro += is_retro(job.due_on, self.today, self.effective_from)
                continue
            made[job.code] = old.id
            moved = job.due_on != old_due.get(job.row)
            self._keep(job, old, rows[job.row], made.get(job.parent), moved, dropped=old.plan_id != kept_id)
        gone = [old for code, old in known.items() if code not in made and old.state not in CLOSED]
        self._cancel(gone)
        unheaded = tuple(sorted(code for code, head in self.heads.items() if head is None))
        return Committed(plan_id, version, difference, new, retro, len(gone), unheaded)

    def _known(self, year: int) -> dict[str, Row[Any]]:
        query = (
            select(tasks, plan_rows.c.plan_id)
            .join(plan_rows, plan_rows.c.id == tasks.c.row_id)
            .join(plans, plans.c.id == plan_rows.c.plan_id)
            .where(plans.c.year == year, tasks.c.grown_from.is_(None))
        )
        return {row.code: row for row in self.conn.execute(query.order_by(tasks.c.id))}

    def _old_due(self, kept_id: int | None) -> dict[str, date | None]:
        query = select(plan_rows.c.code, plan_rows.c.due_on).where(plan_rows.c.plan_id == kept_id)
        return {row.code: row.due_on for row in self.conn.execute(query)}

    def _make(self, job: Job, row_id: int, parent_id: int | None) -> int:
        made = self.conn.execute(
            insert(tasks).values(
                code=job.code,
                row_id=row_id,
                parent_id=parent_id,
                unit_id=self.units[job.unit],
                assignee_id=self._head(job.unit),
                title=job.title,
                state="assigned",
                due_on=job.due_on,
                original_due_on=job.due_on,
                due_rule="back",
                retro=is_retro(job.due_on, self.today, self.effective_from),
                created_at=self.now,
            )
        )
        task_id = int(made.inserted_primary_key[0])  # type: ignore[index]
        self._record(task_id, "created")
        return task_id

    def _keep(
        self, job: Job, old: Row[Any], row_id: int, parent_id: int | None, moved: bool, *, dropped: bool
    ) -> None:
        """Leads a task into the new version; one that an earlier version dropped is given again."""
        values: dict[str, Any] = {"row_id": row_id, "parent_id": parent_id, "title": job.title}
        revived = dropped and old.state == "cancelled"
        is_open = revived or old.state not in CLOSED
        if is_open and old.unit_id != self.units[job.unit]:  # another unit leads the whole
            values |= {"unit_id": self.units[job.unit], "assignee_id": self._head(job.unit)}
            values["schedule"] = old.schedule + 1
            self._record(old.id, "reassigned", before=old.assignee_id, after=values["assignee_id"])
        if revived or (moved and is_open):
            values |= {
                "due_on": job.due_on,
                "wished_on": None,
                "original_due_on": old.original_due_on or job.due_on,
                "schedule": old.schedule + 1,
                "retro": is_retro(job.due_on, self.today, self.effective_from),
            }
            self._record(old.id, "rescheduled", before=old.due_on, after=job.due_on)
        if revived:
            values["state"] = "assigned"
            self._record(old.id, "revived")
        self.conn.execute(update(tasks).where(tasks.c.id == old.id).values(**values))
        self.conn.execute(update(tasks).where(tasks.c.grown_from == old.id).values(row_id=row_id))

    def _cancel(self, gone: Sequence[Row[Any]]) -> None:
        """Ends tasks the plan no longer asks for; what waits for a decision on them waits no more."""
        ids = [old.id for old in gone]
        if not ids:
            return
        self.conn.execute(update(tasks).where(tasks.c.id.in_(ids)).values(state="cancelled"))
        for table in (submissions, extensions):
            waiting = table.c.task_id.in_(ids) & (table.c.state == "waiting")
            self.conn.execute(update(table).where(waiting).values(state="replaced"))
        for task_id in ids:
            self._record(task_id, "cancelled")

    def _head(self, code: str) -> int | None:
        """Who holds a unit's task: its head, and for the leaders the chairman, the first of them."""
        if code not in self.heads:
            unit = people.unit(self.conn, self.units[code])
            role = LEADER if unit.kind == COMMITTEE else HEAD
            self.heads[code] = next(iter(people.members(self.conn, unit.id, self.today, role)), None)
        return self.heads[code]

    def _record(self, task_id: int, action: str, **fields: object) -> None:
        audit.record(self.conn, "task", task_id, action, self.now, actor_id=self.actor_id, **fields)
