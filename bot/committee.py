"""Reads a committee's folder of data and brings its units and calendar into the database."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import people
from domain.answer_templates import FACTS, STATES, AnswerTemplate
from domain.answers import Answers, read_answers
from domain.areas import Area, Areas, Elsewhere
from domain.asking import Asking
from domain.calendar import OFF, WORKED, Calendar
from domain.case_terms import CaseTerms, read_terms
from domain.categories import read_categories
from domain.committee import Committee, LegalLimit
from domain.errors import RuleError
from domain.ground import Outline, read_outline
from domain.ladders import Ladder, Rhythm, read_ladders, read_rhythm
from domain.likeness import Likeness, learn
from domain.quota import Quota, read_quota
from domain.reading import Sample
from domain.reception import read_slots
from domain.retention import Retention, read_retention
from domain.routing import Routing, read_routing
from domain.screening import Screening
from domain.spoken import Spoken
from domain.tracks import TRACKS, Signs
from domain.words import fold, without, written_out
from locales.answers import trouble


@dataclass(frozen=True, slots=True)
class UnitData:
    """A unit as the committee's file names it, with the other names documents use for it."""

    code: str
    name: str
    kind: str
    parent: str
    aliases: tuple[str, ...]


def committee_folder(path: str = "") -> Traversable:
    """The folder of a committee's data: the given one, or the first committee's that ships with us."""
    return Path(path) if path else resources.files("data") / "phuoc_long"


def load_committee(folder: Traversable, zone: ZoneInfo) -> Committee:
    """The committee of a folder; raises KeyError for a missing entry, ``…_broken`` for a wrong one."""
    data = _toml(folder / "committee.toml")
    areas = load_areas(folder)
    limits = _toml(resources.files("data") / "legal.toml")
    return Committee(
        name=data["name"],
        place=data["place"],
        address=data["address"],
        phone=data["phone"],
        hours=data["hours"],
        reception_place=data["reception_place"],
        reception_days=tuple(data["reception_days"]),
        parent=data["parent"],
        zone=zone,
        categories=read_categories(data.get("categories", ()), [entry["code"] for entry in data["units"]]),
        limits={
            code: LegalLimit(code=code, **{**entry, "in_force_from": entry["in_force_from"].isoformat()})
            for code, entry in limits.items()
        },
        areas=areas,
        emergency=data["emergency"],
        public_list=bool(data.get("public_list", False)),
        conflict_units=tuple(data.get("conflict_units", ())),
        screening=load_screening(),
        signs=load_signs(),
        quota=load_quota(),
        ladders=load_ladders(),
        rhythms=load_rhythms(folder),
        aliases={entry["code"]: tuple(entry.get("aliases", ())) for entry in data["units"]},
        routing=load_routing(folder, data, areas),
        terms=load_terms(folder),
        retention=load_retention([entry["code"] for entry in data.get("categories", ())]),
        templates=load_templates(folder, [entry["code"] for entry in data["categories"]]),
        reception_slots=read_slots(data.get("reception_slots", ())),
        answers=load_answers(folder),
        asking=load_asking(),
        names=data.get("names", {}),
        spoken=load_spoken(),
    )


def load_ladders(file: Traversable | None = None) -> dict[str, Ladder]:
    """The ladders of reminders by name: of a file, or those that ship with us; raises ``ladder_broken``."""
    try:
        return read_ladders(_toml(file or resources.files("data") / "ladders.toml"))
    except tomllib.TOMLDecodeError as error:
        raise RuleError("ladder_broken", ladder="", rung="", reason="toml", value=str(error)) from error


def load_rhythms(folder: Traversable) -> dict[int, Rhythm]:
    """The rhythm of each year's plan; a folder without any leaves everything at its default."""
    file = folder / "rhythm.toml"
    return {int(year): read_rhythm(data) for year, data in _toml(file).items()} if file.is_file() else {}


def load_routing(folder: Traversable, data: Mapping[str, Any], areas: Areas) -> Routing:
    """The rules by which matters go to units; raises ``routing_broken`` with rule and reason."""
    codes = [entry["code"] for entry in data["units"]]
    kinds = [entry["code"] for entry in data["categories"]]
    try:
        rules = _toml(folder / "routing.toml")
    except tomllib.TOMLDecodeError as error:
        raise RuleError("routing_broken", rule=0, reason="toml", value=str(error)) from error
    return read_routing(rules, codes, kinds, [area.code for area in areas.all])


def load_templates(folder: Traversable, categories: Collection[str]) -> tuple[AnswerTemplate, ...]:
    """The templates of answers, or none; raises ``templates_broken`` with the template's number."""
    file = folder / "templates.toml"
    entries = _toml(file).get("templates", []) if file.is_file() else []
    for number, entry in enumerate(entries, 1):
        wrong: tuple[str, str] | None = None
        if not entry.get("name") or set(entry) - {"name", "text", "category", "state"}:
            wrong = ("field", ", ".join(sorted(set(entry) - {"name", "text", "category", "state"})))
        elif entry.get("category", "") not in ("", *categories):
            wrong = ("category", entry["category"])
        elif entry.get("state", STATES[0]) not in STATES:
            wrong = ("state", entry["state"])
        if wrong := wrong or trouble(entry.get("text", ""), FACTS):
            raise RuleError("templates_broken", number=number, reason=wrong[0], value=wrong[1])
    return tuple(AnswerTemplate(**entry) for entry in entries)


def load_terms(folder: Traversable) -> CaseTerms:
    """How long each step of a case may take; a folder that says nothing has our defaults."""
    file = folder / "handling.toml"
    return read_terms(_toml(file)) if file.is_file() else CaseTerms()


def load_retention(categories: Collection[str], file: Traversable | None = None) -> Retention:
    """How long matters are kept: of a file, or what ships with us; raises ``retention_broken``."""
    try:
        data = _toml(file or resources.files("data") / "retention.toml")
    except tomllib.TOMLDecodeError as error:
        raise RuleError("retention_broken", rule=0, reason="toml", value=str(error)) from error
    return read_retention(data, TRACKS, categories)


def load_quota(file: Traversable | None = None) -> Quota:
    """The limits against flooding; raises ``quota_broken`` with entry and reason."""
    try:
        return read_quota(_toml(file or resources.files("data") / "quota.toml"))
    except tomllib.TOMLDecodeError as error:
        raise RuleError("quota_broken", name="", reason="toml", value=str(error)) from error


@cache
def load_screening() -> Screening:
    """The words that are looked for before anything is stored; learning them takes a tenth of a second."""
    data = _toml(resources.files("data") / "screening.toml")
    lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    deeds = ((track, without(words, lists["in_office"])) for track, words in _learnt_from())
    return Screening(
        **lists,
        harmless_after=data["harmless_after"],
        always_harmless_after=data["always_harmless_after"],
        typed=_typed(),
        likeness=load_likeness(),
        deeds=learn(deeds),
    )


def load_signs() -> Signs:
    """The words by which tracks are told apart, and how people shorten words."""
    data = _toml(resources.files("data") / "tracks.toml")
    return Signs(
        **{name: tuple(words) for name, words in data.items()}, typed=_typed(), likeness=load_likeness()
    )


def load_samples(name: str = "messages.toml") -> tuple[Sample, ...]:
    """The messages with what each should be taken for."""
    data = _toml(resources.files("data") / name)
    return tuple(Sample(**entry, track=track) for track, entries in data.items() for entry in entries)


@cache
def load_likeness() -> Likeness:
    """What the messages teach."""
    return learn(_learnt_from())


def _learnt_from() -> list[tuple[str, str]]:
    typed = _typed()
    return [(sample.track, written_out(sample.text, typed)) for sample in load_samples()]


def load_areas(folder: Traversable) -> Areas:
    """The ground of a committee; a part's code is its ward's and its own name: "LT-khupho5"."""
    file = folder / "areas.toml"
    data = _toml(file) if file.is_file() else {"areas": []}
    found: list[Area] = []
    for entry in data["areas"]:
        code, unit, aliases = entry["code"], entry["unit"], entry.get("aliases", {})
        outline = _outline(file, entry["name"], entry)
        found.append(Area(code, entry["name"], "", unit, tuple(aliases.get(entry["name"], ())), outline))
        found += (
            Area(f"{code}-{fold(name).replace(' ', '')}", name, code, unit, tuple(aliases.get(name, ())))
            for name in entry.get("parts", ())
        )
    neighbours = (
        Elsewhere(e["name"], e.get("contact", ""), tuple(e["names"]), _outline(file, e["name"], e))
        for e in data.get("elsewhere", ())
    )
    return Areas(tuple(found), tuple(neighbours), _outline(file, "", data))


def _outline(file: Traversable, name: str, entry: Mapping[str, Any]) -> Outline:
    try:
        return read_outline(entry.get("outline", ()))
    except ValueError as no:
        raise RuleError("areas_broken", entry=name or file.name, value=str(no)) from no


def load_answers(folder: Traversable) -> Answers:
    """What citizens often ask, by a committee's file, or nothing; raises ``answers_broken``."""
    file = folder / "answers.toml"
    if not file.is_file():
        return Answers()
    try:
        data = _toml(file)
    except tomllib.TOMLDecodeError as error:
        raise RuleError("answers_broken", entry="", reason="toml", value=str(error)) from error
    answers = read_answers(data, _typed(), [unit.code for unit in load_units(folder)])
    limits = {"", *_toml(resources.files("data") / "legal.toml")}
    if wrong := next((each for each in answers.entries if each.limit not in limits), None):
        raise RuleError("answers_broken", entry=wrong.id, reason="limit", value=wrong.limit)
    return answers


def load_asking() -> Asking:
    """The words by which a question is told from a complaint."""
    lists = {name: tuple(words) for name, words in _toml(resources.files("data") / "asking.toml").items()}
    return Asking(**lists, typed=_typed())


def load_spoken() -> Spoken:
    """The words that people say instead of pressing a choice."""
    data = _toml(resources.files("data") / "spoken.toml")
    lists = {name: tuple(words) for name, words in data.items() if isinstance(words, list)}
    return Spoken(**lists, numbers=data["numbers"], typed=_typed())


def _typed() -> dict[str, Any]:
    return _toml(resources.files("data") / "typed.toml")


def load_units(folder: Traversable) -> tuple[UnitData, ...]:
    """The units of a committee's folder, parents first."""
    return tuple(
        UnitData(
            entry["code"], entry["name"], entry["kind"], entry.get("parent", ""),
            tuple(entry.get("aliases", ())),
        )
        for entry in _toml(folder / "committee.toml")["units"]
    )  # fmt: skip


def shipped_calendar(zone: ZoneInfo) -> Calendar:
    """The calendar that ships with us, for work without a database."""
    entries, decided = _shipped_days()
    return Calendar(
        zone,
        closed=frozenset(entry.day for entry in entries if entry.kind == OFF),
        worked=frozenset(entry.day for entry in entries if entry.kind == WORKED),
        confirmed_years=decided,
    )


def _shipped_days() -> tuple[list[calendar_db.Entry], frozenset[int]]:
    """The days that ship with us, and the years in which all of them were decided."""
    days = {date.fromisoformat(d): e for d, e in _toml(resources.files("data") / "calendar.toml").items()}
    entries = [calendar_db.Entry(day, e["kind"], e["note"], e["source"]) for day, e in days.items()]
    open_years = {day.year for day, entry in days.items() if not entry.get("decided", True)}
    return entries, frozenset({day.year for day in days} - open_years)


def bring_in(conn: Connection, folder: Traversable) -> None:
    """Adds the units and calendar days that the database does not have yet; changes none that it has."""
    known = {unit.code: unit.id for unit in people.all_units(conn)}
    for unit in load_units(folder):
        if unit.code not in known:
            parent = known.get(unit.parent)
            known[unit.code] = people.add_unit(conn, unit.code, unit.name, unit.kind, parent)
    calendar_db.seed(conn, *_shipped_days())


def _toml(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
