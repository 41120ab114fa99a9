"""Brings a case to the account that shows its code and PIN: who lost a phone loses no case (spec row 24)."""

from __future__ import annotations

from db import audit, cases, outbox
from db.cases import Case
from domain.chat import Reply
from domain.sight import NONE, SEALED
from handlers import case_cards, case_pin
from handlers.desk import Desk

WORDS = frozenset(
    (
        "chuyen ve day",
        "chuyen ve tai khoan nay",
        "chuyen sang tai khoan nay",
        "nhan tin o day",
        "chuyen qua day",
    )
)
"""What is typed after code and PIN, folded."""


def here(desk: Desk, case: Case) -> Reply:
    """News of the case goes to this account from now on; the one it came from is told, by day.

    A case without contact gets one by this wish, and is sealed from officials from then on.
    """
    if case.account_id == desk.account.id:
        return case_pin.status(desk, case)
    before = case.account_id
    case = cases.change(
        desk.conn,
        case.id,
        account_id=desk.account.id,
        privacy=SEALED if case.privacy == NONE else case.privacy,
    )
    audit.record(desk.conn, "case", case.id, "account_moved", desk.now, had_account=before is not None)
    if before is not None:
        left = Reply("case_went", {"code": case.code}, slot=f"{outbox.NEWS}{case.id}")
        outbox.post(desk.conn, before, left, desk.now, due_at=desk.calendar.citizen_moment(desk.now))
    case_cards.update_cards(desk, case)
    return Reply(
        "case_came", {**case_cards.public(desk, case), "anew": before is None}, card={"case": case.id}
    )
