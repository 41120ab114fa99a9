"""What people do with tasks: acknowledge, report, ask for time, decide, hand on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from db import audit, rungs
from db import tasks as tasks_db
from db.models import extensions, plan_rows, submissions, tasks
from domain.tasks import (
    ACCEPTED,
    ASSIGNED,
    AWAITING,
    CLOSED,
    CONFIRMED,
    IN_PROGRESS,
    OPEN,
    RETURNED,
    Decision,
    Task,
)


def accept(
    conn: Connection, ids: Iterable[int], holders: Iterable[int], by: int, now: datetime, stale_at: datetime
) -> list[int]:
    """Acknowledges the holders' tasks that nobody acknowledged yet, until ``stale_at``; returns which."""
    query = select(tasks.c.id, tasks.c.assignee_id).where(
        tasks.c.id.in_(list(ids)), tasks.c.assignee_id.in_(list(holders)), tasks.c.state == ASSIGNED
    )
    found = conn.execute(query.order_by(tasks.c.id)).all()
    for row in found:
        _set_state(conn, row.id, ACCEPTED)
        rungs.watch(conn, row.id, row.assignee_id, stale_at)
        audit.record(conn, "task", row.id, "accepted", now, actor_id=by, **_deputy(row.assignee_id, by))
    return [row.id for row in found]


def submit(
    conn: Connection,
    task: Task,
    by: int,
    now: datetime,
    *,
    words: str = "",
    document: str = "",
    document_date: date | None = None,
    evidence_by: datetime | None = None,
    account_id: int | None = None,
    message_id: str = "",
) -> int:
    """Hands in a task and returns the submission's id; an earlier one that waits is replaced.

    Whoever does it for a holder who is away is kept beside the holder.
    """
    _replace(conn, task.id)
    holder = _holder(task)
    made = conn.execute(
        insert(submissions).values(
            task_id=task.id,
            person_id=holder,
            by_id=by if by != holder else None,
            at=now,
            words=words,
            document=document,
            document_date=document_date,
            evidence_by=evidence_by,
            state="waiting",
            account_id=account_id,
            message_id=message_id,
        )
    )
    _set_state(conn, task.id, AWAITING)
    submission_id = _made(made.inserted_primary_key)
    fields = {"submission": submission_id, **_deputy(holder, by)}
    audit.record(conn, "task", task.id, "submitted", now, actor_id=by, **fields)
    return submission_id


def add_evidence(
    conn: Connection,
    submission_id: int,
    *,
    document: str = "",
    document_date: date | None = None,
    words: str = "",
) -> None:
    """Adds what was promised, or missing, to a submission; the moment that counts stays."""
    values: dict[str, object] = {"evidence_by": None}
    if document:
        values |= {"document": document, "document_date": document_date}
    if words:
        values["words"] = words
    conn.execute(update(submissions).where(submissions.c.id == submission_id).values(values))
    rungs.supersede(conn, "evidence", submission_id)


def take_back(conn: Connection, task: Task, person_id: int, now: datetime) -> None:
    """Takes a submission back before it is decided."""
    _replace(conn, task.id)
    _set_state(conn, task.id, IN_PROGRESS)
    audit.record(conn, "task", task.id, "taken_back", now, actor_id=person_id)


def report_progress(
    conn: Connection,
    task: Task,
    by: int,
    now: datetime,
    *,
    percent: int | None,
    obstacle: str,
    stale_at: datetime,
) -> None:
    """Notes how far the work is and what hinders it; an empty obstacle leaves the old one.

    Without more of it by ``stale_at`` the task counts as not acknowledged again.
    """
    values: dict[str, object] = {"state": IN_PROGRESS}
    if percent is not None:
        values["percent"] = percent
    if obstacle:
        values["blocked_by"] = obstacle
    conn.execute(update(tasks).where(tasks.c.id == task.id).values(values))
    rungs.watch(conn, task.id, _holder(task), stale_at)
    fields = {"percent": percent, "obstacle": bool(obstacle), **_deputy(_holder(task), by)}
    audit.record(conn, "task", task.id, "progress", now, actor_id=by, **fields)


def ask_extension(
    conn: Connection,
    task: Task,
    by: int,
    to_day: date,
    reason: str,
    now: datetime,
    *,
    account_id: int | None = None,
    message_id: str = "",
) -> int:
    """Asks for more time and returns the wish's id; an earlier wish that waits is replaced."""
    waiting = select(extensions.c.id).where(extensions.c.task_id == task.id, extensions.c.state == "waiting")
    for old in conn.execute(waiting).scalars().all():
        conn.execute(update(extensions).where(extensions.c.id == old).values(state="replaced"))
        rungs.supersede(conn, "extension", old)
    holder = _holder(task)
    made = conn.execute(
        insert(extensions).values(
            task_id=task.id,
            person_id=holder,
            by_id=by if by != holder else None,
            at=now,
            from_day=task.due_on,
            to_day=to_day,
            reason=reason,
            state="waiting",
            account_id=account_id,
            message_id=message_id,
        )
    )
    if task.state == ASSIGNED:
        _set_state(conn, task.id, ACCEPTED)
    wish_id = _made(made.inserted_primary_key)
    fields = {"extension": wish_id, **_deputy(holder, by)}
    audit.record(conn, "task", task.id, "extension_asked", now, actor_id=by, **fields)
    return wish_id


def confirm(conn: Connection, report: Decision, by: int, now: datetime) -> None:
    """Confirms a report: the task is done at the moment it was handed in.

    A parent is done when its last part is; the moment that counts is then its last part's.
    """
    _decide_submission(conn, report, "confirmed", by, now, "")
    conn.execute(
        update(tasks)
        .where(tasks.c.id == report.task.id)
        .values(state=CONFIRMED, submitted_at=report.at, confirmed_at=now, percent=100)
    )
    _finished(conn, report.task.id, report.task.parent_id, by, now)


def give_back(conn: Connection, report: Decision, reason: str, by: int, now: datetime) -> None:
    """Returns a report with a reason; the task is its reporter's again, with the rungs still to come."""
    _decide_submission(conn, report, "returned", by, now, reason)
    _set_state(conn, report.task.id, RETURNED)
    audit.record(conn, "task", report.task.id, "returned", now, actor_id=by, submission=report.id)


def grant(conn: Connection, wish: Decision, by: int, now: datetime) -> None:
    """Gives more time: a new due day and schedule, the original day kept."""
    assert wish.to_day is not None
    _decide_extension(conn, wish, "granted", by, now)
    row = conn.execute(select(tasks).where(tasks.c.id == wish.task.id)).one()
    tasks_db.set_due(conn, row, wish.to_day)
    audit.record(
        conn, "task", wish.task.id, "extended", now, actor_id=by, extension=wish.id, due_on=wish.to_day
    )


def refuse(conn: Connection, wish: Decision, reason: str, by: int, now: datetime) -> None:
    """Refuses more time with a reason; the due day stays."""
    _decide_extension(conn, wish, "refused", by, now, reason)
    audit.record(conn, "task", wish.task.id, "extension_refused", now, actor_id=by, extension=wish.id)


def reassign(conn: Connection, task: Task, to: int, by: int, now: datetime) -> None:
    """Hands a task to somebody else: a new schedule, assigned anew."""
    conn.execute(
        update(tasks)
        .where(tasks.c.id == task.id)
        .values(assignee_id=to, state=ASSIGNED, schedule=task.schedule + 1)
    )
    rungs.supersede(conn, "task", task.id)
    audit.record(conn, "task", task.id, "reassigned", now, actor_id=by, was=task.assignee_id, to=to)


def note(conn: Connection, task_id: int, action: str, by: int, now: datetime) -> None:
    """Records that something was said about a task that changes none of its fields."""
    audit.record(conn, "task", task_id, action, now, actor_id=by)


def _finished(conn: Connection, task_id: int, parent_id: int | None, by: int, now: datetime) -> None:
    rungs.supersede(conn, "task", task_id)
    conn.execute(
        update(extensions)
        .where(extensions.c.task_id == task_id, extensions.c.state == "waiting")
        .values(state="replaced")
    )
    audit.record(conn, "task", task_id, "confirmed", now, actor_id=by)
    if parent_id is None:
        _input_is_ready(conn, task_id, now)
        return
    parts = conn.execute(
        select(tasks.c.state, tasks.c.submitted_at).where(tasks.c.parent_id == parent_id)
    ).all()
    if any(part.state not in CLOSED for part in parts):
        return
    parent = conn.execute(select(tasks).where(tasks.c.id == parent_id)).one()
    if parent.state in CLOSED:
        return
    last = max((part.submitted_at for part in parts if part.submitted_at), default=now)
    conn.execute(
        update(tasks)
        .where(tasks.c.id == parent_id)
        .values(state=CONFIRMED, submitted_at=last, confirmed_at=now, percent=100)
    )
    _finished(conn, parent_id, parent.parent_id, by, now)


def _input_is_ready(conn: Connection, task_id: int, now: datetime) -> None:
    """Tells the assignees of the rows that come after this one's (D-10) that they can begin."""
    query = select(plan_rows).join(tasks, tasks.c.row_id == plan_rows.c.id).where(tasks.c.id == task_id)
    row = conn.execute(query).first()
    if row is None or row.due_on is None:
        return
    code, number = row.code.rsplit(".", 1) if "." in row.code else (row.code, "")
    if not number.isdigit():
        return
    following = (
        select(tasks)
        .join(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .where(
            plan_rows.c.plan_id == row.plan_id,
            plan_rows.c.code == f"{code}.{int(number) + 1}",
            plan_rows.c.due_on == row.due_on,
            tasks.c.state.in_(OPEN),
            tasks.c.assignee_id.is_not(None),
        )
    )
    part = tasks.alias()
    following = following.where(~select(part.c.id).where(part.c.parent_id == tasks.c.id).exists())
    for after in conn.execute(following).all():
        rungs.add(conn, "task", after.id, after.assignee_id, "ready", now, schedule=after.schedule)


def _decide_submission(
    conn: Connection, report: Decision, state: str, by: int, now: datetime, reason: str
) -> None:
    conn.execute(
        update(submissions)
        .where(submissions.c.id == report.id)
        .values(state=state, decided_by=by, decided_at=now, reason=reason)
    )
    rungs.supersede(conn, "submission", report.id)


def _decide_extension(
    conn: Connection, wish: Decision, state: str, by: int, now: datetime, refusal: str = ""
) -> None:
    conn.execute(
        update(extensions)
        .where(extensions.c.id == wish.id)
        .values(state=state, decided_by=by, decided_at=now, refusal=refusal)
    )
    rungs.supersede(conn, "extension", wish.id)


def _replace(conn: Connection, task_id: int) -> None:
    waiting = select(submissions.c.id).where(
        submissions.c.task_id == task_id, submissions.c.state == "waiting"
    )
    for old in conn.execute(waiting).scalars().all():
        conn.execute(update(submissions).where(submissions.c.id == old).values(state="replaced"))
        rungs.supersede(conn, "submission", old)
        rungs.supersede(conn, "evidence", old)


def _holder(task: Task) -> int:
    assert task.assignee_id is not None
    return task.assignee_id


def _deputy(holder: int, by: int) -> dict[str, int]:
    """What an event says of something that was done for somebody else."""
    return {"instead_of": holder} if by != holder else {}


def _set_state(conn: Connection, task_id: int, state: str) -> None:
    conn.execute(update(tasks).where(tasks.c.id == task_id).values(state=state))


def _made(key: object) -> int:
    assert isinstance(key, tuple) or key is not None
    return int(key[0])  # type: ignore[index]
