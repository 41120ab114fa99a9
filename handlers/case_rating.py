"""What the citizen thinks of an answer: ổn ends the case, chưa ổn and một phần bring it before somebody else.

The first "chưa ổn" goes to the nearest superior who did not give the answer, the second to a leader.
Nobody is asked more than twice: one reminder, then the case ends without an opinion.  An end without
an answer (another authority's matter, too little said) is asked about in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from db import cases
from db.cases import Case
from domain.cases import second_look
from domain.chat import Reply, Turn
from domain.errors import RuleError
from handlers import case_cards, case_draft, case_joined, case_moves, case_privacy, public_list
from handlers.case_followup import KIND, LIFETIME
from handlers.desk import Desk

RATINGS = ("good", "bad", "partly")


def rate(desk: Desk, turn: Turn, case_id: int, rating: str) -> list[Reply]:
    """The pressed opinion, perhaps with words."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    action = "accept" if rating == "good" else "reopen"
    if rating not in RATINGS or not case_moves.can(desk, case, action):
        # "2 xe té ở ngã tư" on an old menu is a new matter, not a rating.
        raise RuleError("button_gone") if turn.text else RuleError("case_rated_already", code=case.code)
    if rating != "good" and case_cards.is_past_doubt(desk, case):
        raise RuleError("button_gone") if turn.text else late(desk, case)
    words = case_privacy.kept(case, turn.text)
    case = rated(desk, case, rating, words)
    if rating == "good":
        more = public_list.choice(desk, case)
        return [Reply("case_rated_good", case_cards.public(desk, case), more, edits=turn.message_id)]
    case_draft.aside(desk, KIND, {"case": case.id}, LIFETIME)
    known = {**case_cards.public(desk, case), "told": words}
    return [Reply("case_rated_bad", known, edits=turn.message_id, card={"case": case.id})]


def rated(
    desk: Desk, case: Case, rating: str, words: str, how: Callable[..., Case] = case_moves.make
) -> Case:
    """What a rating makes of a case: it ends, or somebody else looks at it."""
    if rating == "good":
        case = how(desk, case, "accept", rating=rating, rating_words=words, closed_at=desk.now)
        case_cards.update_cards(desk, case)
        return case
    return case_joined.not_content(desk, case, rating, words, how) or _reopened(
        desk, case, rating, words, how
    )


def remind(desk: Desk, case: Case) -> None:
    """The one reminder, with the day until which a "chưa ổn" is heard."""
    choices = case_cards.rating_choices(desk, case)
    if not choices or case.answered_at is None:
        return
    until = desk.calendar.today(case.answered_at + timedelta(days=desk.committee.terms.rating_days))
    case_cards.tell_citizen(desk, case, "case_news_rate", choices=choices, until=until)


def late(desk: Desk, case: Case) -> RuleError:
    """Why a "chưa ổn" does not open a case any more, and what does."""
    return RuleError("case_doubt_late", code=case.code, days=desk.committee.terms.rating_days)


def lapse(desk: Desk, case: Case) -> None:
    """Nobody said anything in the days that a "chưa ổn" is heard: the case ends without an opinion."""
    if not case_moves.can_by_clock(case, "lapse"):
        return
    case = case_moves.make_by_clock(desk, case, "lapse", closed_at=desk.now)
    case_cards.update_cards(desk, case)


def _reopened(desk: Desk, case: Case, rating: str, words: str, how: Callable[..., Case]) -> Case:
    again = bool(cases.said(desk.conn, case.id, "reopen"))
    anew = second_look(desk.calendar, desk.today, case_cards.category(desk, case).days)
    action = "appeal" if again else "reopen"
    case = how(desk, case, action, rating=rating, rating_words=words, **anew)
    cases.say(desk.conn, case.id, "reopen", words, desk.now)
    case_cards.update_cards(desk, case)
    case_cards.tell(desk, case, case_cards.reviewers(desk, case))
    return case
