"""Where a picture says it was taken: offered as the place of the matter, kept only if the person wants it.

The stored picture holds no place (``bot.attachments``); what it said waits in the draft for a yes, and goes
with the draft (``features-citizen.md``, row 46).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from db import calendar, dialogs, files, outbox, people
from domain.cases import draft_from
from domain.chat import Place
from domain.committee import Committee
from handlers import case_draft, case_draft_review
from handlers.desk import of_nobody


def arrived(conn: Connection, now: datetime, committee: Committee, file_id: int, at: Place) -> None:
    """A picture of an open draft came with a place: it is offered, unless a pin was sent."""
    subject, account_id, _ = files.subject_of(conn, file_id)
    dialog = dialogs.current(conn, account_id, now) if subject == "draft" else None
    if dialog is None or dialog.kind != case_draft.KIND:
        return
    draft = draft_from(dialog.data)
    if file_id not in draft.files or draft.has_pin or draft.taken_at is not None:
        return
    desk = of_nobody(conn, now, committee, calendar.load(conn, committee.zone))
    desk = replace(desk, account=people.account(conn, account_id))
    draft = replace(draft, taken_at=(at.latitude, at.longitude))
    outbox.post(conn, account_id, case_draft_review.review(desk, draft, added_as="photo_place"), now)
