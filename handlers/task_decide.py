"""Deciding on reports and wishes for more time: one tap, and a reason to say no."""

from __future__ import annotations

from dataclasses import replace

from db import audit, dialogs, task_actions
from db import decisions as decisions_db
from db.dialogs import Dialog
from domain.chat import Reply, Turn
from domain.errors import RuleError
from domain.tasks import Decision
from domain.work_cards import SHOWN
from handlers.desk import Desk
from handlers.task_cards import Shown, from_dialog, pressed_card, show, tell_reporter

REASON_ENOUGH = 3


def press_confirm(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Xác nhận ①]."""
    report, card = _decision(desk, turn, arguments, "s")
    if report.state == "waiting":
        task_actions.confirm(desk.conn, report, desk.person.id, desk.now)
        _decided(desk, report, loud=False)
    return [_next(desk, card, report.ref)]


def press_return(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Trả lại ①]."""
    return _press_no(desk, turn, arguments, "s")


def press_refuse(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Không ②]."""
    return _press_no(desk, turn, arguments, "e")


def press_grant(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Cho gia hạn ②]."""
    wish, card = _decision(desk, turn, arguments, "e")
    if wish.state == "waiting":
        task_actions.grant(desk.conn, wish, desk.person.id, desk.now)
        _decided(desk, wish, loud=False)
    return [_next(desk, card, wish.ref)]


def answer_reason(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The reason for saying no."""
    each = decisions_db.access(desk.conn, str(dialog.data["ref"]), acting=desk.person, today=desk.today)
    if each.state != "waiting":
        dialogs.close(desk.conn, desk.account.id)
        return None
    if not turn.text:
        return None
    if len(turn.text.strip()) < REASON_ENOUGH:
        return [Reply("task_reason_again")]
    return _say_no(desk, each, turn.text.strip(), from_dialog(dialog.data))


def _press_no(desk: Desk, turn: Turn, arguments: list[str], kind: str) -> list[Reply]:
    """Asks for the reason, or takes it from the same line."""
    each, card = _decision(desk, turn, arguments, kind)
    if each.state != "waiting":
        return [show(desk, card, changed=each.ref)]
    if len(turn.text.strip()) >= REASON_ENOUGH:
        return _say_no(desk, each, turn.text.strip(), card)
    dialogs.open_dialog(desk.conn, desk.account.id, "task_return", {"ref": each.ref, **card.data()}, desk.now)
    return [show(desk, card, changed=each.ref, asking=each.ref)]


def _say_no(desk: Desk, each: Decision, reason: str, card: Shown) -> list[Reply]:
    """Returns a report or refuses more time; the reporter hears why by a message of its own."""
    say_no = task_actions.give_back if each.kind == "s" else task_actions.refuse
    say_no(desk.conn, each, reason, desk.person.id, desk.now)
    _decided(desk, each, loud=True)
    dialogs.close(desk.conn, desk.account.id)
    return [_next(desk, card, each.ref)]


def _decided(desk: Desk, each: Decision, *, loud: bool) -> None:
    """Tells the reporter, and keeps in whose place it was decided."""
    tell_reporter(desk, each, loud=loud)
    place = decisions_db.place_of(desk.conn, each, desk.person.id, desk.today)
    if place != desk.person.id:
        fields = {"decision": each.ref, "instead_of": place}
        audit.record(
            desk.conn, "task", each.task.id, "decided_as_deputy", desk.now, actor_id=desk.person.id, **fields
        )


def _next(desk: Desk, card: Shown, decided: str) -> Reply:
    """The card after a decision; one that could not list everything goes on with what still waits."""
    if card.total <= len(card.refs):
        return show(desk, card, changed=decided)
    waiting = [each.ref for each in decisions_db.waiting_for(desk.conn, desk.person, desk.today)]
    refs = (decided, *waiting)
    return show(desk, replace(card, refs=refs[:SHOWN], total=len(refs)), changed=decided)


def _decision(desk: Desk, turn: Turn, arguments: list[str], kind: str) -> tuple[Decision, Shown]:
    ref = arguments[0] if arguments else ""
    if not ref.startswith(kind):
        raise RuleError("button_gone")
    found = decisions_db.access(desk.conn, ref, acting=desk.person, today=desk.today)
    return found, pressed_card(desk, turn, ref)
