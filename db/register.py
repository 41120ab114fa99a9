"""The register (sổ tiếp nhận) of a period: a row a case that was taken in, none left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from db.models import cases, receipts, units
from db.sight import readable_by
from domain.people import Person


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the register, with nothing of who sent it."""

    number: int
    is_seen: bool  # False: the reader learns the number and nothing else
    received_at: datetime
    code: str
    track: str
    category: str
    words: str
    place: str
    area: str | None
    unit_name: str
    due_on: date
    state: str
    answered_at: datetime | None
    answer: str
    rating: str
    emptied_on: date | None


def rows(
    conn: Connection,
    since: datetime,
    until: datetime,
    *,
    reader: Person | None,
    unit_ids: frozenset[int] | None = None,
) -> list[Row]:
    """The rows received since a moment and before another, in the order of their numbers.

    What the reader may not see keeps its number, so that the register has no gap.  With ``unit_ids``
    it is a list of those units' cases instead, without what the reader may not see.
    """
    seen = readable_by(reader)
    found = conn.execute(
        select(
            receipts.c.number,
            case((seen, 1), else_=0).label("is_seen"),
            cases.c.received_at,
            cases.c.code,
            cases.c.track,
            cases.c.category,
            cases.c.words,
            cases.c.place,
            cases.c.area,
            units.c.name.label("unit_name"),
            cases.c.due_on,
            cases.c.state,
            cases.c.answered_at,
            cases.c.answer,
            cases.c.rating,
            cases.c.emptied_on,
        )
        .join(cases, cases.c.id == receipts.c.case_id)
        .join(units, units.c.id == cases.c.unit_id)
        .where(_within(since, until, reader, unit_ids))
        .order_by(receipts.c.year, receipts.c.number)
    )
    return [Row(**{**row, "is_seen": bool(row["is_seen"])}) for row in found.mappings()]


def count(
    conn: Connection,
    since: datetime,
    until: datetime,
    *,
    reader: Person | None,
    unit_ids: frozenset[int] | None = None,
) -> int:
    """How many rows :func:`rows` gives."""
    query = select(func.count()).select_from(receipts).join(cases, cases.c.id == receipts.c.case_id)
    return int(conn.execute(query.where(_within(since, until, reader, unit_ids))).scalar() or 0)


def _within(
    since: datetime, until: datetime, reader: Person | None, unit_ids: frozenset[int] | None
) -> ColumnElement[bool]:
    period = and_(cases.c.received_at >= since, cases.c.received_at < until)
    if unit_ids is None:
        return period
    return and_(period, cases.c.unit_id.in_(unit_ids), readable_by(reader))
