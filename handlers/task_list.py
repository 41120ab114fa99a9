"""/nhiemvu: my tasks, my unit's tasks, and one task with its reports and buttons."""

from __future__ import annotations

from dataclasses import replace

from db import decisions as decisions_db
from db import people, work_cards
from db import tasks as tasks_db
from domain.chat import Choice, Reply, Turn
from domain.people import HEAD, LEADER
from domain.tasks import Task
from domain.work_cards import Look, render
from handlers import cycles
from handlers.desk import Desk
from handlers.task_cards import number_in

PAGE = 5


def list_tasks(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/nhiemvu: the person's own open tasks; leaders and heads without any see their unit's."""
    own = tasks_db.mine(desk.conn, desk.person.id, desk.today)
    oversees = desk.person.has(LEADER, HEAD)
    return [_page(desk, "unit" if oversees and not own else "mine", 0, "")]


def press_list(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Của tôi] [Đơn vị] [Tiếp] and [Xem tất cả], which is the list that has something in it."""
    which = arguments[0] if arguments else "mine"
    page = int(arguments[1]) if len(arguments) > 1 and arguments[1].isdigit() else 0
    if which == "all":
        return [replace(reply, edits="") for reply in list_tasks(desk, turn, "")]
    return [_page(desk, "unit" if which == "unit" else "mine", page, turn.message_id)]


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
    shown = render(entries, desk.person, Look("detail", edits=edits), desk.now, desk.calendar)
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
    return replace(shown, key="task_detail", facts=facts, choices=tuple(choices))


def _page(desk: Desk, which: str, page: int, edits: str) -> Reply:
    overseen = _overseen(desk)
    if which == "unit" and overseen:
        tasks = tasks_db.of_units(desk.conn, overseen, desk.today)
    else:
        which, tasks = "mine", tasks_db.mine(desk.conn, desk.person.id, desk.today)
    start = page * PAGE if page * PAGE < len(tasks) else 0
    here = tasks[start : start + PAGE]
    opens = tuple(
        Choice("task_number", f"task:open:{task.id}", {"n": start + n}) for n, task in enumerate(here, 1)
    )
    turns: list[Choice] = []
    if start:
        turns.append(Choice("task_before", f"task:list:{which}:{start // PAGE - 1}"))
    if start + PAGE < len(tasks):
        turns.append(Choice("task_after", f"task:list:{which}:{start // PAGE + 1}"))
    if overseen:
        other = (
            Choice("task_mine", "task:list:mine:0")
            if which == "unit"
            else Choice("task_unit", "task:list:unit:0")
        )
        turns.append(other)
    items = [
        {
            "n": start + n,
            "title": task.title,
            "who": (task.assignee or task.unit_name) if which == "unit" else "",
            "due_on": task.due_on,
            "state": task.state,
            "days": desk.calendar.between(desk.today, task.due_on) if task.due_on else 0,
            "late": bool(task.due_on and task.due_on < desk.today),
            "obstacle": task.blocked_by,
        }
        for n, task in enumerate(here, 1)
    ]
    facts = {"which": which, "count": len(tasks), "items": items, "called": desk.person.called}
    rows = tuple(row for row in (opens, tuple(turns)) if row)
    return Reply("task_list", facts, rows, edits=edits)


def _overseen(desk: Desk) -> frozenset[int]:
    """The units whose tasks a person may list: their own, or all for a leader."""
    if desk.person.has(LEADER):
        return frozenset(unit.id for unit in people.all_units(desk.conn))
    return desk.person.unit_ids
