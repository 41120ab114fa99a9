"""A year's plan as the office signed it: objectives, rows, follow-up measures and what is unclear in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.chat import Facts
from domain.people import COMMITTEE, UNIT_KINDS

FIXED = "fixed"
RECURRING = "recurring"
AFTER = "after"
BY_PLAN = "by_plan"
ON_EVENT = "on_event"
DEADLINE_KINDS = (FIXED, RECURRING, AFTER, BY_PLAN, ON_EVENT)


class NamedUnit(Protocol):
    """A unit with the names by which documents call it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


class KindedUnit(Protocol):
    """As much of a unit as is needed to find the units of a kind."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Target:
    """A number an objective promises.

    ``commit`` is the signed page's reading; ``stretch`` is the annex's where the two differ.
    ``unit`` is ``%``, ``per_month`` or ``count``.
    """

    measure: str
    commit: float
    stretch: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Objective:
    """What the office promises for the year; ``plan_text`` is the annex's wording of the same."""

    number: int
    text: str
    original: str
    plan_text: str
    targets: tuple[Target, ...]

    @property
    def code(self) -> str:
        """MT1, MT2 …"""
        return f"MT{self.number}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a row is due.

    Only a fixed one has a day: ``period_end`` is the period's last day and ``due_on`` the last
    working day in it.  ``every`` is a frequency the document itself names (day, week, month,
    quarter, year), ``after`` the row whose result is awaited, ``days`` the working days after it.
    """

    kind: str
    text: str
    period_end: date | None = None
    due_on: date | None = None
    every: str = ""
    after: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of work of the plan, or (without objective) a follow-up measure.

    ``responsible`` holds unit codes and unit kinds in the document's order, the lead first.
    ``original`` holds the cells as they stand in the document.
    """

    code: str
    objective: int | None
    text: str
    expected: str
    responsible: tuple[str, ...]
    deadline: Deadline
    original: dict[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the document that a person has to decide.

    A general rule gives ``rule`` and ``facts``, which are worded by text key; a reader's note gives
    the words ``problem`` and ``default`` itself, or ``more`` to add to a rule's words.
    """

    rule: str
    places: tuple[str, ...]
    facts: Facts
    owner: str
    asked_first: bool
    code: str = ""
    place: str = ""
    problem: str = ""
    default: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A finding in words, ready to be kept and decided."""

    code: str
    place: str
    problem: str
    default: str
    owner: str
    asked_first: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan read from a file.  ``draft`` says that it was moved to a year that is not its own."""

    year: int
    draft: bool
    title: str
    signed_on: date | None
    source_name: str
    source_sha256: str
    objectives: tuple[Objective, ...]
    rows: tuple[Row, ...]
    measures: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A task that a plan asks for; ``parent`` is the code of the task it is a part of."""

    code: str
    row: str
    unit: str
    parent: str
    title: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version changes in one row or objective: field names, and its day before and after."""

    code: str
    fields: tuple[str, ...]
    due_before: date | None = None
    due_after: date | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a plan changes against the one in force, by codes (MT1, KH1.1, BP1)."""

    added: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    dropped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.dropped)


def real_units(responsible: Iterable[str], units: Sequence[KindedUnit]) -> tuple[str, ...]:
    """The codes of the units meant, kinds replaced by every unit of that kind, each once, in order."""
    found: dict[str, None] = {}
    for one in responsible:
        if one in UNIT_KINDS:
            found.update((unit.code, None) for unit in units if unit.kind == one)
        else:
            found[one] = None
    return tuple(found)


def jobs(plan: Plan, units: Sequence[KindedUnit]) -> tuple[Job, ...]:
    """The tasks of a plan, parents first.

    A row of one unit is one task.  A row of several is a parent, held by the lead, and a part for
    each unit; where the leaders themselves lead, the parent is their part.
    """
    leaders = {unit.code for unit in units if unit.kind == COMMITTEE}
    found: list[Job] = []
    for row in plan.rows:
        codes = real_units(row.responsible, units)
        whole = f"{plan.year}-{row.code}"
        parent = ""
        if len(codes) > 1:
            parent = whole
            found.append(Job(whole, row.code, codes[0], "", row.text, row.deadline.due_on))
            codes = codes[1:] if codes[0] in leaders else codes
        found += [
            Job(f"{whole}-{code}", row.code, code, parent, row.text, row.deadline.due_on) for code in codes
        ]
    return tuple(found)


def is_retro(due_on: date | None, today: date, effective_from: date) -> bool:
    """Whether a day was over when the plan came: such a task is asked about, never reminded of."""
    return due_on is not None and due_on < max(today, effective_from)
