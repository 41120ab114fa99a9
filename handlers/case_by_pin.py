"""What may be said in a case by code and PIN, from any account, in one message: "7K4M2 123456 gan cho".

Nothing of it stays with the account: no dialog, no button, no id; for a sender without contact this is
the only way (spec rows 15, 24).
"""

from __future__ import annotations

import re

from db import cases
from db.cases import Case
from domain.cases import ANSWERED, LAPSED, REFERRED, UNANSWERED
from domain.chat import Reply, Turn
from domain.codes import PIN_LENGTH, is_code, tidy
from domain.words import fold
from handlers import (
    case_adopt,
    case_cards,
    case_followup,
    case_moves,
    case_pin,
    case_privacy,
    case_rating,
    case_receipt,
)
from handlers.case_privacy import UNLINKED
from handlers.desk import Desk

_SAID = re.compile(
    rf"^\s*(?:m\w\s+)?(\w{{5}})[\s,.;:\-]+(\d{{{PIN_LENGTH}}})(?!\d)[\s,.;:\-]*(.*)$",
    re.DOTALL | re.IGNORECASE,
)
_WITHDRAWS = frozenset(("rut", "rut lai", "toi rut", "xin rut", "huy"))


def answer(desk: Desk, turn: Turn) -> list[Reply] | None:
    """The answer to code, PIN and words or pictures; None if the text is something else."""
    match = _SAID.match(turn.text)
    if match is None or turn.edit or not is_code(tidy(match[1])):
        return None
    words = match[3].strip()
    found = case_pin.opened(desk, tidy(match[1]), match[2])
    if isinstance(found, Reply):
        return [found]
    if not words and not turn.files:
        return [case_pin.status(desk, found)]
    return [_said(desk, turn, found, words)]


def _said(desk: Desk, turn: Turn, case: Case, words: str) -> Reply:
    folded = fold(words)
    if folded in case_adopt.WORDS and not turn.files:
        return case_adopt.here(desk, case)
    if folded in case_receipt.WORDS and not turn.files:
        return case_receipt.sheet_of(desk, case, UNLINKED)
    rating = desk.committee.spoken.opinion(words)
    if rating and case.state in (ANSWERED, LAPSED, REFERRED):
        if rating != "good" and case_cards.is_past_doubt(desk, case):
            raise case_rating.late(desk, case)
        case = case_rating.rated(desk, case, rating, case_privacy.kept(case, words), case_moves.make_by_pin)
        return Reply("case_rated_pin", {**case_cards.public(desk, case), "rating": rating}, card=UNLINKED)
    if case.state not in UNANSWERED:
        return case_pin.status(desk, case)
    if folded in _WITHDRAWS and not turn.files:
        case_followup.withdrawn(desk, case, case_moves.make_by_pin)
        return Reply("case_withdrawn_pin", {"code": case.code}, card=UNLINKED)
    case_followup.keep(desk, case, [file for file in turn.files if file.kind != "sticker"], unlinked=True)
    words = case_privacy.kept(case, words)
    cases.say(desk.conn, case.id, "reply", words, desk.now)
    case = case_followup.resumed(desk, case, case_moves.make_by_pin)
    case_followup.tell_officials(desk, case, words)
    return Reply("case_added_pin", case_cards.public(desk, case), card=UNLINKED)
