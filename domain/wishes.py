"""The day and the part of a day that somebody names in words: "sáng t5 tuần sau", "14/1 lúc 8h"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta

from domain.reception import Slot
from domain.spoken import Spoken
from domain.words import has_words, without, written_out

_DATE = re.compile(r"\b(\d{1,2}) ?[/.\-] ?(\d{1,2})(?: ?[/.\-] ?(?:\d{2}){1,2})?\b")
_DAY = re.compile(r"\b(?:(?:ngay|mung|hom) )?(\d{1,2}) thang (\d{1,2})\b|\b(?:ngay|mung|hom) (\d{1,2})\b")
_WEEKDAY = re.compile(r"\b(?:thu (2|3|4|5|6|7|hai|ba|tu|nam|sau|bay)|(chu nhat))\b")
_HOUR = re.compile(r"\b(\d{1,2}) ?(?:h|g|gio)(?: ?(?:30|15|45|00|ruoi))?\b")
_NUMBERS = {"hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7}
_MOVES = re.compile(r"\b(?:doi|chuyen) (?:lich )?(?:sang|qua)\b")
_NEXT_WEEK = re.compile(r"\btuan (?:sau|toi|ke)\b")
_THIS_WEEK = re.compile(r"\btuan nay\b")
_SOON = {"ngay mai": 1, "mai": 1, "ngay mot": 2, "ngay kia": 2, "hom nay": 0, "bua nay": 0}
_SOONER = re.compile(rf"\b(?:{'|'.join(_SOON)})\b")
_BUSY = re.compile(  # "mai tôi bận": not then
    rf"\b(?:{'|'.join(_SOON)}|thu [a-z0-9]+)"
    r"(?: (?:nay|toi|em|tui|con|minh|chau|ba|ong)){0,3} (?:ban|mac|khong|lai ban)\b"
)
_PARTS = {"sang": time(9), "buoi sang": time(9), "chieu": time(15), "buoi chieu": time(15), "trua": time(12)}


def wanted(
    text: str, offered: Sequence[tuple[date, Slot]], today: date, spoken: Spoken, *, alone: bool = True
) -> list[tuple[date, Slot]] | None:
    """The slots that fit what a text asks for; None if it names no day and no part of one.

    ``alone``: None too if it says anything else.  Without a date the nearest day that fits is meant.
    """
    words, days = _MOVES.sub(" ", written_out(_DATE.sub(" ", text), spoken.typed)), _dates(text, today)
    words = words if alone else _BUSY.sub(" ", words)
    words, more = _days(words, today, [day for day, _ in offered])
    days = more if days is None else days
    words, at = _part(words)
    if days is None and (at is None or not alone):
        return None
    if alone and without(words, (*spoken.wish_fills, *spoken.fills)):
        return None
    fits = [(day, slot) for day, slot in offered if days is None or day in days]
    fits = [(day, slot) for day, slot in fits if at is None or _is_at(slot, at)]
    nearest = fits[0][0] if fits and days is not None else None
    return [each for each in fits if nearest is None or each[0] == nearest]


def _dates(text: str, today: date) -> set[date] | None:
    found = _DATE.search(text)
    return {_date(int(found[1]), int(found[2]), today)} - {date.min} if found else None


def _days(words: str, today: date, offered: Sequence[date]) -> tuple[str, set[date] | None]:
    """The words without those that name a day, and the days they may mean; None where none is named."""
    if found := _DAY.search(words):
        number, month = int(found[1] or found[3]), int(found[2] or 0)
        days = {day for day in offered if day.day == number and month in (0, day.month)}
        return words.replace(found[0], " "), days
    week: set[date] | None = None
    monday = today - timedelta(today.weekday())
    for pattern, first in ((_NEXT_WEEK, monday + timedelta(7)), (_THIS_WEEK, monday)):
        if pattern.search(words):
            words = pattern.sub(" ", words)
            week = {first + timedelta(step) for step in range(7)}
    if found := _WEEKDAY.search(words):
        number = 8 if found[2] else _NUMBERS.get(found[1]) or int(found[1])
        on = {day for day in (week if week is not None else offered) if day.isoweekday() == number - 1}
        return _SOONER.sub(" ", words.replace(found[0], " ")), on
    if week is None and (near := _SOONER.search(words)):
        return _SOONER.sub(" ", words), {today + timedelta(_SOON[near[0]])}
    return words, week


def _part(words: str) -> tuple[str, time | None]:
    """The words without those that name a part of the day, and a moment in it."""
    at = None
    for said, moment in _PARTS.items():
        if has_words(words, said):
            words, at = re.sub(rf"\b{said}\b", " ", words), at or moment
    if found := _HOUR.search(words):
        hour = int(found[1])
        hour += 12 if hour < 7 or (at == _PARTS["chieu"] and hour < 12) else 0
        words, at = words.replace(found[0], " "), time(hour) if hour < 24 else at
    return words, at


def _is_at(slot: Slot, at: time) -> bool:
    return slot.opens <= at <= slot.closes


def _date(day: int, month: int, today: date) -> date:
    """The next such date; ``date.min`` if there is none."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return date.min
        if found >= today:
            return found
    return date.min
