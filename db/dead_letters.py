"""Messages that did not arrive: kept for a week, so that an administrator can have them sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, null, select, update

from db import audit, people
from db import outbox as outbox_db
from db.models import accounts, outbox

KEPT = timedelta(days=7)
NOT_DELIVERED = ("failed", "unreachable", "unknown")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that ended without being delivered; ``can_resend`` while its words are kept."""

    id: int
    account_id: int
    person_id: int
    channel: str
    state: str
    error: str
    created_at: datetime
    can_resend: bool


def undelivered(conn: Connection, now: datetime) -> list[Undelivered]:
    """The messages of a week that did not arrive, or of which nobody knows, the oldest first."""
    rows = conn.execute(
        select(outbox, accounts.c.person_id)
        .join(accounts, accounts.c.id == outbox.c.account_id)
        .where(outbox.c.state.in_(NOT_DELIVERED), outbox.c.created_at > now - KEPT)
        .order_by(outbox.c.id)
    ).all()
    return [
        Undelivered(
            r.id, r.account_id, r.person_id, r.channel, r.state, r.error, r.created_at, r.reply is not None
        )
        for r in rows
    ]


def resend(conn: Connection, row: Undelivered, account_id: int, now: datetime) -> None:
    """Queues a message again, marked as a repeat where it may have arrived."""
    outbox_db.move(conn, row.id, account_id, now)
    again = update(outbox).where(outbox.c.id == row.id)
    conn.execute(again.values(repeats=row.state == "unknown", error=""))


def tidy(conn: Connection, now: datetime) -> None:
    """Erases the words of what failed a week ago, and of what was held for longer than it is kept."""
    waits = and_(outbox.c.state == "held", outbox_db.owed(), outbox.c.created_at > now - outbox_db.HELD_FOR)
    old = and_(outbox.c.state.in_((*NOT_DELIVERED, "held")), outbox.c.created_at <= now - KEPT, ~waits)
    conn.execute(update(outbox).where(old, outbox.c.reply.is_not(null())).values(reply=null()))


def resend_all(conn: Connection, now: datetime, actor_id: int | None = None) -> tuple[int, int]:
    """Queues everything again whose person can be reached; how many, and how many stay as they are."""
    letters = undelivered(conn, now)
    reached = 0
    for letter in letters:
        account = people.account_of(conn, letter.person_id)
        if account is None or not letter.can_resend:
            continue
        resend(conn, letter, account.id, now)
        audit.record(conn, "message", letter.id, "resent", now, actor_id=actor_id)
        reached += 1
    return reached, len(letters) - reached
