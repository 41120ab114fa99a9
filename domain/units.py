"""Finds the unit that people mean by the names they use for it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.words import fold

_FILLER = frozenset({"cua", "cho", "o", "tai", "don", "vi", "ubnd", "va"})


def find_units(words: str, names: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The codes of the units that folded words name: by code or whole name, else by part of a name.

    ``names`` gives each code the names of its unit; several codes mean that the words do not tell.
    """
    words = " ".join(word for word in words.split() if word not in _FILLER)
    if not words:
        return []
    known = {code: [_bare(name) for name in (code, *some)] for code, some in names.items()}
    whole = [code for code, some in known.items() if words in some]
    if whole:
        return whole
    said = set(words.split())
    return [code for code, some in known.items() if any(said <= set(name.split()) for name in some)]


def _bare(name: str) -> str:
    return " ".join(word for word in fold(name).split() if word not in _FILLER)
