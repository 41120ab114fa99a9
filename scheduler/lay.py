"""Lays the rungs that are missing: of tasks, decisions, months, standing rows, past tasks and cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from db import audience, checks, cycles, inspections, people, rungs, task_upkeep
from db import case_rungs as cases_db
from db import decisions as decisions_db
from db import past_tasks as past_db
from db import tasks as tasks_db
from db.case_rungs import OpenCase
from db.rungs import Due
from domain.calendar import DAY, OPENS, Calendar
from domain.checks import Check
from domain.committee import Committee
from domain.cycles import Cycle
from domain.inspections import Visit
from domain.ladders import next_week, week_name
from domain.people import LEADER
from domain.plan import ON_EVENT
from domain.sight import may_see
from domain.tasks import ASSIGNED, Decision, Task

GATHER = timedelta(seconds=60)
"""How long decisions for one person gather into one card."""


def lay(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> None:
    """Lays what is missing; what was laid before stays as it is."""
    today = calendar.today(now)
    task_upkeep.release_leavers(conn, today, now)
    task_upkeep.adopt_orphans(conn, today, now)
    after = {year: dict(rhythm.after) for year, rhythm in committee.rhythms.items()}
    task_upkeep.date_followers(conn, now, calendar, after, committee.ladders["after"].days)
    for task in tasks_db.without_rungs(conn, today):
        _lay_task(conn, task, now, committee, calendar)
    for each in decisions_db.without_rungs(conn, today):
        _lay_decision(conn, each, today, committee, calendar)
    for month in _months_without_rungs(conn, today):
        _lay_month(conn, month, now, committee, calendar)
    checks.make(conn, checks.missing(conn), calendar, committee.ladders)
    for check in checks.without_rungs(conn, today):
        _lay_check(conn, check, now, committee, calendar)
    for visit in _visits_without_rungs(conn, today):
        _lay_visit(conn, visit, now, committee, calendar)
    cycles.close_silent(conn, today, now)
    cycles.add(conn, cycles.missing(conn, today, calendar, committee.ladders, committee.rhythms))
    for cycle in cycles.without_rungs(conn, today):
        _lay_cycle(conn, cycle, now, committee, calendar)
    for case in cases_db.without_rungs(conn):
        _lay_case(conn, case, now, committee, calendar)
    for task, person in _past_without_rungs(conn, today):
        rungs.add(conn, "past", task.id, person, "past", task.created_at)


def is_missing(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> bool:
    """Whether :func:`lay` would lay anything."""
    today = calendar.today(now)
    return bool(
        tasks_db.without_rungs(conn, today)
        or decisions_db.without_rungs(conn, today)
        or _months_without_rungs(conn, today)
        or _past_without_rungs(conn, today)
        or checks.missing(conn)
        or checks.without_rungs(conn, today)
        or _visits_without_rungs(conn, today)
        or task_upkeep.has_leavers(conn, today)
        or task_upkeep.has_followers(conn)
        or cycles.missing(conn, today, calendar, committee.ladders, committee.rhythms)
        or cycles.without_rungs(conn, today)
        or cases_db.without_rungs(conn)
    )


def lay_unacknowledged(
    conn: Connection, due: Due, now: datetime, committee: Committee, calendar: Calendar
) -> None:
    """Lays the rungs of a new task again for one whose acknowledgement nothing followed."""
    today = calendar.today(now)
    task = task_upkeep.expire_ack(conn, due.subject_id, due.schedule, today, now)
    if task is not None:
        _lay_given(conn, task, now, today, committee, calendar, due.period)


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
            _lay_given(conn, task, begins, today, committee, calendar)
    elif task.state == ASSIGNED:
        names = [rung.name for rung in committee.ladders["given"].rungs]
        rungs.carry_over(conn, task.id, task.schedule, names)
    ladder = committee.ladders["parent" if task.is_parent else "deadline"]
    laid = ladder.laid(task.due_on, calendar)
    if task.grown_from and task_upkeep.row_kind(conn, task.id) == ON_EVENT:
        laid += committee.ladders["event"].laid(task.due_on, calendar, calendar.today(begins))
    for rung, moment in laid:
        state = "pending" if moment >= begins else "dropped"
        for person in _told(conn, task, rung.tells, today):
            rungs.add(conn, "task", task.id, person, rung.name, moment, schedule=task.schedule, state=state)
            if rung.weekly and state == "dropped":
                lay_next_week(conn, "task", task.id, person, task.schedule, today, calendar)


def _lay_given(
    conn: Connection,
    task: Task,
    begins: datetime,
    today: date,
    committee: Committee,
    calendar: Calendar,
    period: str = "",
) -> None:
    day = calendar.today(calendar.office_moment(begins))
    for rung, moment in committee.ladders["given"].laid(day, calendar):
        for person in _told(conn, task, rung.tells, today):
            if person == task.assignee_id and "assignee" not in rung.tells:
                continue  # A head who has not answered is not told of it as the head.
            schedule = task.schedule
            rungs.add(conn, "task", task.id, person, rung.name, moment, period=period, schedule=schedule)


def _told(conn: Connection, task: Task, words: tuple[str, ...], today: date) -> list[int]:
    """The people a rung tells; where nobody fits, the person whose task it is."""
    return _named(conn, words, task.unit_id, task.assignee_id, today)


def _named(
    conn: Connection, words: tuple[str, ...], unit_id: int, holder_id: int | None, today: date
) -> list[int]:
    found = [one for who in words for one in audience.named(conn, who, unit_id, holder_id, today)]
    return list(dict.fromkeys(found)) or audience.named(conn, "assignee", unit_id, holder_id, today)


def _lay_month(
    conn: Connection, month: date, now: datetime, committee: Committee, calendar: Calendar
) -> None:
    today = calendar.today(now)
    last = calendar.back((month + 31 * DAY).replace(day=1) - DAY)
    for rung, moment in committee.ladders["inspection"].laid(last, calendar, month):
        state = "pending" if rung.opens or moment >= now else "dropped"
        for person in audience.named(conn, rung.tells[0], 0, None, today):
            number, period = _number(month), f"{month:%Y-%m}"
            rungs.add(conn, "inspection", number, person, rung.name, moment, period=period, state=state)


def _lay_visit(
    conn: Connection, visit: Visit, now: datetime, committee: Committee, calendar: Calendar
) -> None:
    today = calendar.today(now)
    for rung, moment in committee.ladders["visit"].laid(visit.held_on, calendar, visit.held_on):
        for person in audience.named(conn, rung.tells[0], 0, None, today):
            rungs.add(conn, "visit", visit.id, person, rung.name, max(moment, now))


def _lay_check(
    conn: Connection, check: Check, now: datetime, committee: Committee, calendar: Calendar
) -> None:
    """Lays a look back for whoever may be asked first; the rungs above it for those of them it names."""
    today = calendar.today(now)
    able = checks.askable(conn, check, today)
    for rung, moment in committee.ladders[check.kind].laid(check.due_on, calendar, check.begins_on):
        named = [] if "checker" in rung.tells else _named(conn, rung.tells, check.task.unit_id, None, today)
        told = [one for one in named if one in able] or able[:1]
        for person in told:
            rungs.add(conn, "check", check.id, person, rung.name, max(moment, now))


def _lay_cycle(
    conn: Connection, cycle: Cycle, now: datetime, committee: Committee, calendar: Calendar
) -> None:
    """Lays a turn of a standing row; one that is under way when its plan comes opens at once."""
    today = calendar.today(now)
    for rung, moment in committee.ladders[cycle.kind].laid(cycle.due_on, calendar, cycle.opens_on):
        for person in _named(conn, rung.tells, cycle.unit_id, cycle.assignee_id, today):
            schedule = cycle.schedule
            opens = rung.opens and not rungs.heard(conn, "cycle", cycle.id, person)
            state = "pending" if opens or moment >= now else "dropped"
            rungs.add(conn, "cycle", cycle.id, person, rung.name, moment, schedule=schedule, state=state)


def _lay_case(
    conn: Connection, case: OpenCase, now: datetime, committee: Committee, calendar: Calendar
) -> None:
    """Lays a citizen's matter anew for its present day and handler; those of before end."""
    rungs.supersede(conn, "case", case.id)
    today = calendar.today(now)
    holder = case.handler_id or next(iter(audience.head(conn, case.unit_id, today)), None)
    begin = calendar.today(case.received_at)
    for rung, moment in committee.ladders["case"].laid(case.due_on, calendar, begin):
        state = "pending" if rung.weekly or moment >= now else "dropped"
        period = week_name(moment.date()) if rung.weekly else case.period
        for person in _seeing(conn, case, _named(conn, rung.tells, case.unit_id, holder, today), today):
            rungs.add(
                conn, "case", case.id, person, rung.name, moment, period=period, schedule=case.schedule,
                state=state,
            )  # fmt: skip


def _seeing(conn: Connection, case: OpenCase, named: list[int], today: date) -> list[int]:
    """Those of some people who may see a case; the leaders who may, where none of them does.

    Where nobody at all may, the rungs are laid all the same and end untold.
    """
    for told in (named, people.holders(conn, LEADER, today)):
        if seeing := [one for one in told if may_see(case, people.person(conn, one, today))]:
            return seeing
    return named


def _lay_decision(
    conn: Connection, each: Decision, today: date, committee: Committee, calendar: Calendar
) -> None:
    assert each.confirmer_id is not None
    subject = decisions_db.subject_of(each.kind)
    rungs.add(conn, subject, each.id, each.confirmer_id, "ask", each.at + GATHER)
    begins = calendar.today(calendar.office_moment(each.at + GATHER))
    for rung, moment in committee.ladders["decision"].laid(begins, calendar):
        person = each.confirmer_id
        if "above" in rung.tells and people.person(conn, person, today).has(LEADER):
            lay_next_week(conn, subject, each.id, person, 1, calendar.today(moment), calendar)
            continue  # Nobody stands above a leader: it comes back with the card of each week.
        if "above" in rung.tells:
            above = people.superiors(conn, each.confirmer_id, each.task.unit_id, today)
            person = next((one for one in above if one not in (each.reporter_id, each.by_id)), person)
        rungs.add(conn, subject, each.id, person, rung.name, moment)


def _months_without_rungs(conn: Connection, today: date) -> list[date]:
    """This month and the next, where nobody is to be asked about inspections yet."""
    asked = inspections.are_asked_for(conn, today)
    if not asked or not audience.named(conn, "inspectors", 0, None, today):
        return []
    month = today.replace(day=1)
    months = (month, (month + 31 * DAY).replace(day=1))
    return [one for one in months if not rungs.exist(conn, "inspection", _number(one))]


def _visits_without_rungs(conn: Connection, today: date) -> list[Visit]:
    """Inspections of whose paperwork nobody is to be reminded yet, where there is somebody."""
    if not audience.named(conn, "inspection_lead", 0, None, today):
        return []
    return inspections.without_rungs(conn)


def _number(month: date) -> int:
    return month.year * 100 + month.month


def _past_without_rungs(conn: Connection, today: date) -> list[tuple[Task, int]]:
    """Past tasks nobody was asked about yet, with the head of the office, who is asked."""
    found = [task for task in past_db.waiting(conn, today) if not rungs.exist(conn, "past", task.id)]
    if not found:
        return []
    heads = audience.office_heads(conn, today)
    return [(task, heads[0]) for task in found] if heads else []
