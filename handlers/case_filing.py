"""From an agreed draft to a case: a code, a unit, a date and a receipt."""

from __future__ import annotations

from db import audit, case_versions, cases, dialogs, files, people
from db.cases import Case
from db.people import Unit
from domain.cases import (
    EMERGENCY_DAYS,
    Draft,
    area_found,
    category_of,
)
from domain.chat import Reply
from domain.codes import hash_pin, new_pin
from domain.committee import Category
from domain.errors import RuleError
from domain.people import OFFICE
from domain.routing import Matter, Routed
from domain.tracks import GRIEVANCE, PETITION, QUESTION, TRACKS
from handlers import (
    appointments,
    case_about,
    case_ban,
    case_cards,
    case_draft,
    case_followup,
    case_joined,
    case_privacy,
    case_receipt,
    case_similar,
    case_waits,
    quota,
)
from handlers.desk import Desk


def send(desk: Desk, draft: Draft, shown_in: str, lead: Case | None = None) -> list[Reply]:
    """[Đồng ý và gửi]: files the case, tells the unit and gives the receipt.

    Open matters that may be the same are shown first; ``lead`` is the one the person says it is.
    """
    if draft.is_empty:
        raise RuleError("case_empty")
    urgent = desk.committee.screening.is_emergency(draft.text)
    no = case_ban.no_new_case(desk, urgent=urgent) or quota.too_many_cases(desk, urgent=urgent)
    if no is not None:
        return [no]
    if lead is None and not urgent and (similar := case_similar.offer(desk, draft, shown_in)):
        return [similar]
    if (no := quota.breaker(desk, urgent=urgent)) is not None:
        return [no]
    category = _category(desk, draft)
    routed = _routed(desk, draft, category)
    about = case_about.named_in(desk, category, draft.text)
    unit = people.unit(desk.conn, about.unit_id) if about else _unit(desk, draft, routed)
    pin = new_pin()
    days = promised_days(desk, draft.track, category)
    days = min(days, EMERGENCY_DAYS) if urgent else days
    due_on = lead.due_on if lead else desk.calendar.add(desk.today, days)
    case = cases.create(
        desk.conn,
        case_privacy.moment(desk, draft),
        **case_privacy.sender(desk, draft),
        today=desk.today,
        pin_hash=hash_pin(pin),
        track=draft.track,
        category=draft.category if draft.track == QUESTION else category.code,
        words=case_privacy.shown(draft, draft.text),
        place=case_privacy.shown(draft, draft.place),
        area=_area(desk, draft),
        latitude=draft.latitude,
        longitude=draft.longitude,
        unit_id=lead.unit_id if lead else unit.id,
        about_unit_id=about.about_unit_id if about else None,
        about_person_id=about.about_person_id if about else None,
        due_on=due_on,
        promised_on=due_on,
        due_from=None if lead else desk.today,
        due_days=None if lead else days,
        again_of=None if lead else case_similar.earlier(desk, draft),
    )
    files.move(desk.conn, list(draft.files), "case", case.id)
    case_privacy.disown(desk, case.privacy, list(draft.files))
    _keep_messages(desk, case, draft)
    dialogs.close(desk.conn, desk.account.id)
    rule = routed.rule.number if routed.rule else 0
    audit.record(
        desk.conn,
        "case",
        case.id,
        "received",
        case.received_at,
        unit_id=case.unit_id,
        due_on=case.due_on,
        rule=rule,
    )
    known = None
    if lead:
        case = case_joined.join(desk, case, lead)
    else:
        case_waits.begin(desk, case)
        known = case_cards.facts(desk, case)
        case_cards.tell_unit(desk, case, known=known)
        case_similar.tell_leader(desk, case)
    if case.account_id is None:
        return [_unlinked(desk, case, pin, shown_in)]
    if lead:
        case_draft.aside(desk, case_followup.KIND, {"case": case.id}, case_followup.LIFETIME)
    return [
        Reply(
            _receipt_key(draft, lead),
            {**case_cards.public(desk, case, known), **_given(desk, case, pin), "urgent": urgent},
            ((case_receipt.choice(case.id),),),
            edits=shown_in,
            slot=case_draft.SLOT,
            menu="" if shown_in else "citizen",
            card=case_privacy.receipt_card(case),
        )
    ]


def _receipt_key(draft: Draft, lead: Case | None) -> str:
    if lead:
        return "case_receipt_joined"
    return "case_receipt_petition" if draft.track == PETITION else "case_receipt"


def _keep_messages(desk: Desk, case: Case, draft: Draft) -> None:
    """Keeps each message as it is kept in the case, so that its sender can edit it."""
    if case.account_id is not None:
        parts = [(message_id, case_privacy.shown(draft, words)) for message_id, words in draft.words]
        case_versions.keep_first(desk.conn, case.id, parts, desk.now)


def promised_days(desk: Desk, track: str, category: Category) -> int:
    """The working days in which an answer is promised: the track's by law, else the category's."""
    limit = desk.committee.limits.get(TRACKS[track].promise)
    return limit.value if limit else category.days


def _unit(desk: Desk, draft: Draft, routed: Routed) -> Unit:
    """Who answers: on rules and procedures the office, which enters it into the national system."""
    if draft.track == PETITION:
        offices = [unit for unit in people.all_units(desk.conn) if unit.kind == OFFICE]
        if offices:
            return case_cards.answering_unit(desk, offices[0].code)
    return case_cards.answering_unit(desk, routed.unit)


def note_grievance(desk: Desk, draft: Draft, day: str, slot: str, shown_in: str) -> list[Reply]:
    """Keeps a pre-note of a grievance with an appointment; it is no đơn and has a track of its own."""
    case, pin = appointments.book(
        desk,
        GRIEVANCE,
        day,
        slot,
        at=case_privacy.moment(desk, draft),
        **case_privacy.sender(desk, draft),
        words=case_privacy.shown(draft, draft.text),
        place=case_privacy.shown(draft, draft.place),
        area=_area(desk, draft),
    )
    files.move(desk.conn, list(draft.files), "case", case.id)
    case_privacy.disown(desk, case.privacy, list(draft.files))
    _keep_messages(desk, case, draft)
    dialogs.close(desk.conn, desk.account.id)
    case_cards.tell_unit(desk, case)
    if case.account_id is None:
        return [_unlinked(desk, case, pin, shown_in)]
    known = {**case_cards.public(desk, case), **_given(desk, case, pin)}
    sheet = ((case_receipt.choice(case.id),),)
    return [
        Reply(
            "case_grievance_noted",
            known,
            sheet,
            edits=shown_in,
            slot=case_draft.SLOT,
            card=case_privacy.receipt_card(case),
        )
    ]


def _unlinked(desk: Desk, case: Case, pin: str, shown_in: str) -> Reply:
    """The receipt of a sender without contact: no button, no id, nothing that stays."""
    dialogs.forget_menus(desk.conn, desk.account.id)
    urgent = desk.committee.screening.is_emergency(case.words)
    known = {**case_cards.public(desk, case), **_given(desk, case, pin), "urgent": urgent}
    return Reply(
        "case_receipt_unlinked", known, edits=shown_in, slot=case_draft.SLOT, card=case_privacy.UNLINKED
    )


def _category(desk: Desk, draft: Draft) -> Category:
    if draft.track == QUESTION:
        return desk.committee.question_kind(draft.category)
    return category_of(desk.committee.categories, draft)


def _routed(desk: Desk, draft: Draft, category: Category) -> Routed:
    if draft.track == QUESTION:
        return Routed(category.unit, None)
    areas = desk.committee.areas.chain(_area(desk, draft))
    text = f"{draft.text}\n{draft.place}"
    at = desk.now.astimezone(desk.calendar.zone).time()
    return desk.committee.routing.route(Matter(category.code, category.unit, text, at, areas))


def _given(desk: Desk, case: Case, pin: str) -> dict[str, object]:
    """What a receipt gives that nothing says again: the PIN, and the stamp that proves it.

    The channel decides whether news may come by itself later.
    """
    return {"pin": pin, "stamp": case_receipt.stamp_of(desk, case.code), "channel": desk.account.channel}


def _area(desk: Desk, draft: Draft) -> str:
    """The code of the area, where the person chose one or only one can be meant."""
    sure = area_found(desk.committee.areas, draft).sure
    return sure.code if sure else ""
