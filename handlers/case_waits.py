"""What a case waits for in the state it has just come to, as timers; the clock takes them up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from db import case_extensions, case_timers, proposals, teams
from db.case_extensions import Extension
from db.cases import Case
from db.teams import Team
from domain.calendar import CLOSES, DAY, OPENS
from domain.cases import (
    ANSWERED,
    APPEALED,
    ASKED,
    GUIDED,
    LAPSED,
    OPEN,
    RECEIVED,
    REFERRED,
    REOPENED,
    WORKING,
)
from domain.ladders import next_week
from domain.verification import PENDING
from domain.verification import WORKING as VERIFYING
from domain.working_hours import hours_after
from handlers.desk import Desk

MORNING = time(9, 0)
APOLOGY = time(7, 30)
PROPOSED = proposals.WAITING


def begin(desk: Desk, case: Case) -> None:
    """Sets the timers of the state a case is in; those of the state before end."""
    terms, days = desk.committee.terms, desk.calendar
    proposed = case_timers.moments(desk.conn, case.id, *PROPOSED)
    moments: dict[str, datetime] = {}
    if case.state == RECEIVED:
        moments[case_timers.ACCEPT] = hours_after(days, desk.now, terms.accept_hours)
    elif case.state == WORKING:
        wish = case_extensions.waiting(desk.conn, case.id)
        if wish is not None and (moment := undecided(desk, wish)) is not None:
            moments[case_timers.EXTENSION] = moment
    elif case.state == ASKED and not case.part_of:  # the whole case waits for a part's answer
        last = question_until(desk, case)
        half = days.add(desk.today, terms.question_days // 2)
        reminders = (days.at(half, MORNING), days.at(last, MORNING))
        moments[case_timers.QUESTION] = next((each for each in reminders if each > desk.now), desk.now)
        moments[case_timers.SILENT] = days.at(last, CLOSES)
    elif case.state == ANSWERED:
        moments[case_timers.REMIND] = desk.now + timedelta(days=terms.reminder_days)
        moments[case_timers.LAPSE] = desk.now + timedelta(days=terms.rating_days)
    elif case.state in (LAPSED, REFERRED) and case.answered_at is not None:
        moments[case_timers.REMIND] = case.answered_at + timedelta(days=terms.reminder_days)
    elif case.state == GUIDED:
        moments[case_timers.EXPIRE] = expires(desk, case)
    elif case.state in (REOPENED, APPEALED):
        moments[case_timers.REVIEW] = days.at(days.add(desk.today, terms.review_days), CLOSES)
    if case.state in OPEN and case.state != ASKED:
        moments[case_timers.LATE] = days.at(case.due_on + DAY, APOLOGY)
    team = teams.of_case(desk.conn, case.id)
    if team is not None and team.state == VERIFYING:
        moments[case_timers.TEAM] = days.at(team.due_on, OPENS)
    elif team is not None and team.state == PENDING:
        moments[case_timers.TEAM] = ruling_moment(desk, team)
    elif case.state in OPEN:  # a proposal of a team outlives changes of the state
        moments |= proposed
    ahead = {kind: moment for kind, moment in moments.items() if moment > desk.now}
    case_timers.replace(desk.conn, case.id, ahead)


def ruling_moment(desk: Desk, team: Team) -> datetime:
    """When a leader is next reminded of the decision on a violation: on its day, then every week."""
    day = desk.calendar.at(ruling_day(desk, team), OPENS)
    return day if day > desk.now else desk.calendar.at(next_week(desk.today, desk.calendar), OPENS)


def ruling_day(desk: Desk, team: Team) -> date:
    """By when a violation that was found has its decision (plan row KH5.3)."""
    found = desk.calendar.today(team.concluded_at) if team.concluded_at else desk.today
    return desk.calendar.add(found, desk.committee.terms.ruling_days)


def expires(desk: Desk, case: Case) -> datetime:
    """When an appointment ends of which nobody said whether the citizen came."""
    last = desk.calendar.add(case.due_on, desk.committee.terms.reception_days)
    return desk.calendar.at(last, CLOSES)


def question_until(desk: Desk, case: Case) -> date:
    """The last day for the citizen's answer to what was asked."""
    asked = desk.calendar.today(case.paused_at) if case.paused_at else desk.today
    return desk.calendar.add(asked, desk.committee.terms.question_days)


def may_propose(desk: Desk, case: Case) -> bool:
    """Whether a team may be proposed: there is none at work, and none waits for a decision."""
    waiting = case_timers.moments(desk.conn, case.id, *PROPOSED)
    team = teams.of_case(desk.conn, case.id)
    at_work = team is not None and team.state in (VERIFYING, PENDING)
    return not waiting and not at_work and not case.part_of


def undecided(desk: Desk, wish: Extension) -> datetime | None:
    """When somebody is next reminded to decide about a wish for more time; None once both were."""
    terms, days = desk.committee.terms, desk.calendar
    first = days.today(wish.at)
    mornings = (
        days.at(days.add(first, after), OPENS) for after in (terms.decide_days, terms.decide_above_days)
    )
    return next((morning for morning in mornings if morning > desk.now), None)


def is_above(desk: Desk, wish: Extension) -> bool:
    """Whether a wish has waited so long that the superior of whoever decides hears of it."""
    asked = desk.calendar.today(wish.at)
    return desk.today >= desk.calendar.add(asked, desk.committee.terms.decide_above_days)
