"""Takes a report: every figure of a period, of one unit or of the committee, at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from db import dossiers, exceptions, late_dossiers, people, summary, teams
from db.exceptions import Missed, Standing, Unheard, Unplanned
from db.people import Unit
from db.summary import PlanFacts
from domain.calendar import Calendar
from domain.dossiers import Matters, count_dossiers
from domain.figures import UNANSWERED, CaseRow, TaskRow, count_cases, count_tasks, count_units
from domain.objectives import Inspections, count_inspections, judge
from domain.people import Person
from domain.periods import Period
from domain.summary import Summary


@dataclass(frozen=True, slots=True)
class Taken:
    """The rows behind a report; its figures are counts of them."""

    tasks: Sequence[TaskRow]
    before: Sequence[TaskRow]  # overdue from earlier periods, where the period holds today
    cases: Sequence[CaseRow]
    cases_before: Sequence[CaseRow]  # unanswered past their day, received in earlier periods, likewise
    plan: PlanFacts | None
    inspections: Inspections
    unreachable: Sequence[int]  # people
    unheld: Sequence[TaskRow]  # open tasks of nobody, whenever due
    undelivered: Sequence[Missed]
    standing: Sequence[Standing]  # reports of standing rows and follow-up measures
    unplanned: Sequence[Unplanned]  # rows that wait for a plan of their own
    unheard: Sequence[Unheard]  # of what nobody could be told


def take(
    conn: Connection,
    period: Period,
    now: datetime,
    calendar: Calendar,
    unit_ids: Collection[int] | None = None,
    *,
    viewer: Person | None,
) -> Taken:
    """The rows of a period as they stand now; of some units, or with everything of the committee.

    Of citizens' matters those that the viewer may see; for a paper that is nobody's in particular
    (None), those that are about no official.
    """
    today = calendar.today(now)
    whole = unit_ids is None
    plan = summary.plan_of(conn, period.year)
    earlier = summary.open_before(conn, period.first, calendar, unit_ids) if today in period else []
    older = (
        summary.cases_before(conn, period.first, calendar, unit_ids, viewer=viewer) if today in period else []
    )
    return Taken(
        tasks=summary.tasks_due(conn, period, calendar, unit_ids),
        before=[row for row in earlier if row.cell(today) == "overdue"],
        cases=summary.cases_received(conn, period, calendar, unit_ids, viewer=viewer),
        cases_before=[row for row in older if row.cell(today) == UNANSWERED],
        plan=plan,
        inspections=_inspections(conn, period, plan, now, today) if whole else Inspections(),
        unreachable=people.unreachable(conn, today) if whole else (),
        unheld=summary.unheld(conn, today, calendar) if whole else (),
        undelivered=exceptions.undelivered(conn, period, calendar) if whole else (),
        standing=exceptions.standing(conn, period, unit_ids),
        unplanned=exceptions.unplanned(conn, period, today) if whole else (),
        unheard=exceptions.unheard(conn, period, calendar, viewer=viewer) if whole else (),
    )


def figures(
    conn: Connection,
    period: Period,
    now: datetime,
    calendar: Calendar,
    unit: Unit | None = None,
    *,
    viewer: Person | None,
    decisions: int = 0,
) -> Summary:
    """The figures of a period, of one unit or (None) of the committee, as a viewer may know them."""
    unit_ids = None if unit is None else {unit.id}
    rows, today = take(conn, period, now, calendar, unit_ids, viewer=viewer), calendar.today(now)
    tasks, cases = count_tasks(rows.tasks, today), count_cases(rows.cases, today)
    promises = rows.plan.promises if rows.plan and unit is None else ()
    unanswered = replace(cases, unanswered=cases.unanswered + len(rows.cases_before))
    by_unit = count_units(rows.tasks, today)
    return Summary(
        period=period,
        at=now,
        tasks=tasks,
        cases=cases,
        inspections=rows.inspections,
        objectives=judge(
            promises,
            tasks,
            unanswered,
            rows.inspections,
            teams.violations(conn, period, calendar, viewer),
            count_dossiers(
                dossiers.of_period(conn, period.first, period.last), period.first, period.last, today
            ),
        ),
        late=late_dossiers.count(conn, *summary.bounds(period, calendar)) if unit is None else Matters(),
        units=tuple((u.code, u.name, by_unit[u.id]) for u in people.all_units(conn) if u.id in by_unit),
        unit_name=unit.name if unit else "",
        running=today in period,
        overdue_before=len(rows.before),
        cases_before=len(rows.cases_before),
        undated=summary.undated(conn, unit_ids),
        standing=len(rows.standing),
        standing_said=sum(each.said for each in rows.standing),
        silent=sum(each.silent for each in rows.standing),
        silent_units=tuple(dict.fromkeys(each.unit_name for each in rows.standing if each.silent)),
        unplanned=tuple(Counter((each.objective, each.code) for each in rows.unplanned).items()),
        unheard=len(rows.unheard),
        moved_out=summary.moved_out(conn, period, unit_ids),
        decisions=decisions,
        unreachable=len(rows.unreachable),
        unheld=len(rows.unheld),
        undelivered=sum(missed.count for missed in rows.undelivered),
        grievances=summary.grievances(conn, period, calendar, viewer=viewer) if unit is None else 0,
        identities=summary.identities_opened(conn, period, calendar, viewer=viewer) if unit is None else 0,
    )


def _inspections(
    conn: Connection, period: Period, plan: PlanFacts | None, now: datetime, today: date
) -> Inspections:
    """The plan's year up to the period's end or today, so that no month that is not over counts.

    Where no plan asks for inspections none is missing.
    """
    since = plan.effective_from if plan else period.first
    until = min(period.last, today)
    days = summary.inspection_days(conn, min(since, period.first), until, now)
    counted = count_inspections(days, since, until, today)
    return counted if plan else replace(counted, missing=())
