"""For how long what a case holds is kept (``data/retention.toml``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.calendar import Calendar
from domain.errors import RuleError

FIELDS = ("track", "category", "years", "source", "checked_by")


@dataclass(frozen=True, slots=True)
class Rule:
    """So many months after the last event of a case; an empty track or category fits any."""

    months: int
    track: str = ""
    category: str = ""
    source: str = ""
    checked_by: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """The rules in their order, the last of which fits everything."""

    rules: tuple[Rule, ...] = (Rule(60),)
    warn_days: int = 14

    def cutoffs(self, calendar: Calendar, day: date) -> list[tuple[str, str, date]]:
        """By rule its track, category and the day since which nothing may have happened in what is over."""
        return [(rule.track, rule.category, calendar.months_before(day, rule.months)) for rule in self.rules]

    @property
    def shortest(self) -> int:
        """Months after which the first cases may be over."""
        return min(rule.months for rule in self.rules)

    @property
    def longest(self) -> int:
        """Months after which nothing is kept whole any more, unless it is held back."""
        return max(rule.months for rule in self.rules)


def read_retention(
    data: Mapping[str, Any], tracks: Collection[str], categories: Collection[str]
) -> Retention:
    """The rules of a file; raises ``retention_broken`` with the rule's number and the reason."""
    warn_days = data.get("warn_days", 0)
    if not _is_number(warn_days, 1, 90):
        raise _broken(0, "warn_days", warn_days)
    rules = tuple(_rule(n, entry, tracks, categories) for n, entry in enumerate(data.get("rules", ()), 1))
    if not rules or rules[-1].track or rules[-1].category:
        raise _broken(len(rules), "last", "")
    return Retention(rules, warn_days)


def _rule(
    number: int, entry: Mapping[str, Any], tracks: Collection[str], categories: Collection[str]
) -> Rule:
    for name in entry:
        if name not in FIELDS:
            raise _broken(number, "field", name)
    if not _is_number(entry.get("years"), 1, 99):
        raise _broken(number, "years", entry.get("years", ""))
    for name, known in (("track", tracks), ("category", categories)):
        if entry.get(name, "") not in ("", *known):
            raise _broken(number, name, entry[name])
    if not entry.get("source"):
        raise _broken(number, "source", "")
    return Rule(
        entry["years"] * 12, entry.get("track", ""), entry.get("category", ""), entry["source"],
        entry.get("checked_by", ""),
    )  # fmt: skip


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _broken(rule: int, reason: str, value: object) -> RuleError:
    return RuleError("retention_broken", rule=rule, reason=reason, value=value)
