"""The append-only record of who did what: ids, states, dates and field names, never words or names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from db.codec import plain
from db.models import counters, events


def record(
    conn: Connection,
    subject: str,
    subject_id: int,
    action: str,
    now: datetime,
    *,
    actor_id: int | None = None,
    **fields: Any,
) -> None:
    """Adds an event."""
    conn.execute(
        events.insert().values(
            at=now,
            actor_id=actor_id,
            subject=subject,
            subject_id=subject_id,
            action=action,
            fields=plain(fields),
        )
    )


def count(conn: Connection, name: str) -> int:
    """What a plain counter stands at."""
    return int(conn.execute(select(counters.c.value).where(counters.c.name == name)).scalar() or 0)


def count_up(conn: Connection, name: str) -> int:
    """Raises a plain counter and returns it; used where even an event would say too much."""
    value = conn.execute(select(counters.c.value).where(counters.c.name == name)).scalar()
    if value is None:
        conn.execute(insert(counters).values(name=name, value=1))
        return 1
    conn.execute(counters.update().where(counters.c.name == name).values(value=value + 1))
    return int(value) + 1
