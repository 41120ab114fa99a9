"""What kind of deadline a cell names, and the last day of its period."""

from __future__ import annotations

import calendar
import re
from datetime import date

from domain.calendar import Calendar
from domain.plan import AFTER, BY_PLAN, FIXED, ON_EVENT, RECURRING, Deadline
from domain.words import fold, has_words

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?: (?:nam )?(\d{4}))?"
_DAY = re.compile(r"(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2})" + _YEAR)
_MONTH = re.compile(rf"thang (\d{{1,2}}){_YEAR}")
_QUARTER = re.compile(rf"quy (iv|iii|ii|i|[1-4]){_YEAR}")
_HALF = re.compile(rf"6 thang (dau|cuoi) nam{_YEAR}")
_WHOLE = re.compile(r"(?:trong |ca |het )?nam (\d{4})")
_AFTER_DAYS = re.compile(r"(\d+) ngay")
_EVERY = (
    ("day", ("hang ngay", "hang ngay lam viec")),
    ("week", ("hang tuan", "lan tuan", "tuan lan")),
    ("month", ("hang thang", "lan thang", "thang lan")),
    ("quarter", ("hang quy", "lan quy", "quy lan")),
    ("year", ("hang nam", "lan nam", "nam lan")),
)
_LEAD = re.compile(r"^(?:(?:trong|cham nhat|truoc|het|xong|hoan thanh|den|vao|cuoi) )+")


def read_deadline(text: str, year: int, shift: int, days: Calendar, previous: str) -> Deadline | None:
    """The deadline of a cell, moved by ``shift`` years; None when its words are not understood.

    ``year`` is the plan's own, for a period named without one; ``previous`` is the row before,
    whose result "sau …" awaits.
    """
    words = fold(text)
    shown = _moved(text, shift)
    every = next((name for name, phrases in _EVERY if any(has_words(words, p) for p in phrases)), "")
    if every or has_words(words, "thuong xuyen") or has_words(words, "dinh ky"):
        return Deadline(RECURRING, shown, every=every)
    if words.startswith("sau "):
        match = _AFTER_DAYS.search(words)
        return Deadline(AFTER, shown, after=previous, days=int(match[1]) if match else None)
    if words.startswith("theo ") and has_words(words, "ke hoach"):
        return Deadline(BY_PLAN, shown)
    if words.startswith(("khi ", "ngay khi ")):
        return Deadline(ON_EVENT, shown)
    end = _period_end(_LEAD.sub("", words), year, shift)
    return Deadline(FIXED, shown, period_end=end, due_on=days.back(end)) if end else None


def _period_end(words: str, year: int, shift: int) -> date | None:
    if match := _DAY.fullmatch(words):
        return _last(int(match[3] or year) + shift, int(match[2]), int(match[1]))
    if match := _MONTH.fullmatch(words):
        return _last(int(match[2] or year) + shift, int(match[1]))
    if match := _QUARTER.fullmatch(words):
        return _last(int(match[2] or year) + shift, 3 * _QUARTERS[match[1]])
    if match := _HALF.fullmatch(words):
        return _last(int(match[2] or year) + shift, 6 if match[1] == "dau" else 12)
    if match := _WHOLE.fullmatch(words):
        return _last(int(match[1]) + shift, 12)
    return None


def _last(year: int, month: int, day: int = 0) -> date | None:
    """The day, or the month's last; None for one that no calendar has.  29/02 becomes 28/02 where it must."""
    if not (1 <= month <= 12 and 1900 <= year <= 9998):
        return None
    last = calendar.monthrange(year, month)[1]
    if day > last and (month, day) != (2, 29):
        return None
    return date(year, month, min(day or last, last))


def _moved(text: str, shift: int) -> str:
    return re.sub(r"\b(?:19|20)\d\d\b", lambda year: str(int(year[0]) + shift), text) if shift else text
