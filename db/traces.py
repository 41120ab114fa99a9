"""Erases what would tie an account to a case of a sender who left no contact."""

from __future__ import annotations

from sqlalchemy import Connection, delete, update

from db.models import inbox, outbox
from domain.people import Account


def erase(conn: Connection, account: Account) -> None:
    """Takes the account out of what it said and heard lately; what is still to be sent stays.

    Rows of the inbox keep their key, so that a repeat is still known; messages sent without a key go.
    """
    mine = (inbox.c.channel == account.channel, inbox.c.chat == account.external_id)
    conn.execute(update(inbox).where(*mine, inbox.c.state == "done").values(chat=""))
    said = (outbox.c.account_id == account.id, outbox.c.key.is_(None), outbox.c.slot == "case_draft")
    conn.execute(delete(outbox).where(*said, outbox.c.state.in_(("sent", "replaced", "dropped"))))
