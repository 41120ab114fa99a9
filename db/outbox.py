"""What we are about to say: rows written in the transaction that gives the reason to say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    update,
)

from db import dialogs
from db.codec import plain, reply_from_json, reply_to_json
from db.models import accounts, outbox
from domain.chat import PLAIN, Display, Reply

EMERGENCY, ANSWER, ESCALATION, REMINDER, DIGEST = range(5)
LEASE = timedelta(seconds=60)
HELD_FOR = timedelta(days=90)  # what somebody is owed waits so long for them to write
NEWS = "case-news:"  # the slot in which the news of a case replace one another
APART = timedelta(seconds=1)  # between two pushes to one chat, whichever process sends them
_EARLY = ("T-", "week", "month", "50%", "80%")
_OF_ACCOUNT = (accounts.c.external_id, accounts.c.language, accounts.c.large)
_CLAIMING = 7_201  # the number of the lock under which claims follow one another on PostgreSQL


@dataclass(frozen=True, slots=True)
class Due:
    """A message claimed for delivery; ``repeats`` says that it may have arrived before."""

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
    created_at: datetime
    repeats: bool = False
    display: Display = PLAIN

    @property
    def takes_away(self) -> bool:
        """Whether it is no message but the end of one."""
        return bool(self.edits) and not self.reply.key

    @property
    def is_push(self) -> bool:
        """Whether nobody waits for it: such messages to one chat keep a second's distance."""
        return self.priority >= ESCALATION

    @property
    def insists(self) -> bool:
        """Whether it is sent once more when nobody knows if it arrived.

        Reminders ahead of the due day and digests are not: the next rung or week says it again.
        """
        if self.priority == DIGEST:
            return False
        names = [str(name) for name in self.card.get("rungs", {}).values()]
        return self.priority < REMINDER or not names or not all(name.startswith(_EARLY) for name in names)


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
    captioned: ColumnElement[bool] = literal(bool(reply.pictures))
    if reply.edits and not reply.pictures:
        edited = (outbox.c.account_id == account_id, outbox.c.message_id == reply.edits)
        captioned = exists().where(*edited, outbox.c.captioned)
    channel = select(accounts.c.channel).where(accounts.c.id == account_id).scalar_subquery()
    made = conn.execute(
        insert(outbox).values(
            key=key,
            account_id=account_id,
            channel=channel,
            priority=priority,
            slot=reply.slot,
            reply=reply_to_json(reply),
            card=plain(reply.card),
            about=_about(reply),
            edits=reply.edits,
            captioned=captioned,
            due_at=(due_at or now) + timedelta(seconds=reply.wait),
            state="waiting",
            attempts=0,
            created_at=now,
        )
    )
    key_of = made.inserted_primary_key
    assert key_of is not None
    return int(key_of[0])


def _about(reply: Reply) -> str:
    """The team or case that a message tells of, by its card or its slot."""
    for name in ("team", "case"):
        if (number := reply.card.get(name)) is not None:
            return f"{name}:{number}"
    kind, _, number = reply.slot.partition(":")
    return f"case:{number}" if kind.startswith("case-") and number.isdigit() else ""


def withhold(conn: Connection, account_id: int, slot: str) -> None:
    """Takes back a message that waits and is not for this person any more."""
    its = (outbox.c.account_id == account_id, outbox.c.slot == slot, outbox.c.state == "waiting")
    conn.execute(update(outbox).where(*its).values(state="dropped", reply=None))


def take_away(
    conn: Connection, account_id: int, message_id: str, now: datetime, due_at: datetime | None = None
) -> None:
    """Takes a card that was sent out of its chat, where the channel can; nothing where it was never sent."""
    if message_id:
        post(conn, account_id, Reply("", edits=message_id), now, priority=REMINDER, due_at=due_at)


def claim(
    conn: Connection,
    now: datetime,
    channel: str,
    limit: int,
    flying: Collection[int] = (),
    resting: Collection[int] = (),
    quiet: Collection[int] = (),
) -> list[Due]:
    """Takes a channel's messages whose time has come, the most urgent first, one a chat, with a lease.

    ``flying`` are those this process is sending right now.  Accounts that are ``resting`` get
    nothing, those that are ``quiet``, or were sent something by anybody within a second, no pushes.
    """
    if conn.dialect.name == "postgresql":  # Two processes must not take two messages of one chat.
        conn.execute(text(f"SELECT pg_advisory_xact_lock({_CLAIMING})"))
    _decide_lost(conn, outbox.c.lease_until <= now, outbox.c.id.not_in(flying))
    busy = select(outbox.c.account_id).where(outbox.c.state == "sending")
    other = outbox.alias()
    just_told = exists().where(other.c.account_id == outbox.c.account_id, other.c.sent_at > now - APART)
    rows = conn.execute(
        select(outbox, *_OF_ACCOUNT)
        .join(accounts, accounts.c.id == outbox.c.account_id)
        .where(
            outbox.c.channel == channel,
            outbox.c.state == "waiting",
            outbox.c.due_at <= now,
            outbox.c.account_id.not_in(busy),
            outbox.c.account_id.not_in(resting),
            or_(
                outbox.c.priority < ESCALATION,
                and_(outbox.c.account_id.not_in(quiet), not_(just_told)),
            ),
        )
        .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
        .limit(limit * 4)
        .with_for_update(skip_locked=True, of=outbox)
    ).all()
    claimed: dict[int, Due] = {}
    for row in rows:
        if row.account_id not in claimed and len(claimed) < limit:
            claimed[row.account_id] = _due(row)
    if claimed:
        conn.execute(
            update(outbox)
            .where(outbox.c.id.in_([due.id for due in claimed.values()]))
            .values(state="sending", lease_until=now + LEASE, attempts=outbox.c.attempts + 1, called=False)
        )
    return list(claimed.values())


def calls(conn: Connection, due: Due) -> bool:
    """Notes that the platform is about to be called; False if another process has the message by now."""
    ours = (outbox.c.id == due.id, outbox.c.state == "sending", outbox.c.attempts == due.attempts + 1)
    return conn.execute(update(outbox).where(*ours).values(called=True)).rowcount > 0


def is_due(conn: Connection, now: datetime, channel: str) -> bool:
    """Whether a channel has anything to take; cheap enough to ask twice a second."""
    waiting = select(outbox.c.id).where(
        outbox.c.channel == channel, outbox.c.state == "waiting", outbox.c.due_at <= now
    )
    lost = select(outbox.c.id).where(outbox.c.state == "sending", outbox.c.lease_until <= now)
    return any(conn.execute(query.limit(1)).first() is not None for query in (waiting, lost))


def release(conn: Connection) -> None:
    """Ends every lease: for a process that has just started and is the only one."""
    _decide_lost(conn)


def give_back(conn: Connection, ids: Collection[int]) -> None:
    """Puts back what was taken and never left: it was no attempt, and the next claim finds it as it was."""
    waiting = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == "sending")
    conn.execute(waiting.values(state="waiting", lease_until=None, attempts=outbox.c.attempts - 1))


def unknown(conn: Connection, due: Due, when: datetime, error: str) -> bool:
    """Nobody knows whether a message arrived: it is sent once more at ``when``, or ends; True if it is.

    An edit may be made any number of times.
    """
    if due.edits or (due.insists and not due.repeats):
        values: dict[str, Any] = {"state": "waiting", "due_at": when, "repeats": not due.edits}
    else:
        values = {"state": "unknown"}
    conn.execute(
        update(outbox).where(outbox.c.id == due.id).values(lease_until=None, error=error[:200], **values)
    )
    return bool(values["state"] == "waiting")


def _decide_lost(conn: Connection, *conditions: Any) -> None:
    """Decides about what a process had when it died: what it had not called for yet waits again."""
    taken = update(outbox).where(outbox.c.state == "sending", ~outbox.c.called, *conditions)
    conn.execute(taken.values(state="waiting", lease_until=None))
    query = select(outbox, *_OF_ACCOUNT).join(accounts, accounts.c.id == outbox.c.account_id)
    lost = query.where(outbox.c.state == "sending", *conditions).with_for_update(skip_locked=True, of=outbox)
    for row in conn.execute(lost).all():
        unknown(conn, _due(row), row.due_at, "interrupted")  # it keeps its place in its chat


def _due(row: Any) -> Due:
    return Due(
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
        created_at=row.created_at,
        repeats=row.repeats,
        display=Display(row.language, row.large),
    )


def next_due(
    conn: Connection, resting: Mapping[int, datetime], quiet: Mapping[int, datetime]
) -> dict[str, datetime]:
    """By channel, when the next message may leave or a lease ends.

    Accounts that are ``resting`` have to wait, those that are ``quiet`` with pushes, those to which
    something is on its way until that has ended.
    """
    moment = case((outbox.c.state == "sending", outbox.c.lease_until), else_=outbox.c.due_at)
    busy = select(outbox.c.account_id).where(outbox.c.state == "sending")
    held = or_(
        outbox.c.account_id.in_(resting),
        and_(outbox.c.account_id.in_(quiet), outbox.c.priority >= ESCALATION),
    )
    first = select(outbox.c.channel, func.min(moment).label("due")).group_by(outbox.c.channel)
    waiting = and_(outbox.c.state == "waiting", outbox.c.account_id.not_in(busy))
    first = first.where(or_(waiting, outbox.c.state == "sending"))
    found = {row.channel: row.due for row in conn.execute(first.where(not_(held))).all()}
    for row in conn.execute(first.where(held).add_columns(outbox.c.account_id).group_by(outbox.c.account_id)):
        due = max(row.due, resting.get(row.account_id) or quiet[row.account_id])
        found[row.channel] = min(due, found.get(row.channel, due))
    return found


def sent(
    conn: Connection, due: Due, message_id: str, choices: list[list[Any]], now: datetime, hours: int = 0
) -> None:
    """Keeps the platform's id, erases the words and remembers the menu the person now sees.

    After so many ``hours``, if any, it is taken out of the chat again.  Of an ``unlinked`` message
    (``db.traces``) nothing is kept.
    """
    if hours:
        take_away(conn, due.account_id, message_id, now, now + timedelta(hours=hours))
    if due.card.get("unlinked"):
        conn.execute(delete(outbox).where(outbox.c.id == due.id))
        return
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
        dialogs.saw_menu(conn, due.account_id, choices, message_id, now)


def later(conn: Connection, due: Due, when: datetime, error: str, *, counts: bool = True) -> None:
    """Puts a message back until ``when``; it ``counts`` as an attempt unless the channel itself was down."""
    conn.execute(
        update(outbox)
        .where(outbox.c.id == due.id)
        .values(
            state="waiting",
            due_at=when,
            lease_until=None,
            error=error[:200],
            attempts=due.attempts + 1 if counts else due.attempts,
        )
    )


def ended(conn: Connection, due: Due, state: str, error: str = "") -> None:
    """Ends a message that will not be sent: ``dropped``, ``failed``, ``unreachable`` or ``held``.

    The words of ``failed`` and ``unreachable`` are kept for a week, so that an administrator can have them
    sent again; what is ``held`` and owed waits for the person's next message (:func:`again`).
    """
    erased = state == "dropped" or due.card.get("unlinked")
    values: dict[str, Any] = {"reply": None, "card": {}, "about": ""} if erased else {}
    conn.execute(
        update(outbox)
        .where(outbox.c.id == due.id)
        .values(state=state, lease_until=None, error=error[:200], **values)
    )


def hurry(conn: Connection, ids: Collection[int], now: datetime) -> None:
    """Makes waiting messages due now."""
    conn.execute(update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == "waiting").values(due_at=now))


def untold(conn: Connection, account_id: int | None, case_id: int) -> str:
    """Why the newest news of a case did not reach its sender: ``held``, ``lost``, or empty where it did."""
    its = (outbox.c.about == f"case:{case_id}", outbox.c.slot == f"{NEWS}{case_id}")
    query = select(outbox.c.state).where(outbox.c.account_id == account_id, outbox.c.about != "", *its)
    state = conn.execute(query.order_by(outbox.c.id.desc()).limit(1)).scalar()
    return "held" if state == "held" else "lost" if state in ("failed", "unreachable", "unknown") else ""


def owed() -> ColumnElement[bool]:
    """What somebody is told for its own sake: no reminder, no digest, no new look of a card."""
    return and_(outbox.c.priority <= ANSWER, outbox.c.edits == "")


def again(conn: Connection, account_id: int, now: datetime) -> list[int]:
    """Whoever can be written to again gets what they are owed, of a slot the newest; the cases it tells of.

    What an account could not be told for a week is kept, what waited for its next message for as long
    as ``HELD_FOR``.
    """
    kept = or_(
        and_(outbox.c.state == "unreachable", outbox.c.created_at > now - timedelta(days=7)),
        and_(outbox.c.state == "held", outbox.c.created_at > now - HELD_FOR),
    )
    query = select(outbox.c.id, outbox.c.slot, outbox.c.reply).where(outbox.c.account_id == account_id, kept)
    rows = [row for row in conn.execute(query.where(owed()).order_by(outbox.c.id)) if row.reply is not None]
    newest = {row.slot or f"only {row.id}": row.id for row in rows}
    if newest:
        mine = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
        waiting = {"state": "waiting", "due_at": now, "attempts": 0, "called": False, "error": ""}
        conn.execute(mine.where(outbox.c.id.in_(newest.values())).values(**waiting))
        conn.execute(mine.where(outbox.c.id.not_in(newest.values())).values(state="replaced", reply=null()))
    return [int(slot.removeprefix(NEWS)) for slot in newest if slot.startswith(NEWS)]


def move(conn: Connection, row_id: int, account_id: int, now: datetime) -> None:
    """Sends a message by another account of the same person; a card to be edited becomes a new one there."""
    channel = select(accounts.c.channel).where(accounts.c.id == account_id).scalar_subquery()
    conn.execute(
        update(outbox)
        .where(outbox.c.id == row_id)
        .values(
            account_id=account_id, channel=channel, edits="", state="waiting", due_at=now, attempts=0,
            lease_until=None,
        )
    )  # fmt: skip


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


def of_slots(
    conn: Connection, account_id: int, start: str, first: datetime, until: datetime
) -> tuple[set[str], int]:
    """What of slots that begin so is to leave between two moments, by slot, and how much has left."""
    rows = conn.execute(
        select(outbox.c.slot, outbox.c.state).where(
            outbox.c.account_id == account_id,
            outbox.c.due_at >= first,
            outbox.c.due_at < until,
            outbox.c.state.in_(("waiting", "sending", "sent")),
            outbox.c.slot.startswith(start, autoescape=True),
        )
    ).all()
    waiting = {row.slot for row in rows if row.state == "waiting"}
    return waiting, sum(row.state != "waiting" for row in rows)


def waiting_card(conn: Connection, account_id: int, slot: str) -> Mapping[str, Any]:
    """The card of the message of a slot that has not left yet; empty if there is none."""
    its = (outbox.c.account_id == account_id, outbox.c.slot == slot, outbox.c.state == "waiting")
    return conn.execute(select(outbox.c.card).where(*its).order_by(outbox.c.id.desc())).scalar() or {}


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
