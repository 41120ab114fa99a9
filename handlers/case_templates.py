"""[Mẫu …]: an answer filled from the case but for the one line that the official writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db import cases, dialogs
from db.cases import Case
from domain.answer_templates import RESULT, AnswerTemplate, fitting, is_bare, is_whole
from domain.cases import ANSWERED, REFERRED, is_substantial
from domain.chat import Choice, Reply, Rows, Turn
from domain.errors import RuleError
from handlers import case_cards, case_prompts
from handlers.case_prompts import ANSWER, REFER, Prompt
from handlers.desk import Desk
from locales.answers import fill

STATES = {ANSWER.dialog: ANSWERED, REFER.dialog: REFERRED}
MOST = 3


def choose(desk: Desk, turn: Turn, case_id: int, number: str) -> list[Reply]:
    """Shows the template with this case's facts and asks for its line."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind not in STATES or dialog.data["case"] != case.id:
        raise RuleError("button_gone")
    found = dict(_offered(desk, case, STATES[dialog.kind]))
    if not number.isdigit() or int(number) not in found:
        raise RuleError("button_gone")
    template = found[int(number)]
    data = {**dialog.data, "template": template.text}
    dialogs.open_dialog(desk.conn, desk.account.id, dialog.kind, data, desk.now)
    known = {"code": case.code, "text": _filled(desk, case, template.text, RESULT)}
    back = ((Choice("case_back", f"case:card:{case.id}"),),)
    return [Reply("case_template_shown", known, back, edits=turn.message_id, card={"case": case.id})]


def begin(desk: Desk, turn: Turn, case_id: int, prompt: Prompt) -> list[Reply]:
    """Asks for the line of a button, and offers the templates that fit."""
    (asked,) = case_prompts.begin(desk, turn, case_id, prompt)
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    offered: Rows = tuple(
        (Choice("case_template", f"case:tpl:{case.id}:{number}", {"name": template.name}),)
        for number, template in _offered(desk, case, STATES.get(prompt.dialog, ""))
    )
    return [replace(asked, choices=(*offered, *asked.choices))]


def refusal(desk: Desk, case: Case, kind: str, data: Mapping[str, Any], typed: str) -> Reply | None:
    """Why typed words are no answer: they are a bare template, or its line says nothing."""
    chosen = data.get("template", "")
    texts = [chosen] if chosen else [each.text for _, each in _offered(desk, case, STATES[kind])]
    if any(is_bare(typed, _filled(desk, case, text, RESULT)) and len(typed) > 20 for text in texts):
        return Reply("case_template_bare", {"code": case.code})
    if chosen and not is_substantial(typed):
        return Reply("case_answer_thin")
    return None


def with_line(desk: Desk, case: Case, data: Mapping[str, Any], typed: str) -> str:
    """The chosen template with the typed line in it; what was typed where none was chosen."""
    chosen = data.get("template", "")
    if not chosen or not typed or is_whole(typed, _filled(desk, case, chosen, RESULT)):
        return typed
    line = typed if typed[-1] in ".!?" else f"{typed}."
    return _filled(desk, case, chosen, line)


def _offered(desk: Desk, case: Case, state: str) -> list[tuple[int, AnswerTemplate]]:
    return fitting(desk.committee.templates, case.category, state)[:MOST]


def _filled(desk: Desk, case: Case, text: str, result: str) -> str:
    known = {
        "result": result,
        "code": case.code,
        "kind": case_cards.category(desk, case).name,
        "place": case.place,
        "unit": case.unit_name,
        "received": f"{desk.calendar.today(case.received_at):%d/%m/%Y}",
        "due": f"{case.due_on:%d/%m/%Y}",
        "office": desk.committee.name,
    }
    return fill(text, known)
