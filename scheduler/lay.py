"""Lays the rungs that are missing: of new tasks and schedules, waiting decisions, months, past tasks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from db import inspections, people, rungs
from db import tasks as tasks_db
from domain.calendar import DAY, OPENS, Calendar
from domain.committee import Committee
from domain.ladders import first_working_day, next_week, week_name
from domain.people import HEAD, INSPECTION_LEAD, LEADER, OFFICE
from domain.tasks import ASSIGNED, Decision, Task

GATHER = timedelta(seconds=60)
"""How long decisions for one person gather into one card."""


def lay(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> None:
    """Lays what is missing; what was laid before stays as it is."""
    today = calendar.today(now)
    tasks_db.adopt_orphans(conn, today, now)
    for task in tasks_db.without_rungs(conn, today):
        _lay_task(conn, task, now, committee, calendar)
    for each in tasks_db.decisions_without_rungs(conn, today):
        _lay_decision(conn, each, today, committee, calendar)
    for month in _months_without_rungs(conn, today):
        due_at = calendar.at(first_working_day(month, calendar), OPENS)
        for person in _inspectors(conn, today):
            rungs.add(conn, "inspection", _number(month), person, "month", due_at, period=f"{month:%Y-%m}")
    for task, person in _past_without_rungs(conn, today):
        rungs.add(conn, "past", task.id, person, "past", task.created_at)


def is_missing(conn: Connection, now: datetime, calendar: Calendar) -> bool:
    """Whether :func:`lay` would lay anything."""
    today = calendar.today(now)
    return bool(
        tasks_db.without_rungs(conn, today)
        or tasks_db.decisions_without_rungs(conn, today)
        or _months_without_rungs(conn, today)
        or _past_without_rungs(conn, today)
    )


def lay_next_week(
    conn: Connection,
    subject: str,
    subject_id: int,
    person_id: int,
    schedule: int,
    today: date,
    calendar: Calendar,
) -> None:
    """Brings a thing back on the first working day of the next week that has one."""
    day = next_week(today, calendar)
    rungs.add(
        conn,
        subject,
        subject_id,
        person_id,
        "week",
        calendar.at(day, OPENS),
        period=week_name(day),
        schedule=schedule,
    )


def _lay_task(conn: Connection, task: Task, now: datetime, committee: Committee, calendar: Calendar) -> None:
    assert task.assignee_id is not None
    assert task.due_on is not None
    today = calendar.today(now)
    begins = task.created_at if task.schedule == 1 else now
    if not task.is_parent and not rungs.was_given(conn, task.id, task.assignee_id):
        rungs.add(conn, "task", task.id, task.assignee_id, "given", begins, schedule=task.schedule)
        if task.state == ASSIGNED:
            day = calendar.today(calendar.office_moment(begins))
            for rung, moment in committee.ladders["given"].laid(day, calendar):
                for person in _told(conn, task, rung.tells, today):
                    if person == task.assignee_id and "assignee" not in rung.tells:
                        continue  # A head who has not answered is not told of it as the head.
                    rungs.add(conn, "task", task.id, person, rung.name, moment, schedule=task.schedule)
    ladder = committee.ladders["parent" if task.is_parent else "deadline"]
    for rung, moment in ladder.laid(task.due_on, calendar):
        state = "pending" if moment >= begins else "dropped"
        for person in _told(conn, task, rung.tells, today):
            rungs.add(conn, "task", task.id, person, rung.name, moment, schedule=task.schedule, state=state)
            if rung.weekly and state == "dropped":
                lay_next_week(conn, "task", task.id, person, task.schedule, today, calendar)


def _told(conn: Connection, task: Task, words: tuple[str, ...], today: date) -> list[int]:
    """The people a rung tells; where nobody fits, the person whose task it is."""
    found = [person for who in words for person in tasks_db.audience(conn, task, who, today)]
    return list(dict.fromkeys(found)) or tasks_db.audience(conn, task, "assignee", today)


def _lay_decision(
    conn: Connection, each: Decision, today: date, committee: Committee, calendar: Calendar
) -> None:
    assert each.confirmer_id is not None
    subject = tasks_db.subject_of(each.kind)
    rungs.add(conn, subject, each.id, each.confirmer_id, "ask", each.at + GATHER)
    begins = calendar.today(calendar.office_moment(each.at + GATHER))
    for rung, moment in committee.ladders["decision"].laid(begins, calendar):
        person = each.confirmer_id
        if "above" in rung.tells:
            above = people.superiors(conn, each.confirmer_id, each.task.unit_id, today)
            person = next((one for one in above if one != each.reporter_id), person)
        rungs.add(conn, subject, each.id, person, rung.name, moment)


def _months_without_rungs(conn: Connection, today: date) -> list[date]:
    """This month and the next, where nobody is to be asked about inspections yet."""
    if not inspections.are_asked_for(conn, today) or not _inspectors(conn, today):
        return []
    month = today.replace(day=1)
    months = (month, (month + 31 * DAY).replace(day=1))
    return [one for one in months if not rungs.exist(conn, "inspection", _number(one))]


def _number(month: date) -> int:
    return month.year * 100 + month.month


def _inspectors(conn: Connection, today: date) -> list[int]:
    found = people.holders(conn, INSPECTION_LEAD, today) + people.holders(conn, LEADER, today)
    return list(dict.fromkeys(found))


def _past_without_rungs(conn: Connection, today: date) -> list[tuple[Task, int]]:
    """Past tasks nobody was asked about yet, with the head of the office, who is asked."""
    found = [task for task in tasks_db.retro_tasks(conn, today) if not rungs.exist(conn, "past", task.id)]
    if not found:
        return []
    offices = [unit.id for unit in people.all_units(conn) if unit.kind == OFFICE]
    heads = [person for office in offices for person in people.members(conn, office, today, HEAD)]
    return [(task, heads[0]) for task in found] if heads else []
