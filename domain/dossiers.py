"""Dossiers of the one-stop counter (hồ sơ một cửa): receipt numbers as people type them, a file of states.

Only number, procedure, state, days and unit are kept.  No name, no phone, no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.words import fold

RECEIVED, WORKING, WAITING = "received", "working", "waiting"  # waiting: for what the citizen has to bring
READY, RETURNED, REFUSED, STOPPED = "ready", "returned", "refused", "stopped"
STATES = (RECEIVED, WORKING, WAITING, READY, RETURNED, REFUSED, STOPPED)
OPEN = (RECEIVED, WORKING, WAITING)
COLUMNS = ("number", "procedure", "state", "due_on", "returned_on", "unit")
OPTIONAL = ("due_on", "returned_on")
LONGEST = 200  # signs of a procedure's or a unit's name
_NUMBER = re.compile(
    r"(?<![\w.])((?:[0-9A-Z]{1,4}\.){0,5}[0-9A-Z]{1,4})\s?[-–—\s]\s?(\d{6})\s?[-–—\s]\s?(\d{3,6})(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as the last file told it."""

    number: str
    procedure: str
    state: str
    due_on: date | None
    returned_on: date | None
    unit: str

    def is_late(self, today: date) -> bool:
        """Whether the office gave it back after its day, or has it still; what a citizen owes is not late."""
        if self.due_on is None:
            return False
        if self.state == RETURNED:
            return self.returned_on is not None and self.returned_on > self.due_on
        return self.state in (RECEIVED, WORKING) and self.due_on < today


@dataclass(frozen=True, slots=True)
class DossierFigures:
    """Dossiers of a period: given back early, on their day, late; still there past their day (MT3)."""

    early: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """All that count."""
        return self.early + self.on_time + self.late + self.overdue


@dataclass(frozen=True, slots=True)
class Matters:
    """How many late dossiers are matters, how many citizens got their apology, how many are ended."""

    opened: int = 0
    apologised: int = 0
    ended: int = 0


def count_dossiers(found: Iterable[Dossier], first: date, last: date, today: date) -> DossierFigures:
    """The figures of those given back in a time, and of those due in it that are late and still there."""
    early = on_time = late = overdue = 0
    for each in found:
        if each.due_on is None:
            continue
        if each.state == RETURNED and each.returned_on is not None and first <= each.returned_on <= last:
            early += each.returned_on < each.due_on
            on_time += each.returned_on == each.due_on
            late += each.returned_on > each.due_on
        elif each.state != RETURNED and first <= each.due_on <= last:
            overdue += each.is_late(today)
    return DossierFigures(early, on_time, late, overdue)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; ``problem`` is a text key."""

    row: int
    problem: str
    value: str = ""


def number_in(text: str) -> str:
    """The receipt number in a text as it is printed, "000.00.12.H10-210104-0001"; empty if there is none."""
    for match in _NUMBER.finditer(text.upper()):
        if "." in match[1] or any(sign.isalpha() for sign in match[1]):
            return "-".join(match.groups())
    return ""


def columns_of(head: Sequence[str], headings: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where each column is; ``headings`` are the names it may have.  A missing one is left out."""
    folded = [fold(cell) for cell in head]
    found: dict[str, int] = {}
    for column, names in headings.items():
        place = next((folded.index(fold(name)) for name in names if fold(name) in folded), None)
        if place is not None:
            found[column] = place
    return found


def read_dossiers(
    rows: Sequence[Sequence[str]], places: Mapping[str, int], states: Mapping[str, Sequence[str]]
) -> tuple[list[Dossier], list[Problem]]:
    """The dossiers of the rows below the head, and everything that is wrong with them.

    ``states`` are the words each state may be called.
    """
    by_word = {fold(word): state for state, words in states.items() for word in words}
    found: dict[str, Dossier] = {}
    problems: list[Problem] = []
    for row, cells in enumerate(rows, 2):
        told = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        wrong = [Problem(row, key, value) for key, value in _wrong(told, by_word, found)]
        problems += wrong
        if wrong:
            continue
        number = number_in(told["number"])
        found[number] = Dossier(
            number,
            told["procedure"],
            by_word[fold(told["state"])],
            _day(told.get("due_on", "")),
            _day(told.get("returned_on", "")),
            told["unit"],
        )
    return list(found.values()), problems


def _wrong(
    told: Mapping[str, str], states: Mapping[str, str], known: Mapping[str, Dossier]
) -> list[tuple[str, str]]:
    problems: list[tuple[str, str]] = []
    number = number_in(told["number"])
    if not number:
        problems.append(("dossier_bad_number" if told["number"] else "dossier_no_number", told["number"]))
    elif number in known:
        problems.append(("dossier_twice", number))
    for name in ("procedure", "unit"):
        if not 0 < len(told[name]) <= LONGEST:
            problems.append((f"dossier_bad_{name}", told[name][:40]))
    if fold(told["state"]) not in states:
        problems.append(("dossier_bad_state", told["state"]))
    for name in OPTIONAL:
        if told.get(name) and _day(told[name]) is None:
            problems.append(("dossier_bad_day", told[name]))
    return problems


def _day(text: str) -> date | None:
    """A day as offices write it, dd/mm/yyyy, or as a spreadsheet does; an hour after it is left out."""
    try:
        if match := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b", text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := re.match(r"(\d{4})-(\d{2})-(\d{2})\b", text):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return None
