"""What the reader of plans knows of the words offices use, kept as data."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

from domain.plan import Target
from domain.words import fold


@dataclass(frozen=True, slots=True)
class Measure:
    """How a promise is recognised: a pattern over folded words, and its number where it says none."""

    key: str
    unit: str
    pattern: re.Pattern[str]
    value: int | None


@dataclass(frozen=True, slots=True)
class RuleData:
    """Who decides what a rule finds, and whether it is asked first."""

    owner: str
    asked_first: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Corrections, collective names, measures and rules."""

    corrections: tuple[tuple[str, str], ...]
    collectives: dict[str, str]
    measures: tuple[Measure, ...]
    rules: dict[str, RuleData]


_FIGURE = r"(\d+(?:p\d+)?)"  # 95p5 is what 95,5 becomes before signs are folded away
_GENERAL = (
    ("%", re.compile(rf"\b{_FIGURE} phan tram\b")),
    ("per_month", re.compile(rf"\b{_FIGURE} lan moi thang\b")),
    ("count", re.compile(rf"\b(?:toi thieu|it nhat) {_FIGURE} (?!phan tram|lan)")),
)


@cache
def reading() -> Reading:
    """What ships in ``data/plan_reading.toml``."""
    data = tomllib.loads((resources.files("data") / "plan_reading.toml").read_text(encoding="utf-8"))
    return Reading(
        corrections=tuple((entry["wrong"], entry["right"]) for entry in data["corrections"]),
        collectives=data["collectives"],
        measures=tuple(
            Measure(
                entry["key"],
                entry["unit"],
                re.compile(r"\b" + entry["pattern"].replace("#", _FIGURE) + r"\b"),
                entry.get("value"),
            )
            for entry in data["measures"]
        ),
        rules={rule: RuleData(**entry) for rule, entry in data["rules"].items()},
    )


def correct(text: str, found: Counter[tuple[str, str]]) -> str:
    """The text without known slips; each correction made is counted in ``found``."""
    for wrong, right in reading().corrections:
        pattern = re.compile(rf"\b{re.escape(wrong)}\b")
        text, count = pattern.subn(right, text)
        if count:
            found[wrong, right] += count
    return text


def numbers(text: str) -> dict[str, tuple[float, str]]:
    """The numbers a text promises, by measure: value and unit; one nobody knows is ``number_1`` …"""
    text = re.sub(r"(\d)\s*/\s*(\d)", r"\1-\2", text)  # a date or a document's number is no "per"
    text = re.sub(r"(\d)[,.](\d+)\s*%", r"\1p\2%", text)
    words = fold(text.replace("%", " phan tram ").replace("/", " moi "))
    found: dict[str, tuple[float, str]] = {}
    known: set[int] = set()
    for measure in reading().measures:
        match = measure.pattern.search(words)
        if match and measure.value is not None:
            found[measure.key] = (measure.value, measure.unit)
        elif match:
            found[measure.key] = (_value(match[1]), measure.unit)
            known.add(match.start(1))
    others = sorted(
        (match.start(1), _value(match[1]), unit)
        for unit, pattern in _GENERAL
        for match in pattern.finditer(words)
        if match.start(1) not in known
    )
    found.update({f"number_{n}": (value, unit) for n, (_, value, unit) in enumerate(others, 1)})
    return found


def _value(figure: str) -> float:
    value = float(figure.replace("p", "."))
    return int(value) if value.is_integer() else value


def targets(signed: str, annex: str) -> tuple[Target, ...]:
    """An objective's numbers on both pages; where they differ both readings are kept."""
    first, second = numbers(signed), numbers(annex)
    found = []
    for measure in dict.fromkeys([*first, *second]):
        value, unit = first.get(measure) or second[measure]
        other = second.get(measure, (value, unit))[0]
        found.append(Target(measure, value, other if other != value else None, unit))
    return tuple(found)
