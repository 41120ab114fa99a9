"""The roster as the person who keeps it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, or_, select, update

from db.models import accounts, memberships, people, units


@dataclass(frozen=True, slots=True)
class Member:
    """A post held today; ``channels`` are those by which the person can be reached."""

    id: int
    name: str
    unit: str
    unit_name: str
    role: str
    position: str
    channels: tuple[str, ...]


def members(conn: Connection, today: date, unit: str = "") -> list[Member]:
    """Every post held on a day, in the order of units and of the roster."""
    query = (
        select(people.c.id, people.c.name, units.c.code, units.c.name.label("unit_name"), memberships)
        .join(memberships, memberships.c.person_id == people.c.id)
        .join(units, units.c.id == memberships.c.unit_id)
        .where(memberships.c.since <= today, or_(memberships.c.until.is_(None), memberships.c.until >= today))
        .order_by(units.c.id, memberships.c.id)
    )
    if unit:
        query = query.where(units.c.code == unit)
    reached: dict[int, list[str]] = {}
    live = select(accounts.c.person_id, accounts.c.channel).where(accounts.c.dead_since.is_(None))
    for row in conn.execute(live.order_by(accounts.c.id)):
        reached.setdefault(row.person_id, []).append(row.channel)
    return [
        Member(r[0], r[1], r.code, r.unit_name, r.role, r.position, tuple(reached.get(r[0], ())))
        for r in conn.execute(query)
    ]


def known_names(conn: Connection) -> set[str]:
    """The names of everybody who was ever on the roster."""
    held = select(people.c.name).join(memberships, memberships.c.person_id == people.c.id)
    return set(conn.execute(held).scalars())


def end_posts(conn: Connection, person_id: int, last_day: date) -> int:
    """Ends every open post of a person after ``last_day`` and returns how many; nothing is deleted."""
    held = (
        memberships.c.person_id == person_id,
        or_(memberships.c.until.is_(None), memberships.c.until > last_day),
    )
    begun = update(memberships).where(*held, memberships.c.since <= last_day).values(until=last_day)
    # A post that had not begun yet ends the day before it would have.
    ahead = conn.execute(select(memberships.c.id, memberships.c.since).where(*held)).all()
    ended = conn.execute(begun).rowcount
    for row in ahead:
        if row.since > last_day:
            before = row.since - timedelta(days=1)
            conn.execute(update(memberships).where(memberships.c.id == row.id).values(until=before))
            ended += 1
    return ended
