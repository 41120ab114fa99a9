"""Reads how citizens' matters of a period went, as far as a viewer may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select

from db import summary
from db.models import (
    case_extensions,
    case_messages,
    cases,
    identity_openings,
    outbox,
    people,
    receipts,
)
from db.sight import visible_to
from db.summary import bounds
from domain.calendar import Calendar
from domain.courses import SOON_DAYS, Course, is_hasty
from domain.figures import CaseRow
from domain.people import Person
from domain.periods import Period
from domain.sight import OPEN_NAME


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed sender whose identity was opened."""

    code: str
    at: datetime
    custodian: str
    approver: str


def of_period(
    conn: Connection,
    period: Period,
    calendar: Calendar,
    unit_ids: Collection[int] | None = None,
    *,
    viewer: Person | None,
) -> list[Course]:
    """The matters received in a period, of some units or of all, the oldest first."""
    rows = summary.cases_received(conn, period, calendar, unit_ids, viewer=viewer)
    start, end = bounds(period, calendar)
    mine = (visible_to(viewer), cases.c.received_at >= start, cases.c.received_at < end)
    query = summary.of_units(_happened().where(*mine), cases.c.unit_id, unit_ids)
    happened = {row.id: row for row in conn.execute(query)}
    return [_course(row, happened[row.id], calendar) for row in rows]


def openings(conn: Connection, period: Period, calendar: Calendar, *, viewer: Person | None) -> list[Opened]:
    """The identities opened in a period, of cases that a viewer may know of, the oldest first."""
    start, end = bounds(period, calendar)
    custodians, approvers = people.alias("custodians"), people.alias("approvers")
    opened = and_(identity_openings.c.opened_at >= start, identity_openings.c.opened_at < end)
    query = (
        select(cases.c.code, identity_openings.c.opened_at, custodians.c.name, approvers.c.name.label("by"))
        .select_from(identity_openings)
        .join(cases, cases.c.id == identity_openings.c.case_id)
        .join(custodians, custodians.c.id == identity_openings.c.custodian_id)
        .outerjoin(approvers, approvers.c.id == identity_openings.c.approver_id)
        .where(opened, visible_to(viewer))
        .order_by(identity_openings.c.opened_at)
    )
    return [Opened(row.code, row.opened_at, row.name, row.by or "") for row in conn.execute(query)]


def _happened() -> Select[Any]:
    """One row a matter; what its parts or earlier answers tell is looked up by index."""
    parts, before = cases.alias("parts"), cases.alias("before")
    bare = or_(_unproved(cases.c.id, cases.c.answered_at), _unproved_part(parts))
    said = case_messages.c.case_id == cases.c.id
    first = select(func.min(case_messages.c.at)).where(said, case_messages.c.kind == "answer")
    again = select(func.max(case_messages.c.at)).where(said, case_messages.c.kind == "reopen")
    put_off = exists().where(case_extensions.c.case_id == cases.c.id, case_extensions.c.state == "granted")
    earlier = select(before.c.answered_at).where(before.c.id == cases.c.again_of)
    return select(
        cases.c.id,
        cases.c.area,
        cases.c.rating,
        cases.c.flag,
        cases.c.received_at,
        cases.c.answered_at,
        first.scalar_subquery().label("first_at"),
        again.scalar_subquery().label("reopened_at"),
        earlier.scalar_subquery().label("before_at"),
        bare.label("bare"),
        put_off.label("moved"),
        _acknowledged().label("acknowledged"),
    )


def _unproved(case_id: ColumnElement[int], answered_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether the answer that stands came with a reason in the place of a picture."""
    said = and_(case_messages.c.case_id == case_id, case_messages.c.kind == "no_photo")
    return exists().where(said, case_messages.c.at >= answered_at)


def _unproved_part(parts: Any) -> ColumnElement[bool]:
    its = and_(parts.c.part_of == cases.c.id, case_messages.c.case_id == parts.c.id)
    excused = and_(case_messages.c.kind == "no_photo", case_messages.c.at >= parts.c.answered_at)
    return exists().where(its, excused)


def _acknowledged() -> ColumnElement[bool]:
    """Whether code and date reached the sender.

    Where no account is tied to the case any more, or the trace of its receipt is wiped on purpose, the
    number in the register stands for it: both are given in the same breath.
    """
    numbered = exists().where(receipts.c.case_id == cases.c.id)
    sent = exists().where(
        outbox.c.account_id == cases.c.account_id,
        outbox.c.state.in_(("sent", "replaced")),
        outbox.c.sent_at >= cases.c.received_at,
    )
    untraced = or_(cases.c.account_id.is_(None), cases.c.privacy != OPEN_NAME)
    return and_(numbered, or_(untraced, sent))


def _course(row: CaseRow, happened: Row[Any], calendar: Calendar) -> Course:
    answered = row.answered_on is not None
    gap = _away(happened)
    return Course(
        row,
        area=happened.area,
        rating=happened.rating,
        took=calendar.between(row.received_on, row.answered_on) if row.answered_on else None,
        acknowledged=happened.acknowledged,
        reopened=happened.reopened_at is not None,
        bare=answered and bool(happened.bare),
        hasty=any(is_hasty(each.total_seconds()) for each in _waits(happened)),
        moved=bool(happened.moved),
        soon=gap is not None and gap <= timedelta(days=SOON_DAYS),
        last_hour=happened.flag == "last_hour",
    )


def _away(happened: Row[Any]) -> timedelta | None:
    """How long the trouble was away, where it came back."""
    return happened.received_at - happened.before_at if happened.before_at else None


def _waits(happened: Row[Any]) -> Sequence[timedelta]:
    """From the word to the first answer, and from the last "chưa ổn" to the answer after it.

    A sender without contact is known to have come on a day, at midnight; no wait of theirs is short.
    """
    waits = []
    first = happened.first_at or happened.answered_at
    if first:
        waits.append(first - happened.received_at)
    if happened.reopened_at and happened.answered_at and happened.answered_at > happened.reopened_at:
        waits.append(happened.answered_at - happened.reopened_at)
    return waits
