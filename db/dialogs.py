"""The one open dialog of a chat, as a row, and the last menus the person saw.

A draft that holds words is never lost to another question: it lies under the other dialog and is open
again when that ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from db.codec import plain
from db.models import accounts, dialogs, menus

LIFETIME = timedelta(hours=24)
DRAFT = "case_draft"
MENUS_KEPT = 3
_UNDER = "under"
_ALONE = (dialogs.c.kind == DRAFT) & dialogs.c.data["reminded"].as_boolean().is_not(True)


@dataclass(frozen=True, slots=True)
class Dialog:
    """A question we asked and still wait on; ``data`` holds ids, and the words of a draft."""

    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """A choice and the message that showed it."""

    action: str
    label: str  # folded
    takes_text: bool
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """The last choices a person saw, in number order, and the message that showed them.

    ``earlier`` are those of the menus before, the newest first; they can be named but not numbered.
    """

    choices: tuple[MenuChoice, ...]
    message_id: str
    earlier: tuple[MenuChoice, ...] = ()


def current(conn: Connection, account_id: int, now: datetime) -> Dialog | None:
    """The open dialog of an account."""
    row = conn.execute(select(dialogs).where(dialogs.c.account_id == account_id)).first()
    if row is None:
        return None
    return Dialog(row.kind, row.data) if row.expires_at > now else _under(row.data, now)


def under(conn: Connection, account_id: int, now: datetime) -> Dialog | None:
    """The draft that lies under the open dialog; closing that opens the draft again."""
    row = conn.execute(select(dialogs).where(dialogs.c.account_id == account_id)).first()
    return _under(row.data, now) if row else None


def open_dialog(
    conn: Connection,
    account_id: int,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    *,
    lifetime: timedelta = LIFETIME,
) -> None:
    """Opens a dialog, or replaces the open one; a draft with words stays under it."""
    row = conn.execute(select(dialogs).where(dialogs.c.account_id == account_id)).first()
    conn.execute(delete(dialogs).where(dialogs.c.account_id == account_id))
    kept = {name: value for name, value in data.items() if name != _UNDER}
    if row is not None and kind != DRAFT:
        below = _lasting(row.kind, row.data, row.expires_at) or row.data.get(_UNDER)
        kept |= {_UNDER: below} if below else {}
    _insert(conn, account_id, kind, kept, now, now + lifetime)


def close(conn: Connection, account_id: int) -> None:
    """Ends the dialog and erases what it holds; a draft that lies under it is open again."""
    row = conn.execute(select(dialogs).where(dialogs.c.account_id == account_id)).first()
    conn.execute(delete(dialogs).where(dialogs.c.account_id == account_id))
    if row is not None and (below := row.data.get(_UNDER)):
        until = datetime.fromisoformat(below["until"])
        _insert(conn, account_id, below["kind"], below["data"], row.updated_at, until)


def expire(conn: Connection, now: datetime) -> list[tuple[int, Dialog]]:
    """Ends the dialogs whose time is over and returns them with their accounts."""
    ended: list[tuple[int, Dialog]] = []
    while rows := conn.execute(select(dialogs).where(dialogs.c.expires_at <= now)).all():
        for row in rows:
            ended.append((row.account_id, Dialog(row.kind, row.data)))
            close(conn, row.account_id)
    return ended


def left_alone(conn: Connection, since: datetime) -> list[tuple[int, Mapping[str, Any], datetime]]:
    """Drafts untouched since a moment whose writers were not reminded: account, draft, its end."""
    query = select(dialogs).where(_ALONE, dialogs.c.updated_at <= since, dialogs.c.expires_at > since)
    return [(row.account_id, row.data, row.expires_at) for row in conn.execute(query)]


def longest_alone(conn: Connection) -> datetime | None:
    """Since when the oldest of such drafts is untouched."""
    return conn.execute(select(func.min(dialogs.c.updated_at)).where(_ALONE)).scalar()


def mark_reminded(conn: Connection, account_id: int) -> None:
    """Remembers in a draft that its writer was reminded; it lasts no longer by that."""
    row = conn.execute(select(dialogs.c.data).where(dialogs.c.account_id == account_id)).one()
    values = {"data": {**row.data, "reminded": True}}
    conn.execute(update(dialogs).where(dialogs.c.account_id == account_id).values(**values))


def opened(conn: Connection, channel: str = "") -> list[int]:
    """The accounts with an open dialog, of one channel or of all."""
    query = select(accounts.c.id).join(dialogs, dialogs.c.account_id == accounts.c.id)
    if channel:
        query = query.where(accounts.c.channel == channel)
    return list(conn.execute(query.order_by(accounts.c.id)).scalars())


def next_expiry(conn: Connection) -> datetime | None:
    """When the next dialog ends by itself."""
    return conn.execute(select(func.min(dialogs.c.expires_at))).scalar()


def menu(conn: Connection, account_id: int) -> Menu | None:
    """The last menus an account saw."""
    row = conn.execute(select(menus).where(menus.c.account_id == account_id)).first()
    if row is None:
        return None
    choices = [MenuChoice(*choice) for choice in row.choices]
    newest = tuple(choice for choice in choices if choice.message_id == row.message_id)
    earlier = tuple(choice for choice in choices if choice.message_id != row.message_id)
    return Menu(newest, row.message_id, earlier)


def saw_menu(
    conn: Connection, account_id: int, choices: list[list[Any]], message_id: str, now: datetime
) -> None:
    """Remembers the choices a person sees now, before those of the menus they saw until now."""
    row = conn.execute(select(menus.c.choices).where(menus.c.account_id == account_id)).first()
    before = [choice for choice in (row.choices if row else ()) if choice[-1] != message_id]
    kept = list(dict.fromkeys(choice[-1] for choice in before))[: MENUS_KEPT - 1]
    shown = [[*choice, message_id] for choice in choices]
    values = {
        "choices": shown + [choice for choice in before if choice[-1] in kept],
        "message_id": message_id,
        "at": now,
    }
    if row is None:
        conn.execute(insert(menus).values(account_id=account_id, **values))
    else:
        conn.execute(update(menus).where(menus.c.account_id == account_id).values(**values))


def forget_menus(conn: Connection, account_id: int) -> None:
    """Forgets what an account saw to choose from."""
    conn.execute(delete(menus).where(menus.c.account_id == account_id))


def _lasting(kind: str, data: Mapping[str, Any], until: datetime) -> dict[str, Any] | None:
    """A draft as it lies under another dialog; None for a dialog that holds nothing of a person's."""
    if kind != DRAFT or not any(data.get(name) for name in ("words", "files", "place", "latitude")):
        return None
    return {"kind": kind, "data": data, "until": until.isoformat()}


def _under(data: Mapping[str, Any], now: datetime) -> Dialog | None:
    below = data.get(_UNDER)
    if not below or datetime.fromisoformat(below["until"]) <= now:
        return None
    return Dialog(below["kind"], below["data"])


def _insert(
    conn: Connection, account_id: int, kind: str, data: Mapping[str, Any], now: datetime, until: datetime
) -> None:
    conn.execute(
        insert(dialogs).values(
            account_id=account_id, kind=kind, data=plain(data), updated_at=now, expires_at=until
        )
    )
