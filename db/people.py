"""People, their accounts and posts, and the units they work in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from db.models import accounts, invitations, memberships, people, units
from domain.chat import Display
from domain.errors import RuleError
from domain.people import COMMITTEE, HEAD, LEADER, OFFICE, Account, Membership, Person

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
INVITATION_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unit:
    """A department, commune or office inside the committee."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None


def person(conn: Connection, person_id: int, today: date) -> Person:
    """A person with the posts held on ``today``; raises ``not_found``."""
    row = conn.execute(select(people).where(people.c.id == person_id)).first()
    if row is None:
        raise RuleError("not_found")
    posts = conn.execute(
        select(memberships, units.c.code, units.c.name.label("unit_name"), units.c.kind)
        .join(units, units.c.id == memberships.c.unit_id)
        .where(memberships.c.person_id == person_id, _held_on(today))
        .order_by(memberships.c.id)
    ).all()
    return Person(
        id=row.id,
        name=row.name,
        address=row.address,
        memberships=tuple(
            Membership(p.unit_id, p.code, p.unit_name, p.kind, p.role, p.position) for p in posts
        ),
    )


def account_of_chat(conn: Connection, channel: str, external_id: str, now: datetime) -> Account:
    """The account of a chat; a stranger becomes a citizen without a name."""
    row = conn.execute(
        select(accounts).where(accounts.c.channel == channel, accounts.c.external_id == external_id)
    ).first()
    if row is not None:
        if row.dead_since is not None:  # whoever writes can be reached again
            conn.execute(update(accounts).where(accounts.c.id == row.id).values(dead_since=None))
        return _account(row)
    person_id = add_person(conn, "", "Ông/Bà", now)
    return Account(add_account(conn, person_id, channel, external_id, now), person_id, channel, external_id)


def add_person(conn: Connection, name: str, address: str, now: datetime) -> int:
    """Adds a person and returns the id."""
    made = conn.execute(insert(people).values(name=name, address=address, created_at=now))
    return _made(made.inserted_primary_key)


def add_account(conn: Connection, person_id: int, channel: str, external_id: str, now: datetime) -> int:
    """Adds an account to a person and returns its id."""
    made = conn.execute(
        insert(accounts).values(
            person_id=person_id, channel=channel, external_id=external_id, preferred=True, created_at=now
        )
    )
    return _made(made.inserted_primary_key)


def add_unit(conn: Connection, code: str, name: str, kind: str, parent_id: int | None) -> int:
    """Adds a unit and returns its id."""
    made = conn.execute(insert(units).values(code=code, name=name, kind=kind, parent_id=parent_id))
    return _made(made.inserted_primary_key)


def add_membership(
    conn: Connection, person_id: int, unit_id: int, role: str, position: str, since: date
) -> int:
    """Gives a person a post from ``since`` on and returns its id."""
    made = conn.execute(
        insert(memberships).values(
            person_id=person_id, unit_id=unit_id, role=role, position=position, since=since
        )
    )
    return _made(made.inserted_primary_key)


def all_units(conn: Connection) -> list[Unit]:
    """Every unit, the committee first."""
    rows = conn.execute(select(units).order_by(units.c.id)).all()
    return [Unit(row.id, row.code, row.name, row.kind, row.parent_id) for row in rows]


def unit(conn: Connection, unit_id: int) -> Unit:
    """A unit by its id; raises ``not_found``."""
    row = conn.execute(select(units).where(units.c.id == unit_id)).first()
    if row is None:
        raise RuleError("not_found")
    return Unit(row.id, row.code, row.name, row.kind, row.parent_id)


def unit_by_code(conn: Connection, code: str) -> Unit | None:
    """A unit by its code."""
    row = conn.execute(select(units).where(units.c.code == code)).first()
    return Unit(row.id, row.code, row.name, row.kind, row.parent_id) if row else None


def members(conn: Connection, unit_id: int, today: date, *roles: str) -> list[int]:
    """The people of a unit on a day, in the order they were added; all roles when none is named."""
    query = select(memberships.c.person_id).where(memberships.c.unit_id == unit_id, _held_on(today))
    if roles:
        query = query.where(memberships.c.role.in_(roles))
    return list(dict.fromkeys(conn.execute(query.order_by(memberships.c.id)).scalars()))


def unit_ids_ever(conn: Connection, person_id: int) -> set[int]:
    """Every unit in which a person held a post."""
    query = select(memberships.c.unit_id).where(memberships.c.person_id == person_id)
    return set(conn.execute(query).scalars())


def holders(conn: Connection, role: str, today: date) -> list[int]:
    """The people who hold a role anywhere, in the order they were added."""
    query = select(memberships.c.person_id).where(memberships.c.role == role, _held_on(today))
    return list(dict.fromkeys(conn.execute(query.order_by(memberships.c.id)).scalars()))


def superiors(conn: Connection, person_id: int, unit_id: int, today: date) -> list[int]:
    """Who stands above a person in a unit, the nearest first, never the person.

    The unit's heads, then upwards through the tree to the committee's leaders in roster order (the
    chairman is the first).  Above the chairman stands the head of the office, who records the
    signed document.
    """
    found: list[int] = []
    at: Unit | None = unit(conn, unit_id)
    while at is not None:
        found += members(conn, at.id, today, LEADER if at.kind == COMMITTEE else HEAD)
        at = unit(conn, at.parent_id) if at.parent_id else None
    leaders = holders(conn, LEADER, today)
    if leaders and leaders[0] == person_id:
        offices = conn.execute(select(units.c.id).where(units.c.kind == OFFICE)).scalars()
        return [p for office in offices for p in members(conn, office, today, HEAD) if p != person_id]
    if person_id in found:  # nobody below or beside the person confirms their work
        found = found[found.index(person_id) + 1 :] if person_id not in leaders else leaders[:1]
    return [p for p in found if p != person_id]


def account_of(conn: Connection, person_id: int) -> Account | None:
    """The account by which a person is reached: the preferred live one, None if nobody answers."""
    row = conn.execute(
        select(accounts)
        .where(accounts.c.person_id == person_id, accounts.c.dead_since.is_(None))
        .order_by(accounts.c.preferred.desc(), accounts.c.id)
        .limit(1)
    ).first()
    return _account(row) if row else None


def account(conn: Connection, account_id: int) -> Account:
    """An account by its id, as rows of ours name it."""
    row = conn.execute(select(accounts).where(accounts.c.id == account_id)).one()
    return _account(row)


def another_account(
    conn: Connection, account_id: int, channels: Collection[str] | None = None
) -> Account | None:
    """Another live account of the same person, on one of these channels; None if there is none."""
    owner = select(accounts.c.person_id).where(accounts.c.id == account_id).scalar_subquery()
    others = (accounts.c.person_id == owner, accounts.c.id != account_id, accounts.c.dead_since.is_(None))
    query = select(accounts).where(*others).order_by(accounts.c.preferred.desc(), accounts.c.id).limit(1)
    row = conn.execute(query if channels is None else query.where(accounts.c.channel.in_(channels))).first()
    return _account(row) if row else None


def show_as(conn: Connection, account_id: int, display: Display) -> None:
    """Notes how an account wants to be shown things."""
    values = {"language": display.language, "large": display.large}
    conn.execute(update(accounts).where(accounts.c.id == account_id).values(**values))


def owner_of(conn: Connection, account_id: int) -> int:
    """The person to whom an account belongs."""
    return int(conn.execute(select(accounts.c.person_id).where(accounts.c.id == account_id)).scalar_one())


def mark_dead(conn: Connection, account_id: int, now: datetime) -> None:
    """Notes that an account cannot be reached."""
    conn.execute(
        update(accounts)
        .where(accounts.c.id == account_id, accounts.c.dead_since.is_(None))
        .values(dead_since=now)
    )


def is_dead(conn: Connection, account_id: int | None) -> bool:
    """Whether an account cannot be reached any more."""
    query = select(accounts.c.dead_since).where(accounts.c.id == account_id)
    return conn.execute(query).scalar() is not None


def unreachable(conn: Connection, today: date) -> list[int]:
    """The people in a post whom no live account reaches."""
    live = select(accounts.c.person_id).where(accounts.c.dead_since.is_(None))
    query = select(memberships.c.person_id).where(_held_on(today), memberships.c.person_id.not_in(live))
    return list(dict.fromkeys(conn.execute(query.order_by(memberships.c.person_id)).scalars()))


def only_on(conn: Connection, channel: str, today: date) -> list[int]:
    """The people in a post whom a channel alone reaches."""
    live = select(accounts.c.person_id).where(accounts.c.dead_since.is_(None))
    here, elsewhere = live.where(accounts.c.channel == channel), live.where(accounts.c.channel != channel)
    query = select(memberships.c.person_id).where(
        _held_on(today), memberships.c.person_id.in_(here), memberships.c.person_id.not_in(elsewhere)
    )
    return list(dict.fromkeys(conn.execute(query).scalars()))


def invite(conn: Connection, person_id: int, now: datetime) -> str:
    """Makes a one-time code of eight letters and figures; only its hash is kept."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    conn.execute(
        insert(invitations).values(
            person_id=person_id, code_hash=_hash(code), created_at=now, expires_at=now + INVITATION_LIFETIME
        )
    )
    return code


def join(conn: Connection, account: Account, code: str, now: datetime) -> int:
    """Binds an account to the person whom the code invites and returns that person.

    Raises ``invitation_unknown`` for a code that is wrong, used or out of date alike.
    """
    row = conn.execute(
        select(invitations).where(
            and_(
                invitations.c.code_hash == _hash(code),
                invitations.c.used_at.is_(None),
                invitations.c.expires_at > now,
            )
        )
    ).first()
    if row is None:
        raise RuleError("invitation_unknown")
    conn.execute(update(invitations).where(invitations.c.id == row.id).values(used_at=now))
    conn.execute(update(accounts).where(accounts.c.id == account.id).values(person_id=row.person_id))
    return int(row.person_id)


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def _held_on(today: date):  # type: ignore[no-untyped-def]
    return and_(
        memberships.c.since <= today, or_(memberships.c.until.is_(None), memberships.c.until >= today)
    )


def _account(row: Row[Any]) -> Account:
    display = Display(row.language, row.large)
    return Account(row.id, row.person_id, row.channel, row.external_id, display)


def _made(key: object) -> int:
    assert isinstance(key, tuple) or key is not None
    return int(key[0])  # type: ignore[index]
