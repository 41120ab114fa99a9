"""When something of the service itself was last done: a beat of a process, a tick, a copy."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from db.models import marks

KEPT = timedelta(days=40)


def put(conn: Connection, name: str, now: datetime) -> None:
    """Notes that it is done now."""
    changed = conn.execute(update(marks).where(marks.c.name == name).values(at=now))
    if changed.rowcount == 0:
        conn.execute(insert(marks).values(name=name, at=now))


def at(conn: Connection, name: str) -> datetime | None:
    """When it was last done; None if never."""
    return conn.execute(select(marks.c.at).where(marks.c.name == name)).scalar()


def count_since(conn: Connection, stem: str, since: datetime) -> int:
    """How many marks whose name begins like this are newer than a moment."""
    query = select(func.count()).select_from(marks)
    return int(
        conn.execute(query.where(marks.c.name.startswith(stem, autoescape=True), marks.c.at > since)).scalar()
        or 0
    )


def drop(conn: Connection, name: str) -> None:
    """Takes a mark away."""
    conn.execute(delete(marks).where(marks.c.name == name))


def tidy(conn: Connection, now: datetime) -> None:
    """Forgets what was last done long ago."""
    conn.execute(delete(marks).where(marks.c.at < now - KEPT))
