"""What officials do with their tasks: the table of presses and dialogs, and what free text may mean."""

from __future__ import annotations

from collections.abc import Callable

from db import audience, outbox, task_actions
from db.dialogs import Dialog
from domain.chat import Reply, Turn
from domain.errors import RuleError
from handlers import (
    inspections,
    late_dossiers,
    past_tasks,
    task_decide,
    task_extend,
    task_hand_on,
    task_proof,
    task_report,
    task_snooze,
)
from handlers.desk import Desk
from handlers.task_cards import show, shown, stale_moment
from handlers.task_detail import press_open
from handlers.task_list import list_tasks, press_list
from handlers.task_report import free_text


def press_accept(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Đã nhận]: acknowledges every new task of the card."""
    card = shown(dict(outbox.card_of(desk.conn, desk.account.id, turn.message_id)), turn.message_id)
    ids = [int(ref[1:]) for ref in card.refs if ref.startswith("t")]
    if not ids:
        raise RuleError("button_gone")
    holders = [desk.person.id, *audience.absent_of(desk.conn, desk.person.id, desk.today)]
    found = task_actions.accept(desk.conn, ids, holders, desk.person.id, desk.now, stale_moment(desk))
    reply = show(desk, card)
    facts = {**reply.facts, "accepted": len(found)}
    return [Reply("work_accepted", facts, reply.choices, edits=reply.edits, card=reply.card)]


PRESSES: dict[str, Callable[[Desk, Turn, list[str]], list[Reply]]] = {
    "accept": press_accept,
    "done": task_report.press_done,
    "later": task_report.press_later,
    "words": task_report.press_words,
    "proof": task_proof.press_proof,
    "which": task_report.press_which,
    "stuck": task_extend.press_stuck,
    "send": task_extend.press_send,
    "fix": task_extend.press_fix,
    "ok": task_decide.press_confirm,
    "back": task_decide.press_return,
    "grant": task_decide.press_grant,
    "deny": task_decide.press_refuse,
    "list": press_list,
    "open": press_open,
    "pass": task_hand_on.press_pass,
    "hand": task_hand_on.press_hand,
    "keep": task_hand_on.press_keep,
    "give": task_hand_on.press_give,
    "snooze": task_snooze.press,
    "past": past_tasks.press,
    "insp": inspections.press,
    "sorry": late_dossiers.press,
}

DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {
    "task_evidence": task_report.answer_evidence,
    "task_added": task_proof.answer_added,
    "task_proof": task_proof.answer_proof,
    "task_which": task_report.answer_which,
    "task_extend": task_extend.answer,
    "task_stuck": task_extend.answer_stuck,
    "task_return": task_decide.answer_reason,
    "task_past": past_tasks.answer,
    **inspections.DIALOGS,
}


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice ``task:verb:…``; only officials have any."""
    verb, *rest = arguments or [""]
    run = PRESSES.get(verb)
    if run is None or not desk.person.is_official:
        raise RuleError("button_gone")
    return run(desk, turn, rest)


__all__ = ["DIALOGS", "PRESSES", "free_text", "list_tasks", "press"]
