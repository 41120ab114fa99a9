"""Understands a roster that a person typed: columns by name, units by any of their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.committee import UnitData
from db.roster import RosterRow
from domain.people import ROLES
from domain.units import find_units
from domain.words import fold

COLUMNS = ("name", "address", "unit", "role", "position")
OPTIONAL = ("position",)
ADDRESSES = ("brother", "sister", "comrade")
"""How people are spoken to; each has its words in the locales."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; ``problem`` is a text key."""

    row: int
    problem: str
    value: str = ""


class ColumnMissing(Exception):
    """The table lacks a column; ``column`` is its text key."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def read_roster(
    table: Sequence[Sequence[str]],
    units: Sequence[UnitData],
    headings: Mapping[str, str],
    role_names: Mapping[str, str],
    addresses: Sequence[str],
) -> tuple[list[RosterRow], list[Problem]]:
    """The rows of a table and what is wrong with the others.

    ``headings`` and ``role_names`` give the printed names of columns and roles; codes are taken too.
    Raises :class:`ColumnMissing`.
    """
    at = _columns(table[0], headings)
    known_roles = {fold(name): role for role in ROLES for name in (role, role_names[role])}
    known_addresses = {fold(address): address for address in addresses}
    rows: list[RosterRow] = []
    problems: list[Problem] = []
    for number, cells in enumerate(table[1:], 2):
        cell = {name: cells[place] if place < len(cells) else "" for name, place in at.items()}
        unit = unit_named(cell["unit"], units)
        role = known_roles.get(fold(cell["role"]))
        address = known_addresses.get(fold(cell["address"]))
        if not cell["name"]:
            problems.append(Problem(number, "roster_no_name"))
        if unit is None:
            problems.append(Problem(number, "roster_bad_unit", cell["unit"]))
        if role is None:
            problems.append(Problem(number, "roster_bad_role", cell["role"]))
        if address is None:
            problems.append(Problem(number, "roster_bad_address", cell["address"]))
        if not cell["name"] or unit is None or role is None or address is None:
            continue
        row = RosterRow(" ".join(cell["name"].split()), address, unit, role, cell.get("position", ""))
        if row in rows:
            problems.append(Problem(number, "roster_twice", row.name))
        rows.append(row)
    return rows, problems


def unit_named(name: str, units: Sequence[UnitData]) -> str | None:
    """The code of the one unit that a code, a name or a part of a name means."""
    found = find_units(fold(name), {unit.code: (unit.name, *unit.aliases) for unit in units})
    return found[0] if len(found) == 1 else None


def _columns(header: Sequence[str], headings: Mapping[str, str]) -> dict[str, int]:
    folded = [fold(name) for name in header]
    found: dict[str, int] = {}
    for column in COLUMNS:
        for name in (column, fold(headings[column])):
            if name in folded:
                found[column] = folded.index(name)
    for column in COLUMNS:
        if column not in found and column not in OPTIONAL:
            raise ColumnMissing(f"roster_{column}")
    return found
