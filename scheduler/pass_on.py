"""Gives the rungs of people who have left, are away or cannot be reached to whoever hears in their place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from db import audience, audit, case_rungs, checks, cycles, leave, people, rungs
from db import decisions as decisions_db
from db import tasks as tasks_db
from db.rungs import Due
from domain.calendar import Calendar
from domain.checks import Check

DECISIONS = {"submission": "s", "extension": "e"}


def run(conn: Connection, now: datetime, calendar: Calendar) -> None:
    """Passes on what is due to people who cannot hear it, and what was told by a message that got lost.

    Someone away finds a copy on return.  A thing that nobody at all can hear of is recorded as such.
    """
    for due in rungs.lost(conn):
        _pass(conn, due, "unreachable", now, calendar)
    today = calendar.today(now)
    here: dict[int, bool] = {}
    for due in rungs.due(conn, now):
        if due.person_id not in here:
            here[due.person_id] = audience.is_here(conn, due.person_id, today)
        if not here[due.person_id]:
            _pass(conn, due, _why(conn, due, today), now, calendar)


def _why(conn: Connection, due: Due, today: date) -> str:
    if not people.person(conn, due.person_id, today).is_official:
        return "passed_on"
    return "away" if leave.on(conn, due.person_id, today) else "unreachable"


def _pass(conn: Connection, due: Due, why: str, now: datetime, calendar: Calendar) -> None:
    today = calendar.today(now)
    if why == "away":
        away = leave.on(conn, due.person_id, today)
        assert away is not None
        rungs.postpone(conn, due.id, away.back(calendar))
    else:
        rungs.end(conn, [due.id], why)
    if due.subject in ("inspection", "visit", "past") and why != "passed_on":
        return  # the others who see it hear of it themselves
    other = _instead(conn, due, today)
    if other is None:
        audit.record(conn, due.subject, due.subject_id, "nobody_reachable", now, rung=due.rung)
        return
    rungs.add(
        conn, due.subject, due.subject_id, other, due.rung, now, period=due.period, schedule=due.schedule
    )


def _instead(conn: Connection, due: Due, today: date) -> int | None:
    """Who hears of a rung in its person's place; of decisions only those who may decide."""
    if due.subject in DECISIONS:
        each = decisions_db.by_ref(conn, f"{DECISIONS[due.subject]}{due.subject_id}", today)
        never = (each.reporter_id, each.by_id)
        above = decisions_db.deciders(conn, *never, each.task.unit_id, today)
        return audience.instead(conn, due.person_id, each.task.unit_id, today, above=above, never=never)
    if due.subject == "check":
        looks = checks.of(conn, [due.subject_id], today)
        return _another_checker(conn, due.person_id, looks[0], today) if looks else None
    unit_id = _unit(conn, due, today)
    return audience.instead(conn, due.person_id, unit_id, today) if unit_id else None


def _another_checker(conn: Connection, person_id: int, look: Check, today: date) -> int | None:
    able = checks.askable(conn, look, today)
    return audience.instead(conn, person_id, look.task.unit_id, today, above=able, never=look.never)


def _unit(conn: Connection, due: Due, today: date) -> int | None:
    """The unit in which somebody is looked for: the person's own, else the thing's."""
    own = people.person(conn, due.person_id, today).memberships
    if own:
        return own[0].unit_id
    if due.subject == "task":
        return next((task.unit_id for task in tasks_db.tasks_of(conn, [due.subject_id], today)), None)
    if due.subject == "cycle":
        return next((cycle.unit_id for cycle in cycles.of(conn, [due.subject_id], today)), None)
    if due.subject == "case":
        return next((case.unit_id for case in case_rungs.running(conn, [due.subject_id])), None)
    if due.subject == "evidence":
        return decisions_db.by_ref(conn, f"s{due.subject_id}", today).task.unit_id
    return None
