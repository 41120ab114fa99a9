"""Splits a cell of responsible units, written one after the other, by the names we know."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.plan import NamedUnit
from domain.words import fold
from plans.reading import reading

_WORD = re.compile(r"\w+")
_APART = re.compile(r"[,;:+/\n]")
_JOINING = frozenset({"va", "cung", "voi", "phoi", "hop", "chu", "tri"})
_NEAR = 0.85


@dataclass(frozen=True, slots=True)
class Party:
    """A name in the cell: ``target`` is a unit's code or kind, empty when nobody is called so."""

    target: str
    spelled: str
    separated: bool  # a sign stands between this name and the one before


class Parties:
    """Knows the units' names."""

    def __init__(self, units: Sequence[NamedUnit]) -> None:
        self._names: dict[tuple[str, ...], str] = {
            tuple(fold(name).split()): kind for name, kind in reading().collectives.items()
        }
        for unit in units:
            for name in (unit.name, *unit.aliases):
                self._names[tuple(fold(name).split())] = unit.code
        self._longest = max(map(len, self._names))

    def split(self, cell: str) -> list[Party]:
        """The names of a cell in order; words between them that nobody is called by come without target."""
        words = [(fold(match[0]), match.start(), match.end()) for match in _WORD.finditer(cell)]
        words = [word for word in words if word[0]]
        found: list[Party] = []
        unknown: list[tuple[str, int, int]] = []
        at, ended = 0, 0

        def add(target: str, first: int, last: int) -> None:
            nonlocal ended
            between = cell[ended:first]
            separated = not found or bool(_APART.search(between)) or fold(between) != ""
            found.append(Party(target, cell[first:last], separated))
            ended = last

        def settle() -> None:
            while unknown and unknown[0][0] in _JOINING:
                unknown.pop(0)
            while unknown and unknown[-1][0] in _JOINING:
                unknown.pop()
            if unknown:
                add(self._nearest([word[0] for word in unknown]), unknown[0][1], unknown[-1][2])
            unknown.clear()

        while at < len(words):
            length = self._known(words[at : at + self._longest])
            if unknown and (words[at][0] == "va" or _APART.search(cell, unknown[-1][2], words[at][1])):
                settle()
            if not length:
                unknown.append(words[at])
                at += 1
                continue
            settle()
            name = words[at : at + length]
            add(self._names[tuple(word[0] for word in name)], name[0][1], name[-1][2])
            at += length
        settle()
        return found

    def _known(self, words: list[tuple[str, int, int]]) -> int:
        folded = [word[0] for word in words]
        return next((n for n in range(len(folded), 0, -1) if tuple(folded[:n]) in self._names), 0)

    def _nearest(self, words: list[str]) -> str:
        """The unit whose name is nearly this one, so that a slip of typing still finds it."""
        names = {" ".join(name): target for name, target in self._names.items()}
        near = difflib.get_close_matches(" ".join(words), names, n=1, cutoff=_NEAR)
        return names[near[0]] if near else ""
