"""The citizens' reception (tiếp công dân): the slots of its days, and which of them still have room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from domain.errors import RuleError

OFFERED = 6  # slots shown at once; a later one is found by its day
AHEAD = 12  # days of reception that may be full before the citizen is asked to come without a date
_FIELDS = {"code", "name", "from", "until", "places"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a reception day and how many people it has room for."""

    code: str
    name: str
    opens: time
    closes: time
    places: int

    @property
    def hours(self) -> str:
        """07:30–11:30."""
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


def read_slots(data: Sequence[Mapping[str, Any]]) -> tuple[Slot, ...]:
    """The slots of a committee's file; raises ``reception_broken`` with the entry and the reason."""
    found: list[Slot] = []
    for number, entry in enumerate(data, 1):
        name = str(entry.get("code") or number)
        if reason := _reason(entry, [slot.code for slot in found]):
            raise RuleError("reception_broken", entry=name, reason=reason)
        found.append(Slot(entry["code"], entry["name"], entry["from"], entry["until"], entry["places"]))
    return tuple(found)


def _reason(entry: Mapping[str, Any], known: Sequence[str]) -> str:
    if set(entry) != _FIELDS:
        return "fields"
    code, places = entry["code"], entry["places"]
    if not isinstance(code, str) or not 0 < len(code) <= 8 or not code.isalnum() or code in known:
        return "code"
    if not isinstance(entry["from"], time) or not isinstance(entry["until"], time):
        return "hours"
    if entry["from"] >= entry["until"]:
        return "hours"
    return "" if type(places) is int and 0 < places < 1000 and entry["name"] else "places"


def free(
    days: Iterable[date], slots: Sequence[Slot], taken: Mapping[tuple[date, str], int]
) -> list[tuple[date, Slot]]:
    """The slots of some reception days with room left, in order."""
    return [(day, slot) for day in days for slot in slots if taken.get((day, slot.code), 0) < slot.places]
