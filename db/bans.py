"""Accounts that may begin nothing new for a while; each ban has a reason and ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from db.models import account_bans


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban as it stands; no card and no list reads the account."""

    id: int
    account_id: int
    case_id: int  # from whose card it was set
    person_id: int
    reason: str
    until: datetime
    appealed_at: datetime | None
    lifted_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.lifted_at is None and now < self.until


def add(
    conn: Connection,
    *,
    account_id: int,
    case_id: int,
    person_id: int,
    reason: str,
    now: datetime,
    until: datetime,
) -> int:
    """Sets a ban and returns its id."""
    values = {"account_id": account_id, "case_id": case_id, "person_id": person_id, "reason": reason}
    added = insert(account_bans).values(**values, at=now, until=until)
    return int(conn.execute(added.returning(account_bans.c.id)).scalar_one())


def get(conn: Connection, ban_id: int) -> Ban | None:
    """A ban by its id."""
    return _ban(conn.execute(select(account_bans).where(account_bans.c.id == ban_id)).first())


def of_account(conn: Connection, account_id: int, now: datetime) -> Ban | None:
    """The ban in force that ends last; None if there is none."""
    query = (
        select(account_bans)
        .where(
            account_bans.c.account_id == account_id,
            account_bans.c.lifted_at.is_(None),
            account_bans.c.until > now,
        )
        .order_by(account_bans.c.until.desc(), account_bans.c.id)
        .limit(1)
    )
    return _ban(conn.execute(query).first())


def appealed(conn: Connection, ban: Ban, now: datetime) -> None:
    """Notes that its one appeal was made."""
    conn.execute(update(account_bans).where(account_bans.c.id == ban.id).values(appealed_at=now))


def lift(conn: Connection, ban: Ban, now: datetime) -> None:
    """Ends every ban of the account, so that whoever is told that it is over may write."""
    mine = (account_bans.c.account_id == ban.account_id, account_bans.c.lifted_at.is_(None))
    conn.execute(update(account_bans).where(*mine).values(lifted_at=now))


def _ban(row: Row[Any] | None) -> Ban | None:
    if row is None:
        return None
    return Ban(
        row.id,
        row.account_id,
        row.case_id,
        row.person_id,
        row.reason,
        row.until,
        row.appealed_at,
        row.lifted_at,
    )
