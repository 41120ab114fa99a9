"""One task with all we know of it and what the person may do."""

from __future__ import annotations

from dataclasses import replace

from db import decisions as decisions_db
from db import tasks as tasks_db
from db import work_cards
from domain.chat import Choice, Reply, Turn
from domain.tasks import Task
from domain.work_cards import Look, render
from handlers import cycles, late_dossiers
from handlers.desk import Desk
from handlers.task_cards import number_in


def press_open(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[①] of the list: the task with all we know and what the person may do."""
    task = tasks_db.access_task(desk.conn, number_in(arguments), acting=desk.person, today=desk.today)
    return [detail(desk, task, turn.message_id)]


def detail(desk: Desk, task: Task, edits: str) -> Reply:
    """One task in full."""
    refs = [f"t{task.id}"]
    waiting = [
        each.ref
        for each in decisions_db.waiting_for(desk.conn, desk.person, desk.today)
        if each.task.id == task.id
    ]
    entries = work_cards.entries(desk.conn, [*waiting, *refs], desk.today)
    look = Look("detail", edits=edits)
    shown = render(entries, desk.person, look, desk.now, desk.calendar, desk.committee.category_names)
    report = decisions_db.latest_report(desk.conn, task.id, desk.today)
    parts = tasks_db.children(desk.conn, task.id, desk.today) if task.is_parent else []
    facts = {
        "title": task.title,
        "unit": task.unit_name,
        "who": task.assignee,
        "due_on": task.due_on,
        "original_due_on": task.original_due_on,
        "state": task.state,
        "days": desk.calendar.between(desk.today, task.due_on) if task.due_on else 0,
        "percent": task.percent,
        "obstacle": task.blocked_by,
        "expected": task.expected,
        "report_at": report.at if report else None,
        "document": report.document if report else "",
        "document_date": report.document_date if report else None,
        "files": report.files if report else 0,
        "reason": report.reason if report else "",
        "confirmer": report.confirmer if report else "",
        "parts": len(parts),
        "parts_done": sum(part.state == "confirmed" for part in parts),
    }
    choices = list(shown.choices)
    if desk.person.headed_unit_ids & {task.unit_id} and task.is_open and not task.is_parent:
        choices.insert(-1, (Choice("task_hand_on", f"task:hand:{task.id}"),))
    if event := cycles.offers_event(desk, task):
        choices.insert(0, (event,))
    if form := late_dossiers.offers(task):
        choices.insert(-1, (form,))
    return replace(shown, key="task_detail", facts=facts, choices=tuple(choices))
