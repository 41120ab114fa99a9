"""Where a one-stop dossier stands, by the number on its receipt; the same answer for every unknown number."""

from __future__ import annotations

from db import audit, dossiers
from domain.chat import Reply
from domain.dossiers import OPEN, number_in
from handlers.desk import Desk

LOOKS_A_DAY = 20  # numbers follow one another, so nobody reads through them


def by_text(desk: Desk, text: str) -> Reply | None:
    """The state of the dossier whose number stands in a text; None if there is no number."""
    number = number_in(text)
    if not number:
        return None
    newest = dossiers.last_seen(desk.conn)
    if newest is None:
        return Reply("dossier_no_data")
    if audit.count_up(desk.conn, f"dossier:{desk.account.id}:{desk.today}") > LOOKS_A_DAY:
        return Reply("dossier_too_many")
    found = dossiers.get(desk.conn, number)
    if found is None:
        return Reply("dossier_unknown", {"seen_on": newest})
    dossier, seen_on = found
    late = dossier.due_on is not None and dossier.state in OPEN and dossier.due_on < desk.today
    known = {
        "number": dossier.number,
        "procedure": dossier.procedure,
        "state": dossier.state,
        "due_on": dossier.due_on,
        "returned_on": dossier.returned_on,
        "unit": dossier.unit,
        "late": desk.calendar.between(dossier.due_on, desk.today) if late and dossier.due_on else 0,
        "seen_on": seen_on,
    }
    return Reply("dossier_found", known)
