"""/nhiemvu: what I have to do, what my unit has to do."""

from __future__ import annotations

from dataclasses import replace

from db import case_work, people, work_list
from db.work_list import Line
from domain import cycle_cards
from domain.chat import Choice, Reply, Turn
from domain.people import HEAD, LEADER
from handlers.desk import Desk

PAGE = 4


def list_tasks(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/nhiemvu: the person's own open tasks; leaders and heads without any see their unit's."""
    own = work_list.mine(desk.conn, desk.person.id, desk.today)
    oversees = desk.person.has(LEADER, HEAD)
    return [_page(desk, "unit" if oversees and not own else "mine", 0, "")]


def press_list(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Của tôi] [Đơn vị] [Tiếp] and [Xem tất cả], which is the list that has something in it."""
    which = arguments[0] if arguments else "mine"
    page = int(arguments[1]) if len(arguments) > 1 and arguments[1].isdigit() else 0
    if which == "all":
        return [replace(reply, edits="") for reply in list_tasks(desk, turn, "")]
    return [_page(desk, "unit" if which == "unit" else "mine", page, turn.message_id)]


def _page(desk: Desk, which: str, page: int, edits: str) -> Reply:
    overseen = _overseen(desk)
    if which == "unit" and overseen:
        lines = work_list.of_units(desk.conn, overseen, desk.today)
    else:
        which, lines = "mine", work_list.mine(desk.conn, desk.person.id, desk.today)
    start = page * PAGE if page * PAGE < len(lines) else 0
    here = lines[start : start + PAGE]
    opens = tuple(Choice("task_number", _opens(line), {"n": start + n}) for n, line in enumerate(here, 1))
    turns: list[Choice] = []
    if start:
        turns.append(Choice("task_before", f"task:list:{which}:{start // PAGE - 1}"))
    if start + PAGE < len(lines):
        turns.append(Choice("task_after", f"task:list:{which}:{start // PAGE + 1}"))
    if overseen:
        other = ("task_mine", "mine") if which == "unit" else ("task_unit", "unit")
        turns.append(Choice(other[0], f"task:list:{other[1]}:0"))
    cases = len(case_work.rows(desk.conn, desk.person, desk.today)) if not start else 0
    if cases:
        turns.append(Choice("task_cases", "case:list:0", {"n": cases}))
    items = [{"n": start + n, **_facts(desk, line, which)} for n, line in enumerate(here, 1)]
    facts = {
        "which": which,
        "count": len(lines),
        "items": items,
        "called": desk.person.called,
        "leader": desk.person.has(LEADER),
        "cases": cases,
    }
    rows = tuple(row for row in (opens, tuple(turns)) if row)
    return Reply("task_list", facts, rows, edits=edits)


def _opens(line: Line) -> str:
    return f"task:open:{line.task_id}" if line.cycle_id is None else f"cycle:open:{line.cycle_id}"


def _facts(desk: Desk, line: Line, which: str) -> dict[str, object]:
    period = line.period or line.told
    return {
        "title": line.title,
        "who": line.who if which == "unit" or line.holder_id != desk.person.id else "",
        "due_on": line.due_on,
        "state": line.state,
        "days": desk.calendar.between(desk.today, line.due_on) if line.due_on else 0,
        "late": bool(line.due_on and line.due_on < desk.today),
        "obstacle": line.obstacle,
        "kind": line.kind,
        "period": cycle_cards.period_facts(period) if period else None,
    }


def _overseen(desk: Desk) -> frozenset[int]:
    """The units whose tasks a person may list: their own, or all for a leader."""
    if desk.person.has(LEADER):
        return frozenset(unit.id for unit in people.all_units(desk.conn))
    return desk.person.unit_ids
