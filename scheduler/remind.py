"""Reminds officials: one card a person with everything whose time has come, only in office hours.

Rungs are rows; a run takes those due since whenever, so an outage of any length ends in one card with
the highest rung of each thing.  Running again adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import Connection

from db import calendar as calendar_db
from db import checks, inspections, outbox, people, rungs, work_cards
from db import tasks as tasks_db
from db.engine import DatabaseTrouble
from db.rungs import Due
from domain.calendar import Calendar
from domain.chat import Reply
from domain.checks import OPEN
from domain.committee import Committee
from domain.people import LEADER, Person
from domain.tasks import ASSIGNED, urgency
from domain.work_cards import SHOWN, Entry, Look, render
from scheduler import pass_on
from scheduler.deliver import LookAgain
from scheduler.lay import GATHER, is_missing, lay, lay_next_week, lay_unacknowledged

log = structlog.get_logger()

WHOLE = ("+3", "+5", "week")
MORNING_ENDS = time(8, 0)
PAST_SHOWN = 3
COMPANY = 3
_KINDS = {
    "task": "t",
    "submission": "s",
    "extension": "e",
    "evidence": "v",
    "inspection": "i",
    "visit": "j",
    "check": "k",
    "past": "r",
}
_LADDERS = {
    "task": ("deadline", "parent"),
    "submission": ("decision",),
    "extension": ("decision",),
    "cycle": ("period", "week", "subplan", "report"),
    "case": ("case",),
    "visit": ("visit",),
    "check": ("verify", "effect"),
}


def run(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> None:
    """Lays missing rungs and, in office hours, posts the cards of those that are due."""
    lay(conn, now, committee, calendar)
    if calendar.office_moment(now) != now:
        return
    for due in rungs.due(conn, now):
        if due.rung == "stale":
            lay_unacknowledged(conn, due, now, committee, calendar)
    pass_on.run(conn, now, calendar)
    rungs.reopen_before(conn, calendar.at(calendar.today(now), time.min))
    found: dict[int, list[Due]] = {}
    for due in rungs.due(conn, now):
        found.setdefault(due.person_id, []).append(due)
    for person_id, dues in found.items():
        try:
            with conn.begin_nested():
                _tell(conn, person_id, dues, now, committee, calendar)
        except DatabaseTrouble:
            raise
        except (
            Exception
        ):  # one card must not cost the others theirs; its rungs stay due, and the auditor sees
            log.exception("card_not_made", person=person_id)


def next_due(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> datetime | None:
    """The next moment at which :func:`run` would do something; a second from now where rungs are missing."""
    if is_missing(conn, now, committee, calendar):
        return now + timedelta(seconds=1)
    pending = rungs.next_due(conn)
    if rungs.lost(conn):
        pending = now
    return calendar.office_moment(max(pending, now)) if pending else None


def look_again(committee: Committee) -> Mapping[str, LookAgain]:
    """How queued cards are worded anew just before sending.

    What was done meanwhile is left out, and a card that missed the office hours waits for the next
    ones, together with what falls due until then.
    """

    def again(conn: Connection, due: outbox.Due, now: datetime) -> Reply | None:
        calendar = calendar_db.load(conn, committee.zone)
        today = calendar.today(now)
        of_before = calendar.today(due.created_at) < today and not due.attempts
        if calendar.office_moment(now) != now or of_before:
            rungs.reopen(conn, due.id)
            return None
        person = people.person(conn, int(due.card["person"]), today)
        names: dict[str, str] = dict(due.card["rungs"])
        entries = work_cards.entries(conn, due.card["items"], today, names, viewer=person)
        left = [entry for entry in entries if _holds(conn, entry, person, today)]
        if not left:
            return None
        gone = len(due.card["items"]) - len(left)
        look = Look(due.card["title"], total=int(due.card["total"]) - gone)
        reply = _card(left, person, look, now, calendar, committee)
        outbox.set_card(conn, due.id, reply.card)
        return reply

    return {"work": again}


def _tell(
    conn: Connection,
    person_id: int,
    dues: list[Due],
    now: datetime,
    committee: Committee,
    calendar: Calendar,
) -> None:
    today = calendar.today(now)
    person = people.person(conn, person_id, today)
    if {due.rung for due in dues} <= {"ask"}:
        dues = rungs.gathering(conn, person_id, now + GATHER)
    refs = _refs(conn, dues, person_id, today)
    rungs.end(conn, [due.id for due in dues if due.id not in refs], "dropped")
    dues = [due for due in dues if due.id in refs]
    highest: dict[str, Due] = {}
    for due in dues:
        highest[refs[due.id]] = due  # in the order of time: the last is the highest
    names = {ref: due.rung for ref, due in highest.items()}
    entries = [
        entry
        for entry in work_cards.entries(conn, highest, today, names, viewer=person)
        if _current(highest[entry.ref], entry) and _holds(conn, entry, person, today)
    ]
    held = {entry.ref for entry in entries}
    rungs.end(conn, [due.id for due in dues if refs[due.id] not in held], "dropped")
    dues = [due for due in dues if refs[due.id] in held]
    for due in dues:
        if _is_weekly(due, committee):
            lay_next_week(conn, due.subject, due.subject_id, person_id, due.schedule, today, calendar)
    account = people.account_of(conn, person_id)
    assert account is not None  # what cannot reach anybody was passed on
    entries, covered = _with_wholes(conn, entries, person, today)
    rungs.end(conn, [due.id for due in dues if refs[due.id] in covered], "merged")
    dues = [due for due in dues if refs[due.id] not in covered]
    for title, group in _cards(entries, names, person, now, calendar):
        if title in ("morning", "catch_up"):
            group = _with_company(conn, group, person, today, calendar)
        shown = group[: PAST_SHOWN if title == "past" else SHOWN]
        reply = _card(shown, person, Look(title, total=len(group)), now, calendar, committee)
        outbox_id = outbox.post(conn, account.id, reply, now, priority=outbox.REMINDER)
        here = {entry.ref for entry in group}
        told = [highest[ref].id for ref in here if ref in highest]
        rungs.end(conn, told, "told", outbox_id)
        merged = [due.id for due in dues if refs[due.id] in here and due.id not in told]
        rungs.end(conn, merged, "merged", outbox_id)


def _with_wholes(
    conn: Connection, entries: list[Entry], person: Person, today: date
) -> tuple[list[Entry], set[str]]:
    """Names a task of several units once instead of each late part; also returns the parts so covered."""
    wholes: dict[str, str] = {}
    for entry in entries:
        task = entry.task
        if entry.rung in WHOLE and task and task.parent_id and task.unit_id not in person.unit_ids:
            wholes[entry.ref] = f"t{task.parent_id}"
    rest = [entry for entry in entries if entry.ref not in wholes]
    known = {entry.ref for entry in rest}
    more = [ref for ref in dict.fromkeys(wholes.values()) if ref not in known]
    return rest + work_cards.entries(conn, more, today), set(wholes)


def _with_company(
    conn: Connection, group: list[Entry], person: Person, today: date, calendar: Calendar
) -> list[Entry]:
    """The card with the person's other tasks that are late or due within three working days."""
    until = calendar.add(today, COMPANY)
    near = [
        f"t{task.id}"
        for task in tasks_db.mine(conn, person.id, today)
        if task.is_open and not task.is_parent and task.due_on and task.due_on <= until
    ]
    known = {entry.ref for entry in group}
    more = work_cards.entries(conn, [ref for ref in near if ref not in known], today)
    return sorted([*group, *more], key=lambda entry: _order(entry, person))


def _cards(
    entries: Sequence[Entry], names: Mapping[str, str], person: Person, now: datetime, calendar: Calendar
) -> list[tuple[str, list[Entry]]]:
    """Which cards to make: one, but past tasks and each reporter's decisions have their own."""
    past = [entry for entry in entries if entry.ref.startswith("r")]
    rest = sorted((entry for entry in entries if entry not in past), key=lambda e: _order(e, person))
    found: list[tuple[str, list[Entry]]] = []
    if rest and {names.get(entry.ref, "") for entry in rest} <= {"ask"} and not person.has(LEADER):
        reporters: dict[int, list[Entry]] = {}
        for entry in rest:
            assert entry.decision is not None
            reporters.setdefault(entry.decision.reporter_id, []).append(entry)
        found += [("decide", group) for group in reporters.values()]
    elif rest:
        found.append((_title({names.get(entry.ref, "") for entry in rest}, now, calendar), rest))
    return [*found, ("past", past)] if past else found


def _title(names: set[str], now: datetime, calendar: Calendar) -> str:
    hour = now.astimezone(calendar.zone).time()
    if names <= {"ask"}:
        return "decide"
    if names <= {"T0-pm"}:
        return "afternoon"
    if len(names) == 1 and names <= {"nudge", "directed"}:
        return names.pop()
    if hour < MORNING_ENDS:
        return "morning"
    return "given" if names <= {"given", "ready"} else "catch_up"


def _order(entry: Entry, person: Person) -> tuple[int, tuple[date, int]]:
    """Own tasks first, then promised proof, decisions, other people's tasks, standing rows, inspections."""
    if entry.ref.startswith("i"):
        return (9, (date.max, 0))
    if entry.visit is not None:
        return (8, (entry.visit.held_on, entry.visit.id))
    if entry.check is not None:
        return (4, (entry.check.due_on, entry.check.id))
    if entry.ref.startswith("p"):
        own = entry.cycles[0].assignee_id == person.id
        return (6 if own else 7, (entry.cycles[0].due_on, entry.cycles[0].id))
    if entry.ref.startswith("b"):
        return (3, (date.min, 0))
    if entry.ref.startswith("c"):
        return (2, (entry.cases[0].due_on, 0))
    if entry.decision is not None:
        return (3, (entry.decision.at.date(), entry.decision.id))
    assert entry.task is not None
    own = entry.task.assignee_id == person.id and not entry.task.is_parent
    rank = 2 if entry.ref.startswith("v") else 1 if own else 5
    return (rank, urgency(entry.task))


def _card(
    entries: Sequence[Entry],
    person: Person,
    look: Look,
    now: datetime,
    calendar: Calendar,
    committee: Committee,
) -> Reply:
    reply = render(entries, person, look, now, calendar, committee.category_names)
    names = {entry.ref: entry.rung for entry in entries}
    card = {**reply.card, "kind": "work", "person": person.id, "rungs": names}
    if any(entry.ref.startswith(("i", "j")) for entry in entries):
        card["hours"] = inspections.SHOWN_HOURS
    return replace(reply, card=card)


def _refs(conn: Connection, dues: Sequence[Due], person_id: int, today: date) -> dict[int, str]:
    """By rung, the item of the card it belongs to; those that have nothing to say any more are left out."""
    found = {due.id: f"{_KINDS[due.subject]}{due.subject_id}" for due in dues if due.subject in _KINDS}
    return found | work_cards.grouped(conn, dues, person_id, today)


def _is_weekly(due: Due, committee: Committee) -> bool:
    """Whether a rung comes back next week."""
    ladders = [committee.ladders[name] for name in _LADDERS.get(due.subject, ())]
    return due.rung == "week" or any(
        rung.weekly and rung.name == due.rung for ladder in ladders for rung in ladder.rungs
    )


def _current(due: Due, entry: Entry) -> bool:
    """Whether a task's rung belongs to its present schedule."""
    return due.subject != "task" or (entry.task is not None and entry.task.schedule == due.schedule)


def _holds(conn: Connection, entry: Entry, person: Person, today: date) -> bool:
    """Whether there is still something to say about it to this person."""
    if entry.ref.startswith("i"):
        return inspections.may_see(person) and (bool(entry.drawn) or not entry.held)
    if entry.visit is not None:
        missing = entry.visit.lacks_minutes or not entry.rung.startswith("minutes")
        return inspections.may_see(person) and entry.visit.issued_at is None and missing
    if not person.is_official:
        return False
    if entry.check is not None:
        return entry.check.state == OPEN and checks.may_answer(conn, entry.check, person, today)
    if entry.ref.startswith("p"):
        return any(cycle.is_open for cycle in entry.cycles)
    if entry.ref.startswith(("b", "c")):
        return bool(entry.cases or entry.proposed)
    if entry.decision is not None:
        return entry.decision.state == "waiting"
    assert entry.task is not None
    if entry.ref.startswith("v"):
        return entry.report is not None and entry.report.evidence_by is not None
    if entry.ref.startswith("r"):
        return entry.task.is_open and entry.task.retro
    if entry.rung.startswith("ack") or entry.rung == "stale":
        return entry.task.state == ASSIGNED
    if entry.rung.startswith("plan"):
        return entry.task.is_open and not entry.task.percent and not entry.task.blocked_by
    if entry.task.is_parent:
        return entry.task.is_open and bool(entry.silent)
    return entry.task.is_open
