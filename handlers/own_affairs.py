"""What somebody says about what is already theirs here: a matter, an appointment, what is kept about them."""

from __future__ import annotations

from domain.chat import Reply, Turn
from handlers import appointments, case_draft, case_progress, my_data
from handlers.desk import Desk


def answer(desk: Desk, turn: Turn) -> list[Reply] | None:
    """The answer to words about it; None if they are about something else, or a draft is being written."""
    if (how_far := case_progress.answer(desk, turn)) is not None:
        return how_far
    if turn.files or turn.place or turn.edit or case_draft.current(desk) is not None:
        return None
    if (meeting := appointments.about_mine(desk, turn.text)) is not None:
        return [meeting]
    return my_data.show(desk, turn, "") if my_data.is_meant(desk, turn) else None
