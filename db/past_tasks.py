"""Tasks that were past when their plan was imported: asked about once, then done, revived or dropped."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from db import audit
from db.models import submissions, tasks
from db.tasks import tasks_of
from domain.tasks import CANCELLED, CONFIRMED, OPEN, Task


def waiting(conn: Connection, today: date) -> list[Task]:
    """Tasks that were past when they were imported and about which nobody has said anything yet.

    Parts of such a task are asked about with it.
    """
    parent = tasks.alias()
    query = (
        select(tasks.c.id)
        .outerjoin(parent, parent.c.id == tasks.c.parent_id)
        .where(tasks.c.retro, tasks.c.state.in_(OPEN), (parent.c.id.is_(None)) | ~parent.c.retro)
    )
    return tasks_of(conn, conn.execute(query.order_by(tasks.c.due_on, tasks.c.id)).scalars(), today)


def finish(
    conn: Connection,
    task: Task,
    on: datetime,
    by: int,
    now: datetime,
    *,
    document: str,
    document_date: date | None,
    words: str,
) -> None:
    """Records a task that was past when imported as done on an earlier day, its parts with it."""
    for each in _with_parts(conn, task.id):
        conn.execute(
            insert(submissions).values(
                task_id=each,
                person_id=by,
                at=on,
                words=words,
                document=document,
                document_date=document_date,
                state="confirmed",
                decided_by=by,
                decided_at=now,
            )
        )
        conn.execute(
            update(tasks)
            .where(tasks.c.id == each)
            .values(state=CONFIRMED, submitted_at=on, confirmed_at=now, percent=100)
        )
        audit.record(conn, "task", each, "recorded_past", now, actor_id=by)


def revive(conn: Connection, task: Task, by: int, now: datetime) -> None:
    """A task that was past when imported is still to be done: from now on it is reminded of."""
    for each in _with_parts(conn, task.id):
        conn.execute(
            update(tasks).where(tasks.c.id == each).values(retro=False, schedule=tasks.c.schedule + 1)
        )
        audit.record(conn, "task", each, "revived", now, actor_id=by)


def drop(conn: Connection, task: Task, by: int, now: datetime) -> None:
    """A task that was past when imported is not done any more."""
    for each in _with_parts(conn, task.id):
        conn.execute(update(tasks).where(tasks.c.id == each).values(state=CANCELLED))
        audit.record(conn, "task", each, "cancelled", now, actor_id=by)


def _with_parts(conn: Connection, task_id: int) -> list[int]:
    parts = select(tasks.c.id).where(tasks.c.parent_id == task_id, tasks.c.retro, tasks.c.state.in_(OPEN))
    return [task_id, *conn.execute(parts.order_by(tasks.c.id)).scalars()]
