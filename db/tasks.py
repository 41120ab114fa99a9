"""Tasks, reports and wishes for more time, as people see them; and the one gate to a task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from db import audience, audit, people, rungs
from db.models import extensions, plan_rows, tasks, units
from db.models import rungs as rungs_table
from domain.errors import RuleError
from domain.people import HEAD, LEADER, OFFICE, Person
from domain.tasks import CLOSED, OPEN, Task, urgency


def tasks_of(conn: Connection, ids: Iterable[int], today: date) -> list[Task]:
    """The tasks of these ids, in their order; unknown ones are left out."""
    wanted = list(ids)
    found = {task.id: task for task in _load(conn, _query().where(tasks.c.id.in_(wanted)), today)}
    return [found[each] for each in wanted if each in found]


def access_task(conn: Connection, task_id: int, *, acting: Person, today: date) -> Task:
    """The task if the person may see it: assignee, a member of its unit, or somebody above.

    Raises ``task_gone`` for a missing and for a forbidden one alike.
    """
    found = tasks_of(conn, [task_id], today)
    if not found or not _may_see(conn, found[0], acting, today):
        raise RuleError("task_gone")
    return found[0]


def access_own(conn: Connection, task_id: int, *, acting: Person, today: date) -> Task:
    """The task if the person reports on it, also for a holder who is away.

    Else raises ``task_gone`` or ``task_not_yours``.
    """
    task = access_task(conn, task_id, acting=acting, today=today)
    if task.is_parent:
        raise RuleError("task_by_units")
    if not audience.acts_for(conn, acting.id, task.assignee_id, today):
        raise RuleError("task_not_yours", assignee=task.assignee or task.unit_name)
    return task


def mine(conn: Connection, person_id: int, today: date) -> list[Task]:
    """The open tasks a person answers for, the most urgent first; waiting ones last."""
    query = _query().where(tasks.c.assignee_id == person_id, tasks.c.state.not_in(CLOSED), ~tasks.c.retro)
    return sorted(_load(conn, query, today), key=lambda task: (not task.is_open, *urgency(task)))


def of_units(conn: Connection, unit_ids: Iterable[int], today: date) -> list[Task]:
    """The open tasks of units, the most urgent first."""
    query = _query().where(tasks.c.unit_id.in_(list(unit_ids)), tasks.c.state.not_in(CLOSED), ~tasks.c.retro)
    return sorted(_load(conn, query, today), key=urgency)


def children(conn: Connection, parent_id: int, today: date) -> list[Task]:
    """The parts of a task, one a unit."""
    return _load(conn, _query().where(tasks.c.parent_id == parent_id).order_by(tasks.c.id), today)


def called(conn: Connection, person_id: int | None, today: date) -> str:
    """How a person is addressed and named; empty for nobody."""
    return people.person(conn, person_id, today).called if person_id else ""


def direct(conn: Connection, task_id: int, due_on: date, by: Person, now: datetime) -> None:
    """Gives a task the new due day a leader decided; the original day stays, old rungs are superseded.

    A wish for more time that waits is answered by it.  The assignee is told by a card at the next
    office moment.  Raises ``task_gone`` for a task that is closed or not there.
    """
    row = conn.execute(select(tasks).where(tasks.c.id == task_id, tasks.c.state.not_in(CLOSED))).first()
    if row is None:
        raise RuleError("task_gone")
    conn.execute(
        update(extensions)
        .where(extensions.c.task_id == task_id, extensions.c.state == "waiting")
        .values(state="replaced", decided_by=by.id, decided_at=now)
    )
    set_due(conn, row, due_on)
    audit.record(conn, "task", task_id, "directed", now, actor_id=by.id, due_on=due_on, was=row.due_on)
    if row.assignee_id:
        rungs.add(conn, "task", task_id, row.assignee_id, "directed", now, schedule=row.schedule + 1)


def nudge(conn: Connection, task_ids: Iterable[int], by: Person, now: datetime) -> int:
    """Reminds the assignees of open tasks at the next office moment, once a day a task, in one card each.

    Returns how many tasks are reminded of.
    """
    count = 0
    query = select(tasks).where(tasks.c.id.in_(list(task_ids)), tasks.c.state.in_(OPEN))
    for row in conn.execute(query.order_by(tasks.c.id)).all():
        if row.assignee_id is None:
            continue
        day = now.date().isoformat()
        if rungs.add(conn, "task", row.id, row.assignee_id, "nudge", now, period=day, schedule=row.schedule):
            count += 1
            audit.record(conn, "task", row.id, "nudged", now, actor_id=by.id)
    return count


def set_due(conn: Connection, row: Row[Any], due_on: date) -> None:
    """Moves a task's due day: a new schedule, the original day kept."""
    conn.execute(
        update(tasks)
        .where(tasks.c.id == row.id)
        .values(
            due_on=due_on,
            wished_on=due_on,
            due_rule="back",
            due_days=None,
            original_due_on=row.original_due_on or row.due_on or due_on,
            schedule=row.schedule + 1,
        )
    )
    rungs.supersede(conn, "task", row.id)


def without_rungs(conn: Connection, today: date) -> list[Task]:
    """Open dated tasks whose present schedule has no rungs yet."""
    laid = select(rungs_table.c.id).where(
        rungs_table.c.subject == "task",
        rungs_table.c.subject_id == tasks.c.id,
        rungs_table.c.schedule == tasks.c.schedule,
        rungs_table.c.rung.not_in(("directed", "nudge", "reopened")),
    )
    query = _query().where(
        tasks.c.state.in_(OPEN),
        tasks.c.due_on.is_not(None),
        tasks.c.assignee_id.is_not(None),
        ~tasks.c.retro,
        ~laid.exists(),
    )
    return _load(conn, query.order_by(tasks.c.id), today)


def _may_see(conn: Connection, task: Task, person: Person, today: date) -> bool:
    if person.id == task.assignee_id or task.unit_id in person.unit_ids or person.has(LEADER):
        return True
    if any(post.unit_kind == OFFICE and post.role == HEAD for post in person.memberships):
        return True
    above = people.superiors(conn, task.assignee_id or 0, task.unit_id, today)
    absent = audience.absent_of(conn, person.id, today)
    return person.id in above or bool({*above, task.assignee_id} & {*absent})


def _query() -> Select[Any]:
    part = tasks.alias("part")
    has_parts = select(part.c.id).where(part.c.parent_id == tasks.c.id).exists()
    return (
        select(
            tasks,
            units.c.name.label("unit_name"),
            plan_rows.c.code.label("row_code"),
            plan_rows.c.expected,
            has_parts.label("is_parent"),
        )
        .join(units, units.c.id == tasks.c.unit_id)
        .outerjoin(plan_rows, plan_rows.c.id == tasks.c.row_id)
    )


def _load(conn: Connection, query: Select[Any], today: date) -> list[Task]:
    rows: Sequence[Row[Any]] = conn.execute(query).all()
    names: dict[int | None, str] = {None: ""}
    for row in rows:
        if row.assignee_id not in names:
            names[row.assignee_id] = called(conn, row.assignee_id, today)
    return [
        Task(
            id=row.id,
            code=row.code,
            row_code=row.row_code or "",
            title=row.title,
            expected=row.expected or "",
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            parent_id=row.parent_id,
            is_parent=bool(row.is_parent),
            assignee_id=row.assignee_id,
            assignee=names[row.assignee_id],
            state=row.state,
            due_on=row.due_on,
            original_due_on=row.original_due_on,
            schedule=row.schedule,
            retro=row.retro,
            percent=row.percent,
            blocked_by=row.blocked_by,
            created_at=row.created_at,
            grown_from=row.grown_from,
            submitted_at=row.submitted_at,
            confirmed_at=row.confirmed_at,
        )
        for row in rows
    ]
