"""A superior decides about a "chưa ổn": done again, or the answer stays with a reason the citizen reads."""

from __future__ import annotations

from db import cases, dialogs, people
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import APPEALED, REOPENED, is_substantial
from domain.chat import Reply, Turn
from domain.people import LEADER
from handlers import case_cards, case_moves
from handlers.desk import Desk


def redo(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Giao làm lại]: whoever answered does it again; if they cannot be reached, the whole unit is told."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    members = people.members(desk.conn, case.unit_id, desk.today)
    again = case_cards.reachable(desk, [case.answered_by] if case.answered_by in members else [])
    if again:
        case = case_moves.make(desk, case, "redo", handler_id=again[0][0])
        case_cards.tell(desk, case, again)
    else:
        case = case_moves.make(desk, case, "redo_by_unit", handler_id=None)
        case_cards.tell_unit(desk, case)
    return [Reply("case_redo_given", case_cards.facts(desk, case), edits=turn.message_id)]


def on_keep(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """[Giữ nguyên]: the reason goes to the citizen; the second time a leader has the last word."""
    if turn.edit:
        return None
    reason = turn.text.strip()
    if not is_substantial(reason):
        return [Reply("case_keep_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    last = case.state == APPEALED
    case = case_moves.make(
        desk, case, "keep", ("reason",), answered_at=desk.now, closed_at=desk.now if last else None
    )
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, case.id, "kept", reason, desk.now, desk.person.id)
    case_cards.update_cards(desk, case)
    choices = case_cards.rating_choices(desk, case)[:2]
    case_cards.tell_citizen(desk, case, "case_news_kept", choices=choices, reason=reason)
    return [Reply("case_kept", case_cards.facts(desk, case), edits=dialog.data["card"])]


def overdue(desk: Desk, case: Case) -> None:
    """Nobody decided in time: a leader is told."""
    if case.state not in (REOPENED, APPEALED):
        return
    leaders = people.holders(desk.conn, LEADER, desk.today)
    case_cards.tell(
        desk, case, case_cards.reachable(desk, case_cards.able(desk, case, "review", leaders))[:1]
    )
