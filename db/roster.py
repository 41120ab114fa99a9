"""Brings a list of people and posts into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from db import people as people_db
from db.models import memberships, people, units


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person's post as a roster names it; ``unit`` is a unit's code."""

    name: str
    address: str
    unit: str
    role: str
    position: str = ""


def add_rows(conn: Connection, rows: list[RosterRow], since: date, now: datetime) -> dict[str, int]:
    """Adds people and posts that are not there yet; returns each name's person id."""
    ids: dict[str, int] = {}
    for row in rows:
        person_id = (
            ids.get(row.name) or conn.execute(select(people.c.id).where(people.c.name == row.name)).scalar()
        )
        if person_id is None:
            person_id = people_db.add_person(conn, row.name, row.address, now)
        ids[row.name] = person_id
        unit_id = conn.execute(select(units.c.id).where(units.c.code == row.unit)).scalar_one()
        held = select(memberships.c.id).where(
            memberships.c.person_id == person_id,
            memberships.c.unit_id == unit_id,
            memberships.c.role == row.role,
            memberships.c.until.is_(None),
        )
        if conn.execute(held).first() is None:
            people_db.add_membership(conn, person_id, unit_id, row.role, row.position, since)
    return ids
