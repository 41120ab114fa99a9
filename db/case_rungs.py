"""Citizens' cases as the ladder of reminders sees them: a code, a day and who works on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, select

from db import rungs
from db.models import cases
from db.sight import visible_to
from domain.cases import ASKED, OPEN
from domain.people import Person


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case whose clock runs."""

    id: int
    code: str
    unit_id: int
    handler_id: int | None
    received_at: datetime
    due_on: date
    category: str = ""
    part_of: int | None = None
    about_unit_id: int | None = None
    about_person_id: int | None = None

    @property
    def period(self) -> str:
        """The period of its rungs: the day it is due; moved, it has rungs of its own."""
        return self.due_on.isoformat()

    @property
    def schedule(self) -> int:
        """The schedule of its rungs: another handler has rungs of their own."""
        return self.handler_id or 0


def running(conn: Connection, ids: Iterable[int] | None = None) -> list[OpenCase]:
    """The cases whose clock runs: open, and not waiting for the citizen; all, or those of these ids.

    For laying rungs; what a person is shown is :func:`running_for`.
    """
    return _running(conn, ids)


def running_for(conn: Connection, ids: Iterable[int], viewer: Person | None) -> list[OpenCase]:
    """The cases of these ids whose clock runs and that an official may see."""
    return _running(conn, ids, visible_to(viewer))


def without_rungs(conn: Connection) -> list[OpenCase]:
    """Running cases for whose present day and handler no rungs are laid yet."""
    found = running(conn)
    if not found:
        return []
    laid = rungs.of_subjects(conn, "case", [case.id for case in found])
    return [case for case in found if (case.id, case.period, case.schedule) not in laid]


def _running(conn: Connection, ids: Iterable[int] | None, *conditions: ColumnElement[bool]) -> list[OpenCase]:
    running = [state for state in OPEN if state != ASKED]  # written out: by them the index is found
    states: BindParameter[str] = bindparam("running", running, expanding=True, literal_execute=True)
    query = select(cases).where(cases.c.state.in_(states), *conditions).order_by(cases.c.due_on, cases.c.id)
    if ids is not None:
        query = query.where(cases.c.id.in_(list(ids)))
    rows = conn.execute(query).all()
    return [
        OpenCase(
            r.id,
            r.code,
            r.unit_id,
            r.handler_id,
            r.received_at,
            r.due_on,
            r.category,
            r.part_of,
            r.about_unit_id,
            r.about_person_id,
        )
        for r in rows
    ]
