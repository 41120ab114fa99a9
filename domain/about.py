"""Whom a complaint about how people were treated names: an official by the full name, or a unit.

It only suggests who must not see the matter (spec row 38); a tap of an official says the same later.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.words import fold, has_words

SHORTEST_NAME = 3  # words of a full name; two may be anybody


def official_named(text: str, names: Mapping[int, str]) -> int | None:
    """The official, by id, whose full name stands in the text; None when it is nobody's or several'."""
    folded = fold(text)
    found = [
        key
        for key, name in names.items()
        if len(name.split()) >= SHORTEST_NAME and has_words(folded, fold(name))
    ]
    return found[0] if len(found) == 1 else None


def unit_named(text: str, names: Mapping[str, tuple[str, ...]]) -> str | None:
    """The code of the unit whose name, the longest that fits, stands in the text."""
    folded = fold(text)
    fits = [
        (len(fold(name)), code)
        for code, known in names.items()
        for name in known
        if has_words(folded, fold(name))
    ]
    return max(fits)[1] if fits else None
