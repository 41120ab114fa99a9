"""A year of the plan with scripted people against the oracle: nothing missing, doubled or out of hours."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Executable, Row, func, select, update

from db import calendar as calendar_db
from db import cycles as cycles_db
from db import decisions as decisions_db
from db.models import cycles, events, memberships, plan_rows, submissions, tasks, units
from db.people import holders, members
from domain.calendar import CLOSES, OPENS, Calendar
from domain.cycles import Cycle
from tests import oracle
from tests.oracle import Days, Job, Push, Turn, World
from tests.talk import ZONE, Town
from tests.test_two_months import bring_plan

WHOLE = bool(os.environ.get("WHOLE_YEAR"))
"""The whole year takes minutes; without it the first two months are lived."""
FIRST, LAST = date(2021, 1, 4), date(2021, 12, 31) if WHOLE else date(2021, 2, 26)
LEAVE_AFTER = date(2021, 6, 30)
LEAVERS = ("Mai Văn Tài", "Đoàn Văn Kiên")
MONTHLY, WEEKLY, NEVER = ("KH3.2", "KH3.3"), ("KH4.4",), ("KH4.3", "KH5.2", "KH5.3")


VISIT = date(2021, 2, 22)
"""An inspection is held; its findings are out four working days later."""
SAYS = {"report": "sign"}
ANSWERS = {"period": "tập huấn 2 buổi"}


class Script:
    """Who does what, when: three in ten are late, one in ten never answers."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.names = {number: name for name, number in town.ids.items()}
        self.kinds: dict[int, str] = {}

    def deal(self, holders: list[int]) -> None:
        """Gives each holder a kind; the leaders, the office and those who leave do their work."""
        others = [one for one in sorted(holders) if self.names[one] not in (*LEAVERS, *GOOD)]
        for place, one in enumerate(others):
            self.kinds[one] = "silent" if place % 10 == 0 else "late" if place % 10 < 4 else "good"

    def kind(self, person: int) -> str:
        return self.kinds.get(person, "good")


GOOD = ("Trần Quốc Dũng", "Võ Thanh Tùng")


@pytest.mark.timeout(1800)
async def test_a_year_of_the_plan(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    try:
        await bring_plan(town)
        calendar = await town.database.read(calendar_db.load, ZONE)
        script = Script(town)
        script.deal(await town.database.read(_holders))
        before = await town.database.read(_tasks)
        world = await town.database.read(_world, calendar)
        heads = await town.database.read(_heads)
        rows = await town.database.read(_standing)
        await _live(town, script, calendar)
        _compare(town, world, calendar, _expected(world, script, before, heads, rows))
    finally:
        await town.close()


async def _live(town: Town, script: Script, calendar: Calendar) -> None:
    """Every working day: acknowledge, hand in, confirm, answer for standing rows; two leave in summer."""
    days = Days(calendar.closed)
    lead = (await town.database.read(holders, "inspection_lead", FIRST))[0]
    day = FIRST
    while day <= LAST:
        if day == calendar.add(LEAVE_AFTER, 1):
            await town.until(_at(LEAVE_AFTER, time(23)))
            ended = update(memberships).where(memberships.c.person_id.in_([town.ids[one] for one in LEAVERS]))
            await town.database.write(_run, ended.values(until=LEAVE_AFTER))
        if calendar.is_working(day):
            await _accept(town, script, _at(day, time(8)))
            handing_in = [
                (task.assignee_id, f"task:done:{task.id}", "KH 1/KH-UB")
                for task in await town.database.read(_open_tasks)
                if oracle.handed_in(days, script.kind(task.assignee_id), task.due_on, _begin(task))
                == datetime.combine(day, oracle.SUBMITS)
            ]
            await _press(town, script, _at(day, oracle.SUBMITS), handing_in)
            waiting = await town.database.read(_waiting, day)
            confirming = [(person, f"task:ok:s{report}", "") for report, person in waiting]
            await _press(town, script, _at(day, oracle.CONFIRMS), confirming)
            if confirming:
                await town.until(_at(day, time(10, 30)))  # what follows from it has its day
            await _accept(town, script, _at(day, time(10, 30)))
            answering = [
                (holder, f"cycle:{SAYS.get(cycle.kind, 'did')}:{cycle.id}", ANSWERS.get(cycle.kind, ""))
                for cycle, holder in await town.database.read(_open_cycles, day)
                if oracle.answered(days, script.kind(holder), cycle.kind, cycle.due_on, cycle.opens_on) == day
            ]
            await _press(town, script, _at(day, time(11)), answering)
            if day == VISIT:
                await _press(town, script, _at(day, time(14)), [(lead, "task:insp", "Phòng Kinh tế, 22/2")])
            if day == calendar.add(VISIT, 4):
                await _press(town, script, _at(day, time(14)), [(lead, "visit:findings:1", "")])
                await town.say(script.names[lead], "không")
        day += timedelta(days=1)
    await town.until(_at(LAST, time(23)))


async def _accept(town: Town, script: Script, at: datetime) -> None:
    """Whoever is not silent acknowledges what is new."""
    new = [
        task.id
        for task in await town.database.read(_open_tasks)
        if task.state == "assigned" and script.kind(task.assignee_id) != "silent"
    ]
    if new:
        await town.until(at)
        accepted = update(tasks).where(tasks.c.id.in_(new), tasks.c.state == "assigned")
        await town.database.write(_run, accepted.values(state="accepted"))


async def _press(town: Town, script: Script, at: datetime, presses: list[tuple[int, str, str]]) -> None:
    if presses:
        await town.until(at)
    for person, action, words in presses:
        await town._turn(script.names[person], pressed=action, text=words, message_id="")


def _expected(
    world: World,
    script: Script,
    before: list[Row[object]],
    heads: dict[int, int],
    rows: list[tuple[str, str, int, int]],
) -> set[Push]:
    found = set[Push]()
    days = world.days
    gone = {script.town.ids[name] for name in LEAVERS}
    imported, away = datetime.combine(FIRST, time(7, 25)), date(2021, 7, 1)
    jobs: dict[int, Job] = {}
    chairman_done = oracle.handed_in(days, "good", date(2021, 1, 29), imported)
    assert chairman_done is not None
    follows = datetime.combine(chairman_done.date(), oracle.CONFIRMS)
    parents = {row.parent_id for row in before}
    for row in before:
        begin, due = imported, row.due_on
        if row.code.startswith("2021-KH1.3"):
            begin, due = follows, days.plus(follows.date(), 3)
        if due is None:
            continue
        head = heads.get(row.unit_id, world.office)
        job = jobs[row.id] = Job(row.assignee_id, due, begin, head, is_parent=row.id in parents)
        if not job.is_parent:
            job.done = oracle.handed_in(days, script.kind(job.holder), due, begin)
            found |= oracle.new_job_pushes(world, job, script.kind(job.holder))
    for row in before:
        if row.parent_id in jobs and row.id in jobs:
            jobs[row.parent_id].parts.append(jobs[row.id])
    assert not [
        job
        for job in jobs.values()
        if job.holder in gone and (not job.done or job.done.date() >= away) and not job.is_parent
    ]
    for job in jobs.values():
        found |= oracle.job_pushes(world, job)
    for turn in _turns(days, heads, rows, world):
        if turn.holder in gone and turn.opens >= away:
            turn.holder = turn.head = world.office
        turn.answered = oracle.answered(days, script.kind(turn.holder), turn.kind, turn.due, turn.opens)
        found |= oracle.turn_pushes(world, turn)
    for month in range(1, 13):
        held = VISIT if month == VISIT.month else None
        found |= oracle.inspection_pushes(world, date(2021, month, 1), held)
    return found | oracle.visit_pushes(world, VISIT)


def _turns(
    days: Days, heads: dict[int, int], rows: list[tuple[str, str, int, int]], world: World
) -> Iterator[Turn]:
    quarters = [
        (date(2021, m, 1), date(2021 + (m + 3) // 13, (m + 3 - 1) % 12 + 1, 1)) for m in (1, 4, 7, 10)
    ]
    months = [(date(2021, m, 1), date(2021 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]
    for code, kind, unit, holder in rows:
        head = heads.get(unit, world.office)
        if code in NEVER:
            continue
        if code in WEEKLY:
            for opens in (FIRST, *days.mondays(FIRST, LAST)):
                yield Turn("week", holder, head, opens, opens, days.monday(opens))
            continue
        sort = "subplan" if kind == "by_plan" else "report" if code == "BP1" else "period"
        for first, after in months if sort == "subplan" or code in MONTHLY else quarters:
            opens, due = oracle.period_turn(days, first, after, sort)
            closes = max(days.after(after), days.plus(due, 5) if sort == "period" else days.after(after))
            if sort == "report":
                closes = next(
                    (days.before(end - oracle.ONE) for start, end in quarters if start == after), date.max
                )
            yield Turn(sort, holder, head, opens, due, closes)


def _compare(town: Town, world: World, calendar: Calendar, expected: set[Push]) -> None:
    heard = [
        (town.ids[name], message)
        for name in town.ids
        for message in town.fake[town.people[name][0]].chats.get(town.people[name][1], [])
        if message.at is not None
    ]
    for _, message in heard:
        assert message.at is not None
        assert calendar.is_working(message.at.date()), message
        assert OPENS <= message.at.time() < CLOSES, message
    routine = Counter(
        (person, message.at.date(), f"{message.at:%H:%M}")
        for person, message in heard
        if message.at and f"{message.at:%H:%M}" in ("07:30", "15:30")
    )
    names = {number: name for name, number in town.ids.items()}

    def named(pushes: set[Push]) -> list[str]:
        return sorted(f"{day} {hour} {names[person]}" for person, day, hour in pushes)

    assert len(expected) > (900 if WHOLE else 100)
    missing, unexpected = named(expected - set(routine)), named(set(routine) - expected)
    assert (missing, unexpected) == ([], [])
    assert [push for push, count in routine.items() if count > 1] == []


def _run(conn: Connection, statement: Executable) -> None:
    conn.execute(statement)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE)


def _begin(task: Row[object]) -> datetime:
    """When the present holder got the task with its present day, in local hours."""
    return task.begun.astimezone(ZONE).replace(tzinfo=None)  # type: ignore[no-any-return]


def _open_tasks(conn: Connection) -> list[Row[object]]:
    part = tasks.alias("part")
    begun = (
        select(func.max(events.c.at))
        .where(events.c.subject == "task", events.c.subject_id == tasks.c.id)
        .where(events.c.action.in_(("created", "dated", "assigned")))
    )
    query = select(tasks, begun.scalar_subquery().label("begun")).where(
        tasks.c.state.in_(("assigned", "accepted", "in_progress")),
        tasks.c.due_on.is_not(None),
        ~select(part.c.id).where(part.c.parent_id == tasks.c.id).exists(),
    )
    return list(conn.execute(query.order_by(tasks.c.id)).all())


def _waiting(conn: Connection, day: date) -> list[tuple[int, int]]:
    found = conn.execute(select(submissions.c.id).where(submissions.c.state == "waiting")).scalars().all()
    each = [decisions_db.by_ref(conn, f"s{number}", day) for number in found]
    return [(one.id, one.confirmer_id) for one in each if one.confirmer_id]


def _open_cycles(conn: Connection, day: date) -> list[tuple[Cycle, int]]:
    ids = (
        conn.execute(select(cycles.c.id).where(cycles.c.state == "open", cycles.c.opens_on <= day))
        .scalars()
        .all()
    )
    return [(one, one.assignee_id) for one in cycles_db.of(conn, ids, day) if one.assignee_id]


def _holders(conn: Connection) -> list[int]:
    return list(conn.execute(select(tasks.c.assignee_id).distinct()).scalars())


def _tasks(conn: Connection) -> list[Row[object]]:
    return list(conn.execute(select(tasks).order_by(tasks.c.id)).all())


def _world(conn: Connection, calendar: Calendar) -> World:
    leaders = holders(conn, "leader", FIRST)
    office = conn.execute(select(units.c.id).where(units.c.kind == "office")).scalar_one()
    head = members(conn, office, FIRST, "head")[0]
    leads = holders(conn, "inspection_lead", FIRST)
    return World(Days(calendar.closed), leaders[0], head, leads, leaders, FIRST, LAST)


def _heads(conn: Connection) -> dict[int, int]:
    found = {}
    for unit in conn.execute(select(units.c.id, units.c.kind)).all():
        if unit.kind != "committee":
            found[unit.id] = members(conn, unit.id, FIRST, "head")[0]
    return found


def _standing(conn: Connection) -> list[tuple[str, str, int, int]]:
    """Row, kind of deadline, unit and holder of every standing task, and of every unit's report."""
    part = tasks.alias("part")
    leaf = ~select(part.c.id).where(part.c.parent_id == tasks.c.id).exists()
    query = (
        select(
            plan_rows.c.code, plan_rows.c.deadline_kind, tasks.c.unit_id, tasks.c.assignee_id, units.c.kind
        )
        .join(plan_rows, plan_rows.c.id == tasks.c.row_id)
        .join(units, units.c.id == tasks.c.unit_id)
        .where(leaf)
    )
    held = conn.execute(query.order_by(tasks.c.id)).all()
    heads = _heads(conn)
    reports = dict.fromkeys(row.unit_id for row in held if row.kind != "committee")
    return [
        (row.code, row.deadline_kind, row.unit_id, row.assignee_id)
        for row in held
        if row.deadline_kind in ("recurring", "by_plan")
    ] + [("BP1", "recurring", unit, heads[unit]) for unit in reports]
