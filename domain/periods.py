"""Months, quarters and years of a report, and how people ask for them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from domain.errors import RuleError

MONTH, QUARTER, YEAR = "month", "quarter", "year"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_AND_YEAR = r"(?: (?:nam )?(?P<year>20\d\d)| (?P<which>nam nay|nam ngoai|nam truoc))?"
_FORMS = (
    (QUARTER, re.compile(r"\b(?:quy ?|q ?)(?P<number>\d{1,3}|i{1,3}|iv)\b" + _AND_YEAR)),
    (MONTH, re.compile(r"\b(?:thang ?|t ?)(?P<number>\d{1,3})\b" + _AND_YEAR)),
    (MONTH, re.compile(r"\b(?P<number>\d{1,2}) (?P<year>20\d\d)\b")),
    (YEAR, re.compile(r"\b(?:nam )?(?P<year>20\d\d)\b")),
    (MONTH, re.compile(r"^(?P<number>\d{1,2})$")),
)
_NAMED = (
    (MONTH, 0, re.compile(r"\bthang nay\b")),
    (MONTH, -1, re.compile(r"\bthang (?:truoc|vua qua|roi)\b")),
    (QUARTER, 0, re.compile(r"\bquy nay\b")),
    (QUARTER, -1, re.compile(r"\bquy (?:truoc|vua qua|roi)\b")),
    (YEAR, 0, re.compile(r"\b(?:nam nay|ca nam)\b")),
    (YEAR, -1, re.compile(r"\bnam (?:truoc|ngoai)\b")),
    (MONTH, 0, re.compile(r"^thang\b|\bthang$")),
    (QUARTER, 0, re.compile(r"^quy\b|\bquy$")),
    (YEAR, 0, re.compile(r"^nam\b|\bnam$")),
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, quarter or year; ``number`` is 1-12, 1-4 or 0."""

    kind: str
    year: int
    number: int = 0

    @property
    def key(self) -> str:
        """A short name for actions: "2021-11", "2021-q2", "2021"."""
        if self.kind == YEAR:
            return str(self.year)
        return f"{self.year}-q{self.number}" if self.kind == QUARTER else f"{self.year}-{self.number:02d}"

    @property
    def months(self) -> range:
        """The months of the year it covers."""
        if self.kind == YEAR:
            return range(1, 13)
        if self.kind == QUARTER:
            return range(3 * self.number - 2, 3 * self.number + 1)
        return range(self.number, self.number + 1)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.months[0], 1)

    @property
    def last(self) -> date:
        """The last day."""
        month = self.months[-1]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def around(kind: str, day: date) -> Period:
    """The month, quarter or year in which a day lies."""
    number = {MONTH: day.month, QUARTER: (day.month + 2) // 3, YEAR: 0}[kind]
    return Period(kind, day.year, number)


def before(period: Period) -> Period:
    """The period of the same kind that ends the day before this one begins."""
    first = period.first
    year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
    return around(period.kind, date(year, month, 1))


def from_key(key: str) -> Period:
    """The period of a key; raises ``button_gone`` for a key that is none."""
    match = re.fullmatch(r"(20\d\d)(?:-(q)?(\d{1,2}))?", key)
    if match is None:
        raise RuleError("button_gone")
    year, number = int(match[1]), int(match[3] or 0)
    if match[3] is None:
        return Period(YEAR, year)
    kind, most = (QUARTER, 4) if match[2] else (MONTH, 12)
    if not 1 <= number <= most:
        raise RuleError("button_gone")
    return Period(kind, year, number)


def read(words: str, today: date) -> tuple[Period, str]:
    """The period that folded words name and the words that are left.

    No period means this month; a month or quarter without a year is this year's.  Raises
    ``summary_period_unknown`` for a month or quarter that no year has.
    """
    for kind, form in _FORMS:
        if match := form.search(words):
            found = match.groupdict()
            return _made(kind, found, today), _without(words, match)
    for kind, step, form in _NAMED:
        if match := form.search(words):
            period = around(kind, today)
            return (before(period) if step else period), _without(words, match)
    return around(MONTH, today), words


def _made(kind: str, found: dict[str, str | None], today: date) -> Period:
    which = found.get("which")
    past = which is not None and which != "nam nay"
    year = int(found.get("year") or today.year - past)
    if kind == YEAR:
        return Period(YEAR, year)
    said = found["number"] or ""
    number = _ROMAN.get(said) or int(said)
    if not 1 <= number <= (4 if kind == QUARTER else 12):
        raise RuleError("summary_period_unknown")
    return Period(kind, year, number)


def _without(words: str, match: re.Match[str]) -> str:
    return " ".join(f"{words[: match.start()]} {words[match.end() :]}".split())
