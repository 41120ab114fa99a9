"""Answers drawn to be looked at on the spot, and what was found there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db import audit
from db.models import case_recusals, cases, closing_checks, closing_seeds, units
from db.sight import visible_to
from domain.draws import is_drawn
from domain.people import INSPECTION_LEAD, LEADER, Person

WAITING, TRUE, UNTRUE = "waiting", "true", "untrue"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer somebody is to look at; nothing of who sent the case.

    Their words are for a place that only they name.
    """

    id: int
    case_id: int
    code: str
    category: str
    words: str
    place: str
    area: str
    unit_name: str
    answer: str
    answered_on: date
    state: str


def draw(conn: Connection, case_id: int, code: str, answered_on: date, now: datetime) -> bool:
    """Draws an answer just given, or not; an answer of the same case and day is drawn once."""
    if not is_drawn(seed_of(conn, answered_on, now), code, answered_on):
        return False
    its = and_(closing_checks.c.case_id == case_id, closing_checks.c.answered_on == answered_on)
    if conn.execute(select(closing_checks.c.id).where(its)).first() is not None:
        return False
    values = {"case_id": case_id, "answered_on": answered_on, "state": WAITING}
    conn.execute(insert(closing_checks).values(**values))
    return True


def waiting(conn: Connection, viewer: Person) -> list[Drawn]:
    """What this person may look at and nobody has looked at yet, the oldest first."""
    query = _query().where(closing_checks.c.state == WAITING, _looked_at_by(viewer))
    return [Drawn(**row) for row in conn.execute(query.order_by(closing_checks.c.id)).mappings()]


def access(conn: Connection, check_id: int, *, acting: Person) -> Drawn | None:
    """One that waits, for whoever may look at it; None for any other and for one that is gone alike."""
    return next((each for each in waiting(conn, acting) if each.id == check_id), None)


def decide(conn: Connection, check: Drawn, state: str, words: str, by: int, now: datetime) -> None:
    """Keeps what was found."""
    values = {"state": state, "words": words, "decided_by": by, "decided_at": now}
    conn.execute(update(closing_checks).where(closing_checks.c.id == check.id).values(**values))
    audit.record(conn, "case", check.case_id, "looked_at", now, actor_id=by, state=state)


def count(conn: Connection, first: date, last: date, viewer: Person | None) -> dict[str, int]:
    """How many answers of a time were drawn, by what was found, of cases a viewer may see."""
    query = (
        select(closing_checks.c.state, func.count())
        .join(cases, cases.c.id == closing_checks.c.case_id)
        .where(
            closing_checks.c.answered_on >= first, closing_checks.c.answered_on <= last, visible_to(viewer)
        )
        .group_by(closing_checks.c.state)
    )
    found = {row[0]: row[1] for row in conn.execute(query)}
    return {state: found.get(state, 0) for state in (WAITING, TRUE, UNTRUE)}


def seeds(conn: Connection, first: date, today: date) -> list[tuple[str, str]]:
    """The seeds of the months since a day that are over, by month: until then nobody may know them."""
    months = closing_seeds.c.month
    query = select(months, closing_seeds.c.seed).where(months >= _month(first), months < _month(today))
    return [(row.month, row.seed) for row in conn.execute(query.order_by(months))]


def seed_of(conn: Connection, day: date, now: datetime) -> str:
    """The seed of the month of a day, made with its first answer."""
    month = _month(day)
    its = select(closing_seeds.c.seed).where(closing_seeds.c.month == month)
    known = conn.execute(its).scalar()
    if known is None:
        # Two answers may be the month's first at once: the second waits here, and has the seed of the first.
        upsert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
        row = upsert(closing_seeds).values(month=month, seed=secrets.token_hex(8), made_at=now)
        conn.execute(row.on_conflict_do_nothing(index_elements=["month"]))
        known = conn.execute(its).scalar_one()
    return str(known)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _query() -> Select[Any]:
    return (
        select(
            closing_checks.c.id,
            closing_checks.c.case_id,
            closing_checks.c.answered_on,
            closing_checks.c.state,
            cases.c.code,
            cases.c.category,
            cases.c.words,
            cases.c.place,
            cases.c.area,
            cases.c.answer,
            units.c.name.label("unit_name"),
        )
        .join(cases, cases.c.id == closing_checks.c.case_id)
        .join(units, units.c.id == cases.c.unit_id)
    )


def _looked_at_by(person: Person) -> ColumnElement[bool]:
    """Leaders what they see; an inspection lead what is about nobody and not of the own unit.

    Nobody looks at the own answer, nor at a case from which they stepped aside.
    """
    aside = select(case_recusals.c.case_id).where(case_recusals.c.person_id == person.id)
    others = and_(
        or_(cases.c.answered_by.is_(None), cases.c.answered_by != person.id), cases.c.id.not_in(aside)
    )
    if person.has(LEADER):
        return and_(visible_to(person), others)
    if not person.has(INSPECTION_LEAD):
        return false()
    return and_(visible_to(None), cases.c.unit_id.not_in(person.unit_ids), others)
