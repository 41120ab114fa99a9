"""Group chats hear that there is something, never what: a code and an area (spec row 39).

An administrator gets a one-time code in private and says it in the group.  In a group the bot answers
every command with a pointer to the private chat and nothing else.
"""

from __future__ import annotations

import re

from db import audit, groups, outbox, people
from db.cases import Case
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.people import ADMIN, LEADER
from domain.sight import OPEN_NAME
from handlers.desk import Desk

_CODE = re.compile(r"\s*/nhom(?:@\w+)?\s+([2-9A-HJ-NP-Z]{8})\s*", re.IGNORECASE)


def manage(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/nhom: the groups there are; /nhom QLDT: a code for the unit's group."""
    if not rest:
        known = groups.registered(desk.conn)
        rows = tuple((Choice("group_drop", f"group:drop:{g.id}", {"unit": g.unit_name}),) for g in known)
        return [Reply("groups", {"units": [group.unit_name for group in known]}, rows)]
    unit = people.unit_by_code(desk.conn, rest.strip().upper())
    if unit is None:
        return [Reply("group_unit_unknown")] if turn.text.startswith("/") else None
    code = groups.offer(desk.conn, unit.id, desk.person.id, desk.now)
    return [Reply("group_code", {"unit": unit.name, "code": code})]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Bỏ nhóm]: it hears nothing more."""
    if not desk.person.has(ADMIN, LEADER) or len(arguments) != 2 or not arguments[1].isdigit():
        raise RuleError("button_gone")
    groups.drop(desk.conn, int(arguments[1]))
    audit.record(desk.conn, "group", int(arguments[1]), "dropped", desk.now, actor_id=desk.person.id)
    return [Reply("group_dropped", edits=turn.message_id)]


def heard(desk: Desk, turn: Turn) -> list[Reply]:
    """What is said in a group: a code registers it, any command is shown to the private chat."""
    match = _CODE.fullmatch(turn.text)
    found = groups.claim(desk.conn, desk.account.id, match[1], desk.now) if match else None
    if found is not None:
        person_id, unit = found
        audit.record(desk.conn, "person", person_id, "group_registered", desk.now, actor_id=person_id)
        account = people.account_of(desk.conn, person_id)
        if account is not None:
            outbox.post(desk.conn, account.id, Reply("group_registered", {"unit": unit}), desk.now)
    return [Reply("private_only", {})] if turn.text.startswith("/") else []


def point(desk: Desk, case: Case) -> None:
    """Says in the unit's groups that there is a new case; never for one that is sealed or about somebody."""
    if case.privacy != OPEN_NAME or case.about_unit_id is not None or case.about_person_id is not None:
        return
    known = {"code": case.code, "area": desk.committee.areas.name(case.area)}
    for account_id in groups.of_unit(desk.conn, case.unit_id):
        key = f"case:{case.id}:group:{account_id}"
        moment = desk.calendar.office_moment(desk.now)
        told = Reply("group_case_new", known, slot=_slot(case))
        outbox.post(desk.conn, account_id, told, desk.now, key=key, priority=outbox.REMINDER, due_at=moment)


def take_back(desk: Desk, case: Case) -> None:
    """A pointer that has not left yet stays here: the case is not the unit's any more."""
    for account_id in groups.of_unit(desk.conn, case.unit_id):
        outbox.withhold(desk.conn, account_id, _slot(case))


def _slot(case: Case) -> str:
    return f"case-group:{case.id}"
