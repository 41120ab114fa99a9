"""Kind words, greetings and tests of the line: nobody's matter."""

from __future__ import annotations

from domain.cases import is_small_talk
from domain.chat import Turn
from handlers.desk import Desk


def is_chat(desk: Desk, turn: Turn) -> bool:
    """Whether a turn is nothing but that; a cry for help is not."""
    if turn.files or turn.place is not None:
        return False
    known = desk.committee
    chat = is_small_talk(turn.text) or known.signs.is_greeting(turn.text)
    return chat and not known.screening.is_emergency(turn.text)
