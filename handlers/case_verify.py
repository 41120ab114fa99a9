"""[Đề nghị xác minh]: officials propose a verification team, a leader decides in time (plan row KH5.2).

The reason stays between officials.  Without a decision the leaders hear again, then the chairman in
the card of each week, until a team is formed, declined, or the case has its answer.
"""

from __future__ import annotations

from db import case_timers, cases, dialogs, outbox, people, proposals, rungs
from db.cases import Case
from db.dialogs import Dialog
from domain.calendar import OPENS
from domain.cases import OPEN
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.ladders import next_week, week_name
from domain.people import LEADER
from handlers import case_cards, case_moves, case_waits
from handlers.case_prompts import SHORTEST_REASON, VERIFY
from handlers.desk import Desk


def on_propose(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The reason goes to the first leader who can be reached, with the choice."""
    if turn.edit:
        return None
    reason = turn.text.strip()
    if len(reason) < SHORTEST_REASON:
        return [Reply("case_verify_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    case_moves.check(desk, case, VERIFY.action)
    if not case_waits.may_propose(desk, case):
        raise RuleError("case_state_changed", code=case.code)
    leaders = _leaders(desk, case)
    if not leaders:
        raise RuleError("case_extend_nobody")
    case = case_moves.make(desk, case, VERIFY.action, ("reason",))
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, case.id, "verify", reason, desk.now, desk.person.id)
    until = desk.calendar.add(desk.today, desk.committee.terms.verify_days)
    case_timers.put(desk.conn, case.id, case_timers.VERIFY, desk.calendar.at(until, OPENS))
    _ask(desk, case, leaders[:1], late=False)
    shown = case_cards.card(desk, case, desk.person, edits=dialog.data["card"])
    return [Reply("case_verify_sent", {"code": case.code, "until": until}), shown]


def decline(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Không cần]: the case goes on as it is; whoever works on it is told."""
    case_moves.check(desk, case, "decline_team")
    if not is_waiting(desk, case):
        raise RuleError("case_state_changed", code=case.code)
    case = case_moves.make(desk, case, "decline_team")
    case_timers.clear(desk.conn, case.id, *case_waits.PROPOSED)
    asked = [case.handler_id] if case.handler_id else people.members(desk.conn, case.unit_id, desk.today)
    seeing = [who for who in asked if case_cards.sees(desk, case, who)]
    known = {"code": case.code, "who": desk.person.called}
    _post(
        desk, case_cards.reachable(desk, seeing), Reply("case_verify_declined", known, card={"case": case.id})
    )
    return [Reply("case_verify_kept", known, edits=turn.message_id)]


def choices(desk: Desk, case: Case) -> list[Choice]:
    """[Không cần], while a proposal waits."""
    may = is_waiting(desk, case) and case_moves.can(desk, case, "decline_team")
    return [Choice("case_verify_no", f"order:noteam:{case.id}")] if may else []


def is_waiting(desk: Desk, case: Case) -> bool:
    """Whether a proposed team waits for a decision."""
    return bool(proposals.waiting(desk.conn, [case.id], desk.person))


def why(desk: Desk, case: Case) -> str:
    """The reason of the newest proposal."""
    return cases.said(desk.conn, case.id, "verify")[-1].words


def remind(desk: Desk, case: Case) -> None:
    """The days are over without a decision: every leader who sees the case hears."""
    if case.state in OPEN and case_waits.may_propose(desk, case):
        _ask(desk, case, _leaders(desk, case), late=True)
        remind_weekly(desk, case)


def remind_weekly(desk: Desk, case: Case) -> None:
    """Still no decision: a line of the chairman's card on the first working day of the week."""
    if case.state not in OPEN or not case_waits.may_propose(desk, case):
        return
    day = next_week(desk.today, desk.calendar)
    moment = desk.calendar.at(day, OPENS)
    case_timers.put(desk.conn, case.id, case_timers.VERIFY_WEEKLY, moment)
    for person_id, _ in _leaders(desk, case)[:1]:
        rungs.add(desk.conn, "proposal", case.id, person_id, "undecided", moment, period=week_name(day))


def _ask(desk: Desk, case: Case, leaders: list[tuple[int, int]], *, late: bool) -> None:
    known = {**case_cards.facts(desk, case), "late": late, "why": why(desk, case)}
    no = Choice("case_verify_no", f"order:noteam:{case.id}")
    rows = ((Choice("case_team_form", f"order:form:{case.id}"), no),)
    _post(desk, leaders, Reply("case_verify_card", known, rows, card={"case": case.id}))


def _post(desk: Desk, whom: list[tuple[int, int]], reply: Reply) -> None:
    due_at = desk.calendar.office_moment(desk.now)
    for _, account_id in whom:
        outbox.post(desk.conn, account_id, reply, desk.now, priority=outbox.ESCALATION, due_at=due_at)


def _leaders(desk: Desk, case: Case) -> list[tuple[int, int]]:
    """The leaders who may form a team of this case and can be reached, the chairman first."""
    leaders = people.holders(desk.conn, LEADER, desk.today)
    return case_cards.reachable(desk, case_cards.able(desk, case, "form_team", leaders))
