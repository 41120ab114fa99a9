"""Rungs of reminder ladders: one row a subject, person, rung, period and schedule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from db.models import outbox, rungs, tasks


@dataclass(frozen=True, slots=True)
class Due:
    """A rung whose time has come."""

    id: int
    subject: str
    subject_id: int
    person_id: int
    rung: str
    schedule: int
    due_at: datetime
    period: str = ""


def add(
    conn: Connection,
    subject: str,
    subject_id: int,
    person_id: int,
    rung: str,
    due_at: datetime,
    *,
    period: str = "",
    schedule: int = 1,
    state: str = "pending",
) -> bool:
    """Lays a rung; False if it was laid before."""
    same = select(rungs.c.id).where(
        rungs.c.subject == subject,
        rungs.c.subject_id == subject_id,
        rungs.c.person_id == person_id,
        rungs.c.rung == rung,
        rungs.c.period == period,
        rungs.c.schedule == schedule,
    )
    if conn.execute(same).first():
        return False
    conn.execute(
        insert(rungs).values(
            subject=subject,
            subject_id=subject_id,
            person_id=person_id,
            rung=rung,
            period=period,
            schedule=schedule,
            due_at=due_at,
            state=state,
        )
    )
    return True


def due(conn: Connection, now: datetime) -> list[Due]:
    """The pending rungs whose time has come, in the order of time."""
    query = select(rungs).where(rungs.c.state == "pending", rungs.c.due_at <= now)
    rows = conn.execute(query.order_by(rungs.c.due_at, rungs.c.id)).all()
    return [_due(row) for row in rows]


def gathering(conn: Connection, person_id: int, until: datetime) -> list[Due]:
    """The decisions that come to a person up to ``until``, so that a burst makes one card."""
    query = select(rungs).where(
        rungs.c.state == "pending",
        rungs.c.person_id == person_id,
        rungs.c.rung == "ask",
        rungs.c.due_at <= until,
    )
    rows = conn.execute(query.order_by(rungs.c.id)).all()
    return [_due(row) for row in rows]


def lost(conn: Connection) -> list[Due]:
    """The rungs that were told by a message which never arrived."""
    query = (
        select(rungs)
        .join(outbox, outbox.c.id == rungs.c.outbox_id)
        .where(outbox.c.state.in_(("failed", "unreachable", "held")), rungs.c.state.in_(("told", "merged")))
    )
    return [_due(row) for row in conn.execute(query.order_by(rungs.c.due_at, rungs.c.id)).all()]


def next_due(conn: Connection) -> datetime | None:
    """When the next pending rung falls due."""
    return conn.execute(select(func.min(rungs.c.due_at)).where(rungs.c.state == "pending")).scalar()


def end(conn: Connection, ids: Iterable[int], state: str, outbox_id: int | None = None) -> None:
    """Ends rungs: ``told``, ``merged`` into a higher one, ``superseded``, ``dropped`` or ``unreachable``."""
    conn.execute(update(rungs).where(rungs.c.id.in_(list(ids))).values(state=state, outbox_id=outbox_id))


def supersede(conn: Connection, subject: str, subject_id: int) -> None:
    """Ends the pending rungs of a subject that changed or is done."""
    conn.execute(
        update(rungs)
        .where(rungs.c.subject == subject, rungs.c.subject_id == subject_id, rungs.c.state == "pending")
        .values(state="superseded")
    )


def postpone(conn: Connection, rung_id: int, due_at: datetime) -> None:
    """Lets a rung wait for its person to come back."""
    conn.execute(update(rungs).where(rungs.c.id == rung_id).values(due_at=due_at))


def recall(conn: Connection, person_id: int, back: datetime, now: datetime) -> None:
    """Brings at once the copies that wait for somebody's return on ``back``, who is back before.

    They are those that somebody else was given meanwhile.
    """
    given = rungs.alias("given")
    key = ("subject", "subject_id", "rung", "period", "schedule")
    passed = [given.c[name] == rungs.c[name] for name in key]
    theirs = select(given.c.id).where(*passed, given.c.person_id != person_id, given.c.due_at < back).exists()
    mine = (rungs.c.person_id == person_id) & (rungs.c.state == "pending") & (rungs.c.due_at == back)
    conn.execute(update(rungs).where(mine, theirs).values(due_at=now))


def reopen(conn: Connection, outbox_id: int) -> None:
    """Makes the rungs of a message that was not sent in time pending again."""
    conn.execute(update(rungs).where(rungs.c.outbox_id == outbox_id).values(state="pending", outbox_id=None))


def reopen_before(conn: Connection, moment: datetime) -> None:
    """Takes back cards of before a moment that nobody tried to send; their rungs are pending again."""
    query = select(outbox.c.id).where(
        outbox.c.state == "waiting",
        outbox.c.attempts == 0,
        outbox.c.created_at < moment,
        outbox.c.id.in_(select(rungs.c.outbox_id).where(rungs.c.outbox_id.is_not(None))),
    )
    for outbox_id in conn.execute(query).scalars().all():
        reopen(conn, outbox_id)
        conn.execute(update(outbox).where(outbox.c.id == outbox_id).values(state="replaced", reply=None))


def carry_over(conn: Connection, task_id: int, schedule: int, names: Iterable[str]) -> None:
    """Lays the rungs of these names that a new schedule ended once more, at the moments they had."""
    ladder = [rungs.c.subject == "task", rungs.c.subject_id == task_id, rungs.c.rung.in_(list(names))]
    last = select(func.max(rungs.c.schedule)).where(*ladder, rungs.c.schedule < schedule).scalar_subquery()
    ended = select(rungs).where(*ladder, rungs.c.schedule == last, rungs.c.state == "superseded")
    for row in conn.execute(ended.order_by(rungs.c.id)).all():
        add(
            conn, "task", task_id, row.person_id, row.rung, row.due_at, period=row.period, schedule=schedule
        )  # fmt: skip


def exist(conn: Connection, subject: str, subject_id: int, *names: str) -> bool:
    """Whether a subject has rungs (of these names, if any are given)."""
    query = select(rungs.c.id).where(rungs.c.subject == subject, rungs.c.subject_id == subject_id)
    if names:
        query = query.where(rungs.c.rung.in_(names))
    return conn.execute(query.limit(1)).first() is not None


def told(conn: Connection, subject: str, subject_id: int, person_id: int) -> bool:
    """Whether a person was told of a subject."""
    query = select(rungs.c.id).where(
        rungs.c.subject == subject,
        rungs.c.subject_id == subject_id,
        rungs.c.person_id == person_id,
        rungs.c.state == "told",
    )
    return conn.execute(query.limit(1)).first() is not None


def heard(conn: Connection, subject: str, subject_id: int, person_id: int) -> bool:
    """Whether a person was told of a subject, be it within a line that names several."""
    query = select(rungs.c.id).where(
        rungs.c.subject == subject,
        rungs.c.subject_id == subject_id,
        rungs.c.person_id == person_id,
        rungs.c.state.in_(("told", "merged")),
    )
    return conn.execute(query.limit(1)).first() is not None


def watch(conn: Connection, task_id: int, person_id: int, stale_at: datetime) -> None:
    """Looks after a task's progress at ``stale_at``, and no more at the moment set before."""
    conn.execute(
        update(rungs)
        .where(rungs.c.subject == "task", rungs.c.subject_id == task_id, rungs.c.rung == "stale")
        .where(rungs.c.state == "pending")
        .values(state="superseded")
    )
    schedule = conn.execute(select(tasks.c.schedule).where(tasks.c.id == task_id)).scalar_one()
    period = stale_at.date().isoformat()
    add(conn, "task", task_id, person_id, "stale", stale_at, period=period, schedule=schedule)


def snoozes(conn: Connection, task_id: int, person_id: int, schedule: int) -> list[str]:
    """For which rungs a person had a task shown again later, each with its number: "T-3/1"."""
    query = select(rungs.c.period).where(
        rungs.c.subject == "task",
        rungs.c.subject_id == task_id,
        rungs.c.person_id == person_id,
        rungs.c.schedule == schedule,
        rungs.c.rung == "snooze",
    )
    return list(conn.execute(query.order_by(rungs.c.id)).scalars())


def was_given(conn: Connection, task_id: int, person_id: int) -> bool:
    """Whether a task was already handed to a person."""
    query = select(rungs.c.id).where(
        rungs.c.subject == "task",
        rungs.c.subject_id == task_id,
        rungs.c.person_id == person_id,
        rungs.c.rung == "given",
    )
    return conn.execute(query.limit(1)).first() is not None


def of_subjects(conn: Connection, subject: str, ids: Iterable[int]) -> set[tuple[int, str, int]]:
    """Which rungs subjects have: each subject's id with the periods and schedules laid for it."""
    query = select(rungs.c.subject_id, rungs.c.period, rungs.c.schedule).distinct()
    rows = conn.execute(query.where(rungs.c.subject == subject, rungs.c.subject_id.in_(list(ids)))).all()
    return {(row.subject_id, row.period, row.schedule) for row in rows}


def _due(row: Row[Any]) -> Due:
    return Due(
        row.id, row.subject, row.subject_id, row.person_id, row.rung, row.schedule, row.due_at, row.period
    )
