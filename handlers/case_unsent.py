"""A draft that waits to be sent: what is settled first, and what whoever is not ready or silent hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import dialogs, outbox, people
from domain.calendar import Calendar
from domain.cases import Draft, draft_from
from domain.chat import Choice, Reply
from domain.committee import Committee
from handlers import case_draft, case_draft_menus, case_elsewhere, case_grievance
from handlers.desk import Desk, of_nobody

SILENT = timedelta(hours=2)


def asked_first(desk: Desk, draft: Draft) -> Reply | None:
    """What has to be settled before there is anything to agree to: a grievance, a neighbour's ground."""
    if draft.text and not draft.plain and desk.committee.screening.may_be_grievance(draft.text):
        return case_grievance.offer(desk, draft)
    return case_elsewhere.offer(desk, draft)


def waiting(desk: Desk, draft: Draft, until: datetime | None = None) -> Reply:
    """The draft is not sent yet: its choices again, in a message of its own."""
    if (question := asked_first(desk, draft)) is not None:
        return replace(question, edits="", wait=0)
    token = draft.token
    rows = (
        (Choice("case_send", f"case:send:{token}"),),
        (Choice("case_edit", f"case:edit:{token}"), Choice("case_drop", f"case:drop:{token}")),
    )
    known = {**case_draft_menus.facts(desk, draft), "until": until or desk.now + dialogs.LIFETIME}
    return Reply("case_unsent", known, rows, slot=case_draft.SLOT, card={"draft": token})


def remind(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> None:
    """Says once, between 07:00 and 21:00, to whoever left a draft for two hours that it is not sent."""
    if calendar.citizen_moment(now) != now:
        return
    for account_id, draft_data, until in dialogs.left_alone(conn, now - SILENT):
        dialogs.mark_reminded(conn, account_id)
        account, draft = people.account(conn, account_id), draft_from(draft_data)
        desk = replace(of_nobody(conn, now, committee, calendar), account=account)
        if draft.is_empty or asked_first(desk, draft) is not None:
            continue
        outbox.post(conn, account_id, waiting(desk, draft, until), now, priority=outbox.REMINDER)


def next_due(conn: Connection, zone: ZoneInfo) -> datetime | None:
    """When the next one hears of it."""
    since = dialogs.longest_alone(conn)
    return calendar_db.load(conn, zone).citizen_moment(since + SILENT) if since else None
