"""How a case is shown: cards to the officials who work on it, news to the citizen who sent it."""

from __future__ import annotations

from datetime import timedelta

from db import (
    appointments,
    audience,
    audit,
    case_versions,
    cases,
    files,
    followers,
    outbox,
    parts,
    people,
    recusals,
    teams,
)
from db.cases import Case
from db.people import Unit
from domain import verification
from domain.cases import (
    ANSWERED,
    APPOINTED,
    ASKED,
    CLOSED,
    DONE,
    JOINED,
    LAPSED,
    OPEN,
    RECEIVED,
    REFERRED,
    SPLIT,
    WORKING,
)
from domain.chat import Choice, Picture, Reply, Rows
from domain.committee import Category
from domain.people import HEAD, LEADER, OFFICE, RECEPTION, Person
from domain.sight import OPEN_NAME, may_see
from domain.similar import priority
from domain.tracks import QUESTION, TRACKS
from handlers import case_choices, case_moves, case_news, case_waits, groups
from handlers.desk import Desk

MOST_SHOWN = 10
Known = dict[str, object]


def category(desk: Desk, case: Case) -> Category:
    """The category of a case; the last one when the committee has dropped it since."""
    if case.track == QUESTION:
        return desk.committee.question_kind(case.category)
    kinds = desk.committee.categories
    return next((kind for kind in kinds if kind.code == case.category), kinds[-1])


def needs_picture(desk: Desk, case: Case) -> bool:
    """Whether closing asks for a picture of what was done."""
    return TRACKS[case.track].picture and category(desk, case).field_work


def facts(desk: Desk, case: Case) -> Known:
    """What every text about a case may say; read once, after all changes, for everybody who is shown it."""
    handler = people.person(desk.conn, case.handler_id, desk.today).called if case.handler_id else ""
    said = cases.said(desk.conn, case.id, "reply", "reopen", "question", "answer", "moved")
    if case.part_of:  # the citizen talks to the whole
        said = sorted([*said, *cases.said(desk.conn, case.part_of, "reply", "question")], key=lambda m: m.id)
    moved = [each for each in said if each.kind == "moved"]
    questions = [each for each in said if each.kind == "question"]
    talk = [each for each in said if each.kind != "moved"]
    asked = max((at for at, each in enumerate(talk) if each.kind in ("question", "answer")), default=-1)
    replies = talk[asked + 1 :]
    others = followers.count(desk.conn, case.id)
    before = followers.told_to_all(desk.conn, case.again_of)
    whole = parts.whole(desk.conn, case)
    shares = parts.of(desk.conn, case.id) if case.state in (SPLIT, ASKED) else []
    team = teams.of_case(desk.conn, case.id)
    return {
        "code": case.code,
        "track": case.track,
        "state": case.state,
        "kind": category(desk, case).name,
        "told": whole.words,
        "edited": case_versions.edited_at(desk.conn, whole.id),
        "place": whole.place,
        "area": desk.committee.areas.name(case.area),
        "pin": "" if whole.latitude is None else f"{whole.latitude:.5f}, {whole.longitude:.5f}",
        "files": len(followers.evidence(desk.conn, whole.id)),
        "due": case.due_on,
        "slot": _slot(desk, case),
        "left": desk.calendar.between(desk.today, case.due_on),
        "unit": ", ".join(share.unit_name for share in shares if share.state != CLOSED) or case.unit_name,
        "handler": handler,
        "unreachable": whole.is_abandoned,
        "untold": outbox.untold(desk.conn, whole.account_id, whole.id),
        "privacy": whole.privacy,
        "contact": whole.contact if whole.privacy == OPEN_NAME else "",
        "urgent": desk.committee.screening.is_emergency(whole.words),
        "answer": case.answer,
        "rating": case.rating,
        "question": questions[-1].words if questions else "",
        "said": "\n".join(message.words for message in replies[-3:] if message.words),
        "moved": moved[-1].words if moved else "",
        "verified_by": team.due_on if team and team.state == verification.WORKING else None,
        "found": "" if team is None or team.state == verification.WORKING else team.state,
        "part_of": whole.code if case.part_of else "",
        "parts": [_share(share) for share in shares if share.state != CLOSED],
        "joined_to": followers.lead(desk.conn, case).code if case.state == JOINED else "",
        "others": others,
        "priority": priority(others),
        "again": before.code if before else "",
        "again_on": desk.calendar.today(before.answered_at) if before and before.answered_at else None,
        "returns": case.returns,
        "proposed": people.unit(desk.conn, case.proposed_id).name if case.proposed_id else "",
        "promised": case.promised_on or case.due_on,
        "emptied": case.emptied_on,
    }


def _share(part: Case) -> dict[str, object]:
    return {"unit": part.unit_name, "due": part.due_on, "done": part.state in DONE}


def _slot(desk: Desk, case: Case) -> str:
    code = appointments.slot_of(desk.conn, case.id) if case.state in APPOINTED else ""
    return desk.committee.slot_words(code)


def card(
    desk: Desk, case: Case, viewer: Person, *, edits: str = "", full: bool = True, known: Known | None = None
) -> Reply:
    """The case as one official sees it now, with what this person may do; ``full`` offers to take over."""
    known = known or facts(desk, case)
    mine = case.handler_id == viewer.id
    key = f"case_card_{case.state}"
    if case.state == WORKING:
        key = "case_card_working" if mine else "case_card_theirs"
    if case.emptied_on:
        return Reply("case_card_emptied", known, edits=edits, card={"case": case.id})
    return Reply(
        key,
        known,
        case_choices.of_card(desk, case, viewer, files=int(str(known["files"])), full=full),
        edits=edits,
        slot=f"case-card:{case.id}",
        card={"case": case.id},
    )


def reachable(desk: Desk, person_ids: list[int]) -> list[tuple[int, int]]:
    """Person and account of those who can be written to, but for the one who is speaking."""
    found = []
    for person_id in person_ids:
        account = people.account_of(desk.conn, person_id)
        if account is not None and account.id != desk.account.id:
            found.append((person_id, account.id))
    return found


def answering_unit(desk: Desk, code: str) -> Unit:
    """The unit of a code, or the reception, the office and the committee when nobody there is reachable.

    A unit where everybody is on leave is passed over, as long as there is somebody anywhere.
    """
    units = people.all_units(desk.conn)
    wanted = [unit for unit in units if unit.code == code]
    for kind in (RECEPTION, OFFICE):
        wanted += [unit for unit in units if unit.kind == kind]
    day = desk.calendar.today(desk.calendar.office_moment(desk.now))
    reached: list[Unit] = []
    for unit in wanted:
        members = reachable(desk, people.members(desk.conn, unit.id, desk.today))
        if any(audience.is_here(desk.conn, person_id, day) for person_id, _ in members):
            return unit
        reached += [unit] if members else []
    return (reached or wanted or units)[0]


def tell_unit(desk: Desk, case: Case, *, known: Known | None = None) -> None:
    """A card to everybody of the unit; an emergency at once, the rest in office hours."""
    members = people.members(desk.conn, case.unit_id, desk.today)
    if not any(sees(desk, case, who) for who in members):
        members = people.holders(desk.conn, LEADER, desk.today)
    tell(
        desk,
        case,
        [(who, chat) for who, chat in reachable(desk, members) if chat != case.account_id],
        known=known,
    )
    groups.point(desk, case)


def tell(desk: Desk, case: Case, whom: list[tuple[int, int]], *, known: Known | None = None) -> None:
    """A card to each of these people, with the first picture if it is here already."""
    known = known or facts(desk, case)
    urgent = bool(known["urgent"])
    due_at = desk.now if urgent else desk.calendar.office_moment(desk.now)
    sent = files.of_subject(desk.conn, "case", case.part_of or case.id) if known["files"] else []
    stored = [f for f in sent if f.kind == "photo" and f.sha256]
    pictures = tuple(Picture("photo", f"{case.code}.jpg", f.sha256) for f in stored[:1])
    found = [(people.person(desk.conn, person_id, desk.today), chat) for person_id, chat in whom]
    seeing = [(viewer, chat) for viewer, chat in found if is_shown_to(desk, case, viewer)]
    for viewer, account_id in seeing:
        shown = card(desk, case, viewer, known=known)
        reply = Reply(shown.key, shown.facts, shown.choices, pictures, slot=shown.slot, card=shown.card)
        priority = outbox.EMERGENCY if urgent else outbox.ESCALATION
        key = cases.card_key(desk.conn, case.id, viewer.id)
        outbox.post(desk.conn, account_id, reply, desk.now, key=key, priority=priority, due_at=due_at)
    if not seeing:
        audit.record(desk.conn, "case", case.id, "nobody_reached", desk.now, unit_id=case.unit_id)


def update_cards(desk: Desk, case: Case, *, before: Case | None = None, known: Known | None = None) -> None:
    """Shows everybody else who has a card of the case how it stands now.

    ``before`` is the case before it went to another unit: those it left are told so, once.
    """
    others = [shown for shown in cases.cards(desk.conn, case.id) if shown.account_id != desk.account.id]
    if others:
        known = known or facts(desk, case)
    for shown in others:
        viewer = people.person(desk.conn, shown.person_id, desk.today)
        if is_shown_to(desk, case, viewer):
            reply = card(desk, case, viewer, edits=shown.message_id, full=False, known=known)
        else:
            if before is None or not may_see(before, viewer):
                continue
            outbox.withhold(desk.conn, shown.account_id, f"case-said:{case.id}")
            apart = case.about_unit_id is not None or case.about_person_id is not None
            key = "case_card_gone" if apart else "case_card_left"
            untaken = not desk.person.id and case.returns > before.returns
            gone = {"code": case.code, "unit": case.unit_name, "who": desk.person.called, "untaken": untaken}
            reply = Reply(key, gone, edits=shown.message_id, slot=f"case-card:{case.id}")
        due_at = max(shown.due_at, desk.calendar.office_moment(desk.now))
        outbox.post(desk.conn, shown.account_id, reply, desk.now, due_at=due_at)


def tell_citizen(
    desk: Desk, case: Case, key: str, *, choices: Rows = (), known: Known | None = None, **more: object
) -> None:
    """News of a case to whoever sent it, between 07:00 and 21:00; unsent older news is replaced.

    Those who follow it hear the same, but for what the sender alone is asked.
    """
    followed = [] if key == "case_news_question" else followers.joined(desk.conn, case.id)
    due_at = desk.calendar.citizen_moment(desk.now)
    told = [each for each in (case, *followed) if each.account_id is not None]
    if told:
        known = known or facts(desk, case)
    for each in told:
        assert each.account_id is not None
        reply = Reply(
            key,
            {**public(desk, each, known), **more},
            choices,
            slot=f"{outbox.NEWS}{each.id}",
            card={"case": each.id},
        )
        case_news.post(desk, each.account_id, each.id, reply, due_at)


def public(desk: Desk, case: Case, known: Known | None = None) -> Known:
    """What the citizen reads of a case: units, never officials' names.

    Of a case that is joined to another one: how that stands, and nothing its sender said or was asked.
    ``known`` are the facts of the one that is worked on; facts of any other case are not used.
    """
    lead = followers.lead(desk.conn, case)
    if known is None or known["code"] != lead.code:
        known = facts(desk, lead)
    names = ("code", "track", "state", "kind", "due", "slot", "unit", "answer", "question", "left", "rating")
    shown = {name: known[name] for name in (*names, "promised", "emptied")}
    paused = lead.state == ASKED
    shown |= {"open": lead.state in OPEN, "paused": paused}
    shown["until"] = case_waits.question_until(desk, lead) if paused else None
    if lead.id == case.id:
        return shown
    state = RECEIVED if lead.state == RECEIVED else WORKING
    return shown | {
        "code": case.code,
        "state": state,
        "answer": "",
        "question": "",
        "rating": "",
        "paused": False,
        "until": None,
    }


def answer_pictures(desk: Desk, case: Case) -> tuple[Picture, ...]:
    """The newest picture of the answer the citizen was given, if its bytes are here."""
    if case.state not in DONE:
        return ()
    kept = [f for f in parts.answer_files(desk.conn, case) if f.kind == "photo" and f.sha256]
    return tuple(Picture("photo", f"{case.code}.jpg", file.sha256) for file in kept[-1:])


def rating_choices(desk: Desk, case: Case) -> Rows:
    """What the citizen may say of an answer, or of an end without one; nothing once it is too late."""
    offered = {ANSWERED: ("good", "bad", "partly"), LAPSED: ("good", "bad"), REFERRED: ("good", "bad")}
    said = case.state == REFERRED and case.rating
    return tuple(
        (Choice(f"case_rate_{rating}", f"case:rate:{case.id}:{rating}", takes_text=True),)
        for rating in (() if said or is_past_doubt(desk, case) else offered.get(case.state, ()))
    )


def is_past_doubt(desk: Desk, case: Case) -> bool:
    """Whether an ended case opens no more: its "chưa ổn" was heard for so many days (row 18)."""
    days = timedelta(days=desk.committee.terms.rating_days)
    return case.state in (LAPSED, REFERRED) and desk.now > (case.answered_at or desk.now) + days


def able(desk: Desk, case: Case, action: str, person_ids: list[int]) -> list[int]:
    """Those of some people who may do something with a case now."""
    return [
        who
        for who in person_ids
        if case_moves.can(desk, case, action, people.person(desk.conn, who, desk.today))
    ]


def reviewers(desk: Desk, case: Case) -> list[tuple[int, int]]:
    """The nearest reachable person above whoever answered, never that person; one is enough."""
    above = people.members(desk.conn, case.unit_id, desk.today, HEAD)
    above += people.holders(desk.conn, LEADER, desk.today)
    return reachable(desk, able(desk, case, "review", above))[:1]


def leaders(desk: Desk, case: Case) -> list[int]:
    """The leaders who may hear of a case, the chairman first."""
    return [who for who in people.holders(desk.conn, LEADER, desk.today) if sees(desk, case, who)]


def tell_leader(desk: Desk, case: Case, key: str, facts: Known, why: str, *, but: int = 0) -> bool:
    """A word to the first leader of a case who can be reached, once for one reason; whether there is one.

    ``but`` is somebody who knows already.
    """
    told = reachable(desk, [who for who in leaders(desk, case) if who != but])[:1]
    for person_id, account_id in told:
        reply = Reply(key, facts, ((Choice("case_open", f"case:card:{case.id}"),),), card={"case": case.id})
        once = f"case:{case.id}:{why}:{person_id}"
        due_at = desk.calendar.office_moment(desk.now)
        outbox.post(
            desk.conn, account_id, reply, desk.now, key=once, priority=outbox.ESCALATION, due_at=due_at
        )
    return bool(told)


def sees(desk: Desk, case: Case, person_id: int) -> bool:
    """Whether somebody may hear of a case."""
    return is_shown_to(desk, case, people.person(desk.conn, person_id, desk.today))


def is_shown_to(desk: Desk, case: Case, viewer: Person) -> bool:
    """The same of a person who is known already."""
    return may_see(case, viewer) and not recusals.has(desk.conn, case.id, viewer.id)
