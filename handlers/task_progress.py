"""How far a task is and what hinders it."""

from __future__ import annotations

from db import dialogs, task_actions
from domain.chat import Reply
from domain.tasks import Task
from handlers.desk import Desk
from handlers.task_cards import Shown, stale_moment


def note(desk: Desk, task: Task, percent: int | None, obstacle: str, card: Shown) -> list[Reply]:
    """Notes it; after an obstacle a day in the next message is a wish for more time."""
    task_actions.report_progress(
        desk.conn,
        task,
        desk.person.id,
        desk.now,
        percent=percent,
        obstacle=obstacle,
        stale_at=stale_moment(desk),
    )
    dialogs.close(desk.conn, desk.account.id)
    if obstacle and task.due_on:
        data = {"task": task.id, "to_day": None, "reason": obstacle, "offered": True, **card.data()}
        dialogs.open_dialog(desk.conn, desk.account.id, "task_extend", data, desk.now)
    facts = {
        "n": card.number(f"t{task.id}"),
        "title": task.title,
        "percent": percent,
        "obstacle": obstacle,
        "due_on": task.due_on,
    }
    return [Reply("task_progress", facts)]
