"""The promised day is over: one honest message to everybody who waits, never a second one for that day."""

from __future__ import annotations

from db import audit, case_timers
from db.cases import Case
from domain.calendar import DAY
from domain.cases import ASKED, OPEN
from handlers import case_cards
from handlers.case_waits import APOLOGY
from handlers.desk import Desk


def apologise(desk: Desk, case: Case) -> None:
    """Says that it is late and who knows of it; a day that the calendar moved on is waited for."""
    if case.state not in OPEN or case.state == ASKED:
        return
    if case.due_on >= desk.today:
        moment = desk.calendar.at(case.due_on + DAY, APOLOGY)
        case_timers.put(desk.conn, case.id, case_timers.LATE, moment)
        return
    audit.record(desk.conn, "case", case.id, "apologised", desk.now, due_on=case.due_on)
    case_cards.tell_citizen(desk, case, "case_news_late")
