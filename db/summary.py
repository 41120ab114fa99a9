"""The one place that reads figures: rows of tasks, matters, inspections and exceptions for a report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from db import identities
from db.models import (
    cases,
    inspections,
    memberships,
    objectives,
    people,
    plans,
    submissions,
    tasks,
    units,
)
from db.sight import visible_to
from domain.calendar import Calendar
from domain.cases import APPEALED, APPOINTED, DONE, JOINED, REOPENED, WITHDRAWN
from domain.figures import CaseRow, TaskRow
from domain.objectives import Promise, Target
from domain.people import Membership, Person
from domain.periods import Period
from domain.tracks import GRIEVANCE, TRACKS

CLOSED = ("confirmed", "cancelled")
CASE_TRACKS = tuple(track.code for track in TRACKS.values() if track.answered)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The plan in force for a year."""

    id: int
    title: str
    effective_from: date
    promises: tuple[Promise, ...]


def tasks_due(
    conn: Connection, period: Period, calendar: Calendar, unit_ids: Collection[int] | None = None
) -> list[TaskRow]:
    """The tasks without parts that are due in a period, by due day; of some units, or of all."""
    due = and_(tasks.c.due_on >= period.first, tasks.c.due_on <= period.last)
    return _task_rows(conn, of_units(_tasks().where(due), tasks.c.unit_id, unit_ids), calendar)


def open_before(
    conn: Connection, day: date, calendar: Calendar, unit_ids: Collection[int] | None = None
) -> list[TaskRow]:
    """The tasks due before a day that are neither confirmed nor cancelled, by due day."""
    still = and_(tasks.c.due_on < day, tasks.c.state.not_in(CLOSED))
    return _task_rows(conn, of_units(_tasks().where(still), tasks.c.unit_id, unit_ids), calendar)


def unheld(conn: Connection, today: date, calendar: Calendar) -> list[TaskRow]:
    """The open dated tasks of nobody, or of somebody who holds no post any more, by due day."""
    held = select(memberships.c.person_id).where(
        memberships.c.since <= today, or_(memberships.c.until.is_(None), memberships.c.until >= today)
    )
    nobody = or_(tasks.c.assignee_id.is_(None), tasks.c.assignee_id.not_in(held))
    still = and_(tasks.c.due_on.is_not(None), tasks.c.state.not_in(CLOSED), ~tasks.c.retro)
    return _task_rows(conn, _tasks().where(nobody, still), calendar)


def moved_out(conn: Connection, period: Period, unit_ids: Collection[int] | None = None) -> int:
    """How many tasks were first due in a period and are now due after it."""
    first = and_(tasks.c.original_due_on >= period.first, tasks.c.original_due_on <= period.last)
    query = select(func.count()).where(
        _is_leaf(), first, tasks.c.due_on > period.last, tasks.c.state != "cancelled"
    )
    return int(conn.execute(of_units(query, tasks.c.unit_id, unit_ids)).scalar() or 0)


def task(conn: Connection, task_id: int, calendar: Calendar) -> TaskRow | None:
    """One dated task without parts; None if there is no such task any more."""
    rows = _task_rows(conn, _tasks().where(tasks.c.id == task_id, tasks.c.due_on.is_not(None)), calendar)
    return rows[0] if rows else None


def undated(conn: Connection, unit_ids: Collection[int] | None = None) -> int:
    """How many open tasks have no due day and so stand in no figure."""
    query = of_units(
        select(func.count()).where(_is_leaf(), tasks.c.due_on.is_(None), tasks.c.state.not_in(CLOSED)),
        tasks.c.unit_id,
        unit_ids,
    )
    return int(conn.execute(query).scalar() or 0)


def cases_received(
    conn: Connection,
    period: Period,
    calendar: Calendar,
    unit_ids: Collection[int] | None = None,
    *,
    viewer: Person | None,
) -> list[CaseRow]:
    """The reports and suggestions received in a period that a viewer may see, the oldest first."""
    query = _cases(viewer).where(cases.c.track.in_(CASE_TRACKS), _received_in(period, calendar))
    return _case_rows(conn, of_units(query, cases.c.unit_id, unit_ids), calendar)


def cases_before(
    conn: Connection,
    day: date,
    calendar: Calendar,
    unit_ids: Collection[int] | None = None,
    *,
    viewer: Person | None,
) -> list[CaseRow]:
    """The reports and suggestions from before a day that are not ended and seen, the oldest first."""
    still = cases.c.state.not_in((*DONE, WITHDRAWN, *APPOINTED))
    earlier = cases.c.received_at < calendar.at(day, time.min)
    query = _cases(viewer).where(cases.c.track.in_(CASE_TRACKS), earlier, still)
    return _case_rows(conn, of_units(query, cases.c.unit_id, unit_ids), calendar)


def grievances(conn: Connection, period: Period, calendar: Calendar, *, viewer: Person | None) -> int:
    """How many pre-notes of a grievance (khiếu nại) that a viewer may see were left in a period."""
    seen = (visible_to(viewer), cases.c.track == GRIEVANCE, _received_in(period, calendar))
    query = select(func.count()).where(*seen)
    return int(conn.execute(query).scalar() or 0)


def identities_opened(conn: Connection, period: Period, calendar: Calendar, *, viewer: Person | None) -> int:
    """How many sealed senders' identities were opened in a period, of cases that a viewer may see."""
    return identities.count(conn, *bounds(period, calendar), viewer)


def cases_reopened(conn: Connection, calendar: Calendar, *, viewer: Person | None) -> list[CaseRow]:
    """The matters whose citizen was not satisfied and which wait for this leader."""
    return _case_rows(conn, _cases(viewer).where(cases.c.state.in_((REOPENED, APPEALED))), calendar)


def inspection_days(conn: Connection, first: date, last: date, now: datetime) -> list[date]:
    """The days of inspections held and recorded by ``now``."""
    query = select(inspections.c.held_on).where(
        inspections.c.held_on >= first, inspections.c.held_on <= last, inspections.c.recorded_at <= now
    )
    return list(conn.execute(query.order_by(inspections.c.held_on)).scalars())


def plan_of(conn: Connection, year: int) -> PlanFacts | None:
    """The newest plan in force for a year with its objectives; None if none was imported."""
    found = conn.execute(
        select(plans)
        .where(plans.c.year == year, plans.c.state == "active")
        .order_by(plans.c.version.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    rows = conn.execute(
        select(objectives).where(objectives.c.plan_id == found.id).order_by(objectives.c.number)
    )
    promises = tuple(Promise(r.number, r.text, tuple(_target(t) for t in r.targets)) for r in rows)
    return PlanFacts(found.id, found.title, found.effective_from, promises)


def _tasks() -> Select[Any]:
    waiting = (
        select(func.max(submissions.c.at))
        .where(submissions.c.task_id == tasks.c.id, submissions.c.state == "waiting")
        .scalar_subquery()
    )
    evidence = (
        select(func.max(submissions.c.document_date))
        .where(submissions.c.task_id == tasks.c.id, submissions.c.state == "confirmed")
        .scalar_subquery()
    )
    return (
        select(
            tasks,
            units.c.code.label("unit"),
            people.c.name.label("person_name"),
            people.c.address,
            waiting.label("waiting_at"),
            evidence.label("evidence_on"),
        )
        .join(units, units.c.id == tasks.c.unit_id)
        .outerjoin(people, people.c.id == tasks.c.assignee_id)
        .where(_is_leaf(), tasks.c.state != "cancelled")
        .order_by(tasks.c.due_on, tasks.c.id)
    )


def _is_leaf() -> ColumnElement[bool]:
    parents = tasks.alias("parts")
    return ~select(parents.c.id).where(parents.c.parent_id == tasks.c.id).exists()


def _task_rows(conn: Connection, query: Select[Any], calendar: Calendar) -> list[TaskRow]:
    rows = conn.execute(query).all()
    leaders = _leader_ids(conn)
    return [_task_row(row, calendar, row.assignee_id in leaders) for row in rows]


def _task_row(row: Row[Any], calendar: Calendar, is_leader: bool) -> TaskRow:
    done_at = row.submitted_at or row.confirmed_at or row.created_at
    return TaskRow(
        id=row.id,
        title=row.title,
        unit_id=row.unit_id,
        unit=row.unit,
        who=called(row.person_name or "", row.address or "", is_leader),
        assignee_id=row.assignee_id,
        state=row.state,
        due_on=row.due_on,
        original_due_on=row.original_due_on or row.due_on,
        retro=row.retro,
        done_on=calendar.today(done_at) if row.state == "confirmed" else None,
        waiting_on=calendar.today(row.waiting_at) if row.waiting_at else None,
        evidence_on=row.evidence_on,
        obstacle=row.blocked_by,
    )


def _cases(viewer: Person | None) -> Select[Any]:
    """Every case a viewer may see that stands for itself; those joined to another count on its row."""
    joined = cases.alias()
    others = (
        select(func.count())
        .where(joined.c.joined_to == cases.c.id, joined.c.state.in_((JOINED, *DONE)))
        .scalar_subquery()
    )
    return (
        select(
            cases,
            units.c.code.label("unit"),
            people.c.name.label("person_name"),
            people.c.address,
            others.label("others"),
        )
        .where(cases.c.joined_to.is_(None), cases.c.part_of.is_(None))
        .join(units, units.c.id == cases.c.unit_id)
        .outerjoin(people, people.c.id == cases.c.handler_id)
        .where(visible_to(viewer))
        .order_by(cases.c.received_at, cases.c.id)
    )


def _case_rows(conn: Connection, query: Select[Any], calendar: Calendar) -> list[CaseRow]:
    return [
        CaseRow(
            id=row.id,
            code=row.code,
            category=row.category,
            unit_id=row.unit_id,
            unit=row.unit,
            who=called(row.person_name or "", row.address or "", False),
            state=row.state,
            received_on=calendar.today(row.received_at),
            due_on=row.due_on,
            answered_on=calendar.today(row.answered_at) if row.answered_at else None,
            paused=row.paused_at is not None,
            others=row.others,
            again=row.again_of is not None,
            promised_on=row.promised_on,
        )
        for row in conn.execute(query)
    ]


def of_units(query: Select[Any], column: ColumnElement[int], unit_ids: Collection[int] | None) -> Select[Any]:
    """A query limited to some units; None means all."""
    return query if unit_ids is None else query.where(column.in_(unit_ids))


def _received_in(period: Period, calendar: Calendar) -> ColumnElement[bool]:
    start, end = bounds(period, calendar)
    return and_(cases.c.received_at >= start, cases.c.received_at < end)


def bounds(period: Period, calendar: Calendar) -> tuple[datetime, datetime]:
    """The moments at which a period begins and is over."""
    return calendar.at(period.first, time.min), calendar.at(period.last + timedelta(days=1), time.min)


def _target(data: dict[str, Any]) -> Target:
    return Target(data["measure"], data.get("commit"), data.get("stretch"), data.get("unit", ""))


def _leader_ids(conn: Connection) -> set[int]:
    query = select(memberships.c.person_id).where(memberships.c.role == "leader")
    return set(conn.execute(query).scalars())


def called(name: str, address: str, is_leader: bool) -> str:
    """How a person is addressed in a list."""
    post = (Membership(0, "", "", "", "leader", ""),) if is_leader else ()
    return Person(0, name, address, post).called
