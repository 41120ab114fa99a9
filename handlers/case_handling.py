"""What officials do with a case: take it, ask back, answer, hand it on, give it back to be done again."""

from __future__ import annotations

from db import cases, dialogs, followers, people
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import RECEIVED, REOPENED, WORKING
from domain.chat import Choice, Picture, Reply, Turn
from domain.errors import RuleError
from domain.people import COMMITTEE, ISO_UNIT, RECEPTION
from handlers import case_cards, case_draft, case_moves
from handlers.desk import Desk

ASK, RETURN, ANSWER = "case_ask", "case_return", "case_answer"
PROMPTS = {ASK: "case_ask_prompt", RETURN: "case_return_prompt", ANSWER: "case_answer_prompt"}
ACTIONS = {ASK: "ask", RETURN: "return", ANSWER: "answer"}
TAKES = {RECEIVED: "take", WORKING: "take_over", REOPENED: "review"}
SHORTEST_REASON = 5


def take(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Nhận xử lý]: the first who presses has it; the others' cards say so, the citizen is told once."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    action = TAKES.get(case.state, "take")
    if case.state not in TAKES and case_moves.roles(desk, case):
        return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]
    case = case_moves.make(desk, case, action, handler_id=desk.person.id)
    case_cards.update_cards(desk, case)
    if action == "take":
        case_cards.tell_citizen(desk, case, "case_news_taken")
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def begin(desk: Desk, turn: Turn, case_id: int, kind: str) -> list[Reply]:
    """[Trả lời], [Hỏi người dân], [Không thuộc đơn vị tôi]: asks for the line that goes with it."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, ACTIONS[kind])
    if kind == ASK and case.account_id is None:
        raise RuleError("case_nobody_to_ask", code=case.code)
    data = {"case": case.id, "card": turn.message_id, "text": "", "files": [], "step": ""}
    if not case_draft.aside(desk, kind, data, dialogs.LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    known = {**case_cards.facts(desk, case), "picture": case_cards.needs_picture(desk, case)}
    back = ((Choice("case_back", f"case:card:{case.id}"),),)
    return [Reply(PROMPTS[kind], known, back, edits=turn.message_id, card={"case": case.id})]


def back(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Quay lại]: ends the open question and shows the card."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog and dialog.kind in (ASK, RETURN, ANSWER):
        dialogs.close(desk.conn, desk.account.id)
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def on_ask(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The question goes to the citizen and the clock stands until the answer."""
    if turn.edit:
        return None
    if not turn.text.strip():
        return [Reply("case_ask_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    case = case_moves.make(desk, case, "ask", ("words",), paused_at=desk.now)
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, case.id, "question", turn.text.strip(), desk.now, desk.person.id)
    case_cards.tell_citizen(desk, case, "case_news_question")
    return [case_cards.card(desk, case, desk.person, edits=dialog.data["card"])]


def on_return(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """With a reason the case goes to the reception of information, which hands it to the right unit."""
    if turn.edit:
        return None
    reason = turn.text.strip()
    if len(reason) < SHORTEST_REASON:
        return [Reply("case_return_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    case_moves.check(desk, case, "return")
    dialogs.close(desk.conn, desk.account.id)
    reception = next((u for u in people.all_units(desk.conn) if u.kind == RECEPTION), None)
    if reception is None:
        raise RuleError("not_found")
    cases.say(desk.conn, case.id, "moved", reason, desk.now, desk.person.id)
    _hand_to(desk, case, "return", case_cards.answering_unit(desk, reception.code))
    return [Reply("case_returned", case_cards.facts(desk, case), edits=dialog.data["card"])]


def units_to_move_to(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Chuyển đơn vị]: the units that can answer citizens."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "move")
    choices = [
        Choice("case_unit", f"case:to:{case.id}:{unit.code}", {"name": unit.name})
        for unit in people.all_units(desk.conn)
        if unit.kind not in (COMMITTEE, ISO_UNIT) and unit.id != case.unit_id
    ]
    rows = tuple(tuple(choices[at : at + 2]) for at in range(0, len(choices), 2))
    again = (Choice("case_back", f"case:card:{case.id}"),)
    return [Reply("case_move_ask", case_cards.facts(desk, case), (*rows, again), edits=turn.message_id)]


def move(desk: Desk, turn: Turn, case_id: int, code: str) -> list[Reply]:
    """The case goes to the chosen unit; the citizen is told which one has it now."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "move")
    unit = people.unit_by_code(desk.conn, code)
    if unit is None:
        raise RuleError("button_gone")
    if not case_cards.reachable(desk, people.members(desk.conn, unit.id, desk.today)):
        raise RuleError("case_unit_unreachable", unit=unit.name)
    case = _hand_to(desk, case, "move", unit)
    case_cards.tell_citizen(desk, case, "case_news_moved")
    return [Reply("case_moved", case_cards.facts(desk, case), edits=turn.message_id)]


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


def show_files(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """Every file of a case, the newest ten, one message each."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    kept = followers.evidence(desk.conn, case.id)[-case_cards.MOST_SHOWN :]
    stored = [file for file in kept if file.state == "stored"]
    replies = [
        Reply(
            "case_file",
            {"code": case.code, "kind": file.kind, "number": number, "count": len(stored)},
            pictures=(
                Picture(
                    "photo" if file.kind == "photo" else "document",
                    file.name or f"{case.code}-{number}",
                    file.sha256,
                ),
            ),
        )
        for number, file in enumerate(stored, 1)
    ]
    if len(stored) < len(kept):
        replies.append(Reply("case_files_missing", {"count": len(kept) - len(stored)}))
    return replies


def _hand_to(desk: Desk, case: Case, action: str, unit: people.Unit) -> Case:
    before = case
    case = case_moves.make(desk, case, action, ("reason", "unit"), unit_id=unit.id, handler_id=None)
    case_cards.update_cards(desk, case, before=before)
    case_cards.tell_unit(desk, case)
    return case
