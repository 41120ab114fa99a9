"""Group chats of units: registered by a one-time code that an administrator was given in private."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from db.models import accounts, unit_groups, units
from db.people import CODE_LETTERS

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Group:
    """A group that hears of new cases of a unit."""

    id: int
    account_id: int
    unit_name: str


def offer(conn: Connection, unit_id: int, person_id: int, now: datetime) -> str:
    """A code that makes the group in which it is said the unit's; only its hash is kept."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    values = {"unit_id": unit_id, "person_id": person_id, "code_hash": _hash(code)}
    conn.execute(insert(unit_groups).values(**values, expires_at=now + LIFETIME))
    return code


def claim(conn: Connection, account_id: int, code: str, now: datetime) -> tuple[int, str] | None:
    """Gives a group to the unit of a code: who asked for it and the unit's name; None for a wrong code."""
    waiting = (unit_groups.c.code_hash == _hash(code), unit_groups.c.expires_at > now)
    row = conn.execute(select(unit_groups).where(*waiting, unit_groups.c.account_id.is_(None))).first()
    if row is None:
        return None
    conn.execute(delete(unit_groups).where(unit_groups.c.account_id == account_id))
    taken = {"account_id": account_id, "code_hash": ""}
    conn.execute(update(unit_groups).where(unit_groups.c.id == row.id).values(**taken))
    name = conn.execute(select(units.c.name).where(units.c.id == row.unit_id)).scalar_one()
    return row.person_id, name


def of_unit(conn: Connection, unit_id: int) -> list[int]:
    """The accounts of a unit's groups."""
    its = (unit_groups.c.unit_id == unit_id, unit_groups.c.account_id.is_not(None))
    return list(conn.execute(select(unit_groups.c.account_id).where(*its)).scalars())


def moved(conn: Connection, account_id: int, external_id: str) -> int:
    """A group goes on under another id: the account that is its own now, and still the unit's."""
    channel = conn.execute(select(accounts.c.channel).where(accounts.c.id == account_id)).scalar_one()
    there = select(accounts.c.id).where(accounts.c.channel == channel, accounts.c.external_id == external_id)
    known = conn.execute(there).scalar()
    if known is None:
        its = accounts.c.id == account_id
        conn.execute(update(accounts).where(its).values(external_id=external_id, dead_since=None))
        return account_id
    conn.execute(delete(unit_groups).where(unit_groups.c.account_id == known))
    conn.execute(update(unit_groups).where(unit_groups.c.account_id == account_id).values(account_id=known))
    return int(known)


def registered(conn: Connection) -> list[Group]:
    """Every group that hears of cases."""
    query = select(unit_groups.c.id, unit_groups.c.account_id, units.c.name)
    query = query.join(units, units.c.id == unit_groups.c.unit_id).order_by(unit_groups.c.id)
    rows = conn.execute(query.where(unit_groups.c.account_id.is_not(None)))
    return [Group(row.id, row.account_id, row.name) for row in rows]


def drop(conn: Connection, group_id: int) -> None:
    """Takes a group off the list."""
    conn.execute(delete(unit_groups).where(unit_groups.c.id == group_id))


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
