"""Erases what a case holds, everywhere: what must not be kept is in no table, file or waiting message.

Every table with a column that points to a case is emptied of it, so that a table added later is too; the
receipt stays for the register's number, without what could prove its words.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from db import rungs, search
from db.models import cases, dialogs, files, menus, metadata, outbox, receipts
from domain.cases import REMOVED

STAY = ("receipts", "cases")
_BLANK: dict[str, Any] = {
    "words": "", "place": "", "area": "", "category": "", "answer": "", "rating": "", "rating_words": "",
    "contact": "", "consent": "", "flag": "", "latitude": None, "longitude": None, "account_id": None,
    "handler_id": None, "answered_by": None, "about_unit_id": None, "about_person_id": None,
    "proposed_id": None, "joined_to": None, "again_of": None, "paused_at": None,
}  # fmt: skip


def erase(conn: Connection, case_id: int) -> None:
    """Leaves of a case a code, a number, days and the state ``removed``, tied to nobody."""
    account_id = conn.execute(select(cases.c.account_id).where(cases.c.id == case_id)).scalar()
    for table in metadata.sorted_tables:
        for column in table.columns:
            if table.name not in STAY and any(key.column is cases.c.id for key in column.foreign_keys):
                conn.execute(delete(table).where(column == case_id))
    conn.execute(update(receipts).where(receipts.c.case_id == case_id).values(salt=""))
    conn.execute(update(cases).where(cases.c.joined_to == case_id).values(joined_to=None))
    conn.execute(update(cases).where(cases.c.again_of == case_id).values(again_of=None))
    its = (files.c.subject.in_(("case", "answer")), files.c.subject_id == case_id)
    given_up = {"state": "dropped", "subject": "", "subject_id": 0, "ref": "", "name": "", "account_id": None}
    conn.execute(update(files).where(*its).values(**given_up))
    rungs.supersede(conn, "case", case_id)
    search.erase(conn, case_id)
    _forget_messages(conn, case_id)
    for row in conn.execute(select(dialogs.c.account_id, dialogs.c.data)).all():
        if row.data.get("case") == case_id:
            conn.execute(delete(dialogs).where(dialogs.c.account_id == row.account_id))
    if account_id is not None:
        conn.execute(delete(menus).where(menus.c.account_id == account_id))
    conn.execute(update(cases).where(cases.c.id == case_id).values(state=REMOVED, **_BLANK))


def _forget_messages(conn: Connection, case_id: int) -> None:
    """Takes the words out of messages about a case, and the case out of those that were sent."""
    ids = []
    holding = outbox.c.key.like(f"case:{case_id}:%") | outbox.c.slot.like(f"case-%:{case_id}")
    query = select(outbox.c.id, outbox.c.card).where(
        or_(holding, outbox.c.slot == "case_draft", outbox.c.reply.is_not(None), outbox.c.state == "sent")
    )
    for row in conn.execute(query):
        if (row.card or {}).get("case") == case_id:
            ids.append(row.id)
    ids += conn.execute(select(outbox.c.id).where(holding)).scalars()
    theirs = outbox.c.id.in_(ids)
    conn.execute(update(outbox).where(theirs, outbox.c.state == "waiting").values(state="dropped"))
    conn.execute(update(outbox).where(theirs).values(reply=None, card={}, key=None, slot=""))
