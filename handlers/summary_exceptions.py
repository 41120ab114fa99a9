"""What a report names beside its figures: the silent, the unplanned, the unreachable; each with its rows."""

from __future__ import annotations

from collections.abc import Callable

from db import exceptions, figures
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from handlers.desk import Desk
from handlers.summary_lists import STANDING, UNHELD, figured, number_at, paged
from handlers.summary_scope import Scope, take

SILENT = "silent"  # reports whose period closed without a word
UNPLANNED = "unplanned"  # rows without a plan of their own
UNHEARD = "unheard"  # of what nobody could be told
PEOPLE, MESSAGES = "people", "messages"  # who cannot be reached, what was not delivered


def front(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Each kind of exception with its number; a choice opens its rows."""
    summary = take(desk, scope)
    counts = (
        (SILENT, summary.silent),
        (UNPLANNED, sum(count for _, count in summary.unplanned)),
        (UNHEARD, summary.unheard),
        (UNHELD, summary.unheld),
        (PEOPLE, summary.unreachable),
        (MESSAGES, summary.undelivered),
    )
    choices = [
        Choice(f"summary_cell_{cell}", scope.action("list" if cell == UNHELD else "rest", cell), {"n": count})
        for cell, count in counts
        if count
    ]
    rows = figured(scope, choices, number_at(arguments, 0), ("exceptions",), scope.back())
    return [Reply("summary_exceptions_page", summary.facts(), rows, edits=turn.message_id)]


def rows_of(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The rows of one kind, eight a page."""
    cell = arguments[0] if arguments else ""
    if cell == STANDING or (cell == SILENT and scope.unit is None):
        return _standing(desk, turn, scope, cell, number_at(arguments, 1))
    if cell not in (UNPLANNED, UNHEARD, PEOPLE, MESSAGES) or scope.unit is not None:
        raise RuleError("button_gone")
    taken = figures.take(desk.conn, scope.period, desk.now, desk.calendar, viewer=desk.person)
    lines: list[dict[str, object]]
    if cell == PEOPLE:
        named = exceptions.names_of(desk.conn, taken.unreachable)
        lines = [{"who": name, "unit": unit} for name, unit in named]
    elif cell == UNPLANNED:
        lines = [
            {"who": each.unit_name, "unit": "", "code": each.code, "title": each.title}
            for each in taken.unplanned
        ]
    elif cell == UNHEARD:
        lines = [{"who": each.what, "unit": each.unit, "at": each.on} for each in taken.unheard]
    else:
        lines = [
            {"who": m.who, "unit": m.unit, "channel": m.channel, "count": m.count, "at": m.last_at}
            for m in taken.undelivered
        ]
    page = paged(lines, number_at(arguments, 1))
    shown = [{**line, "n": n} for n, line in page.rows]
    facts = page.facts(scope, cell, shown)
    choices = (*page.turning(scope.action, "rest", cell), _back(scope))
    return [Reply("summary_exceptions", facts, choices, edits=turn.message_id)]


def _standing(desk: Desk, turn: Turn, scope: Scope, cell: str, number: int) -> list[Reply]:
    found = exceptions.standing(desk.conn, scope.period, scope.unit_ids)
    page = paged([each for each in found if each.silent or cell == STANDING], number)
    lines = [
        {
            "n": n,
            "code": e.code,
            "title": "" if cell == SILENT else e.title,
            "unit": e.unit_name if cell == SILENT else e.unit,
            "due": e.due_on,
            "said": e.said,
            "silent": e.silent,
        }
        for n, e in page.rows
    ]
    facts = page.facts(scope, cell, lines)
    back = _back(scope) if cell == SILENT else scope.back()
    return [
        Reply(
            "summary_standing",
            facts,
            (*page.turning(scope.action, "rest", cell), back),
            edits=turn.message_id,
        )
    ]


def _back(scope: Scope) -> tuple[Choice, ...]:
    return (Choice("summary_back_exceptions", scope.action("exceptions")), *scope.back())


VIEWS: dict[str, Callable[[Desk, Turn, Scope, list[str]], list[Reply]]] = {
    "exceptions": front,
    "rest": rows_of,
}
