"""A matter of another authority: the citizen is told which one and why, and the case ends with that."""

from __future__ import annotations

from db import cases, dialogs
from db.dialogs import Dialog
from domain.cases import is_substantial
from domain.chat import Reply, Turn
from handlers import case_answer, case_cards, case_joined, case_moves, case_parts, case_templates
from handlers.desk import Desk


def on_refer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The authority and the reason, in words of substance."""
    if turn.edit:
        return None
    words = turn.text.strip()
    if not is_substantial(words):
        return [Reply("case_refer_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    if no := case_templates.refusal(desk, case, dialog.kind, dialog.data, words):
        return [no]
    words = case_templates.with_line(desk, case, dialog.data, words)
    case = case_moves.make(
        desk,
        case,
        "refer",
        ("reason",),
        answer=words,
        answered_at=desk.now,
        answered_by=desk.person.id,
        closed_at=desk.now,
    )
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, case.id, "answer", words, desk.now, desk.person.id)
    case_cards.update_cards(desk, case)
    if case.part_of and (whole := case_parts.gather(desk, case)):
        case_answer.tell_whole(desk, whole)
    for each in (case, *case_joined.answered(desk, case)):
        case_cards.tell_citizen(
            desk, each, "case_news_referred", choices=case_cards.rating_choices(desk, each)
        )
    return [case_cards.card(desk, case, desk.person, edits=dialog.data["card"], full=False)]
