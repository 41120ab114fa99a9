"""The committee's calendar: closed days, worked Saturdays, confirmed years, and the units' service days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select

from db import audit
from db.models import calendar_days, calendar_years, events, unit_service_days, units
from domain.calendar import OFF, WORKED, Calendar


@dataclass(frozen=True, slots=True)
class Entry:
    """A day that differs from its week, with the reason and the document that says so."""

    day: date
    kind: str  # off | worked
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """A weekday on which a unit serves citizens besides the office's days; no deadline counts it."""

    unit_id: int
    unit_code: str
    unit_name: str
    weekday: int  # ISO: Saturday is 6
    opens: time
    closes: time


def load(conn: Connection, zone: ZoneInfo) -> Calendar:
    """The calendar as it stands now."""
    rows = conn.execute(select(calendar_days.c.day, calendar_days.c.kind)).all()
    return Calendar(
        zone,
        closed=frozenset(row.day for row in rows if row.kind == OFF),
        worked=frozenset(row.day for row in rows if row.kind == WORKED),
        confirmed_years=frozenset(conn.execute(select(calendar_years.c.year)).scalars()),
    )


def entries(conn: Connection, first: date, last: date) -> list[Entry]:
    """The entered days of a span, in order."""
    query = select(calendar_days).where(calendar_days.c.day >= first, calendar_days.c.day <= last)
    rows = conn.execute(query.order_by(calendar_days.c.day)).all()
    return [Entry(row.day, row.kind, row.note, row.source) for row in rows]


def set_day(conn: Connection, day: date, kind: str, note: str, source: str) -> None:
    """Marks a day as ``off`` or ``worked``; any other kind makes it an ordinary day again."""
    conn.execute(delete(calendar_days).where(calendar_days.c.day == day))
    if kind in (OFF, WORKED):
        conn.execute(insert(calendar_days).values(day=day, kind=kind, note=note, source=source))


def edit(
    conn: Connection,
    kinds: Mapping[date, str],
    now: datetime,
    *,
    note: str = "",
    source: str = "",
    actor_id: int | None = None,
) -> None:
    """Changes days and records each with who did it; deadlines are ``db.deadlines``' matter."""
    known = {entry.day: entry.kind for entry in entries(conn, min(kinds), max(kinds))}
    for day, kind in kinds.items():
        set_day(conn, day, kind, note, source)
        number = int(f"{day:%Y%m%d}")
        was = known.get(day, "")
        audit.record(conn, "calendar", number, "day_set", now, actor_id=actor_id, day=day, kind=kind, was=was)


def seed(conn: Connection, shipped: Iterable[Entry], decided: Iterable[int]) -> None:
    """Adds the shipped days of years that have none yet, and confirms those years that were decided."""
    known = set(years(conn))
    new = [entry for entry in shipped if entry.day.year not in known]
    for entry in new:
        set_day(conn, entry.day, entry.kind, entry.note, entry.source)
    confirmed = set(conn.execute(select(calendar_years.c.year)).scalars())
    for year in sorted(set(decided) - confirmed):
        conn.execute(insert(calendar_years).values(year=year))


def years(conn: Connection) -> list[int]:
    """The years in which days have been entered."""
    return sorted({day.year for day in conn.execute(select(calendar_days.c.day)).scalars()})


def confirm(conn: Connection, year: int, now: datetime, *, actor_id: int | None = None) -> bool:
    """Notes that somebody says a year's days are the decided ones; False if that was known."""
    if conn.execute(select(calendar_years.c.year).where(calendar_years.c.year == year)).first():
        return False
    conn.execute(insert(calendar_years).values(year=year, confirmed_by=actor_id, confirmed_at=now))
    audit.record(conn, "calendar", year, "year_confirmed", now, actor_id=actor_id)
    return True


def note_asked(conn: Connection, year: int, now: datetime) -> None:
    """Notes that the office was asked for a year's days."""
    audit.record(conn, "calendar", year, "year_asked", now)


def last_asked(conn: Connection, year: int) -> datetime | None:
    """When the office was last asked for a year's days."""
    asked = (events.c.subject == "calendar", events.c.subject_id == year, events.c.action == "year_asked")
    return conn.execute(select(func.max(events.c.at)).where(*asked)).scalar()


def service_days(conn: Connection) -> list[ServiceDay]:
    """Every unit's service days, in the order of units and weekdays."""
    query = (
        select(unit_service_days, units.c.code, units.c.name)
        .join(units, units.c.id == unit_service_days.c.unit_id)
        .order_by(units.c.id, unit_service_days.c.weekday)
    )
    return [
        ServiceDay(row.unit_id, row.code, row.name, row.weekday, row.opens, row.closes)
        for row in conn.execute(query)
    ]


def set_service(
    conn: Connection,
    unit_id: int,
    weekday: int,
    hours: tuple[time, time] | None,
    now: datetime,
    *,
    actor_id: int | None = None,
) -> None:
    """Opens a unit to citizens on a weekday between two local hours; without hours no more."""
    same = (unit_service_days.c.unit_id == unit_id, unit_service_days.c.weekday == weekday)
    conn.execute(delete(unit_service_days).where(*same))
    if hours:
        values = {"unit_id": unit_id, "weekday": weekday, "opens": hours[0], "closes": hours[1]}
        conn.execute(insert(unit_service_days).values(**values))
    shown = [f"{hour:%H:%M}" for hour in hours or ()]
    audit.record(
        conn, "unit", unit_id, "service_day_set", now, actor_id=actor_id, weekday=weekday, hours=shown
    )
