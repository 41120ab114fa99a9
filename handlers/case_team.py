"""A verification team at work: its card, its minutes, its finding, the decision on it.

Plan rows KH5.2 and KH5.3.  Papers are for the leaders and the team alone; the citizen is answered within
the working days that ``legal.toml`` names after the finding.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from db import audit, case_timers, cases, dialogs, files, followers, outbox, people, teams
from db.cases import Case
from db.dialogs import Dialog
from db.files import Stored
from db.teams import Team
from domain import sentences
from domain.calendar import OPENS
from domain.cases import OPEN
from domain.chat import Choice, Reply, Rows, Turn
from domain.errors import RuleError
from domain.people import LEADER, Person
from domain.verification import (
    DECISION,
    MINUTES,
    NO_VIOLATION,
    PENDING,
    RULED,
    RULING,
    WORKING,
)
from handlers import case_cards, case_draft, case_handling, case_moves, case_waits
from handlers.desk import Desk

PAPER = "case_paper"
LIFETIME = timedelta(minutes=30)
_KINDS = {DECISION: (WORKING,), MINUTES: (WORKING,), RULING: (PENDING,)}
_FOUND = {"yes": PENDING, "no": NO_VIOLATION}


def choices(desk: Desk, case: Case) -> list[Choice]:
    """[Lập ban xác minh], or a look at the team there is."""
    team = teams.of_case(desk.conn, case.id)
    if team is not None and team.state in (WORKING, PENDING):
        return [Choice("case_team_show", f"order:team:{case.id}")] if desk.person.has(LEADER) else []
    may = case_moves.can(desk, case, "form_team") and not case.part_of
    return [Choice("case_team_form", f"order:form:{case.id}")] if may else []


def show(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """The team of a case, for a leader."""
    team = teams.of_case(desk.conn, case.id)
    if team is None or not desk.person.has(LEADER):
        raise RuleError("not_found")
    return [team_card(desk, team, case, desk.person, edits=turn.message_id)]


def remind(desk: Desk, case: Case) -> None:
    """Its day has come: the head hears in the morning; a day later, then once a week, the leader too.

    Of a violation without a decision on it the leader hears on its day, then once a week.
    """
    team = teams.of_case(desk.conn, case.id)
    if team is not None and team.state == PENDING:
        _remind_of_ruling(desk, team, case)
    if team is None or team.state != WORKING:
        return
    late = desk.calendar.between(team.due_on, desk.today)
    for person_id in dict.fromkeys([team.head_id, *([team.decided_by] if late > 0 else [])]):
        shown = team_card(desk, team, case, people.person(desk.conn, person_id, desk.today))
        facts = {"code": case.code, "due": team.due_on, "late": late, "head": shown.facts["head"]}
        tell(desk, person_id, Reply("case_team_due", facts, shown.choices, slot=shown.slot, card=shown.card))
    again = desk.calendar.add(desk.today, 5 if late > 0 else 1)
    case_timers.put(desk.conn, case.id, case_timers.TEAM, desk.calendar.at(again, OPENS))


def _remind_of_ruling(desk: Desk, team: Team, case: Case) -> None:
    due_on = case_waits.ruling_day(desk, team)
    leader = people.person(desk.conn, team.decided_by, desk.today)
    if not leader.has(LEADER):  # gone meanwhile: the chairman
        chairman = next(iter(case_cards.leaders(desk, case)), team.decided_by)
        leader = people.person(desk.conn, chairman, desk.today)
    shown = team_card(desk, team, case, leader)
    facts = {"code": case.code, "due": due_on, "late": desk.calendar.between(due_on, desk.today)}
    tell(desk, leader.id, Reply("case_ruling_due", facts, shown.choices, slot=shown.slot, card=shown.card))
    case_timers.put(desk.conn, case.id, case_timers.TEAM, case_waits.ruling_moment(desk, team))


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """A choice on a team's card: a paper to record, or what was found."""
    verb, number, more = (*arguments, "", "", "")[:3]
    if not number.isdecimal():
        raise RuleError("button_gone")
    team, case = teams.access_team(desk.conn, int(number), acting=desk.person)
    if verb == "card":
        return [team_card(desk, team, case, desk.person, edits=turn.message_id)]
    if verb == "files":
        return case_handling.file_messages(case, _files(desk, team, case))
    if verb == "paper" and more in _KINDS:
        return _ask_paper(desk, turn, team, case, more)
    if verb == "found" and more in _FOUND:
        return _found(desk, turn, team, case, _FOUND[more])
    raise RuleError("button_gone")


def on_paper(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Number and day of a decision or minutes, or a picture or file of it."""
    if turn.edit:
        return None
    team, case = teams.access_team(desk.conn, dialog.data["team"], acting=desk.person)
    kind = dialog.data["kind"]
    _must_write(desk, team, kind)
    document = sentences.find_document(turn.text, desk.today)
    kept = [file for file in turn.files if file.kind in ("photo", "document")]
    if document is None and not kept:
        return [Reply("case_paper_again")]
    if document and document.day and document.day > desk.today:
        raise RuleError("task_document_future", day=document.day)
    dialogs.close(desk.conn, desk.account.id)
    number, day = (document.number, document.day) if document else ("", None)
    paper = teams.add_paper(desk.conn, team.id, kind, number, day, desk.person.id, desk.now)
    for file in kept:
        files.keep(desk.conn, desk.account.id, file, "paper", paper, desk.now)
    audit.record(
        desk.conn, "case", case.id, f"{kind}_recorded", desk.now, actor_id=desk.person.id, team=team.id
    )
    if kind == RULING:
        team = teams.change(desk.conn, team.id, RULED)
        case_timers.clear(desk.conn, case.id, case_timers.TEAM)
    if kind == MINUTES and desk.person.id != team.head_id:
        head = people.person(desk.conn, team.head_id, desk.today)
        tell(desk, head.id, team_card(desk, team, case, head))
    return [team_card(desk, team, case, desk.person, edits=dialog.data["card"])]


def team_card(desk: Desk, team: Team, case: Case, viewer: Person, *, edits: str = "") -> Reply:
    """A team as one of it or a leader sees it, with what they may do."""
    members = [people.person(desk.conn, each, desk.today) for each in team.members]
    known = case_cards.facts(desk, case)
    papers = [
        {"kind": paper.kind, "document": paper.document, "day": paper.document_date}
        for paper in teams.papers(desk.conn, team.id)
    ]
    facts = {
        **named(members),
        **{name: known[name] for name in ("code", "kind", "told", "place")},
        "due": team.due_on,
        "answer_by": case.due_on,
        "state": team.state,
        "papers": papers,
    }
    return Reply(
        "case_team_card",
        facts,
        _choices(desk, team, case, viewer),
        edits=edits,
        slot=f"case-team:{team.id}",
        card={"team": team.id},
    )


def _choices(desk: Desk, team: Team, case: Case, viewer: Person) -> Rows:
    rows: list[tuple[Choice, ...]] = []
    has_minutes = bool(teams.papers(desk.conn, team.id, MINUTES))
    if team.state == WORKING and viewer.id == team.head_id and has_minutes:
        rows.append(
            (
                Choice("case_found_yes", f"team:found:{team.id}:yes"),
                Choice("case_found_no", f"team:found:{team.id}:no"),
            )
        )
    for kind in _KINDS:
        if _may_write(viewer, team, kind):
            rows.append((Choice(f"case_paper_{kind}", f"team:paper:{team.id}:{kind}"),))
    count = len(_files(desk, team, case))
    if count:
        rows.append((Choice("case_files", f"team:files:{team.id}", {"count": count}),))
    return tuple(rows)


def _files(desk: Desk, team: Team, case: Case) -> list[Stored]:
    """The evidence of the case and the scans of the team's papers."""
    scans = [teams.scans(desk.conn, paper.id) for paper in teams.papers(desk.conn, team.id)]
    return [*followers.evidence(desk.conn, case.id), *(file for each in scans for file in each)]


def _ask_paper(desk: Desk, turn: Turn, team: Team, case: Case, kind: str) -> list[Reply]:
    _must_write(desk, team, kind)
    data = {"team": team.id, "kind": kind, "card": turn.message_id}
    if not case_draft.aside(desk, PAPER, data, LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    return [Reply("case_paper_ask", {"code": case.code, "kind": kind}, edits=turn.message_id)]


def _found(desk: Desk, turn: Turn, team: Team, case: Case, state: str) -> list[Reply]:
    """The head says what was found; the clock of the answer begins, the leader hears of it."""
    if team.state != WORKING or desk.person.id != team.head_id:
        raise RuleError("button_gone")
    if not teams.papers(desk.conn, team.id, MINUTES):
        raise RuleError("case_found_minutes")
    team = teams.change(desk.conn, team.id, state, desk.now)
    audit.record(
        desk.conn, "case", case.id, "verified", desk.now, actor_id=desk.person.id, team=team.id, found=state
    )
    if case.state in OPEN:
        case = cases.change(
            desk.conn, case.id, **until(desk, desk.calendar.add(desk.today, answer_days(desk)))
        )
        case_waits.begin(desk, case)
        case_cards.update_cards(desk, case)
        case_cards.tell_citizen(desk, case, "case_news_verified")
    elif state == PENDING:
        case_timers.put(desk.conn, case.id, case_timers.TEAM, case_waits.ruling_moment(desk, team))
    leader = people.person(desk.conn, team.decided_by, desk.today)
    tell(desk, leader.id, team_card(desk, team, case, leader))
    return [team_card(desk, team, case, desk.person, edits=turn.message_id)]


def _may_write(person: Person, team: Team, kind: str) -> bool:
    """Members record minutes; the leader who formed the team, or another one, records decisions."""
    if team.state not in _KINDS[kind]:
        return False
    return person.id in team.members if kind == MINUTES else person.has(LEADER)


def _must_write(desk: Desk, team: Team, kind: str) -> None:
    if not _may_write(desk.person, team, kind):
        raise RuleError("button_gone")


def named(members: list[Person]) -> dict[str, object]:
    """The head and the other members by name, for texts."""
    head, *others = [each.name for each in members]
    return {"head": head, "members": others}


def until(desk: Desk, due_on: date) -> dict[str, Any]:
    """The columns of a case that is to be answered by a new day."""
    days = desk.calendar.between(desk.today, due_on)
    return {"due_on": due_on, "due_from": desk.today, "due_days": days, "stood": []}


def answer_days(desk: Desk) -> int:
    """Working days in which the citizen is answered after the finding."""
    return desk.committee.limits["xac_minh_tra_loi"].value


def tell(desk: Desk, person_id: int, reply: Reply) -> None:
    """A message to one person, in office hours."""
    account = people.account_of(desk.conn, person_id)
    if account is None or account.id == desk.account.id:
        return
    due_at = desk.calendar.office_moment(desk.now)
    outbox.post(desk.conn, account.id, reply, desk.now, priority=outbox.ESCALATION, due_at=due_at)
