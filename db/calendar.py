"""The committee's calendar of closed days and worked Saturdays."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from db.models import calendar_days
from domain.calendar import Calendar


def load(conn: Connection, zone: ZoneInfo) -> Calendar:
    """The calendar as it stands now."""
    rows = conn.execute(select(calendar_days.c.day, calendar_days.c.kind)).all()
    return Calendar(
        zone,
        closed=frozenset(row.day for row in rows if row.kind == "off"),
        worked=frozenset(row.day for row in rows if row.kind == "worked"),
    )


def set_day(conn: Connection, day: date, kind: str, note: str, source: str) -> None:
    """Marks a day as ``off`` or ``worked``; any other kind makes it an ordinary day again."""
    conn.execute(delete(calendar_days).where(calendar_days.c.day == day))
    if kind in ("off", "worked"):
        conn.execute(insert(calendar_days).values(day=day, kind=kind, note=note, source=source))


def is_empty(conn: Connection) -> bool:
    """Whether no day has been entered yet."""
    return conn.execute(select(calendar_days.c.day).limit(1)).first() is None
