"""How the service is doing: what waits, what failed, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select, text

from db import marks, oa_tokens, people
from db.dead_letters import NOT_DELIVERED
from db.models import accounts, calendar_years, files, inbox, outbox, rungs
from db.outbox import NEWS

RECENT = timedelta(days=7)
LATE = timedelta(minutes=10)
QUARTER = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Health:
    """Numbers of rows; ``late`` messages were due more than ten minutes ago, failures are of a week.

    ``bytes`` is the size of the database.  Moments are None where the thing was never done.
    """

    turns_waiting: int
    turns_failed: int
    messages_waiting: int
    messages_late: int
    messages_failed: int
    messages_unknown: int
    messages_held: int
    files_waiting: int
    unreachable: int
    bytes: int
    oldest_due: datetime | None
    ticked_at: datetime | None
    backup_at: datetime | None
    years_missing: Sequence[int]
    oa_token_until: datetime | None = None


def check(conn: Connection, now: datetime, today: date) -> Health:
    """Counts what waits and what went wrong."""

    def count(table, *conditions) -> int:  # type: ignore[no-untyped-def]
        return int(conn.execute(select(func.count()).select_from(table).where(*conditions)).scalar() or 0)

    waiting = outbox.c.state.in_(("waiting", "sending"))
    recent = outbox.c.created_at > now - RECENT
    known = years_in_calendar(conn)
    return Health(
        turns_waiting=count(inbox, inbox.c.state == "waiting"),
        turns_failed=count(inbox, inbox.c.state == "failed"),
        messages_waiting=count(outbox, waiting, outbox.c.due_at <= now),
        messages_late=count(outbox, waiting, outbox.c.due_at <= now - LATE),
        messages_failed=count(outbox, outbox.c.state.in_(NOT_DELIVERED[:2]), recent),
        messages_unknown=count(outbox, outbox.c.state == "unknown", recent),
        messages_held=count(outbox, outbox.c.state == "held", outbox.c.slot.startswith(NEWS)),
        files_waiting=count(files, files.c.state == "waiting"),
        unreachable=len(people.unreachable(conn, today)),
        bytes=_size(conn),
        oldest_due=conn.execute(select(func.min(outbox.c.due_at)).where(waiting)).scalar(),
        ticked_at=marks.at(conn, "ticked"),
        backup_at=marks.at(conn, "backup"),
        years_missing=sorted({today.year, (today + QUARTER).year} - set(known)),
        oa_token_until=oa_tokens.until(conn),
    )


def late_messages(conn: Connection, now: datetime) -> list[int]:
    """The messages that should have left more than ten minutes ago."""
    query = select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.due_at <= now - LATE)
    return list(conn.execute(query.order_by(outbox.c.id)).scalars())


def late_rungs(conn: Connection, now: datetime) -> list[int]:
    """The rungs that should have been taken more than ten minutes ago, office hours or not."""
    query = select(rungs.c.id).where(rungs.c.state == "pending", rungs.c.due_at <= now - LATE)
    return list(conn.execute(query.order_by(rungs.c.due_at, rungs.c.id)).scalars())


def users_on(conn: Connection, channel: str) -> int:
    """How many live accounts a channel has."""
    live = (accounts.c.channel == channel, accounts.c.dead_since.is_(None))
    return int(conn.execute(select(func.count()).select_from(accounts).where(*live)).scalar() or 0)


def years_in_calendar(conn: Connection) -> list[int]:
    """The years whose days off somebody confirmed."""
    return list(conn.execute(select(calendar_years.c.year).order_by(calendar_years.c.year)).scalars())


def _size(conn: Connection) -> int:
    if conn.dialect.name == "postgresql":
        return int(conn.execute(text("SELECT pg_database_size(current_database())")).scalar() or 0)
    pages = conn.execute(text("PRAGMA page_count")).scalar() or 0
    return int(pages) * int(conn.execute(text("PRAGMA page_size")).scalar() or 0)
