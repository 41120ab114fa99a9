"""One's own data: seen, taken along as a file, corrected, withdrawn (Law 91/2025/QH15, articles 4 and 13–14).

What is asked for is done at once; the limits of NĐ 356/2025/NĐ-CP are data, for what only a person can do.
"""

from __future__ import annotations

from db import audit, cases, dialogs
from db.dialogs import Dialog
from domain.cases import LONGEST_CONTACT
from domain.chat import Choice, Picture, Reply, Turn
from domain.errors import RuleError
from domain.sight import OPEN_NAME
from handlers import case_draft, case_followup
from handlers.case_privacy import UNLINKED
from handlers.desk import Desk

CONTACT = "data_contact"
QUESTION = "kenh-nay"  # the answer whose unit and limit hold for what the bot cannot do itself
MOST = 200


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/dulieu: what is kept about the person, and what may be done with it."""
    mine = cases.of_account(desk.conn, desk.account.id, limit=50)
    draft = case_draft.kept(desk)
    limits = desk.committee.limits
    known = {
        "channel": desk.account.channel,
        "cases": [case.code for case in mine],
        "contact": next((case.contact for case in mine if case.contact), ""),
        "draft": draft is not None and not draft.is_empty,
        "official": desk.person.is_official,
        "days": limits["du_lieu_tra_loi"].value,
        "day_kind": limits["du_lieu_tra_loi"].unit,
    }
    first = (Choice("data_export", "data:export"), Choice("data_correct", "data:correct"))
    last = (Choice("data_erase", "data:erase"), Choice("data_other", f"ask:person:{QUESTION}"))
    rows = (first, last) if mine else (last,)
    return [Reply("my_data", known, rows if mine or known["draft"] else ())]


def is_meant(desk: Desk, turn: Turn) -> bool:
    """Whether somebody says in words that they want to see, correct or erase what is kept about them."""
    return not (turn.files or turn.place or turn.edit) and desk.committee.spoken.is_about_own_data(turn.text)


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice."""
    match arguments:
        case ["export"]:
            return [_export(desk)]
        case ["correct"]:
            if not case_draft.aside(desk, CONTACT, {}, dialogs.LIFETIME):
                raise RuleError("data_draft_open")
            return [Reply("data_correct_ask", edits=turn.message_id)]
        case ["erase"]:
            choices = ((Choice("data_erase_yes", "data:forget"), Choice("data_keep", "data:keep")),)
            return [Reply("data_erase_sure", {}, choices, edits=turn.message_id)]
        case ["forget"]:
            case_draft.forget(desk)
            while dialogs.current(desk.conn, desk.account.id, desk.now) is not None:
                dialogs.close(desk.conn, desk.account.id)
            count = case_followup.forget(desk)
            audit.count_up(desk.conn, "accounts_forgotten")
            return [Reply("data_erased", {"count": count}, card=UNLINKED)]
        case ["keep"]:
            return [Reply("data_kept", edits=turn.message_id)]
    raise RuleError("button_gone")


def on_contact(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The new name and number, for every case under an open name; [-] takes them away."""
    if turn.edit or turn.files or not turn.text.strip():
        return None
    contact = " ".join(turn.text.split())[:LONGEST_CONTACT]
    contact = "" if contact == "-" else contact
    dialogs.close(desk.conn, desk.account.id)
    named = [case for case in _mine(desk) if case.privacy == OPEN_NAME]
    for case in named:
        cases.change(desk.conn, case.id, contact=contact)
        audit.record(desk.conn, "case", case.id, "contact_corrected", desk.now)
    return [Reply("data_corrected", {"count": len(named), "contact": contact})]


DIALOGS = {CONTACT: on_contact}


def _export(desk: Desk) -> Reply:
    """Everything that the account sent and was told, as a file a machine can read."""
    listed = [
        {
            "ma": case.code,
            "loai": case.track,
            "trang_thai": case.state,
            "nhan_luc": case.received_at.isoformat(),
            "noi_dung": case.words,
            "dia_diem": case.place,
            "lien_he": case.contact,
            "che_do": case.privacy,
            "tra_loi": case.answer,
            "trao_doi": [
                {"luc": each.at.isoformat(), "loai": each.kind, "noi_dung": each.words}
                for each in cases.said(desk.conn, case.id, "question", "reply", "reopen", "answer")
            ],
        }
        for case in _mine(desk)
    ]
    audit.count_up(desk.conn, "data_exported")
    values = {"tai_khoan": f"{desk.account.channel} {desk.account.external_id}", "phan_anh": listed}
    file = Picture("document", "du-lieu.json", drawing="my_data", values=values)
    short = [{"code": str(each["ma"]), "told": str(each["noi_dung"])} for each in listed[:8]]
    return Reply("data_file", {"count": len(listed), "cases": short}, pictures=(file,))


def _mine(desk: Desk) -> list[cases.Case]:
    return cases.of_account(desk.conn, desk.account.id, limit=MOST)
