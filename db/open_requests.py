"""What other systems may read of citizens' matters: no words, no sender, no pin, nothing about anybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, select

from db.models import cases, public_copies, units
from db.public_list import SHOWN
from db.sight import visible_to
from domain.cases import WITHDRAWN
from domain.sight import OPEN_NAME
from domain.tracks import FIELD_REPORT, SUGGESTION


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A matter as everybody may know it; ``words`` and ``answer`` are those of the approved public copy."""

    code: str
    state: str
    category: str
    area: str
    unit_name: str
    received_at: datetime
    due_on: date
    answered_at: datetime | None
    closed_at: datetime | None
    words: str
    answer: str


def received(
    conn: Connection, since: datetime, until: datetime, categories: Collection[str]
) -> list[OpenRequest]:
    """The matters of some kinds received since a moment and before another, the oldest first.

    Only reports and suggestions that stand for themselves, came under an open name, are about no
    official or unit, and were not taken back.
    """
    copy = and_(public_copies.c.case_id == cases.c.id, public_copies.c.state == SHOWN)
    query = (
        select(
            cases.c.code,
            cases.c.state,
            cases.c.category,
            cases.c.area,
            units.c.name.label("unit_name"),
            cases.c.received_at,
            cases.c.due_on,
            cases.c.answered_at,
            cases.c.closed_at,
            public_copies.c.words,
            public_copies.c.answer,
        )
        .join(units, units.c.id == cases.c.unit_id)
        .outerjoin(public_copies, copy)
        .where(
            visible_to(None),
            cases.c.received_at >= since,
            cases.c.received_at < until,
            cases.c.track.in_((FIELD_REPORT, SUGGESTION)),
            cases.c.category.in_(categories),
            cases.c.privacy == OPEN_NAME,
            cases.c.joined_to.is_(None),
            cases.c.part_of.is_(None),
            cases.c.state != WITHDRAWN,
        )
        .order_by(cases.c.id)
    )
    return [
        OpenRequest(**{**row, "words": row["words"] or "", "answer": row["answer"] or ""})
        for row in conn.execute(query).mappings()
    ]
