"""What units have to say about standing rows, week by week, month by month, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from db import audience, audit, rungs
from db import tasks as tasks_db
from db.models import cycles, plan_rows, plans, tasks, units
from db.models import rungs as rungs_table
from domain.calendar import Calendar
from domain.cycles import ANSWERED, NOTHING, OPEN, REPORT, SILENT, SUBPLAN, Cycle, Window, rhythm_of, turns
from domain.ladders import Ladder, Rhythm
from domain.people import COMMITTEE
from domain.plan import BY_PLAN, RECURRING
from domain.tasks import CLOSED

Key = tuple[str, str, int, str]


def missing(
    conn: Connection,
    today: date,
    calendar: Calendar,
    ladders: Mapping[str, Ladder],
    rhythms: Mapping[int, Rhythm],
) -> list[dict[str, Any]]:
    """The turns of this period and the next that no row stands for yet, as the table's values.

    A turn that was due before the plan took effect, or is over, has none.
    """
    wanted: dict[Key, dict[str, Any]] = {}
    windows: dict[tuple[str, str], list[Window]] = {}
    for each in _standing(conn, today):
        row = each.row
        found = _rhythm(each, rhythms.get(row.year, Rhythm({}, {})))
        if found is None:
            continue
        if found not in windows:
            windows[found] = turns(*found, today, calendar, ladders)
        for turn in windows[found]:
            if turn.due_on < max(today, row.effective_from):
                continue
            key = (found[0], row.code, each.unit_id, turn.period)
            wanted[key] = {
                "kind": found[0],
                "row_code": row.code,
                "task_id": each.task_id,
                "unit_id": each.unit_id,
                "period": turn.period,
                "opens_on": turn.opens_on,
                "due_on": turn.due_on,
                "closes_on": turn.closes_on,
            }
    if not wanted:
        return []
    known = select(cycles.c.kind, cycles.c.row_code, cycles.c.unit_id, cycles.c.period)
    known = known.where(cycles.c.period.in_({key[3] for key in wanted}))
    for one in conn.execute(known).all():
        wanted.pop((one.kind, one.row_code, one.unit_id, one.period), None)
    return list(wanted.values())


def add(conn: Connection, values: Iterable[Mapping[str, Any]]) -> None:
    """Opens turns."""
    rows = list(values)
    if rows:
        conn.execute(insert(cycles), rows)


def close_silent(conn: Connection, today: date, now: datetime) -> None:
    """Closes the turns that are over and of which nobody said anything: recorded as not reported."""
    over = select(cycles.c.id).where(cycles.c.state == OPEN, cycles.c.closes_on <= today)
    for cycle_id in conn.execute(over).scalars().all():
        conn.execute(update(cycles).where(cycles.c.id == cycle_id).values(state=SILENT))
        rungs.supersede(conn, "cycle", cycle_id)
        audit.record(conn, "cycle", cycle_id, "not_reported", now)


def without_rungs(conn: Connection, today: date) -> list[Cycle]:
    """Open turns for which no rungs are laid for the present holder and the present day."""
    laid = select(rungs_table.c.id).where(
        rungs_table.c.subject == "cycle",
        rungs_table.c.subject_id == cycles.c.id,
        rungs_table.c.schedule == func.coalesce(tasks.c.schedule, 1) + cycles.c.moves,
    )
    query = _query().where(cycles.c.state == OPEN, ~laid.exists()).order_by(cycles.c.id)
    return [each for each in _load(conn, query, today) if each.assignee_id]


def of(conn: Connection, ids: Iterable[int], today: date) -> list[Cycle]:
    """The turns of these ids, in the order in which they were opened."""
    return _load(conn, _query().where(cycles.c.id.in_(list(ids))).order_by(cycles.c.id), today)


def mine(conn: Connection, person_id: int, today: date) -> list[Cycle]:
    """The open turns a person answers for, also for somebody away, the nearest due first."""
    holders = {person_id, *audience.absent_of(conn, person_id, today)}
    query = _query().where(cycles.c.state == OPEN, cycles.c.opens_on <= today)
    found = _load(conn, query.order_by(cycles.c.due_on, cycles.c.id), today)
    return [each for each in found if each.assignee_id in holders]


def of_units(conn: Connection, unit_ids: Iterable[int], today: date) -> list[Cycle]:
    """The open turns of units, the nearest due first."""
    query = _query().where(cycles.c.state == OPEN, cycles.c.opens_on <= today)
    query = query.where(cycles.c.unit_id.in_(list(unit_ids)))
    return _load(conn, query.order_by(cycles.c.due_on, cycles.c.id), today)


def told_now(conn: Connection, task_ids: Iterable[int], today: date) -> dict[int, str]:
    """By standing task, the period of its present turn where that has its answer."""
    query = select(cycles.c.task_id, cycles.c.period).where(
        cycles.c.task_id.in_(list(task_ids)),
        cycles.c.state.in_((ANSWERED, NOTHING)),
        cycles.c.opens_on <= today,
        cycles.c.closes_on > today,
    )
    return {row.task_id: row.period for row in conn.execute(query.order_by(cycles.c.opens_on)).all()}


def answer(
    conn: Connection,
    cycle: Cycle,
    person_id: int,
    now: datetime,
    *,
    words: str = "",
    figures: Mapping[str, int] | None = None,
    state: str = ANSWERED,
) -> None:
    """Keeps what was done in a turn, or (``nothing``) that nothing came up."""
    conn.execute(
        update(cycles)
        .where(cycles.c.id == cycle.id)
        .values(state=state, words=words, figures=figures, answered_by=person_id, answered_at=now)
    )
    rungs.supersede(conn, "cycle", cycle.id)
    deputy = {} if person_id == cycle.assignee_id else {"instead_of": cycle.assignee_id}
    audit.record(conn, "cycle", cycle.id, state, now, actor_id=person_id, **deputy)


def answer_subplan(conn: Connection, task_id: int, person_id: int, now: datetime, today: date) -> None:
    """Ends the question for a plan of its own: the first dated line of it is there."""
    query = _query().where(cycles.c.task_id == task_id, cycles.c.kind == SUBPLAN, cycles.c.state == OPEN)
    for each in _load(conn, query, today):
        answer(conn, each, person_id, now)


def unit_figures(conn: Connection, unit_id: int, due_by: date) -> dict[str, int]:
    """What a unit's report states of its dated tasks due up to a day: all, done and still open."""
    query = (
        select(tasks.c.state, func.count())
        .where(tasks.c.unit_id == unit_id, tasks.c.due_on <= due_by, tasks.c.state != "cancelled")
        .group_by(tasks.c.state)
    )
    counts = {row[0]: int(row[1]) for row in conn.execute(query).all()}
    done = counts.get("confirmed", 0)
    return {"all": sum(counts.values()), "done": done, "open": sum(counts.values()) - done}


@dataclass(frozen=True, slots=True)
class _Standing:
    """A standing row as one unit holds it; without a task it is a report of the unit."""

    row: Row[Any]
    unit_id: int
    task_id: int | None
    has_lines: bool


def _rhythm(each: _Standing, rhythm: Rhythm) -> tuple[str, str] | None:
    row = each.row
    named = str((row.deadline or {}).get("every") or "")
    if row.objective is None:
        return (REPORT, named) if named in ("month", "quarter") else None
    found = rhythm_of(row.deadline_kind, row.code, named, rhythm.every)
    return None if found and found[0] == SUBPLAN and each.has_lines else found


def _standing(conn: Connection, today: date) -> list[_Standing]:
    """The open tasks of rows without a day, and each follow-up measure for every unit that has a task.

    The leaders, to whom the measures report, have none of these.
    """
    rows = conn.execute(
        select(plan_rows, plans.c.year, plans.c.effective_from)
        .join(plans, plans.c.id == plan_rows.c.plan_id)
        .where(plans.c.state == "active", plans.c.effective_from <= today)
        .order_by(plan_rows.c.id)
    ).all()
    by_id = {row.id: row for row in rows}
    part, line = tasks.alias("part"), tasks.alias("line")
    held = conn.execute(
        select(
            tasks.c.id,
            tasks.c.row_id,
            tasks.c.unit_id,
            tasks.c.state,
            units.c.kind,
            select(line.c.id).where(line.c.grown_from == tasks.c.id).exists().label("has_lines"),
        )
        .join(units, units.c.id == tasks.c.unit_id)
        .where(
            tasks.c.row_id.in_(by_id),
            tasks.c.grown_from.is_(None),
            ~select(part.c.id).where(part.c.parent_id == tasks.c.id).exists(),
        )
        .order_by(tasks.c.id)
    ).all()
    found = [
        _Standing(by_id[one.row_id], one.unit_id, one.id, one.has_lines)
        for one in held
        if by_id[one.row_id].deadline_kind in (RECURRING, BY_PLAN) and one.state not in CLOSED
    ]
    reporting = dict.fromkeys(one.unit_id for one in held if one.kind != COMMITTEE)
    measures = [row for row in rows if row.objective is None and row.deadline_kind == RECURRING]
    return found + [_Standing(row, unit_id, None, False) for row in measures for unit_id in reporting]


def _query() -> Select[Any]:
    return (
        select(cycles, tasks.c.title, tasks.c.assignee_id, tasks.c.schedule, units.c.name.label("unit_name"))
        .outerjoin(tasks, tasks.c.id == cycles.c.task_id)
        .join(units, units.c.id == cycles.c.unit_id)
    )


def _load(conn: Connection, query: Select[Any], today: date) -> list[Cycle]:
    heads: dict[int, int | None] = {}
    names: dict[int | None, str] = {None: ""}
    found = []
    for row in conn.execute(query).all():
        holder = row.assignee_id
        if row.task_id is None:
            if row.unit_id not in heads:
                heads[row.unit_id] = next(iter(audience.head(conn, row.unit_id, today)), None)
            holder = heads[row.unit_id]
        if holder not in names:
            names[holder] = tasks_db.called(conn, holder, today)
        found.append(
            Cycle(
                id=row.id,
                kind=row.kind,
                row_code=row.row_code,
                task_id=row.task_id,
                title=row.title or "",
                unit_id=row.unit_id,
                unit_name=row.unit_name,
                period=row.period,
                opens_on=row.opens_on,
                due_on=row.due_on,
                state=row.state,
                assignee_id=holder,
                assignee=names[holder],
                schedule=(row.schedule or 1) + row.moves,
                words=row.words,
                answered_at=row.answered_at,
            )
        )
    return found
