"""Vietnamese as people type it: one folding for matching, never for showing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

_KEEP = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower case, no accents, đ as d, every other sign a single space: "Ổ gà, đường" -> "o ga duong"."""
    text = unicodedata.normalize("NFC", text).lower().replace("đ", "d")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return _KEEP.sub(" ", text).strip()


def has_words(folded: str, phrase: str) -> bool:
    """Whether a folded phrase stands in a folded text on word boundaries."""
    return f" {phrase} " in f" {folded} "


def written_out(text: str, typed: Mapping[str, str]) -> str:
    """A text folded, with what people shorten written out ("ko dc" -> "khong duoc")."""
    words = text.lower().replace("?", " ").split()
    return fold(" ".join(typed.get(word.strip(".,!;:()"), word) for word in words))


def has_any(folded: str, phrases: Iterable[str]) -> bool:
    """Whether one of the phrases stands in a folded text on word boundaries; "…" spans up to five words."""
    return any(_pattern(phrase).search(folded) for phrase in phrases)


def spans(folded: str, phrase: str) -> list[tuple[int, int]]:
    """Where a phrase stands in a folded text."""
    return [found.span() for found in _pattern(phrase).finditer(folded)]


def without(folded: str, phrases: Iterable[str]) -> str:
    """A folded text without these phrases, the longest taken out first."""
    for phrase in sorted(phrases, key=len, reverse=True):
        folded = _pattern(phrase).sub(" ", folded)
    return " ".join(folded.split())


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    parts = (re.escape(part.strip()) for part in phrase.split("…"))
    return re.compile(rf"\b{r' (?:[a-z0-9]+ ){0,5}'.join(parts)}\b")
