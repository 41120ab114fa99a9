"""Which units a case may be for, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence

from db.cases import Case
from db.people import Unit
from domain.units import find_units
from domain.words import fold, has_words
from handlers.desk import Desk


def likely(desk: Desk, case: Case, units: Sequence[Unit], reason: str = "") -> list[Unit]:
    """Those named in the words, then whose ground it is, then those that answer some kind of matter.

    Any other can be named in words.
    """
    areas = desk.committee.areas
    grounds = {ground.unit for code in areas.chain(case.area) if (ground := areas.get(code))}
    kinds = {kind.unit for kind in desk.committee.categories} - {desk.committee.routing.duty}
    said = f"{case.words} {reason}"

    def rank(unit: Unit) -> int:
        if is_named(desk, unit, said):
            return 0
        return 1 if unit.code in grounds else 2 if unit.code in kinds else 3

    ranks = {unit.id: rank(unit) for unit in units}
    return sorted((unit for unit in units if ranks[unit.id] < 3), key=lambda unit: ranks[unit.id])


def is_named(desk: Desk, unit: Unit, words: str) -> bool:
    """Whether words name a unit, by its name or one that people use."""
    folded = fold(words)
    names = (unit.name, *desk.committee.aliases.get(unit.code, ()))
    return any(has_words(folded, fold(name)) for name in names) or unit.code in find_units(
        folded, {unit.code: names}
    )
