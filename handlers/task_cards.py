"""Shows an official's card, finds the card a turn speaks of, and tells others by theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db import audience, outbox, people, work_cards
from db import decisions as decisions_db
from domain.calendar import OPENS
from domain.chat import Reply, Turn
from domain.errors import RuleError
from domain.tasks import Decision, Task
from domain.work_cards import Look, render
from handlers.desk import Desk


@dataclass(frozen=True, slots=True)
class Shown:
    """A card in the person's chat: the message and the items on it."""

    message_id: str = ""
    refs: tuple[str, ...] = ()
    title: str = ""
    total: int = 0

    def number(self, ref: str) -> int:
        """The item's number on the card, 0 if it is not there."""
        return self.refs.index(ref) + 1 if ref in self.refs else 0

    def data(self) -> dict[str, object]:
        """As a dialog keeps it."""
        return {
            "message": self.message_id,
            "items": list(self.refs),
            "title": self.title,
            "total": self.total,
        }


def shown(card: object, message_id: str) -> Shown:
    """The card of a message from its ids."""
    if not isinstance(card, dict) or not card.get("items"):
        return Shown()
    return Shown(message_id, tuple(card["items"]), str(card.get("title", "")), int(card.get("total", 0)))


def from_dialog(data: object) -> Shown:
    """The card a dialog remembers."""
    assert isinstance(data, dict)
    return shown(data, str(data.get("message", "")))


def pressed_card(desk: Desk, turn: Turn, ref: str) -> Shown:
    """The card a choice was pressed on; a message that shows only this item where there is none."""
    card = outbox.card_of(desk.conn, desk.account.id, turn.message_id) if turn.message_id else {}
    found = shown(dict(card), turn.message_id)
    return found if ref in found.refs else Shown(refs=(ref,), title="news")


def spoken_card(desk: Desk, turn: Turn) -> Shown:
    """The card a text speaks of: the one replied to, else the newest."""
    if turn.reply_to:
        return shown(dict(outbox.card_of(desk.conn, desk.account.id, turn.reply_to)), turn.reply_to)
    message_id, card = outbox.latest_card(desk.conn, desk.account.id, "items")
    return shown(dict(card), message_id)


def show(desk: Desk, card: Shown, *, changed: str = "", asking: str = "") -> Reply:
    """The card as it stands now, in place of the old one."""
    look = Look(card.title, edits=card.message_id, asking=asking, changed=changed, total=card.total)
    entries = work_cards.entries(desk.conn, card.refs, desk.today, viewer=desk.person)
    return render(entries, desk.person, look, desk.now, desk.calendar, desk.committee.category_names)


def acts(desk: Desk, task: Task) -> bool:
    """Whether the person reports on a task, as its holder or for a holder who is away."""
    return audience.acts_for(desk.conn, desk.person.id, task.assignee_id, desk.today)


def confirmer_of(desk: Desk, task: Task) -> int | None:
    """Who decides on what the person hands in for a task."""
    holder = task.assignee_id or desk.person.id
    return decisions_db.confirmer_of(desk.conn, holder, desk.person.id, task.unit_id, desk.today)


def tell_reporter(desk: Desk, each: Decision, *, loud: bool) -> None:
    """Shows the reporter what was decided: on their card, or (``loud``) by a message of its own.

    While the reporter is away whoever acted for them is told.
    """
    ref = f"t{each.task.id}"
    away = each.by_id is not None and audience.acts_for(desk.conn, each.by_id, each.reporter_id, desk.today)
    told = each.by_id if away and each.by_id else each.reporter_id
    reached = people.account_of(desk.conn, told)
    if reached is None:
        return
    card = Shown()
    if each.message_id and each.account_id == reached.id and not loud:
        found = outbox.card_of(desk.conn, reached.id, each.message_id)
        card = shown(dict(found), each.message_id)
    if ref not in card.refs:
        card = Shown(refs=(ref,), title="news")
    look = Look(card.title, edits=card.message_id, changed=ref, total=card.total)
    reporter = people.person(desk.conn, told, desk.today)
    entries = work_cards.entries(desk.conn, card.refs, desk.today, viewer=reporter)
    reply = render(entries, reporter, look, desk.now, desk.calendar, desk.committee.category_names)
    moment = desk.calendar.office_moment(desk.now)
    outbox.post(desk.conn, reached.id, reply, desk.now, priority=outbox.REMINDER, due_at=moment)


def stale_moment(desk: Desk) -> datetime:
    """When an acknowledgement or a progress report of today counts no more unless something follows."""
    day = desk.calendar.add(desk.today, desk.committee.ladders["given"].days)
    return desk.calendar.at(day, OPENS)


def number_in(arguments: Sequence[str], place: int = 0) -> int:
    """The id in a pressed choice; raises ``button_gone``."""
    if len(arguments) <= place or not arguments[place].isdigit():
        raise RuleError("button_gone")
    return int(arguments[place])
