"""Asking the citizen: the clock stands until a day; after silence the case goes on or ends with a reason.

For a part the whole case asks: the citizen knows one code, and one question waits at a time.
"""

from __future__ import annotations

from typing import Any

from db import case_timers, cases, dialogs, parts
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import ASKED, is_substantial
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from handlers import case_cards, case_followup, case_joined, case_moves, case_waits
from handlers.desk import Desk


def on_ask(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The question goes to the citizen and the clock stands until the answer."""
    if turn.edit:
        return None
    if not turn.text.strip():
        return [Reply("case_ask_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    whole = parts.whole(desk.conn, case)
    case = case_moves.make(desk, case, "ask", ("words",), paused_at=desk.now)
    if whole.id == case.id:
        whole = case
    elif case_moves.can_by_clock(whole, "ask_for_part"):
        whole = case_moves.make_by_clock(desk, whole, "ask_for_part", ("words",), paused_at=desk.now)
        case_cards.update_cards(desk, whole)
    else:
        raise RuleError("case_part_asked", code=whole.code)
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, whole.id, "question", turn.text.strip(), desk.now, desk.person.id)
    ask_again(desk, whole, "")
    return [case_cards.card(desk, case, desk.person, edits=dialog.data["card"])]


def remind(desk: Desk, case: Case) -> None:
    """Half of the time is over, or the last day has come: the citizen is asked once more (row 13)."""
    if case.state != ASKED:
        return
    until = case_waits.question_until(desk, case)
    ask_again(desk, case, "last" if until <= desk.today else "half")
    last = desk.calendar.at(until, case_waits.MORNING)
    if desk.now < last:
        case_timers.put(desk.conn, case.id, case_timers.QUESTION, last)


def ask_again(desk: Desk, case: Case, moment: str) -> None:
    """The question as it waits, with the day until which; ``moment`` is "half" or "last" for a reminder."""
    until = case_waits.question_until(desk, case)
    unit = (parts.asking(desk.conn, case.id) or case).unit_name
    choices = ((Choice("case_no_more", f"case:nomore:{case.id}"),),)
    case_cards.tell_citizen(
        desk, case, "case_news_question", choices=choices, until=until, again=moment, unit=unit
    )


def no_more(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Tôi không rõ thêm]: the clock runs on at once; the handler goes on with what there is, or ends it."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    if case.state != ASKED:
        raise RuleError("case_state_changed", code=case.code)
    case = case_followup.resumed(desk, case)
    case_followup.tell_officials(desk, case, "", "case_card_no_more")
    return [Reply("case_no_more_told", case_cards.public(desk, case), edits=turn.message_id)]


def go_on(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Đã rõ, làm tiếp]: the answer came another way, or is not needed; the citizen is told so."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "go_on")
    whole = parts.whole(desk.conn, case)
    if whole.id == case.id:
        whole = case_followup.resumed(desk, case, _goes_on)
    else:
        whole = case_followup.resumed(desk, whole, case_moves.make_by_clock)
    case_cards.tell_citizen(desk, whole, "case_news_goes_on")
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_cards.update_cards(desk, case)
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id, full=False)]


def _goes_on(desk: Desk, case: Case, action: str, **values: Any) -> Case:
    return case_moves.make(desk, case, "go_on", **values)


def silent(desk: Desk, case: Case) -> None:
    """No answer came: the clock runs on, the citizen hears that it does, and the handler decides."""
    if case.state != ASKED:
        return
    part = parts.asking(desk.conn, case.id)
    case = case_followup.resumed(desk, case, case_moves.make_by_clock)
    case_cards.tell_citizen(desk, case, "case_news_silent")
    again = [each for each in parts.of(desk.conn, case.id) if part and each.id == part.id]
    worked_on = next(iter(again), case)
    handler = case_cards.reachable(desk, [worked_on.handler_id] if worked_on.handler_id else [])
    case_cards.tell(desk, worked_on, handler)


def on_give_up(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """[Kết thúc, thiếu thông tin]: with a reason the citizen reads; a "chưa ổn" opens it again."""
    if turn.edit:
        return None
    reason = turn.text.strip()
    if not is_substantial(reason):
        return [Reply("case_give_up_words")]
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    if not cases.is_unanswered(desk.conn, case.id):
        raise RuleError("case_state_changed", code=case.code)
    case = case_moves.make(
        desk,
        case,
        "give_up",
        ("reason", "question"),
        answer=reason,
        answered_at=desk.now,
        answered_by=desk.person.id,
        closed_at=desk.now,
        rating="",
    )
    dialogs.close(desk.conn, desk.account.id)
    cases.say(desk.conn, case.id, "answer", reason, desk.now, desk.person.id)
    case_cards.update_cards(desk, case)
    for each in (case, *case_joined.answered(desk, case)):
        choices = case_cards.rating_choices(desk, each)
        case_cards.tell_citizen(desk, each, "case_news_given_up", choices=choices)
    return [case_cards.card(desk, case, desk.person, edits=dialog.data["card"], full=False)]
