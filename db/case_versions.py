"""What a citizen wrote, message by message, with every version of each; the case shows the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from db.models import case_messages, case_versions, cases


@dataclass(frozen=True, slots=True)
class Version:
    """The newest version of a message of a case; ``reply_id`` names what was said after filing."""

    case_id: int
    message_id: str
    reply_id: int | None
    number: int
    words: str


def keep_first(conn: Connection, case_id: int, parts: Sequence[tuple[str, str]], now: datetime) -> None:
    """Keeps the messages that a case was filed with: each message's id and words."""
    for at, (message_id, words) in enumerate(parts):
        _insert(conn, Version(case_id, message_id or f"#{at}", None, 1, words), now)


def keep_reply(
    conn: Connection, case_id: int, reply_id: int, message_id: str, words: str, now: datetime
) -> None:
    """Keeps a message that was added later; one without an id cannot be edited."""
    if message_id and words:
        _insert(conn, Version(case_id, message_id, reply_id, 1, words), now)


def find(conn: Connection, account_id: int, message_id: str) -> Version | None:
    """The newest version of a message, if it belongs to a case of this account."""
    row = conn.execute(
        select(case_versions)
        .join(cases, cases.c.id == case_versions.c.case_id)
        .where(cases.c.account_id == account_id, case_versions.c.message_id == message_id)
        .order_by(case_versions.c.id.desc())
    ).first()
    return Version(row.case_id, row.message_id, row.reply_id, row.number, row.words) if row else None


def edit(conn: Connection, old: Version, words: str, now: datetime) -> None:
    """Adds a version; the case and what was said in it show it, the older ones stay for audit."""
    _insert(conn, Version(old.case_id, old.message_id, old.reply_id, old.number + 1, words), now)
    if old.reply_id is not None:
        conn.execute(update(case_messages).where(case_messages.c.id == old.reply_id).values(words=words))
        return
    conn.execute(update(cases).where(cases.c.id == old.case_id).values(words=_newest(conn, old.case_id)))


def as_received(conn: Connection, case_id: int) -> str | None:
    """The words a case was filed with; None if its messages were not kept one by one."""
    first = (
        select(case_versions.c.words)
        .where(
            case_versions.c.case_id == case_id,
            case_versions.c.reply_id.is_(None),
            case_versions.c.number == 1,
        )
        .order_by(case_versions.c.id)
    )
    words = conn.execute(first).scalars().all()
    return "\n".join(words) if words else None


def edited_at(conn: Connection, case_id: int) -> datetime | None:
    """When the citizen last edited something of a case."""
    newest = select(func.max(case_versions.c.at)).where(
        case_versions.c.case_id == case_id, case_versions.c.number > 1
    )
    return conn.execute(newest).scalar()


def _newest(conn: Connection, case_id: int) -> str:
    rows = conn.execute(
        select(case_versions.c.message_id, case_versions.c.words)
        .where(case_versions.c.case_id == case_id, case_versions.c.reply_id.is_(None))
        .order_by(case_versions.c.id)
    )
    return "\n".join({row.message_id: row.words for row in rows}.values())


def _insert(conn: Connection, version: Version, now: datetime) -> None:
    conn.execute(
        insert(case_versions).values(
            case_id=version.case_id,
            message_id=version.message_id,
            reply_id=version.reply_id,
            number=version.number,
            words=version.words,
            at=now,
        )
    )
