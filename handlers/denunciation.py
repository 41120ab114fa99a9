"""Meets what may be a denunciation (tố cáo): it stops, asks neutrally and keeps nothing."""

from __future__ import annotations

from dataclasses import replace

from db import audit
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from handlers import case_draft
from handlers.desk import Desk


def ask(desk: Desk, turn: Turn) -> list[Reply]:
    """Asks whether the person meant a denunciation; the words stay in memory only.

    A draft that already holds words is erased.  The question takes the place of an unsent review,
    whose words go with it.
    """
    erased = case_draft.erase(desk)
    no = f"denounce:no:{turn.key}" if turn.withheld else "denounce:no"
    choices = (
        (Choice("denunciation_no", no if len(no.encode()) <= 64 else "denounce:no"),),
        (Choice("denunciation_yes", "denounce:yes"),),
    )
    return [Reply("denunciation_ask", {"erased": erased}, choices, slot=case_draft.SLOT)]


def restored(desk: Desk, turn: Turn) -> Turn:
    """The withheld turn again, once the person said that it is none; unchanged if it is gone.

    ``withheld`` stays set, so that whoever goes on knows that the person was asked.
    """
    if not turn.pressed.startswith("denounce:no:"):
        return turn
    kept = desk.withheld(turn.pressed.removeprefix("denounce:no:"))
    return turn if kept is None else replace(kept, withheld=True)


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Shows the way of the law and counts one more who was shown it, or asks for the words again."""
    if arguments[:1] == ["mine"]:
        case_draft.of_token(desk, "".join(arguments[1:]))
        case_draft.erase(desk)
    if arguments[:1] in (["yes"], ["mine"]):
        audit.count_up(desk.conn, "denunciations_guided")
        return [Reply("denunciation_guide", edits=turn.message_id)]
    if arguments[:1] == ["no"]:
        if case_draft.current(desk) is None:
            case_draft.keep(desk, case_draft.fresh(cleared=True))
        return [Reply("denunciation_gone", edits=turn.message_id)]
    raise RuleError("button_gone")
