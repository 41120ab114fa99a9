"""What is said instead of pressing a choice one has before one: "1 nha", "chưa ổn, vẫn hát", "sáng thứ 5".

It becomes that press.  Whatever may mean something else stays what it was: words.
"""

from __future__ import annotations

from dataclasses import replace

from db import cases, dialogs, outbox
from db.dialogs import Menu
from domain.chat import Turn
from domain.spoken import PARTLY
from handlers import appointments, case_ban, case_cards
from handlers.desk import Desk

_GIVE_UP, _AGREE = "thoi", "dong y"  # the labels of the choices, or how they begin, folded


def pressed(desk: Desk, turn: Turn) -> Turn:
    """The turn as the press that its words mean, or unchanged."""
    if turn.pressed or not turn.text.strip() or turn.files or turn.edit:
        return turn
    if turn.reply_to:
        return _rated(desk, turn, _ratings_of_card(desk, turn))
    menu = dialogs.menu(desk.conn, desk.account.id)
    if menu is None:
        return turn
    number = desk.committee.spoken.number(turn.text)
    if 0 < number <= len(menu.choices):
        return replace(turn, pressed=menu.choices[number - 1].action, text="", message_id=menu.message_id)
    if (compared := _compared(desk, turn, menu)) is not None:
        return compared
    if (appeal := _appeal(desk, turn, menu)) is not None:
        return appeal
    if desk.committee.spoken.is_yes(turn.text):
        agreed = [each.action for each in menu.choices if each.label.startswith(_AGREE)]
        # Consent to a draft is the draft's own: what has to be settled first is asked there.
        if len(agreed) == 1 and not agreed[0].startswith("case:send:"):
            return replace(turn, pressed=agreed[0], text="", message_id=menu.message_id)
    if desk.committee.spoken.is_cancel(turn.text):
        given_up = [each.action for each in menu.choices if each.label == _GIVE_UP]
        return replace(turn, pressed=given_up[0], text="", message_id=menu.message_id) if given_up else turn
    found = _rated(desk, turn, _ratings_of_menu(menu))
    return found if found.pressed else _slot(desk, turn, menu)


def _appeal(desk: Desk, turn: Turn, menu: Menu) -> Turn | None:
    """Whoever is kept off says that it is wrong, and is not already saying why."""
    offered = [each.action for each in menu.choices if each.action.startswith("ban:appeal:")]
    if not offered or not desk.committee.spoken.is_appeal(turn.text):
        return None
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if desk.committee.screening.is_emergency(turn.text) or (dialog and dialog.kind == case_ban.APPEAL):
        return None
    return replace(turn, pressed=offered[0], message_id=menu.message_id)


def _compared(desk: Desk, turn: Turn, menu: Menu) -> Turn | None:
    """Whether the one matter that others told of is one's own; the words stay with it."""
    offered = [c.action for c in menu.choices if c.action.startswith(("case:same:", "case:apart:"))]
    if len(offered) != 2:
        return None
    meant = desk.committee.spoken.compares(turn.text)
    found = next((action for action in offered if meant and action.startswith(f"case:{meant}:")), "")
    return replace(turn, pressed=found, message_id=menu.message_id) if found else None


def _rated(desk: Desk, turn: Turn, offered: dict[str, tuple[str, str]]) -> Turn:
    """An opinion on an answer, where one is asked for; all its words go with it."""
    meant = desk.committee.spoken.opinion(turn.text) if offered else ""
    if not meant:
        return turn
    action, message_id = offered.get(meant) or offered["bad" if meant == PARTLY else meant]
    return replace(turn, pressed=action, message_id=message_id, reply_to="")


def _ratings_of_menu(menu: Menu) -> dict[str, tuple[str, str]]:
    rated = [each.action for each in menu.choices if each.action.startswith("case:rate:")]
    return {action.rsplit(":", 1)[1]: (action, menu.message_id) for action in rated}


def _ratings_of_card(desk: Desk, turn: Turn) -> dict[str, tuple[str, str]]:
    """Those of the answer that this message quotes."""
    card = outbox.card_of(desk.conn, desk.account.id, turn.reply_to)
    mine = cases.of_account(desk.conn, desk.account.id)
    case = next((each for each in mine if each.id == card.get("case")), None)
    if case is None:
        return {}
    rows = case_cards.rating_choices(desk, case)
    return {row[0].action.rsplit(":", 1)[1]: (row[0].action, turn.reply_to) for row in rows}


def _slot(desk: Desk, turn: Turn, menu: Menu) -> Turn:
    """A day or a part of a day, where slots of the reception are offered."""
    stem = appointments.stem_of(menu)
    found = appointments.meant(desk, turn.text, menu) if stem else None
    if found is None:
        return turn
    if len(found) == 1:
        day, slot = found[0]
        return replace(
            turn, pressed=f"{stem}:{day.isoformat()}:{slot.code}", text="", message_id=menu.message_id
        )
    return replace(turn, pressed="meet:wish", message_id=menu.message_id)
