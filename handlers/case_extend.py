"""[Xin lùi hẹn]: a later day with a reason that the citizen reads, decided by a superior.

The head decides about the first few working days, a leader about more, about a second time and about
the head's own wish; who stays silent hears again, then their superior does.  The first promise stays: it
is shown, and the figures count by it (rows 14, 42).
"""

from __future__ import annotations

from datetime import date, timedelta

from db import case_extensions, case_timers, cases, dialogs, outbox, parts, people
from db.case_extensions import Extension
from db.cases import Case
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.people import HEAD, LEADER, Person
from handlers import case_cards, case_draft, case_moves, case_waits
from handlers.case_prompts import EXTEND, SHORTEST_REASON
from handlers.desk import Desk

REFUSE = "case_extend_no"
REASON_ENOUGH = 20
LONGEST = timedelta(days=180)


def on_extend(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Gathers the day and the reason, in one line or two, and sends the wish to whoever decides."""
    if turn.edit:
        return None
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    case_moves.check(desk, case, EXTEND.action)
    wish = sentences.find_wish(f"xin gia han {turn.text.strip()}", desk.today)
    day = wish.day if wish and wish.day else _day_of(dialog.data["step"])
    reason = (wish.reason if wish else "") or str(dialog.data["text"])
    data = {**dialog.data, "step": day.isoformat() if day else "", "text": reason}
    if day is not None and not case.due_on < day <= desk.today + LONGEST:
        raise RuleError("case_extend_day", due=case.due_on)
    whole = parts.whole(desk.conn, case)
    if day is not None and whole.id != case.id and desk.calendar.forward(day) > whole.due_on:
        raise RuleError("case_part_day", unit=case.unit_name, code=whole.code, last=whole.due_on)
    dialogs.open_dialog(desk.conn, desk.account.id, EXTEND.dialog, data, desk.now)
    if day is None:
        return [Reply("case_extend_ask_day", {"code": case.code})]
    if len(reason) < REASON_ENOUGH:
        return [Reply("case_extend_ask_reason", {"code": case.code, "day": desk.calendar.forward(day)})]
    return _sent(desk, case, desk.calendar.forward(day), reason, str(data["card"]))


def grant(desk: Desk, turn: Turn, extension_id: int) -> list[Reply]:
    """[Cho lùi]: the new day holds; everybody who waits is told it and why."""
    extension, case = _waiting(desk, extension_id)
    more = desk.calendar.between(case.due_on, extension.to_day)
    if more <= 0:
        raise RuleError("case_state_changed", code=case.code)
    days = case.due_days + more if case.due_days is not None else None  # None follows another case
    case = case_moves.make(desk, case, "decide_extension", due_on=extension.to_day, due_days=days)
    case_extensions.decide(desk.conn, extension.id, "granted", desk.person.id, desk.now)
    case_waits.begin(desk, case)
    case_cards.update_cards(desk, case)
    account = people.account_of(desk.conn, extension.person_id)
    if account is not None:  # in place of the card as it stands, which does not say that it was a wish
        asker = people.person(desk.conn, extension.person_id, desk.today)
        shown = case_cards.card(desk, case, asker)
        granted = {**shown.facts, "who": desk.person.called}
        told = Reply("case_extend_granted", granted, shown.choices, slot=shown.slot, card=shown.card)
        due_at = desk.calendar.office_moment(desk.now)
        outbox.post(desk.conn, account.id, told, desk.now, due_at=due_at)
    case_cards.tell_citizen(desk, case, "case_news_extended", reason=extension.reason)
    known = {**case_cards.facts(desk, case), "reason": extension.reason}
    return [Reply("case_extended", known, edits=turn.message_id)]


def refuse(desk: Desk, turn: Turn, extension_id: int) -> list[Reply]:
    """[Không cho]: asks why; on a channel without buttons the words may follow the number."""
    extension, case = _waiting(desk, extension_id)
    if len(turn.text.strip()) >= SHORTEST_REASON:
        return _refused(desk, extension, case, turn.text.strip(), turn.message_id)
    data = {"case": case.id, "extension": extension.id, "card": turn.message_id}
    if not case_draft.aside(desk, REFUSE, data, dialogs.LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    return [Reply("case_extend_why_not", {"code": case.code}, edits=turn.message_id)]


def on_refuse(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The reason goes to whoever asked."""
    if turn.edit:
        return None
    if len(turn.text.strip()) < SHORTEST_REASON:
        return [Reply("case_extend_why_not", {"code": ""})]
    extension, case = _waiting(desk, dialog.data["extension"])
    dialogs.close(desk.conn, desk.account.id)
    return _refused(desk, extension, case, turn.text.strip(), dialog.data["card"])


def remind(desk: Desk, case: Case) -> None:
    """Nobody decided about a wish: whoever is to hears again, later their superior in their place."""
    extension = case_extensions.waiting(desk.conn, case.id)
    if extension is None or not case_moves.is_known(case, "decide_extension"):
        return
    whom = _deciders(desk, case, extension.person_id, extension.to_day)
    if case_waits.is_above(desk, extension) and whom:
        above = people.superiors(desk.conn, whom[0][0], case.unit_id, desk.today)
        able = case_cards.able(desk, case, "decide_extension", [p for p in above if p != extension.person_id])
        whom = case_cards.reachable(desk, able)[:1] or whom
    asker = people.person(desk.conn, extension.person_id, desk.today)
    for _, account_id in whom:
        _ask(desk, case, extension, asker, account_id, "case_extend_undecided")
    if (moment := case_waits.undecided(desk, extension)) is not None:
        case_timers.put(desk.conn, case.id, case_timers.EXTENSION, moment)


def _sent(desk: Desk, case: Case, day: date, reason: str, shown_in: str) -> list[Reply]:
    deciders = _deciders(desk, case, desk.person.id, day)
    if not deciders:
        raise RuleError("case_extend_nobody")
    case = case_moves.make(desk, case, EXTEND.action, ("day", "reason"))
    dialogs.close(desk.conn, desk.account.id)
    extension = case_extensions.add(desk.conn, case.id, desk.person.id, case.due_on, day, reason, desk.now)
    if (moment := case_waits.undecided(desk, extension)) is not None:
        case_timers.put(desk.conn, case.id, case_timers.EXTENSION, moment)
    for _, account_id in deciders:
        _ask(desk, case, extension, desk.person, account_id, "case_extend_card")
    decider = people.person(desk.conn, deciders[0][0], desk.today)
    shown = case_cards.card(desk, case, desk.person, full=False)
    known = {**case_cards.facts(desk, case), "day": day, "reason": reason, "who": decider.called}
    return [Reply("case_extend_sent", known, shown.choices, edits=shown_in, card=shown.card)]


def _ask(desk: Desk, case: Case, extension: Extension, asker: Person, account_id: int, key: str) -> None:
    wish = {"day": extension.to_day, "reason": extension.reason, "who": asker.called}
    no = Choice("case_extend_no", f"case:refuse:{extension.id}", takes_text=True)
    choices = ((Choice("case_extend_yes", f"case:grant:{extension.id}"), no),)
    reply = Reply(key, {**case_cards.facts(desk, case), **wish}, choices, card={"case": case.id})
    due_at = desk.calendar.office_moment(desk.now)
    outbox.post(desk.conn, account_id, reply, desk.now, priority=outbox.ESCALATION, due_at=due_at)


def _refused(desk: Desk, extension: Extension, case: Case, why: str, shown_in: str) -> list[Reply]:
    case = case_moves.make(desk, case, "decide_extension")
    case_extensions.decide(desk.conn, extension.id, "refused", desk.person.id, desk.now)
    account = people.account_of(desk.conn, extension.person_id)
    if account is not None:
        asker = people.person(desk.conn, extension.person_id, desk.today)
        card = case_cards.card(desk, case, asker)
        told = Reply(
            "case_extend_refused",
            {**card.facts, "why": why, "who": desk.person.called},
            card.choices,
            card=card.card,
        )
        due_at = desk.calendar.office_moment(desk.now)
        outbox.post(desk.conn, account.id, told, desk.now, due_at=due_at)
    asker = people.person(desk.conn, extension.person_id, desk.today)
    kept = {**case_cards.facts(desk, case), "who": asker.called}
    return [Reply("case_extend_kept", kept, edits=shown_in)]


def _waiting(desk: Desk, extension_id: int) -> tuple[Extension, Case]:
    """The wish and its case, if the person decides about it; raises."""
    extension = case_extensions.get(desk.conn, extension_id)
    if extension is None:
        raise RuleError("button_gone")
    case = cases.access_case(desk.conn, extension.case_id, acting=desk.person)
    if extension.state != "waiting":
        raise RuleError("case_state_changed", code=case.code)
    case_moves.check(desk, case, "decide_extension")
    more = desk.calendar.between(case.due_on, extension.to_day)
    if extension.person_id == desk.person.id or (
        _is_leaders(desk, case, more) and not desk.person.has(LEADER)
    ):
        raise RuleError("case_extend_leader")
    return extension, case


def _deciders(desk: Desk, case: Case, asker_id: int, day: date) -> list[tuple[int, int]]:
    """The nearest who may decide; one is enough."""
    more = desk.calendar.between(case.due_on, day)
    above = [] if _is_leaders(desk, case, more) else people.members(desk.conn, case.unit_id, desk.today, HEAD)
    above += people.holders(desk.conn, LEADER, desk.today)
    able = case_cards.able(desk, case, "decide_extension", [who for who in above if who != asker_id])
    return case_cards.reachable(desk, able)[:1]


def _is_leaders(desk: Desk, case: Case, more: int) -> bool:
    return more > desk.committee.terms.extension_days or case_extensions.was_granted(desk.conn, case.id)


def _day_of(kept: str) -> date | None:
    return date.fromisoformat(kept) if kept else None
