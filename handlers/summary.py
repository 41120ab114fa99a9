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


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/baocao."""
    return []
