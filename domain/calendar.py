"""Working days, counting and the hours in which we may write to people.

Counting follows Civil Code 2015, articles 147-148: the day of the event is not counted, and a legal
term that ends on a closed day ends on the next working day.  Period deadlines of a plan fall *back*
to their last working day instead; each deadline stores which rule it follows.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OFF = "off"
WORKED = "worked"

DAY = timedelta(days=1)
OPENS = time(7, 30)
CLOSES = time(17, 0)
AFTERNOON = time(15, 30)
CITIZEN_OPENS = time(7, 0)
CITIZEN_CLOSES = time(21, 0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The committee's working days: Monday to Friday less ``closed``, plus ``worked`` (swap days).

    ``zone`` is where the days are lived; moments that come in and go out are aware.  Only in
    ``confirmed_years`` has somebody of the committee said that the days off are the decided ones.
    """

    zone: ZoneInfo
    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    confirmed_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.closed

    def is_holiday(self, day: date) -> bool:
        """Whether a day is closed by more than its weekday: itself, or its weekend lies within days off."""
        if day in self.closed or day in self.worked or day.weekday() < 5:
            return day in self.closed and day not in self.worked
        friday, monday = day - DAY * (day.weekday() - 4), day + DAY * (7 - day.weekday())
        return not self.is_working(friday) and not self.is_working(monday)

    def next_service(self, weekday: int, today: date) -> date:
        """The next day, today included, of an ISO weekday on which a unit serves: no holiday."""
        day = today + DAY * ((weekday - today.isoweekday()) % 7)
        while self.is_holiday(day):
            day += 7 * DAY
        return day

    def is_unsure(self, day: date) -> bool:
        """Whether nobody has confirmed the year of a day, so that its days off may still change."""
        return day.year not in self.confirmed_years

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

    def days_after(self, day: date, count: int) -> date:
        """The last day of a term of ``count`` days of any kind after ``day`` (Civil Code 148)."""
        return self.forward(day + count * DAY)

    def months_after(self, day: date, count: int) -> date:
        """The last day of a term of months: the same-numbered day, else the month's last (Civil Code 148)."""
        return self.forward(_months_on(day, count))

    def months_before(self, day: date, count: int) -> date:
        """The last day of which a term of so many months is over on ``day``."""
        start = _months_on(day, -count)
        while self.months_after(start, count) >= day:
            start -= DAY
        return start

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


def latest(hour: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment up to ``now`` at which it was this local hour."""
    today = datetime.combine(now.astimezone(zone).date(), hour, zone)
    return today if today <= now else today - DAY


def _months_on(day: date, count: int) -> date:
    """The same-numbered day so many months later or earlier, else the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
