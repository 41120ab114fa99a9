"""The gate: the condition that every query of cases for an official carries.

Outputs that are nobody's in particular (a report for all, an export) use ``visible_to(None)``: what is
about an official or a unit is not in them.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_

from db.models import cases
from domain.people import LEADER, Person
from domain.sight import reads_all, sees_all


def visible_to(person: Person | None) -> ColumnElement[bool]:
    """The cases a person may see, as in ``domain.sight.may_see``; for None those that all officials may."""
    nobody = and_(cases.c.about_unit_id.is_(None), cases.c.about_person_id.is_(None))
    if person is None:
        return nobody
    if not person.is_official:
        return false()
    own = cases.c.unit_id.in_(person.unit_ids)
    unconcerned = and_(
        or_(cases.c.about_person_id.is_(None), cases.c.about_person_id != person.id),
        or_(cases.c.about_unit_id.is_(None), cases.c.about_unit_id.not_in(person.unit_ids)),
    )
    if person.has(LEADER):
        return unconcerned
    mine = and_(own, unconcerned)
    return or_(nobody, mine) if sees_all(person) else mine


def readable_by(person: Person | None) -> ColumnElement[bool]:
    """The cases a person may read out: at the counter more than those they may work on."""
    if person is not None and reads_all(person):
        return or_(visible_to(person), visible_to(None))
    return visible_to(person)
