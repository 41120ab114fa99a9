"""A matter about an official or a unit: set apart from them, told to those who may handle it."""

from __future__ import annotations

from dataclasses import dataclass

from db import cases, people, recusals, staff
from db.people import Unit
from domain.about import official_named, unit_named
from domain.cases import RECEIVED
from domain.chat import Choice, Reply, Turn, few
from domain.committee import Category
from domain.errors import RuleError
from domain.people import COMMITTEE, ISO_UNIT
from domain.sight import may_see
from handlers import case_cards, case_moves, case_units, groups
from handlers.desk import Desk

WHOLE_UNIT = 0


@dataclass(frozen=True, slots=True)
class About:
    """Whom a case is about, and the unit that may handle it."""

    unit_id: int
    about_unit_id: int | None = None
    about_person_id: int | None = None


def named_in(desk: Desk, category: Category, text: str) -> About | None:
    """Whom the words of a new matter name, if its kind is about officials; None for any other."""
    if not category.about_staff:
        return None
    members = staff.members(desk.conn, desk.today)
    person = official_named(text, {member.id: member.name for member in members})
    if person is not None:
        code = next(member.unit for member in members if member.id == person)
        return _apart(desk, _unit(desk, code), person)
    units = [unit for unit in people.all_units(desk.conn) if unit.kind != COMMITTEE]
    names = {unit.code: (unit.name, *desk.committee.aliases.get(unit.code, ())) for unit in units}
    code_named = unit_named(text, names)
    return _apart(desk, _unit(desk, code_named), None) if code_named else None


def receiving_unit(desk: Desk, about_unit_id: int | None, about_person_id: int | None) -> Unit:
    """The first of the committee's ``conflict_units`` in which somebody unconcerned can be reached."""
    units = [unit for code in desk.committee.conflict_units if (unit := people.unit_by_code(desk.conn, code))]
    units = [unit for unit in units if unit.id != about_unit_id] or people.all_units(desk.conn)[:1]
    for unit in units:
        matter = About(unit.id, about_unit_id, about_person_id)
        for person_id in people.members(desk.conn, unit.id, desk.today):
            person = people.person(desk.conn, person_id, desk.today)
            if may_see(matter, person) and people.account_of(desk.conn, person_id) is not None:
                return unit
    return units[0]


def ask(desk: Desk, turn: Turn, case_id: int, page: str = "") -> list[Reply]:
    """[Về cán bộ, đơn vị]: those the words name and the unit that has it first, then the others."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "set_apart")
    found = [unit for unit in people.all_units(desk.conn) if unit.kind != ISO_UNIT]
    own = [unit for unit in found if unit.id == case.unit_id]
    first = [unit for unit in case_units.likely(desk, case, found) if unit.id != case.unit_id]
    units = list(dict.fromkeys([*first[:1], *own, *first, *found]))
    choices = [
        Choice("case_unit", f"case:abunit:{case.id}:{unit.code}", {"name": unit.name}) for unit in units
    ]
    more = f"case:abouts:{case.id}"
    shown = few(choices, page, lambda n: f"{more}:{n}", a_page=4, label="case_units_more")
    rows = (*shown, (Choice("case_back", f"case:card:{case.id}"),))
    return [Reply("case_about_ask", {"code": case.code}, rows, edits=turn.message_id)]


def ask_who(desk: Desk, turn: Turn, case_id: int, code: str) -> list[Reply]:
    """The whole unit, or one of its people; the committee itself is never set apart from itself."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "set_apart")
    unit_code, _, page = code.partition(".")
    unit = _unit(desk, unit_code)
    verb = f"case:abset:{case.id}:{unit.code}"
    choices = [
        Choice("case_about_person", f"{verb}.{member.id}", {"name": member.name, "position": member.position})
        for member in {m.id: m for m in staff.members(desk.conn, desk.today, unit.code)}.values()
    ]
    if unit.kind != COMMITTEE:
        choices.insert(0, Choice("case_about_unit", f"{verb}.{WHOLE_UNIT}", {"name": unit.name}))
    more = f"case:abunit:{case.id}:{unit.code}"
    rows = few(choices, page, lambda n: f"{more}.{n}", a_page=4, label="case_people_more")
    back = (Choice("case_back", f"case:card:{case.id}"),)
    known = {"code": case.code, "unit": unit.name}
    return [Reply("case_about_who", known, (*rows, back), edits=turn.message_id)]


def mark(desk: Desk, turn: Turn, case_id: int, who: str) -> list[Reply]:
    """Sets the case apart: it leaves every list of those it is about, and goes to those who may handle it."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    code, _, number = who.partition(".")
    unit = _unit(desk, code)
    person = int(number) if number.isdigit() and number != str(WHOLE_UNIT) else None
    if person is None and unit.kind == COMMITTEE:
        raise RuleError("button_gone")
    if person is not None and person not in people.members(desk.conn, unit.id, desk.today):
        raise RuleError("button_gone")
    about = _apart(desk, unit, person)
    before = case
    case = case_moves.make(
        desk,
        case,
        "set_apart",
        ("about",),
        unit_id=about.unit_id,
        about_unit_id=about.about_unit_id,
        about_person_id=about.about_person_id,
        handler_id=None,
        proposed_id=None,
    )
    case_cards.update_cards(desk, case, before=before)
    groups.take_back(desk, before)
    case_cards.tell_unit(desk, case)
    case_cards.tell_citizen(desk, case, "case_news_moved")
    return [Reply("case_about_done", {"code": case.code}, edits=turn.message_id)]


def recuse(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Xin rút]: whoever has a stake in it steps aside for good; others of the unit take it, or leaders."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case = case_moves.make(desk, case, "recuse", handler_id=None)
    recusals.add(desk.conn, case.id, desk.person.id, desk.now)
    case_cards.update_cards(desk, case)
    case_cards.tell_unit(desk, case)
    assert case.state == RECEIVED
    return [Reply("case_recused", {"code": case.code}, edits=turn.message_id)]


def _apart(desk: Desk, unit: Unit, person: int | None) -> About:
    about_unit = None if unit.kind == COMMITTEE else unit.id
    return About(receiving_unit(desk, about_unit, person).id, about_unit, person)


def _unit(desk: Desk, code: str) -> Unit:
    unit = people.unit_by_code(desk.conn, code)
    if unit is None:
        raise RuleError("button_gone")
    return unit
