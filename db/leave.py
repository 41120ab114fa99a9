"""Who is away from when to when, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from db import audit
from db.models import leaves
from domain.calendar import DAY, OPENS, Calendar


@dataclass(frozen=True, slots=True)
class Leave:
    """A leave up to and with ``to_day``; without a deputy the nearest superior stands in."""

    id: int
    person_id: int
    from_day: date
    to_day: date
    deputy_id: int | None

    def back(self, calendar: Calendar) -> datetime:
        """When the person is at work again; until then the copies of what went to others wait."""
        return calendar.at(calendar.forward(self.to_day + DAY), OPENS)


def add(
    conn: Connection, person_id: int, from_day: date, to_day: date, deputy_id: int | None, now: datetime
) -> Sequence[Leave]:
    """Notes a leave; returns those that overlap it, which it replaces."""
    overlapping = (leaves.c.from_day <= to_day) & (leaves.c.to_day >= from_day)
    replaced = _cancel(conn, person_id, overlapping, now)
    made = conn.execute(
        insert(leaves).values(
            person_id=person_id, from_day=from_day, to_day=to_day, deputy_id=deputy_id, created_at=now
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    days = {"from_day": from_day, "to_day": to_day, "deputy": deputy_id}
    audit.record(conn, "leave", int(key[0]), "noted", now, actor_id=person_id, **days)
    return replaced


def cancel(conn: Connection, person_id: int, today: date, now: datetime) -> Sequence[Leave]:
    """Ends a person's present and coming leaves and returns them."""
    return _cancel(conn, person_id, leaves.c.to_day >= today, now)


def on(conn: Connection, person_id: int, day: date) -> Leave | None:
    """The leave a person is on on a day."""
    return _first(conn, leaves.c.person_id == person_id, leaves.c.from_day <= day, leaves.c.to_day >= day)


def coming(conn: Connection, person_id: int, today: date) -> Leave | None:
    """A person's present or next leave."""
    return _first(conn, leaves.c.person_id == person_id, leaves.c.to_day >= today)


def between(conn: Connection, person_id: int, first: date, last: date) -> Leave | None:
    """A person's first leave that touches a span of days."""
    return _first(conn, leaves.c.person_id == person_id, leaves.c.from_day <= last, leaves.c.to_day >= first)


def for_whom(conn: Connection, deputy_id: int, first: date, last: date) -> Sequence[Leave]:
    """The leaves in a span of days in which somebody stands in."""
    query = select(leaves).where(
        leaves.c.deputy_id == deputy_id,
        leaves.c.cancelled_at.is_(None),
        leaves.c.from_day <= last,
        leaves.c.to_day >= first,
    )
    return [_leave(row) for row in conn.execute(query.order_by(leaves.c.id)).all()]


def away(conn: Connection, day: date) -> list[int]:
    """Who is on leave on a day."""
    query = select(leaves.c.person_id).where(leaves.c.cancelled_at.is_(None), leaves.c.from_day <= day)
    return list(conn.execute(query.where(leaves.c.to_day >= day).distinct()).scalars())


def _first(conn: Connection, *conditions: ColumnElement[bool]) -> Leave | None:
    query = select(leaves).where(leaves.c.cancelled_at.is_(None), *conditions)
    row = conn.execute(query.order_by(leaves.c.from_day, leaves.c.id).limit(1)).first()
    return _leave(row) if row else None


def _leave(row: Row[Any]) -> Leave:
    return Leave(row.id, row.person_id, row.from_day, row.to_day, row.deputy_id)


def _cancel(conn: Connection, person_id: int, which: ColumnElement[bool], now: datetime) -> Sequence[Leave]:
    mine = (leaves.c.person_id == person_id) & leaves.c.cancelled_at.is_(None) & which
    ended = [_leave(row) for row in conn.execute(select(leaves).where(mine).order_by(leaves.c.id)).all()]
    for each in ended:
        conn.execute(update(leaves).where(leaves.c.id == each.id).values(cancelled_at=now))
        audit.record(conn, "leave", each.id, "cancelled", now, actor_id=person_id)
    return ended
