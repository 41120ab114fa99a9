""" "Tới đâu rồi?", "sao chưa thấy ai tới?": how the sender's own matter stands, whatever is being written."""

from __future__ import annotations

from dataclasses import replace

from db import cases
from db.cases import Case
from domain.cases import Draft, area_found, category_of
from domain.chat import Choice, Reply, Turn
from handlers import case_draft, case_lookup
from handlers.desk import Desk

_SHORT = 14  # words; whoever writes more tells of something


def asks(desk: Desk, turn: Turn) -> bool:
    """Whether somebody who has matters here only asks how far they are, or takes one back.

    Not while an official waits for their answer: "chưa thấy ai tới" may be it.
    """
    if turn.files or turn.place or turn.edit or turn.reply_to or desk.person.is_official:
        return False
    spoken = desk.committee.spoken
    mistaken = spoken.is_mistake(turn.text) and case_draft.current(desk) is None
    if not (mistaken or spoken.asks_progress(turn.text) or spoken.is_withdrawal(turn.text)):
        return False
    return cases.has_sent(desk.conn, desk.account.id) and not cases.asked_of_account(
        desk.conn, desk.account.id
    )


def answer(desk: Desk, turn: Turn) -> list[Reply] | None:
    """The state of the one open matter, or the list; of the one that the words name, if they name one."""
    if asks(desk, turn):
        mine = cases.open_of_account(desk.conn, desk.account.id)
        return [case_lookup.status(desk, mine[0])] if len(mine) == 1 else case_lookup.look_up(desk, turn, "")
    if turn.files or turn.place or turn.edit or desk.person.is_official:
        return None
    if desk.committee.spoken.asks_progress_of_sent(turn.text) and not cases.has_sent(
        desk.conn, desk.account.id
    ):
        return [Reply("case_none")]
    if (case := _named(desk, turn.text)) is None or case_draft.current(desk) is not None:
        return None
    kept = case_draft.words_kept(turn.text.strip(), message=turn.message_id)
    case_draft.aside(desk, case_draft.ASKED, kept, case_draft.ASKED_LIFETIME)
    found = case_lookup.status(desk, case)
    return [replace(found, choices=(*found.choices, (Choice("case_other", "ask:matter:-"),)))]


def _named(desk: Desk, text: str) -> Case | None:
    """The one open matter of this sender that a short question about "when" may mean, by kind and place."""
    known = desk.committee
    if len(text.split()) > _SHORT or not known.spoken.asks_progress_of_something(text):
        return None
    if known.screening.is_emergency(text) or known.screening.may_be_grievance(text):
        return None
    draft = Draft("", words=(("", text),))
    kind, area = category_of(known.categories, draft).code, area_found(known.areas, draft).sure
    found = [
        case
        for case in cases.open_of_account(desk.conn, desk.account.id)
        if case.category == kind != known.categories[-1].code and (area is None or area.code == case.area)
    ]
    return found[0] if len(found) == 1 else None
