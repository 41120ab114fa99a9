"""What became of an appointment: the reception says who came; what nobody says is never made up."""

from __future__ import annotations

from db import cases
from db.cases import Case
from domain.cases import GUIDED
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from handlers import case_cards, case_moves, case_waits
from handlers.desk import Desk

ACTIONS = {"met": "receive", "missed": "miss"}


def mark(desk: Desk, turn: Turn, case_id: int, verb: str) -> list[Reply]:
    """[Đã tiếp] or [Không đến], from the day on; a wrong one is put right by the other."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, ACTIONS[verb])
    if case.due_on > desk.today:
        raise RuleError("appointment_early", code=case.code, due=case.due_on)
    case = case_moves.make(desk, case, ACTIONS[verb])
    case_cards.update_cards(desk, case)
    _tell(desk, case)
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def expire(desk: Desk, case: Case) -> None:
    """Nobody said whether the citizen came: the appointment ends as just that."""
    if case.state != GUIDED:
        return
    if desk.now < case_waits.expires(desk, case):  # the calendar moved its day
        case_waits.begin(desk, case)
        return
    case = case_moves.make_by_clock(desk, case, "expire")
    case_cards.update_cards(desk, case)
    _tell(desk, case)


def _tell(desk: Desk, case: Case) -> None:
    again = ((Choice("appointment_book", "meet:days"),),)
    case_cards.tell_citizen(desk, case, f"case_news_{case.state}", choices=again)
