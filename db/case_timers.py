"""What a case waits for: rows with a moment, taken once it has come; setting one again moves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from db.models import case_timers

ACCEPT = "accept"  # somebody of the unit takes it, or it returns to the duty officer
LATE = "late"  # the promised day is over
QUESTION = "question"  # the citizen is asked again: half of the time is over, or the last day has come
SILENT = "silent"  # the time for the answer is over
EXTENSION = "extension"  # a superior decides about a later day
REVIEW = "review"  # a superior decides about a "chưa ổn"
REMIND = "remind"  # the citizen is asked once more whether all is well
VERIFY = "verify"  # leaders decide whether a team is formed that was proposed
VERIFY_WEEKLY = "verify_week"  # … and did not: the chairman hears once a week
TEAM = "team"  # a verification team has its day, and then is late
EXPIRE = "expire"  # nobody said whether the citizen came to the reception
LAPSE = "lapse"  # the citizen said nothing about the answer


def put(conn: Connection, case_id: int, kind: str, due_at: datetime) -> None:
    """Sets a timer of a case, or moves it."""
    clear(conn, case_id, kind)
    conn.execute(insert(case_timers).values(case_id=case_id, kind=kind, due_at=due_at))


def replace(conn: Connection, case_id: int, moments: Mapping[str, datetime]) -> None:
    """Sets a case's timers to these alone."""
    clear(conn, case_id)
    rows = [{"case_id": case_id, "kind": kind, "due_at": due_at} for kind, due_at in moments.items()]
    if rows:
        conn.execute(insert(case_timers), rows)


def clear(conn: Connection, case_id: int, *kinds: str) -> None:
    """Ends timers of a case that have nothing to wait for any more; all of them when no kind is named."""
    mine = case_timers.c.case_id == case_id
    conn.execute(delete(case_timers).where(mine & case_timers.c.kind.in_(kinds) if kinds else mine))


def moments(conn: Connection, case_id: int, *kinds: str) -> dict[str, datetime]:
    """When those of some timers of a case fall due that are set."""
    mine = (case_timers.c.case_id == case_id) & case_timers.c.kind.in_(kinds)
    rows = conn.execute(select(case_timers.c.kind, case_timers.c.due_at).where(mine))
    return {row.kind: row.due_at for row in rows}


def take_due(conn: Connection, now: datetime) -> list[tuple[int, str]]:
    """The case and kind of timers whose moment has come, in the order of time; they end with this."""
    taken = delete(case_timers).where(case_timers.c.due_at <= now).returning(*case_timers.c)
    rows = conn.execute(taken).all()
    return [(row.case_id, row.kind) for row in sorted(rows, key=lambda row: (row.due_at, row.case_id))]


def next_due(conn: Connection) -> datetime | None:
    """When the next timer falls due."""
    return conn.execute(select(func.min(case_timers.c.due_at))).scalar()
