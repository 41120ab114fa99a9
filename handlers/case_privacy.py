"""How much of themselves a citizen shows: open, sealed from officials, or no contact at all (spec row 15).

``open``: officials read the name and telephone number, if any were given.  ``sealed``: the account is kept,
so that news arrives, but no official sees who it is; what names the writer is covered in the words.
``none``: neither account nor contact is kept with the case; code and PIN are the only way back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from db import cases, files
from db.cases import Case
from domain.cases import Draft
from domain.chat import Choice, Reply
from domain.errors import RuleError
from domain.redaction import without_identity
from domain.sight import NONE, OPEN_NAME, SEALED
from handlers.desk import Desk

UNLINKED = {"unlinked": True}
"""The card of a reply after which nothing may tie the account to a case: see ``db.traces``."""
MODES = (SEALED, NONE, OPEN_NAME)
MOST_WITHOUT_CONTACT = 60  # a day, from everybody together: such a sender cannot be counted


def receipt_card(case: Case) -> dict[str, Any]:
    """The card of a receipt; ``masked``: words were covered, so the draft's must leave the disk."""
    return {"case": case.id, **({} if case.privacy == OPEN_NAME else {"masked": True})}


def modes(desk: Desk, draft: Draft, shown_in: str) -> list[Reply]:
    """[Ẩn danh]: what there is to choose, and what cannot be hidden."""
    rows = tuple((Choice(f"case_mode_{mode}", f"case:mode:{draft.token}:{mode}"),) for mode in MODES)
    back = (Choice("case_back", f"case:back:{draft.token}"),)
    return [Reply("case_modes", {"channel": desk.account.channel}, (*rows, back), edits=shown_in)]


def with_mode(draft: Draft, mode: str) -> Draft:
    """The draft in a mode; whoever wants to stay unknown leaves no name."""
    if mode not in MODES:
        raise RuleError("button_gone")
    return replace(draft, privacy=mode, contact=draft.contact if mode == OPEN_NAME else "")


def shown(draft: Draft, text: str) -> str:
    """Words of a draft as they will be kept."""
    return text if draft.privacy == OPEN_NAME else without_identity(text)


def kept(case: Case, text: str) -> str:
    """Words said later in a case as they are kept."""
    return text if case.privacy == OPEN_NAME else without_identity(text)


def sender(desk: Desk, draft: Draft) -> dict[str, Any]:
    """The columns of a new case that say who sent it, how it is kept and what was agreed to.

    Raises ``case_too_many_unknown`` when so many came without contact today that something is wrong.
    """
    midnight = desk.calendar.at(desk.today, time(0, 0))
    if draft.privacy == NONE and cases.unknown_since(desk.conn, midnight) >= MOST_WITHOUT_CONTACT:
        raise RuleError("case_too_many_unknown")
    return {
        "account_id": None if draft.privacy == NONE else desk.account.id,
        "privacy": draft.privacy,
        "contact": draft.contact,
        "consent": str(desk.committee.limits["thong_bao_phien_ban"].value),
    }


def moment(desk: Desk, draft: Draft) -> datetime:
    """When the case says it was received: the day alone, where a time would point to a chat."""
    return desk.calendar.at(desk.today, time(0, 0)) if draft.privacy == NONE else desk.now


def since(desk: Desk, case: Case) -> datetime:
    """When something done by code and PIN is recorded: likewise."""
    return desk.calendar.at(desk.today, time(0, 0)) if case.privacy == NONE else desk.now


def disown(desk: Desk, privacy: str, file_ids: list[int]) -> None:
    """Takes from files what tells of their sender."""
    if privacy != OPEN_NAME:
        files.disown(desk.conn, file_ids, account_too=privacy == NONE)
