"""Behind the figures of a report: each cell lists its rows, each unit and objective its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from db import figures, people
from db.figures import Taken
from domain.chat import Choice, Reply, Rows, Turn, in_rows
from domain.errors import RuleError
from domain.figures import CASE_CELLS, OPEN_CELLS, OVERDUE, TASK_CELLS, CaseRow, TaskRow
from domain.people import LEADER
from handlers.desk import Desk
from handlers.summary_scope import Scope, take

PAGE = 8  # lines that are only read
MOST = 6  # choices of one screen
OPENED = 4  # lines with a choice each, where they are all there is
ALL_OVERDUE = "all_overdue"  # with those of earlier periods
NUDGED = (*OPEN_CELLS, ALL_OVERDUE)
UNHELD = "unheld"  # tasks of nobody
BEFORE = "before"  # matters of earlier periods, past their day and not answered
STANDING = "standing"  # reports of standing rows


Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Some rows of a list with their numbers in the whole list."""

    number: int
    pages: int
    total: int
    rows: tuple[tuple[int, Line], ...]

    def facts(self, scope: Scope, cell: str, lines: Sequence[Mapping[str, object]]) -> dict[str, object]:
        """What the text of a page says."""
        return {
            **scope.facts,
            "cell": cell,
            "total": self.total,
            "rows": lines,
            "page": self.number,
            "pages": self.pages,
        }

    def turning(self, action: Callable[..., str], *view: str) -> Rows:
        """The choices to the page before and the next one; ``action`` makes one of a view and a number."""
        choices = []
        if self.number > 1:
            choices.append(Choice("summary_page_before", action(*view, self.number - 1)))
        if self.number < self.pages:
            choices.append(Choice("summary_page_next", action(*view, self.number + 1)))
        return (tuple(choices),) if choices else ()


def paged(rows: Sequence[Line], number: int, size: int = PAGE) -> Page[Line]:
    """A page of a list; a page that is gone by now is the last one."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(number, 1), pages)
    first = size * (number - 1)
    return Page(number, pages, len(rows), tuple(enumerate(rows[first : first + size], first + 1)))


def opened(rows: Sequence[Line], number: int) -> Page[Line]:
    """A page of lines with a choice each: one line fewer where pages are turned both ways."""
    return paged(rows, number, OPENED if len(rows) <= OPENED else OPENED - 1)


def page_of(number: int) -> int:
    """The page on which ``opened`` has the line with this number; where all are on one it takes that."""
    return (number - 1) // (OPENED - 1) + 1


def figured(
    scope: Scope, choices: Sequence[Choice], number: int, view: Sequence[str], last: Sequence[Choice]
) -> Rows:
    """Figures that open their rows, two beside each other; where they are many, the others are behind one."""
    room = MOST - len(last)
    page = paged(choices, number, room if len(choices) <= room else room - 1)
    others = Choice("summary_figures_more", scope.action(*view, page.number % page.pages + 1))
    shown = [choice for _, choice in page.rows]
    return (*in_rows([*shown, others] if page.pages > 1 else shown, 2), tuple(last))


def tasks_of(desk: Desk, scope: Scope, cell: str, taken: Taken | None = None) -> list[TaskRow]:
    """The tasks of a cell; the overdue ones, the longest first."""
    rows = taken or figures.take(
        desk.conn, scope.period, desk.now, desk.calendar, scope.unit_ids, viewer=desk.person
    )
    if cell == UNHELD:
        return list(rows.unheld)
    wanted = OVERDUE if cell == ALL_OVERDUE else cell
    found = [row for row in rows.tasks if row.cell(desk.today) == wanted]
    return [*rows.before, *found] if cell == ALL_OVERDUE else found


def cell_page(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The rows of one cell, a few a page, with a choice to open each."""
    cell = arguments[0] if arguments else ""
    if cell in (*TASK_CELLS, ALL_OVERDUE, UNHELD):
        return _tasks_page(desk, turn, scope, cell, number_at(arguments, 1))
    if cell.removeprefix("c_") in (*CASE_CELLS, BEFORE):
        return _cases_page(desk, turn, scope, cell, number_at(arguments, 1))
    raise RuleError("button_gone")


def cells(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Every figure of tasks, or (``c``) of citizens' matters, as a choice that opens its rows."""
    summary = take(desk, scope)
    of_cases = arguments[:1] == ["c"]
    if of_cases:
        counts = [(f"c_{cell}", getattr(summary.cases, cell)) for cell in CASE_CELLS]
        counts.append((f"c_{BEFORE}", summary.cases_before))
    else:
        counts = [(cell, getattr(summary.tasks, cell)) for cell in TASK_CELLS]
        counts.append((STANDING, summary.standing))
    choices = [
        Choice(
            f"summary_cell_{cell}", scope.action("rest" if cell == STANDING else "list", cell), {"n": count}
        )
        for cell, count in counts
        if count
    ]
    beside = (Choice("summary_units", scope.action("units")),) if scope.unit is None else ()
    if of_cases:
        beside = (Choice("summary_back_courses", scope.action("citizens")),)
    view = ("cells", "c" if of_cases else "t")
    rows = figured(scope, choices, number_at(arguments, 1), view, (*beside, *scope.back()))
    return [
        Reply("summary_cells_page", {**summary.facts(), "of_cases": of_cases}, rows, edits=turn.message_id)
    ]


def goals(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The objectives with what was promised, what is known and what is not."""
    return [Reply("summary_goals_page", take(desk, scope).facts(), (scope.back(),), edits=turn.message_id)]


def units(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The units, the one with most overdue first; a number opens a unit's own figures."""
    summary = take(desk, replace(scope, unit=None))
    ranked = sorted(summary.units, key=lambda unit: (-unit[2].overdue, unit[2].best or 0))
    page = opened(ranked, number_at(arguments, 0))
    known = {unit.code: unit for unit in people.all_units(desk.conn)}
    lines = [
        {"n": n, "code": code, "name": name, "done": f.done, "total": f.total, "overdue": f.overdue}
        for n, (code, name, f) in page.rows
    ]
    choices = [
        Choice("summary_row_unit", Scope(scope.period, known[str(line["code"])]).action("home"), line)
        for line in lines
    ]
    whole = replace(scope, unit=None)
    facts = page.facts(whole, "", lines)
    rows = (*in_rows(choices, 4), *page.turning(whole.action, "units"), whole.back())
    return [Reply("summary_units_page", facts, rows, edits=turn.message_id)]


def task_line(desk: Desk, row: TaskRow, number: int) -> dict[str, object]:
    """A task as a line of a list."""
    done = row.finished_on
    return {
        "n": number,
        "title": row.title,
        "unit": row.unit,
        "who": row.who,
        "due": row.due_on,
        "done": done,
        "late": max(desk.calendar.between(row.due_on, done or desk.today), 0),
        "obstacle": row.obstacle,
        "waiting": row.waiting_on,
    }


def _tasks_page(desk: Desk, turn: Turn, scope: Scope, cell: str, number: int) -> list[Reply]:
    found = tasks_of(desk, scope, cell)
    page = opened(found, number)
    lines = [task_line(desk, row, n) for n, row in page.rows]
    choices = [
        Choice("summary_row_task", _opening(desk, scope, cell, n, row), line)
        for line, (n, row) in zip(lines, page.rows, strict=True)
    ]
    rows = [*in_rows(choices, 4), *page.turning(scope.action, "list", cell)]
    last = scope.back()
    others = sum(row.assignee_id != desk.person.id for row in found)
    if cell in NUDGED and others and page.number == 1:  # of all pages, so it is on one
        last = (Choice("summary_nudge", scope.action("nudge", cell), {"n": others}), *last)
    facts = page.facts(scope, cell, lines)
    return [Reply("summary_list", facts, (*rows, last), edits=turn.message_id)]


def _opening(desk: Desk, scope: Scope, cell: str, number: int, row: TaskRow) -> str:
    """A leader opens the task here, to give it a day; a head opens it where heads decide."""
    if desk.person.has(LEADER):
        return scope.action("task", row.id, cell, number)
    return f"task:open:{row.id}"


def _cases_page(desk: Desk, turn: Turn, scope: Scope, cell: str, number: int) -> list[Reply]:
    wanted = cell.removeprefix("c_")
    taken = figures.take(desk.conn, scope.period, desk.now, desk.calendar, scope.unit_ids, viewer=desk.person)
    received = [row for row in taken.cases if row.cell(desk.today) == wanted]
    found = list(taken.cases_before if wanted == BEFORE else received)
    page = opened(sorted(found, key=lambda row: -row.others), number)
    names = desk.committee.category_names
    lines = [case_line(desk, row, n, names.get(row.category, "")) for n, row in page.rows]
    facts = {**page.facts(scope, cell, lines), "again": sum(row.again for row in found)}
    choices = (*opening(page), *page.turning(scope.action, "list", cell), scope.back())
    return [Reply("summary_cases", facts, choices, edits=turn.message_id)]


def opening(page: Page[CaseRow]) -> Rows:
    """A choice for each matter of a page; it opens below the report, which stays."""
    return in_rows(
        [Choice("case_code", f"case:open:{row.id}", {"code": row.code}) for _, row in page.rows], 4
    )


def case_line(desk: Desk, row: CaseRow, number: int, category: str) -> dict[str, object]:
    """A matter as a line of a list."""
    until = row.answered_on or desk.today
    return {
        "n": number,
        "code": row.code,
        "category": category,
        "unit": row.unit,
        "who": row.who,
        "due": row.due_on,
        "answered": row.answered_on,
        "late": max(desk.calendar.between(row.due_on, until), 0),
        "others": row.others,
        "again": row.again,
    }


def number_at(arguments: list[str], at: int) -> int:
    """The page number in an action; the first page without one."""
    return int(arguments[at]) if len(arguments) > at and arguments[at].isdecimal() else 1


VIEWS: dict[str, Callable[[Desk, Turn, Scope, list[str]], list[Reply]]] = {
    "list": cell_page,
    "cells": cells,
    "goals": goals,
    "units": units,
}
