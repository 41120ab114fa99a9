"""The states of one-stop dossiers as the last file told them, by receipt number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, func, insert, or_, select, update

from db.models import dossiers
from domain.dossiers import COLUMNS, Dossier

TOLD = tuple(dossiers.c[name] for name in COLUMNS)


def put(conn: Connection, found: Iterable[Dossier], today: date) -> tuple[int, int, int]:
    """Takes a file's dossiers over and counts those that are new, changed and the same as before."""
    known = all_of(conn)
    new = changed = same = 0
    for each in found:
        before = known.get(each.number)
        if before is None:
            conn.execute(insert(dossiers).values(**asdict(each), seen_on=today))
            new += 1
            continue
        conn.execute(
            update(dossiers).where(dossiers.c.number == each.number).values(**asdict(each), seen_on=today)
        )
        changed += before != each
        same += before == each
    return new, changed, same


def all_of(conn: Connection) -> dict[str, Dossier]:
    """Every dossier by its number."""
    return {row.number: Dossier(**row._mapping) for row in conn.execute(select(*TOLD))}


def get(conn: Connection, number: str) -> tuple[Dossier, date] | None:
    """A dossier and the day on which a file last told of it."""
    row = conn.execute(select(dossiers).where(dossiers.c.number == number)).mappings().first()
    return (Dossier(**{name: row[name] for name in COLUMNS}), row["seen_on"]) if row else None


def last_seen(conn: Connection) -> date | None:
    """The day of the newest file; None if there never was one."""
    return conn.execute(select(func.max(dossiers.c.seen_on))).scalar()


def of_period(conn: Connection, first: date, last: date) -> list[Dossier]:
    """Those given back or due in a time."""
    back = dossiers.c.returned_on.between(first, last)
    query = select(*TOLD).where(or_(back, dossiers.c.due_on.between(first, last)))
    return [Dossier(**row._mapping) for row in conn.execute(query.order_by(dossiers.c.number))]
