"""Opens a case by its code and PIN, from any account, and says how it stands without leaving a trace."""

from __future__ import annotations

from db import audit, cases
from db.cases import Case
from domain.chat import Reply
from domain.codes import is_pin
from handlers import case_cards, case_privacy
from handlers.case_privacy import UNLINKED
from handlers.desk import Desk

TRIES_A_DAY = 5


def opened(desk: Desk, code: str, pin: str) -> Case | Reply:
    """The case of a code and its PIN; the same refusal after the same work for a wrong code and a wrong PIN.

    Wrong tries are counted, five a day from one account and twenty for one case; right ones leave nothing.
    """
    mine = f"pin:{desk.account.id}:{desk.today}"
    if audit.count(desk.conn, mine) >= TRIES_A_DAY:
        return Reply("case_pin_too_many")
    case = cases.by_code(desk.conn, code)
    its = f"pin-case:{case.id if case else 0}:{desk.today}"
    right = is_pin(pin, case.pin_hash if case else "")
    if case is None or not right or audit.count(desk.conn, its) >= 4 * TRIES_A_DAY:
        audit.count_up(desk.conn, mine)
        audit.count_up(desk.conn, its)
        return Reply("case_pin_wrong")
    audit.record(desk.conn, "case", case.id, "seen_by_pin", case_privacy.since(desk, case))
    return case


def status(desk: Desk, case: Case) -> Reply:
    """How a case stands and how to go on with it, without a button."""
    known = case_cards.public(desk, case)
    facts = {name: known[name] for name in ("code", "state", "paused", "open")}
    pictures = case_cards.answer_pictures(desk, case)
    return Reply("case_status_pin", {**facts, "status": known}, pictures=pictures, card=UNLINKED)
