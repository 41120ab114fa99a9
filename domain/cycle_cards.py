"""How turns of standing rows stand on a card: one line for all of a kind, one button to answer them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.chat import Choice
from domain.cycles import Cycle

_PERIOD = re.compile(r"(\d{4})-(?:q(\d)|W(\d\d)|(\d\d))")


def facts(
    cycles: Sequence[Cycle], viewer_id: int, today: date, figures: Mapping[str, int] | None
) -> dict[str, Any]:
    """What the line says: the viewer's own turns, or the units that are silent."""
    left = [cycle for cycle in cycles if cycle.is_open]
    shown = left or list(cycles)
    return {
        "line": "cycles",
        "kind": shown[0].sort,
        "own": all(cycle.assignee_id == viewer_id for cycle in cycles),
        "left": len(left),
        "title": shown[0].title,
        "due_on": min(cycle.due_on for cycle in shown),
        "late": min(cycle.due_on for cycle in shown) < today,
        "last_day": min(cycle.due_on for cycle in shown) == today,
        "period": period_facts(shown[0].period),
        "mixed": len({cycle.period for cycle in shown}) > 1,
        "units": list(dict.fromkeys(cycle.unit_name for cycle in left)),
        "figures": dict(figures or {}),
    }


def choices(cycles: Sequence[Cycle], viewer_id: int, n: int, deputy_id: int | None) -> list[list[Choice]]:
    """[Báo ②], where something is left to say by the holder or, ``deputy_id``, by who stands in."""
    if any(cycle.is_open and viewer_id in (cycle.assignee_id, deputy_id) for cycle in cycles):
        return [[Choice("cycle_answer", f"cycle:list:{cycles[0].sort}", {"n": n})]]
    return []


def period_facts(period: str) -> dict[str, Any]:
    """A period's key for words: ``kind``, ``n`` and ``year``."""
    match = _PERIOD.fullmatch(period)
    assert match is not None, period
    quarter, week, month = match[2], match[3], match[4]
    kind = "quarter" if quarter else "week" if week else "month"
    return {"kind": kind, "n": int(quarter or week or month), "year": int(match[1])}
