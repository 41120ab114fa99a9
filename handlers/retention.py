"""/luutru: matters whose time is nearly over, and holding one back for an inspection or a court (legal hold).

What is held back stays whole until somebody lets it go; who, when and why is kept with it.
"""

from __future__ import annotations

from db import audit, cases
from db import retention as retention_db
from db.retention import Kept
from domain.calendar import DAY
from domain.cases import OVER
from domain.chat import Choice, Reply, Turn
from domain.codes import code_in
from domain.errors import RuleError
from domain.people import ADMIN, HEAD, LEADER
from handlers.desk import Desk

SHORTEST_REASON, LONGEST_REASON = 5, 200
SHOWN, MOST_HELD = 10, 5


def run(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """Lists what is near its end; with a code and a reason holds that matter back.

    None when the words were no command but a sentence that begins like it.
    """
    named = code_in(turn.text)
    if rest and named is None and not turn.text.startswith("/"):
        return None
    if not desk.person.has(HEAD, LEADER, ADMIN):
        return [Reply("retention_not_for_you")]
    if not rest:
        return [_page(desk)]
    return [_held(desk, *named) if named else Reply("retention_how")]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Xem], or [Thôi giữ] of one that is held back; rights are looked up anew."""
    if not desk.person.has(HEAD, LEADER, ADMIN):
        raise RuleError("button_gone")
    match arguments:
        case ["list"]:
            return [_page(desk)]
        case ["drop", number] if number.isdecimal():
            case = cases.access_case(desk.conn, int(number), acting=desk.person)
            if not _may(desk, case.unit_id) or not retention_db.is_held(desk.conn, case.id):
                raise RuleError("button_gone")
            retention_db.release(desk.conn, case.id)
            audit.record(desk.conn, "case", case.id, "hold_ended", desk.now, actor_id=desk.person.id)
            return [Reply("retention_released", {"code": case.code}, edits=turn.message_id)]
    raise RuleError("button_gone")


def _page(desk: Desk) -> Reply:
    near = retention_db.kept(desk.conn, desk.person, held=False, most=SHOWN + 1)
    held = retention_db.kept(desk.conn, desk.person, held=True, most=MOST_HELD)
    facts = {
        "near": [_line(desk, each) for each in near[:SHOWN]],
        "more": len(near) > SHOWN,
        "held": [_line(desk, each) for each in held],
    }
    rows = tuple((Choice("retention_drop", f"keep:drop:{each.id}", {"code": each.code}),) for each in held)
    return Reply("retention_page", facts, rows)


def _held(desk: Desk, code: str, reason: str) -> Reply:
    case = cases.seen_by_code(desk.conn, code, desk.person)
    if case is None or not _may(desk, case.unit_id):
        raise RuleError("not_found")
    if case.emptied_on is not None:
        return Reply("retention_too_late", {"code": code, "on": case.emptied_on})
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return Reply("retention_reason", {"code": code})
    retention_db.hold(desk.conn, case.id, desk.person.id, reason, desk.now)
    audit.record(desk.conn, "case", case.id, "held_back", desk.now, actor_id=desk.person.id)
    return Reply("retention_held", {"code": code, "over": case.state in OVER})


def _may(desk: Desk, unit_id: int) -> bool:
    return desk.person.has(LEADER, ADMIN) or unit_id in desk.person.headed_unit_ids


def _line(desk: Desk, each: Kept) -> dict[str, object]:
    told = each.warned_at
    days = desk.committee.retention.warn_days
    return {
        "code": each.code,
        "kind": desk.committee.category_names.get(each.category, ""),
        "on": desk.calendar.today(told + days * DAY) if told else None,
        "reason": each.reason,
    }
