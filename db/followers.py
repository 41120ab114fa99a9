"""Cases told together: what may be the same matter, and who stands behind the one that is worked on.

A follower is a case of its own, with its own code, PIN, words and account, joined to the one that
officials work on; so each keeps a receipt, and nobody learns of the others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal, select, union_all, update

from db import cases as cases_db
from db import files
from db.cases import Case
from db.files import Stored
from db.models import cases
from db.sight import visible_to
from domain.cases import ANSWERED, CLOSED, DONE, JOINED, LAPSED, OPEN

MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A matter as it is compared with another."""

    id: int
    account_id: int | None
    category: str
    words: str
    place: str
    area: str
    latitude: float | None
    longitude: float | None


def open_since(conn: Connection, category: str, since: datetime) -> list[Told]:
    """The open reports of a category that came since a moment, the newest first.

    Only those that stand for themselves, came under an open name and are about no official or unit.
    """
    return _told(
        conn,
        cases.c.category == category,
        cases.c.state.in_(OPEN),
        cases.c.received_at >= since,
        cases.c.joined_to.is_(None),
        cases.c.part_of.is_(None),
        cases.c.privacy == "open",
        visible_to(None),
    )


def answered_since(conn: Connection, category: str, since: datetime) -> list[Told]:
    """The reports of a category answered since a moment, the newest first, likewise."""
    return _told(
        conn,
        cases.c.category == category,
        cases.c.state.in_((ANSWERED, CLOSED, LAPSED)),
        cases.c.answered_at >= since,
        cases.c.joined_to.is_(None),
        cases.c.part_of.is_(None),
        visible_to(None),
    )


def as_told(case: Case) -> Told:
    """A case as it is compared with another."""
    return Told(**{name: getattr(case, name) for name in Told.__dataclass_fields__})


def told_to_all(conn: Connection, case_id: int | None) -> Case | None:
    """A case that is about no official or unit, so that others may hear of it; None for any other."""
    found = _cases(conn, cases.c.id == case_id, visible_to(None)) if case_id else []
    return found[0] if found else None


def joined(conn: Connection, case_id: int) -> list[Case]:
    """The cases that wait for the same answer, the oldest first."""
    return _cases(conn, cases.c.joined_to == case_id, cases.c.state == JOINED)


def following(conn: Connection, case_id: int) -> list[Case]:
    """The cases that wait for the same answer or got it and were not rated yet, the oldest first."""
    return _cases(conn, cases.c.joined_to == case_id, cases.c.state.in_((JOINED, ANSWERED)))


def evidence(conn: Connection, case_id: int) -> list[Stored]:
    """The files of a case and of those that follow it, in the order they came."""
    following = select(cases.c.id).where(cases.c.joined_to == case_id, cases.c.state == JOINED)
    return files.of_subjects(conn, "case", union_all(select(literal(case_id)), following))


def own(conn: Connection, case_id: int, account_id: int) -> Case | None:
    """The case by which an account follows another one."""
    found = _cases(
        conn, cases.c.joined_to == case_id, cases.c.account_id == account_id, cases.c.state == JOINED
    )
    return found[0] if found else None


def count(conn: Connection, case_id: int) -> int:
    """How many people beside the sender stand behind a case."""
    return counts(conn, [case_id]).get(case_id, 0)


def counts(conn: Connection, case_ids: Collection[int]) -> dict[int, int]:
    """The same for several cases; those with nobody are left out."""
    query = (
        select(cases.c.joined_to, func.count())
        .where(cases.c.joined_to.in_(case_ids), cases.c.state.in_((JOINED, *DONE)))
        .group_by(cases.c.joined_to)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def lead(conn: Connection, case: Case) -> Case:
    """The case that is worked on: the one it is joined to, or itself."""
    found = cases_db.get(conn, case.joined_to) if case.joined_to and case.state == JOINED else None
    return found or case


def followed(conn: Connection, case: Case) -> Case | None:
    """The case that one follows, whether it is answered yet or not."""
    return cases_db.get(conn, case.joined_to) if case.joined_to else None


def follow(conn: Connection, old_lead: int, new_lead: int, *, but: int = 0) -> None:
    """Those who followed one case follow another from now on."""
    conn.execute(
        update(cases)
        .where(cases.c.joined_to == old_lead, cases.c.state == JOINED, cases.c.id != but)
        .values(joined_to=new_lead)
    )


def times_before(conn: Connection, case: Case) -> int:
    """How often the trouble of a case was answered before and came back."""
    times, at = 0, case.again_of
    seen: set[int] = set()
    while at is not None and at not in seen:
        seen.add(at)
        times += 1
        at = conn.execute(select(cases.c.again_of).where(cases.c.id == at)).scalar()
    return times


def _told(conn: Connection, *where: ColumnElement[bool]) -> list[Told]:
    rows = conn.execute(select(cases).where(*where).order_by(cases.c.id.desc()).limit(MOST_LOOKED_AT))
    names = Told.__dataclass_fields__
    return [Told(**{name: row[name] for name in names}) for row in rows.mappings()]


def _cases(conn: Connection, *where: ColumnElement[bool]) -> list[Case]:
    ids = conn.execute(select(cases.c.id).where(*where).order_by(cases.c.id)).scalars().all()
    return [case for each in ids if (case := cases_db.get(conn, each)) is not None]
