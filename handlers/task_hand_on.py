"""Handing a task to somebody else of the unit: one asks, the head (or whoever stands above) decides."""

from __future__ import annotations

from collections import Counter

from db import audience, leave, outbox, people, task_actions
from db import tasks as tasks_db
from domain.chat import Choice, Reply, Turn, few
from domain.errors import RuleError
from domain.tasks import Task
from handlers.desk import Desk
from handlers.task_cards import confirmer_of, number_in

A_PAGE = 4


def press_pass(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Đề nghị giao người khác]: the nearest superior is asked."""
    task = tasks_db.access_own(desk.conn, number_in(arguments), acting=desk.person, today=desk.today)
    if not task.is_open:
        raise RuleError("button_gone")
    decides = confirmer_of(desk, task)
    if decides and leave.on(desk.conn, decides, desk.today):
        never = (task.assignee_id, desk.person.id)
        decides = audience.instead(desk.conn, decides, task.unit_id, desk.today, never=never)
    account = people.account_of(desk.conn, decides) if decides else None
    if decides is None or account is None:
        raise RuleError("task_nobody_above")
    reply = _offer(desk, task, asked_by=desk.person.called, reason=turn.text, edits="")
    outbox.post(
        desk.conn,
        account.id,
        reply,
        desk.now,
        key=f"pass:{task.id}:{task.schedule}",
        priority=outbox.REMINDER,
        due_at=desk.calendar.office_moment(desk.now),
    )
    task_actions.note(desk.conn, task.id, "asked_to_pass_on", desk.person.id, desk.now)
    who = tasks_db.called(desk.conn, decides, desk.today)
    return [Reply("task_pass_asked", {"title": task.title, "who": who, "due_on": task.due_on})]


def press_hand(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Giao người khác]: the head chooses among the unit's people."""
    task = _decidable(desk, number_in(arguments))
    page = arguments[1] if len(arguments) > 1 else ""
    return [_offer(desk, task, asked_by="", reason="", edits=turn.message_id, page=page)]


def press_keep(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Giữ nguyên]: the task stays where it is, and its holder is told."""
    task = _decidable(desk, number_in(arguments))
    task_actions.note(desk.conn, task.id, "kept", desk.person.id, desk.now)
    account = people.account_of(desk.conn, task.assignee_id) if task.assignee_id else None
    if account:
        facts = {"title": task.title, "due_on": task.due_on, "by": desk.person.called}
        moment = desk.calendar.office_moment(desk.now)
        outbox.post(
            desk.conn,
            account.id,
            Reply("task_kept", facts),
            desk.now,
            priority=outbox.REMINDER,
            due_at=moment,
        )
    return [Reply("task_handed", {"title": task.title, "who": task.assignee}, edits=turn.message_id)]


def press_give(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[chị Lan]: the task is hers now; she hears of it as of a new one."""
    task = _decidable(desk, number_in(arguments))
    to = number_in(arguments, 1)
    if to not in people.members(desk.conn, task.unit_id, desk.today):
        raise RuleError("button_gone")
    if to != task.assignee_id:
        task_actions.reassign(desk.conn, task, to, desk.person.id, desk.now)
    who = tasks_db.called(desk.conn, to, desk.today)
    return [Reply("task_handed", {"title": task.title, "who": who}, edits=turn.message_id)]


def _offer(desk: Desk, task: Task, *, asked_by: str, reason: str, edits: str, page: str = "") -> Reply:
    others = [
        person for person in people.members(desk.conn, task.unit_id, desk.today) if person != task.assignee_id
    ]
    called = {person: tasks_db.called(desk.conn, person, desk.today) for person in others}
    twice = {name for name, count in Counter(called.values()).items() if count > 1}
    choices = [
        Choice(
            "task_give",
            f"task:give:{task.id}:{person}",
            {"who": people.person(desk.conn, person, desk.today).name if name in twice else name},
        )
        for person, name in called.items()
    ]
    more = f"task:hand:{task.id}"
    names = few(choices, page, lambda n: f"{more}:{n}", a_page=A_PAGE, label="case_people_more")
    keep = (Choice("task_keep", f"task:keep:{task.id}"),)
    facts = {
        "title": task.title,
        "due_on": task.due_on,
        "asked_by": asked_by,
        "reason": reason,
        "who": task.assignee,
    }
    return Reply("task_hand_ask", facts, (*names, keep), edits=edits)


def _decidable(desk: Desk, task_id: int) -> Task:
    """The task if this person may give it to somebody: head of its unit, above its holder, or for one away.

    Whoever stands in for the head does not give away their own.
    """
    task = tasks_db.access_task(desk.conn, task_id, acting=desk.person, today=desk.today)
    above = people.superiors(desk.conn, task.assignee_id or 0, task.unit_id, desk.today)
    absent = audience.absent_of(desk.conn, desk.person.id, desk.today)
    stands_in = task.assignee_id != desk.person.id and bool({*above} & {*absent})
    if desk.person.id not in above and task.unit_id not in desk.person.headed_unit_ids and not stands_in:
        raise RuleError("task_gone")
    if not task.is_open or task.is_parent:
        raise RuleError("button_gone")
    return task
