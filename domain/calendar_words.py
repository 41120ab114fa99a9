"""An edit of the calendar in a sentence: "nghỉ 10/2 đến 16/2, Tết", "làm bù thứ 7 8/5 thay 30/4"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import DAY, OFF, WORKED
from domain.errors import RuleError
from domain.sentences import find_document, plain

ORDINARY = "ordinary"
LONGEST = 31
"""Days that one sentence may change."""
RECENT = timedelta(days=31)
PAST = timedelta(days=366)
AHEAD = timedelta(days=800)

_KINDS = (
    (ORDINARY, re.compile(r"^\s*(?:bo|xoa|huy|khong nghi|khong lam bu)\b(?:\s+(?:ngay|nghi|lam bu))*")),
    (WORKED, re.compile(r"^\s*(?:lam bu|di lam(?: bu)?|lam viec bu|lam thay|lam viec)\b")),
    (OFF, re.compile(r"^\s*(?:cho\s+)?(?:nghi bu|nghi le|nghi)\b")),
)  # fmt: skip
_SHORT = re.compile(r"(?<![\d/])(\d{1,2})\s*(-|–|den|toi)\s*(?=(\d{1,2})\s*(?:/|thang)\s*(\d{1,2}))")
_DAY = re.compile(
    r"(?<![\d/])(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\s*(?:[/.]|thang)\s*(\d{1,2})(?:\s*(?:[/.]|nam)\s*(\d{4}))?)(?![\d/])"
)
_WEEKDAY = re.compile(r"\b(?:(?:thu|t)\s?([2-7])|thu\s(hai|ba|tu|nam|sau|bay)|(chu nhat|cn))\b")
_SPOKEN = {"hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7}
_RANGE = re.compile(r"(?:-|–|\b(?:den|toi)\b)")
_SWAP = re.compile(r"\b(?:thay|bu|hoan doi|doi)\b")
_LOOSE = re.compile(
    r"^(?:(?:tu|het|den|toi|ngay|cho|thay|va|la|dip|nhan|vi|ly do|do|theo|so)\b|[\s,.;:()–-])+"
)
_TRAILING = re.compile(r"(?:\b(?:tu|het|den|toi|ngay|cho|thay|va|dip|nhan|theo|so)|[\s,.;:()–-])+$")


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence asks for: what each day becomes, the reason, and the document if it names one."""

    kinds: dict[date, str]
    note: str
    source: str


def says_edit(text: str) -> bool:
    """Whether a text begins as an edit of the calendar does."""
    words = plain(text)
    return any(form.match(words) for _, form in _KINDS) and _DAY.search(words) is not None


def read_edit(text: str, today: date, kind: str = "") -> Said | None:
    """The edit of a sentence; ``kind`` is what a sentence without a verb means.

    A day without a year is the next one, at most a month past.  None when no day is named; raises
    ``calendar_no_such_day``, ``calendar_other_weekday``, ``calendar_backwards`` or ``calendar_too_many``.
    """
    text = unicodedata.normalize("NFC", text).strip()
    for name, form in _KINDS:
        if match := form.match(plain(text)):
            kind, text = name, text[match.end() :]
            break
    document = find_document(text, today)
    source = document.number if document else ""
    found = _days(plain(text), today)
    if not kind or not found:
        return None
    kinds: dict[date, str] = {}
    words, other = plain(text), OFF if kind == WORKED else WORKED
    swapped = False
    for at, (day, start, _) in enumerate(found):
        between = words[found[at - 1][2] : start] if at else ""
        swapped = swapped or bool(kind != ORDINARY and _SWAP.search(between))
        if at and _RANGE.search(between):
            first = found[at - 1][0]
            if day < first:
                raise RuleError("calendar_backwards", first=first, last=day)
            if (day - first).days >= LONGEST:
                raise RuleError("calendar_too_many", most=LONGEST)
            span = (first + n * DAY for n in range((day - first).days + 1))
            kinds |= dict.fromkeys(span, other if swapped else kind)
        kinds[day] = other if swapped else kind
    if len(kinds) > LONGEST:
        raise RuleError("calendar_too_many", most=LONGEST)
    far = [day for day in kinds if not -PAST <= day - today <= AHEAD]
    if far:
        raise RuleError("calendar_too_far", day=far[0])
    return Said(kinds, _note(text, found, source), source)


def _days(words: str, today: date) -> list[tuple[date, int, int]]:
    """The days of a text with their places; "10-16/2" is two."""
    marks: list[tuple[int, int, str, str, str | None]] = []
    for match in _SHORT.finditer(words):
        marks.append((match.start(), match.end(1), match[1], match[4], None))
    for match in _DAY.finditer(words):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        marks.append((match.start(), match.end(), day, month, year))
    found: list[tuple[date, int, int]] = []
    earliest = today - RECENT
    for start, end, day, month, year in sorted(marks):
        real = _real(int(day), int(month), int(year) if year else None, earliest)
        if real is None:
            raise RuleError("calendar_no_such_day", said=f"{day}/{month}" + (f"/{year}" if year else ""))
        begin = found[-1][2] if found else 0
        named = list(_WEEKDAY.finditer(words, begin, start))
        if named and words[named[-1].end() : start].strip(" ,") in ("", "ngay"):
            one = named[-1]
            number = int(one[1]) if one[1] else _SPOKEN[one[2]] if one[2] else 8
            if real.isoweekday() != number - 1:
                raise RuleError("calendar_other_weekday", day=real)
            start = one.start()
        found.append((real, start, end))
    return found


def _real(day: int, month: int, year: int | None, earliest: date) -> date | None:
    for each in [year] if year else range(earliest.year, earliest.year + 9):
        try:
            real = date(each, month, day)
        except ValueError:
            continue
        if year or real >= earliest:
            return real
    return None


def _note(text: str, found: list[tuple[date, int, int]], source: str) -> str:
    """What is left of a sentence beside its days: the reason."""
    parts = [text[: found[0][1]], text[found[-1][2] :]]
    if source:
        number = source.split()[-1]
        form = re.compile(r"(?:\b[^\W\d]{1,12}\s+(?:s\w\s+)?)?" + re.escape(number), re.IGNORECASE)
        parts = [form.sub("", re.sub(r"\s*([/-])\s*", r"\1", part)) for part in parts]
    kept = []
    for part in parts:
        part = part[match.end() :] if (match := _LOOSE.match(plain(part))) else part
        match = _TRAILING.search(plain(part))
        kept.append((part[: match.start()] if match else part).strip())
    return ", ".join(part for part in kept if part)[:200]
