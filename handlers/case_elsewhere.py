"""A place on a neighbour's ground: the right authority is named, nothing is kept unless that is wanted."""

from __future__ import annotations

from domain.cases import Draft, area_found
from domain.chat import Choice, Reply
from domain.tracks import TRACKS
from handlers import case_draft
from handlers.desk import Desk


def offer(desk: Desk, draft: Draft) -> Reply | None:
    """Asks once whether a matter belongs to a neighbour; None where it does not, or an emergency waits."""
    found = area_found(desk.committee.areas, draft).elsewhere
    if found is None or draft.here or draft.warned or not TRACKS[draft.track].asks_place:
        return None
    rows = (
        (Choice("case_elsewhere_yes", f"case:away:{draft.token}", {"name": found.name}),),
        (Choice("case_elsewhere_no", f"case:here:{draft.token}"),),
    )
    return Reply(
        "case_elsewhere",
        {"name": found.name, "contact": found.contact},
        rows,
        edits=case_draft.shown_in(desk, draft),
        slot=case_draft.SLOT,
        wait=1,
        card={"draft": draft.token},
    )


def away(desk: Desk, draft: Draft, shown_in: str) -> list[Reply]:
    """It is the neighbour's: whom to turn to; the draft and its files are erased."""
    found = area_found(desk.committee.areas, draft).elsewhere
    case_draft.erase(desk)
    contact = found.contact if found else ""
    return [Reply("case_elsewhere_told", {"contact": contact}, edits=shown_in, slot=case_draft.SLOT)]
