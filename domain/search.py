"""What a person who types /tim looks for: words, a place, a unit, a state, what is late, what is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.areas import Areas
from domain.cases import (
    ANSWERED,
    APPEALED,
    ASKED,
    CLOSED,
    GUIDED,
    LAPSED,
    MET,
    MISSED,
    OPEN,
    RECEIVED,
    REFERRED,
    REOPENED,
    WITHDRAWN,
    WORKING,
)  # fmt: skip
from domain.words import fold, has_words

MOST_WORDS = 8
LONGEST = 44  # signs of a query that a button of the next page carries

_LATE = ("qua han", "tre han", "tre hen")
_MINE = ("cua toi", "toi xu ly", "toi nhan")
_STATES = {
    "chua xong": OPEN,
    "dang mo": OPEN,
    "cho nhan": (RECEIVED,),
    "chua nhan": (RECEIVED,),
    "dang xu ly": (WORKING,),
    "cho dan": (ASKED,),
    "can bo sung": (ASKED,),
    "da tra loi": (ANSWERED,),
    "xem lai": (REOPENED, APPEALED),
    "chua on": (REOPENED, APPEALED),
    "da xong": (CLOSED, LAPSED),
    "da ket thuc": (CLOSED, LAPSED),
    "noi khac": (REFERRED,),
    "da rut": (WITHDRAWN,),
    "lich hen": (GUIDED,),
    "da tiep": (MET,),
    "khong den": (MISSED,),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought; everything named must hold.  ``areas`` are codes, of an area and its parts."""

    words: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    overdue: bool = False
    mine: bool = False
    unit: str = ""
    areas: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is sought."""
        return self == Query()


def read(folded: str, units: Mapping[str, tuple[str, ...]], areas: Areas) -> Query:
    """The query that folded words mean; ``units`` gives each unit's code its names."""
    query = Query()
    for phrase in _LATE:
        if has_words(folded, phrase):
            query, folded = replace(query, overdue=True), _without(folded, phrase)
    for phrase in _MINE:
        if has_words(folded, phrase):
            query, folded = replace(query, mine=True), _without(folded, phrase)
    for phrase, states in _STATES.items():
        if has_words(folded, phrase):
            query, folded = replace(query, states=tuple(states)), _without(folded, phrase)
    named = sorted(((fold(name), code) for code, names in units.items() for name in names), key=_longest)
    for name, code in named:
        if name and has_words(folded, name):
            query, folded = replace(query, unit=code), _without(folded, name)
            break
    if (area := areas.find(folded).sure) is not None:
        query = replace(query, areas=areas.within(area.code))
        folded = areas.without(folded, area.code)
    return replace(query, words=tuple(dict.fromkeys(folded.split()))[:MOST_WORDS])


def short(folded: str) -> str:
    """A query as a button can carry it: whole words only."""
    if len(folded) <= LONGEST:
        return folded
    return folded[: LONGEST + 1].rsplit(" ", 1)[0][:LONGEST]


def _longest(named: tuple[str, str]) -> int:
    return -len(named[0])


def _without(folded: str, phrase: str) -> str:
    return " ".join(f" {folded} ".replace(f" {phrase} ", " ").split())
