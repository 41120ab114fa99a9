"""The tokens of Zalo's Official Account: that for renewing works once, so both are kept in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, or_, select, update

from db.models import oa_tokens

LEASE = timedelta(seconds=60)  # to ask the platform and write its answer down
RENEWED_AHEAD = timedelta(hours=12)  # office hours lie in between, so that people can be told in time


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the platform gave at ``taken_at``, how often it could not be renewed, and the next try."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    taken_at: datetime
    expires_at: datetime
    refresh_until: datetime
    failures: int = 0
    retry_at: datetime | None = None
    error: str = ""

    @property
    def renew_at(self) -> datetime:
        """When a new pair is asked for: twelve hours ahead, after half of the time where there is less."""
        return self.expires_at - min(RENEWED_AHEAD, (self.expires_at - self.taken_at) / 2)


def current(conn: Connection, app_id: str) -> Tokens | None:
    """The pair of an app; None before the first consent."""
    row = conn.execute(select(oa_tokens).where(oa_tokens.c.app_id == app_id)).first()
    if row is None:
        return None
    return Tokens(
        row.access, row.refresh, row.taken_at, row.expires_at, row.refresh_until, row.failures, row.retry_at,
        row.error,
    )  # fmt: skip


def keep(conn: Connection, app_id: str, tokens: Tokens) -> None:
    """Puts a new pair in the place of the old one."""
    values = {
        "access": tokens.access,
        "refresh": tokens.refresh,
        "taken_at": tokens.taken_at,
        "expires_at": tokens.expires_at,
        "refresh_until": tokens.refresh_until,
        "failures": 0,
        "retry_at": None,
        "error": "",
        "lease_until": None,
    }
    changed = conn.execute(update(oa_tokens).where(oa_tokens.c.app_id == app_id).values(**values))
    if changed.rowcount == 0:
        conn.execute(insert(oa_tokens).values(app_id=app_id, **values))


def lease(conn: Connection, app_id: str, access: str, now: datetime) -> bool:
    """Takes the right to renew this pair; False while another process has it, or once it has renewed it."""
    free = or_(oa_tokens.c.lease_until.is_(None), oa_tokens.c.lease_until <= now)
    same = (oa_tokens.c.app_id == app_id, oa_tokens.c.access == access, free)
    return conn.execute(update(oa_tokens).where(*same).values(lease_until=now + LEASE)).rowcount > 0


def failed(conn: Connection, app_id: str, error: str, retry_at: datetime) -> None:
    """Notes that it could not be renewed."""
    values = {"failures": oa_tokens.c.failures + 1, "retry_at": retry_at, "error": error[:100]}
    mine = update(oa_tokens).where(oa_tokens.c.app_id == app_id)
    conn.execute(mine.values(**values, lease_until=None))


def until(conn: Connection) -> datetime | None:
    """When the access token ends; None where there is none."""
    return conn.execute(select(func.min(oa_tokens.c.expires_at))).scalar()
