"""The receipt of a case: its stamp, the sheet to keep, and whether somebody's stamp is right."""

from __future__ import annotations

from datetime import time
from typing import Any

from db import audit, case_versions, cases, files, receipts
from db.cases import Case
from db.receipts import Receipt
from domain.chat import Choice, Picture, Reply, Turn
from domain.codes import new_code
from domain.errors import RuleError
from domain.stamps import is_same, shown, stamp, typed
from handlers.desk import Desk

WORDS = frozenset(
    ("phieu", "phieu tiep nhan", "xin phieu", "gui phieu", "cho xin phieu", "xin phieu tiep nhan")
)
"""What is typed after code and PIN to get the sheet, folded."""
CHECKS_A_DAY = 10
CHECKS_A_DAY_AT_THE_COUNTER = 200


def stamp_of(desk: Desk, code: str) -> str:
    """The stamp of a case, as it is printed."""
    return shown(stamp(desk.stamp_key, *_receipt(desk, code).stamped))


def choice(case_id: int) -> Choice:
    """[Phiếu tiếp nhận]."""
    return Choice("case_sheet", f"case:sheet:{case_id}")


def sheet(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """The receipt as a file or a picture, for whoever sent the case."""
    return [sheet_of(desk, cases.access_own(desk.conn, case_id, desk.account.id))]


def sheet_of(desk: Desk, case: Case, card: dict[str, Any] | None = None) -> Reply:
    """The receipt of a case with the words as they were received; what was edited later is not promised."""
    received = _receipt(desk, case.code)
    first = case_versions.as_received(desk.conn, case.id)
    words = case.words if first is None else first
    is_unchanged = received.is_of(words, case.place)
    at = received.received_at.astimezone(desk.calendar.zone)
    values = {
        "zone": desk.committee.zone.key,
        "office": {"name": desk.committee.name},
        "code": case.code,
        "stamp": shown(stamp(desk.stamp_key, *received.stamped)),
        "at": received.received_at,
        "timed": at.time() != time(0, 0),  # one without contact has a day alone
        "unit": received.unit_name,
        "due": received.due_on,
        "words": words if is_unchanged else "",
        "place": case.place if is_unchanged else "",
        "files": len(files.of_subject(desk.conn, "case", case.id)),
    }
    drawn = Picture("document", f"phieu-tiep-nhan-{case.code}.pdf", drawing="receipt", values=values)
    known = {"code": case.code, "stamp": values["stamp"]}
    return Reply("case_sheet_sent", known, pictures=(drawn,), card=card or {})


def check(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/xacminh CODE STAMP: right or not, and nothing else; a code that nobody has is answered alike.

    None when the words were no code with a stamp but a sentence that begins like the command.
    """
    found = typed(rest)
    if found is None:
        return [Reply("stamp_how")] if not rest or turn.text.startswith("/") else None
    most = CHECKS_A_DAY_AT_THE_COUNTER if desk.person.is_official else CHECKS_A_DAY
    if audit.count_up(desk.conn, f"stamp:{desk.account.id}:{desk.today}") > most:
        return [Reply("stamp_too_many")]
    code, signs = found
    received = receipts.of_code(desk.conn, code)
    parts = received.stamped if received else (code, new_code())
    right = is_same(stamp(desk.stamp_key, *parts), signs) and received is not None
    return [Reply("stamp_right" if right else "stamp_wrong", {"code": code})]


def _receipt(desk: Desk, code: str) -> Receipt:
    received = receipts.of_code(desk.conn, code)
    if received is None:
        raise RuleError("not_found")
    return received
