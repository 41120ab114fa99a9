"""The gate: the condition that every query of cases for an official carries.

Outputs that are nobody's in particular (a report for all, an export) use ``visible_to(None)``: what is
about an official or a unit is not in them.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from db.models import case_recusals, case_team_members, case_teams, cases
from domain.cases import REMOVED
from domain.people import LEADER, Person
from domain.sight import reads_all, sees_all


def visible_to(person: Person | None) -> ColumnElement[bool]:
    """The cases a person may see, as in ``domain.sight.may_see``; for None those that all officials may.

    What was erased is nowhere, and nobody sees a case from which they stepped aside.
    """
    there = cases.c.state != REMOVED
    if person is None:
        return and_(there, *_nobody)
    if not person.is_official:
        return false()
    return and_(there, cases.c.id.not_in(_left_by(person)), _seen_by(person))


_nobody = (cases.c.about_unit_id.is_(None), cases.c.about_person_id.is_(None))


def _left_by(person: Person) -> Select[tuple[int]]:
    return select(case_recusals.c.case_id).where(case_recusals.c.person_id == person.id)


def _seen_by(person: Person) -> ColumnElement[bool]:
    nobody = and_(*_nobody)
    own = cases.c.unit_id.in_(person.unit_ids)
    unconcerned = _unconcerned(person)
    if person.has(LEADER):
        return unconcerned
    mine = and_(own, unconcerned)
    return or_(nobody, mine) if sees_all(person) else mine


def _unconcerned(person: Person) -> ColumnElement[bool]:
    return and_(
        or_(cases.c.about_person_id.is_(None), cases.c.about_person_id != person.id),
        or_(cases.c.about_unit_id.is_(None), cases.c.about_unit_id.not_in(person.unit_ids)),
    )


def visible_to_team(person: Person, team_id: int) -> ColumnElement[bool]:
    """The case of a verification team, for a member; never for whom it is about, nor who stepped aside."""
    mine = (
        select(case_teams.c.case_id)
        .join(case_team_members, case_team_members.c.team_id == case_teams.c.id)
        .where(case_teams.c.id == team_id, case_team_members.c.person_id == person.id)
    )
    aside = select(case_recusals.c.case_id).where(case_recusals.c.person_id == person.id)
    return and_(
        cases.c.state != REMOVED, cases.c.id.in_(mine), cases.c.id.not_in(aside), _unconcerned(person)
    )


def readable_by(person: Person | None) -> ColumnElement[bool]:
    """The cases a person may read out: at the counter more than those they may work on."""
    if person is not None and reads_all(person):
        return or_(visible_to(person), and_(visible_to(None), cases.c.id.not_in(_left_by(person))))
    return visible_to(person)
