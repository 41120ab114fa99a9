"""What leaders, heads and the reception decide about a case beside handling it: merge, split, verify."""

from __future__ import annotations

from collections.abc import Callable

from db import cases, dialogs
from db.cases import Case
from db.dialogs import Dialog
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from handlers import case_cards, case_merge, case_parts, case_team, case_team_form, case_verify
from handlers.desk import Desk

DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {
    case_merge.KIND: case_merge.on_code,
    case_parts.KIND: case_parts.on_units,
    case_team_form.FORM: case_team_form.on_names,
    case_team.PAPER: case_team.on_paper,
}
PRESSES: dict[str, Callable[[Desk, Turn, Case], list[Reply]]] = {
    "card": lambda desk, turn, case: card(desk, turn, case),
    "menu": lambda desk, turn, case: menu(desk, turn, case),
    "merge": case_merge.begin,
    "unmerge": case_merge.unmerge,
    "split": case_parts.begin,
    "dosplit": case_parts.split,
    "form": case_team_form.begin,
    "doform": case_team_form.form,
    "team": case_team.show,
    "noteam": case_verify.decline,
}
PRESSES_WITH: dict[str, Callable[[Desk, Turn, Case, str], list[Reply]]] = {
    "into": lambda desk, turn, case, more: case_merge.chosen(desk, turn, case, _number(more)),
    "domerge": lambda desk, turn, case, more: case_merge.merge(desk, turn, case, _number(more)),
    "unit": case_parts.toggle,
    "units": case_parts.turn_page,
}


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; rights and state are looked up anew."""
    verb, *rest = arguments or [""]
    case = cases.access_case(desk.conn, _number(rest[0] if rest else ""), acting=desk.person)
    if verb in PRESSES:
        return PRESSES[verb](desk, turn, case)
    if verb in PRESSES_WITH and len(rest) > 1:
        return PRESSES_WITH[verb](desk, turn, case, rest[1])
    raise RuleError("button_gone")


def menu(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Khác]: everything this person may decide about the case."""
    found = [*case_merge.choices(desk, case), *case_parts.choices(desk, case), *case_team.choices(desk, case)]
    found += case_verify.choices(desk, case)
    if not found:
        raise RuleError("case_not_by_you")
    _end_question(desk)
    rows = tuple((choice,) for choice in found)
    back = (Choice("case_back", f"order:card:{case.id}"),)
    why = case_verify.why(desk, case) if case_verify.is_waiting(desk, case) else ""
    known = {**case_cards.facts(desk, case), "why": why}
    return [Reply("case_order_menu", known, (*rows, back), edits=turn.message_id)]


def card(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Quay lại]: ends what was asked and shows the case."""
    _end_question(desk)
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def _end_question(desk: Desk) -> None:
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is not None and dialog.kind in DIALOGS:
        dialogs.close(desk.conn, desk.account.id)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise RuleError("button_gone")
    return int(text)
