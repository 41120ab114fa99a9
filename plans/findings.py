"""Finds by general rules what contradicts itself, is missing or cannot be acted on in any plan."""

from __future__ import annotations

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.chat import Facts
from domain.plan import AFTER, BY_PLAN, FIXED, RECURRING, Finding, Plan, Row
from domain.words import fold, has_words
from plans.parties import Party
from plans.reading import numbers, reading

_SENTENCE = re.compile(r"(?<=\.)\s+")
_APPROVES = re.compile(r"^(?:xem xet|tham dinh|phe duyet|duyet)\b")
_HANDLED = 0.34  # the share of a sentence's word pairs that its rows must speak of
_SPELLED_ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class Evidence:
    """What only the reading of the file can tell."""

    signed: Mapping[int, str]  # an objective's wording on the signed page, empty when it is not there
    spelled: tuple[tuple[str, Party], ...]  # every name in a responsible cell, with its row
    names: Mapping[str, str]  # unit code -> name
    leaders: frozenset[str]  # the codes that mean the committee's leaders
    corrections: Counter[tuple[str, str]]
    joined: tuple[int, ...]
    heads: tuple[str, ...]
    stray: tuple[str, ...]


def find(plan: Plan, evidence: Evidence) -> tuple[Finding, ...]:
    """Every finding of the general rules, in their order."""
    found = [
        *_two_numbers(plan),
        *_no_number(plan),
        *_no_row(plan, evidence),
        *_rows(
            "relative_days",
            (row for row in plan.rows if row.deadline.kind == AFTER and not row.deadline.days),
        ),
        *_rows(
            "no_frequency",
            (row for row in plan.rows if row.deadline.kind == RECURRING and not row.deadline.every),
        ),
        *_rows("missing_plan", (row for row in plan.rows if row.deadline.kind == BY_PLAN)),
        *_past_date(plan),
        *_due_together(plan),
        *_author_approves(plan, evidence.leaders),
        *_unknown_unit(evidence),
        *_misspelt_unit(evidence),
        *_stray_text(evidence),
        *_layout(evidence),
        *_corrections(evidence),
    ]
    return tuple(found)


def _finding(rule: str, places: Iterable[str], **facts: object) -> Finding:
    data = reading().rules[rule]
    return Finding(rule, tuple(places), facts, data.owner, data.asked_first)


def _rows(rule: str, rows: Iterable[Row], **facts: object) -> list[Finding]:
    """One finding for all rows that have the same lack."""
    codes = [row.code for row in rows]
    return [_finding(rule, codes, rows=codes, **facts)] if codes else []


def _two_numbers(plan: Plan) -> list[Finding]:
    return [
        _finding(
            "two_numbers", [objective.code], signed=target.commit, annex=target.stretch, unit=target.unit
        )
        for objective in plan.objectives
        for target in objective.targets
        if target.stretch is not None
    ]


def _no_number(plan: Plan) -> list[Finding]:
    return [_finding("no_number", [one.code]) for one in plan.objectives if not one.targets]


def _no_row(plan: Plan, evidence: Evidence) -> list[Finding]:
    """Sentences of an objective that have neither a number nor a row of the plan."""
    found = []
    for objective in plan.objectives:
        rows = [row for row in plan.rows if row.objective == objective.number]
        done = _pairs(" ".join(f"{row.text} {row.expected}" for row in rows))
        texts = (evidence.signed[objective.number], objective.plan_text)
        sentences = {fold(one): one for text in texts for one in _SENTENCE.split(text) if fold(one)}
        idle = [
            sentence.rstrip(" ./;")
            for sentence in sentences.values()
            if not rows or (not numbers(sentence) and _share(_pairs(sentence), done) < _HANDLED)
        ]
        if idle:
            found.append(_finding("no_row", [objective.code], sentences=idle))
    return found


def _past_date(plan: Plan) -> list[Finding]:
    """Rows whose day is over, or is today, when the plan is signed."""
    signed = plan.signed_on
    if signed is None:
        return []
    dated = [(row.code, row.deadline.due_on) for row in plan.rows if row.deadline.due_on]
    past = [code for code, day in dated if day and day < signed]
    same = [code for code, day in dated if day == signed]
    if not past and not same:
        return []
    return [_finding("past_date", [*past, *same], signed_on=signed, past=past, same=same)]


def _due_together(plan: Plan) -> list[Finding]:
    pairs = [
        [before.code, row.code]
        for before, row in _neighbours(plan.rows)
        if row.deadline.kind == FIXED
        and row.deadline.due_on == before.deadline.due_on
        and has_words(fold(row.text), "phe duyet")
    ]
    return [_finding("due_together", [code for pair in pairs for code in pair], pairs=pairs)] if pairs else []


def _author_approves(plan: Plan, leaders: frozenset[str]) -> list[Finding]:
    """Rows in which a unit that wrote the row before takes part in approving it."""
    rows = [
        row
        for before, row in _neighbours(plan.rows)
        if _APPROVES.match(fold(row.text)) and set(before.responsible) & set(row.responsible) - leaders
    ]
    return _rows("author_approves", rows)


def _unknown_unit(evidence: Evidence) -> list[Finding]:
    unknown = [(code, party.spelled) for code, party in evidence.spelled if not party.target]
    if not unknown:
        return []
    codes = dict.fromkeys(code for code, _ in unknown)
    return [_finding("unknown_unit", codes, names=[{"row": code, "name": name} for code, name in unknown])]


def _misspelt_unit(evidence: Evidence) -> list[Finding]:
    """Units whose name is written in several ways that look alike, or not as the committee writes it."""
    ways: dict[str, Counter[str]] = {}
    for _, party in evidence.spelled:
        if party.target in evidence.names:
            ways.setdefault(party.target, Counter())[party.spelled] += 1
    units, slips = [], set[str]()
    for code, spellings in ways.items():
        name = evidence.names[code]
        odd = {text: n for text, n in spellings.items() if fold(text) != fold(name) and _alike(text, name)}
        if odd:
            slips |= odd.keys()
            units.append({"name": name, "spellings": [{"text": text, "count": n} for text, n in odd.items()]})
    if not units:
        return []
    codes = dict.fromkeys(code for code, party in evidence.spelled if party.spelled in slips)
    return [_finding("misspelt_unit", codes, units=units)]


def _stray_text(evidence: Evidence) -> list[Finding]:
    return [_finding("stray_text", [], texts=list(evidence.stray))] if evidence.stray else []


def _layout(evidence: Evidence) -> list[Finding]:
    """What had to be put together or taken apart to read the tables."""
    together = list(dict.fromkeys(code for code, party in evidence.spelled if not party.separated))
    heads = list(evidence.heads) if len({fold(head) for head in evidence.heads}) > 1 else []
    joined = list(evidence.joined)
    if not (together or heads or joined):
        return []
    return [_finding("layout", together, together=together, joined=joined, heads=heads)]


def _corrections(evidence: Evidence) -> list[Finding]:
    made: list[Facts] = [
        {"wrong": wrong, "right": right, "count": n} for (wrong, right), n in evidence.corrections.items()
    ]
    return [_finding("corrections", [], made=made)] if made else []


def _neighbours(rows: tuple[Row, ...]) -> list[tuple[Row, Row]]:
    return [(a, b) for a, b in itertools.pairwise(rows) if a.objective == b.objective]


def _pairs(text: str) -> set[tuple[str, str]]:
    words = fold(text).split()
    return set(itertools.pairwise(words))


def _share(wanted: set[tuple[str, str]], given: set[tuple[str, str]]) -> float:
    return len(wanted & given) / len(wanted) if wanted else 1.0


def _alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, fold(one), fold(other)).ratio() >= _SPELLED_ALIKE
