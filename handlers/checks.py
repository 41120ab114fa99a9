"""Looking back at a confirmed task: [Đạt] [Một phần] [Chưa], by somebody who had no part in it."""

from __future__ import annotations

from db import checks, dialogs
from db.dialogs import Dialog
from domain.chat import Reply, Turn
from domain.checks import ANSWERS, GOOD, OPEN, Check
from domain.errors import RuleError
from handlers.desk import Desk
from handlers.task_cards import Shown, from_dialog, number_in, pressed_card, show

WORDS_ENOUGH = 3


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Takes "good" at once; asks why it is not, or takes the reason from the same line."""
    state = arguments[0] if arguments else ""
    if state not in ANSWERS:
        raise RuleError("button_gone")
    each = checks.access(desk.conn, number_in(arguments, 1), acting=desk.person, today=desk.today)
    card = pressed_card(desk, turn, f"k{each.id}")
    if each.state != OPEN:
        return [show(desk, card, changed=f"k{each.id}")]
    if state == GOOD:
        return _answer(desk, each, state, "", card)
    data = {"check": each.id, "state": state, **card.data()}
    dialogs.open_dialog(desk.conn, desk.account.id, "check_reason", data, desk.now)
    return [Reply("check_why", {"state": state, "title": each.task.title})]


def answer_reason(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """What is missing."""
    words = turn.text.strip()
    if not words:
        return None
    each = checks.access(desk.conn, int(dialog.data["check"]), acting=desk.person, today=desk.today)
    if each.state != OPEN:
        dialogs.close(desk.conn, desk.account.id)
        return None
    if len(words) < WORDS_ENOUGH:
        return [Reply("task_reason_again")]
    return _answer(desk, each, str(dialog.data["state"]), words, from_dialog(dialog.data))


def _answer(desk: Desk, each: Check, state: str, words: str, card: Shown) -> list[Reply]:
    due_on = desk.calendar.add(desk.today, desk.committee.ladders["event"].days)
    checks.answer(desk.conn, each, state, words, desk.person.id, due_on, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    return [show(desk, card, changed=f"k{each.id}")]


DIALOGS = {"check_reason": answer_reason}
