"""Cases that are one matter: they hear what the one that is worked on hears, and outlive it."""

from __future__ import annotations

from collections.abc import Callable

from db import cases, followers, outbox, people
from db.cases import Case
from domain.cases import OPEN
from domain.chat import Reply
from domain.similar import PRIORITY
from handlers import case_cards, case_moves
from handlers.desk import Desk

SHOWN_AT = (1, *PRIORITY, 30, 100)  # people beside the sender at which the officials' cards are renewed


def join(desk: Desk, case: Case, lead: Case) -> Case:
    """One more person reports a matter: its officials see it when it matters."""
    how = case_moves.make_by_pin if case.account_id is None else case_moves.make  # it has just been filed
    case = how(desk, case, "join", ("lead",), joined_to=lead.id)
    if followers.count(desk.conn, lead.id) in SHOWN_AT:
        case_cards.update_cards(desk, lead)
    return case


def tell_handler(desk: Desk, case: Case, words: str) -> None:
    """What a follower adds goes to whoever works on the matter."""
    lead = followers.lead(desk.conn, case)
    handler = case_cards.reachable(desk, [lead.handler_id]) if lead.handler_id else []
    for person_id, account_id in handler:
        shown = case_cards.card(desk, lead, people.person(desk.conn, person_id, desk.today))
        reply = Reply(
            "case_card_joined_said",
            {**shown.facts, "told": words},
            shown.choices,
            slot=f"case-said:{case.id}",
            wait=3,
            card=shown.card,
        )
        due_at = desk.calendar.office_moment(desk.now)
        outbox.post(desk.conn, account_id, reply, desk.now, priority=outbox.ESCALATION, due_at=due_at)


def answered(desk: Desk, lead: Case) -> list[Case]:
    """Everybody who waits for the same answer has it; each may say what they think of it."""
    return [
        case_moves.make_by_clock(
            desk,
            case,
            "share",
            unit_id=lead.unit_id,
            answer=lead.answer,
            answered_at=lead.answered_at,
            answered_by=lead.answered_by,
            rating="",
        )
        for case in followers.following(desk.conn, lead.id)
    ]


def not_content(
    desk: Desk, case: Case, rating: str, words: str, how: Callable[..., Case] = case_moves.make
) -> Case | None:
    """A follower who is not content rejoins a matter that is open again; None if it is not.

    Then their case goes before a superior by itself: one person's "ổn" does not silence another.
    """
    lead = followers.followed(desk.conn, case)
    if lead is None or lead.state not in OPEN:
        return None
    if words:
        cases.say(desk.conn, case.id, "reply", words, desk.now)
    case = how(desk, case, "rejoin", rating=rating, rating_words=words)
    tell_handler(desk, case, words)
    return case


def carry_on(desk: Desk, lead: Case) -> None:
    """The sender takes the matter back: the first who follows it becomes the one that is worked on.

    ``lead`` is the case as it was before.
    """
    waiting = followers.joined(desk.conn, lead.id)
    if not waiting:
        return
    heir = case_moves.make_by_clock(
        desk,
        waiting[0],
        "inherit_work" if lead.handler_id else "inherit",
        joined_to=None,
        unit_id=lead.unit_id,
        handler_id=lead.handler_id,
        due_on=lead.due_on,
        again_of=lead.again_of,
    )
    followers.follow(desk.conn, lead.id, heir.id)
    handler = case_cards.reachable(desk, [lead.handler_id]) if lead.handler_id else []
    if handler:
        case_cards.tell(desk, heir, handler)
    else:
        case_cards.tell_unit(desk, heir)
