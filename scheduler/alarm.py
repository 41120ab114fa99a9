"""Tells the people who keep the service that something needs them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from db import audit, outbox, people
from domain.calendar import Calendar
from domain.chat import Facts, Reply
from domain.people import ADMIN, LEADER, Account


def keepers(conn: Connection, now: datetime, calendar: Calendar) -> list[Account]:
    """The accounts of the administrators; of the first leader where there is no administrator."""
    today = calendar.today(now)
    held = people.holders(conn, ADMIN, today) or people.holders(conn, LEADER, today)[:1]
    reached = (people.account_of(conn, person) for person in held)
    return [account for account in reached if account is not None]


def chats(conn: Connection, now: datetime, calendar: Calendar) -> list[tuple[str, str]]:
    """Where the keepers can be told something without the database: channel and chat."""
    return [(account.channel, account.external_id) for account in keepers(conn, now, calendar)]


def raise_alarm(conn: Connection, now: datetime, calendar: Calendar, key: str, facts: Facts) -> None:
    """Records an alarm and tells the keepers in office hours; of one thing once a day."""
    audit.record(conn, "service", 0, key, now)
    for account in keepers(conn, now, calendar):
        outbox.post(
            conn,
            account.id,
            Reply(key, facts),
            now,
            key=f"{key}:{account.id}:{calendar.today(now)}",
            priority=outbox.ESCALATION,
            due_at=calendar.office_moment(now),
        )
