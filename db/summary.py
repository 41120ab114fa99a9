"""The one place that reads figures: rows of tasks, matters, inspections and exceptions for a report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from db.dead_letters import NOT_DELIVERED
from db.models import (
    accounts,
    cases,
    cycles,
    decisions,
    inspections,
    memberships,
    objectives,
    outbox,
    people,
    plans,
    submissions,
    tasks,
    units,
)
from db.sight import visible_to
from domain.calendar import Calendar
from domain.cases import APPEALED, DONE, GUIDED, REOPENED, WITHDRAWN
from domain.figures import CaseRow, TaskRow
from domain.objectives import Promise, Target
from domain.people import Membership, Person
from domain.periods import Period
from domain.tracks import GRIEVANCE, TRACKS
from domain.words import fold

CLOSED = ("confirmed", "cancelled")
CASE_TRACKS = tuple(track.code for track in TRACKS.values() if track.answered)
LEADERS = {"ct", "ld"}  # the chairman, the leaders; folded


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The plan in force for a year."""

    id: int
    title: str
    effective_from: date
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """A contradiction of the plan that a leader has not decided."""

    id: int
    code: str
    place: str
    problem: str
    default_answer: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One report that a standing row (thường xuyên) or a follow-up measure (BP) asks of a unit."""

    code: str
    title: str
    unit: str
    due_on: date
    said: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """Messages to one person that ended undelivered."""

    who: str
    unit: str
    channel: str
    count: int
    last_at: datetime


def tasks_due(
    conn: Connection, period: Period, calendar: Calendar, unit_ids: Collection[int] | None = None
) -> list[TaskRow]:
    """The tasks without parts that are due in a period, by due day; of some units, or of all."""
    due = and_(tasks.c.due_on >= period.first, tasks.c.due_on <= period.last)
    return _task_rows(conn, _of_units(_tasks().where(due), tasks.c.unit_id, unit_ids), calendar)


def open_before(
    conn: Connection, day: date, calendar: Calendar, unit_ids: Collection[int] | None = None
) -> list[TaskRow]:
    """The tasks due before a day that are neither confirmed nor cancelled, by due day."""
    still = and_(tasks.c.due_on < day, tasks.c.state.not_in(CLOSED))
    return _task_rows(conn, _of_units(_tasks().where(still), tasks.c.unit_id, unit_ids), calendar)


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
    return int(conn.execute(_of_units(query, tasks.c.unit_id, unit_ids)).scalar() or 0)


def standing(conn: Connection, period: Period, unit_ids: Collection[int] | None = None) -> list[Standing]:
    """What standing rows and follow-up measures had to report by the days of a period, the silent first."""
    query = (
        select(cycles, tasks.c.title, units.c.code.label("unit"))
        .join(units, units.c.id == cycles.c.unit_id)
        .outerjoin(tasks, tasks.c.id == cycles.c.task_id)
        .where(cycles.c.due_on >= period.first, cycles.c.due_on <= period.last, cycles.c.kind != "subplan")
        .order_by(cycles.c.due_on, cycles.c.id)
    )
    rows = conn.execute(_of_units(query, cycles.c.unit_id, unit_ids))
    found = [
        Standing(r.row_code, r.title or "", r.unit, r.due_on, r.state in ("answered", "nothing"))
        for r in rows
    ]
    return sorted(found, key=lambda each: each.said)


def task(conn: Connection, task_id: int, calendar: Calendar) -> TaskRow | None:
    """One dated task without parts; None if there is no such task any more."""
    rows = _task_rows(conn, _tasks().where(tasks.c.id == task_id, tasks.c.due_on.is_not(None)), calendar)
    return rows[0] if rows else None


def undated(conn: Connection, unit_ids: Collection[int] | None = None) -> int:
    """How many open tasks have no due day and so stand in no figure."""
    query = _of_units(
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
    return _case_rows(conn, _of_units(query, cases.c.unit_id, unit_ids), calendar)


def cases_before(
    conn: Connection,
    day: date,
    calendar: Calendar,
    unit_ids: Collection[int] | None = None,
    *,
    viewer: Person | None,
) -> list[CaseRow]:
    """The reports and suggestions from before a day that are not ended and seen, the oldest first."""
    still = cases.c.state.not_in((*DONE, WITHDRAWN, GUIDED))
    earlier = cases.c.received_at < calendar.at(day, time.min)
    query = _cases(viewer).where(cases.c.track.in_(CASE_TRACKS), earlier, still)
    return _case_rows(conn, _of_units(query, cases.c.unit_id, unit_ids), calendar)


def grievances(conn: Connection, period: Period, calendar: Calendar, *, viewer: Person | None) -> int:
    """How many pre-notes of a grievance (khiếu nại) that a viewer may see were left in a period."""
    seen = (visible_to(viewer), cases.c.track == GRIEVANCE, _received_in(period, calendar))
    query = select(func.count()).where(*seen)
    return int(conn.execute(query).scalar() or 0)


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


def plan_questions(conn: Connection, plan_id: int) -> list[PlanQuestion]:
    """The contradictions that change figures, belong to the leaders and are not decided."""
    rows = conn.execute(
        select(decisions)
        .where(
            decisions.c.plan_id == plan_id,
            decisions.c.asked_first,
            decisions.c.decided_at.is_(None),
        )
        .order_by(decisions.c.code)
    )
    return [
        PlanQuestion(r.id, r.code, r.place, r.problem, r.default_answer)
        for r in rows
        if LEADERS & set(fold(r.owner).split())
    ]


def decide_by_default(conn: Connection, question_id: int, *, by: int, now: datetime) -> str | None:
    """Takes the default answer of an undecided contradiction; its code, None if it is decided."""
    row = conn.execute(
        select(decisions).where(decisions.c.id == question_id, decisions.c.decided_at.is_(None))
    ).first()
    if row is None:
        return None
    conn.execute(
        decisions.update()
        .where(decisions.c.id == question_id)
        .values(answer=row.default_answer, decided_by=by, decided_at=now)
    )
    return str(row.code)


def undelivered(conn: Connection, period: Period, calendar: Calendar) -> list[Missed]:
    """The messages of a period that ended undelivered, by person; citizens have no name here."""
    start, end = _bounds(period, calendar)
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
        .where(outbox.c.state.in_(NOT_DELIVERED), outbox.c.created_at >= start, outbox.c.created_at < end)
        .group_by(people.c.id, people.c.name, people.c.address, accounts.c.channel)
        .order_by(people.c.id)
    ).all()
    posts = _units_of(conn, [row.id for row in rows])
    return [
        Missed(_called(r.name, r.address, False), posts.get(r.id, ""), r.channel, r.messages, r.last_at)
        for r in rows
    ]


def names_of(conn: Connection, person_ids: Collection[int]) -> list[tuple[str, str]]:
    """Names and unit codes of people, in the order of their ids."""
    posts = _units_of(conn, person_ids)
    rows = conn.execute(select(people).where(people.c.id.in_(person_ids)).order_by(people.c.id))
    return [(row.name, posts.get(row.id, "")) for row in rows]


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
        who=_called(row.person_name or "", row.address or "", is_leader),
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
        .where(joined.c.joined_to == cases.c.id, joined.c.state.in_(("joined", "answered", "closed")))
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
        .where(cases.c.joined_to.is_(None))
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
            who=_called(row.person_name or "", row.address or "", False),
            state=row.state,
            received_on=calendar.today(row.received_at),
            due_on=row.due_on,
            answered_on=calendar.today(row.answered_at) if row.answered_at else None,
            paused=row.paused_at is not None,
            others=row.others,
            again=row.again_of is not None,
        )
        for row in conn.execute(query)
    ]


def _of_units(
    query: Select[Any], column: ColumnElement[int], unit_ids: Collection[int] | None
) -> Select[Any]:
    return query if unit_ids is None else query.where(column.in_(unit_ids))


def _received_in(period: Period, calendar: Calendar) -> ColumnElement[bool]:
    start, end = _bounds(period, calendar)
    return and_(cases.c.received_at >= start, cases.c.received_at < end)


def _bounds(period: Period, calendar: Calendar) -> tuple[datetime, datetime]:
    return calendar.at(period.first, time.min), calendar.at(period.last + timedelta(days=1), time.min)


def _target(data: dict[str, Any]) -> Target:
    return Target(data["measure"], data.get("commit"), data.get("stretch"), data.get("unit", ""))


def _leader_ids(conn: Connection) -> set[int]:
    query = select(memberships.c.person_id).where(memberships.c.role == "leader")
    return set(conn.execute(query).scalars())


def _units_of(conn: Connection, person_ids: Collection[int]) -> dict[int, str]:
    query = (
        select(memberships.c.person_id, units.c.code)
        .join(units, units.c.id == memberships.c.unit_id)
        .where(memberships.c.person_id.in_(person_ids))
        .order_by(memberships.c.id)
    )
    return {row.person_id: row.code for row in conn.execute(query)}


def _called(name: str, address: str, is_leader: bool) -> str:
    post = (Membership(0, "", "", "", "leader", ""),) if is_leader else ()
    return Person(0, name, address, post).called
