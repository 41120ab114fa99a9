"""What there is to do, for a person or in units: tasks, and turns of standing rows in their tasks' place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from db import audience, cycles
from db import tasks as tasks_db
from domain.cycles import Cycle
from domain.tasks import Task


@dataclass(frozen=True, slots=True)
class Line:
    """A task, or (``cycle_id``) what one standing row wants to hear for one period.

    ``told`` is the period for which a standing row has its answer; until the next one it wants nothing.
    """

    title: str
    holder_id: int | None
    who: str
    due_on: date | None
    state: str
    obstacle: str = ""
    task_id: int | None = None
    cycle_id: int | None = None
    kind: str = ""
    period: str = ""
    told: str = ""

    @property
    def waits(self) -> bool:
        """Whether somebody else has the next word."""
        return self.state == "awaiting_confirmation" or bool(self.told)


def mine(conn: Connection, person_id: int, today: date) -> list[Line]:
    """What a person answers for, also for people who are away, the most urgent first."""
    holders = [person_id, *audience.absent_of(conn, person_id, today)]
    held = [task for holder in holders for task in tasks_db.mine(conn, holder, today)]
    return sorted(_lines(conn, held, cycles.mine(conn, person_id, today), today), key=_urgency)


def of_units(conn: Connection, unit_ids: Iterable[int], today: date) -> list[Line]:
    """What units have to do, the most urgent first."""
    units = list(unit_ids)
    held = tasks_db.of_units(conn, units, today)
    return sorted(_lines(conn, held, cycles.of_units(conn, units, today), today), key=_urgency)


def _lines(conn: Connection, held: list[Task], turns: list[Cycle], today: date) -> list[Line]:
    asked = {turn.task_id for turn in turns}
    told = cycles.told_now(conn, [task.id for task in held if task.due_on is None], today)
    known = {task.id for task in held}
    lines = [_of_turn(turn) for turn in turns if turn.task_id is None or turn.task_id in known]
    return lines + [_of_task(task, told.get(task.id, "")) for task in held if task.id not in asked]


def _of_turn(turn: Cycle) -> Line:
    return Line(
        title=turn.title,
        holder_id=turn.assignee_id,
        who=turn.assignee or turn.unit_name,
        due_on=turn.due_on,
        state=turn.state,
        task_id=turn.task_id,
        cycle_id=turn.id,
        kind=turn.sort,
        period=turn.period,
    )


def _of_task(task: Task, told: str) -> Line:
    return Line(
        title=task.title,
        holder_id=task.assignee_id,
        who=task.assignee or task.unit_name,
        due_on=task.due_on,
        state=task.state,
        obstacle=task.blocked_by,
        task_id=task.id,
        told=told,
    )


def _urgency(line: Line) -> tuple[bool, date, int, int]:
    return (line.waits, line.due_on or date.max, line.task_id or 0, line.cycle_id or 0)
