"""Working days, counting and the hours in which we may write to people.

Counting follows Civil Code 2015, articles 147-148: the day of the event is not counted, and a legal
term that ends on a closed day ends on the next working day.  Period deadlines of a plan fall *back*
to their last working day instead; each deadline stores which rule it follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
OPENS = time(7, 30)
CLOSES = time(17, 0)
AFTERNOON = time(15, 30)
CITIZEN_OPENS = time(7, 0)
CITIZEN_CLOSES = time(21, 0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The committee's working days: Monday to Friday less ``closed``, plus ``worked`` (swap days).

    ``zone`` is where the days are lived; moments that come in and go out are aware.
    """

    zone: ZoneInfo
    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.closed

    def back(self, day: date) -> date:
        """The day itself or the last working day before it."""
        while not self.is_working(day):
            day -= DAY
        return day

    def forward(self, day: date) -> date:
        """The day itself or the next working day."""
        while not self.is_working(day):
            day += DAY
        return day

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after (or, negative, before) ``day``, which is not counted."""
        step = DAY if count >= 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        days, day = 0, start
        while day < end:
            day += DAY
            days += self.is_working(day)
        return days

    def today(self, now: datetime) -> date:
        """The local day of a moment."""
        return now.astimezone(self.zone).date()

    def at(self, day: date, hour: time) -> datetime:
        """A local hour of a day as an aware moment."""
        return datetime.combine(day, hour, self.zone)

    def office_moment(self, now: datetime) -> datetime:
        """``now`` if officials may be written to, else the next opening (07:30 of a working day)."""
        local = now.astimezone(self.zone)
        if self.is_working(local.date()) and OPENS <= local.time() < CLOSES:
            return now
        day = local.date() if local.time() < OPENS else local.date() + DAY
        return self.at(self.forward(day), OPENS)

    def citizen_moment(self, now: datetime) -> datetime:
        """``now`` if citizens may be written to unasked (07:00-21:00), else the next 07:00."""
        local = now.astimezone(self.zone)
        if CITIZEN_OPENS <= local.time() < CITIZEN_CLOSES:
            return now
        day = local.date() if local.time() < CITIZEN_OPENS else local.date() + DAY
        return self.at(day, CITIZEN_OPENS)
