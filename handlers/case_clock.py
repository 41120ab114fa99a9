"""What happens to cases because of the time; the tick runs it, for it speaks in the cards that people get."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import case_timers, cases
from db.cases import Case
from domain.committee import Committee
from handlers import (
    appointment_marks,
    case_extend,
    case_handover,
    case_late,
    case_question,
    case_rating,
    case_review,
    case_team,
    case_unsent,
    case_verify,
)
from handlers.desk import Desk, of_nobody

ON_TIME: dict[str, Callable[[Desk, Case], None]] = {
    case_timers.ACCEPT: case_handover.unaccepted,
    case_timers.LATE: case_late.apologise,
    case_timers.QUESTION: case_question.remind,
    case_timers.SILENT: case_question.silent,
    case_timers.REMIND: case_rating.remind,
    case_timers.LAPSE: case_rating.lapse,
    case_timers.EXTENSION: case_extend.remind,
    case_timers.REVIEW: case_review.overdue,
    case_timers.EXPIRE: appointment_marks.expire,
    case_timers.VERIFY: case_verify.remind,
    case_timers.VERIFY_WEEKLY: case_verify.remind_weekly,
    case_timers.TEAM: case_team.remind,
}


def run(conn: Connection, now: datetime, committee: Committee) -> None:
    """Does what timers that have come ask for; each looks at the case anew and may find nothing to do."""
    calendar = calendar_db.load(conn, committee.zone)
    case_unsent.remind(conn, now, committee, calendar)
    due = case_timers.take_due(conn, now)
    desk = of_nobody(conn, now, committee, calendar)
    for case_id, kind in due:
        case = cases.get(conn, case_id)
        if case is not None:
            ON_TIME[kind](desk, case)
