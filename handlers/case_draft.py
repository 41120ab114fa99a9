"""The draft of a citizen's matter: the open dialog until the person agrees, refuses or a day is over."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from db import dialogs, files
from domain.cases import Draft, draft_from
from domain.errors import RuleError
from handlers.desk import Desk

KIND = dialogs.DRAFT
SLOT = "case_draft"
ASKED = "question"  # the dialog that keeps the words of a question for two hours
ASKED_LIFETIME = timedelta(hours=2)


def words_kept(text: str, answer_id: str = "", **more: object) -> dict[str, object]:
    """The data of the dialog that keeps a question's words, and what they were answered with."""
    return {"text": text, "answer": answer_id, "message": "", "open": False, "meant": False, **more}


def fresh(*, cleared: bool = False) -> Draft:
    """An empty draft; ``cleared`` when the person has said that it is no denunciation."""
    return Draft(secrets.token_hex(4), cleared=cleared)


def current(desk: Desk) -> Draft | None:
    """The open draft of this chat."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    return draft_from(dialog.data) if dialog and dialog.kind == KIND else None


def kept(desk: Desk) -> Draft | None:
    """The draft of this chat, open or under another question."""
    below = dialogs.under(desk.conn, desk.account.id, desk.now)
    return current(desk) or (draft_from(below.data) if below else None)


def of_token(desk: Desk, token: str) -> Draft:
    """The open draft that a button belongs to; raises ``case_draft_gone``."""
    draft = kept(desk)
    if draft is None or draft.token != token:
        raise RuleError("case_draft_gone")
    if current(desk) is None:
        dialogs.close(desk.conn, desk.account.id)  # the question above it
    return draft


def keep(desk: Desk, draft: Draft) -> None:
    """Keeps the draft for a day from now."""
    dialogs.open_dialog(desk.conn, desk.account.id, KIND, asdict(draft), desk.now)


def erase(desk: Desk) -> bool:
    """Erases the open draft and its files, or the words of a question; False if there were none."""
    draft = current(desk)
    if draft is None:
        dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
        if dialog is None or dialog.kind != ASKED or not dialog.data["text"]:
            return False
        dialogs.close(desk.conn, desk.account.id)
        return True
    files.drop(desk.conn, list(draft.files))
    dialogs.close(desk.conn, desk.account.id)
    return not draft.is_empty


def forget(desk: Desk) -> None:
    """Erases the draft, the one under another question too."""
    if current(desk) is None:
        dialogs.close(desk.conn, desk.account.id)
    erase(desk)


def shown_in(desk: Desk, draft: Draft) -> str:
    """The id of the message that shows this draft, if it is the last one with choices; else nothing."""
    menu = dialogs.menu(desk.conn, desk.account.id)
    if menu is None or not any(draft.token in choice.action.split(":") for choice in menu.choices):
        return ""
    return menu.message_id


def was_noticed(menu: dialogs.Menu | None, draft: Draft) -> bool:
    """Whether a review of this draft is among what was shown, with what is kept and why."""
    return menu is not None and any(
        choice.action == f"case:send:{draft.token}" for choice in (*menu.choices, *menu.earlier)
    )


def aside(desk: Desk, kind: str, data: Mapping[str, object], lifetime: timedelta) -> bool:
    """Opens another dialog, unless words of a draft would be lost by it; False then."""
    draft = current(desk)
    if draft is not None and not draft.is_empty:
        return False
    dialogs.open_dialog(desk.conn, desk.account.id, kind, data, desk.now, lifetime=lifetime)
    return True
