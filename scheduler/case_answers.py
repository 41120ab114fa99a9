"""Words an answer to a citizen anew just before it leaves: its pictures may have arrived meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db import cases, files, parts
from db.files import Stored
from db.outbox import Due
from domain.cases import ANSWERED, WORKING
from domain.chat import Later, Picture, Reply

PATIENCE = timedelta(minutes=3)  # for a picture that is still on its way, before the words leave without it
DRAWABLE = ("image/jpeg", "image/png", "image/webp", "image/gif")


def look_again(conn: Connection, due: Due, now: datetime) -> Reply | None:
    """The answer with the pictures of before and after as one; None if it is no longer the answer.

    Raises ``Later`` while a picture is still being fetched.
    """
    case = cases.get(conn, int(due.card["case"]))
    if case is None or case.state != ANSWERED or case.answered_at is None:
        return None
    if case.answered_at != datetime.fromisoformat(str(due.card["at"])):
        return None
    lead = cases.get(conn, case.joined_to) if case.joined_to else None
    if lead is not None and lead.state == WORKING:  # its picture was no proof
        return None
    since = int(due.card["since"])
    sent = parts.answer_files(conn, case)
    mine = [f for f in sent if since and f.id >= since and f.kind == "photo"]
    if any(file.state == "waiting" for file in mine) and now < case.answered_at + PATIENCE:
        raise Later("picture_on_its_way")
    after = [file for file in mine if file.state == "stored"]
    if not after:
        return replace(due.reply, pictures=(), facts={**due.reply.facts, "late_picture": bool(mine)})
    before = [f for f in files.of_subject(conn, "case", case.id) if f.kind == "photo" and f.mime in DRAWABLE]
    return replace(due.reply, pictures=(_picture(case.code, before, after[0]),))


def _picture(code: str, before: list[Stored], after: Stored) -> Picture:
    if not before or after.mime not in DRAWABLE:
        return Picture("photo", f"{code}.jpg", after.sha256)
    values = {"before": before[0].sha256, "after": after.sha256}
    return Picture("photo", f"{code}.png", drawing="before_after", values=values)
