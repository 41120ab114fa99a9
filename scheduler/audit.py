"""Looks every hour whether anything is past its time, so that silence is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from db import calendar as calendar_db
from db import dead_letters, health, marks, outbox
from domain.committee import Committee
from scheduler.alarm import raise_alarm

log = structlog.get_logger()

EVERY = timedelta(hours=1)


def run(conn: Connection, now: datetime, committee: Committee) -> None:
    """Tries what is late once more; an hour later it is an alarm.  Does nothing within the hour."""
    last = marks.at(conn, "audited")
    if last is not None and last <= now < last + EVERY:
        return
    marks.put(conn, "audited", now)
    dead_letters.tidy(conn, now)
    marks.tidy(conn, now)
    calendar = calendar_db.load(conn, committee.zone)
    messages = health.late_messages(conn, now)
    open_long = all(calendar.office_moment(moment) == moment for moment in (now - health.LATE, now))
    rungs = health.late_rungs(conn, now) if open_long else []
    late = [f"late:message:{each}" for each in messages] + [f"late:rung:{each}" for each in rungs]
    again = [name for name in late if marks.at(conn, name) is not None]
    for name in late:
        marks.put(conn, name, now)
    outbox.hurry(conn, messages, now)
    if late:
        log.error("audit_found_late", messages=len(messages), rungs=len(rungs), again=len(again))
    if again:
        raise_alarm(conn, now, calendar, "alarm_late", {"count": len(again)})
