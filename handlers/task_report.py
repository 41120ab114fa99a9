"""Reporting on a task: a tap and a line, or a line alone."""

from __future__ import annotations

from datetime import timedelta

from db import decisions as decisions_db
from db import dialogs, files, rungs, task_actions
from db import tasks as tasks_db
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.tasks import OPEN, RETURNED, Task
from domain.work_cards import SHOWN, promised_moment
from handlers import task_extend, task_progress, task_proof
from handlers.desk import Desk
from handlers.task_cards import (
    Shown,
    acts,
    from_dialog,
    number_in,
    pressed_card,
    show,
    spoken_card,
)

ADDED_LIFETIME = timedelta(minutes=10)
WORDS_ENOUGH = 12
LATER_ALONE = 20
"""Characters up to which "bổ sung sau" says nothing else worth keeping."""


def press_done(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[① Xong]: asks for the proof; with words on the same line takes them as the report."""
    task = _own(desk, number_in(arguments))
    card = pressed_card(desk, turn, f"t{task.id}")
    if not task.is_open:
        return [show(desk, card, changed=f"t{task.id}")]
    if turn.text:
        report = take(desk, turn, task, turn.text, card)
        return report if report is not None else _words_only(desk, task, turn.text, card)
    return ask(desk, task, card)


def ask(desk: Desk, task: Task, card: Shown) -> list[Reply]:
    """Asks for a document's number, a picture or a file."""
    dialogs.open_dialog(
        desk.conn, desk.account.id, "task_evidence", {"task": task.id, **card.data()}, desk.now
    )
    return [show(desk, card, changed=f"t{task.id}", asking=f"t{task.id}")]


def press_later(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Bổ sung sau]: the report counts now, the proof follows by the end of the next working day."""
    task = _own(desk, number_in(arguments))
    card = pressed_card(desk, turn, f"t{task.id}")
    if not task.is_open:
        return [show(desk, card, changed=f"t{task.id}")]
    return _submit_later(desk, task, "", card)


def press_words(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Nộp, không kèm văn bản]: hands in with the words typed before."""
    task = _own(desk, number_in(arguments))
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != "task_evidence" or dialog.data.get("task") != task.id:
        raise RuleError("button_gone")
    card, words = from_dialog(dialog.data), str(dialog.data.get("words", ""))
    if not task.is_open or not words:
        raise RuleError("button_gone")
    _submit(desk, task, card, words=words)
    return _submitted(desk, task, card)


def answer_evidence(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The line or picture that was asked for."""
    found = tasks_db.tasks_of(desk.conn, [int(dialog.data["task"])], desk.today)
    if not found or not found[0].is_open or not acts(desk, found[0]):
        dialogs.close(desk.conn, desk.account.id)
        return None
    task, card = found[0], from_dialog(dialog.data)
    number, rest = sentences.split_item(turn.text)
    if number and 0 < number <= len(card.refs) and card.refs[number - 1] != f"t{task.id}":
        return free_text(desk, turn)
    text = rest if number and card.number(f"t{task.id}") == number else turn.text
    report = take(desk, turn, task, text, card)
    if report is not None:
        return report
    if turn.unsupported or any(file.kind == "sticker" for file in turn.files):
        return [Reply("task_send_photo")]
    return _words_only(desk, task, text, card) if text else None


def take(desk: Desk, turn: Turn, task: Task, text: str, card: Shown) -> list[Reply] | None:
    """Understands a line or picture about a task; None when it says nothing we can act on."""
    wish = task_extend.wish_of(desk, task, text)
    if wish is not None:
        return task_extend.draft(desk, task, wish.day, wish.reason, card)
    if any(file.kind in task_proof.KINDS for file in turn.files):
        return _submit_files(desk, turn, task, text, card)
    if sentences.says_later(text):
        return _submit_later(desk, task, text if len(text) > LATER_ALONE else "", card)
    document = sentences.find_document(text, desk.today)
    if document is not None:
        if document.day and document.day > desk.today:
            raise RuleError("task_document_future", day=document.day)
        _submit(desk, task, card, words=text, document=document.number, document_date=document.day)
        return _submitted(desk, task, card)
    if sentences.has_link(text):
        _submit(desk, task, card, words=text)
        return _submitted(desk, task, card)
    percent = sentences.find_percent(text)
    if (percent is not None and percent < 100) or sentences.says_stuck(text):
        return task_progress.note(desk, task, percent, sentences.find_obstacle(text), card)
    return None


def free_text(desk: Desk, turn: Turn) -> list[Reply] | None:
    """An official's words outside a dialog, when they are a report; None when they are not."""
    number, rest = sentences.named_item(turn.text)
    card = spoken_card(desk, turn)
    if not card.refs:
        return None
    if number is not None and 0 < number <= len(card.refs):
        return _about(desk, turn, card.refs[number - 1], rest, card)
    if not turn.reply_to and not _sounds_like_a_report(desk, turn.text):
        return None
    refs = _answerable(desk, card)
    if len(refs) == 1 and not turn.reply_to and (several := _returned_too(desk, refs[0])):
        return [_which_of(desk, turn, several)]
    if len(refs) == 1:
        return _about(desk, turn, refs[0], turn.text, card)
    if not refs or (turn.files and not turn.reply_to):
        return None
    dialogs.open_dialog(
        desk.conn, desk.account.id, "task_which", {"words": turn.text, **card.data()}, desk.now
    )
    choices = tuple(Choice("task_item", f"task:which:{ref}", {"n": card.number(ref)}) for ref in refs)
    return [Reply("task_which", {"numbers": [card.number(ref) for ref in refs]}, (choices,))]


def press_which(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[②]: the item that the words just typed are about."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != "task_which" or not arguments:
        raise RuleError("button_gone")
    dialogs.close(desk.conn, desk.account.id)
    card = from_dialog(dialog.data)
    replies = _about(desk, turn, arguments[0], str(dialog.data["words"]), card)
    if replies is None:
        raise RuleError("button_gone")
    return replies


def answer_which(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """A typed number in answer to "which one?"; anything else is a new matter."""
    card = from_dialog(dialog.data)
    number, rest = sentences.split_item(turn.text)
    dialogs.close(desk.conn, desk.account.id)
    if number is None or rest or not 0 < number <= len(card.refs):
        return None
    return _about(desk, turn, card.refs[number - 1], str(dialog.data["words"]), card)


def _about(desk: Desk, turn: Turn, ref: str, text: str, card: Shown) -> list[Reply] | None:
    if ref.startswith("v"):
        return task_proof.add(desk, turn, task_proof.own_report(desk, int(ref[1:])).id, card)
    if not ref.startswith("t"):
        return None
    found = tasks_db.tasks_of(desk.conn, [int(ref[1:])], desk.today)
    if not found or not acts(desk, found[0]) or found[0].is_parent:
        return None
    task = found[0]
    if not task.is_open:
        late_proof = decisions_db.latest_report(desk.conn, task.id, desk.today)
        if late_proof and late_proof.lacks and task_proof.is_own(desk, late_proof):
            return task_proof.add(desk, turn, late_proof.id, card)
        return [show(desk, card, changed=ref)]
    report = take(desk, turn, task, text, card)
    if report is not None:
        return report
    if not text or sentences.says_done(text):
        return ask(desk, task, card)
    return _words_only(desk, task, text, card)


def _answerable(desk: Desk, card: Shown) -> list[str]:
    ids = [int(ref[1:]) for ref in card.refs if ref.startswith("t")]
    return [
        f"t{task.id}"
        for task in tasks_db.tasks_of(desk.conn, ids, desk.today)
        if task.state in OPEN and acts(desk, task) and not task.is_parent
    ]


def _returned_too(desk: Desk, ref: str) -> list[Task]:
    """The one task of the newest card, and those that were returned to the person and still wait for more.

    Nothing where the newest card itself speaks of a returned one: it asked last.
    """
    mine = [task for task in tasks_db.mine(desk.conn, desk.person.id, desk.today) if not task.is_parent]
    shown = [task for task in mine if f"t{task.id}" == ref]
    returned = [task for task in mine if task.state == RETURNED and f"t{task.id}" != ref]
    if not shown or shown[0].state == RETURNED or not returned:
        return []
    return [*shown, *returned[: SHOWN - 1]]


def _which_of(desk: Desk, turn: Turn, several: list[Task]) -> Reply:
    card = Shown(refs=tuple(f"t{task.id}" for task in several), title="news")
    data = {"words": turn.text, **card.data()}
    dialogs.open_dialog(desk.conn, desk.account.id, "task_which", data, desk.now)
    choices = tuple(
        (Choice("task_item", f"task:which:t{task.id}", {"n": n}),) for n, task in enumerate(several, 1)
    )
    lines = [
        {"n": n, "title": task.title, "returned": task.state == RETURNED} for n, task in enumerate(several, 1)
    ]
    return Reply("task_which_of", {"tasks": lines, "words": turn.text}, choices)


def _sounds_like_a_report(desk: Desk, text: str) -> bool:
    return bool(
        sentences.find_wish(text, desk.today)
        or sentences.find_document(text, desk.today)
        or sentences.find_percent(text) is not None
        or sentences.says_later(text)
        or (sentences.says_done(text) and len(text) < 40)
    )


def _words_only(desk: Desk, task: Task, text: str, card: Shown) -> list[Reply]:
    """Words without a document, picture or link: asks before they are handed in as they are."""
    data = {"task": task.id, "words": text, **card.data()}
    dialogs.open_dialog(desk.conn, desk.account.id, "task_evidence", data, desk.now)
    if len(text) < WORDS_ENOUGH:
        return [Reply("task_evidence_again")]
    choices = (
        (Choice("task_words", f"task:words:{task.id}"),),
        (Choice("task_later", f"task:later:{task.id}", {"by": promised_moment(desk.today, desk.calendar)}),),
    )
    return [Reply("task_words_only", {"words": text, "title": task.title}, choices)]


def _submit_files(desk: Desk, turn: Turn, task: Task, text: str, card: Shown) -> list[Reply]:
    document = sentences.find_document(text, desk.today)
    submission_id = _submit(
        desk,
        task,
        card,
        words=text,
        document=document.number if document else "",
        document_date=document.day if document else None,
    )
    for file in turn.files:
        files.keep(desk.conn, desk.account.id, file, "submission", submission_id, desk.now)
    dialogs.open_dialog(
        desk.conn,
        desk.account.id,
        "task_added",
        {"submission": submission_id},
        desk.now,
        lifetime=ADDED_LIFETIME,
    )
    return [show(desk, card, changed=f"t{task.id}")]


def _submit_later(desk: Desk, task: Task, text: str, card: Shown) -> list[Reply]:
    by = promised_moment(desk.today, desk.calendar)
    submission_id = _submit(desk, task, card, words=text, evidence_by=by)
    rungs.add(desk.conn, "evidence", submission_id, task.assignee_id or desk.person.id, "evidence", by)
    return _submitted(desk, task, card)


def _submit(desk: Desk, task: Task, card: Shown, **report: object) -> int:
    return task_actions.submit(
        desk.conn,
        task,
        desk.person.id,
        desk.now,
        account_id=desk.account.id,
        message_id=card.message_id,
        **report,  # type: ignore[arg-type]
    )


def _submitted(desk: Desk, task: Task, card: Shown) -> list[Reply]:
    dialogs.close(desk.conn, desk.account.id)
    return [show(desk, card, changed=f"t{task.id}")]


def _own(desk: Desk, task_id: int) -> Task:
    return tasks_db.access_own(desk.conn, task_id, acting=desk.person, today=desk.today)
