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


def begin(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/guiphananh."""
    return []


def look_up(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/tracuu."""
    return []


def free_text(desk: Desk, turn: Turn) -> list[Reply]:
    """Words, photos and pins that nobody asked for: a draft, a code to look up, an answer to a case."""
    return []
