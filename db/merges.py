"""Two cases that officials took for one: what the one was before, so that it can be taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from db import followers
from db.cases import Case
from db.codec import plain
from db.models import case_merges

UNDO = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that stands.

    ``state`` and ``unit_id`` are those of the case before; ``followers`` are the cases that followed it,
    each with its unit.
    """

    id: int
    case_id: int
    into_id: int
    at: datetime
    state: str
    unit_id: int
    followers: Mapping[int, int]

    def may_be_undone(self, now: datetime) -> bool:
        """Whether the seven days are not over (features-citizen, row 34)."""
        return now <= self.at + UNDO


def note(conn: Connection, case: Case, into: Case, person_id: int, now: datetime) -> Merge:
    """Keeps how a case is before it is merged into another one, and who follows it."""
    moved = {each.id: each.unit_id for each in followers.following(conn, case.id)}
    # It is unanswered, so that nothing of anybody's words has to be copied here.
    before = {"state": case.state, "unit_id": case.unit_id, "followers": moved}
    conn.execute(
        insert(case_merges).values(
            case_id=case.id, into_id=into.id, person_id=person_id, at=now, before=plain(before)
        )
    )
    found = of_case(conn, case.id)
    assert found is not None
    return found


def of_case(conn: Connection, case_id: int) -> Merge | None:
    """The merge by which a case is joined to another one; None if officials did not join it."""
    row = conn.execute(
        select(case_merges)
        .where(case_merges.c.case_id == case_id, case_merges.c.undone_at.is_(None))
        .order_by(case_merges.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    moved = {int(each): unit_id for each, unit_id in row.before["followers"].items()}
    return Merge(row.id, row.case_id, row.into_id, row.at, row.before["state"], row.before["unit_id"], moved)


def into(conn: Connection, case_id: int) -> list[int]:
    """The cases that officials merged into one, the oldest merge first."""
    query = (
        select(case_merges.c.case_id)
        .where(case_merges.c.into_id == case_id, case_merges.c.undone_at.is_(None))
        .order_by(case_merges.c.id)
    )
    return list(conn.execute(query).scalars())


def undone(conn: Connection, merge_id: int, person_id: int, now: datetime) -> None:
    """Notes that a merge was taken back, and by whom."""
    conn.execute(
        update(case_merges).where(case_merges.c.id == merge_id).values(undone_at=now, undone_by=person_id)
    )
