"""Days, weeks, months, quarters and years of a report, and how people ask for them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import RuleError

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_AND_YEAR = r"(?: (?:nam )?(?P<year>20\d\d)| (?P<which>nam nay|nam ngoai|nam truoc))?"
_FORMS = (
    (DAY, re.compile(r"\bngay (?P<day>\d{1,2}) (?P<month>\d{1,2})(?: (?P<year>20\d\d))?\b")),
    (DAY, re.compile(r"\b(?P<day>\d{1,2}) (?P<month>\d{1,2}) (?P<year>20\d\d)\b")),
    (WEEK, re.compile(r"\btuan (?P<number>\d{1,3})\b" + _AND_YEAR)),
    (QUARTER, re.compile(r"\b(?:quy ?|q ?)(?P<number>\d{1,3}|i{1,3}|iv)\b" + _AND_YEAR)),
    (MONTH, re.compile(r"\b(?:thang ?|t ?)(?P<number>\d{1,3})\b" + _AND_YEAR)),
    (MONTH, re.compile(r"\b(?P<number>\d{1,2}) (?P<year>20\d\d)\b")),
    (DAY, re.compile(r"\b(?P<day>\d{1,2}) (?P<month>\d{1,2})\b")),
    (YEAR, re.compile(r"\b(?:nam )?(?P<year>20\d\d)\b")),
    (MONTH, re.compile(r"^(?P<number>\d{1,2})$")),
)
_NAMED = (
    (DAY, 0, re.compile(r"\bhom nay\b|^ngay$")),
    (DAY, -1, re.compile(r"\bhom qua\b")),
    (WEEK, 0, re.compile(r"\btuan nay\b")),
    (WEEK, -1, re.compile(r"\btuan (?:truoc|vua qua|roi|qua)\b")),
    (MONTH, 0, re.compile(r"\bthang nay\b")),
    (MONTH, -1, re.compile(r"\bthang (?:truoc|vua qua|roi)\b")),
    (QUARTER, 0, re.compile(r"\bquy nay\b")),
    (QUARTER, -1, re.compile(r"\bquy (?:truoc|vua qua|roi)\b")),
    (YEAR, 0, re.compile(r"\b(?:nam nay|ca nam)\b")),
    (YEAR, -1, re.compile(r"\bnam (?:truoc|ngoai)\b")),
    (MONTH, 0, re.compile(r"^thang\b|\bthang$")),
    (QUARTER, 0, re.compile(r"^quy\b|\bquy$")),
    (YEAR, 0, re.compile(r"^nam\b|\bnam$")),
    (WEEK, 0, re.compile(r"^tuan\b|\btuan$")),
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A day, a week from its Monday, a calendar month, quarter or year.

    ``number`` is month and day (0104), of a week those of its Monday, 1-12, 1-4, or 0 of a year.
    """

    kind: str
    year: int
    number: int = 0

    @property
    def key(self) -> str:
        """A short name for actions: "2021-11", "2021-q2", "2021", "2021-d0104", "2021-w0104"."""
        if self.kind == YEAR:
            return str(self.year)
        if self.kind in (DAY, WEEK):
            return f"{self.year}-{self.kind[0]}{self.number:04d}"
        return f"{self.year}-q{self.number}" if self.kind == QUARTER else f"{self.year}-{self.number:02d}"

    @property
    def months(self) -> range:
        """The months of the year it covers, of a day or a week the one in which it begins."""
        if self.kind in (DAY, WEEK):
            return range(self.number // 100, self.number // 100 + 1)
        if self.kind == YEAR:
            return range(1, 13)
        if self.kind == QUARTER:
            return range(3 * self.number - 2, 3 * self.number + 1)
        return range(self.number, self.number + 1)

    @property
    def first(self) -> date:
        """The first day."""
        if self.kind in (DAY, WEEK):
            return date(self.year, self.number // 100, self.number % 100)
        return date(self.year, self.months[0], 1)

    @property
    def last(self) -> date:
        """The last day."""
        if self.kind in (DAY, WEEK):
            return self.first + timedelta(days=6 if self.kind == WEEK else 0)
        month = self.months[-1]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def around(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies."""
    if kind in (DAY, WEEK):
        first = day - timedelta(days=day.weekday() if kind == WEEK else 0)
        return Period(kind, first.year, 100 * first.month + first.day)
    number = {MONTH: day.month, QUARTER: (day.month + 2) // 3, YEAR: 0}[kind]
    return Period(kind, day.year, number)


def before(period: Period) -> Period:
    """The period of the same kind that ends the day before this one begins."""
    return around(period.kind, period.first - timedelta(days=1))


def from_key(key: str) -> Period:
    """The period of a key; raises ``button_gone`` for a key that is none."""
    if day := re.fullmatch(r"(20\d\d)-([dw])(\d\d)(\d\d)", key):
        return _day(WEEK if day[2] == "w" else DAY, int(day[1]), int(day[3]), int(day[4]), "button_gone")
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

    No period means this month; one without a year is this year's.  Raises ``summary_period_unknown``
    for a day, week, month or quarter that no year has.
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
    if kind == DAY:
        return _day(DAY, year, int(found["month"] or 0), int(found["day"] or 0), "summary_period_unknown")
    if kind == WEEK:
        try:
            return around(WEEK, date.fromisocalendar(year, int(found["number"] or 0), 1))
        except ValueError:
            raise RuleError("summary_period_unknown") from None
    said = found["number"] or ""
    number = _ROMAN.get(said) or int(said)
    if not 1 <= number <= (4 if kind == QUARTER else 12):
        raise RuleError("summary_period_unknown")
    return Period(kind, year, number)


def _day(kind: str, year: int, month: int, day: int, wrong: str) -> Period:
    try:
        return around(kind, date(year, month, day))
    except ValueError:
        raise RuleError(wrong) from None


def _without(words: str, match: re.Match[str]) -> str:
    return " ".join(f"{words[: match.start()]} {words[match.end() :]}".split())
