"""What officials do with a case: take it, ask back, answer, hand it on, give it back to be done again."""

from __future__ import annotations

from typing import Any

from db import audit, cases, dialogs, files, people
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import ASKED, RECEIVED, REOPENED, WORKING
from domain.chat import Choice, Picture, Reply, Turn
from domain.errors import RuleError
from domain.people import COMMITTEE, ISO_UNIT, RECEPTION
from handlers import case_cards, case_draft
from handlers.desk import Desk

ASK, RETURN, ANSWER = "case_ask", "case_return", "case_answer"
PROMPTS = {ASK: "case_ask_prompt", RETURN: "case_return_prompt", ANSWER: "case_answer_prompt"}
SHORTEST_REASON = 5


def take(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Nhận xử lý]: the first who presses has it; the others' cards say so, the citizen is told once."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    if case.account_id == desk.account.id:
        raise RuleError("case_own", code=case.code)
    if case.state not in (RECEIVED, WORKING, REOPENED):
        return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]
    if case.state == REOPENED and not case_cards.may_review(case, desk.person):
        raise RuleError("case_not_by_you")
    first = case.state == RECEIVED
    case = _change(desk, case, "taken", state=WORKING, handler_id=desk.person.id)
    case_cards.update_cards(desk, case)
    if first:
        case_cards.tell_citizen(desk, case, "case_news_taken")
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def begin(desk: Desk, turn: Turn, case_id: int, kind: str) -> list[Reply]:
    """[Trả lời], [Hỏi người dân], [Không thuộc đơn vị tôi]: asks for the line that goes with it."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    waiting = (RECEIVED, WORKING) if kind == RETURN else (WORKING,)
    _must_be_mine(case, desk, waiting)
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
    case = _open_case(desk, dialog, (WORKING,))
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, case.id, "question", turn.text.strip(), desk.now, desk.person.id)
    case = _change(desk, case, "asked", state=ASKED, paused_at=desk.now)
    case_cards.tell_citizen(desk, case, "case_news_question")
    return [case_cards.card(desk, case, desk.person, edits=dialog.data["card"])]


def on_return(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """With a reason the case goes to the reception of information, which hands it to the right unit."""
    if turn.edit:
        return None
    reason = turn.text.strip()
    if len(reason) < SHORTEST_REASON:
        return [Reply("case_return_words")]
    case = _open_case(desk, dialog, (RECEIVED, WORKING))
    dialogs.close(desk.conn, desk.account.id)
    reception = next((u for u in people.all_units(desk.conn) if u.kind == RECEPTION), None)
    if reception is None:
        raise RuleError("not_found")
    cases.say(desk.conn, case.id, "moved", reason, desk.now, desk.person.id)
    _hand_to(desk, case, case_cards.answering_unit(desk, reception.code))
    return [Reply("case_returned", case_cards.facts(desk, case), edits=dialog.data["card"])]


def units_to_move_to(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Chuyển đơn vị]: the units that can answer citizens."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    _must_be_mine(case, desk, (RECEIVED, WORKING))
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
    _must_be_mine(case, desk, (RECEIVED, WORKING))
    unit = people.unit_by_code(desk.conn, code)
    if unit is None:
        raise RuleError("button_gone")
    if not case_cards.reachable(desk, people.members(desk.conn, unit.id, desk.today)):
        raise RuleError("case_unit_unreachable", unit=unit.name)
    case = _hand_to(desk, case, unit)
    case_cards.tell_citizen(desk, case, "case_news_moved")
    return [Reply("case_moved", case_cards.facts(desk, case), edits=turn.message_id)]


def redo(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Giao làm lại]: whoever answered does it again; if they cannot be reached, the whole unit is told."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    if not case_cards.may_review(case, desk.person):
        raise RuleError("button_gone")
    members = people.members(desk.conn, case.unit_id, desk.today)
    again = case_cards.reachable(desk, [case.answered_by] if case.answered_by in members else [])
    if again:
        case = _change(desk, case, "redo", state=WORKING, handler_id=again[0][0])
        case_cards.tell(desk, case, again)
    else:
        case = _change(desk, case, "redo", state=RECEIVED, handler_id=None)
        case_cards.tell_unit(desk, case)
    return [Reply("case_redo_given", case_cards.facts(desk, case), edits=turn.message_id)]


def show_files(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """Every file of a case, the newest ten, one message each."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    kept = files.of_subject(desk.conn, "case", case.id)[-case_cards.MOST_SHOWN :]
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


def _must_be_mine(case: Case, desk: Desk, states: tuple[str, ...]) -> None:
    if case.state not in states:
        raise RuleError("case_state_changed", code=case.code)
    if case.handler_id not in (None, desk.person.id):
        handler = people.person(desk.conn, case.handler_id or 0, desk.today)
        raise RuleError("case_taken_by", code=case.code, handler=handler.called)


def _open_case(desk: Desk, dialog: Dialog, states: tuple[str, ...]) -> Case:
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    _must_be_mine(case, desk, states)
    return case


def _hand_to(desk: Desk, case: Case, unit: people.Unit) -> Case:
    before = case
    case = _change(desk, case, "moved", state=RECEIVED, unit_id=unit.id, handler_id=None)
    case_cards.update_cards(desk, case, before=before)
    case_cards.tell_unit(desk, case)
    return case


def _change(desk: Desk, case: Case, action: str, **values: Any) -> Case:
    audit.record(
        desk.conn,
        "case",
        case.id,
        action,
        desk.now,
        actor_id=desk.person.id,
        unit_id=values.get("unit_id", case.unit_id),
    )
    return cases.change(desk.conn, case.id, **values)
