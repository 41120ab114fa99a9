"""/hethong: how the service is doing, for leaders and administrators, and what did not arrive sent again."""

from __future__ import annotations

from datetime import timedelta

from db import audit, chain, dead_letters, health, inbox, marks, people, retention
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.people import ADMIN
from handlers.desk import Desk

NAMED = 5  # unreachable people who are named; the rest is a number
LATE_TICK = timedelta(minutes=2)
MONTH = timedelta(days=30)
TOKEN_ENDS = timedelta(hours=6)  # it should have been renewed long before


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/hethong."""
    return [_page(desk)]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; only an administrator may."""
    if not desk.person.has(ADMIN):
        raise RuleError("not_found")
    match arguments:
        case ["resend"]:
            sent, left = dead_letters.resend_all(desk.conn, desk.now, desk.person.id)
            return [Reply("system_resent", {"count": sent, "left": left}, edits=turn.message_id)]
        case ["retry"]:
            count = inbox.retry_failed(desk.conn)
            audit.record(desk.conn, "service", 0, "turns_retried", desk.now, actor_id=desk.person.id)
            return [Reply("system_retried", {"count": count}, edits=turn.message_id)]
    raise RuleError("button_gone")


def _page(desk: Desk) -> Reply:
    found = health.check(desk.conn, desk.now, desk.today)
    lost = people.unreachable(desk.conn, desk.today)
    emptied, held = retention.counts(desk.conn, desk.now - MONTH)
    letters = [letter for letter in dead_letters.undelivered(desk.conn, desk.now) if letter.can_resend]
    newest = chain.last(desk.conn)
    facts = {
        "now": desk.now,
        "ticked_at": found.ticked_at,
        "tick_is_late": found.ticked_at is None or desk.now - found.ticked_at > LATE_TICK,
        "turns_waiting": max(found.turns_waiting - 1, 0),  # the question itself is one
        "turns_failed": found.turns_failed,
        "messages_waiting": found.messages_waiting,
        "messages_late": found.messages_late,
        "oldest_due": found.oldest_due if found.messages_late else None,
        "failed": found.messages_failed,
        "unknown": found.messages_unknown,
        "waiting_for_people": found.messages_held,
        "unreachable": len(lost),
        "names": [people.person(desk.conn, one, desk.today).name for one in lost[:NAMED]],
        "megabytes": f"{found.bytes / 1e6:.1f}".replace(".", ","),
        "backup_at": found.backup_at,
        "years_missing": list(found.years_missing),
        "sealed_at": newest.at if newest else None,
        "log_is_broken": marks.at(desk.conn, "log_broken") is not None,
        "token_until": found.oa_token_until,
        "token_ends": found.oa_token_until is not None and found.oa_token_until < desk.now + TOKEN_ENDS,
        "emptied": emptied,
        "held": held,
    }
    row: list[Choice] = []
    if desk.person.has(ADMIN) and letters:
        row.append(Choice("system_resend", "system:resend", {"count": len(letters)}))
    if desk.person.has(ADMIN) and found.turns_failed:
        row.append(Choice("system_retry", "system:retry", {"count": found.turns_failed}))
    return Reply("system", facts, (tuple(row),) if row else ())
