"""Reads an office's signed plan from a text, Word or Excel file."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources.abc import Traversable

from domain.calendar import Calendar
from domain.people import COMMITTEE, OFFICE
from domain.plan import ON_EVENT, RECURRING, Deadline, NamedUnit, Objective, Plan, Row, Target
from domain.words import fold, has_words
from plans.blocks import read_blocks
from plans.deadlines import read_deadline
from plans.document import COLUMNS, Document, RawObjective, RawRow, read_document
from plans.findings import Evidence, find
from plans.notes import apply_notes
from plans.parties import Parties, Party
from plans.reading import correct, numbers, targets


def read_file(
    source: Traversable, units: Sequence[NamedUnit], calendar: Calendar, year: int | None = None
) -> Plan:
    """The plan of a .txt, .docx or .xlsx file, with its findings.

    ``year`` moves every date to another year and makes the plan a draft.  Raises RuleError
    ``plan_refused`` with the place and the reason when the file is not a whole plan.
    """
    data = source.read_bytes()
    document = read_document(read_blocks(source.name, data))
    return _Builder(document, units, calendar, year or document.year).plan(source.name, data)


class _Builder:
    """Turns a document's raw cells into a plan, noting on the way what a person should see."""

    def __init__(self, document: Document, units: Sequence[NamedUnit], calendar: Calendar, year: int) -> None:
        self.document = document
        self.calendar = calendar
        self.year = year
        self.shift = year - document.year
        self.parties = Parties(units)
        self.units = units
        self.leaders = frozenset(unit.code for unit in units if unit.kind == COMMITTEE)
        self.corrections: Counter[tuple[str, str]] = Counter()
        self.spelled: list[tuple[str, Party]] = []

    def plan(self, name: str, data: bytes) -> Plan:
        """The plan, its findings included."""
        document, raw = self.document, list(self.document.objectives.values())
        objectives = _once(tuple(self.objective(one) for one in raw))
        rows = tuple(row for one in raw for row in self.rows(one))
        measures = tuple(self.measure(n, text) for n, text in enumerate(document.measures, 1))
        plan = Plan(
            year=self.year,
            draft=bool(self.shift),
            title=(document.title or name).replace(str(document.year), str(self.year)),
            signed_on=None if self.shift else document.signed_on,
            source_name=name,
            source_sha256=hashlib.sha256(data).hexdigest(),
            objectives=objectives,
            rows=rows,
            measures=measures,
        )
        evidence = Evidence(
            signed={one.number: correct(one.signed, Counter()) for one in raw},
            spelled=tuple(self.spelled),
            names={unit.code: unit.name for unit in self.units},
            leaders=self.leaders,
            corrections=self.corrections,
            joined=tuple(dict.fromkeys(document.joined)),
            heads=tuple(dict.fromkeys(document.heads)),
            stray=tuple(document.stray),
        )
        return replace(plan, findings=apply_notes(fingerprint(document), find(plan, evidence)))

    def objective(self, raw: RawObjective) -> Objective:
        signed, annex = correct(raw.signed, self.corrections), correct(raw.annex, self.corrections)
        return Objective(
            raw.number, signed or annex, raw.signed or raw.annex, annex, targets(signed or annex, annex)
        )

    def rows(self, raw: RawObjective) -> list[Row]:
        """The objective's rows; one that waits for another waits for the row before it."""
        found: list[Row] = []
        for one in raw.rows:
            found.append(self.row(raw.number, one, found[-1].code if found else ""))
        return found

    def row(self, objective: int, raw: RawRow, previous: str) -> Row:
        code = f"KH{objective}.{raw.number}"
        cells = {name: correct(raw.cells[name], self.corrections) for name in COLUMNS}
        deadline = read_deadline(cells["deadline"], self.document.year, self.shift, self.calendar, previous)
        if deadline is None:
            raise raw.block.refuse("plan_deadline_unknown", cells["deadline"])
        parties = self.parties.split(cells["responsible"])
        self.spelled += [(code, party) for party in parties]
        return Row(
            code=code,
            objective=objective,
            text=cells["text"],
            expected=cells["expected"],
            responsible=self._responsible(parties),
            deadline=deadline,
            original=dict(raw.cells),
        )

    def measure(self, number: int, raw: str) -> Row:
        """A follow-up measure: its units and frequency stand in its sentence."""
        text = correct(raw, self.corrections)
        deadline = read_deadline(text, self.document.year, self.shift, self.calendar, "")
        if deadline is None or deadline.kind != RECURRING:
            deadline = Deadline(ON_EVENT if has_words(fold(text), "khi") else RECURRING, "")
        named = dict.fromkeys(party.target for party in self.parties.split(text) if party.target)
        return Row(
            code=f"BP{number}",
            objective=None,
            text=text,
            expected="",
            responsible=tuple(one for one in named if one not in self.leaders),  # they read, others do
            deadline=replace(deadline, text=""),
            original={"text": raw, "responsible": "", "deadline": "", "expected": ""},
        )

    def _responsible(self, parties: list[Party]) -> tuple[str, ...]:
        """Who does it; a row nobody is known for stays with the office until it is decided."""
        known = tuple(dict.fromkeys(party.target for party in parties if party.target))
        return known or tuple(unit.code for unit in self.units if unit.kind == OFFICE)[:1]


def _once(objectives: tuple[Objective, ...]) -> tuple[Objective, ...]:
    """A promise that one page makes under another objective too is counted under that one alone."""
    both = {
        (one.number, measure)
        for one in objectives
        for measure in numbers(one.text).keys() & numbers(one.plan_text).keys()
    }

    def kept(one: Objective, target: Target) -> bool:
        if (one.number, target.measure) in both or not one.plan_text:
            return True
        return not any(measure == target.measure for _, measure in both)

    return tuple(
        replace(one, targets=tuple(target for target in one.targets if kept(one, target)))
        for one in objectives
    )


def fingerprint(document: Document) -> str:
    """The SHA-256 of a plan's words, the same for its text, Word and Excel file."""
    words = [document.title, str(document.signed_on)]
    for one in document.objectives.values():
        words += [one.signed, one.annex]
        words += [row.cells[name] for row in one.rows for name in COLUMNS]
    words += document.measures
    return hashlib.sha256("|".join(fold(text).replace(" ", "") for text in words).encode()).hexdigest()


__all__ = ["fingerprint", "read_file"]
