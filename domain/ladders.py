"""Ladders of reminders: which rungs a due day has, at which moments, and whom each tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import AFTERNOON, DAY, OPENS, Calendar


@dataclass(frozen=True, slots=True)
class Rung:
    """One step; ``days`` are calendar days from the due day, moved back to a working day."""

    name: str
    tells: tuple[str, ...]
    days: int | None = None
    working_days: int | None = None
    afternoon: bool = False
    weekly: bool = False

    def moment(self, day: date, calendar: Calendar) -> datetime:
        """When the rung of a thing due (or begun) on ``day`` falls due."""
        if self.working_days is not None:
            on = calendar.add(day, self.working_days)
        else:
            on = calendar.back(day + timedelta(days=self.days or 0))
        return calendar.at(on, AFTERNOON if self.afternoon else OPENS)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one kind of thing, in the order of time."""

    name: str
    rungs: tuple[Rung, ...]

    def laid(self, day: date, calendar: Calendar) -> list[tuple[Rung, datetime]]:
        """Every rung with its moment."""
        return [(rung, rung.moment(day, calendar)) for rung in self.rungs]

    def weekly_rung(self) -> Rung | None:
        """The rung that comes back each week."""
        return next((rung for rung in self.rungs if rung.weekly), None)


def next_week(day: date, calendar: Calendar) -> date:
    """The first working day of the first week after ``day``'s that has one."""
    monday = day - DAY * day.weekday()
    while True:
        monday += 7 * DAY
        first = calendar.forward(monday)
        if first < monday + 7 * DAY:
            return first


def first_working_day(day: date, calendar: Calendar) -> date:
    """The first working day of ``day``'s month."""
    return calendar.forward(day.replace(day=1))


def week_name(day: date) -> str:
    """The name of a week, as a rung's period: "2021-W06"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
