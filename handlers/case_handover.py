"""A case goes to another unit: returned with a proposal, given by the duty officer or a leader, not accepted.

A return is counted; the one that ``most_returns`` names brings the case before the leaders.
"""

from __future__ import annotations

from typing import Any

from db import audit, case_work, cases, dialogs, outbox, people
from db.cases import Case
from db.dialogs import Dialog
from db.people import Unit
from domain.chat import Choice, Reply, Turn, few, in_rows
from domain.errors import RuleError
from domain.people import COMMITTEE, ISO_UNIT, LEADER
from handlers import case_about, case_cards, case_draft, case_moves, case_units
from handlers.case_prompts import MOVE, RETURN, SHORTEST_REASON
from handlers.desk import Desk

NOT_SURE = "-"
UNTAKEN_SHOWN = 5


def on_return(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The reason; a unit it names is the proposal, else it is chosen from the list."""
    if turn.edit:
        return None
    reason = turn.text.strip()
    if len(reason) < SHORTEST_REASON:
        return [Reply("case_return_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    case_moves.check(desk, case, "return")
    others = _others(desk, case)
    named = [unit for unit in others if case_units.is_named(desk, unit, reason)]
    if len(named) == 1:
        return _returned(desk, case, reason, named[0], dialog.data["card"])
    data = {**dialog.data, "text": reason}
    dialogs.open_dialog(desk.conn, desk.account.id, RETURN.dialog, data, desk.now)
    return [_proposals(desk, case, reason, "", dialog.data["card"])]


def more_proposals(desk: Desk, turn: Turn, case_id: int, page: str) -> list[Reply]:
    """[Đơn vị khác]: the next few units that the case may be for."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    reason = _reason_given(desk, case)
    return [_proposals(desk, case, reason, page, turn.message_id)]


def _proposals(desk: Desk, case: Case, reason: str, page: str, shown_in: str) -> Reply:
    offered = case_units.likely(desk, case, _others(desk, case), reason)
    choices = [_unit_choice("propose", case, unit) for unit in offered]
    unsure = Choice("case_unit_unsure", f"case:propose:{case.id}:{NOT_SURE}")
    back = Choice("case_back", f"case:card:{case.id}")
    units = few(choices, page, lambda n: f"case:proposals:{case.id}:{n}", a_page=3, label="case_units_more")
    rows = (*units, (unsure,), (back,))
    return Reply("case_return_unit", case_cards.facts(desk, case), rows, edits=shown_in)


def _reason_given(desk: Desk, case: Case) -> str:
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != RETURN.dialog or dialog.data["case"] != case.id:
        raise RuleError("button_gone")
    return str(dialog.data["text"])


def propose(desk: Desk, turn: Turn, case_id: int, code: str) -> list[Reply]:
    """The proposed unit, or [Không rõ]: with the reason given before, the case is returned."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    reason = _reason_given(desk, case)
    unit = people.unit_by_code(desk.conn, code) if code != NOT_SURE else None
    if unit is None and code != NOT_SURE:
        raise RuleError("button_gone")
    return _returned(desk, case, reason, unit, turn.message_id)


def units_to_move_to(desk: Desk, turn: Turn, case_id: int, page: str = "") -> list[Reply]:
    """[Chuyển đơn vị]: the likely units as choices, a few at a time; the name of any other may be typed."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, MOVE.action)
    data = {"case": case.id, "card": turn.message_id}
    typed = case_draft.aside(desk, MOVE.dialog, data, dialogs.LIFETIME)
    others = _others(desk, case)
    offered = case_units.likely(desk, case, others)
    if not typed:
        offered += [unit for unit in others if unit not in offered]
    choices = [_unit_choice("to", case, unit) for unit in offered]
    more = f"case:moves:{case.id}"
    units = few(choices, page, lambda n: f"{more}:{n}", a_page=4, label="case_units_more")
    rows = (*units, (Choice("case_back", f"case:card:{case.id}"),))
    known = {**case_cards.facts(desk, case), "typed": typed}
    return [Reply(MOVE.key, known, rows, edits=turn.message_id)]


def on_move(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The name or code of one unit; anything else is no answer to the question."""
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    named = [unit for unit in _others(desk, case) if case_units.is_named(desk, unit, turn.text)]
    if turn.edit or turn.files or not named:
        dialogs.close(desk.conn, desk.account.id)
        return None
    if len(named) > 1:
        return [Reply("case_move_several", {"names": [unit.name for unit in named[:3]]})]
    return _moved(desk, case, named[0], str(dialog.data["card"]))


def move(desk: Desk, turn: Turn, case_id: int, code: str) -> list[Reply]:
    """The case goes to the chosen unit; the citizen is told which one has it now."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    unit = people.unit_by_code(desk.conn, code)
    if unit is None or unit.id == case.about_unit_id:
        case_moves.check(desk, case, MOVE.action)
        raise RuleError("button_gone")
    return _moved(desk, case, unit, turn.message_id)


def _moved(desk: Desk, case: Case, unit: Unit, shown_in: str) -> list[Reply]:
    case_moves.check(desk, case, MOVE.action)
    if not case_cards.reachable(desk, people.members(desk.conn, unit.id, desk.today)):
        raise RuleError("case_unit_unreachable", unit=unit.name)
    before = case
    values = {"unit_id": unit.id, "handler_id": None, "proposed_id": None}
    case = case_moves.make(desk, case, "move", ("unit",), **values)
    case_cards.update_cards(desk, case, before=before)
    case_cards.tell_unit(desk, case)
    case_cards.tell_citizen(desk, case, "case_news_moved")
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is not None and dialog.kind == MOVE.dialog:
        dialogs.close(desk.conn, desk.account.id)
    return [Reply("case_moved", case_cards.facts(desk, case), edits=shown_in)]


def unaccepted(desk: Desk, case: Case) -> None:
    """Nobody took it in time: it goes to the duty officer; the duty officer's own, before a leader."""
    if not case_moves.can_by_clock(case, "unaccepted"):
        return
    if case.unit_id == _duty_unit(desk, case).id:
        audit.record(desk.conn, "case", case.id, "unaccepted", desk.now, unit_id=case.unit_id)
        _tell_leader_untaken(desk, case)
        return
    before = case
    cases.say(desk.conn, case.id, "moved", "", desk.now)
    case = case_moves.make_by_clock(desk, case, "unaccepted", **_to_duty(desk, case, None))
    _tell_duty(desk, case, before)


def _tell_leader_untaken(desk: Desk, case: Case) -> None:
    """One list of all that the duty officers left lying, however many come up in one morning."""
    for person_id, account_id in _leaders(desk, case):
        leader = people.person(desk.conn, person_id, desk.today)
        left = case_work.untaken(desk.conn, case.unit_id, leader)
        kinds = desk.committee.category_names
        lines = [{"code": row.code, "kind": kinds.get(row.category, ""), "due": row.due_on} for row in left]
        opens = [
            Choice("case_code", f"case:open:{row.id}", {"code": row.code}) for row in left[:UNTAKEN_SHOWN]
        ]
        known = {"cases": lines, "unit": case.unit_name, "hours": desk.committee.terms.accept_hours}
        reply = Reply("case_untaken", known, in_rows(opens, 3), slot="case-untaken")
        due_at = desk.calendar.office_moment(desk.now)
        outbox.post(desk.conn, account_id, reply, desk.now, priority=outbox.ESCALATION, due_at=due_at)


def _returned(desk: Desk, case: Case, reason: str, unit: Unit | None, shown_in: str) -> list[Reply]:
    before = case
    values = _to_duty(desk, case, unit)
    case = case_moves.make(desk, case, "return", ("reason", "unit"), **values)
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, case.id, "moved", reason, desk.now, desk.person.id)
    _tell_duty(desk, case, before)
    return [Reply("case_returned", case_cards.facts(desk, case), edits=shown_in)]


def _to_duty(desk: Desk, case: Case, proposed: Unit | None) -> dict[str, Any]:
    return {
        "unit_id": _duty_unit(desk, case).id,
        "handler_id": None,
        "proposed_id": proposed.id if proposed else None,
        "returns": case.returns + 1,
    }


def _tell_duty(desk: Desk, case: Case, before: Case) -> None:
    case_cards.update_cards(desk, case, before=before)
    case_cards.tell_unit(desk, case)
    if case.returns >= desk.committee.terms.most_returns:
        case_cards.tell(desk, case, _leaders(desk, case))


def _duty_unit(desk: Desk, case: Case) -> Unit:
    if case.about_unit_id is not None or case.about_person_id is not None:
        return case_about.receiving_unit(desk, case.about_unit_id, case.about_person_id)
    return case_cards.answering_unit(desk, desk.committee.routing.duty)


def _leaders(desk: Desk, case: Case) -> list[tuple[int, int]]:
    """The first leader who can be reached and may hear of it."""
    leaders = people.holders(desk.conn, LEADER, desk.today)
    return case_cards.reachable(desk, [who for who in leaders if case_cards.sees(desk, case, who)])[:1]


def _others(desk: Desk, case: Case) -> list[Unit]:
    units = people.all_units(desk.conn)
    away = (case.unit_id, case.about_unit_id)
    return [unit for unit in units if unit.kind not in (COMMITTEE, ISO_UNIT) and unit.id not in away]


def _unit_choice(verb: str, case: Case, unit: Unit) -> Choice:
    return Choice("case_unit", f"case:{verb}:{case.id}:{unit.code}", {"name": unit.name})
