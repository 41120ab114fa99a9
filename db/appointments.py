"""Appointments of the citizens' reception: the slot a case has, who comes when, who is reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, text

from db.models import appointments, cases
from db.sight import visible_to
from domain.cases import EXPIRED, GUIDED, MET, MISSED
from domain.people import Person

_BOOKING = 7_231  # the number of the lock under which bookings follow one another on PostgreSQL


@dataclass(frozen=True, slots=True)
class Coming:
    """An appointment that stands, for whoever receives; never who comes."""

    case_id: int
    code: str
    track: str
    day: date
    slot: str


def lock(conn: Connection) -> None:
    """Lets nobody else book until the transaction ends; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"SELECT pg_advisory_xact_lock({_BOOKING})"))


def taken(conn: Connection) -> dict[tuple[date, str], int]:
    """How many come in each slot of each day."""
    rows = conn.execute(
        select(cases.c.due_on, appointments.c.slot, func.count().label("many"))
        .join(appointments, appointments.c.case_id == cases.c.id)
        .where(cases.c.state == GUIDED)
        .group_by(cases.c.due_on, appointments.c.slot)
    )
    return {(row.due_on, row.slot): row.many for row in rows}


def put(conn: Connection, case_id: int, slot: str, now: datetime) -> None:
    """Gives a case its slot, in place of the one it had."""
    conn.execute(delete(appointments).where(appointments.c.case_id == case_id))
    conn.execute(insert(appointments).values(case_id=case_id, slot=slot, booked_at=now))


def slot_of(conn: Connection, case_id: int) -> str:
    """The slot of a case; empty for one booked before there were slots."""
    query = select(appointments.c.slot).where(appointments.c.case_id == case_id)
    return str(conn.execute(query).scalar() or "")


def of_account(conn: Connection, account_id: int, track: str, today: date) -> int | None:
    """The appointment of an account on a track that is still ahead."""
    query = select(cases.c.id).where(
        cases.c.account_id == account_id,
        cases.c.track == track,
        cases.c.state == GUIDED,
        cases.c.due_on >= today,
    )
    return conn.execute(query.order_by(cases.c.due_on).limit(1)).scalar()


def standing(conn: Connection, person: Person, limit: int) -> list[Coming]:
    """The appointments ahead or not marked yet that an official may see, the earliest first."""
    rows = conn.execute(
        select(cases.c.id, cases.c.code, cases.c.track, cases.c.due_on, appointments.c.slot)
        .outerjoin(appointments, appointments.c.case_id == cases.c.id)
        .where(cases.c.state == GUIDED, visible_to(person))
        .order_by(cases.c.due_on, appointments.c.slot, cases.c.id)
        .limit(limit)
    )
    return [Coming(row.id, row.code, row.track, row.due_on, row.slot or "") for row in rows]


def ended(conn: Connection, since: date, person: Person) -> dict[str, int]:
    """How many appointments since a day, of those an official may see, ended in which way."""
    ways = (MET, MISSED, EXPIRED)
    rows = conn.execute(
        select(cases.c.state, func.count().label("many"))
        .where(cases.c.state.in_(ways), cases.c.due_on >= since, visible_to(person))
        .group_by(cases.c.state)
    )
    return dict.fromkeys(ways, 0) | {row.state: row.many for row in rows}


def on(conn: Connection, day: date, booked_before: datetime) -> list[int]:
    """The cases with an appointment on a day, booked before a moment by an account that can be told."""
    query = (
        select(cases.c.id)
        .outerjoin(appointments, appointments.c.case_id == cases.c.id)
        .where(
            cases.c.state == GUIDED,
            cases.c.due_on == day,
            cases.c.account_id.is_not(None),
            func.coalesce(appointments.c.booked_at, cases.c.received_at) < booked_before,
        )
        .order_by(cases.c.id)
    )
    return list(conn.execute(query).scalars())


def next_day(conn: Connection, after: date) -> date | None:
    """The next day after one on which somebody has an appointment."""
    query = select(func.min(cases.c.due_on)).where(
        cases.c.state == GUIDED, cases.c.due_on > after, cases.c.account_id.is_not(None)
    )
    return conn.execute(query).scalar()
