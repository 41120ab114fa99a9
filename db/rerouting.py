"""Matters that wait where the rules of routing sent them: nobody took, moved or sent them back yet."""

from __future__ import annotations

from sqlalchemy import Connection, select

from db import cases as cases_db
from db.cases import Case
from db.models import cases, events
from db.sight import visible_to
from domain.cases import RECEIVED
from domain.people import Person
from domain.sight import NONE
from domain.tracks import FIELD_REPORT, SUGGESTION

_HANDLED = ("taken", "moved", "returned", "unaccepted", "set_apart", "redo", "merge_undone", "carried_on")


def untouched(conn: Connection, viewer: Person) -> list[Case]:
    """Those that an official may see; of one without contact nobody knows the hour, so that it stays."""
    handled = select(events.c.subject_id).where(events.c.subject == "case", events.c.action.in_(_HANDLED))
    waiting = (
        cases.c.state == RECEIVED,
        cases.c.track.in_((FIELD_REPORT, SUGGESTION)),
        cases.c.privacy != NONE,
        cases.c.part_of.is_(None),
        cases.c.about_unit_id.is_(None),
        cases.c.about_person_id.is_(None),
        cases.c.id.not_in(handled),
        visible_to(viewer),
    )
    ids = conn.execute(select(cases.c.id).where(*waiting).order_by(cases.c.id)).scalars()
    return [case for each in ids.all() if (case := cases_db.get(conn, each)) is not None]
