"""The public list: redacted copies that a citizen wished and an official approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from db.models import cases, public_copies, public_flags
from db.sight import visible_to
from domain.people import Person
from domain.sight import OPEN_NAME

WAITING, SHOWN, REFUSED, HIDDEN = "waiting", "shown", "refused", "hidden"
MOST_FLAGS = 3


@dataclass(frozen=True, slots=True)
class Copy:
    """What the public reads of a case."""

    case_id: int
    code: str
    state: str
    words: str
    answer: str
    area: str
    category: str
    at: datetime


def offer(conn: Connection, case_id: int, words: str, answer: str, now: datetime) -> bool:
    """Keeps a copy for an official to look at; False if there is one already."""
    if get(conn, case_id) is not None:
        return False
    values = {"case_id": case_id, "words": words, "answer": answer, "state": WAITING, "at": now}
    conn.execute(insert(public_copies).values(**values))
    return True


def get(conn: Connection, case_id: int) -> Copy | None:
    """The copy of a case, if the case may still be public."""
    found = _copies(conn, public_copies.c.case_id == case_id)
    return found[0] if found else None


def shown(conn: Connection, limit: int) -> list[Copy]:
    """What stands on the list, the newest first."""
    return _copies(conn, public_copies.c.state == SHOWN, limit=limit)


def hidden(conn: Connection, limit: int, person: Person) -> list[Copy]:
    """What doubts have hidden, as far as an official may see the cases."""
    return _copies(conn, public_copies.c.state == HIDDEN, visible_to(person), limit=limit)


def reword(conn: Connection, case_id: int, words: str) -> None:
    """Puts other words for the public in the place of the first."""
    conn.execute(update(public_copies).where(public_copies.c.case_id == case_id).values(words=words))


def restore(conn: Connection, case_id: int) -> None:
    """Shows a hidden copy again; the doubts about it begin anew."""
    conn.execute(delete(public_flags).where(public_flags.c.case_id == case_id))
    conn.execute(update(public_copies).where(public_copies.c.case_id == case_id).values(state=SHOWN))


def decide(conn: Connection, case_id: int, state: str, person_id: int, now: datetime) -> None:
    """Keeps an official's word on a copy."""
    its = public_copies.c.case_id == case_id
    conn.execute(update(public_copies).where(its).values(state=state, approved_by=person_id, at=now))


def flag(conn: Connection, case_id: int, account_id: int) -> bool:
    """Counts one account's doubt once; True when the copy is hidden by it."""
    mine = (public_flags.c.case_id == case_id, public_flags.c.account_id == account_id)
    if conn.execute(select(public_flags.c.case_id).where(*mine)).first() is None:
        conn.execute(insert(public_flags).values(case_id=case_id, account_id=account_id))
    total = conn.execute(
        select(func.count()).select_from(public_flags).where(public_flags.c.case_id == case_id)
    ).scalar_one()
    if total < MOST_FLAGS:
        return False
    conn.execute(update(public_copies).where(public_copies.c.case_id == case_id).values(state=HIDDEN))
    return True


def _copies(conn: Connection, *where: object, limit: int = 1) -> list[Copy]:
    rows = conn.execute(
        select(public_copies, cases.c.code, cases.c.area, cases.c.category)
        .join(cases, cases.c.id == public_copies.c.case_id)
        .where(*where, cases.c.privacy == OPEN_NAME, visible_to(None))  # type: ignore[arg-type]
        .order_by(public_copies.c.at.desc(), public_copies.c.case_id.desc())
        .limit(limit)
    ).mappings()
    return [Copy(**{name: row[name] for name in Copy.__dataclass_fields__}) for row in rows]
