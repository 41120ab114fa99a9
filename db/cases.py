"""Citizens' cases, what was said in them, and the cards that show them to officials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from db import receipts, search
from db.models import accounts, case_messages, cases, events, files, menus, outbox, units
from db.sight import visible_to
from domain.case_states import STARTS, Move
from domain.cases import ASKED, UNANSWERED
from domain.codes import new_code
from domain.errors import RuleError
from domain.people import Person
from domain.sight import NONE, SEALED

SEARCHED = frozenset({"words", "place", "answer"})  # columns whose words /tim finds


@dataclass(frozen=True, slots=True)
class Case:
    """A citizen's matter as it stands now."""

    id: int
    code: str
    pin_hash: str
    track: str
    state: str
    category: str
    words: str
    place: str
    area: str  # code of the area the place is in; empty where nobody knows
    latitude: float | None
    longitude: float | None
    account_id: int | None
    unit_id: int
    unit_name: str
    handler_id: int | None
    received_at: datetime
    due_on: date
    paused_at: datetime | None
    answered_at: datetime | None
    answer: str
    answered_by: int | None
    rating: str
    privacy: str
    about_unit_id: int | None
    about_person_id: int | None
    joined_to: int | None
    again_of: int | None
    promised_on: date | None
    due_days: int | None
    returns: int
    proposed_id: int | None
    flag: str
    contact: str
    part_of: int | None
    emptied_on: date | None  # its time was over: only what it was about, its days and outcome are left

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody is left to ask: the sender was forgotten; one without contact comes back by code."""
        return self.account_id is None and self.privacy != NONE


@dataclass(frozen=True, slots=True)
class Message:
    """Something said in a case after it was filed."""

    id: int
    case_id: int
    kind: str  # question | reply | answer | reopen | no_photo | moved
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A card of a case in an official's chat; ``message_id`` is empty while it is unsent."""

    account_id: int
    person_id: int
    message_id: str
    due_at: datetime


def create(conn: Connection, now: datetime, *, today: date, **values: Any) -> Case:
    """Files a case under a code that nobody has, in the state its track begins with.

    It is entered in the register of ``today``'s year.
    """
    code = new_code()
    while conn.execute(select(cases.c.id).where(cases.c.code == code)).first():
        code = new_code()
    state = STARTS[values["track"]]
    conn.execute(insert(cases).values(code=code, state=state, received_at=now, **values))
    found = by_code(conn, code)
    assert found is not None
    receipts.enter(
        conn,
        found.id,
        today.year,
        words=found.words,
        place=found.place,
        unit_id=found.unit_id,
        due_on=found.due_on,
    )
    search.put(conn, found.id, f"{found.words} {found.place}")
    return found


def get(conn: Connection, case_id: int) -> Case | None:
    """A case by its id."""
    return _one(conn, cases.c.id == case_id)


def by_code(conn: Connection, code: str) -> Case | None:
    """A case by its code."""
    return _one(conn, cases.c.code == code)


def sealed(conn: Connection, case_id: int) -> Case | None:
    """A case whose sender is sealed, for those who deal with the identity alone and never show the case."""
    return _one(conn, (cases.c.id == case_id) & (cases.c.privacy == SEALED))


def sealed_by_code(conn: Connection, code: str) -> Case | None:
    """The same by its code."""
    return _one(conn, (cases.c.code == code) & (cases.c.privacy == SEALED))


def access_case(conn: Connection, case_id: int, *, acting: Person) -> Case:
    """The case, if the person may see it (``domain.sight``).

    Raises ``not_found`` for a missing case and an unseen one alike.
    """
    found = _one(conn, (cases.c.id == case_id) & visible_to(acting))
    if found is None:
        raise RuleError("not_found")
    return found


def seen_by_code(conn: Connection, code: str, viewer: Person) -> Case | None:
    """A case of this code that an official may see."""
    return _one(conn, (cases.c.code == code) & visible_to(viewer))


def access_own(conn: Connection, case_id: int, account_id: int) -> Case:
    """The case, if it came from this account; raises ``not_found``."""
    found = get(conn, case_id)
    if found is None or found.account_id != account_id:
        raise RuleError("not_found")
    return found


def of_account(conn: Connection, account_id: int, limit: int = 8) -> list[Case]:
    """The cases of an account, the newest first."""
    return _many(conn, cases.c.account_id == account_id, limit)


def has_sent(conn: Connection, account_id: int) -> bool:
    """Whether an account has any case."""
    query = select(cases.c.id).where(cases.c.account_id == account_id)
    return conn.execute(query.limit(1)).first() is not None


def open_of_account(conn: Connection, account_id: int) -> list[Case]:
    """The cases of an account that are not answered yet, the newest first."""
    return _many(conn, (cases.c.account_id == account_id) & cases.c.state.in_(UNANSWERED), 20)


def asked_of_account(conn: Connection, account_id: int) -> list[Case]:
    """The cases in which the person was asked something and has not answered, the newest first."""
    return _many(conn, (cases.c.account_id == account_id) & (cases.c.state == ASKED), 8)


def filed_since(conn: Connection, account_id: int, since: datetime) -> int:
    """How many cases an account filed since a moment."""
    query = select(func.count()).where(cases.c.account_id == account_id, cases.c.received_at >= since)
    return int(conn.execute(query).scalar() or 0)


def unknown_since(conn: Connection, since: datetime) -> int:
    """How many cases without contact were filed since a moment."""
    unknown = (cases.c.privacy == NONE, cases.c.received_at >= since)
    return int(conn.execute(select(func.count()).where(*unknown)).scalar() or 0)


def change(conn: Connection, case_id: int, **values: Any) -> Case:
    """Changes columns of a case and returns it as it is now; its state changes by :func:`move` alone."""
    if "state" in values:
        raise ValueError("a state changes by a line of the table")
    conn.execute(update(cases).where(cases.c.id == case_id).values(**values))
    if not SEARCHED.isdisjoint(values):
        search.refresh(conn, case_id)
    found = get(conn, case_id)
    assert found is not None
    return found


def move(conn: Connection, case: Case, line: Move, **values: Any) -> Case:
    """Takes a case where a line of the table of states leads; raises if somebody was quicker."""
    to = line.to or case.state
    there = (cases.c.id == case.id) & (cases.c.state == case.state)
    changed = conn.execute(update(cases).where(there).values(state=to, **values))
    if not changed.rowcount:
        raise RuleError("case_state_changed", code=case.code)
    if not SEARCHED.isdisjoint(values):
        search.refresh(conn, case.id)
    found = get(conn, case.id)
    assert found is not None
    return found


def say(
    conn: Connection, case_id: int, kind: str, words: str, now: datetime, author_id: int | None = None
) -> int:
    """Keeps something said in a case; a citizen's words have no author."""
    made = conn.execute(
        insert(case_messages).values(case_id=case_id, author_id=author_id, kind=kind, words=words, at=now)
    )
    if kind in search.SAID:
        search.refresh(conn, case_id)
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def said(conn: Connection, case_id: int, *kinds: str) -> list[Message]:
    """What was said in a case, oldest first; everything when no kind is named."""
    query = select(case_messages).where(case_messages.c.case_id == case_id).order_by(case_messages.c.id)
    if kinds:
        query = query.where(case_messages.c.kind.in_(kinds))
    return [Message(r.id, r.case_id, r.kind, r.words, r.at) for r in conn.execute(query)]


def is_unanswered(conn: Connection, case_id: int) -> bool:
    """Whether the last question to the citizen has no answer."""
    talk = said(conn, case_id, "question", "reply")
    return bool(talk) and talk[-1].kind == "question"


def authors(conn: Connection, case_id: int, *kinds: str) -> list[int | None]:
    """Who said things of these kinds in a case."""
    mine = (case_messages.c.case_id == case_id) & case_messages.c.kind.in_(kinds)
    return list(conn.execute(select(case_messages.c.author_id).where(mine)).scalars())


def given_at(conn: Connection, case: Case) -> datetime:
    """When a case was last given to those who work on it: filed, handed on, or to be done again."""
    mine = (events.c.subject == "case") & (events.c.subject_id == case.id)
    last = select(func.max(events.c.at)).where(mine, events.c.action.in_(("moved", "redo")))
    return conn.execute(last).scalar() or case.received_at


def take_back(conn: Connection, message_id: int) -> Message | None:
    """Removes something said, because it was meant for another matter; None if it is gone."""
    row = conn.execute(select(case_messages).where(case_messages.c.id == message_id)).first()
    conn.execute(delete(case_messages).where(case_messages.c.id == message_id))
    if row is not None and row.kind in search.SAID:
        search.erase(conn, row.case_id)
        search.refresh(conn, row.case_id)
    return Message(row.id, row.case_id, row.kind, row.words, row.at) if row else None


def card_key(conn: Connection, case_id: int, person_id: int) -> str:
    """The outbox key of the next card about a case to a person."""
    stem = f"case:{case_id}:card:{person_id}:"
    count = select(func.count()).where(_begins(conn, stem))
    return f"{stem}{conn.execute(count).scalar()}"


def _begins(conn: Connection, stem: str) -> ColumnElement[bool]:
    """Whether a message's key begins so: by the index, which GLOB walks on SQLite and LIKE does not."""
    if conn.dialect.name == "sqlite":
        return outbox.c.key.op("GLOB")(f"{stem}*")
    return outbox.c.key.startswith(stem)


def cards(conn: Connection, case_id: int) -> list[Card]:
    """The newest card of a case in each chat that has one."""
    rows = conn.execute(
        select(outbox.c.account_id, accounts.c.person_id, outbox.c.message_id, outbox.c.due_at)
        .join(accounts, accounts.c.id == outbox.c.account_id)
        .where(_begins(conn, f"case:{case_id}:card:"), outbox.c.state.in_(("waiting", "sending", "sent")))
        .order_by(outbox.c.id)
    ).all()
    return list(
        {r.account_id: Card(r.account_id, r.person_id, r.message_id, r.due_at) for r in rows}.values()
    )


def forget_account(conn: Connection, account_id: int) -> int:
    """Cuts every tie between an account and its cases and returns how many there were.

    The cases stay, without a sender; code and PIN still open them.
    """
    cut = {"account_id": None, "contact": ""}
    changed = conn.execute(update(cases).where(cases.c.account_id == account_id).values(**cut))
    on_their_way = (files.c.account_id == account_id) & (files.c.state == "waiting")
    conn.execute(update(files).where(on_their_way).values(state="dropped", subject="", subject_id=0, ref=""))
    conn.execute(update(files).where(files.c.account_id == account_id).values(account_id=None))
    mine = outbox.c.account_id == account_id
    conn.execute(update(outbox).where(mine, outbox.c.state == "waiting").values(state="dropped", reply=None))
    conn.execute(update(outbox).where(mine, outbox.c.state != "sending").values(reply=None))
    conn.execute(
        update(outbox)
        .where(mine, outbox.c.key.like("case:%") | (outbox.c.slot.like("case%")))
        .values(key=None, slot="", card={}, about="")
    )
    conn.execute(delete(menus).where(menus.c.account_id == account_id))
    return changed.rowcount


_COLUMNS = tuple(name for name in Case.__dataclass_fields__ if name != "unit_name")


def _query() -> Select[Any]:
    return select(*(cases.c[name] for name in _COLUMNS), units.c.name.label("unit_name")).join(
        units, units.c.id == cases.c.unit_id
    )


def _one(conn: Connection, where: Any) -> Case | None:
    row = conn.execute(_query().where(where)).mappings().first()
    return Case(**row) if row else None


def _many(conn: Connection, where: Any, limit: int) -> list[Case]:
    rows = conn.execute(_query().where(where).order_by(cases.c.id.desc()).limit(limit)).mappings()
    return [Case(**row) for row in rows]
