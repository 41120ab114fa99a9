"""Answers to citizens drawn at random: an inspection lead or a leader looks there and says what is true.

The prompt is that of the surprise inspections (``work_inspection``); whose answer it is hears of nothing.
"""

from __future__ import annotations

from db import cases, closing_checks, dialogs
from db.cases import Case
from db.closing_checks import TRUE, UNTRUE, Drawn
from db.dialogs import Dialog
from db.inspections import SHOWN_HOURS
from domain.cases import second_look
from domain.chat import Choice, Facts, Reply, Rows, Turn, in_rows
from domain.errors import RuleError
from domain.redaction import without_identity
from handlers import case_cards, case_moves, case_notes
from handlers.desk import Desk
from handlers.summary_lists import number_at, opened
from handlers.task_cards import number_in

KIND = "drawn_untrue"
ENOUGH = 10  # characters that say what is not so


def draw(desk: Desk, case: Case) -> None:
    """Draws an answer that was just given, or not; whoever gave it cannot tell."""
    closing_checks.draw(desk.conn, case.id, case.code, desk.today, desk.now)


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Xem kết quả được rút]: the list, one of it, [Đúng thực tế] [Chưa đúng]."""
    verb = arguments[0] if arguments else ""
    if verb == "list":
        return [_list(desk, number_at(arguments, 1), turn.message_id)]
    check = _check(desk, number_in(arguments, 1))
    if verb == "open":
        return [_shown(desk, check, turn.message_id)]
    if verb == "true":
        closing_checks.decide(desk.conn, check, TRUE, "", desk.person.id, desk.now)
        return [_list(desk, 1, turn.message_id)]
    if verb != "untrue":
        raise RuleError("button_gone")
    if len(turn.text.strip()) >= ENOUGH:
        return _untrue(desk, check, turn.text.strip())
    dialogs.open_dialog(desk.conn, desk.account.id, KIND, {"check": check.id}, desk.now)
    return [_say("drawn_untrue_ask", {"code": check.code})]


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """What was found in the place of what was said."""
    words = turn.text.strip()
    if not words:
        return None
    check = _check(desk, int(dialog.data["check"]))
    if len(words) < ENOUGH:
        return [_say("drawn_untrue_ask", {"code": check.code})]
    return _untrue(desk, check, words)


def _untrue(desk: Desk, check: Drawn, words: str) -> list[Reply]:
    closing_checks.decide(desk.conn, check, UNTRUE, words, desk.person.id, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    told = False
    if (case := cases.get(desk.conn, check.case_id)) is not None:
        _reopen(desk, case, words)
        facts = {"code": check.code, "unit": check.unit_name, "day": check.answered_on, "found": words}
        why, me = f"untrue:{check.id}", desk.person.id
        told = case_cards.tell_leader(desk, case, "drawn_untrue_told", facts, why, but=me)
    return [_say("drawn_untrue_kept", {"code": check.code, "told": told})]


def _reopen(desk: Desk, case: Case, words: str) -> None:
    """An answer that is not true is no end: somebody above decides, and the citizen hears of a new day."""
    if not case_moves.can_by_clock(case, "find_untrue"):
        return
    anew = second_look(desk.calendar, desk.today, case_cards.category(desk, case).days)
    case = case_moves.make_by_clock(desk, case, "find_untrue", ("reason",), **anew)
    case_notes.leave(desk, case, words)
    case_cards.update_cards(desk, case)
    case_cards.tell(desk, case, case_cards.reviewers(desk, case))
    case_cards.tell_citizen(desk, case, "case_news_rechecked")


def _list(desk: Desk, number: int, shown_in: str) -> Reply:
    page = opened(closing_checks.waiting(desk.conn, desk.person), number)
    lines = [{**_facts(desk, each), "n": n} for n, each in page.rows]
    choices = [
        Choice("drawn_row", f"drawn:open:{each.id}", line)
        for line, (_, each) in zip(lines, page.rows, strict=True)
    ]
    rows = (*in_rows(choices, 4), *page.turning(lambda number: f"drawn:list:{number}"))
    return _say("drawn_list", {"rows": lines, "total": page.total}, rows, shown_in)


def _shown(desk: Desk, check: Drawn, shown_in: str) -> Reply:
    rows = (
        (
            Choice("drawn_true", f"drawn:true:{check.id}"),
            Choice("drawn_untrue", f"drawn:untrue:{check.id}", takes_text=True),
        ),
        (Choice("summary_back_list", "drawn:list"),),
    )
    return _say("drawn_one", _facts(desk, check), rows, shown_in)


def _facts(desk: Desk, check: Drawn) -> dict[str, object]:
    return {
        "code": check.code,
        "kind": desk.committee.category_names.get(check.category, ""),
        "place": check.place or desk.committee.areas.name(check.area) or without_identity(check.words),
        "unit": check.unit_name,
        "answer": check.answer,
        "day": check.answered_on,
    }


def _check(desk: Desk, check_id: int) -> Drawn:
    found = closing_checks.access(desk.conn, check_id, acting=desk.person)
    if found is None:
        raise RuleError("button_gone")
    return found


def _say(key: str, facts: Facts, rows: Rows = (), shown_in: str = "") -> Reply:
    """What is said about inspections does not stay in the chat."""
    return Reply(key, facts, rows, edits=shown_in, card={"hours": SHOWN_HOURS})


DIALOGS = {KIND: answer}
