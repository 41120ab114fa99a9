"""What people said, kept before it is acknowledged to the platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, delete, exists, func, insert, or_, select, update

from db.codec import turn_from_json, turn_to_json
from db.models import inbox
from domain.chat import Turn

ATTEMPTS = 3
RETRY = timedelta(seconds=5)
KEEP_KEYS = timedelta(days=30)
KEEP_FAILED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored turn that has not been answered yet."""

    id: int
    turn: Turn
    attempts: int


def store(conn: Connection, turn: Turn, now: datetime) -> bool:
    """Stores a turn; False if it was stored before."""
    seen = select(inbox.c.id).where(inbox.c.channel == turn.channel, inbox.c.key == turn.key)
    if conn.execute(seen).first():
        return False
    conn.execute(
        insert(inbox).values(
            channel=turn.channel,
            key=turn.key,
            chat=turn.chat,
            received_at=now,
            turn=turn_to_json(turn),
            state="waiting",
            attempts=0,
            album=turn.album[:40],
        )
    )
    return True


def heard_since(conn: Connection, channel: str, chat: str, since: datetime) -> int:
    """How many messages a chat sent since a moment, an album as one."""
    one = case((inbox.c.album == "", inbox.c.key), else_=inbox.c.album)
    heard = select(func.count(one.distinct())).where(
        inbox.c.channel == channel, inbox.c.chat == chat, inbox.c.received_at > since
    )
    return int(conn.execute(heard).scalar() or 0)


def next_waiting(conn: Connection, now: datetime, *, take: bool = False) -> Waiting | None:
    """The oldest turn that may be handled now; a chat's turns keep their order.

    ``take`` locks it until the transaction ends, so that no other process handles it too: where one
    is being handled, its chat waits.
    """
    earlier = inbox.alias()
    query = (
        select(inbox.c.id, inbox.c.turn, inbox.c.attempts)
        .where(
            inbox.c.state == "waiting",
            or_(inbox.c.retry_at.is_(None), inbox.c.retry_at <= now),
            ~exists().where(
                and_(
                    earlier.c.state == "waiting",
                    earlier.c.channel == inbox.c.channel,
                    earlier.c.chat == inbox.c.chat,
                    earlier.c.id < inbox.c.id,
                )
            ),
        )
        .order_by(inbox.c.id)
        .limit(1)
    )
    row = conn.execute(query.with_for_update(skip_locked=True, of=inbox) if take else query).first()
    return Waiting(row.id, turn_from_json(row.turn), row.attempts) if row else None


def next_due(conn: Connection) -> datetime | None:
    """When the next turn may be handled; the oldest receipt if one is waiting already."""
    waiting = select(func.min(func.coalesce(inbox.c.retry_at, inbox.c.received_at)))
    return conn.execute(waiting.where(inbox.c.state == "waiting")).scalar()


def done(conn: Connection, row_id: int) -> None:
    """Marks a turn as handled and erases what it held."""
    conn.execute(update(inbox).where(inbox.c.id == row_id).values(state="done", turn=None, retry_at=None))


def failed(conn: Connection, waiting: Waiting, now: datetime) -> bool:
    """Counts a failed attempt; True when it was the last one and the turn is given up."""
    attempts = waiting.attempts + 1
    given_up = attempts >= ATTEMPTS
    conn.execute(
        update(inbox)
        .where(inbox.c.id == waiting.id)
        .values(
            attempts=attempts,
            state="failed" if given_up else "waiting",
            retry_at=None if given_up else now + RETRY * attempts,
        )
    )
    return given_up


def retry_failed(conn: Connection) -> int:
    """Lets every turn that was given up be handled again and returns how many there are."""
    given_up = update(inbox).where(inbox.c.state == "failed")
    return conn.execute(given_up.values(state="waiting", attempts=0, retry_at=None)).rowcount


def tidy(conn: Connection, now: datetime) -> None:
    """Forgets keys after 30 days and the words of failed turns after 7."""
    conn.execute(delete(inbox).where(inbox.c.state == "done", inbox.c.received_at < now - KEEP_KEYS))
    conn.execute(delete(inbox).where(inbox.c.state == "failed", inbox.c.received_at < now - KEEP_FAILED))
