"""What is still unsent when the calendar changes: news to be made anew, cards that must wait longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from db.models import accounts, memberships, outbox
from db.outbox import EMERGENCY
from domain.calendar import Calendar


def unsent(conn: Connection, account_id: int, slot: str) -> Mapping[str, Any]:
    """The facts of a message of this slot that has not left yet; empty if there is none."""
    query = select(outbox.c.reply).where(*_waiting(account_id, slot)).order_by(outbox.c.id.desc())
    reply = conn.execute(query.limit(1)).scalar()
    return reply["facts"] if reply else {}


def drop(conn: Connection, account_id: int, slot: str) -> None:
    """Ends the unsent messages of a slot: what they say is no longer so."""
    conn.execute(update(outbox).where(*_waiting(account_id, slot)).values(state="dropped", reply=None))


def hold(conn: Connection, calendar: Calendar, now: datetime) -> None:
    """Lets what waits for officials on a day that is closed now wait for the next office hours."""
    officials = select(accounts.c.id).join(memberships, memberships.c.person_id == accounts.c.person_id)
    query = select(outbox.c.id, outbox.c.due_at).where(
        outbox.c.state == "waiting",
        outbox.c.due_at > now,
        outbox.c.priority > EMERGENCY,
        outbox.c.account_id.in_(officials),
    )
    for row in conn.execute(query).all():
        if calendar.is_working(calendar.today(row.due_at)):
            continue
        later = calendar.office_moment(row.due_at)
        conn.execute(update(outbox).where(outbox.c.id == row.id).values(due_at=later))


def _waiting(account_id: int, slot: str) -> tuple[Any, ...]:
    return outbox.c.account_id == account_id, outbox.c.slot == slot, outbox.c.state == "waiting"
