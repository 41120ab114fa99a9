"""Asks the head of the office in December for the coming year's days off, until somebody confirms them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import outbox, people
from domain.calendar import OPENS, Calendar
from domain.chat import Choice, Reply
from domain.ladders import first_working_day, next_week
from domain.people import HEAD, OFFICE, Account
from domain.periods import YEAR, Period


def run(conn: Connection, now: datetime, calendar: Calendar) -> None:
    """Asks on December's first working day and on the first of each following week, once a week."""
    due = next_due(conn, now, calendar)
    if due is None or due > now:
        return
    today = calendar.today(now)
    year = today.year + 1
    coming = Period(YEAR, year)
    known = len(calendar_db.entries(conn, coming.first, coming.last))
    for person_id, account in _heads(conn, today):
        facts = {"person": people.person(conn, person_id, today).called, "year": year, "days": known}
        choices = ((Choice("calendar_year", f"cal:year:{year}", {"year": year}),),)
        reply = Reply("calendar_year_ask", facts, choices, slot="calendar-year")
        outbox.post(conn, account.id, reply, now, priority=outbox.REMINDER)
    calendar_db.note_asked(conn, year, now)


def next_due(conn: Connection, now: datetime, calendar: Calendar) -> datetime | None:
    """The next moment at which :func:`run` would ask; None while there is nothing or nobody to ask."""
    today = calendar.today(now)
    if today.year + 1 in calendar.confirmed_years or not _heads(conn, today):
        return None
    asked = calendar_db.last_asked(conn, today.year + 1)
    asked_on = calendar.today(asked) if asked else date.min
    passed = [day for day in _days(today.year, calendar) if day <= today]
    ahead = [day for day in _days(today.year, calendar) if day > today]
    wanted = passed[-1:] if passed and passed[-1] > asked_on else ahead[:1]
    return calendar.office_moment(max(now, calendar.at(wanted[0], OPENS))) if wanted else None


def _days(year: int, calendar: Calendar) -> list[date]:
    days = [first_working_day(date(year, 12, 1), calendar)]
    while (following := next_week(days[-1], calendar)).year == year:
        days.append(following)
    return days


def _heads(conn: Connection, today: date) -> list[tuple[int, Account]]:
    offices = [unit.id for unit in people.all_units(conn) if unit.kind == OFFICE]
    heads = [person_id for office in offices for person_id in people.members(conn, office, today, HEAD)]
    found = ((person_id, people.account_of(conn, person_id)) for person_id in heads)
    return [(person_id, account) for person_id, account in found if account is not None]
