"""Notices that nobody heard a platform for so long that it may have lost messages, also while we run."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from db import audit, dialogs, marks, outbox, people
from db import calendar as calendar_db
from domain.chat import Reply
from domain.people import RECEPTION
from scheduler.alarm import keepers

RECEIVING = "receiving:"  # and the channel
KEPT_BY_PLATFORMS = timedelta(hours=20)
"""Telegram is said to keep what it could not hand over for about a day; we do not count on the last hours."""


def notice(conn: Connection, now: datetime, zone: ZoneInfo, channel: str) -> bool:
    """A channel is heard again: tells reception and administrators which hours may be missing on it.

    Open dialogs there are asked again.  Nothing happens where the channel was heard within 20 hours.
    """
    last = marks.at(conn, RECEIVING + channel)
    marks.put(conn, RECEIVING + channel, now)
    if last is None or now - last <= KEPT_BY_PLATFORMS:
        return False
    calendar = calendar_db.load(conn, zone)
    today = calendar.today(now)
    audit.record(conn, "service", 0, "reception_gap", now, since=last, channel=channel)
    desks = [unit.id for unit in people.all_units(conn) if unit.kind == RECEPTION]
    staff = [person for desk in desks for person in people.members(conn, desk, today)]
    reached = [account.id for p in staff if (account := people.account_of(conn, p)) is not None]
    facts = {"since": last, "until": now - KEPT_BY_PLATFORMS, "back": now, "channel": channel}
    told = [*reached, *(account.id for account in keepers(conn, now, calendar))]
    for account_id in dict.fromkeys(told):
        due_at = calendar.office_moment(now)
        key = f"gap:{channel}:{last:%Y%m%d%H%M%S}:{account_id}"
        reply = Reply("gap_staff", facts)
        outbox.post(conn, account_id, reply, now, key=key, priority=outbox.ESCALATION, due_at=due_at)
    for account_id in dialogs.opened(conn, channel):
        due_at = calendar.citizen_moment(now)
        key = f"gap:{last:%Y%m%d%H%M%S}:open:{account_id}"
        reply = Reply("gap_dialog", {})
        outbox.post(conn, account_id, reply, now, key=key, priority=outbox.ESCALATION, due_at=due_at)
    return True
