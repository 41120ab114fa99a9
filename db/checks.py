"""Checks after the fact: made once a task is confirmed, answered by somebody who had no part in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from db import audience, audit, people, rungs
from db import tasks as tasks_db
from db.models import checks, findings, plan_rows, submissions, tasks
from db.models import rungs as laid
from domain.calendar import DAY, Calendar
from domain.checks import BAD, EFFECT, OPEN, VERIFY, Check
from domain.errors import RuleError
from domain.ladders import Ladder
from domain.people import INSPECTION_LEAD, ISO, LEADER, Person
from domain.plan import ON_EVENT


def missing(conn: Connection) -> list[tuple[int, str, int, datetime]]:
    """The confirmed tasks that nobody was asked to look at again: task, kind, schedule, when confirmed."""
    done = select(checks.c.id).where(checks.c.task_id == tasks.c.id, checks.c.schedule == tasks.c.schedule)
    query = (
        select(tasks.c.id, tasks.c.schedule, tasks.c.confirmed_at, findings.c.id.label("finding"))
        .outerjoin(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .outerjoin(findings, findings.c.task_id == tasks.c.id)
        .where(
            tasks.c.state == "confirmed",
            tasks.c.confirmed_at.is_not(None),
            or_(
                findings.c.id.is_not(None),
                and_(plan_rows.c.deadline_kind == ON_EVENT, tasks.c.grown_from.is_not(None)),
            ),
            ~done.exists(),
        )
    )
    return [
        (row.id, EFFECT if row.finding else VERIFY, row.schedule, row.confirmed_at)
        for row in conn.execute(query.order_by(tasks.c.id)).all()
    ]


def make(
    conn: Connection,
    found: Iterable[tuple[int, str, int, datetime]],
    calendar: Calendar,
    ladders: Mapping[str, Ladder],
) -> None:
    """Opens checks: a result so many working days after it was confirmed, an effect so many days after."""
    for task_id, kind, schedule, confirmed_at in found:
        begins, days = calendar.today(confirmed_at), ladders[kind].days
        due_on = calendar.forward(begins + DAY * days) if kind == EFFECT else calendar.add(begins, days)
        values = {"task_id": task_id, "kind": kind, "schedule": schedule, "state": OPEN}
        conn.execute(insert(checks).values(**values, begins_on=begins, due_on=due_on))


def without_rungs(conn: Connection, today: date) -> list[Check]:
    """Open checks with somebody to ask, of which nobody is to be reminded yet."""
    has = select(laid.c.id).where(laid.c.subject == "check", laid.c.subject_id == checks.c.id)
    query = select(checks).where(checks.c.state == OPEN, ~has.exists())
    found = _load(conn, query.order_by(checks.c.id), today)
    return [each for each in found if askable(conn, each, today)]


def of(conn: Connection, ids: Iterable[int], today: date) -> list[Check]:
    """The checks of these ids."""
    return _load(conn, select(checks).where(checks.c.id.in_(list(ids))).order_by(checks.c.id), today)


def access(conn: Connection, check_id: int, *, acting: Person, today: date) -> Check:
    """A check this person may answer; raises ``task_gone`` for a missing and for a forbidden one alike."""
    for each in of(conn, [check_id], today):
        if may_answer(conn, each, acting, today):
            return each
    raise RuleError("task_gone")


def may_answer(conn: Connection, each: Check, person: Person, today: date) -> bool:
    """Whether a person may say how it is: one of those asked or a leader, with no part in the work."""
    if person.id in each.never or not person.is_official:
        return False
    absent = set(audience.absent_of(conn, person.id, today))
    return person.has(LEADER) or person.id in (able := askable(conn, each, today)) or bool(absent & {*able})


def askable(conn: Connection, each: Check, today: date) -> list[int]:
    """Who may be asked, the first choice first: of a result the ISO board, of a finding the inspection lead.

    Behind them the head of the office and the leaders; never whoever had a part in the work.
    """
    first = people.holders(conn, ISO if each.kind == VERIFY else INSPECTION_LEAD, today)
    all_of_them = [*first, *audience.office_heads(conn, today), *people.holders(conn, LEADER, today)]
    return [one for one in dict.fromkeys(all_of_them) if one not in each.never]


def answer(
    conn: Connection, each: Check, state: str, words: str, by: int, due_on: date, now: datetime
) -> None:
    """Keeps how it is.  Bad: the task is its holder's again, due on ``due_on``, its report returned."""
    conn.execute(
        update(checks)
        .where(checks.c.id == each.id)
        .values(state=state, words=words, decided_by=by, decided_at=now)
    )
    rungs.supersede(conn, "check", each.id)
    audit.record(conn, "task", each.task.id, f"check_{state}", now, actor_id=by, check=each.id)
    if state != BAD:
        return
    last = select(func.max(submissions.c.id)).where(submissions.c.task_id == each.task.id).scalar_subquery()
    returned = {"state": "returned", "decided_by": by, "decided_at": now, "reason": words}
    conn.execute(update(submissions).where(submissions.c.id == last).values(**returned))
    again = {"state": "returned", "submitted_at": None, "confirmed_at": None, "percent": 0}
    conn.execute(update(tasks).where(tasks.c.id == each.task.id).values(**again))
    row = conn.execute(select(tasks).where(tasks.c.id == each.task.id)).one()
    tasks_db.set_due(conn, row, due_on)
    if row.assignee_id:
        rungs.add(conn, "task", row.id, row.assignee_id, "reopened", now, schedule=row.schedule + 1)


def _load(conn: Connection, query: Select[Any], today: date) -> list[Check]:
    rows = conn.execute(query).all()
    held = {task.id: task for task in tasks_db.tasks_of(conn, {row.task_id for row in rows}, today)}
    return [
        Check(
            row.id, row.kind, held[row.task_id], row.due_on, row.begins_on, row.state, row.words,
            _never(conn, row, held[row.task_id].assignee_id),
        )
        for row in rows
    ]  # fmt: skip


def _never(conn: Connection, row: Row[Any], holder_id: int | None) -> tuple[int, ...]:
    query = select(submissions.c.person_id, submissions.c.by_id, submissions.c.decided_by)
    query = query.where(submissions.c.task_id == row.task_id, submissions.c.state == "confirmed")
    part = [one for each in conn.execute(query).all() for one in each]
    return tuple(dict.fromkeys(one for one in [holder_id, *part] if one is not None))
