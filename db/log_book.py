"""What leaders and administrators look up in the log: who opened, took out, searched or changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from db.models import events, outbox

KINDS: Mapping[str, Sequence[str]] = {
    "identity": ("identity_asked", "identity_granted", "identity_refused", "identity_opened"),
    "read": ("read_out",),
    "export": ("exported",),
    "search": ("searched",),
    "rules": ("rules_loaded", "day_set", "year_confirmed", "post_given", "posts_ended"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it was recorded."""

    at: datetime
    actor_id: int | None
    subject: str
    subject_id: int
    action: str
    fields: Mapping[str, Any]


def counts(conn: Connection, since: datetime) -> dict[str, int]:
    """How many entries of each kind there are since a moment."""
    kinds = {action: kind for kind, actions in KINDS.items() for action in actions}
    query = select(events.c.action, func.count()).where(events.c.action.in_(kinds), events.c.at >= since)
    found = dict.fromkeys(KINDS, 0)
    for action, count in conn.execute(query.group_by(events.c.action)):
        found[kinds[action]] += count
    return found


def sent(conn: Connection, since: datetime) -> int:
    """How many messages were sent since a moment."""
    query = select(func.count()).where(outbox.c.state == "sent", outbox.c.created_at >= since)
    return int(conn.execute(query).scalar_one())


def newest(conn: Connection, kind: str, most: int) -> list[Entry]:
    """The newest entries of a kind."""
    mine = events.c.action.in_(KINDS[kind])
    query = select(events).where(mine).order_by(events.c.at.desc(), events.c.id.desc()).limit(most)
    return [
        Entry(row.at, row.actor_id, row.subject, row.subject_id, row.action, row.fields)
        for row in conn.execute(query)
    ]


def rules(conn: Connection) -> Mapping[str, str] | None:
    """The files of rules that the service last started with, and their fingerprints; None if never."""
    query = select(events.c.fields).where(events.c.action == "rules_loaded").order_by(events.c.id.desc())
    fields = conn.execute(query.limit(1)).scalar()
    return None if fields is None else dict(fields["files"])
