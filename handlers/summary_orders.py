"""What a leader does about a late task: opens it, reminds, gives a new day in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from db import dialogs, people, tasks
from db import summary as summary_db
from db.dialogs import Dialog
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.figures import TaskRow
from domain.sentences import find_day
from handlers.desk import Desk
from handlers.summary_lists import NUDGED, number_at, page_of, task_line, tasks_of
from handlers.summary_scope import Scope, scope_of

DIALOG = "summary_task"


def open_task(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """One task in place; the next sentence with a date is a new day for it."""
    row = _task(desk, arguments)
    cell, number = arguments[1] if len(arguments) > 1 else "", number_at(arguments, 2)
    open_now = row.state != "confirmed"
    if open_now:
        _listen(desk, scope, row.id, cell, number)
    choices: list[tuple[Choice, ...]] = []
    if open_now and row.assignee_id is not None:
        choices.append(
            (
                Choice("summary_nudge_one", scope.action("nudge1", row.id), {"who": row.who}),
                Choice("task_hand_on", f"task:hand:{row.id}"),
            )
        )
    choices.append((Choice("summary_back_list", scope.action("list", cell, page_of(number))), *scope.back()))
    facts = {
        **task_line(desk, row, number),
        "unit": people.unit(desk.conn, row.unit_id).name,
        "original": row.original_due_on,
        "state": row.state,
        "retro": row.retro,
    }
    return [Reply("summary_task", facts, tuple(choices), edits=turn.message_id)]


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """A sentence after a task was opened: the day in it is read back before anything is done."""
    if not turn.text or turn.files:
        return None
    scope = scope_of(desk, dialog.data["scope"])
    row = _task(desk, [str(dialog.data["task"])])
    said = find_day(turn.text, desk.today)
    if said is None:
        return [Reply("summary_no_day", {"n": dialog.data["n"]}, (scope.back(),))]
    if said < desk.today:
        raise RuleError("summary_day_past", day=said)
    day = desk.calendar.back(said)
    day = day if day >= desk.today else desk.calendar.forward(said)
    choices = (
        Choice("summary_give", scope.action("give", row.id, f"{day:%Y%m%d}")),
        Choice("summary_again", scope.action("again", row.id)),
    )
    facts = {
        "who": row.who,
        "n": dialog.data["n"],
        "day": day,
        "said": said,
        "title": row.title,
        "unsure": desk.calendar.is_unsure(day),
    }
    return [Reply("summary_give_ask", facts, (choices,))]


def give(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Gives the task its new day; the assignee is told."""
    row, day = _task(desk, arguments), _day(arguments)
    if row.state == "confirmed":
        raise RuleError("summary_task_done", title=row.title)
    if day < desk.today:
        raise RuleError("summary_day_past", day=day)
    if day != row.due_on:
        tasks.direct(desk.conn, row.id, day, desk.person, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    facts = {"who": row.who, "title": row.title, "day": day, "original": row.original_due_on}
    return [Reply("summary_given", facts, (scope.back(),), edits=turn.message_id)]


def again(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Asks for the day once more."""
    row = _task(desk, arguments)
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    number = dialog.data["n"] if dialog is not None and dialog.kind == DIALOG else 1
    _listen(desk, scope, row.id, "", number)
    return [Reply("summary_say_day", {"n": number, "title": row.title}, edits=turn.message_id)]


def nudge(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Reminds everybody in a list of open tasks."""
    cell = arguments[0] if arguments else ""
    if cell not in NUDGED:
        raise RuleError("button_gone")
    return _nudge(desk, turn, scope, tasks_of(desk, scope, cell))


def nudge_one(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Reminds the person of one task."""
    row = _task(desk, arguments)
    if scope.unit is not None and row.unit_id != scope.unit.id:
        raise RuleError("button_gone")
    return _nudge(desk, turn, scope, [] if row.state == "confirmed" else [row])


def _nudge(desk: Desk, turn: Turn, scope: Scope, rows: list[TaskRow]) -> list[Reply]:
    """Reminds everybody else: who reminds knows of the own tasks, and a task of nobody has no ears."""
    left = {row.id for row in summary_db.unheld(desk.conn, desk.today, desk.calendar)}
    others = [row.id for row in rows if row.id not in left and row.assignee_id != desk.person.id]
    told = tasks.nudge(desk.conn, others, desk.person, desk.now)
    unheld = sum(row.id in left for row in rows)
    facts = {"n": told, "unheld": unheld, "at": desk.calendar.office_moment(desk.now), "now": desk.now}
    return [Reply("summary_nudged", facts, (scope.back(),), edits=turn.message_id)]


def _task(desk: Desk, arguments: list[str]) -> TaskRow:
    row = None
    if arguments and arguments[0].isdecimal():
        row = summary_db.task(desk.conn, int(arguments[0]), desk.calendar)
    if row is None:
        raise RuleError("button_gone")
    return row


def _listen(desk: Desk, scope: Scope, task_id: int, cell: str, number: int) -> None:
    data = {"scope": scope.key, "task": task_id, "cell": cell, "n": number}
    dialogs.open_dialog(desk.conn, desk.account.id, DIALOG, data, desk.now)


def _day(arguments: list[str]) -> date:
    try:
        return datetime.strptime(arguments[1], "%Y%m%d").date()  # noqa: DTZ007  a day has no zone
    except (IndexError, ValueError):
        raise RuleError("button_gone") from None


VIEWS: dict[str, Callable[[Desk, Turn, Scope, list[str]], list[Reply]]] = {
    "task": open_task,
    "give": give,
    "again": again,
    "nudge": nudge,
    "nudge1": nudge_one,
}
DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {DIALOG: answer}
