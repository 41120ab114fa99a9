"""Officials who stepped aside from a case because they have a stake in it; it is theirs no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from db.models import case_recusals


def add(conn: Connection, case_id: int, person_id: int, now: datetime) -> None:
    """Notes that a person steps aside; once is enough."""
    if not has(conn, case_id, person_id):
        conn.execute(insert(case_recusals).values(case_id=case_id, person_id=person_id, at=now))


def has(conn: Connection, case_id: int, person_id: int) -> bool:
    """Whether a person stepped aside from a case."""
    mine = (case_recusals.c.case_id == case_id, case_recusals.c.person_id == person_id)
    return conn.execute(select(case_recusals.c.case_id).where(*mine)).first() is not None
