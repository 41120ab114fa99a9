"""What a report must not hide: who did not report, what nobody hears of, what was not delivered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from db.dead_letters import NOT_DELIVERED
from db.models import (
    accounts,
    cases,
    cycles,
    events,
    extensions,
    memberships,
    outbox,
    people,
    plan_rows,
    submissions,
    tasks,
    units,
)
from db.sight import visible_to
from db.summary import bounds, called, of_units
from domain.calendar import Calendar
from domain.cycles import ANSWERED, NOTHING, SILENT, SUBPLAN
from domain.people import Person
from domain.periods import Period

SAID = (ANSWERED, NOTHING)


@dataclass(frozen=True, slots=True)
class Standing:
    """One report that a standing row (thường xuyên) or a follow-up measure (BP) asks of a unit."""

    code: str
    title: str
    unit: str
    unit_name: str
    due_on: date
    said: bool
    silent: bool  # closed, and nothing was said


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A row that goes by a plan of its own, in a unit where no such plan is known (L-KẾ: the row is red)."""

    objective: int | None
    code: str
    title: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """Something of which, on a day, nobody at all could be told."""

    what: str
    unit: str
    on: date


@dataclass(frozen=True, slots=True)
class Missed:
    """Messages to one person that ended undelivered."""

    who: str
    unit: str
    channel: str
    count: int
    last_at: datetime


def standing(conn: Connection, period: Period, unit_ids: Collection[int] | None = None) -> list[Standing]:
    """What standing rows and follow-up measures had to report by the days of a period, the silent first."""
    query = (
        select(cycles, tasks.c.title, units.c.code.label("unit"), units.c.name.label("unit_name"))
        .join(units, units.c.id == cycles.c.unit_id)
        .outerjoin(tasks, tasks.c.id == cycles.c.task_id)
        .where(cycles.c.due_on >= period.first, cycles.c.due_on <= period.last, cycles.c.kind != "subplan")
        .order_by(cycles.c.due_on, cycles.c.id)
    )
    rows = conn.execute(of_units(query, cycles.c.unit_id, unit_ids))
    found = [
        Standing(r.row_code, r.title or "", r.unit, r.unit_name, r.due_on, r.state in SAID, r.state == SILENT)
        for r in rows
    ]
    return sorted(found, key=lambda each: each.said)


def unplanned(conn: Connection, period: Period, today: date) -> list[Unplanned]:
    """The rows by a plan of their own whose last question of a period has no answer, by row and unit."""
    last = func.max(cycles.c.due_on).label("last")
    asked = select(cycles.c.task_id, last).where(
        cycles.c.kind == SUBPLAN,
        cycles.c.due_on >= period.first,
        cycles.c.due_on <= period.last,
        cycles.c.opens_on <= today,
    )
    newest = asked.group_by(cycles.c.task_id).subquery()
    query = (
        select(cycles.c.row_code, tasks.c.title, plan_rows.c.objective, units.c.code, units.c.name)
        .join(newest, (newest.c.task_id == cycles.c.task_id) & (newest.c.last == cycles.c.due_on))
        .join(tasks, tasks.c.id == cycles.c.task_id)
        .outerjoin(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .join(units, units.c.id == cycles.c.unit_id)
        .where(cycles.c.kind == SUBPLAN, cycles.c.state.not_in(SAID))
        .order_by(cycles.c.row_code, cycles.c.id)
    )
    return [Unplanned(r.objective, r.row_code, r.title, r.code, r.name) for r in conn.execute(query)]


def unheard(conn: Connection, period: Period, calendar: Calendar, *, viewer: Person | None) -> list[Unheard]:
    """What nobody could be told of in a period, the newest last; of cases those that a viewer may see.

    Inspections are not among them: their leads and the leaders hear of those themselves.
    """
    start, end = bounds(period, calendar)
    said = (
        select(events.c.subject, events.c.subject_id, func.max(events.c.at).label("at"))
        .where(events.c.action == "nobody_reachable", events.c.at >= start, events.c.at < end)
        .group_by(events.c.subject, events.c.subject_id)
    )
    moments = {(row.subject, row.subject_id): row.at for row in conn.execute(said).all()}

    def ids(*subjects: str) -> list[int]:
        return [number for subject, number in moments if subject in subjects]

    def named(subjects: tuple[str, ...], query: Select[Any]) -> None:
        for row in conn.execute(query).all():
            at = max(moments[name, row.id] for name in subjects if (name, row.id) in moments)
            key = (row.what, row.unit)
            found[key] = max(found.get(key, at), at)

    found: dict[tuple[str, str], datetime] = {}
    about = select(tasks.c.title.label("what"), units.c.code.label("unit"))
    of_task = about.join(units, units.c.id == tasks.c.unit_id)
    held = ("task", "past")
    named(held, of_task.add_columns(tasks.c.id).where(tasks.c.id.in_(ids(*held))))
    for table, subjects in ((submissions, ("submission", "evidence")), (extensions, ("extension",))):
        handed = of_task.add_columns(table.c.id).join(table, table.c.task_id == tasks.c.id)
        named(subjects, handed.where(table.c.id.in_(ids(*subjects))))
    turns = select(cycles.c.id, cycles.c.row_code.label("what"), units.c.code.label("unit"))
    turns = turns.join(units, units.c.id == cycles.c.unit_id).where(cycles.c.id.in_(ids("cycle")))
    named(("cycle",), turns)
    matters = select(cases.c.id, cases.c.code.label("what"), units.c.code.label("unit"))
    matters = matters.join(units, units.c.id == cases.c.unit_id).where(visible_to(viewer))
    named(("case",), matters.where(cases.c.id.in_(ids("case"))))
    lines = [Unheard(what, unit, calendar.today(at)) for (what, unit), at in found.items()]
    return sorted(lines, key=lambda line: (line.on, line.what))


def undelivered(conn: Connection, period: Period, calendar: Calendar) -> list[Missed]:
    """The messages of a period that ended undelivered, by person; citizens have no name here."""
    start, end = bounds(period, calendar)
    official = people.c.id.in_(select(memberships.c.person_id))  # a citizen's news still waits for them
    missed = or_(outbox.c.state.in_(NOT_DELIVERED), and_(outbox.c.state == "held", official))
    rows = conn.execute(
        select(
            people.c.id,
            people.c.name,
            people.c.address,
            accounts.c.channel,
            func.count().label("messages"),
            func.max(outbox.c.created_at).label("last_at"),
        )
        .join(accounts, accounts.c.id == outbox.c.account_id)
        .join(people, people.c.id == accounts.c.person_id)
        .where(missed, outbox.c.created_at >= start, outbox.c.created_at < end)
        .group_by(people.c.id, people.c.name, people.c.address, accounts.c.channel)
        .order_by(people.c.id)
    ).all()
    posts = _units_of(conn, [row.id for row in rows])
    return [
        Missed(called(r.name, r.address, False), posts.get(r.id, ""), r.channel, r.messages, r.last_at)
        for r in rows
    ]


def names_of(conn: Connection, person_ids: Collection[int]) -> list[tuple[str, str]]:
    """Names and unit codes of people, in the order of their ids."""
    posts = _units_of(conn, person_ids)
    rows = conn.execute(select(people).where(people.c.id.in_(person_ids)).order_by(people.c.id))
    return [(row.name, posts.get(row.id, "")) for row in rows]


def _units_of(conn: Connection, person_ids: Collection[int]) -> dict[int, str]:
    query = (
        select(memberships.c.person_id, units.c.code)
        .join(units, units.c.id == memberships.c.unit_id)
        .where(memberships.c.person_id.in_(person_ids))
        .order_by(memberships.c.id)
    )
    return {row.person_id: row.code for row in conn.execute(query)}
