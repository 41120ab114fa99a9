"""Ladders of reminders: which rungs a due day has, at which moments, and whom each tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar import AFTERNOON, DAY, OPENS, Calendar
from domain.errors import RuleError

NAMES = (
    "deadline", "parent", "given", "decision", "period", "week", "after", "event", "subplan", "inspection",
    "report", "case", "visit", "verify", "effect",
)  # fmt: skip
"""The ladders that must be there; nothing asks for any other."""
TOLD = (
    "assignee",
    "head",
    "office",
    "leader",
    "confirmer",
    "above",
    "inspectors",
    "inspection_lead",
    "checker",
)
_FIELDS = {"name", "tells", "days", "working_days", "share", "from", "at", "weekly"}
_LONGEST_NAME = 20
_TAKEN = (
    "given", "stale", "snooze", "ask", "nudge", "directed", "ready", "reopened", "past",
)  # fmt: skip
"""Names of rungs that the service lays by itself; a ladder's rung of that name would be lost."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step, counted from the due day or, ``from_begin``, from the day the thing began.

    ``days`` are calendar days, moved back to a working day; ``working_days`` none is the day itself or
    the next working day; ``share`` is so many per cent of the working days between begin and due day.
    A weekly rung may have none of them: it comes on the first working day of the next week.
    """

    name: str
    tells: tuple[str, ...]
    days: int | None = None
    working_days: int | None = None
    share: int | None = None
    from_begin: bool = False
    afternoon: bool = False
    weekly: bool = False

    @property
    def opens(self) -> bool:
        """Whether the rung says that the thing has begun."""
        return self.from_begin and self.working_days == 0

    def moment(self, due: date, calendar: Calendar, begin: date | None = None) -> datetime:
        """When the rung of a thing due on ``due`` and begun on ``begin`` falls due."""
        start = begin if self.from_begin and begin is not None else due
        if self.share is not None:
            begin = begin or due
            on = calendar.add(begin, -(-calendar.between(begin, due) * self.share // 100))
        elif self.working_days is not None:
            on = calendar.add(start, self.working_days) if self.working_days else calendar.forward(start)
        elif self.days is not None:
            on = calendar.back(start + timedelta(days=self.days))
        else:
            on = next_week(due, calendar)
        return calendar.at(on, AFTERNOON if self.afternoon else OPENS)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one kind of thing; ``days`` are the working days it is given where nothing else says."""

    name: str
    rungs: tuple[Rung, ...]
    days: int = 0

    def laid(self, day: date, calendar: Calendar, begin: date | None = None) -> list[tuple[Rung, datetime]]:
        """Every rung with its moment."""
        return [(rung, rung.moment(day, calendar, begin)) for rung in self.rungs]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a year's plan leaves open: how often standing rows report, how long after an event others are due.

    ``every`` is ``week``, ``month``, ``quarter``, ``inspection`` (asked about as such) or ``case`` (never
    asked: its cases are its record); ``after`` are working days.
    """

    every: Mapping[str, str]
    after: Mapping[str, int]


EVERY = ("week", "month", "quarter", "inspection", "case")


def read_ladders(data: Mapping[str, Any]) -> dict[str, Ladder]:
    """The ladders of a file; raises ``ladder_broken`` with ladder, rung and reason."""
    for name in NAMES:
        if name not in data:
            raise RuleError("ladder_broken", ladder=name, rung="", reason="missing", value="")
    return {name: _ladder(name, entry) for name, entry in data.items()}


def read_rhythm(data: Mapping[str, Any]) -> Rhythm:
    """The rhythm of one year; raises ``rhythm_broken`` with row and value."""
    every, after = dict(data.get("every", {})), dict(data.get("after", {}))
    for row, value in every.items():
        if value not in EVERY:
            raise RuleError("rhythm_broken", row=row, value=str(value))
    for row, days in after.items():
        if not _is_count(days) or days < 1:
            raise RuleError("rhythm_broken", row=row, value=str(days))
    return Rhythm(every, after)


def _ladder(name: str, entry: Mapping[str, Any]) -> Ladder:
    if name not in NAMES:
        raise RuleError("ladder_broken", ladder=name, rung="", reason="unknown", value="")
    listed = entry.get("rungs") if isinstance(entry, Mapping) else None
    if not isinstance(listed, list):
        raise RuleError("ladder_broken", ladder=name, rung="", reason="no_rungs", value="")
    days = entry.get("days", 0)
    if not _is_count(days) or days < 0:
        raise RuleError("ladder_broken", ladder=name, rung="", reason="days", value=str(days))
    known: set[str] = set()
    found: list[Rung] = []
    for number, rung in enumerate(listed, 1):
        label = str(rung.get("name") or number) if isinstance(rung, Mapping) else str(number)
        if no := _reason(rung, known):
            raise RuleError("ladder_broken", ladder=name, rung=label, reason=no[0], value=no[1])
        known.add(label)
        found.append(_rung(rung))
    return Ladder(name, tuple(found), days)


def _reason(rung: Any, known: set[str]) -> tuple[str, str] | None:
    """What is wrong with a rung, and the value that is; None if nothing is."""
    if not isinstance(rung, Mapping) or not isinstance(rung.get("name"), str) or not rung["name"]:
        return "name", ""
    if rung["name"] in known or len(rung["name"]) > _LONGEST_NAME:
        return "name", rung["name"]
    if rung["name"] in _TAKEN:
        return "taken", rung["name"]
    if unknown := sorted(set(rung) - _FIELDS):
        return "field", unknown[0]
    tells = rung.get("tells")
    if not isinstance(tells, list) or not tells:
        return "nobody", ""
    if strangers := [str(who) for who in tells if who not in TOLD]:
        return "tells", strangers[0]
    counts = [key for key in ("days", "working_days", "share") if key in rung]
    if len(counts) != 1 and (counts or rung.get("weekly") is not True):
        return "when", ""
    value = rung[counts[0]] if counts else 0
    if not _is_count(value) or abs(value) > 400 or (counts == ["share"] and not 0 < value <= 100):
        return "days", str(value)
    if rung.get("from", "due") not in ("due", "begin"):
        return "from", str(rung["from"])
    if rung.get("at", "morning") not in ("morning", "afternoon"):
        return "at", str(rung["at"])
    return ("weekly", str(rung["weekly"])) if not isinstance(rung.get("weekly", False), bool) else None


def _rung(rung: Mapping[str, Any]) -> Rung:
    return Rung(
        name=rung["name"],
        tells=tuple(rung["tells"]),
        days=rung.get("days"),
        working_days=rung.get("working_days"),
        share=rung.get("share"),
        from_begin=rung.get("from") == "begin",
        afternoon=rung.get("at") == "afternoon",
        weekly=rung.get("weekly", False),
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


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
