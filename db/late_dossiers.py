"""Late dossiers of the one-stop counter as work (KH3.4): an apology to the citizen, and what went wrong.

Each has one task with two parts under the plan's row for what comes up; it is done when both are, and is
then looked at by somebody else, as everything that came up is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from db import audience, audit
from db.dossiers import TOLD
from db.models import dossiers, plan_rows, plans, tasks, units
from domain.dossiers import Dossier, Matters
from domain.people import ONE_STOP_UNIT
from domain.plan import ON_EVENT
from domain.tasks import ASSIGNED, CLOSED, CONFIRMED

STEM = "HS-"
APOLOGY, INSIDE = "-a", "-b"


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be made of a late dossier: titles and days of the whole and its two parts."""

    titles: tuple[str, ...]
    unit_id: int  # who handled it, where known
    apology_on: date
    inside_on: date


def standing(conn: Connection) -> Row[*tuple[Any, ...]] | None:
    """The one-stop unit's open task of the plan's row for what comes up; None without such a row."""
    part = tasks.alias("part")
    query = (
        select(tasks.c.id, tasks.c.row_id, tasks.c.unit_id, tasks.c.assignee_id, tasks.c.created_at)
        .join(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .join(plans, and_(plans.c.id == plan_rows.c.plan_id, plans.c.state == "active"))
        .join(units, units.c.id == tasks.c.unit_id)
        .where(
            plan_rows.c.deadline_kind == ON_EVENT,
            units.c.kind == ONE_STOP_UNIT,
            tasks.c.grown_from.is_(None),
            tasks.c.state.not_in(CLOSED),
            ~select(part.c.id).where(part.c.parent_id == tasks.c.id).exists(),
        )
        .order_by(tasks.c.id)
    )
    return conn.execute(query).first()


def without_matter(conn: Connection, since: date, today: date) -> list[Dossier]:
    """The dossiers due since a day that are late and no matter yet, by number."""
    opened = select(tasks.c.id).where(tasks.c.code == STEM + dossiers.c.number)
    query = select(*TOLD).where(dossiers.c.due_on >= since, ~opened.exists()).order_by(dossiers.c.number)
    found = (Dossier(**row._mapping) for row in conn.execute(query))
    return [each for each in found if each.is_late(today)]


def open_matter(
    conn: Connection,
    dossier: Dossier,
    under: Row[*tuple[Any, ...]],
    work: Work,
    now: datetime,
    today: date,
) -> None:
    """Makes the task of a late dossier and its two parts."""
    whole, apology, inside = work.titles
    code = STEM + dossier.number
    last = max(work.apology_on, work.inside_on)
    above = {"row_id": under.row_id, "grown_from": under.id}
    parent = _task(conn, code, whole, under.unit_id, under.assignee_id, last, now, **above)
    _task(
        conn, code + APOLOGY, apology, under.unit_id, under.assignee_id, work.apology_on, now,
        parent_id=parent,
    )  # fmt: skip
    heads = audience.head(conn, work.unit_id, today)
    holder = heads[0] if heads else under.assignee_id
    _task(conn, code + INSIDE, inside, work.unit_id, holder, work.inside_on, now, parent_id=parent)


def number_of(code: str) -> str:
    """The dossier whose apology a task is; empty for any other task."""
    return code[len(STEM) : -len(APOLOGY)] if code.startswith(STEM) and code.endswith(APOLOGY) else ""


def count(conn: Connection, first: datetime, end: datetime) -> Matters:
    """The matters opened in a time, and how far they are."""
    mine = and_(tasks.c.code.startswith(STEM), tasks.c.created_at >= first, tasks.c.created_at < end)

    def how_many(*where: object) -> int:
        return int(conn.execute(select(func.count()).where(mine, *where)).scalar() or 0)  # type: ignore[arg-type]

    done = tasks.c.state == CONFIRMED
    return Matters(
        how_many(tasks.c.parent_id.is_(None)),
        how_many(tasks.c.code.endswith(APOLOGY), done),
        how_many(tasks.c.parent_id.is_(None), done),
    )


def _task(
    conn: Connection,
    code: str,
    title: str,
    unit_id: int,
    assignee_id: int | None,
    due_on: date,
    now: datetime,
    **more: int,
) -> int:
    values = {"code": code, "title": title, "unit_id": unit_id, "assignee_id": assignee_id, **more}
    made = conn.execute(
        insert(tasks).values(state=ASSIGNED, due_on=due_on, original_due_on=due_on, created_at=now, **values)
    )
    key = made.inserted_primary_key
    assert key is not None
    audit.record(conn, "task", int(key[0]), "late_dossier", now, due_on=due_on)
    return int(key[0])
