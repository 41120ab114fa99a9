"""A citizen who can no longer be reached: the clock stands for them no more, officials see what is untold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import cases
from domain.cases import ANSWERED
from domain.committee import Committee
from handlers import case_cards, case_followup, case_moves
from handlers.desk import of_nobody


def resume(conn: Connection, account_id: int, now: datetime, committee: Committee) -> None:
    """Lets the clock of every case run on in which this account was asked, and shows it to the officials."""
    desk = of_nobody(conn, now, committee, calendar_db.load(conn, committee.zone))
    for case in cases.asked_of_account(conn, account_id):
        case_cards.update_cards(desk, case_followup.resumed(desk, case, case_moves.make_by_clock))
    for case in cases.of_account(conn, account_id):
        if case.state == ANSWERED:
            case_cards.update_cards(desk, case)
