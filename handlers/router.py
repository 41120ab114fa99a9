"""Decides which handler answers a turn; five rules in a fixed order (``docs/architecture.md``)."""

from __future__ import annotations

import re
from dataclasses import replace

from db import dialogs
from domain.chat import Reply, Turn
from domain.errors import RuleError
from domain.words import fold
from handlers import case_ban, cases, denunciation, groups, quota, spoken, start
from handlers.commands import ACTIONS, COMMANDS, DIALOGS
from handlers.desk import Desk

_NUMBER = re.compile(r"\s*(\d{1,2})(?:[.,:;)\s]+(.*))?$", re.DOTALL)


def answer(desk: Desk, turn: Turn) -> list[Reply]:
    """Answers one turn that was not seen before (the inbox is the first rule)."""
    if not turn.private:
        return groups.heard(desk, turn)
    if turn.withheld:
        return denunciation.ask(desk, turn)
    if (too_many := quota.over(desk, turn)) is not None:
        return too_many
    command = _command(desk, turn)
    if command:
        return command
    chosen = denunciation.restored(desk, spoken.pressed(desk, _numbered(desk, turn)))
    if not chosen.pressed:
        turn = chosen
    else:
        try:
            return _pressed(desk, chosen)
        except RuleError as no:
            # "2 xe bị tè" may look like choice 2 of an old menu: then it is just what it says.
            if turn.pressed or not chosen.text or no.key != "button_gone":
                raise
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if (banned := case_ban.stops(desk, turn, dialog)) is not None:
        return banned
    if dialog is not None and not cases.is_own_code(desk, turn):
        replies = DIALOGS[dialog.kind](desk, turn, dialog)
        if replies is not None:
            return replies
    return start.free_text(desk, turn)


def _command(desk: Desk, turn: Turn) -> list[Reply] | None:
    """The answer of the command the text begins with or, without a slash, consists of."""
    text = turn.text.strip()
    if not text or turn.pressed or turn.edit or turn.reply_to or turn.files:
        return None
    words = fold(text.split("@")[0] if text.startswith("/") and " " not in text else text)
    for command in COMMANDS:
        rest = command.rest_of(words, slash=text.startswith("/"))
        if rest is None or not command.allows(desk.person):
            continue
        if (replies := command.run(desk, turn, rest)) is not None:
            return replies
    return [Reply("unknown_command")] if text.startswith("/") else None


def _pressed(desk: Desk, turn: Turn) -> list[Reply]:
    """The answer of a pressed choice; what the button meant may be gone by now."""
    name, *arguments = turn.pressed.split(":")
    run = ACTIONS.get(name)
    if run is None:
        raise RuleError("button_gone")
    return run(desk, turn, arguments)


def _numbered(desk: Desk, turn: Turn) -> Turn:
    """The turn as a pressed choice, if its text is a number of the last menu or a label of the last few."""
    if turn.pressed or not turn.text or turn.files or turn.edit or turn.reply_to:
        return turn
    menu = dialogs.menu(desk.conn, desk.account.id)
    if menu is None:
        return turn
    match = _NUMBER.match(turn.text)
    rest = (match[2] or "").strip() if match else turn.text
    named = [c for c in (*menu.choices, *menu.earlier) if c.label and c.label == fold(rest)]
    if match and 0 < int(match[1]) <= len(menu.choices):
        choice = menu.choices[int(match[1]) - 1]
        if not rest or choice in named or (choice.takes_text and not named):
            text = "" if choice in named else rest
            return replace(turn, pressed=choice.action, text=text, message_id=menu.message_id)
    if named:
        return replace(turn, pressed=named[0].action, text="", message_id=named[0].message_id)
    return turn
