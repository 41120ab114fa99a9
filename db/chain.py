"""The seals over the log: each is a hash over a batch of events and sent messages and over the seal before.

Who writes an event takes no lock and knows of no order: the one process that keeps the time closes what
has no seal yet, a few minutes later, whatever number it has.  What was sealed cannot be changed, taken out
or added to without the check naming the seal.  Why so: ``docs/decisions/0015-sealed-log.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from db.models import UNSEALED, events, outbox, seals

EVERY = timedelta(minutes=10)
MOST = 2_000  # rows of a kind under one seal; the rest is sealed at the next tick
BACK = timedelta(hours=25)  # what a sender without contact does is recorded with the day alone
_AT_ONCE = 20  # seals that are read together
_FIRST = "0" * 64
_EVENT = (
    events.c.id, events.c.at, events.c.actor_id, events.c.subject, events.c.subject_id, events.c.action,
    events.c.fields, events.c.seal,
)  # fmt: skip
_MESSAGE = (outbox.c.id, outbox.c.account_id, outbox.c.channel, outbox.c.sent_at, outbox.c.seal)


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as it stands; the short ``digest`` of the newest one stands for all that is before it."""

    number: int
    at: datetime
    events: int
    messages: int
    digest: str

    @property
    def short(self) -> str:
        """What people compare: eight signs in two groups."""
        return f"{self.digest[:4]} {self.digest[4:8]}"


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: under which seal, between which moments, and what is wrong there.

    ``why``: ``changed`` (an entry was changed, added or taken out), ``gone`` (the seal itself),
    ``unknown`` (entries under a seal that does not exist), ``back`` (an entry dated long before its turn).
    """

    number: int
    since: datetime | None
    until: datetime | None
    why: str


def last(conn: Connection) -> Seal | None:
    """The newest seal."""
    return _seal(conn.execute(select(seals).order_by(seals.c.number.desc()).limit(1)).first())


def get(conn: Connection, number: int) -> Seal | None:
    """A seal by its number."""
    return _seal(conn.execute(select(seals).where(seals.c.number == number)).first())


def seal(conn: Connection, now: datetime) -> Seal | None:
    """Closes what is not under a seal yet; nothing within ten minutes, unless much is left.

    The process that keeps the time alone may call it.
    """
    before = last(conn)
    is_all = before is not None and max(before.events, before.messages) < MOST
    if before is not None and is_all and before.at <= now < before.at + EVERY:
        return None
    number = before.number + 1 if before else 1
    mine = select(events.c.id).where(events.c.seal.is_(None)).order_by(events.c.id).limit(MOST)
    said = conn.execute(
        update(events).where(events.c.id.in_(mine)).values(seal=number).returning(*_EVENT)
    ).all()
    theirs = select(outbox.c.id).where(text(UNSEALED)).order_by(outbox.c.id).limit(MOST)
    sent = conn.execute(
        update(outbox).where(outbox.c.id.in_(theirs)).values(seal=number).returning(*_MESSAGE)
    ).all()
    if not said and not sent:
        return None
    digest = _digest(before.digest if before else _FIRST, number, now, said, sent)
    made = Seal(number, now, len(said), len(sent), digest)
    conn.execute(insert(seals).values(asdict(made)))
    return made


def check(conn: Connection, since: datetime | None = None) -> Broken | None:
    """The first place where the chain does not hold; of the seals since a moment, or of all."""
    before = None
    if since is not None:
        query = select(seals).where(seals.c.at < since).order_by(seals.c.number.desc()).limit(1)
        before = _seal(conn.execute(query).first())
    digest, number, at = (before.digest, before.number, before.at) if before else (_FIRST, 0, None)
    newest = at
    while found := _next(conn, number):
        first, end = found[0].number, found[-1].number
        said = _grouped(conn, events.c.seal, _EVENT, first, end)
        sent = _grouped(conn, outbox.c.seal, _MESSAGE, first, end)
        for one in found:
            if one.number != number + 1:
                return Broken(number + 1, at, one.at, "gone")
            mine, theirs = said.pop(one.number, []), sent.pop(one.number, [])
            if _digest(digest, one.number, one.at, mine, theirs) != one.digest:
                return Broken(one.number, at, one.at, "changed")
            newest, is_back = _in_turn(mine, newest)
            if is_back:
                return Broken(one.number, at, one.at, "back")
            digest, number, at = one.digest, one.number, one.at
    for column in (events.c.seal, outbox.c.seal):
        if beyond := conn.execute(select(func.max(column)).where((column > number) | (column < 1))).scalar():
            return Broken(int(beyond), at, None, "unknown")
    unsealed = select(*_EVENT).where(events.c.seal.is_(None)).order_by(events.c.id).limit(MOST)
    is_back = _in_turn(conn.execute(unsealed).all(), newest)[1]
    return Broken(number + 1, at, None, "back") if is_back else None


def _next(conn: Connection, number: int) -> list[Seal]:
    query = select(seals).where(seals.c.number > number).order_by(seals.c.number).limit(_AT_ONCE)
    return [Seal(*row) for row in conn.execute(query)]


def _grouped(
    conn: Connection, column: Any, columns: tuple[Any, ...], first: int, end: int
) -> dict[int, list[Row[Any]]]:
    rows = conn.execute(select(*columns).where(column.between(first, end)).order_by(column))
    return {number: list(group) for number, group in groupby(rows, lambda row: int(row.seal))}


def _in_turn(rows: Iterable[Any], newest: datetime | None) -> tuple[datetime | None, bool]:
    """The newest moment so far, and whether a row says one long before it."""
    for row in sorted(rows, key=lambda row: int(row.id)):
        if newest is not None and row.at < newest - BACK:
            return newest, True
        newest = row.at if newest is None else max(newest, row.at)
    return newest, False


def _digest(
    before: str, number: int, at: datetime, said: Iterable[Row[Any]], sent: Iterable[Row[Any]]
) -> str:
    hashed = hashlib.sha256(f"{before}\n{number}\n{_moment(at)}\n".encode())
    for line in (*_lines("event", said), *_lines("message", sent)):
        hashed.update(line)
    return hashed.hexdigest()


def _lines(kind: str, rows: Iterable[Row[Any]]) -> Iterator[bytes]:
    """One line a row, the same on every engine; whatever order the database gave them in."""
    for row in sorted(rows, key=lambda row: int(row.id)):
        columns: Sequence[object] = row[:-1]  # but for the seal
        values = [_moment(value) if isinstance(value, datetime) else value for value in columns]
        yield json.dumps([kind, *values], sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _seal(row: Row[Any] | None) -> Seal | None:
    return None if row is None else Seal(row.number, row.at, row.events, row.messages, row.digest)
