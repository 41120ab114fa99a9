"""Taking figures or a register out as a file: asked what for, with one tap; who, what, why stay on record.

A purpose is one of a few, so that the record of events holds no words.
"""

from __future__ import annotations

from db import audit
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from handlers.desk import Desk

PURPOSES = ("report", "meeting", "check", "archive")


def ask(turn: Turn, stem: str, form: str, back: Choice) -> Reply:
    """What the file is for; a choice goes on with the action ``stem:purpose``."""
    choices = [Choice(f"export_why_{why}", f"{stem}:{why}") for why in PURPOSES]
    rows = (tuple(choices[:2]), tuple(choices[2:]), (back,))
    return Reply("export_why", {"form": form}, rows, edits=turn.message_id)


def record(desk: Desk, subject: str, year: int, why: str, **fields: object) -> None:
    """Keeps who took what out and why; raises ``button_gone`` for a purpose that is none."""
    if why not in PURPOSES:
        raise RuleError("button_gone")
    audit.record(desk.conn, subject, year, "exported", desk.now, actor_id=desk.person.id, why=why, **fields)
