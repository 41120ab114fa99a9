"""Keeps plans in their versions, and makes the tasks they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from db import audit, people
from db.codec import plain
from db.models import decisions as decisions_table
from db.models import objectives, plan_rows, plans
from db.plan_tasks import Board, Committed
from domain.calendar import Calendar
from domain.errors import RuleError
from domain.people import UNIT_KINDS
from domain.plan import Change, Decision, Difference, Objective, Plan, jobs
from domain.plan import Row as PlanRow

__all__ = ["Committed", "commit", "compare", "effective_before"]


def effective_before(conn: Connection, plan: Plan) -> date | None:
    """The day from which the kept plan counts that this one would follow; None when it is the first."""
    kept = _kept(conn, plan)
    return kept.effective_from if kept else None


def compare(conn: Connection, plan: Plan) -> Difference:
    """What the plan changes against the kept one of its year: everything is new when there is none."""
    kept = _kept(conn, plan)
    old = _contents(conn, kept.id) if kept else {}
    new = _wanted(plan)
    return Difference(
        added=tuple(code for code in new if code not in old),
        changed=tuple(
            _change(code, old[code], new[code]) for code in new if code in old and new[code] != old[code]
        ),
        dropped=tuple(code for code in old if code not in new),
    )


def commit(
    conn: Connection,
    plan: Plan,
    decisions: Iterable[Decision],
    now: datetime,
    *,
    effective_from: date,
    calendar: Calendar,
    actor_id: int | None = None,
) -> Committed:
    """Writes a plan with its decisions and tasks; to be run in one transaction.

    The same plan again changes nothing.  A changed one becomes the next version: its rows' new
    dates move the open tasks, dropped rows' open tasks are cancelled, answers already given to a
    decision stay, and nothing is deleted.  A draft has no tasks.  Raises ``plan_unit_missing``.
    """
    units = people.all_units(conn)
    ids = {unit.code: unit.id for unit in units}
    named = {one for row in (*plan.rows, *plan.measures) for one in row.responsible} - set(UNIT_KINDS)
    if missing := sorted(named - ids.keys()):
        raise RuleError("plan_unit_missing", units=missing)
    kept, difference = _kept(conn, plan), compare(conn, plan)
    if kept and not difference:
        return Committed(kept.id, kept.version, difference)

    plan_id, version = _store(conn, plan, now, effective_from)
    rows = _store_rows(conn, plan_id, plan)
    _store_decisions(conn, plan_id, decisions, kept.id if kept else None)
    _replace_others(conn, plan, plan_id)
    audit.record(conn, "plan", plan_id, "imported", now, actor_id=actor_id, version=version, year=plan.year)
    if plan.draft:
        return Committed(plan_id, version, difference)
    board = Board(conn, now, calendar.today(now), effective_from, ids, actor_id)
    return board.bring(plan, plan_id, version, difference, jobs(plan, units), rows, kept.id if kept else None)


def _kept(conn: Connection, plan: Plan) -> Row[Any] | None:
    """The plan of the year that this one would follow: a draft follows drafts, a plan in force the other."""
    state = "draft" if plan.draft else "active"
    query = select(plans).where(plans.c.year == plan.year, plans.c.state == state)
    return conn.execute(query.order_by(plans.c.version.desc()).limit(1)).first()


def _store(conn: Connection, plan: Plan, now: datetime, effective_from: date) -> tuple[int, int]:
    last = conn.execute(select(func.max(plans.c.version)).where(plans.c.year == plan.year)).scalar()
    version = (last or 0) + 1
    made = conn.execute(
        insert(plans).values(
            year=plan.year,
            version=version,
            state="draft" if plan.draft else "active",
            title=plan.title[:300],
            source_name=plan.source_name[-200:],
            source_sha256=plan.source_sha256,
            signed_on=plan.signed_on,
            effective_from=effective_from,
            imported_at=now,
        )
    )
    plan_id = _key(made.inserted_primary_key)
    conn.execute(
        insert(objectives),
        [
            {"plan_id": plan_id, "number": one.number, "original": one.original, **_objective(one)}
            for one in plan.objectives
        ],
    )
    return plan_id, version


def _store_rows(conn: Connection, plan_id: int, plan: Plan) -> dict[str, int]:
    conn.execute(
        insert(plan_rows),
        [
            {"plan_id": plan_id, "code": row.code, "original": row.original, **_row(row)}
            for row in (*plan.rows, *plan.measures)
        ],
    )
    query = select(plan_rows.c.code, plan_rows.c.id).where(plan_rows.c.plan_id == plan_id)
    return {row.code: row.id for row in conn.execute(query)}


def _store_decisions(
    conn: Connection, plan_id: int, decisions: Iterable[Decision], kept_id: int | None
) -> None:
    """Keeps what is to be decided; an answer to the same question is taken over."""
    query = select(decisions_table).where(decisions_table.c.plan_id == kept_id)
    answered = {(row.code, row.problem): row for row in conn.execute(query) if row.decided_at is not None}
    for one in decisions:
        before = answered.get((one.code, one.problem))
        conn.execute(
            insert(decisions_table).values(
                plan_id=plan_id,
                code=one.code,
                place=one.place,
                problem=one.problem,
                default_answer=one.default,
                owner=one.owner,
                asked_first=one.asked_first,
                answer=before.answer if before else "",
                decided_by=before.decided_by if before else None,
                decided_at=before.decided_at if before else None,
            )
        )


def _replace_others(conn: Connection, plan: Plan, plan_id: int) -> None:
    states = ("draft",) if plan.draft else ("draft", "active")
    conn.execute(
        update(plans)
        .where(plans.c.year == plan.year, plans.c.id != plan_id, plans.c.state.in_(states))
        .values(state="replaced")
    )


def _wanted(plan: Plan) -> dict[str, dict[str, Any]]:
    """A plan's contents by code, as the tables would give them back."""
    found = {one.code: _objective(one) for one in plan.objectives}
    return found | {row.code: _row(row) for row in (*plan.rows, *plan.measures)}


def _contents(conn: Connection, plan_id: int) -> dict[str, dict[str, Any]]:
    """A kept plan's contents by code."""
    found: dict[str, dict[str, Any]] = {}
    for one in conn.execute(select(objectives).where(objectives.c.plan_id == plan_id)):
        found[f"MT{one.number}"] = {name: getattr(one, name) for name in ("text", "plan_text", "targets")}
    columns = (
        "objective",
        "text",
        "responsible",
        "deadline_text",
        "deadline_kind",
        "due_on",
        "deadline",
        "expected",
    )
    for row in conn.execute(select(plan_rows).where(plan_rows.c.plan_id == plan_id)):
        found[row.code] = {name: getattr(row, name) for name in columns}
    return found


def _change(code: str, old: dict[str, Any], new: dict[str, Any]) -> Change:
    fields = tuple(name for name in new if name != "due_on" and new[name] != old[name])
    return Change(code, fields, old.get("due_on"), new.get("due_on"))


def _objective(one: Objective) -> dict[str, Any]:
    return {
        "text": one.text,
        "plan_text": one.plan_text,
        "targets": [asdict(target) for target in one.targets],
    }


def _row(row: PlanRow) -> dict[str, Any]:
    deadline = row.deadline
    return {
        "objective": row.objective,
        "text": row.text,
        "responsible": list(row.responsible),
        "deadline_text": deadline.text[:200],
        "deadline_kind": deadline.kind,
        "due_on": deadline.due_on,
        "deadline": plain(
            {
                "period_end": deadline.period_end,
                "every": deadline.every,
                "after": deadline.after,
                "days": deadline.days,
            }
        ),
        "expected": row.expected,
    }


def _key(key: Any) -> int:
    return int(key[0])
