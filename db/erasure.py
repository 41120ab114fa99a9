"""Erases what a case holds, everywhere: what must not be kept is in no table, file or waiting message.

Every table with a column that points to a case is emptied of it, with what points to that, so that a table
added later is too; the receipt stays for the register's number, without what could prove its words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, update

from db import rungs, search
from db.models import (
    case_messages,
    case_papers,
    case_teams,
    case_versions,
    cases,
    dialogs,
    files,
    menus,
    metadata,
    outbox,
    receipts,
)
from domain.cases import REMOVED

STAY = ("receipts", "cases")
_SAID: dict[str, Any] = {
    "words": "", "place": "", "answer": "", "rating_words": "", "contact": "", "consent": "",
    "latitude": None, "longitude": None, "account_id": None,
}  # fmt: skip
_BLANK: dict[str, Any] = {
    **_SAID, "area": "", "category": "", "rating": "", "flag": "", "handler_id": None, "answered_by": None,
    "about_unit_id": None, "about_person_id": None, "proposed_id": None, "joined_to": None, "again_of": None,
    "paused_at": None,
}  # fmt: skip


def erase(conn: Connection, case_id: int) -> list[tuple[int, str]]:
    """Leaves of a case a code, a number, days and the state ``removed``, tied to nobody.

    Returns the messages about it that stand in other chats than its sender's: account and message id.
    """
    shown = _clear(conn, case_id)
    search.erase(conn, case_id)
    sender = select(cases.c.account_id).where(cases.c.id == case_id).scalar_subquery()
    conn.execute(delete(menus).where(menus.c.account_id == sender))
    conn.execute(update(cases).where(cases.c.joined_to == case_id).values(joined_to=None))
    conn.execute(update(cases).where(cases.c.again_of == case_id).values(again_of=None))
    conn.execute(update(cases).where(cases.c.id == case_id).values(state=REMOVED, **_BLANK))
    return shown


def empty(conn: Connection, case_ids: Collection[int], today: date) -> None:
    """Erases what cases hold and who sent them; what they were about, their days and outcome stay."""
    for case_id in case_ids:
        _clear(conn, case_id)
    search.erase(conn, *case_ids)
    conn.execute(update(cases).where(cases.c.id.in_(case_ids)).values(emptied_on=today, **_SAID))


def cover_sender(conn: Connection, account_id: int, cover: Callable[[str], str]) -> set[int]:
    """Covers what names the sender in the words of an account's cases and returns those it was found in.

    What was covered is no longer what was received, so the receipt's sheet prints no words any more.
    """
    found = set()
    for case_id in conn.execute(select(cases.c.id).where(cases.c.account_id == account_id)).scalars().all():
        theirs = case_messages.c.kind.in_(("reply", "reopen"))
        changed = _cover(conn, cases, cases.c.id == case_id, ("words", "place", "rating_words"), cover)
        changed |= _cover(
            conn, case_messages, (case_messages.c.case_id == case_id) & theirs, ("words",), cover
        )
        changed |= _cover(conn, case_versions, case_versions.c.case_id == case_id, ("words",), cover)
        if changed:
            found.add(case_id)
            search.erase(conn, case_id)  # from the disk too
            search.refresh(conn, case_id)
    return found


def _cover(
    conn: Connection,
    table: Table,
    which: ColumnElement[bool],
    names: Sequence[str],
    cover: Callable[[str], str],
) -> bool:
    changed = False
    for row in conn.execute(select(table).where(which)).mappings().all():
        values = {name: cover(row[name]) for name in names}
        if any(values[name] != row[name] for name in names):
            conn.execute(update(table).where(table.c.id == row["id"]).values(**values))
            changed = True
    return changed


def _clear(conn: Connection, case_id: int) -> list[tuple[int, str]]:
    """Erases everything that hangs on a case; returns the messages that stand in others' chats."""
    account_id = conn.execute(select(cases.c.account_id).where(cases.c.id == case_id)).scalar()
    teams = list(conn.execute(select(case_teams.c.id).where(case_teams.c.case_id == case_id)).scalars())
    papers = list(conn.execute(select(case_papers.c.id).where(case_papers.c.team_id.in_(teams))).scalars())
    for table in metadata.sorted_tables:
        for column in table.columns:
            if table.name not in STAY and any(key.column is cases.c.id for key in column.foreign_keys):
                _empty(conn, table, column == case_id)
    conn.execute(update(receipts).where(receipts.c.case_id == case_id).values(salt=""))
    its = or_(
        files.c.subject.in_(("case", "answer")) & (files.c.subject_id == case_id),
        (files.c.subject == "paper") & files.c.subject_id.in_(papers),
    )
    given_up = {"state": "dropped", "subject": "", "subject_id": 0, "ref": "", "name": "", "account_id": None}
    conn.execute(update(files).where(its).values(**given_up))
    rungs.supersede(conn, "case", case_id)
    shown = _forget_messages(conn, case_id, teams)
    for row in conn.execute(select(dialogs.c.account_id, dialogs.c.data)).all():
        if row.data.get("case") == case_id:
            conn.execute(delete(dialogs).where(dialogs.c.account_id == row.account_id))
    return [each for each in shown if each[0] != account_id]


def _empty(conn: Connection, table: Table, condition: ColumnElement[bool]) -> None:
    """Deletes rows, after those of other tables that point to them."""
    for child in metadata.sorted_tables:
        for column in child.columns:
            for key in column.foreign_keys:
                if key.column.table is table and child is not table:
                    _empty(conn, child, column.in_(select(key.column).where(condition)))
    conn.execute(delete(table).where(condition))


def _forget_messages(conn: Connection, case_id: int, teams: list[int]) -> list[tuple[int, str]]:
    """Takes the words out of messages about a case and the case out of those that were sent."""
    abouts = [f"case:{case_id}", *(f"team:{team}" for team in teams)]
    ids = list(
        conn.execute(select(outbox.c.id).where(outbox.c.about.in_(abouts), outbox.c.about != "")).scalars()
    )
    # The evening's messages name several cases at once.
    sender = select(cases.c.account_id).where(cases.c.id == case_id).scalar_subquery()
    evenings = select(outbox.c.id).where(outbox.c.account_id == sender, outbox.c.slot == "case-digest")
    ids += conn.execute(evenings).scalars()
    theirs = outbox.c.id.in_(ids)
    there = select(outbox.c.account_id, outbox.c.message_id).where(theirs, outbox.c.message_id != "")
    shown = [(row.account_id, row.message_id) for row in conn.execute(there.distinct())]
    conn.execute(update(outbox).where(theirs, outbox.c.state == "waiting").values(state="dropped"))
    conn.execute(update(outbox).where(theirs).values(reply=None, card={}, about="", key=None, slot=""))
    return shown
