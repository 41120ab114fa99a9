"""[Ghi chú]: what officials tell one another about a case; it goes to whoever asks here, never further."""

from __future__ import annotations

from db import case_notes, cases, dialogs
from db.cases import Case
from db.dialogs import Dialog
from domain.chat import Reply, Turn
from domain.errors import RuleError
from handlers import case_cards, case_moves
from handlers.case_prompts import NOTE, begin
from handlers.desk import Desk

LONGEST = 1000


def show(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """The notes of a case, and the next words are one more."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    notes = [
        {"author": note.author, "words": note.words, "at": note.at}
        for note in case_notes.of_case(desk.conn, case.id)
    ]
    (prompt,) = begin(desk, turn, case_id, NOTE)
    return [Reply(prompt.key, {"code": case.code, "notes": notes}, prompt.choices, edits=prompt.edits)]


def leave(desk: Desk, case: Case, words: str) -> None:
    """Keeps what was found in a case for those who have it next."""
    case_notes.add(desk.conn, case.id, desk.person.id, words, desk.now)


def on_note(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Keeps the note; nobody is told."""
    if turn.edit:
        return None
    words = turn.text.strip()
    if not words:
        return [Reply("case_note_words")]
    if len(words) > LONGEST:
        raise RuleError("case_note_long", most=LONGEST)
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    case = case_moves.make(desk, case, "note", ("words",))
    case_notes.add(desk.conn, case.id, desk.person.id, words, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    shown = case_cards.card(desk, case, desk.person, edits=dialog.data["card"])
    return [Reply("case_noted", {"code": case.code}), shown]
