"""The one open dialog of a chat, as a row, and the menu the person saw last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from db.codec import plain
from db.models import dialogs, menus

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Dialog:
    """A question we asked and still wait on; ``data`` holds ids, and the words of a draft."""

    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """A choice of the last menu, in number order."""

    action: str
    label: str  # folded
    takes_text: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The last choices a person saw and the message that showed them."""

    choices: tuple[MenuChoice, ...]
    message_id: str


def current(conn: Connection, account_id: int, now: datetime) -> Dialog | None:
    """The open dialog of an account."""
    row = conn.execute(
        select(dialogs).where(dialogs.c.account_id == account_id, dialogs.c.expires_at > now)
    ).first()
    return Dialog(row.kind, row.data) if row else None


def open_dialog(
    conn: Connection,
    account_id: int,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    *,
    lifetime: timedelta = LIFETIME,
) -> None:
    """Opens a dialog, or replaces the open one."""
    close(conn, account_id)
    conn.execute(
        insert(dialogs).values(
            account_id=account_id, kind=kind, data=plain(data), updated_at=now, expires_at=now + lifetime
        )
    )


def close(conn: Connection, account_id: int) -> None:
    """Ends the dialog and erases its draft."""
    conn.execute(delete(dialogs).where(dialogs.c.account_id == account_id))


def expire(conn: Connection, now: datetime) -> list[tuple[int, Dialog]]:
    """Ends the dialogs whose time is over and returns them with their accounts."""
    rows = conn.execute(select(dialogs).where(dialogs.c.expires_at <= now)).all()
    if rows:
        conn.execute(delete(dialogs).where(dialogs.c.expires_at <= now))
    return [(row.account_id, Dialog(row.kind, row.data)) for row in rows]


def opened(conn: Connection) -> list[int]:
    """The accounts with an open dialog."""
    return list(conn.execute(select(dialogs.c.account_id).order_by(dialogs.c.account_id)).scalars())


def next_expiry(conn: Connection) -> datetime | None:
    """When the next dialog ends by itself."""
    return conn.execute(select(func.min(dialogs.c.expires_at))).scalar()


def menu(conn: Connection, account_id: int) -> Menu | None:
    """The last menu an account saw."""
    row = conn.execute(select(menus).where(menus.c.account_id == account_id)).first()
    if row is None:
        return None
    return Menu(tuple(MenuChoice(*choice) for choice in row.choices), row.message_id)
