"""Cases whose time is over: who was told, who holds one back, and what is left of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    update,
)

from db import audit, erasure
from db.models import Moment, case_retention, cases, events
from db.sight import visible_to
from domain.cases import OVER
from domain.people import Person

Cutoff = tuple[str, str, datetime]  # track, category (either may be empty), nothing happened since


@dataclass(frozen=True, slots=True)
class Over:
    """A case that has ended and is still whole; ``last`` is when something last happened in it."""

    id: int
    code: str
    track: str
    category: str
    unit_id: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A case that is near its end, or that somebody holds back with a reason."""

    id: int
    code: str
    category: str
    track: str
    warned_at: datetime | None
    reason: str


def over(
    conn: Connection, cutoffs: Sequence[Cutoff], *, warned_before: datetime | None, most: int
) -> list[Over]:
    """Cases that have ended, with nothing since their cutoff, and are not held back; the oldest first.

    The first cutoff that fits a case counts, the last fits all.  Only those of which somebody was told
    before ``warned_before``, or for None those of which nobody was.
    """
    said = select(func.max(events.c.at)).where(events.c.subject == "case", events.c.subject_id == cases.c.id)
    last = func.coalesce(said.scalar_subquery(), cases.c.received_at)
    *named, (_, _, otherwise) = cutoffs
    cutoff: ColumnElement[datetime] = literal(otherwise, Moment)
    if named:
        cutoff = case(*((_fits(*each[:2]), literal(each[2], Moment)) for each in named), else_=cutoff)
    told = case_retention.c.warned_at
    columns = (cases.c.id, cases.c.code, cases.c.track, cases.c.category, cases.c.unit_id)
    rows = conn.execute(
        select(*columns, last.label("last"))
        .outerjoin(case_retention, case_retention.c.case_id == cases.c.id)
        .where(
            cases.c.emptied_on.is_(None),
            cases.c.state.in_(OVER),
            cases.c.received_at < max(moment for _, _, moment in cutoffs),
            case_retention.c.held_at.is_(None),
            told.is_(None) if warned_before is None else told <= warned_before,
            last < cutoff,
        )
        .order_by(cases.c.received_at, cases.c.id)
        .limit(most)
    )
    return [Over(**row) for row in rows.mappings()]


def _fits(track: str, category: str) -> ColumnElement[bool]:
    named = ((cases.c.track, track), (cases.c.category, category))
    return and_(true(), *(column == value for column, value in named if value))


def first_received(conn: Connection) -> datetime | None:
    """When the oldest case that is still whole was received; None if there is none."""
    return conn.execute(select(func.min(cases.c.received_at)).where(cases.c.emptied_on.is_(None))).scalar()


def warned(conn: Connection, case_ids: Iterable[int], now: datetime) -> None:
    """Notes that whoever is responsible is told of these."""
    for case_id in case_ids:
        _put(conn, case_id, warned_at=now)


def seen_by(conn: Connection, case_ids: Collection[int], person: Person) -> set[int]:
    """Those of some cases that a person may see."""
    query = select(cases.c.id).where(cases.c.id.in_(case_ids), visible_to(person))
    return set(conn.execute(query).scalars())


def empty(conn: Connection, found: Collection[Over], now: datetime, today: date) -> None:
    """Erases words, pictures and senders; code, kind, area, days and outcome stay."""
    erasure.empty(conn, [each.id for each in found], today)
    for each in found:
        audit.record(conn, "case", each.id, "emptied", now)


def hold(conn: Connection, case_id: int, person_id: int, reason: str, now: datetime) -> None:
    """Keeps a case whole until somebody lets it go."""
    _put(conn, case_id, held_at=now, held_by=person_id, reason=reason)


def release(conn: Connection, case_id: int) -> None:
    """Lets a case go; if its time is over, whoever is responsible will be told once more."""
    conn.execute(delete(case_retention).where(case_retention.c.case_id == case_id))


def is_held(conn: Connection, case_id: int) -> bool:
    """Whether somebody holds a case back."""
    query = select(case_retention.c.held_at).where(case_retention.c.case_id == case_id)
    return conn.execute(query).scalar() is not None


def kept(conn: Connection, person: Person, *, held: bool, most: int) -> list[Kept]:
    """What a person may see of the cases that are held back, or else of those that are near their end."""
    condition = case_retention.c.held_at.is_not(None) if held else and_(
        case_retention.c.held_at.is_(None), case_retention.c.warned_at.is_not(None)
    )  # fmt: skip
    query = (
        select(
            cases.c.id, cases.c.code, cases.c.category, cases.c.track,
            case_retention.c.warned_at, case_retention.c.reason,
        )
        .join(case_retention, case_retention.c.case_id == cases.c.id)
        .where(cases.c.emptied_on.is_(None), condition, visible_to(person))
        .order_by(cases.c.received_at, cases.c.id)
        .limit(most)
    )  # fmt: skip
    return [Kept(**row) for row in conn.execute(query).mappings()]


def counts(conn: Connection, since: datetime) -> tuple[int, int]:
    """How many cases were emptied since a moment, and how many are held back now."""
    emptied = select(func.count()).where(
        events.c.subject == "case", events.c.action == "emptied", events.c.at >= since
    )
    held = select(func.count()).where(case_retention.c.held_at.is_not(None))
    return int(conn.execute(emptied).scalar_one()), int(conn.execute(held).scalar_one())


def _put(conn: Connection, case_id: int, **values: object) -> None:
    changed = conn.execute(update(case_retention).where(case_retention.c.case_id == case_id).values(**values))
    if changed.rowcount == 0:
        conn.execute(insert(case_retention).values(case_id=case_id, **values))
