"""Proof that follows a report: the promised document, more pictures of an album."""

from __future__ import annotations

from db import audience, dialogs, files, task_actions
from db import decisions as decisions_db
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Reply, Turn
from domain.errors import RuleError
from domain.tasks import Decision
from handlers.desk import Desk
from handlers.task_cards import Shown, from_dialog, number_in, pressed_card, show

KINDS = ("photo", "document", "video", "voice", "audio")


def press_proof(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Bổ sung ①]: asks for the promised proof, or takes it from the same line."""
    report = own_report(desk, number_in(arguments))
    card = pressed_card(desk, turn, f"v{report.id}")
    if turn.text and (replies := add(desk, turn, report.id, card)):
        return replies
    dialogs.open_dialog(
        desk.conn, desk.account.id, "task_proof", {"submission": report.id, **card.data()}, desk.now
    )
    return [show(desk, card, changed=f"v{report.id}", asking=f"v{report.id}")]


def answer_proof(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The promised proof."""
    report = own_report(desk, int(dialog.data["submission"]))
    replies = add(desk, turn, report.id, from_dialog(dialog.data))
    if replies:
        return replies
    return [Reply("task_evidence_again")] if turn.text else None


def answer_added(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """More pictures of an album, or the document's number, right after a picture was handed in."""
    report = decisions_db.by_ref(desk.conn, f"s{int(dialog.data['submission'])}", desk.today)
    if report.state != "waiting":
        dialogs.close(desk.conn, desk.account.id)
        return None
    for file in turn.files:
        files.keep(desk.conn, desk.account.id, file, "submission", report.id, desk.now)
    document = sentences.find_document(turn.text, desk.today)
    if document and not report.document:
        task_actions.add_evidence(desk.conn, report.id, document=document.number, document_date=document.day)
        return [Reply("task_document_added", {"document": document.number})]
    return [] if turn.files else None


def add(desk: Desk, turn: Turn, submission_id: int, card: Shown) -> list[Reply]:
    """Takes the proof in a turn; nothing where there is none in it."""
    document = sentences.find_document(turn.text, desk.today)
    kept = [file for file in turn.files if file.kind in KINDS]
    if document is None and not kept and not sentences.has_link(turn.text):
        return []
    if document and document.day and document.day > desk.today:
        raise RuleError("task_document_future", day=document.day)
    for file in kept:
        files.keep(desk.conn, desk.account.id, file, "submission", submission_id, desk.now)
    task_actions.add_evidence(
        desk.conn,
        submission_id,
        document=document.number if document else "",
        document_date=document.day if document else None,
        words=turn.text,
    )
    dialogs.close(desk.conn, desk.account.id)
    report = decisions_db.by_ref(desk.conn, f"s{submission_id}", desk.today)
    return [
        Reply(
            "task_proof_added",
            {"title": report.task.title, "state": report.state, "confirmer": report.confirmer},
        )
    ]


def own_report(desk: Desk, submission_id: int) -> Decision:
    """A report that is the person's; raises ``task_gone``."""
    report = decisions_db.by_ref(desk.conn, f"s{submission_id}", desk.today)
    if not is_own(desk, report):
        raise RuleError("task_gone")
    return report


def is_own(desk: Desk, report: Decision) -> bool:
    """Whether the person handed it in, or answers for whoever did."""
    if desk.person.id == report.by_id:
        return True
    return audience.acts_for(desk.conn, desk.person.id, report.reporter_id, desk.today)
