"""The open cases an official has to do with, by how urgent they are; everything through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from db.models import cases, events, people, units
from db.sight import visible_to
from domain.cases import APPEALED, ASKED, OPEN, RECEIVED, REOPENED, WORKING
from domain.people import LEADER, Person


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, without words of the citizen."""

    id: int
    code: str
    category: str
    track: str
    state: str
    unit_id: int
    unit: str
    handler_id: int | None
    handler: str
    due_on: date


def rows(conn: Connection, person: Person, today: date) -> list[Row]:
    """What is open and of the person or their units; for a leader what is late or doubted anywhere, too."""
    theirs: list[ColumnElement[bool]] = [
        cases.c.handler_id == person.id,
        cases.c.unit_id.in_(person.unit_ids),
    ]
    if person.has(LEADER):
        late = (cases.c.due_on < today) & (cases.c.state != ASKED)
        theirs += [late, cases.c.state.in_((REOPENED, APPEALED))]
    query = (
        _listed()
        .where(cases.c.state.in_(OPEN), or_(*theirs), visible_to(person))
        .order_by(cases.c.due_on, cases.c.id)
    )
    return [_row(r) for r in conn.execute(query)]


def _listed() -> Select[Any]:
    return (
        select(cases, units.c.name.label("unit"), people.c.name.label("handler"))
        .join(units, units.c.id == cases.c.unit_id)
        .outerjoin(people, people.c.id == cases.c.handler_id)
    )


def _row(r: Any) -> Row:
    return Row(
        r.id, r.code, r.category, r.track, r.state, r.unit_id, r.unit, r.handler_id, r.handler or "", r.due_on
    )


def in_hand(conn: Connection, person: Person, limit: int = 2) -> list[tuple[int, str]]:
    """Id and code of the cases a person is working on, the most urgent first."""
    mine = (cases.c.handler_id == person.id, cases.c.state == WORKING, visible_to(person))
    query = select(cases.c.id, cases.c.code).where(*mine).order_by(cases.c.due_on, cases.c.id).limit(limit)
    return [(row.id, row.code) for row in conn.execute(query)]


def untaken(conn: Connection, unit_id: int, viewer: Person) -> list[Row]:
    """What lies in the duty officers' unit, told as not accepted in time and still taken by nobody."""
    told = select(events.c.id).where(
        events.c.subject == "case",
        events.c.subject_id == cases.c.id,
        events.c.action == "unaccepted",
        events.c.actor_id.is_(None),
    )
    lying = (cases.c.state == RECEIVED, cases.c.unit_id == unit_id, told.exists(), visible_to(viewer))
    query = _listed().where(*lying).order_by(cases.c.due_on, cases.c.id)
    return [_row(r) for r in conn.execute(query)]


def flagged(conn: Connection, person: Person, since: datetime) -> int:
    """How many answers came in the last hour without a picture since a moment, in what the person sees."""
    marked = (cases.c.flag != "", cases.c.answered_at >= since, visible_to(person))
    return int(conn.execute(select(func.count()).select_from(cases).where(*marked)).scalar() or 0)
