"""Wishes to answer a citizen later than promised: each with its reason, and who decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from db.models import case_extensions


@dataclass(frozen=True, slots=True)
class Extension:
    """A wish for more time; ``state`` is waiting, granted or refused."""

    id: int
    case_id: int
    person_id: int
    at: datetime
    from_day: date
    to_day: date
    reason: str
    state: str


def add(
    conn: Connection,
    case_id: int,
    person_id: int,
    from_day: date,
    to_day: date,
    reason: str,
    now: datetime,
) -> Extension:
    """Keeps a new wish, waiting; the one that waited before ends."""
    before = (case_extensions.c.case_id == case_id) & (case_extensions.c.state == "waiting")
    conn.execute(update(case_extensions).where(before).values(state="replaced"))
    made = conn.execute(
        insert(case_extensions).values(
            case_id=case_id, person_id=person_id, at=now, from_day=from_day, to_day=to_day, reason=reason,
            state="waiting",
        )
    )  # fmt: skip
    key = made.inserted_primary_key
    assert key is not None
    return Extension(int(key[0]), case_id, person_id, now, from_day, to_day, reason, "waiting")


def get(conn: Connection, extension_id: int) -> Extension | None:
    """A wish by its id."""
    row = conn.execute(_known().where(case_extensions.c.id == extension_id)).first()
    return Extension(*row) if row else None


def waiting(conn: Connection, case_id: int) -> Extension | None:
    """The wish of a case that nobody has decided about."""
    mine = (case_extensions.c.case_id == case_id) & (case_extensions.c.state == "waiting")
    row = conn.execute(_known().where(mine)).first()
    return Extension(*row) if row else None


def was_granted(conn: Connection, case_id: int) -> bool:
    """Whether a case was put off before."""
    granted = (case_extensions.c.case_id == case_id) & (case_extensions.c.state == "granted")
    return conn.execute(select(case_extensions.c.id).where(granted)).first() is not None


def decide(conn: Connection, extension_id: int, state: str, person_id: int, now: datetime) -> bool:
    """Ends a wish that waits; False if somebody was quicker."""
    waiting = (case_extensions.c.id == extension_id) & (case_extensions.c.state == "waiting")
    decided = update(case_extensions).where(waiting)
    return bool(conn.execute(decided.values(state=state, decided_by=person_id, decided_at=now)).rowcount)


def _known() -> Select[Any]:
    kept = case_extensions.c
    return select(
        kept.id, kept.case_id, kept.person_id, kept.at, kept.from_day, kept.to_day, kept.reason, kept.state
    )
