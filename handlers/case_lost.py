"""A citizen who cannot be told just now: no clock stands for them, officials see what is untold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import cases, outbox
from db.outbox import Due
from domain.cases import ANSWERED
from domain.committee import Committee
from handlers import case_cards, case_followup, case_moves
from handlers.desk import Desk, of_nobody


def resume(conn: Connection, account_id: int, now: datetime, committee: Committee) -> None:
    """Lets the clock of every case run on in which this account was asked, and shows it to the officials."""
    desk = _desk(conn, now, committee)
    for case in cases.asked_of_account(conn, account_id):
        case_cards.update_cards(desk, case_followup.resumed(desk, case, case_moves.make_by_clock))
    for case in cases.of_account(conn, account_id):
        if case.state == ANSWERED:
            case_cards.update_cards(desk, case)


def held(conn: Connection, due: Due, now: datetime, committee: Committee) -> None:
    """Shows officials that news waits for its reader to write; a question not asked stops no clock."""
    case = cases.get(conn, int(due.card.get("case", 0)))
    if case is None or case.account_id != due.account_id:
        return
    desk = _desk(conn, now, committee)
    if due.reply.key == "case_news_question":
        case = case_followup.resumed(desk, case, case_moves.make_by_clock)
    case_cards.update_cards(desk, case)


def back(conn: Connection, account_id: int, now: datetime, committee: Committee) -> None:
    """Whoever writes hears what could not be told them before, and officials see that it was."""
    told = outbox.again(conn, account_id, now)
    for case in [cases.get(conn, case_id) for case_id in told]:
        if case is not None:
            case_cards.update_cards(_desk(conn, now, committee), case)


def _desk(conn: Connection, now: datetime, committee: Committee) -> Desk:
    return of_nobody(conn, now, committee, calendar_db.load(conn, committee.zone))
