"""Meets what may be a denunciation (tố cáo): it stops, asks neutrally and keeps nothing."""

from __future__ import annotations

from db import audit
from domain.chat import Choice, Reply, Turn
from handlers import cases
from handlers.desk import Desk


def ask(desk: Desk, turn: Turn) -> list[Reply]:
    """Asks whether the person meant a denunciation; the words stay in memory only."""
    return [
        Reply(
            "denunciation_ask",
            {},
            (
                (Choice("denunciation_no", f"denounce:no:{turn.key}"[:64]),),
                (Choice("denunciation_yes", "denounce:yes"),),
            ),
        )
    ]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Goes on with a report, or shows the way of the law and counts one more that was shown it."""
    if arguments[:1] == ["yes"]:
        audit.count_up(desk.conn, "denunciations_guided")
        return [Reply("denunciation_guide", {})]
    return cases.free_text(desk, turn)
