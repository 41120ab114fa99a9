"""Says when to come back to whoever sends more than others can follow; emergencies and answers pass."""

from __future__ import annotations

from datetime import time, timedelta

from db import audit, cases, files, inbox
from db.cases import Case
from domain.cases import ASKED
from domain.chat import Incoming, Reply, Turn
from domain.errors import RuleError
from handlers.desk import Desk

HOUR = timedelta(hours=1)
SAY_AGAIN = 10  # every so many messages beyond the limit, not after each


def over(desk: Desk, turn: Turn) -> list[Reply] | None:
    """The answer to one message too many; None if the turn may go on."""
    quota = desk.committee.quota
    chooses = (
        turn.pressed or turn.text.strip().isdecimal()
    )  # the number of a choice: it may send an emergency
    if chooses or turn.withheld or desk.person.is_official:
        return None
    heard = inbox.heard_since(desk.conn, turn.channel, turn.chat, desk.now - quota.window)
    if heard <= quota.messages or desk.committee.screening.is_emergency(turn.text):
        return None
    if cases.asked_of_account(desk.conn, desk.account.id):
        return None
    again = (heard - quota.messages) % SAY_AGAIN == 1
    return [Reply("quota_messages", {"at": desk.now + quota.window})] if again else []


def too_many_cases(desk: Desk, *, urgent: bool) -> Reply | None:
    """Why this person files no more today, the draft being kept; None if there is room."""
    most, midnight = desk.committee.quota.cases, desk.calendar.at(desk.today, time(0, 0))
    if urgent or cases.filed_since(desk.conn, desk.account.id, midnight) < most:
        return None
    return Reply("case_too_many", {"most": most})


def breaker(desk: Desk, *, urgent: bool) -> Reply | None:
    """Counts one more case of this hour; why no more are taken now, the draft being kept, or None."""
    most = desk.committee.quota.cases_of_all
    filed = audit.count_up(desk.conn, f"filed:{desk.now:%Y-%m-%dT%H}")
    if urgent or filed <= most:
        return None
    if filed == most + 1:
        audit.record(desk.conn, "service", 0, "breaker", desk.now, cases=most)
    return Reply("quota_breaker", {"at": desk.now + HOUR})


def check_files(desk: Desk, case: Case, sent: list[Incoming], *, album: bool) -> None:
    """Raises ``quota_files`` if a case gets more files an hour than anybody looks at."""
    quota = desk.committee.quota
    if not sent or case.state == ASKED:
        return
    most = quota.album_files if album else quota.files
    if files.added_since(desk.conn, "case", case.id, desk.now - HOUR) + len(sent) > most:
        raise RuleError("quota_files", code=case.code, most=quota.files, at=desk.now + HOUR)
