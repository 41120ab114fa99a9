"""Proof that outdoor work was done: a picture taken for this answer, or a recorded reason why there is none.

A picture that came before, with this case or any other, is no proof.  Bytes arrive after the words, so
the look is taken when they are here; the answer has not left yet, it waits for its picture.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from db import audit, calendar, cases, dialogs, files, outbox, people
from db.cases import Case
from domain.calendar import CLOSES
from domain.chat import Reply
from domain.committee import Committee
from domain.working_hours import hours_between
from handlers import case_cards, case_moves
from handlers.case_prompts import ANSWER
from handlers.desk import Desk, of_nobody

LAST_HOUR = "last_hour"
OLDEST = timedelta(days=3650)  # a camera whose clock was never set


def arrived(
    conn: Connection, now: datetime, committee: Committee, file_id: int, taken: datetime | None = None
) -> None:
    """A file's bytes are here: a reused picture of an answer is given back, an answer without proof too.

    ``taken`` is what the camera says; most phones and platforms say nothing, so that it stops nobody.
    """
    subject, case_id, kind = files.subject_of(conn, file_id)
    case = cases.get(conn, case_id) if subject == "answer" and kind == "photo" else None
    if case is None:
        return
    desk = of_nobody(conn, now, committee, calendar.load(conn, committee.zone))
    if not files.is_reused(conn, file_id):
        _doubt(desk, case, file_id, taken)
        return
    files.give_back(conn, file_id)
    audit.record(conn, "case", case.id, "picture_reused", now, file=file_id)
    handler = case.handler_id or 0
    if case_moves.can_by_clock(case, "unproved") and _lacks_proof(desk, case):
        case = case_moves.make_by_clock(desk, case, "unproved", ("reason",), answered_at=None, flag="")
        case_cards.update_cards(desk, case)
    account = people.account_of(conn, handler)
    if account is not None:
        shown = case_cards.card(desk, case, people.person(conn, handler, desk.today))
        facts = {"code": case.code, "open": case.answered_at is None}
        asking = dialogs.current(conn, account.id, now)
        choices = () if asking is not None and asking.kind == ANSWER.dialog else shown.choices
        reply = Reply("case_picture_reused", facts, choices, card=shown.card)
        outbox.post(conn, account.id, reply, now)


def flag(desk: Desk, case: Case, pictures: int) -> str:
    """The mark of an answer without a picture in the last working hours of the promised day."""
    if pictures or not case_cards.needs_picture(desk, case) or case.due_on < desk.today:
        return ""
    left = hours_between(desk.calendar, desk.now, desk.calendar.at(case.due_on, CLOSES))
    return LAST_HOUR if left <= desk.committee.terms.last_hours else ""


def _doubt(desk: Desk, case: Case, file_id: int, taken: datetime | None) -> None:
    """Tells who answers that a picture is from before the matter was given; it may be a wrong clock."""
    given = cases.given_at(desk.conn, case)
    if taken is None or taken >= given or taken < given - OLDEST:
        return
    audit.record(desk.conn, "case", case.id, "picture_old", desk.now, file=file_id)
    account = people.account_of(desk.conn, case.handler_id or 0)
    if account is not None:
        known = {"code": case.code, "taken": taken, "given": given}
        outbox.post(desk.conn, account.id, Reply("case_picture_old", known, card={"case": case.id}), desk.now)


def _lacks_proof(desk: Desk, case: Case) -> bool:
    """Whether nothing else proves the answer that stands: another picture of it, or a reason for none."""
    if not case_cards.needs_picture(desk, case):
        return not case.answer
    since = case.answered_at
    assert since is not None
    batch = files.came_since(desk.conn, "answer", case.id, since - files.SAME_ALBUM)
    mine = files.usable_photos(desk.conn, batch)
    excused = [said for said in cases.said(desk.conn, case.id, "no_photo") if said.at >= since]
    return not mine and not excused
