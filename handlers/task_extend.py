"""Asking for more time in a sentence, and telling of an obstacle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from db import dialogs, outbox, task_actions
from db import tasks as tasks_db
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.tasks import Task
from handlers import task_progress, task_report
from handlers.desk import Desk
from handlers.task_cards import Shown, acts, confirmer_of, from_dialog, shown

LONGEST = timedelta(days=366)
REASON_ENOUGH = 3


def draft(desk: Desk, task: Task, day: date | None, reason: str, card: Shown) -> list[Reply]:
    """Asks for what is missing of a wish for more time, or shows it for sending."""
    if task.due_on is None:
        raise RuleError("extension_undated", title=task.title)
    to_day = _checked(desk, task, day) if day else None
    data = {"task": task.id, "to_day": to_day, "reason": reason, **card.data()}
    dialogs.open_dialog(desk.conn, desk.account.id, "task_extend", data, desk.now)
    facts = {
        "n": card.number(f"t{task.id}"),
        "title": task.title,
        "due_on": task.due_on,
        "to_day": to_day,
        "reason": reason,
        "unsure": to_day is not None and desk.calendar.is_unsure(to_day),
    }
    if to_day is None:
        return [Reply("extension_ask_day", facts)]
    if len(reason) < REASON_ENOUGH:
        return [Reply("extension_ask_reason", facts)]
    confirmer = confirmer_of(desk, task)
    who = tasks_db.called(desk.conn, confirmer, desk.today)
    choices = ((Choice("extension_send", "task:send", {"who": who}), Choice("extension_fix", "task:fix")),)
    return [Reply("extension_confirm", facts, choices)]


def wish_of(desk: Desk, task: Task, text: str) -> sentences.Wish | None:
    """The wish for more time in a text about a task; "thêm 3 ngày" counts from its due day."""
    return sentences.find_wish(_counted(desk, task, text), desk.today)


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """More of a wish: a day, a reason, or both."""
    data = dialog.data
    found = tasks_db.tasks_of(desk.conn, [int(data["task"])], desk.today)
    if not found or not found[0].is_open or not acts(desk, found[0]):
        dialogs.close(desk.conn, desk.account.id)
        return None
    task, card = found[0], from_dialog(data)
    number, rest = sentences.split_item(turn.text)
    if number and 0 < number <= len(card.refs) and card.refs[number - 1] != f"t{task.id}":
        return task_report.free_text(desk, turn)
    text = rest if number and card.number(f"t{task.id}") == number else turn.text
    text = _counted(desk, task, text)
    spot = sentences.spot_day(text, desk.today)
    if (data.get("offered") and spot is None) or sentences.is_report(text, desk.today):
        dialogs.close(desk.conn, desk.account.id)
        return None
    if not text:
        return None
    day = date.fromisoformat(data["to_day"]) if data["to_day"] else None
    wish = sentences.find_wish(text if spot is None else f"xin gia han {text}", desk.today)
    reason = wish.reason if wish else text.strip()
    return draft(desk, task, spot.day if spot else day, reason or str(data["reason"]), card)


def press_send(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Gửi anh Hùng]: the wish goes to whoever decides."""
    data = _open_draft(desk)
    task = tasks_db.access_own(desk.conn, int(data["task"]), acting=desk.person, today=desk.today)
    if not data["to_day"] or not task.is_open or task.due_on is None:
        raise RuleError("button_gone")
    to_day = _checked(desk, task, date.fromisoformat(data["to_day"]))
    card = from_dialog(data)
    task_actions.ask_extension(
        desk.conn,
        task,
        desk.person.id,
        to_day,
        str(data["reason"]),
        desk.now,
        account_id=desk.account.id,
        message_id=card.message_id,
    )
    dialogs.close(desk.conn, desk.account.id)
    confirmer = confirmer_of(desk, task)
    facts = {
        "n": card.number(f"t{task.id}"),
        "title": task.title,
        "to_day": to_day,
        "who": tasks_db.called(desk.conn, confirmer, desk.today),
    }
    return [Reply("extension_sent", facts, edits=turn.message_id)]


def press_fix(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Sửa]: asks for the day and the reason again."""
    data = _open_draft(desk)
    dialogs.open_dialog(desk.conn, desk.account.id, "task_extend", dict(data), desk.now)
    return [
        Reply("extension_again", {"to_day": data["to_day"], "reason": data["reason"]}, edits=turn.message_id)
    ]


def press_stuck(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Vướng / xin gia hạn]: asks what hinders which task, or takes it from the same line."""
    card = shown(dict(outbox.card_of(desk.conn, desk.account.id, turn.message_id)), turn.message_id)
    tasks = _open_own(desk, card)
    if not tasks:
        raise RuleError("button_gone")
    data = {**card.data()}
    if turn.text and (replies := _stuck(desk, turn, card, tasks)) is not None:
        return replies
    dialogs.open_dialog(desk.conn, desk.account.id, "task_stuck", data, desk.now)
    return [
        Reply(
            "task_stuck_ask",
            {"numbers": [card.number(f"t{task.id}") for task in tasks], "title": tasks[0].title},
        )
    ]


def answer_stuck(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """What hinders the work: with a day a wish for more time, without one an obstacle."""
    card = from_dialog(dialog.data)
    tasks = _open_own(desk, card)
    if not tasks or not turn.text or sentences.is_report(sentences.named_item(turn.text)[1], desk.today):
        dialogs.close(desk.conn, desk.account.id)
        return None
    replies = _stuck(desk, turn, card, tasks)
    if replies is None:
        numbers = [card.number(f"t{task.id}") for task in tasks]
        return [Reply("task_stuck_ask", {"numbers": numbers, "title": tasks[0].title})]
    return replies


def _stuck(desk: Desk, turn: Turn, card: Shown, tasks: list[Task]) -> list[Reply] | None:
    number, rest = sentences.named_item(turn.text)
    chosen = [task for task in tasks if number and card.number(f"t{task.id}") == number]
    text = rest if chosen else turn.text
    task = chosen[0] if chosen else tasks[0] if len(tasks) == 1 else None
    if task is None or not text.strip():
        return None
    text = _counted(desk, task, text)
    wish = sentences.find_wish(text, desk.today)
    if wish is None and sentences.spot_day(text, desk.today) is not None:
        wish = sentences.find_wish(f"xin gia han {text}", desk.today)
    if wish is not None:
        return draft(desk, task, wish.day, wish.reason, card)
    percent = sentences.find_percent(text)
    return task_progress.note(desk, task, percent, sentences.find_obstacle(text) or text.strip(), card)


def _counted(desk: Desk, task: Task, text: str) -> str:
    return sentences.with_day(text, task.due_on, desk.calendar) if task.due_on else text


def _open_own(desk: Desk, card: Shown) -> list[Task]:
    ids = [int(ref[1:]) for ref in card.refs if ref.startswith("t")]
    return [
        task
        for task in tasks_db.tasks_of(desk.conn, ids, desk.today)
        if task.is_open and acts(desk, task) and not task.is_parent
    ]


def _open_draft(desk: Desk) -> Mapping[str, Any]:
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != "task_extend":
        raise RuleError("button_gone")
    return dialog.data


def _checked(desk: Desk, task: Task, day: date) -> date:
    """The working day a wish means; raises when it is not later than what stands, or too far."""
    assert task.due_on is not None
    to_day = desk.calendar.back(day)
    if to_day <= task.due_on:
        raise RuleError("extension_not_later", to_day=day, due_on=task.due_on)
    if to_day <= desk.today:
        raise RuleError("extension_past", to_day=day)
    if to_day > task.due_on + LONGEST:
        raise RuleError("extension_too_far", to_day=day)
    return to_day
