"""Which unit gets a new matter: ordered rules as data, the first that fits wins, else the duty officer.

A rule holds for kinds of matter, areas (a ward's rule holds for its parts), hours and words; what it
does not name does not matter to it.  ``features-citizen.md``, row 27.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from domain.errors import RuleError
from domain.words import fold, has_words

OF_CATEGORY = "category"  # the unit that the kind of matter names
FIELDS = ("to", "categories", "areas", "hours", "words", "why")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the file; ``number`` counts from one."""

    number: int
    to: str  # unit code, or OF_CATEGORY
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    hours: tuple[tuple[time, time], ...] = ()  # from, up to and without; over midnight where from is later
    words: tuple[str, ...] = ()  # folded
    why: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What the rules look at; ``areas`` is the chain of areas that its place lies in."""

    category: str
    category_unit: str
    text: str
    at: time
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a matter goes: by which rule (none: the duty officer), and what kept those before it off."""

    unit: str
    rule: Rule | None
    passed: tuple[
        tuple[Rule, str], ...
    ] = ()  # rule, and the condition it failed: category | area | hour | words


@dataclass(frozen=True, slots=True)
class Routing:
    """The rules in their order, and the unit of the duty officer (trực)."""

    duty: str
    rules: tuple[Rule, ...] = ()

    def route(self, matter: Matter) -> Routed:
        """The first rule that fits."""
        passed: list[tuple[Rule, str]] = []
        for rule in self.rules:
            if failed := _fails(rule, matter):
                passed.append((rule, failed))
                continue
            unit = matter.category_unit if rule.to == OF_CATEGORY else rule.to
            return Routed(unit, rule, tuple(passed))
        return Routed(self.duty, None, tuple(passed))


def read_routing(
    data: Mapping[str, Any], units: Collection[str], categories: Collection[str], areas: Collection[str]
) -> Routing:
    """The rules of a file; raises ``routing_broken`` with the rule's number and the reason."""
    for name in data:
        if name not in ("duty", "rules"):
            raise _broken(0, "field", name)
    duty = data.get("duty", "")
    if duty not in units:
        raise _broken(0, "duty", duty)
    rules = [_rule(n, entry, units, categories, areas) for n, entry in enumerate(data.get("rules", ()), 1)]
    return Routing(duty, tuple(rules))


def _rule(
    number: int,
    entry: Mapping[str, Any],
    units: Collection[str],
    categories: Collection[str],
    areas: Collection[str],
) -> Rule:
    for name in entry:
        if name not in FIELDS:
            raise _broken(number, "field", name)
    to = entry.get("to", "")
    if to != OF_CATEGORY and to not in units:
        raise _broken(number, "unit", to)
    for name, known in (("categories", categories), ("areas", areas)):
        for value in _list(number, entry, name):
            if value not in known:
                raise _broken(number, name, value)
    words = tuple(fold(word) for word in _list(number, entry, "words"))
    if "" in words:
        raise _broken(number, "words", "")
    hours = tuple(_span(number, value) for value in _list(number, entry, "hours"))
    return Rule(
        number, to, tuple(entry.get("categories", ())), tuple(entry.get("areas", ())), hours, words,
        str(entry.get("why", "")),
    )  # fmt: skip


def _list(number: int, entry: Mapping[str, Any], name: str) -> Sequence[str]:
    values = entry.get(name, ())
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise _broken(number, "list", name)
    if name in entry and not values:
        raise _broken(number, "empty", name)
    return values


def _span(number: int, value: str) -> tuple[time, time]:
    try:
        first, last = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise _broken(number, "hours", value) from None
    if first == last:
        raise _broken(number, "hours", value)
    return first, last


def _fails(rule: Rule, matter: Matter) -> str:
    """The first condition of a rule that a matter does not meet; empty if it meets all."""
    if rule.categories and matter.category not in rule.categories:
        return "category"
    if rule.areas and not set(rule.areas) & set(matter.areas):
        return "area"
    if rule.hours and not any(_within(matter.at, first, last) for first, last in rule.hours):
        return "hour"
    folded = fold(matter.text)
    if rule.words and not any(has_words(folded, word) for word in rule.words):
        return "words"
    return ""


def _within(at: time, first: time, last: time) -> bool:
    return first <= at < last if first < last else at >= first or at < last


def _broken(rule: int, reason: str, value: object) -> RuleError:
    return RuleError("routing_broken", rule=rule, reason=reason, value=str(value))
