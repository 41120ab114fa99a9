"""Changed rules of routing: somebody is asked what waits and would go elsewhere now; none moves by itself.

``features-citizen.md``, row 27.  Only what nobody has taken, handed on or sent back yet is asked about.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from db import audience, outbox, people, rerouting
from db import calendar as calendar_db
from db.cases import Case
from db.people import Unit
from domain.chat import Choice, Reply, Turn
from domain.committee import Committee
from domain.errors import RuleError
from domain.people import LEADER, Person
from domain.routing import Matter
from handlers import case_cards, case_moves
from handlers.desk import Desk, of_nobody

FILES = frozenset({"routing.toml", "committee.toml", "areas.toml"})
"""What decides where a matter goes."""
SHOWN = 4


def ask(conn: Connection, changed: Collection[str], now: datetime, committee: Committee) -> None:
    """Asks whoever may move matters, the head of the office first, about what waits in the wrong place."""
    if FILES.isdisjoint(changed):
        return
    desk = of_nobody(conn, now, committee, calendar_db.load(conn, committee.zone))
    might = [*audience.office_heads(conn, desk.today), *people.holders(conn, LEADER, desk.today)]
    for person_id, account_id in case_cards.reachable(desk, might):
        found = _elsewhere(desk, people.person(conn, person_id, desk.today))
        if found:
            lines = [{"code": case.code, "unit": unit.name} for case, unit in found]
            known = {"count": len(lines), "lines": lines[:SHOWN]}
            yes = Choice("reroute_yes", "reroute:all", {"count": len(lines)})
            asked = Reply("reroute_ask", known, ((yes, Choice("reroute_no", "reroute:keep")),))
            due_at = desk.calendar.office_moment(now)
            outbox.post(conn, account_id, asked, now, priority=outbox.ESCALATION, due_at=due_at)
            return


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Chuyển] or [Giữ nguyên]; what was taken or moved meanwhile stays where it is."""
    found = _elsewhere(desk, desk.person)
    if arguments == ["keep"]:
        return [Reply("reroute_kept", edits=turn.message_id)]
    if arguments != ["all"] or not found:
        raise RuleError("button_gone")
    for before, unit in found:
        values = {"unit_id": unit.id, "handler_id": None, "proposed_id": None}
        case = case_moves.make(desk, before, "move", ("unit",), **values)
        case_cards.update_cards(desk, case, before=before)
        case_cards.tell_unit(desk, case)
        case_cards.tell_citizen(desk, case, "case_news_moved")
    return [Reply("reroute_done", {"count": len(found)}, edits=turn.message_id)]


def _elsewhere(desk: Desk, viewer: Person) -> list[tuple[Case, Unit]]:
    """What this person may move and the rules send elsewhere now, and where."""
    found = []
    for case in rerouting.untouched(desk.conn, viewer):
        unit = _unit(desk, case)
        if unit.id != case.unit_id and case_moves.can(desk, case, "move", viewer):
            found.append((case, unit))
    return found


def _unit(desk: Desk, case: Case) -> Unit:
    category = case_cards.category(desk, case)
    at = case.received_at.astimezone(desk.calendar.zone).time()
    areas = desk.committee.areas.chain(case.area)
    matter = Matter(category.code, category.unit, f"{case.words}\n{case.place}", at, areas)
    return case_cards.answering_unit(desk, desk.committee.routing.route(matter).unit)
