"""The one way in which a case changes its state: the table of its track is asked, the event recorded."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from db import audit, cases, people, recusals
from db.cases import Case
from domain import case_states
from domain.case_states import CITIZEN, CLOCK, CLOSER, DUTY, HANDLER, HEAD, MEMBER, OFFICE, Move
from domain.case_states import LEADER as LEADS
from domain.cases import APPEALED, JOINED, OPEN, REOPENED
from domain.errors import RuleError
from domain.people import HEAD as HEADS
from domain.people import LEADER, Person
from domain.people import OFFICE as OFFICE_UNIT
from domain.sight import may_see
from handlers import case_waits
from handlers.desk import Desk


def roles(desk: Desk, case: Case, who: Person | None = None) -> frozenset[str]:
    """What somebody is to a case now; whoever sent it is nothing but that, from whatever account."""
    person = who or desk.person
    if _sent_it(desk, case, person):
        here = who is None and case.account_id == desk.account.id
        return frozenset((CITIZEN,)) if here else frozenset()
    if not may_see(case, person) or recusals.has(desk.conn, case.id, person.id):
        return frozenset()
    posts = [post for post in person.memberships if post.unit_id == case.unit_id]
    held = {
        MEMBER: bool(posts),
        DUTY: any(post.unit_code == desk.committee.routing.duty for post in posts),
        HEAD: case.unit_id in person.headed_unit_ids,
        OFFICE: any(post.unit_kind == OFFICE_UNIT and post.role == HEADS for post in person.memberships),
        LEADS: person.has(LEADER),
        HANDLER: case.handler_id == person.id,
        CLOSER: person.id in _closers(desk, case),
    }
    return frozenset(role for role, is_held in held.items() if is_held)


def can(desk: Desk, case: Case, action: str, who: Person | None = None) -> bool:
    """Whether somebody, by default who speaks, may do this now."""
    return allows(case, action, roles(desk, case, who))


def allows(case: Case, action: str, held: Collection[str]) -> bool:
    """Whether who has these roles may do this now."""
    return case_states.find(case.track, case.state, action, held) is not None


def can_by_clock(case: Case, action: str) -> bool:
    """Whether the time may do this now."""
    return case_states.find(case.track, case.state, action, (CLOCK,)) is not None


def is_known(case: Case, action: str) -> bool:
    """Whether anybody may do this with the case now."""
    return case_states.is_known(case.track, case.state, action)


def may_order(case: Case, held: frozenset[str]) -> bool:
    """Whether who has these roles may decide about an open case beside handling it."""
    return bool(held & {LEADS, HEAD, DUTY}) and (case.state in OPEN or case.state == JOINED)


def check(desk: Desk, case: Case, action: str) -> Move:
    """The line by which who speaks may do this now.

    Raises ``case_own``, ``case_state_changed``, ``case_taken_by`` or ``case_not_by_you``.
    """
    line = case_states.find(case.track, case.state, action, roles(desk, case))
    if line is not None:
        return line
    if not case_states.is_known(case.track, case.state, action):
        raise RuleError("case_state_changed", code=case.code)
    if _sent_it(desk, case, desk.person):
        raise RuleError("case_own", code=case.code)
    if case.handler_id not in (None, desk.person.id):
        handler = people.person(desk.conn, case.handler_id or 0, desk.today)
        raise RuleError("case_taken_by", code=case.code, handler=handler.called)
    raise RuleError("case_not_by_you")


def make(desk: Desk, case: Case, action: str, given: Collection[str] = (), **values: Any) -> Case:
    """Does it: changes the state and, with it, other columns, and records the event.

    ``given`` names the input there is (``reason``, ``words`` …); raises like :func:`check`.
    """
    line = check(desk, case, action)
    actor = None if CITIZEN in line.roles else desk.person.id
    return _made(desk, case, line, given, actor, values)


def make_by_pin(desk: Desk, case: Case, action: str, given: Collection[str] = (), **values: Any) -> Case:
    """The same by whoever knows code and PIN; raises ``case_state_changed``."""
    line = case_states.find(case.track, case.state, action, (CITIZEN,))
    if line is None:
        raise RuleError("case_state_changed", code=case.code)
    return _made(desk, case, line, given, None, values)


def make_by_clock(desk: Desk, case: Case, action: str, given: Collection[str] = (), **values: Any) -> Case:
    """The same because the time has come, or nobody is left to do it; raises ``case_state_changed``."""
    line = case_states.find(case.track, case.state, action, (CLOCK,))
    if line is None:
        raise RuleError("case_state_changed", code=case.code)
    return _made(desk, case, line, given, None, values)


def _made(
    desk: Desk, case: Case, line: Move, given: Collection[str], actor_id: int | None, values: dict[str, Any]
) -> Case:
    if lacking := line.lacks(given):
        raise ValueError(f"{line.action} lacks {lacking}")
    case = cases.move(desk.conn, case, line, **values)
    audit.record(
        desk.conn,
        "case",
        case.id,
        line.event,
        desk.now,
        actor_id=actor_id,
        state=case.state,
        unit_id=case.unit_id,
        due_on=case.due_on,
    )
    if line.to:
        case_waits.begin(desk, case)
    return case


def _closers(desk: Desk, case: Case) -> set[int | None]:
    """Who gave an answer or let one stand; they do not judge it."""
    said = cases.authors(desk.conn, case.id, "answer", "kept") if case.state in (REOPENED, APPEALED) else []
    return {case.answered_by, *said}


def _sent_it(desk: Desk, case: Case, person: Person) -> bool:
    return case.account_id is not None and people.owner_of(desk.conn, case.account_id) == person.id
