"""Open deadlines computed anew from what they follow from, after the calendar changed.

A task's due day follows from ``wished_on`` by its ``due_rule``; without it from its plan row's period, or
from the due day itself.  A case's follows from ``due_from``, ``due_days`` and the spans in which the clock
stood; a pre-note's appointment stays on a day on which citizens are received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from db import audit, rungs
from db.models import cases, extensions, plan_rows, plans, tasks
from db.models import rungs as laid
from domain.calendar import Calendar
from domain.cases import ASKED, GUIDED, reception_days
from domain.cases import OPEN as OPEN_CASES
from domain.ladders import Ladder
from domain.tasks import AWAITING, CLOSED
from domain.terms import BACK, DAYS, FORWARD, Term, moved


@dataclass(frozen=True, slots=True)
class Move:
    """An open deadline that stands elsewhere by a calendar; ``name`` is a task's title or a case's code.

    ``person_id`` answers for it, ``account_id`` is the citizen's, told unless the clock stands.
    """

    subject: str  # task | cycle | case | appointment
    id: int
    name: str
    was: date
    day: date
    wished_on: date
    unit_id: int
    person_id: int | None
    account_id: int | None = None


def moves(conn: Connection, calendar: Calendar, today: date, reception: Sequence[int]) -> list[Move]:
    """The deadlines that a calendar would move; ``reception`` are the ISO weekdays of citizens' reception."""
    found = _task_moves(conn, calendar, today) + _case_moves(conn, calendar, today, reception)
    return [move for move in found if move.day != move.was]


def apply(
    conn: Connection, found: Iterable[Move], calendar: Calendar, now: datetime, *, actor_id: int | None = None
) -> None:
    """Moves deadlines in the caller's transaction, a moved task to a new schedule; plan rows go with them."""
    _move_plan_rows(conn, calendar)
    _move_wishes(conn, calendar)
    for move in found:
        if move.subject == "task":
            _move_task(conn, move)
        else:
            agreed = {"due_from": move.wished_on} if move.subject == "appointment" else {}
            first = (cases.c.id == move.id) & (cases.c.promised_on == move.was)
            conn.execute(update(cases).where(first).values(promised_on=move.day))
            conn.execute(update(cases).where(cases.c.id == move.id).values(due_on=move.day, **agreed))
        subject = "task" if move.subject == "task" else "case"
        days = {"due_on": move.day, "was": move.was}
        audit.record(conn, subject, move.id, "calendar_moved", now, actor_id=actor_id, **days)


def relay(conn: Connection, ladders: Mapping[str, Ladder], calendar: Calendar) -> None:
    """Lets the pending rungs of open tasks fall on their days by the changed calendar."""
    part = tasks.alias("part")
    has_parts = select(part.c.id).where(part.c.parent_id == tasks.c.id).exists()
    query = (
        select(laid.c.id, laid.c.rung, laid.c.due_at, tasks.c.due_on, has_parts.label("is_parent"))
        .join(tasks, (tasks.c.id == laid.c.subject_id) & (tasks.c.schedule == laid.c.schedule))
        .where(laid.c.subject == "task", laid.c.state == "pending", tasks.c.due_on.is_not(None))
    )
    for row in conn.execute(query).all():
        ladder = ladders["parent" if row.is_parent else "deadline"]
        moments = {rung.name: moment for rung, moment in ladder.laid(row.due_on, calendar)}
        moment = moments.get(row.rung, row.due_at)
        if moment != row.due_at:
            conn.execute(update(laid).where(laid.c.id == row.id).values(due_at=moment))


def stood(conn: Connection, case_id: int, first: date, last: date) -> None:
    """Notes that a case's clock stood from one day to another."""
    spans = conn.execute(select(cases.c.stood).where(cases.c.id == case_id)).scalar() or []
    spans = [*spans, [first.isoformat(), last.isoformat()]]
    conn.execute(update(cases).where(cases.c.id == case_id).values(stood=spans))


def _task_moves(conn: Connection, calendar: Calendar, today: date) -> list[Move]:
    query = (
        select(tasks, plan_rows.c.due_on.label("row_due_on"), plan_rows.c.deadline)
        .outerjoin(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .where(tasks.c.state.not_in(CLOSED), tasks.c.due_on.is_not(None))
        .order_by(tasks.c.due_on, tasks.c.id)
    )
    found = []
    for row in conn.execute(query):
        term = _term_of_task(row)
        day = moved(term, row.due_on, today, calendar)
        if row.state == AWAITING:  # What was handed in early does not become less so.
            day = max(day, row.due_on)
        move = Move("task", row.id, row.title, row.due_on, day, term.day, row.unit_id, row.assignee_id)
        found.append(move)
    return found


def _term_of_task(row: Row[Any]) -> Term:
    if row.wished_on is not None:
        counted = row.due_rule == DAYS and row.due_days is not None
        rule = DAYS if counted else BACK if row.due_rule == BACK else FORWARD
        return Term(rule, row.wished_on, row.due_days or 0)
    if row.row_due_on == row.due_on and (end := (row.deadline or {}).get("period_end")):
        return Term(BACK, date.fromisoformat(end))
    return Term(BACK if row.due_rule == BACK else FORWARD, row.due_on)


def _case_moves(conn: Connection, calendar: Calendar, today: date, reception: Sequence[int]) -> list[Move]:
    found = []
    query = select(cases).where(cases.c.state.in_((*OPEN_CASES, GUIDED))).order_by(cases.c.due_on, cases.c.id)
    for row in conn.execute(query):
        account = None if row.state == ASKED else row.account_id
        if row.state == GUIDED:
            day = _appointment(row.due_from or row.due_on, row.due_on, calendar, today, reception)
            subject, start = "appointment", row.due_from or row.due_on
        else:
            term = _term_of_case(row)
            day, subject, start = moved(term, row.due_on, today, calendar), "case", term.day
        found.append(
            Move(subject, row.id, row.code, row.due_on, day, start, row.unit_id, row.handler_id, account)
        )
    return found


def _term_of_case(row: Row[Any]) -> Term:
    if row.due_from is None or row.due_days is None:
        return Term(FORWARD, row.due_on)
    spans = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in row.stood)
    return Term(DAYS, row.due_from, row.due_days, spans)


def _appointment(
    agreed: date, stands: date, calendar: Calendar, today: date, reception: Sequence[int]
) -> date:
    """The agreed day if the office works then, else the next day of reception; what is over stays."""
    if stands < today:
        return stands
    wanted = agreed if agreed >= today else stands
    return wanted if calendar.is_working(wanted) else reception_days(calendar, reception, wanted, 1)[0]


def _move_task(conn: Connection, move: Move) -> None:
    row = conn.execute(select(tasks).where(tasks.c.id == move.id)).one()
    same = row.original_due_on in (None, row.due_on)  # Never extended: its first day was by the calendar too.
    conn.execute(
        update(tasks)
        .where(tasks.c.id == move.id)
        .values(
            due_on=move.day,
            original_due_on=move.day if same else row.original_due_on,
            wished_on=move.wished_on,
            schedule=row.schedule + 1,
        )
    )
    rungs.supersede(conn, "task", move.id)


def _move_plan_rows(conn: Connection, calendar: Calendar) -> None:
    """Keeps the days of plans in force and drafts as their import would read them now."""
    query = (
        select(plan_rows.c.id, plan_rows.c.due_on, plan_rows.c.deadline)
        .join(plans, plans.c.id == plan_rows.c.plan_id)
        .where(plans.c.state != "replaced", plan_rows.c.due_on.is_not(None))
    )
    for row in conn.execute(query).all():
        end = (row.deadline or {}).get("period_end")
        day = calendar.back(date.fromisoformat(end)) if end else row.due_on
        if day != row.due_on:
            conn.execute(update(plan_rows).where(plan_rows.c.id == row.id).values(due_on=day))


def _move_wishes(conn: Connection, calendar: Calendar) -> None:
    """A day asked for that is closed now becomes a working one before it can be granted."""
    query = select(extensions.c.id, extensions.c.from_day, extensions.c.to_day)
    for row in conn.execute(query.where(extensions.c.state == "waiting")).all():
        if calendar.is_working(row.to_day):
            continue
        day = calendar.back(row.to_day)
        day = day if day > row.from_day else calendar.forward(row.to_day)
        conn.execute(update(extensions).where(extensions.c.id == row.id).values(to_day=day))
