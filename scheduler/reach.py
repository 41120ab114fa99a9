"""Tells the head of a unit, the same day, that one of its people cannot be reached any more."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from db import audit, outbox, people
from db import calendar as calendar_db
from domain.chat import Reply
from domain.people import ADMIN


def lost(conn: Connection, account_id: int, now: datetime, zone: ZoneInfo) -> None:
    """Posts a card of its own, once an account and day; nobody is told of a citizen.

    Told are the nearest superior who can be reached and the administrators.
    """
    calendar = calendar_db.load(conn, zone)
    today = calendar.today(now)
    person = people.person(conn, people.owner_of(conn, account_id), today)
    audit.record(conn, "account", account_id, "unreachable", now)
    if not person.is_official:
        return
    above = [p for post in person.memberships for p in people.superiors(conn, person.id, post.unit_id, today)]
    told = next(([p] for p in above if people.account_of(conn, p)), [])
    for reader in dict.fromkeys([*told, *people.holders(conn, ADMIN, today)]):
        account = people.account_of(conn, reader)
        if account is None or reader == person.id:
            continue
        facts = {
            "person": people.person(conn, reader, today).called,
            "name": person.name,
            "unit": person.memberships[0].unit_name,
        }
        outbox.post(
            conn,
            account.id,
            Reply("person_lost", facts),
            now,
            key=f"lost:{account_id}:{reader}:{today}",
            priority=outbox.ESCALATION,
            due_at=calendar.office_moment(now),
        )
