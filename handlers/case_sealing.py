"""An official sees that a matter belongs on another track: a denunciation is erased, a grievance guided.

A denunciation must not be in an Internet service at all (Law on the Protection of State Secrets
117/2025/QH15; QĐ 774/QĐ-TTg): its words, pictures and sender are erased at once, and one number counts it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from db import appointments as appointments_db
from db import audit, cases, erasure, outbox, parts
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.tracks import GRIEVANCE
from handlers import appointments, case_cards, case_followup, case_joined, case_moves
from handlers.case_privacy import UNLINKED
from handlers.desk import Desk

DELETABLE = timedelta(hours=47)
"""How long a message can surely be taken away; an older card loses its words."""


def ask(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Có thể là tố cáo]: says what is lost, and asks once."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "erase")
    rows = (
        (Choice("case_erase_yes", f"case:erase:{case.id}"),),
        (Choice("case_back", f"case:card:{case.id}"),),
    )
    return [Reply("case_erase_sure", {"code": case.code}, rows, edits=turn.message_id)]


def erase(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """Erases the case with its parts, shows its sender the way of the law, takes it out of chats."""
    pressed = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, pressed, "erase")
    case = parts.whole(desk.conn, pressed)
    pieces = [case, *parts.of(desk.conn, case.id)]
    cards = [card for piece in pieces for card in cases.cards(desk.conn, piece.id)]
    old = {(card.account_id, card.message_id) for card in cards if desk.now - card.due_at > DELETABLE}
    seeing = {card.account_id for card in cards if case_cards.sees(desk, case, card.person_id)}
    case_joined.carry_on(desk, case)
    case_moves.make(desk, pressed, "erase")
    shown = [each for piece in pieces for each in erasure.erase(desk.conn, piece.id)]
    audit.count_up(desk.conn, "denunciations_sealed")
    gone = Reply("case_card_removed", {"code": case.code})
    told = seeing - {account_id for account_id, _ in old} - {desk.account.id}
    for account_id in sorted(told):
        outbox.post(desk.conn, account_id, gone, desk.now)
    for account_id, message_id in shown:
        if (account_id, message_id) == (desk.account.id, turn.message_id):
            continue
        if (account_id, message_id) in old and account_id in seeing:
            outbox.post(desk.conn, account_id, replace(gone, edits=message_id), desk.now)
        else:
            outbox.take_away(desk.conn, account_id, message_id, desk.now)
    if case.account_id is not None:
        moment = desk.calendar.citizen_moment(desk.now)
        guide = Reply("case_erased_told", {"code": case.code}, card=UNLINKED)
        outbox.post(desk.conn, case.account_id, guide, desk.now, due_at=moment)
    return [replace(gone, edits=turn.message_id, card=UNLINKED)]


def offer_grievance(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Có thể là khiếu nại]: the sender is told what the law asks for and chooses; the clock stands."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    if case.account_id is None:
        raise RuleError("case_nobody_to_ask", code=case.code)
    case = case_moves.make(desk, case, "offer_grievance", paused_at=desk.now)
    limit = desk.committee.limits["khieu_nai_thoi_hieu"]
    choices = (
        (Choice("case_grievance_days", f"case:gdays:{case.id}"),),
        (Choice("case_grievance_plain", f"case:gno:{case.id}"),),
    )
    case_cards.update_cards(desk, case)
    case_cards.tell_citizen(
        desk,
        case,
        "case_news_grievance",
        choices=choices,
        days=limit.value,
        day_kind=limit.unit,
        source=limit.source,
    )
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def days(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """The sender wants an appointment: the days; choosing one is the consent."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    case_moves.check(desk, case, "to_grievance")
    rows = appointments.slots(desk, f"case:gday:{case.id}")
    return [Reply("case_grievance_choose" if rows else "appointment_full", {}, rows, edits=turn.message_id)]


def chosen(desk: Desk, turn: Turn, case_id: int, offered: str) -> list[Reply]:
    """The case becomes a pre-note with an appointment, on the track of its own."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    day, _, slot = offered.partition(":")
    on, place = appointments.with_room(desk, day, slot)
    unit = case_cards.answering_unit(desk, desk.committee.categories[-1].unit)
    before = case
    case = case_moves.make(
        desk,
        case,
        "to_grievance",
        track=GRIEVANCE,
        category="",
        unit_id=unit.id if case.about_unit_id is None and case.about_person_id is None else case.unit_id,
        handler_id=None,
        due_on=on,
        paused_at=None,
    )
    appointments_db.put(desk.conn, case.id, place.code, desk.now)
    case_cards.update_cards(desk, case, before=before)
    case_cards.tell_unit(desk, case)
    return [Reply("case_grievance_moved", case_cards.public(desk, case), edits=turn.message_id)]


def refused(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """The sender says that it is a report: it goes on as one."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    case = case_followup.resumed(desk, case)
    case_cards.update_cards(desk, case)
    return [
        Reply("case_status", case_cards.public(desk, case), edits=turn.message_id, card={"case": case.id})
    ]
