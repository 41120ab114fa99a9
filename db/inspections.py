"""Inspections that took place; what is planned is never written down here."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from db import audit
from db.models import inspections, plans
from domain.people import INSPECTION_LEAD, LEADER, Person

SHOWN_HOURS = 47
"""How long a card about inspections stays in a chat; Telegram lets one take it away for 48 hours."""


def may_see(person: Person) -> bool:
    """Whether a person is asked about, and may record, inspections."""
    return person.has(INSPECTION_LEAD, LEADER)


def record(conn: Connection, held_on: date, words: str, by: Person, now: datetime) -> int:
    """Records an inspection that took place and returns its id."""
    made = conn.execute(
        insert(inspections).values(held_on=held_on, words=words, recorded_by=by.id, recorded_at=now)
    )
    key = made.inserted_primary_key
    assert key is not None
    audit.record(conn, "inspection", int(key[0]), "recorded", now, actor_id=by.id)
    return int(key[0])


def held_in_month(conn: Connection, day: date) -> bool:
    """Whether an inspection of ``day``'s month is recorded."""
    first = day.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    query = select(inspections.c.id).where(inspections.c.held_on >= first, inspections.c.held_on < after)
    return conn.execute(query.limit(1)).first() is not None


def are_asked_for(conn: Connection, today: date) -> bool:
    """Whether a plan in force asks for monthly inspections."""
    query = select(plans.c.id).where(plans.c.state == "active", plans.c.effective_from <= today)
    return conn.execute(query.limit(1)).first() is not None
