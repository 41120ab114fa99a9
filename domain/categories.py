"""The committee's kinds of matter as its file has them: every entry is tried when the service starts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from domain.committee import Category
from domain.errors import RuleError
from domain.tracks import TRACKS
from domain.words import fold

MOST = 12  # what a person still looks through on a phone (features-citizen.md, row 6)
LONGEST_NAME = 40  # characters: a button
LONGEST_NOTICE = 25  # words
LONGEST_QUESTION = 20
MOST_DAYS = 60

_CODE = re.compile(r"[a-z][a-z0-9]{1,11}")
_NEEDED = {"code", "name", "unit", "days", "words"}
_SWITCHES = {"field_work", "about_staff", "personal"}
_FIELDS = _NEEDED | _SWITCHES | {"notice", "question"}


def read_categories(entries: Sequence[Mapping[str, Any]], units: Collection[str]) -> tuple[Category, ...]:
    """The categories of a file; raises ``categories_broken`` with the entry and the reason.

    The last one takes what fits none, so it alone has no words.
    """
    if not 1 <= len(entries) <= MOST:
        raise _broken("", "count", len(entries))
    for number, entry in enumerate(entries, 1):
        if no := _reason(entry, units, last=number == len(entries)):
            raise _broken(str(entry.get("code") or number), *no)
    codes = [entry["code"] for entry in entries]
    for code in codes:
        if codes.count(code) > 1:
            raise _broken(code, "twice", code)
    return tuple(
        Category(**{**entry, "words": tuple(_folded(word) for word in entry["words"])}) for entry in entries
    )


def _reason(entry: Mapping[str, Any], units: Collection[str], *, last: bool) -> tuple[str, object] | None:
    """What is wrong with an entry, and the value that is; None if nothing is."""
    if unknown := sorted(set(entry) - _FIELDS):
        return "field", unknown[0]
    if missing := sorted(_NEEDED - set(entry)):
        return "missing", missing[0]
    code, name, days, words = entry["code"], entry["name"], entry["days"], entry["words"]
    if not isinstance(code, str) or not _CODE.fullmatch(code) or code in TRACKS:
        return "code", code
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        return "name", name
    if entry["unit"] not in units:
        return "unit", entry["unit"]
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MOST_DAYS:
        return "days", days
    if not isinstance(words, list) or not all(isinstance(word, str) and fold(word) for word in words):
        return "words", ""
    if bool(words) == last:
        return ("last" if last else "empty"), ""
    if odd := sorted(field for field in _SWITCHES & set(entry) if not isinstance(entry[field], bool)):
        return "switch", odd[0]
    return _said(entry, "notice", LONGEST_NOTICE) or _said(entry, "question", LONGEST_QUESTION)


def _said(entry: Mapping[str, Any], field: str, most: int) -> tuple[str, object] | None:
    """What is wrong with a sentence that citizens read."""
    text = entry.get(field, "")
    fits = isinstance(text, str) and len(text.split()) <= most and "\n" not in text
    asks = field == "notice" or not text or str(text).endswith("?")
    return None if fits and asks else (field, text)


def _folded(phrase: str) -> str:
    return " … ".join(fold(part) for part in phrase.split("…"))


def _broken(entry: str, reason: str, value: object) -> RuleError:
    return RuleError("categories_broken", entry=entry, reason=reason, value=str(value))
