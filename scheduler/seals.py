"""Closes the log by seals at the tick, and reads all of it once a day to see that nothing was changed."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from db import calendar as calendar_db
from db import chain, marks
from db.chain import Broken
from domain.calendar import latest
from domain.committee import Committee
from scheduler.alarm import raise_alarm

log = structlog.get_logger()

AT = time(3, 0)
CHECKED, BROKEN = "log_checked", "log_broken"


def is_check_due(conn: Connection, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the whole log is to be read again: never yet, or not since the last night."""
    last = marks.at(conn, CHECKED)
    return last is None or last < latest(AT, now, zone)


def checked(conn: Connection, broken: Broken | None, now: datetime, committee: Committee) -> None:
    """Notes what the reading found; the service's own log keeps the newest seal outside the database."""
    marks.put(conn, CHECKED, now)
    newest = chain.last(conn)
    if newest is not None:
        log.info("log_checked", seal=newest.number, digest=newest.digest, good=broken is None)
    if broken is None:
        marks.drop(conn, BROKEN)
        return
    marks.put(conn, BROKEN, now)
    log.error("log_broken", seal=broken.number, why=broken.why)
    calendar = calendar_db.load(conn, committee.zone)
    raise_alarm(conn, now, calendar, "alarm_log", {"number": broken.number, "at": broken.until})
