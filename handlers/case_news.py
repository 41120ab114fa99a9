"""News of cases leaves for their senders: a few a day one by one, the rest in one message of the evening.

What asks something of a citizen, gives an answer or a reason never waits (spec row 12).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from db import outbox
from domain.chat import Reply
from handlers.desk import Desk

MOST_A_DAY = 3
EVENING = time(20, 0)
GATHERED = frozenset(("taken", "moved", "split", "team", "verified", "merged", "unmerged", "silent", "late"))
"""News that may wait for the evening, without their ``case_news_``."""
SLOT = "case-digest"


def post(desk: Desk, account_id: int, case_id: int, reply: Reply, due_at: datetime) -> None:
    """Queues news of a case for ``due_at``; unsent older news of it are replaced."""
    if reply.key.removeprefix("case_news_") in GATHERED and _has_heard_enough(
        desk, account_id, reply, due_at
    ):
        _gather(desk, account_id, case_id, due_at)
        return
    outbox.post(desk.conn, account_id, reply, desk.now, due_at=due_at)


def _has_heard_enough(desk: Desk, account_id: int, reply: Reply, due_at: datetime) -> bool:
    first = desk.calendar.at(desk.calendar.today(due_at), time(0, 0))
    heard = outbox.of_slots(desk.conn, account_id, outbox.NEWS, first, first + timedelta(days=1))
    return reply.slot not in heard[0] and len(heard[0]) + heard[1] >= MOST_A_DAY


def _gather(desk: Desk, account_id: int, case_id: int, due_at: datetime) -> None:
    """Adds the case to the evening's message, which is worded when it leaves (``scheduler/case_digest``)."""
    waiting = outbox.waiting_card(desk.conn, account_id, SLOT)
    named = [each for each in waiting.get("cases", []) if each != case_id]
    evening = desk.calendar.at(desk.calendar.today(due_at), EVENING)
    reply = Reply(
        "case_digest", {"cases": []}, slot=SLOT, card={"kind": "case_digest", "cases": [*named, case_id]}
    )
    outbox.post(desk.conn, account_id, reply, desk.now, priority=outbox.DIGEST, due_at=max(due_at, evening))
