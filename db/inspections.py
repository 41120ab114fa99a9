"""Inspections that took place; what is planned is never written down here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from db import audience, audit, rungs
from db.models import findings, inspections, plans, tasks, units
from db.models import rungs as laid
from domain.inspections import Visit
from domain.people import INSPECTION_LEAD, LEADER, Person
from domain.tasks import ASSIGNED

SHOWN_HOURS = 47
"""How long a card about inspections stays in a chat; Telegram lets one take it away for 48 hours."""


def may_see(person: Person) -> bool:
    """Whether a person is asked about, and may record, inspections."""
    return person.has(INSPECTION_LEAD, LEADER)


def record(
    conn: Connection,
    held_on: date,
    words: str,
    by: Person,
    now: datetime,
    *,
    unit_id: int | None = None,
    minutes: str = "",
    minutes_on: date | None = None,
) -> int:
    """Records an inspection that took place and returns its id."""
    made = conn.execute(
        insert(inspections).values(
            held_on=held_on,
            words=words,
            unit_id=unit_id,
            minutes=minutes,
            minutes_on=minutes_on,
            recorded_by=by.id,
            recorded_at=now,
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    audit.record(conn, "inspection", int(key[0]), "recorded", now, actor_id=by.id)
    return int(key[0])


def of(conn: Connection, ids: Iterable[int]) -> list[Visit]:
    """The inspections of these ids."""
    return _load(conn, _query().where(inspections.c.id.in_(list(ids))))


def without_rungs(conn: Connection) -> list[Visit]:
    """Inspections whose findings are not out and about which nobody is to be reminded yet."""
    has = select(laid.c.id).where(laid.c.subject == "visit", laid.c.subject_id == inspections.c.id)
    return _load(conn, _query().where(inspections.c.issued_at.is_(None), ~has.exists()))


def add_minutes(conn: Connection, visit: Visit, number: str, on: date | None, by: int, now: datetime) -> None:
    """Keeps number and date of an inspection's minutes."""
    values = {"minutes": number, "minutes_on": on}
    conn.execute(update(inspections).where(inspections.c.id == visit.id).values(**values))
    audit.record(conn, "inspection", visit.id, "minutes", now, actor_id=by)


def add_finding(
    conn: Connection, visit: Visit, title: str, due_on: date, by: int, now: datetime, today: date
) -> int:
    """Makes a finding a task of the inspected unit's head and returns the task's id."""
    assert visit.unit_id is not None
    heads = audience.head(conn, visit.unit_id, today)
    count = conn.execute(select(func.count()).where(findings.c.inspection_id == visit.id)).scalar() or 0
    made = conn.execute(
        insert(tasks).values(
            code=f"KT-{visit.id}-{count + 1}",
            unit_id=visit.unit_id,
            assignee_id=heads[0] if heads else None,
            title=title,
            state=ASSIGNED,
            due_on=due_on,
            original_due_on=due_on,
            created_at=now,
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    conn.execute(insert(findings).values(inspection_id=visit.id, task_id=int(key[0])))
    audit.record(conn, "task", int(key[0]), "found", now, actor_id=by, inspection=visit.id, due_on=due_on)
    return int(key[0])


def issue(conn: Connection, visit: Visit, by: int, now: datetime) -> None:
    """Notes that all findings are out; nobody is reminded of the inspection any more."""
    conn.execute(update(inspections).where(inspections.c.id == visit.id).values(issued_at=now))
    rungs.supersede(conn, "visit", visit.id)
    audit.record(conn, "inspection", visit.id, "issued", now, actor_id=by)


def held_in_month(conn: Connection, day: date) -> bool:
    """Whether an inspection of ``day``'s month is recorded."""
    first = day.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    query = select(inspections.c.id).where(inspections.c.held_on >= first, inspections.c.held_on < after)
    return conn.execute(query.limit(1)).first() is not None


def are_asked_for(conn: Connection, today: date) -> bool:
    """Whether a plan in force asks for monthly inspections."""
    query = select(plans.c.id).where(plans.c.state == "active", plans.c.effective_from <= today)
    return conn.execute(query.limit(1)).first() is not None


def _query() -> Select[Any]:
    found = select(func.count()).where(findings.c.inspection_id == inspections.c.id).scalar_subquery()
    return (
        select(inspections, units.c.name.label("unit_name"), found.label("findings"))
        .outerjoin(units, units.c.id == inspections.c.unit_id)
        .order_by(inspections.c.held_on, inspections.c.id)
    )


def _load(conn: Connection, query: Select[Any]) -> list[Visit]:
    return [
        Visit(row.id, row.held_on, row.unit_id, row.unit_name or "", row.minutes, row.issued_at, row.findings)
        for row in conn.execute(query).all()
    ]
