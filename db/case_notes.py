"""What officials note about a case for one another.

A table and functions of their own: nothing that words or sends a message to a citizen reads them
(``tests/test_case_notes.py`` looks at every import).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from db.models import case_notes, people


@dataclass(frozen=True, slots=True)
class Note:
    """A note and who wrote it."""

    author: str
    words: str
    at: datetime


def add(conn: Connection, case_id: int, author_id: int, words: str, now: datetime) -> None:
    """Keeps a note."""
    conn.execute(insert(case_notes).values(case_id=case_id, author_id=author_id, words=words, at=now))


def of_case(conn: Connection, case_id: int, limit: int = 5) -> list[Note]:
    """The newest notes of a case, oldest first."""
    query = (
        select(case_notes.c.words, case_notes.c.at, people.c.name)
        .join(people, people.c.id == case_notes.c.author_id)
        .where(case_notes.c.case_id == case_id)
        .order_by(case_notes.c.id.desc())
        .limit(limit)
    )
    return [Note(row.name, row.words, row.at) for row in reversed(conn.execute(query).all())]


def count(conn: Connection, case_id: int) -> int:
    """How many notes a case has."""
    query = select(func.count()).where(case_notes.c.case_id == case_id)
    return int(conn.execute(query).scalar() or 0)
