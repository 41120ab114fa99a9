"""What time and other tasks do to tasks: new holders, days that follow from an event, lines that come up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from db import audience, audit, cycles, people, rungs
from db import tasks as tasks_db
from db.models import memberships, plan_rows, plans, tasks
from domain.calendar import Calendar
from domain.plan import AFTER
from domain.tasks import ACCEPTED, ASSIGNED, CLOSED, CONFIRMED, IN_PROGRESS, OPEN, Task


def release_leavers(conn: Connection, today: date, now: datetime) -> None:
    """Takes the open tasks from people who hold no post any more; their rungs end."""
    for task_id, schedule, was in _of_leavers(conn, today):
        values = {"assignee_id": None, "schedule": schedule + 1}
        conn.execute(update(tasks).where(tasks.c.id == task_id).values(**values))
        conn.execute(
            update(tasks).where(tasks.c.id == task_id, tasks.c.state.in_(OPEN)).values(state=ASSIGNED)
        )
        rungs.supersede(conn, "task", task_id)
        audit.record(conn, "task", task_id, "orphaned", now, was=was)


def has_leavers(conn: Connection, today: date) -> bool:
    """Whether somebody without a post still holds an open task."""
    return bool(_of_leavers(conn, today))


def adopt_orphans(conn: Connection, today: date, now: datetime) -> None:
    """Gives each open task without an assignee to its unit's head, or to whoever stands above."""
    query = select(tasks.c.id, tasks.c.unit_id).where(tasks.c.assignee_id.is_(None), tasks.c.state.in_(OPEN))
    for row in conn.execute(query).all():
        heads = audience.head(conn, row.unit_id, today) or people.superiors(conn, 0, row.unit_id, today)
        if heads:
            conn.execute(update(tasks).where(tasks.c.id == row.id).values(assignee_id=heads[0]))
            audit.record(conn, "task", row.id, "assigned", now, to=heads[0])


def date_followers(
    conn: Connection, now: datetime, calendar: Calendar, after: dict[int, dict[str, int]], default: int
) -> None:
    """Gives "sau …" rows their day once what they wait for is done.

    ``after`` holds the working days by plan year and row, where the document names none.
    """
    for task_id, event, row_code, year, named in _followers(conn):
        days = named or after.get(year, {}).get(row_code, default)
        row = conn.execute(select(tasks).where(tasks.c.id == task_id)).one()
        due_on = calendar.add(calendar.today(event), days)
        tasks_db.set_due(conn, row, due_on)
        counted = {"due_rule": "days", "wished_on": calendar.today(event), "due_days": days}
        conn.execute(update(tasks).where(tasks.c.id == task_id).values(**counted))
        audit.record(conn, "task", task_id, "dated", now, due_on=due_on)


def has_followers(conn: Connection) -> bool:
    """Whether :func:`date_followers` would date anything."""
    return bool(_followers(conn))


def grow(conn: Connection, standing: Task, title: str, due_on: date, by: int, now: datetime) -> int:
    """Makes a task of a standing row: a dated line of its plan, or something that came up."""
    count = conn.execute(select(func.count()).where(tasks.c.grown_from == standing.id)).scalar() or 0
    row = conn.execute(select(tasks.c.row_id).where(tasks.c.id == standing.id)).one()
    made = conn.execute(
        insert(tasks).values(
            code=f"{standing.code}-{count + 1}",
            row_id=row.row_id,
            unit_id=standing.unit_id,
            assignee_id=standing.assignee_id,
            title=title,
            state="accepted" if by == standing.assignee_id else ASSIGNED,
            due_on=due_on,
            original_due_on=due_on,
            created_at=now,
            grown_from=standing.id,
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    audit.record(conn, "task", int(key[0]), "grown", now, actor_id=by, standing=standing.id, due_on=due_on)
    return int(key[0])


def add_line(
    conn: Connection, standing: Task, title: str, due_on: date, by: int, now: datetime, today: date
) -> int:
    """Adds a dated line of a row's own plan; the row is asked for its plan no more."""
    cycles.answer_subplan(conn, standing.id, by, now, today)
    return grow(conn, standing, title, due_on, by, now)


def expire_ack(conn: Connection, task_id: int, schedule: int, today: date, now: datetime) -> Task | None:
    """Takes back an acknowledgement that nothing followed; None if the task has moved on or is due anyway."""
    still = tasks.c.state.in_((ACCEPTED, IN_PROGRESS)) & (tasks.c.due_on > today)
    changed = conn.execute(
        update(tasks).where(tasks.c.id == task_id, tasks.c.schedule == schedule, still).values(state=ASSIGNED)
    )
    if not changed.rowcount:
        return None
    audit.record(conn, "task", task_id, "ack_expired", now)
    return tasks_db.tasks_of(conn, [task_id], today)[0]


def row_kind(conn: Connection, task_id: int) -> str:
    """What kind of deadline a task's row has in its plan; empty for a task without a row."""
    query = select(plan_rows.c.deadline_kind).join(tasks, tasks.c.row_id == plan_rows.c.id)
    return str(conn.execute(query.where(tasks.c.id == task_id)).scalar() or "")


def _of_leavers(conn: Connection, today: date) -> list[tuple[int, int, int]]:
    held = select(memberships.c.id).where(
        memberships.c.person_id == tasks.c.assignee_id,
        memberships.c.since <= today,
        or_(memberships.c.until.is_(None), memberships.c.until >= today),
    )
    query = select(tasks.c.id, tasks.c.schedule, tasks.c.assignee_id).where(
        tasks.c.state.not_in(CLOSED), tasks.c.assignee_id.is_not(None), ~held.exists()
    )
    return [(row.id, row.schedule, row.assignee_id) for row in conn.execute(query.order_by(tasks.c.id)).all()]


def _followers(conn: Connection) -> list[tuple[int, datetime, str, int, int]]:
    """Undated "sau …" tasks whose event has come: task, moment of the event, row, year and named days."""
    query = (
        select(tasks.c.id, plan_rows.c.code, plan_rows.c.plan_id, plan_rows.c.deadline, plans.c.year)
        .join(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .join(plans, and_(plans.c.id == plan_rows.c.plan_id, plans.c.state == "active"))
        .where(plan_rows.c.deadline_kind == AFTER, tasks.c.due_on.is_(None), tasks.c.state.in_(OPEN))
    )
    found = []
    events: dict[tuple[int, str], datetime | None] = {}
    for row in conn.execute(query.order_by(tasks.c.id)).all():
        awaited = (row.plan_id, str(row.deadline.get("after") or ""))
        if awaited not in events:
            events[awaited] = _event(conn, *awaited)
        event = events[awaited]
        if event is not None:
            found.append((row.id, event, row.code, row.year, int(row.deadline.get("days") or 0)))
    return found


def _event(conn: Connection, plan_id: int, row_code: str) -> datetime | None:
    """When the last task of a row was confirmed, None while one is open; one by plan is done by its lines."""
    query = (
        select(tasks.c.state, tasks.c.confirmed_at, tasks.c.grown_from, tasks.c.due_on)
        .join(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .where(plan_rows.c.plan_id == plan_id, plan_rows.c.code == row_code)
    )
    rows = conn.execute(query).all()
    lines = [row for row in rows if row.grown_from is not None]
    rows = lines or rows
    if not rows or any(row.state not in CLOSED for row in rows):
        return None
    return max((row.confirmed_at for row in rows if row.state == CONFIRMED), default=None)
