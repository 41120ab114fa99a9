"""Opens the sealed identity of a sender: a custodian asks with a reason, a leader lets it, it is shown once.

Every step is an event, the sender is told, and the report counts it (spec row 16).
"""

from __future__ import annotations

from datetime import timedelta

from db import audit, cases, identities, outbox, people
from db.cases import Case
from db.identities import ASKED, GRANTED, OPENED, REFUSED, Opening
from domain.chat import Choice, Reply, Turn
from domain.codes import code_in
from domain.errors import RuleError
from domain.people import CUSTODIAN, LEADER
from domain.sight import SEALED, is_concerned
from handlers import case_cards
from handlers.case_privacy import UNLINKED
from handlers.desk import Desk

SHORTEST_REASON = 10
DECIDED_WITHIN = timedelta(days=3)
SHOWN_WITHIN = timedelta(days=1)
SHOWN_FOR = timedelta(minutes=10)


def run(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/danhtinh CODE reason: asks the leaders; missing, open and forbidden codes look alike."""
    if (named := code_in(turn.text)) is None:
        return [Reply("identity_how")]
    code, reason = named
    if len(reason) < SHORTEST_REASON:
        return [Reply("identity_reason")]
    case = cases.sealed_by_code(desk.conn, code)
    if case is None or case.account_id is None or is_concerned(case, desk.person):
        return [Reply("identity_none")]
    leaders = _approvers(desk, case, desk.person.id)
    if not leaders:
        return [Reply("identity_nobody")]
    opening = identities.ask(desk.conn, case.id, desk.person.id, reason, desk.now)
    _record(desk, case.id, "identity_asked")
    rows = (
        (Choice("identity_yes", f"identity:yes:{opening}"), Choice("identity_no", f"identity:no:{opening}")),
    )
    known = {"code": case.code, "custodian": desk.person.called, "reason": reason}
    for leader_id, account_id in leaders:
        moment = desk.calendar.office_moment(desk.now)
        outbox.post(
            desk.conn,
            account_id,
            Reply("identity_ask", known, rows, slot=_slot(opening)),
            desk.now,
            key=identities.card_key(opening, leader_id),
            priority=outbox.ESCALATION,
            due_at=moment,
        )
    return [Reply("identity_asked", {"code": case.code})]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; roles and state are looked up anew."""
    verb, number = [*arguments, "", ""][:2]
    opening = identities.get(desk.conn, int(number)) if number.isdigit() else None
    if opening is None:
        raise RuleError("button_gone")
    if verb in ("yes", "no"):
        return [_decided(desk, turn, opening, GRANTED if verb == "yes" else REFUSED)]
    if verb == "open":
        return [_shown(desk, turn, opening)]
    raise RuleError("button_gone")


def _decided(desk: Desk, turn: Turn, opening: Opening, state: str) -> Reply:
    """The second person's word; never of the one who asked, nor of the one who handles the case."""
    case = _case(desk, opening)
    allowed = {person for person, _ in _approvers(desk, case, opening.custodian_id, but_me=False)}
    if desk.person.id not in allowed:
        raise RuleError("not_found")
    if opening.state != ASKED:
        key = "identity_settled" if opening.approver_id else "identity_replaced"
        return Reply(key, {"code": case.code}, edits=turn.message_id)
    if desk.now - opening.asked_at > DECIDED_WITHIN:
        raise RuleError("button_gone")
    identities.decide(desk.conn, opening, state, desk.person.id, desk.now)
    _record(desk, case.id, f"identity_{state}")
    _close_others(desk, case, opening, allowed)
    custodian = people.account_of(desk.conn, opening.custodian_id)
    if custodian is not None:
        choices = ((Choice("identity_open", f"identity:open:{opening.id}"),),) if state == GRANTED else ()
        told = Reply(f"identity_{state}", {"code": case.code}, choices)
        outbox.post(desk.conn, custodian.id, told, desk.now, priority=outbox.ESCALATION)
    return Reply("identity_decided", {"code": case.code, "granted": state == GRANTED}, edits=turn.message_id)


def _close_others(desk: Desk, case: Case, opening: Opening, allowed: set[int]) -> None:
    """No other leader is asked any more; whoever may not hear of the case now loses the card instead."""
    others = {*people.holders(desk.conn, LEADER, desk.today)} - {desk.person.id}
    for leader_id, account_id, message_id in identities.cards(desk.conn, opening.id, others):
        outbox.withhold(desk.conn, account_id, _slot(opening.id))
        if leader_id not in allowed:
            outbox.take_away(desk.conn, account_id, message_id, desk.now)
        elif message_id:
            settled = Reply("identity_settled_card", {"code": case.code}, edits=message_id)
            outbox.post(desk.conn, account_id, settled, desk.now)


def _slot(opening_id: int) -> str:
    return f"identity:{opening_id}"


def _shown(desk: Desk, turn: Turn, opening: Opening) -> Reply:
    """The identity, once, for ten minutes; the sender hears of it."""
    if desk.person.id != opening.custodian_id or not desk.person.has(CUSTODIAN):
        raise RuleError("not_found")
    late = opening.decided_at is None or desk.now - opening.decided_at > SHOWN_WITHIN
    if opening.state != GRANTED or late:
        raise RuleError("button_gone")
    case, identity = _case(desk, opening), identities.known(desk.conn, opening.case_id)
    if identity is None or case.account_id is None:
        return Reply("identity_gone", {"code": case.code}, edits=turn.message_id)
    identities.opened(desk.conn, opening, desk.now)
    _record(desk, case.id, f"identity_{OPENED}")
    closed = Reply("identity_closed", {"code": case.code}, edits=turn.message_id)
    outbox.post(desk.conn, desk.account.id, closed, desk.now, due_at=desk.now + SHOWN_FOR)
    told = {"code": case.code, "reason": opening.reason, "at": desk.now}
    moment = desk.calendar.citizen_moment(desk.now)
    news = Reply("case_news_identity", told, card={"case": case.id})
    outbox.post(desk.conn, case.account_id, news, desk.now, due_at=moment)
    known = {
        "code": case.code,
        "channel": identity.channel,
        "account": identity.external_id,
        "name": identity.name,
        "contact": identity.contact,
    }
    return Reply("identity_shown", known, edits=turn.message_id, card=UNLINKED)


def _case(desk: Desk, opening: Opening) -> Case:
    case = cases.sealed(desk.conn, opening.case_id)
    if case is None or case.privacy != SEALED:
        raise RuleError("button_gone")
    return case


def _approvers(desk: Desk, case: Case, custodian_id: int, *, but_me: bool = True) -> list[tuple[int, int]]:
    """Leaders who may know of the case, neither ask nor handle it, and can be reached."""
    busy = {custodian_id, case.handler_id, case.answered_by}
    seeing = [who for who in case_cards.leaders(desk, case) if who not in busy]
    if not but_me:
        return [(who, 0) for who in seeing]
    return case_cards.reachable(desk, seeing)


def _record(desk: Desk, case_id: int, action: str) -> None:
    audit.record(desk.conn, "case", case_id, action, desk.now, actor_id=desk.person.id)
