"""A case that several units answer: one part a unit (hồ sơ con), one answer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from db import cases as cases_db
from db import files
from db.cases import Case
from db.files import Stored
from db.models import cases
from domain.case_states import STARTS
from domain.cases import ASKED
from domain.codes import new_code


def add(conn: Connection, parent: Case, unit_id: int, due_on: date, now: datetime) -> Case:
    """Makes a part of a case for a unit, due on a day of its own; the words stay with the parent alone.

    It is no intake, so it has neither sender nor PIN and is not in the register.
    """
    code = new_code()
    while conn.execute(select(cases.c.id).where(cases.c.code == code)).first():
        code = new_code()
    conn.execute(
        insert(cases).values(
            code=code,
            pin_hash="",
            track=parent.track,
            state=STARTS[parent.track],
            category=parent.category,
            words="",
            area=parent.area,
            unit_id=unit_id,
            received_at=now,
            due_on=due_on,
            promised_on=due_on,
            part_of=parent.id,
            privacy=parent.privacy,
            about_unit_id=parent.about_unit_id,
            about_person_id=parent.about_person_id,
        )
    )
    found = cases_db.by_code(conn, code)
    assert found is not None
    return found


def of(conn: Connection, case_id: int) -> list[Case]:
    """The parts of a case, in the order they were given."""
    ids = conn.execute(select(cases.c.id).where(cases.c.part_of == case_id).order_by(cases.c.id)).scalars()
    return [part for each in ids.all() if (part := cases_db.get(conn, each)) is not None]


def asking(conn: Connection, case_id: int) -> Case | None:
    """The part of a case for which its citizen was asked something; one at a time."""
    return next((part for part in of(conn, case_id) if part.state == ASKED), None)


def whole(conn: Connection, case: Case) -> Case:
    """The case a part belongs to; a case that is no part is whole itself."""
    found = cases_db.get(conn, case.part_of) if case.part_of else None
    return found or case


def answer_files(conn: Connection, case: Case) -> list[Stored]:
    """The files of the answer that a citizen got: of the case that was worked on, and of its parts."""
    answered = case.joined_to or case.id
    ids = [answered, *conn.execute(select(cases.c.id).where(cases.c.part_of == answered)).scalars()]
    return sorted(
        (file for each in ids for file in files.of_subject(conn, "answer", each)), key=lambda f: f.id
    )
