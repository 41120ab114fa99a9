"""Finds a case again: by the account that sent it, or by code and PIN from any other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from db import audit, cases, dialogs, followers, recusals
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import GUIDED, REMOVED, UNANSWERED
from domain.chat import Choice, Reply, Rows, Turn
from domain.codes import LENGTH as CODE_LENGTH
from domain.codes import PIN_LENGTH, is_code, looks_like_code, tidy
from domain.sight import may_read, may_see
from domain.words import fold
from handlers import (
    appointments,
    case_cards,
    case_draft,
    case_pin,
    case_receipt,
    case_work,
    dossiers,
)
from handlers.desk import Desk

KIND = "case_pin"
LIFETIME = timedelta(minutes=3)  # the row ties a code to an account that need not be its sender's
_BEFORE = r"^\s*(?:m\w\s+(?:s\w\s+)?(?:l\w\s+)?)?"  # "mã", "mã số", "mã là"
_TYPED = re.compile(_BEFORE + r"(\S+)\s*(.*)$", re.DOTALL | re.IGNORECASE)
_TYPED_ALONE = re.compile(_BEFORE + r"\S+\s*$", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Z]{2,4}\d{1,3}")  # "HEM12", "TDP15"
_OF_SOMEBODY = re.compile(r"\b(?:phan anh|don|ma)\b.*\bcua\b|^(?:bang )?ma\b")
_PIN = re.compile(rf"\d{{{PIN_LENGTH}}}")


def look_up(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/tracuu: the case of a code, or everything of this account; None if the words were meant otherwise."""
    if rest and (dossier := dossiers.by_text(desk, turn.text)) is not None:
        return [dossier]
    if rest and not turn.text.startswith("/") and _OF_SOMEBODY.search(fold(rest)):
        return by_text(desk, rest) or [Reply("case_pin_alone")]
    if rest:
        return by_text(desk, rest) or ([Reply("case_code_typo")] if turn.text.startswith("/") else None)
    mine = cases.of_account(desk.conn, desk.account.id)
    if not mine and desk.person.is_official:
        return case_work.show(desk, turn)
    if not mine:
        return [Reply("case_none")]
    listed = [case_cards.public(desk, case) for case in mine]
    rows = tuple((Choice("case_code", f"case:show:{case.id}", {"code": case.code}),) for case in mine)
    return [Reply("case_list", {"cases": listed}, rows)]


def is_about_code(desk: Desk, text: str) -> bool:
    """Whether a text is a case code, a mistyped one, or begins with a code of this account."""
    code, rest = _parse(text)
    if not is_code(code):
        if _PIN.fullmatch(rest) and len(code) == CODE_LENGTH:  # whatever it is, it goes with a secret number
            return True
        return looks_like_code(code) and not _ADDRESS.fullmatch(code) and not rest
    if cases.by_code(desk.conn, code) is not None:
        return True
    apart = not rest and len(text.split()) > 1 and not _TYPED_ALONE.match(text)
    return any(sign.isdigit() for sign in code) and not apart


def is_pin(text: str) -> bool:
    """Whether a text is nothing but what may be a secret number."""
    return bool(_PIN.fullmatch(text.strip()))


def by_text(desk: Desk, text: str) -> list[Reply] | None:
    """The answer to a typed code, perhaps with a PIN; None if the text is no code."""
    if is_pin(text) and case_draft.current(desk) is None:
        return [Reply("case_pin_alone")]  # no draft is made of a secret number
    if not is_about_code(desk, text):
        return None
    code, rest = _parse(text)
    if not is_code(code):
        return [Reply("case_code_typo")]
    case = cases.by_code(desk.conn, code)
    if case is not None and case.account_id == desk.account.id:
        return [status(desk, case)]
    worked_on = followers.lead(desk.conn, case) if case else None
    if worked_on and desk.person.is_official and case_cards.sees(desk, worked_on, desk.person.id):
        return [case_cards.card(desk, worked_on, desk.person)]
    if case is not None and _may_read_out(desk, case):
        return [_read_out(desk, case)]
    if _PIN.fullmatch(rest):
        return _with_pin(desk, code, rest)
    case_draft.aside(desk, KIND, {"code": code}, LIFETIME)
    return [Reply("case_pin_ask", {"code": code})]


def own_with_words(desk: Desk, text: str) -> tuple[Case, str] | None:
    """A case of this account and the words typed after its code: "7K4M2 gần nhà văn hoá"."""
    code, rest = _parse(text)
    case = cases.by_code(desk.conn, code) if rest and is_code(code) else None
    if case is None or case.account_id != desk.account.id or _PIN.fullmatch(rest):
        return None
    return case, rest


def on_pin(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Six figures are the PIN; anything else ends the question and is taken for what it is."""
    if _PIN.fullmatch(tidy(turn.text)):
        return _with_pin(desk, dialog.data["code"], tidy(turn.text))
    dialogs.close(desk.conn, desk.account.id)
    return None


def show(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """A case chosen from a list: the sender's view or an official's."""
    case = cases.get(desk.conn, case_id)
    if case is not None and case.account_id == desk.account.id:
        return [status(desk, case, edits=turn.message_id)]
    if case is not None and _may_read_out(desk, case):
        return [_read_out(desk, case, edits=turn.message_id)]
    worked_on = followers.lead(desk.conn, case).id if case else case_id
    case = cases.access_case(desk.conn, worked_on, acting=desk.person)
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def show_below(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """The same below a card of the day, which stays."""
    return [replace(reply, edits="") for reply in show(desk, turn, case_id)]


def status(desk: Desk, case: Case, *, edits: str = "") -> Reply:
    """How a case stands, for whoever sent it, with what they may do."""
    rows: Rows = case_cards.rating_choices(desk, case)
    if case.state in UNANSWERED:
        rows = (
            (
                Choice("case_more_button", f"case:more:{case.id}"),
                Choice("case_withdraw", f"case:withdraw:{case.id}"),
            ),
            (case_receipt.choice(case.id),),
        )
    if case.state == GUIDED:
        rows = (appointments.choices(case), (case_receipt.choice(case.id),))
    pictures = () if edits else case_cards.answer_pictures(desk, case)
    return Reply(
        "case_status", case_cards.public(desk, case), rows, pictures, edits=edits, card={"case": case.id}
    )


def _with_pin(desk: Desk, code: str, pin: str) -> list[Reply]:
    found = case_pin.opened(desk, code, pin)
    if isinstance(found, Reply):
        return [found]
    _end_question(desk)
    return [case_pin.status(desk, found)]


def _may_read_out(desk: Desk, case: Case) -> bool:
    """Whether somebody at the counter may read out a case that is not theirs to work on."""
    aside = recusals.has(desk.conn, case.id, desk.person.id)
    is_there = case.state != REMOVED and not aside
    return is_there and not may_see(case, desk.person) and may_read(case, desk.person)


def _read_out(desk: Desk, case: Case, *, edits: str = "") -> Reply:
    """A case as the counter reads it out to whoever asks there with the code; on record."""
    audit.record(desk.conn, "case", case.id, "read_out", desk.now, actor_id=desk.person.id)
    return Reply("case_read_out", case_cards.public(desk, case), edits=edits)


def _end_question(desk: Desk) -> None:
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is not None and dialog.kind == KIND:
        dialogs.close(desk.conn, desk.account.id)


def _parse(text: str) -> tuple[str, str]:
    match = _TYPED.match(text)
    if match is None:
        return "", ""
    code, rest = tidy(match[1]), match[2].strip()
    joined = tidy(text)
    if not rest or len(fold(text).split()) > 3 or not is_code(joined):
        return code, rest
    return joined, ""  # "7K4 M2", but not "so 5 do"
