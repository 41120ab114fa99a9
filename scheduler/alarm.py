"""Tells the people who keep the service that something needs them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from db import audit, outbox, people
from domain.calendar import Calendar
from domain.chat import Facts, Reply
from domain.people import ADMIN, LEADER, Account

TO_ACT = timedelta(hours=2)


def keepers(conn: Connection, now: datetime, calendar: Calendar) -> list[Account]:
    """The accounts of the administrators; of the first leader where there is no administrator."""
    today = calendar.today(now)
    held = people.holders(conn, ADMIN, today) or people.holders(conn, LEADER, today)[:1]
    reached = (people.account_of(conn, person) for person in held)
    return [account for account in reached if account is not None]


def chats(conn: Connection, now: datetime, calendar: Calendar) -> list[tuple[str, str]]:
    """Where the keepers can be told something without the database: channel and chat."""
    return [(account.channel, account.external_id) for account in keepers(conn, now, calendar)]


def raise_alarm(
    conn: Connection,
    now: datetime,
    calendar: Calendar,
    key: str,
    facts: Facts,
    before: datetime | None = None,
) -> None:
    """Records an alarm and tells the keepers in office hours; of one thing once a day.

    Where they would be too late by office hours to do something ``before`` a moment, they are told by day,
    and where that is too late, at once.
    """
    audit.record(conn, "service", 0, key, now)
    moments = (calendar.office_moment(now), calendar.citizen_moment(now))
    in_time = [each for each in moments if before is None or each <= before - TO_ACT]
    for account in keepers(conn, now, calendar):
        outbox.post(
            conn,
            account.id,
            Reply(key, facts),
            now,
            key=f"{key}:{account.id}:{calendar.today(now)}",
            priority=outbox.ESCALATION,
            due_at=in_time[0] if in_time else now,
        )
