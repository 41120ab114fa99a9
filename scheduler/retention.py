"""Every night: what is over is emptied; once a week those responsible hear what will be.

Nothing is emptied of which nobody was told, so that a service that slept for a year erases nothing at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import Connection

from db import marks, outbox, people
from db import retention as retention_db
from db.retention import Cutoff, Over
from domain.calendar import DAY, Calendar, latest
from domain.chat import Choice, Reply
from domain.committee import Committee
from domain.people import HEAD, LEADER

log = structlog.get_logger()

NIGHT = time(2, 0)
MOST = 100  # of a tick, so that nobody has to wait for it
MOST_TOLD = 2_000
WEEK = timedelta(days=7)


def run(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> None:
    """Empties and warns; does nothing until the next night."""
    if (last := marks.at(conn, "retention")) is not None and last >= latest(NIGHT, now, calendar.zone):
        return
    found = over(conn, now, committee, calendar, MOST)
    retention_db.empty(conn, found, now, calendar.today(now))
    if found:
        log.info("cases_emptied", count=len(found))
    if len(found) < MOST:
        _warn(conn, now, committee, calendar)
        marks.put(conn, "retention", now)


def over(conn: Connection, now: datetime, committee: Committee, calendar: Calendar, most: int) -> list[Over]:
    """What a run at this moment empties."""
    told = now - timedelta(days=committee.retention.warn_days)
    cutoffs = _cutoffs(committee, calendar, calendar.today(now))
    return retention_db.over(conn, cutoffs, warned_before=told, most=most)


def next_due(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> datetime | None:
    """The next night on which there may be something to do."""
    if (first := retention_db.first_received(conn)) is None:
        return None
    rules = committee.retention
    near = calendar.months_after(calendar.today(first), rules.shortest) - rules.warn_days * DAY
    earliest = calendar.at(near, NIGHT)
    last = marks.at(conn, "retention")
    return earliest if last is None else max(earliest, latest(NIGHT, last, calendar.zone) + DAY)


def _cutoffs(committee: Committee, calendar: Calendar, day: date) -> list[Cutoff]:
    return [
        (track, category, calendar.at(last + DAY, time(0, 0)))
        for track, category, last in committee.retention.cutoffs(calendar, day)
    ]


def _warn(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> None:
    """Tells heads, and leaders of what no head may see, how many cases are near their end."""
    told_at = marks.at(conn, "retention_told")
    if told_at is not None and now - told_at < WEEK:
        return
    on = calendar.today(calendar.office_moment(now)) + committee.retention.warn_days * DAY
    near = retention_db.over(conn, _cutoffs(committee, calendar, on), warned_before=None, most=MOST_TOLD)
    if not near:
        return
    today, told = calendar.today(now), set[int]()
    for unit_id in sorted({case.unit_id for case in near}):
        ours = [case.id for case in near if case.unit_id == unit_id]
        told |= _tell(conn, people.members(conn, unit_id, today, HEAD), ours, on, now, calendar)
    rest = [case.id for case in near if case.id not in told]
    told |= _tell(conn, people.holders(conn, LEADER, today), rest, on, now, calendar)
    retention_db.warned(conn, sorted(told), calendar.office_moment(now))
    marks.put(conn, "retention_told", now)


def _tell(
    conn: Connection, whom: Sequence[int], case_ids: list[int], on: date, now: datetime, calendar: Calendar
) -> set[int]:
    """Tells the first who can be reached of those cases they may see; returns these."""
    for person_id in whom:
        person = people.person(conn, person_id, calendar.today(now))
        account = people.account_of(conn, person_id)
        if account is None or not (seen := retention_db.seen_by(conn, case_ids, person)):
            continue
        facts = {"person": person.called, "count": len(seen), "on": on}
        reply = Reply("retention_news", facts, ((Choice("retention_list", "keep:list"),),), slot="retention")
        moment = calendar.office_moment(now)
        outbox.post(conn, account.id, reply, now, priority=outbox.DIGEST, due_at=moment)
        return seen
    return set()
