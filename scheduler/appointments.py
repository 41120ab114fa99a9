"""Reminds citizens of the reception the day before, between 07:00 and 21:00."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from db import appointments, cases, outbox
from db.outbox import Due
from domain.calendar import DAY, Calendar
from domain.cases import GUIDED
from domain.chat import Reply

REMINDS = time(8, 0)
KIND = "appointment"


def run(conn: Connection, now: datetime, calendar: Calendar) -> None:
    """Queues the reminders of tomorrow's appointments that were booked before today, each once."""
    today = calendar.today(now)
    if now < calendar.at(today, REMINDS):
        return
    tomorrow = today + DAY
    for case_id in appointments.on(conn, tomorrow, calendar.at(today, time(0, 0))):
        case = cases.get(conn, case_id)
        if case is None or case.account_id is None:
            continue
        known = {"code": case.code, "track": case.track, "due": case.due_on}
        card = {"kind": KIND, "case": case.id, "day": tomorrow.isoformat()}
        key = f"appointment:{case.id}:{tomorrow}"
        due_at = calendar.citizen_moment(now)
        reply = Reply("appointment_tomorrow", known, card=card)
        outbox.post(conn, case.account_id, reply, now, key=key, priority=outbox.REMINDER, due_at=due_at)


def next_due(conn: Connection, now: datetime, calendar: Calendar) -> datetime | None:
    """The morning before the next appointment that was not reminded of yet."""
    today = calendar.today(now)
    after = today if now < calendar.at(today, REMINDS) else today + DAY
    day = appointments.next_day(conn, after)
    return calendar.at(day - timedelta(days=1), REMINDS) if day else None


def look_again(conn: Connection, due: Due, now: datetime) -> Reply | None:
    """The reminder, if the appointment still stands on its day."""
    case = cases.get(conn, int(due.card["case"]))
    if case is None or case.state != GUIDED or case.due_on.isoformat() != due.card["day"]:
        return None
    return due.reply
