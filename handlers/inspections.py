"""Recording an inspection that took place; only its lead and the leaders ever hear of it."""

from __future__ import annotations

from db import dialogs, inspections
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Facts, Reply, Turn
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
    return [_say("inspection_ask")]


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The line: which unit, when, which minutes."""
    if not inspections.may_see(desk.person) or not turn.text:
        dialogs.close(desk.conn, desk.account.id)
        return None
    if len(turn.text) < WORDS_ENOUGH:
        return [_say("inspection_ask")]
    return _record(desk, turn.text)


def _record(desk: Desk, words: str) -> list[Reply]:
    held_on = sentences.find_day(words, desk.today, past=True)
    if held_on is None:
        dialogs.open_dialog(desk.conn, desk.account.id, "inspection", {}, desk.now)
        return [_say("inspection_day")]
    if held_on > desk.today:
        raise RuleError("inspection_future", day=held_on)
    inspections.record(desk.conn, held_on, words, desk.person, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    return [_say("inspection_recorded", {"day": held_on})]


def _say(key: str, facts: Facts | None = None) -> Reply:
    """What is said about inspections does not stay in the chat."""
    return Reply(key, facts or {}, card={"hours": inspections.SHOWN_HOURS})
