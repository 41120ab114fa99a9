"""Recording an inspection that took place; only its lead and the leaders ever hear of it."""

from __future__ import annotations

from db import dialogs, inspections
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Reply, Turn
from domain.errors import RuleError
from handlers.desk import Desk

WORDS_ENOUGH = 5


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Đã kiểm tra]: asks for one line, or takes it."""
    if not inspections.may_see(desk.person):
        raise RuleError("task_gone")
    if len(turn.text) >= WORDS_ENOUGH:
        return _record(desk, turn.text)
    dialogs.open_dialog(desk.conn, desk.account.id, "inspection", {}, desk.now)
    return [Reply("inspection_ask")]


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The line: which unit, when, which minutes."""
    if not inspections.may_see(desk.person) or not turn.text:
        dialogs.close(desk.conn, desk.account.id)
        return None
    if len(turn.text) < WORDS_ENOUGH:
        return [Reply("inspection_ask")]
    return _record(desk, turn.text)


def _record(desk: Desk, words: str) -> list[Reply]:
    held_on = sentences.find_day(words, desk.today, past=True)
    if held_on is None:
        dialogs.open_dialog(desk.conn, desk.account.id, "inspection", {}, desk.now)
        return [Reply("inspection_day")]
    if held_on > desk.today:
        raise RuleError("inspection_future", day=held_on)
    inspections.record(desk.conn, held_on, words, desk.person, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    return [Reply("inspection_recorded", {"day": held_on})]
