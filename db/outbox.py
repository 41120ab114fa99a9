"""What we are about to say: rows written in the transaction that gives the reason to say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, insert, or_, select, update

from db.codec import plain, reply_from_json, reply_to_json
from db.models import accounts, menus, outbox
from domain.chat import Reply

EMERGENCY, ANSWER, ESCALATION, REMINDER, DIGEST = range(5)
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Due:
    """A message claimed for delivery."""

    id: int
    account_id: int
    channel: str
    chat: str
    reply: Reply
    card: Mapping[str, Any]
    edits: str
    captioned: bool
    attempts: int
    priority: int


def post(
    conn: Connection,
    account_id: int,
    reply: Reply,
    now: datetime,
    *,
    key: str | None = None,
    priority: int = ANSWER,
    due_at: datetime | None = None,
) -> int | None:
    """Queues a message; None when the ``key`` says that it was queued before.

    An unsent message of the same slot in the same chat is replaced.
    """
    if key is not None and conn.execute(select(outbox.c.id).where(outbox.c.key == key)).first():
        return None
    if reply.slot:
        conn.execute(
            update(outbox)
            .where(
                outbox.c.account_id == account_id, outbox.c.slot == reply.slot, outbox.c.state == "waiting"
            )
            .values(state="replaced", reply=None)
        )
    captioned = False
    if reply.edits:
        target = select(outbox.c.captioned).where(
            outbox.c.account_id == account_id, outbox.c.message_id == reply.edits
        )
        captioned = bool(conn.execute(target.limit(1)).scalar())
    made = conn.execute(
        insert(outbox).values(
            key=key,
            account_id=account_id,
            priority=priority,
            slot=reply.slot,
            reply=reply_to_json(reply),
            card=plain(reply.card),
            edits=reply.edits,
            captioned=captioned or bool(reply.pictures),
            due_at=(due_at or now) + timedelta(seconds=reply.wait),
            state="waiting",
            attempts=0,
            created_at=now,
        )
    )
    key_of = made.inserted_primary_key
    assert key_of is not None
    return int(key_of[0])


def claim(
    conn: Connection, now: datetime, channel: str, limit: int, flying: Collection[int] = ()
) -> list[Due]:
    """Takes a channel's messages whose time has come, the most urgent first, one a chat, with a lease.

    A message whose lease ran out (the process died while sending) is taken again, unless it is one of
    ``flying``: those this process is sending right now.
    """
    ready = or_(
        (outbox.c.state == "waiting") & (outbox.c.due_at <= now),
        (outbox.c.state == "sending") & (outbox.c.lease_until <= now),
    )
    rows = conn.execute(
        select(outbox, accounts.c.channel, accounts.c.external_id)
        .join(accounts, accounts.c.id == outbox.c.account_id)
        .where(ready, accounts.c.channel == channel, outbox.c.id.not_in(flying))
        .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
        .limit(limit * 4)
        .with_for_update(skip_locked=True, of=outbox)
    ).all()
    busy: set[int] = set(
        conn.execute(
            select(outbox.c.account_id).where(
                outbox.c.state == "sending", or_(outbox.c.lease_until > now, outbox.c.id.in_(flying))
            )
        ).scalars()
    )
    claimed: list[Due] = []
    for row in rows:
        if row.account_id in busy or len(claimed) == limit:
            continue
        busy.add(row.account_id)
        claimed.append(
            Due(
                id=row.id,
                account_id=row.account_id,
                channel=row.channel,
                chat=row.external_id,
                reply=reply_from_json(row.reply),
                card=row.card,
                edits=row.edits,
                captioned=row.captioned,
                attempts=row.attempts,
                priority=row.priority,
            )
        )
    if claimed:
        conn.execute(
            update(outbox)
            .where(outbox.c.id.in_([due.id for due in claimed]))
            .values(state="sending", lease_until=now + LEASE, attempts=outbox.c.attempts + 1)
        )
    return claimed


def release(conn: Connection) -> None:
    """Ends every lease: for a process that has just started and is the only one."""
    conn.execute(update(outbox).where(outbox.c.state == "sending").values(state="waiting", lease_until=None))


def next_due(conn: Connection) -> dict[str, datetime]:
    """By channel, when the next message may leave or a lease ends."""
    moment = case((outbox.c.state == "sending", outbox.c.lease_until), else_=outbox.c.due_at)
    rows = conn.execute(
        select(accounts.c.channel, func.min(moment).label("due"))
        .join(accounts, accounts.c.id == outbox.c.account_id)
        .where(outbox.c.state.in_(("waiting", "sending")))
        .group_by(accounts.c.channel)
    ).all()
    return {row.channel: row.due for row in rows}


def sent(conn: Connection, due: Due, message_id: str, choices: list[list[Any]], now: datetime) -> None:
    """Keeps the platform's id, erases the words and remembers the menu the person now sees."""
    conn.execute(
        update(outbox)
        .where(outbox.c.id == due.id)
        .values(
            state="sent",
            message_id=message_id,
            captioned=due.captioned,
            reply=None,
            sent_at=now,
            lease_until=None,
            error="",
        )
    )
    if choices:
        changed = conn.execute(
            update(menus)
            .where(menus.c.account_id == due.account_id)
            .values(choices=choices, message_id=message_id, at=now)
        )
        if changed.rowcount == 0:
            conn.execute(
                insert(menus).values(
                    account_id=due.account_id, choices=choices, message_id=message_id, at=now
                )
            )


def later(conn: Connection, due: Due, when: datetime, error: str) -> None:
    """Puts a message back until ``when``."""
    conn.execute(
        update(outbox)
        .where(outbox.c.id == due.id)
        .values(state="waiting", due_at=when, lease_until=None, error=error[:200])
    )


def ended(conn: Connection, due: Due, state: str, error: str = "") -> None:
    """Ends a message that will not be sent: ``dropped``, ``failed`` or ``unreachable``."""
    conn.execute(
        update(outbox)
        .where(outbox.c.id == due.id)
        .values(state=state, reply=None, lease_until=None, error=error[:200])
    )


def card_of(conn: Connection, account_id: int, message_id: str) -> Mapping[str, Any]:
    """The ids behind a message the person pressed on or replied to; empty if there are none."""
    found = conn.execute(
        select(outbox.c.card)
        .where(outbox.c.account_id == account_id, outbox.c.message_id == message_id)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).scalar()
    return found or {}


def latest_card(conn: Connection, account_id: int, field: str) -> tuple[str, Mapping[str, Any]]:
    """The newest message of an account whose card has this field: its id and card; empty if there is none."""
    rows = conn.execute(
        select(outbox.c.message_id, outbox.c.card)
        .where(outbox.c.account_id == account_id, outbox.c.state == "sent")
        .order_by(outbox.c.sent_at.desc(), outbox.c.id.desc())
        .limit(30)
    ).all()
    return next(((row.message_id, row.card) for row in rows if row.card.get(field)), ("", {}))


def set_card(conn: Connection, row_id: int, card: Mapping[str, Any]) -> None:
    """Notes the ids of a card that was worded anew just before sending."""
    conn.execute(update(outbox).where(outbox.c.id == row_id).values(card=plain(card)))


def is_captioned(conn: Connection, account_id: int, message_id: str) -> bool:
    """Whether a sent message carries a picture."""
    return bool(
        conn.execute(
            select(outbox.c.captioned)
            .where(outbox.c.account_id == account_id, outbox.c.message_id == message_id)
            .limit(1)
        ).scalar()
    )


def undelivered(conn: Connection) -> int:
    """How many messages ended without being delivered."""
    states = ("failed", "unreachable")
    return int(conn.execute(select(func.count()).where(outbox.c.state.in_(states))).scalar() or 0)
