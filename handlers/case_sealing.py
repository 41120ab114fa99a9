"""An official sees that a matter belongs on another track: a denunciation is erased, a grievance guided.

A denunciation must not be in an Internet service at all (Law on the Protection of State Secrets
117/2025/QH15; QĐ 774/QĐ-TTg): its words, pictures and sender are erased at once, and one number counts it.
"""

from __future__ import annotations

from db import appointments as appointments_db
from db import audit, cases, erasure, outbox
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.tracks import GRIEVANCE
from handlers import appointments, case_cards, case_followup, case_joined, case_moves
from handlers.case_privacy import UNLINKED
from handlers.desk import Desk


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
    """Erases the case, shows its sender the way of the law, and takes the words out of officials' cards."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "erase")
    shown = cases.cards(desk.conn, case.id)
    case_joined.carry_on(desk, case)
    case_moves.make(desk, case, "erase")
    erasure.erase(desk.conn, case.id)
    audit.count_up(desk.conn, "denunciations_sealed")
    for card in shown:
        if card.account_id != desk.account.id and card.message_id:
            gone = Reply("case_card_removed", {"code": case.code}, edits=card.message_id)
            outbox.post(desk.conn, card.account_id, gone, desk.now)
    if case.account_id is not None:
        moment = desk.calendar.citizen_moment(desk.now)
        told = Reply("case_erased_told", {"code": case.code}, card=UNLINKED)
        outbox.post(desk.conn, case.account_id, told, desk.now, due_at=moment)
    return [Reply("case_card_removed", {"code": case.code}, edits=turn.message_id, card=UNLINKED)]


def offer_grievance(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Có thể là khiếu nại]: the sender is told what the law asks for and chooses; the clock stands."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    if case.account_id is None:
        raise RuleError("case_nobody_to_ask", code=case.code)
    case = case_moves.make(desk, case, "offer_grievance", paused_at=desk.now)
    limit = desk.committee.limits["khieu_nai_thoi_hieu"]
    known = {"days": limit.value, "day_kind": limit.unit, "source": limit.source}
    choices = (
        (Choice("case_grievance_days", f"case:gdays:{case.id}"),),
        (Choice("case_grievance_plain", f"case:gno:{case.id}"),),
    )
    case_cards.update_cards(desk, case)
    case_cards.tell_citizen(desk, case, "case_news_grievance", choices=choices, **known)
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
