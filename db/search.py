"""Finds cases by their words, with or without accents; the index lives and dies in the case's transaction.

Notes between officials are never in it, and what is erased or sealed leaves it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    literal_column,
    select,
    table,
    text,
)

from db import search_table
from db.models import case_messages, cases, units
from db.sight import readable_by
from domain.cases import ASKED, OPEN
from domain.people import Person
from domain.search import Query
from domain.words import fold

SAID = ("reply", "added", "reopen", "question", "answer")  # what is said to or by the citizen
LONGEST_WORD = 40

_PUT = {
    "sqlite": "INSERT INTO case_search (rowid, words) VALUES (:case_id, :words)",
    "postgresql": "INSERT INTO case_search (case_id, words)"
    " VALUES (:case_id, array_to_tsvector(string_to_array(:words, ' ')))",
}
_TAKE = {
    "sqlite": "DELETE FROM case_search WHERE rowid = :case_id",
    "postgresql": "DELETE FROM case_search WHERE case_id = :case_id",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A case as a line of a list of results."""

    id: int
    code: str
    track: str
    category: str
    words: str
    state: str
    due_on: date
    unit_name: str


def put(conn: Connection, case_id: int, words: str) -> None:
    """Enters a case's words."""
    folded = " ".join(dict.fromkeys(word[:LONGEST_WORD] for word in fold(words).split()))
    if folded:
        conn.execute(text(_PUT[conn.dialect.name]), {"case_id": case_id, "words": folded})


def refresh(conn: Connection, case_id: int) -> None:
    """Makes the index say what the case and the talk about it say now."""
    row = conn.execute(
        select(cases.c.words, cases.c.place, cases.c.answer).where(cases.c.id == case_id)
    ).one()
    said = select(case_messages.c.words).where(
        case_messages.c.case_id == case_id, case_messages.c.kind.in_(SAID)
    )
    _take(conn, case_id)
    put(conn, case_id, " ".join([*row, *conn.execute(said).scalars()]))


def erase(conn: Connection, *case_ids: int) -> None:
    """Takes cases' words out, from the disk too: SQLite's index would keep deleted ones for a while."""
    for case_id in case_ids:
        _take(conn, case_id)
    if conn.dialect.name == "sqlite":
        conn.execute(text("INSERT INTO case_search (case_search) VALUES ('optimize')"))


def find(
    conn: Connection, query: Query, reader: Person, today: date, *, limit: int, offset: int = 0
) -> list[Found]:
    """The cases that a query means and the reader may read, the newest first."""
    conditions: list[ColumnElement[bool]] = [readable_by(reader)]
    if query.states:
        conditions.append(cases.c.state.in_(query.states))
    if query.overdue:
        running = [state for state in OPEN if state != ASKED]
        conditions.append(and_(cases.c.state.in_(running), cases.c.due_on < today))
    if query.mine:
        conditions.append(cases.c.handler_id == reader.id)
    if query.unit:
        conditions.append(units.c.code == query.unit)
    if query.areas:
        conditions.append(cases.c.area.in_(query.areas))
    columns = (
        cases.c.id, cases.c.code, cases.c.track, cases.c.category, cases.c.words, cases.c.state,
        cases.c.due_on, units.c.name.label("unit_name"),
    )  # fmt: skip
    wanted: Select[Any] = select(*columns).join(units, units.c.id == cases.c.unit_id)
    order: ColumnElement[int] = cases.c.id
    if query.words:
        wanted, order = _with_words(wanted, query.words, conn.dialect.name)
    wanted = wanted.where(*conditions).order_by(order.desc()).limit(limit).offset(offset)
    return [Found(**row) for row in conn.execute(wanted).mappings()]


def _with_words(
    wanted: Select[Any], words: tuple[str, ...], dialect: str
) -> tuple[Select[Any], ColumnElement[int]]:
    """Narrows a selection to cases that hold all of the words.

    On SQLite the index itself is walked from the newest on, so that a common word costs no more.
    """
    if dialect == "sqlite":
        index = table(search_table.NAME, column("rowid"))
        wanted = wanted.join(index, index.c.rowid == cases.c.id)
        matches = literal_column(search_table.NAME).op("MATCH")(" ".join(f'"{word}"' for word in words))
        return wanted.where(matches), index.c.rowid
    index = table(search_table.NAME, column("case_id"), column("words"))
    wanted = wanted.join(index, index.c.case_id == cases.c.id)
    matches = index.c.words.op("@@")(text("CAST(:sought AS tsquery)").bindparams(sought=" & ".join(words)))
    return wanted.where(matches), cases.c.id


def _take(conn: Connection, case_id: int) -> None:
    conn.execute(text(_TAKE[conn.dialect.name]), {"case_id": case_id})
