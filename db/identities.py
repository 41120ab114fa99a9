"""Openings of sealed identities: asked by a custodian, let by a leader, shown once, counted for ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from db.models import accounts, cases, identity_openings, outbox, people
from db.sight import visible_to
from domain.people import Person

ASKED, GRANTED, REFUSED, OPENED = "asked", "granted", "refused", "opened"


@dataclass(frozen=True, slots=True)
class Opening:
    """One wish to know who sent a case."""

    id: int
    case_id: int
    custodian_id: int
    reason: str
    asked_at: datetime
    state: str
    approver_id: int | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identity:
    """All that is known of who sent a case."""

    channel: str
    external_id: str
    name: str
    contact: str


def ask(conn: Connection, case_id: int, custodian_id: int, reason: str, now: datetime) -> int:
    """Notes a wish; one that the same custodian had for the case and nobody decided is replaced."""
    mine = (identity_openings.c.case_id == case_id, identity_openings.c.custodian_id == custodian_id)
    open_one = update(identity_openings).where(*mine, identity_openings.c.state == ASKED)
    conn.execute(open_one.values(state=REFUSED, decided_at=now))
    made = conn.execute(
        insert(identity_openings).values(
            case_id=case_id, custodian_id=custodian_id, reason=reason, asked_at=now, state=ASKED
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def get(conn: Connection, opening_id: int) -> Opening | None:
    """A wish by its id."""
    row = (
        conn.execute(select(identity_openings).where(identity_openings.c.id == opening_id)).mappings().first()
    )
    return Opening(**{name: row[name] for name in Opening.__dataclass_fields__}) if row else None


def decide(conn: Connection, opening: Opening, state: str, approver_id: int, now: datetime) -> None:
    """Keeps the word of the second person."""
    its = identity_openings.c.id == opening.id
    values = {"state": state, "approver_id": approver_id, "decided_at": now}
    conn.execute(update(identity_openings).where(its).values(**values))


def card_key(opening_id: int, leader_id: int) -> str:
    """The outbox key of the card that asks a leader."""
    return f"identity:{opening_id}:{leader_id}"


def cards(conn: Connection, opening_id: int, leader_ids: Collection[int]) -> list[tuple[int, int, str]]:
    """Who of these was asked: person, account, and the message's id, which is empty while it is unsent."""
    keys = {card_key(opening_id, leader): leader for leader in leader_ids}
    rows = conn.execute(
        select(outbox.c.key, outbox.c.account_id, outbox.c.message_id).where(
            outbox.c.key.in_(keys), outbox.c.state.in_(("waiting", "sending", "sent"))
        )
    )
    return [(keys[row.key], row.account_id, row.message_id) for row in rows]


def opened(conn: Connection, opening: Opening, now: datetime) -> None:
    """Notes that it was shown; it is not shown again."""
    its = identity_openings.c.id == opening.id
    conn.execute(update(identity_openings).where(its).values(state=OPENED, opened_at=now))


def known(conn: Connection, case_id: int) -> Identity | None:
    """Who sent a case; None if nothing is known any more.  Whoever calls this records an event."""
    row = conn.execute(
        select(accounts.c.channel, accounts.c.external_id, people.c.name, cases.c.contact)
        .join(accounts, accounts.c.id == cases.c.account_id)
        .join(people, people.c.id == accounts.c.person_id)
        .where(cases.c.id == case_id)
    ).first()
    return Identity(row.channel, row.external_id, row.name, row.contact) if row else None


def count(conn: Connection, start: datetime, end: datetime, viewer: Person | None) -> int:
    """How many identities were opened in a time, of cases that a viewer may know of."""
    query = (
        select(func.count())
        .select_from(identity_openings)
        .join(cases, cases.c.id == identity_openings.c.case_id)
        .where(
            identity_openings.c.opened_at >= start, identity_openings.c.opened_at < end, visible_to(viewer)
        )
    )
    return int(conn.execute(query).scalar() or 0)
