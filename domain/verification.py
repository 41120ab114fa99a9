"""A verification team (ban xác minh): who may not be on it, and how its work ends (plan row KH5.2, KH5.3)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from domain.people import Person
from domain.words import fold

WORKING = "working"
PENDING = "pending"  # a violation is verified, nobody has decided on it yet
RULED = "ruled"  # a violation is verified and decided on
NO_VIOLATION = "none"

DECISION, MINUTES, RULING = "decision", "minutes", "ruling"  # papers

FEWEST = 2  # people of a team
_ADDRESS = re.compile(r"^(anh|chi|ong|ba|dong chi|d c) ")


@dataclass(frozen=True, slots=True)
class Stakes:
    """What ties people to a case: its unit and those it names; who handled it, sent it, stepped aside."""

    unit_ids: Collection[int]
    person_ids: Collection[int]


@dataclass(frozen=True, slots=True)
class Violations:
    """Verified violations of a period, and on how many of them somebody has decided."""

    verified: int = 0
    ruled: int = 0


def has_stake(person: Person, stakes: Stakes) -> bool:
    """Whether somebody must not verify a case: of a unit it concerns, named by it, or with a hand in it."""
    return person.id in stakes.person_ids or bool(person.unit_ids & set(stakes.unit_ids))


def read_names(text: str) -> list[str]:
    """The names of a line such as "anh Hùng, chị Lan; 15/01", folded, without forms of address."""
    names = (fold(part) for part in text.split(";")[0].split(","))
    return [bare for name in names if (bare := _ADDRESS.sub("", name).strip())]


def is_named(name: str, person_name: str) -> bool:
    """Whether a folded name means a person: the full name, or its last word."""
    full = fold(person_name)
    return bool(full) and name in (full, full.split()[-1])
