"""Vietnamese as people type it: one folding for matching, never for showing."""

from __future__ import annotations

import re
import unicodedata

_KEEP = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower case, no accents, đ as d, every other sign a single space: "Ổ gà, đường" -> "o ga duong"."""
    text = unicodedata.normalize("NFC", text).lower().replace("đ", "d")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return _KEEP.sub(" ", text).strip()


def has_words(folded: str, phrase: str) -> bool:
    """Whether a folded phrase stands in a folded text on word boundaries."""
    return f" {phrase} " in f" {folded} "
