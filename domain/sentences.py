"""Days, documents, percentages and wishes in what people type, with or without accents."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import Calendar

DAY = timedelta(days=1)

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBERS = {
    "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7,
}  # fmt: skip
_DMY = re.compile(r"(?<![\w/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(\d{4}|\d{2}))?(?![\w%/])(?!-\w)")
_SPOKEN = re.compile(r"\b(?:ngay|mung)?\s*(\d{1,2})\s*(?:thang|thg)\s*(\d{1,2})(?:\s*nam\s*(\d{4}))?\b")
_WEEKDAY = re.compile(
    r"\b(?:(?:thu|th|t)\s?([2-7])|thu\s(hai|ba|tu|nam|sau|bay)|(chu nhat|cn))\b(?:\s*(tuan (?:sau|toi|nay)))?"
)
_END_OF_MONTH = re.compile(r"\b(?:cuoi|het)\s+thang(?:\s+(nay|sau|toi|\d{1,2}))?\b")
_START_OF_MONTH = re.compile(r"\bdau\s+thang\s+(?:sau|toi)\b")
_WEEK = re.compile(r"\b(cuoi|het|dau)\s+tuan(?:\s+(nay|sau|toi))?\b")
_IN_DAYS = re.compile(
    r"\b(?:(?:trong|them|sau)\s+(\d{1,2})\s+(ngay|tuan)(?:\s+nua)?|(\d{1,2})\s+(ngay|tuan)\s+nua)\b"
)
_ADDED = re.compile(
    r"\b(?:them|(?P<ask>gia han|lui han|lui|hoan))\s+(?P<count>\d{1,2}|mot|hai|ba|bon|nam|sau|bay|muoi)\s+"
    r"(?P<unit>ngay lam viec|ngay|tuan)\b(?:\s+nua\b)?"
)
_COUNTS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "muoi": 10}
_DAY_ONLY = re.compile(r"\b(?:ngay|mung)\s+(\d{1,2})\b(?!\s*(?:/|thang|nua))")
_NAMED = (
    ("hom nay", 0), ("bua nay", 0), ("ngay mai", 1), ("sang mai", 1), ("chieu mai", 1), ("mai", 1),
    ("ngay kia", 2), ("ngay mot", 2), ("hom qua", -1), ("hom kia", -2),
)  # fmt: skip

_KINDS = (
    r"kh|qd|bc|cv|tb|gm|ttr|tt|hd|bb|nq|ct|cd|pa|vb|ke hoach|quyet dinh|bao cao|cong van|thong bao|giay moi"
    r"|to trinh|huong dan|bien ban|nghi quyet|chi thi|phuong an|van ban"
)
_DOCUMENT = re.compile(
    rf"(?<![\w/])(?:({_KINDS})\s*(?:so\s*)?[:.]?\s*|so\s*[:.]?\s*)?"
    rf"(\d{{1,5}}\s?/\s?(?:\d{{4}}\s?/\s?)?[a-z][a-z0-9]*(?:\s?-\s?[a-z][a-z0-9]*)*)"
)
_BARE_DOCUMENT = re.compile(
    rf"(?<![\w/])({_KINDS})\s*(?:so\s*)?[:.]?\s*(\d{{1,5}})(?![\w%])(?!\s*(?:ngay nua|/))"
)
_PERCENT = re.compile(r"(?<![\d/])(\d{1,3})\s*(?:%|phan tram|pt\b)")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_ITEM = re.compile(rf"^\s*(?:(?:viec|muc|so)\s+)?(?:([{_CIRCLED}])|(\d{{1,2}})(?=[.,:;)\s]|$))[.,:;)\s]*")

_NAMED_ITEM = re.compile(rf"\b(?:viec|muc)\s+(?:so\s+)?(?:([{_CIRCLED}])|(\d{{1,2}})(?![\d/%.-]))")

_EXTENSION = (
    "gia han", "xin them", "cho them", "cho toi", "cho den", "xin toi", "xin den", "xin lui", "lui han",
    "lui den", "lui toi", "doi han", "doi den", "hoan den", "hoan toi", "xin doi",
)  # fmt: skip
_LATER = ("bo sung sau", "gui sau", "nop sau", "bsung sau", "bs sau")
_DONE = ("xong", "hoan thanh", "da nop", "da lam", "da gui", "da trinh", "da ban hanh")
_STUCK = ("vuong", "ket", "kho khan", "chua co von", "cho von", "tro ngai")
_ASKING = re.compile(
    r"\b(?:(?:em|toi|chi|anh|cho|xin|de nghi|duoc|vui long)\s+)*"
    r"(?:gia han|lui han|doi han|xin them|cho them|cho|xin|lui|doi|hoan)"
    r"(?:\s+(?:them|han|lai|viec nay|cho em|cho toi))*\s*$"
)
_TO = re.compile(r"\b(?:cho\s+)?(?:toi|den|het|vao|sang|qua|ngay|truoc|hom)\s*$")
_BECAUSE = re.compile(r"^(?:(?:nhe|nha|a|ly do|vi|do|boi vi|tai|tai vi|nguyen nhan)\b\s*(?:la\b)?[\s:,]*)+")
_FILLER = re.compile(r"[\s,]+(?:nen|a|nhe|nha)[\s.!]*$")


@dataclass(frozen=True, slots=True)
class Spot:
    """A day found in a text and where it stands."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document named in a text: "KH 45/KH-UBND" and its day, None if the text has none."""

    number: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for more time: ``day`` and ``reason`` may be missing ("xin gia hạn")."""

    day: date | None
    reason: str


def plain(text: str) -> str:
    """The text in lower case without accents, of the same length, so that places in it agree."""
    text = unicodedata.normalize("NFC", text)
    return "".join("d" if c.lower() == "đ" else unicodedata.normalize("NFD", c)[0].lower()[0] for c in text)


def find_day(text: str, today: date, *, past: bool = False) -> date | None:
    """The first day a text names, None if there is none.

    A day without a year is the one nearest to today; a weekday is the next one.  With ``past`` (the
    date of a document) both look back: the latest that is not after today.
    """
    spot = spot_day(text, today, past=past)
    return spot.day if spot else None


def spot_day(text: str, today: date, *, past: bool = False) -> Spot | None:
    """Like :func:`find_day`, with the place of the words."""
    words = plain(text)
    for match in [*_DMY.finditer(words), *_SPOKEN.finditer(words)]:
        day = _dated(int(match[1]), int(match[2]), match[3], today, past=past)
        if day:
            return Spot(day, match.start(), match.end())
    for find in (_end_of_month, _weekday, _week, _in_days, _named, _day_only):
        if spot := find(words, today, past):
            return spot
    return None


def find_document(text: str, today: date) -> Document | None:
    """The document a text names by its number; its day is looked for after the number."""
    text = unicodedata.normalize("NFC", text)
    words = plain(text)
    match = _DOCUMENT.search(words) or _BARE_DOCUMENT.search(words)
    if match is None:
        return None
    kind = text[match.start(1) : match.end(1)] if match[1] else ""
    number = re.sub(r"\s*([/-])\s*", r"\1", text[match.start(2) : match.end(2)].upper())
    number = f"{kind.upper() if len(kind) < 4 else kind} {number}".strip()
    return Document(number[:120], find_day(text[match.end() :], today, past=True))


def find_percent(text: str) -> int | None:
    """The share of work done that a text names, 0 to 100."""
    match = _PERCENT.search(plain(text))
    return int(match[1]) if match and int(match[1]) <= 100 else None


def has_link(text: str) -> bool:
    """Whether a text holds a web address."""
    return bool(_LINK.search(text))


def says_later(text: str) -> bool:
    """Whether a text promises the proof for later ("bổ sung sau")."""
    return _has(text, _LATER)


def says_done(text: str) -> bool:
    """Whether a text says that the work is done; "chưa xong" does not."""
    words = _squeezed(text)
    return _has(text, _DONE) and not re.search(r"\b(chua|khong|sap)\b", words)


def says_stuck(text: str) -> bool:
    """Whether a text tells of an obstacle."""
    return _has(text, _STUCK)


def find_obstacle(text: str) -> str:
    """What hinders the work, in the person's words: "được 60%, vướng mặt bằng" -> "mặt bằng"."""
    text = unicodedata.normalize("NFC", text)
    match = re.search(r"\b(?:dang\s+)?(?:bi\s+)?(?:vuong|ket)(?:\s+mac)?\b[\s:,]*", plain(text))
    if match and text[match.end() :].strip(" .,"):
        return text[match.end() :].strip(" .,")
    return text.strip(" .,") if says_stuck(text) else ""


def is_report(text: str, today: date) -> bool:
    """Whether a text hands work in where a day was awaited: "xong, BC 4/BC-TCKH 5/1", "12/DS-NV 13/1".

    The only day of such a text is its document's; "20/1, chờ QĐ 5/QĐ-UBND" is none.
    """
    if find_wish(text, today) is not None:
        return False
    spot, document = spot_day(text, today), find_document(text, today)
    if document is None:
        return says_done(text) and spot is None
    begins = "".join(text.split()).upper().startswith("".join(document.number.split()).upper())
    return (begins or says_done(text)) and (spot is None or find_day(text, today, past=True) == document.day)


def find_wish(text: str, today: date) -> Wish | None:
    """The wish for more time in a text: "cho tới 4/12, chờ số liệu"."""
    text = unicodedata.normalize("NFC", text).strip()
    if not _has(text, _EXTENSION):
        return None
    spot = spot_day(text, today)
    if spot is None:
        return Wish(None, _reason(text))
    before, after = text[: spot.start].rstrip(), text[spot.end :]
    match = _TO.search(plain(before))
    before = before[: match.start()] if match else before
    return Wish(spot.day, _reason(after) or _reason(before))


def split_item(text: str) -> tuple[int | None, str]:
    """The number of an item at the start of a text and the rest: "② cho tới 4/12" -> 2, "cho tới 4/12"."""
    match = _ITEM.match(plain(text) if text[:1] not in _CIRCLED else text)
    if match is None:
        return None, text.strip()
    number = _CIRCLED.index(match[1]) + 1 if match[1] else int(match[2])
    return number, text[match.end() :].strip()


def named_item(text: str) -> tuple[int | None, str]:
    """Like :func:`split_item`, but the number may stand anywhere after "việc": "xin lùi việc 1 đến 5/3"."""
    number, rest = split_item(text)
    text = unicodedata.normalize("NFC", text)
    match = None if number is not None else _NAMED_ITEM.search(plain(text))
    if match is None:
        return number, rest
    number = _CIRCLED.index(match[1]) + 1 if match[1] else int(match[2])
    return number, f"{text[: match.start()].strip()} {text[match.end() :].strip()}".strip()


def with_day(text: str, due_on: date, calendar: Calendar) -> str:
    """The text with "thêm 3 ngày" said as the day it means, counted from the due day."""
    text = unicodedata.normalize("NFC", text)
    match = _ADDED.search(plain(text))
    if match is None:
        return text
    count = int(match["count"]) if match["count"].isdigit() else _COUNTS[match["count"]]
    if match["unit"] == "ngay lam viec":
        day = calendar.add(due_on, count)
    else:
        day = due_on + DAY * count * (7 if match["unit"] == "tuan" else 1)
        day = day if calendar.back(day) > due_on else calendar.forward(day)
    asked = f"{match['ask']} " if match["ask"] else ""
    return f"{text[: match.start()]}{asked}den {day:%d/%m/%Y}{text[match.end() :]}"


def _reason(text: str) -> str:
    """What is left of a wish once the asking words are gone."""
    text = text.strip(" ,.;:-–")
    match = _ASKING.search(plain(text))
    if match:
        text = text[: match.start()].strip(" ,.;:-–")
    match = _BECAUSE.match(plain(text))
    text = text[match.end() :] if match else text
    match = _FILLER.search(plain(text))
    return (text[: match.start()] if match else text).strip(" ,.;:-–")


def _has(text: str, phrases: tuple[str, ...]) -> bool:
    words = f" {_squeezed(text)} "
    return any(f" {phrase} " in words for phrase in phrases)


def _squeezed(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain(text)).split())


def _dated(day: int, month: int, year: str | None, today: date, *, past: bool) -> date | None:
    if year:
        full = int(year) if len(year) == 4 else 2000 + int(year)
        return _real(full, month, day)
    around = [_real(today.year + shift, month, day) for shift in (-1, 0, 1)]
    found = [each for each in around if each is not None]
    if past:
        return max((each for each in found if each <= today), default=None) or min(found, default=None)
    return min(found, key=lambda each: abs(each - today), default=None)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end_of_month(words: str, today: date, past: bool) -> Spot | None:
    if match := _START_OF_MONTH.search(words):
        return Spot(_last_of_month(today) + DAY, match.start(), match.end())
    match = _END_OF_MONTH.search(words)
    if match is None:
        return None
    which = match[1] or "nay"
    if which.isdigit():
        if not 1 <= int(which) <= 12:
            return None
        year = today.year + (int(which) < today.month and not past)
        return Spot(_last_of_month(date(year, int(which), 1)), match.start(), match.end())
    first = today if which == "nay" else _last_of_month(today) + DAY
    return Spot(_last_of_month(first), match.start(), match.end())


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _weekday(words: str, today: date, past: bool) -> Spot | None:
    match = _WEEKDAY.search(words)
    if match is None:
        return None
    number = int(match[1]) if match[1] else _NUMBERS[match[2]] if match[2] else 8
    monday = today - DAY * today.weekday()
    if match[4] and not past:
        day = monday + DAY * (number - 2) + (timedelta(0) if match[4].endswith("nay") else 7 * DAY)
        return Spot(day, match.start(), match.end())
    if past:
        return Spot(today - DAY * ((today.weekday() - (number - 2)) % 7), match.start(), match.end())
    ahead = (number - 2 - today.weekday()) % 7 or 7
    return Spot(today + DAY * ahead, match.start(), match.end())


def _week(words: str, today: date, past: bool) -> Spot | None:
    match = _WEEK.search(words)
    if match is None:
        return None
    monday = today - DAY * today.weekday()
    if match[2] in ("sau", "toi") or match[1] == "dau":
        monday += 7 * DAY
    return Spot(monday if match[1] == "dau" else monday + 4 * DAY, match.start(), match.end())


def _in_days(words: str, today: date, past: bool) -> Spot | None:
    match = None if past else _IN_DAYS.search(words)
    if match is None:
        return None
    count, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
    return Spot(today + DAY * int(count) * (7 if unit == "tuan" else 1), match.start(), match.end())


def _named(words: str, today: date, past: bool) -> Spot | None:
    for name, shift in _NAMED:
        if match := re.search(rf"\b{name}\b", words):
            return Spot(today + DAY * shift, match.start(), match.end())
    return None


def _day_only(words: str, today: date, past: bool) -> Spot | None:
    match = _DAY_ONLY.search(words)
    if match is None:
        return None
    step, first = (-1, today) if past else (1, today)
    for shift in range(62):
        day = first + DAY * step * shift
        if day.day == int(match[1]):
            return Spot(day, match.start(), match.end())
    return None
