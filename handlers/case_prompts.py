"""Buttons of a case that ask for a line: what each asks, and [Quay lại], which takes the question back."""

from __future__ import annotations

from dataclasses import dataclass

from db import cases, dialogs, parts
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from handlers import case_cards, case_draft, case_moves
from handlers.desk import Desk

SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class Prompt:
    """A button's question; ``action`` is the line of the table of states that the answer will use."""

    dialog: str
    action: str
    key: str


ANSWER = Prompt("case_answer", "answer", "case_answer_prompt")
ASK = Prompt("case_ask", "ask", "case_ask_prompt")
RETURN = Prompt("case_return", "return", "case_return_prompt")
REFER = Prompt("case_refer", "refer", "case_refer_prompt")
NOTE = Prompt("case_note", "note", "case_note_prompt")
GIVE_UP = Prompt("case_give_up", "give_up", "case_give_up_prompt")
KEEP = Prompt("case_keep", "keep", "case_keep_prompt")
EXTEND = Prompt("case_extend", "ask_extension", "case_extend_prompt")
VERIFY = Prompt("case_verify", "propose_team", "case_verify_prompt")
PROMPTS = {
    "answer": ANSWER, "ask": ASK, "return": RETURN, "refer": REFER, "note": NOTE, "giveup": GIVE_UP,
    "keepit": KEEP, "extend": EXTEND, "verify": VERIFY,
}  # fmt: skip
MOVE = Prompt("case_move", "move", "case_move_ask")  # answered by a choice or the name of any unit
_DIALOGS = frozenset(prompt.dialog for prompt in (*PROMPTS.values(), MOVE))


def begin(desk: Desk, turn: Turn, case_id: int, prompt: Prompt) -> list[Reply]:
    """Asks for the line that goes with a button, if the person may do it now."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, prompt.action)
    if prompt is ASK:
        whole = parts.whole(desk.conn, case)
        if whole.is_abandoned:
            raise RuleError("case_nobody_to_ask", code=case.code)
        if case.part_of and not case_moves.can_by_clock(whole, "ask_for_part"):
            raise RuleError("case_part_asked", code=whole.code)
    data = {"case": case.id, "card": turn.message_id, "text": "", "files": [], "step": ""}
    if not case_draft.aside(desk, prompt.dialog, data, dialogs.LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    known = {**case_cards.facts(desk, case), "picture": case_cards.needs_picture(desk, case)}
    again = ((Choice("case_back", f"case:card:{case.id}"),),)
    return [Reply(prompt.key, known, again, edits=turn.message_id, card={"case": case.id})]


def back(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Quay lại]: ends the open question and shows the card."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog and dialog.kind in _DIALOGS:
        dialogs.close(desk.conn, desk.account.id)
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]
