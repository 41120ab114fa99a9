"""How the service is doing: what waits, what failed, and who cannot be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from db import people
from db.models import accounts, calendar_years, files, inbox, outbox

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Health:
    """Numbers of rows; ``late`` messages were due more than ten minutes ago, failures are of a week."""

    turns_waiting: int
    turns_failed: int
    messages_waiting: int
    messages_late: int
    messages_failed: int
    files_waiting: int
    unreachable: int


def check(conn: Connection, now: datetime, today: date) -> Health:
    """Counts what waits and what went wrong."""

    def count(table, *conditions) -> int:  # type: ignore[no-untyped-def]
        return int(conn.execute(select(func.count()).select_from(table).where(*conditions)).scalar() or 0)

    waiting = outbox.c.state.in_(("waiting", "sending"))
    return Health(
        turns_waiting=count(inbox, inbox.c.state == "waiting"),
        turns_failed=count(inbox, inbox.c.state == "failed"),
        messages_waiting=count(outbox, waiting, outbox.c.due_at <= now),
        messages_late=count(outbox, waiting, outbox.c.due_at <= now - timedelta(minutes=10)),
        messages_failed=count(
            outbox,
            outbox.c.state.in_(("failed", "unreachable")),
            outbox.c.created_at > now - RECENT,
        ),
        files_waiting=count(files, files.c.state == "waiting"),
        unreachable=len(people.unreachable(conn, today)),
    )


def users_on(conn: Connection, channel: str) -> int:
    """How many live accounts a channel has."""
    live = (accounts.c.channel == channel, accounts.c.dead_since.is_(None))
    return int(conn.execute(select(func.count()).select_from(accounts).where(*live)).scalar() or 0)


def years_in_calendar(conn: Connection) -> list[int]:
    """The years whose days off somebody confirmed."""
    return list(conn.execute(select(calendar_years.c.year).order_by(calendar_years.c.year)).scalars())
