"""Tasks that were past when the plan was imported: the head of the office says what became of them."""

from __future__ import annotations

from datetime import time

from db import dialogs
from db import past_tasks as past_db
from db import tasks as tasks_db
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Reply, Turn
from domain.errors import RuleError
from domain.people import HEAD, OFFICE
from domain.tasks import Task
from handlers.desk import Desk
from handlers.task_cards import Shown, from_dialog, number_in, pressed_card, show

NOON = time(12, 0)


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Đã xong] [Chưa] [Bỏ] of one of these tasks."""
    verb = arguments[0] if arguments else ""
    task = _past(desk, number_in(arguments, 1))
    card = pressed_card(desk, turn, f"r{task.id}")
    if not task.is_open or not task.retro:
        return [_next(desk, card, task)]
    if verb == "open":
        past_db.revive(desk.conn, task, desk.person.id, desk.now)
        return [_next(desk, card, task)]
    if verb == "drop":
        past_db.drop(desk.conn, task, desk.person.id, desk.now)
        return [_next(desk, card, task)]
    if verb != "done":
        raise RuleError("button_gone")
    if turn.text and (replies := _finish(desk, task, turn.text, card)):
        return replies
    dialogs.open_dialog(desk.conn, desk.account.id, "task_past", {"task": task.id, **card.data()}, desk.now)
    return [Reply("past_ask", {"title": task.title, "due_on": task.due_on})]


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The day on which it was done, and the document."""
    task = _past(desk, int(dialog.data["task"]))
    if not task.is_open or not turn.text:
        dialogs.close(desk.conn, desk.account.id)
        return None
    replies = _finish(desk, task, turn.text, from_dialog(dialog.data))
    return replies or [Reply("past_ask", {"title": task.title, "due_on": task.due_on})]


def _finish(desk: Desk, task: Task, text: str, card: Shown) -> list[Reply]:
    document = sentences.find_document(text, desk.today)
    day = (document.day if document else None) or sentences.find_day(text, desk.today, past=True)
    if day is None:
        return []
    if day > desk.today:
        raise RuleError("task_document_future", day=day)
    past_db.finish(
        desk.conn,
        task,
        desk.calendar.at(day, NOON),
        desk.person.id,
        desk.now,
        document=document.number if document else "",
        document_date=day if document else None,
        words=text,
    )
    dialogs.close(desk.conn, desk.account.id)
    return [_next(desk, card, task)]


def _next(desk: Desk, card: Shown, task: Task) -> Reply:
    """The card with what is still to be answered; a word of thanks when nothing is."""
    left = [f"r{each.id}" for each in past_db.waiting(desk.conn, desk.today)]
    if not left:
        return Reply("past_finished", {}, edits=card.message_id)
    shown = left[:3]
    return show(desk, Shown(card.message_id, tuple(shown), "past", len(left)))


def _past(desk: Desk, task_id: int) -> Task:
    if not any(post.unit_kind == OFFICE and post.role == HEAD for post in desk.person.memberships):
        raise RuleError("task_gone")
    return tasks_db.access_task(desk.conn, task_id, acting=desk.person, today=desk.today)
