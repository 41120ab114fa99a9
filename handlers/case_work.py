"""/hoso for officials: the citizens' matters they have to do with, the most urgent first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from db import case_work, cases
from db.case_work import Row
from domain.cases import APPEALED, ASKED, REOPENED
from domain.chat import Choice, Reply, Turn, in_rows
from domain.errors import RuleError
from domain.people import HEAD, LEADER
from handlers import case_moves
from handlers.desk import Desk

A_PAGE = 6
FLAG_DAYS = 30
SECTIONS = ("decide", "mine", "untaken", "others")


def show_below(desk: Desk, turn: Turn, page: int) -> list[Reply]:
    """The first page below a card that leads to it and stays."""
    return [replace(reply, edits="") for reply in show(desk, turn)]


def show(desk: Desk, turn: Turn, page: int = 1) -> list[Reply]:
    """A page of the list: what waits for a decision, one's own, what nobody has taken, the rest."""
    if not desk.person.is_official:
        raise RuleError("button_gone")
    found = case_work.rows(desk.conn, desk.person, desk.today)
    placed = sorted(
        ((_section(desk, row), row) for row in found),
        key=lambda each: (SECTIONS.index(each[0]), each[1].state == ASKED, each[1].due_on, each[1].id),
    )
    first = (page - 1) * A_PAGE
    shown = placed[first : first + A_PAGE]
    if page < 1 or (page > 1 and not shown):
        raise RuleError("button_gone")
    facts = {
        "total": len(found),
        "mine": sum(section == "mine" for section, _ in placed),
        "rows": [_line(desk, section, row) for section, row in shown],
        "flagged": _flagged(desk),
        "called": desk.person.called,
        "leader": desk.person.has(LEADER),
    }
    codes = [Choice("case_code", f"case:open:{row.id}", {"code": row.code}) for _, row in shown]
    choices = in_rows(codes, 3)
    if first + A_PAGE < len(placed):
        choices = (*choices, (Choice("case_work_more", f"case:work:{page + 1}"),))
    edits = turn.message_id if turn.pressed else ""
    return [Reply("case_work", facts, choices, edits=edits)]


def _section(desk: Desk, row: Row) -> str:
    if row.state in (REOPENED, APPEALED):
        case = cases.access_case(desk.conn, row.id, acting=desk.person)
        return "decide" if case_moves.can(desk, case, "review") else "others"
    if row.handler_id == desk.person.id:
        return "mine"
    return "untaken" if row.handler_id is None and row.unit_id in desk.person.unit_ids else "others"


def _line(desk: Desk, section: str, row: Row) -> dict[str, object]:
    return {
        "section": section,
        "code": row.code,
        "kind": desk.committee.category_names.get(row.category, ""),
        "track": row.track,
        "state": row.state,
        "left": desk.calendar.between(desk.today, row.due_on),
        "who": row.handler.split()[-1] if row.handler and section == "others" else "",
        "unit": "" if row.unit_id in desk.person.unit_ids else row.unit,
    }


def _flagged(desk: Desk) -> int:
    if not desk.person.has(HEAD, LEADER):
        return 0
    return case_work.flagged(desk.conn, desk.person, desk.now - timedelta(days=FLAG_DAYS))
