"""How a person wants to be shown things: large letters and buttons, or another language (spec row 23)."""

from __future__ import annotations

from dataclasses import replace

from db import people
from domain.chat import Choice, Display, Reply, Turn
from domain.errors import RuleError
from domain.words import fold
from handlers import case_draft, case_draft_review
from handlers.desk import Desk

LANGUAGES = {"vi": ("tieng viet", "vietnamese"), "en": ("english", "tieng anh")}
"""The languages and the folded words that choose one at once."""


def large(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/chuto: larger letters where the channel has them, and every button in a row of its own."""
    return _show(desk, replace(desk.account.display, large=True), "display_large")


def normal(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/chuthuong: as everybody is shown things."""
    return _show(desk, replace(desk.account.display, large=False), "display_normal")


def language(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/ngonngu: asks for the language, unless the words name it."""
    said = fold(turn.text)
    for name, words in LANGUAGES.items():
        if said in words:
            return _speak(desk, name)
    choices = (tuple(Choice(f"display_{name}", f"display:language:{name}") for name in LANGUAGES),)
    return [Reply("display_language", {}, choices)]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice."""
    match arguments:
        case ["normal"]:
            return normal(desk, turn, "")
        case ["language", name] if name in LANGUAGES:
            return _speak(desk, name)
    raise RuleError("button_gone")


def _speak(desk: Desk, name: str) -> list[Reply]:
    return _show(desk, replace(desk.account.display, language=name), "display_language_set")


def _show(desk: Desk, display: Display, key: str) -> list[Reply]:
    """Says it the new way already, the menu and an open draft with it."""
    people.show_as(desk.conn, desk.account.id, display)
    menu = "official" if desk.person.is_official else "citizen"
    channel = {"channel": desk.account.channel}
    back = ((Choice("display_back", "display:normal"),),) if key == "display_large" else ()
    draft = case_draft.current(desk)
    if draft is None or draft.is_empty:
        return [Reply(key, channel, back, menu=menu)]
    return [Reply(key, channel, menu=menu), replace(case_draft_review.review(desk, draft, wait=0), edits="")]
