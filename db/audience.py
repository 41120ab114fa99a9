"""Whom a ladder's words name, in the tree of units."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from db import leave, people
from domain.people import COMMITTEE, HEAD, INSPECTION_LEAD, LEADER, OFFICE


def named(conn: Connection, who: str, unit_id: int, assignee_id: int | None, today: date) -> list[int]:
    """The people whom a word means for a thing of a unit that one person holds; none if nobody fits."""
    if who == "assignee":
        return [assignee_id] if assignee_id else []
    if who == "head":
        return head(conn, unit_id, today)
    if who == "leader":
        return people.holders(conn, LEADER, today)[:1]
    if who in ("inspection_lead", "inspectors"):
        leads = people.holders(conn, INSPECTION_LEAD, today)
        leaders = people.holders(conn, LEADER, today) if who == "inspectors" or not leads else []
        return list(dict.fromkeys(leads + leaders))
    return office_heads(conn, today)


def head(conn: Connection, unit_id: int, today: date) -> list[int]:
    """The head of a unit; where there is none, of the nearest unit above, else of the office."""
    at: people.Unit | None = people.unit(conn, unit_id)
    while at is not None and at.kind != COMMITTEE:
        if found := people.members(conn, at.id, today, HEAD)[:1]:
            return found
        at = people.unit(conn, at.parent_id) if at.parent_id else None
    return office_heads(conn, today)


def office_heads(conn: Connection, today: date) -> list[int]:
    """The heads of the committee's office."""
    offices = [unit.id for unit in people.all_units(conn) if unit.kind == OFFICE]
    return [person for office in offices for person in people.members(conn, office, today, HEAD)]


def instead(
    conn: Connection,
    person_id: int,
    unit_id: int,
    today: date,
    *,
    above: list[int] | None = None,
    never: Collection[int | None] = (),
) -> int | None:
    """Who hears in a person's place: the deputy of a leave, else the nearest one above; None if nobody can.

    For one above who is away too their own deputy hears, before anybody further above.
    ``above`` are those who may decide, where it is about a decision, and ``never`` those who may not.
    Whoever is away or cannot be reached is passed over.
    """
    if above is None:
        above = people.superiors(conn, person_id, unit_id, today)
        if not people.person(conn, person_id, today).is_official:
            above = head(conn, unit_id, today) + above
    for each in (person_id, *above):
        away = leave.on(conn, each, today)
        for one in (each, away.deputy_id if away else None):
            if one is not None and one not in (person_id, *never) and is_here(conn, one, today):
                return one
    return None


def stand_in(conn: Connection, person_id: int, today: date) -> int | None:
    """Who does the work of a person on leave; None for a person who is not."""
    if leave.on(conn, person_id, today) is None:
        return None
    posts = people.person(conn, person_id, today).memberships
    return instead(conn, person_id, posts[0].unit_id, today) if posts else None


def absent_of(conn: Connection, person_id: int, today: date) -> list[int]:
    """The people on leave whose work a person does."""
    return [one for one in leave.away(conn, today) if stand_in(conn, one, today) == person_id]


def acts_for(conn: Connection, person_id: int, holder_id: int | None, today: date) -> bool:
    """Whether a person answers for what a holder has: it is theirs, or the holder is away."""
    if holder_id is None or holder_id == person_id:
        return holder_id == person_id
    return stand_in(conn, holder_id, today) == person_id


def is_here(conn: Connection, person_id: int, today: date) -> bool:
    """Whether a person holds a post, is not on leave and can be reached."""
    return (
        people.person(conn, person_id, today).is_official
        and leave.on(conn, person_id, today) is None
        and people.account_of(conn, person_id) is not None
    )
