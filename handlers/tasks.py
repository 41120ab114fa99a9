"""placeholder"""

from __future__ import annotations

from collections.abc import Callable

from db.dialogs import Dialog
from domain.chat import Reply, Turn
from handlers.desk import Desk

DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {}


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice."""
    return []


def list_tasks(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/nhiemvu."""
    return []


def free_text(desk: Desk, turn: Turn) -> list[Reply] | None:
    """An official's words outside a dialog, when they are a report; None when they are not."""
    return None
