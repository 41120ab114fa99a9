"""Covers what points to a person in words that others will read: numbers, addresses, names people give.

Two strengths: what names the writer (for a matter sent without a name), and on top of it what a public
page must not show (spec row 21; Law 91/2025/QH15, article 16).  It covers too much rather than too
little, and an official reads every public copy before it is shown.
"""

from __future__ import annotations

import re
import unicodedata

COVER = "•••"

_DIGITS = r"\d(?:[ .\-]?\d){6,}"  # telephone, identity card, account: seven figures or more
_MONEY = re.compile(r"\s?(?:d|dong|vnd)\b", re.IGNORECASE)
_ROUND = re.compile(r"[1-9][\d.]*000")
_IDENTITY = (
    re.compile(r"\S+@\S+"),  # an e-mail address, a handle after a word
    re.compile(r"(?<!\w)@\w{3,}"),
    re.compile(r"https?://\S+|\b(?:t|zalo|fb|m)\.(?:me|com)/\S+|\bfacebook\.com/\S+"),
    re.compile(rf"\+?{_DIGITS}"),
    re.compile(
        r"\b(?:(?:toi|em|minh|con|chau)\s+(?:ten\s+)?(?:la\s+)?|(?:ho\s+)?ten\s*(?:la|:)\s*)"
        r"(?P<name>(?:(?-i:[A-Z])\w*[ ]){1,3}(?-i:[A-Z])\w*)",
        re.IGNORECASE,
    ),
)
_SECONDS = r"(?:ngay|hom|tu|den|toi|truoc|sau|sang|chieu|trua|dem)\s+$"
_PUBLIC = (
    re.compile(r"\b\d{2}\s?-?\s?[a-z]{1,2}\d?\s?[-. ]?\s?\d{3}\.?\d{1,2}\b", re.IGNORECASE),  # a plate
    re.compile(r"\b(?:so nha|nha so|sn|nha)\s*:?\s*(?P<name>\d+\w?(?:\s?/\s?\d+\w?)*)", re.IGNORECASE),
    re.compile(
        r"\bso\s+(?P<name>\d+\w?(?:/\d+\w?)*)(?=,?\s+(?:duong|pho|hem|ngo|khu|to|ap)\b)", re.IGNORECASE
    ),
    re.compile(r"\b\d+[a-z]?(?:/\d+[a-z]?)+\b", re.IGNORECASE),  # 12/3A: a house in an alley
)
_NO_NUMBER = (
    re.compile(r"\d{1,2}-\d{1,2}-\d{4}"),  # a date
    re.compile(r"(?:19|20)\d\d\s?-\s?(?:19|20)\d\d"),  # two years
)


def without_identity(text: str) -> str:
    """The text without what names or reaches its writer."""
    return _covered(text, _IDENTITY)


def for_the_public(text: str) -> str:
    """The text as a public page may show it: no numbers of people, plates, houses either."""
    return _covered(without_identity(text), _PUBLIC)


def _covered(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    text = unicodedata.normalize("NFC", text)
    for pattern in patterns:
        level = _level(text)
        cut = [_span(match) for match in pattern.finditer(level) if not _is_harmless(level, match)]
        for start, end in reversed(cut):
            text = text[:start] + COVER + text[end:]
    return text


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.span("name") if "name" in match.re.groupindex else match.span()


def _is_harmless(level: str, match: re.Match[str]) -> bool:
    """A date, a pair of years, a round sum of money; 12/3 after a word of time is a day."""
    found = match.group()
    if _ROUND.fullmatch(found) and _MONEY.match(level[match.end() :]):
        return True
    if any(each.fullmatch(found) for each in _NO_NUMBER):
        return True
    dated = "/" in found and re.fullmatch(r"\d{1,2}/\d{1,2}(?:/\d{2,4})?", found) is not None
    return dated and re.search(_SECONDS, level[: match.start()], re.IGNORECASE) is not None


def _level(text: str) -> str:
    """The text without accents, sign for sign, so that places stay the same."""
    return "".join(_base(sign) for sign in text)


def _base(sign: str) -> str:
    base = unicodedata.normalize("NFD", sign)[0]
    if base.lower() == "đ":
        return "d" if base == "đ" else "D"
    return base
