"""The answer to a citizen: an after-picture where the work is outdoors, a text of substance elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from db import cases, dialogs, files, outbox, parts
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import ANSWERED, is_substantial
from domain.chat import Choice, Picture, Reply, Turn
from domain.errors import RuleError
from handlers import (
    case_cards,
    case_joined,
    case_moves,
    case_parts,
    case_prompts,
    case_proof,
    case_templates,
    closing_checks,
)
from handlers.case_prompts import ANSWER, SHORTEST_REASON
from handlers.desk import Desk

MORE = "case_answer_more"
MORE_LIFETIME = timedelta(minutes=2)
GATHER = 5  # seconds for a second picture of an album, and for the bytes to arrive


def on_answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Gathers text and pictures and sends as soon as the answer is whole."""
    if turn.edit:
        return None
    case = _mine(desk, dialog.data["case"])
    if dialog.data["step"] == "reason":
        return _without_picture(desk, case, dialog.data, turn.text.strip())
    sent = [file for file in turn.files if file.kind != "sticker"]
    if not turn.text.strip() and not sent:
        return [Reply("case_answer_words")]
    typed = turn.text.strip()
    no = case_templates.refusal(desk, case, dialog.kind, dialog.data, typed) if typed else None
    kept = [files.keep(desk.conn, desk.account.id, f, "answer", case.id, desk.now) for f in sent]
    typed = "" if no else case_templates.with_line(desk, case, dialog.data, typed)
    text = "\n".join(part for part in (dialog.data["text"], typed) if part)
    gathered = [*dialog.data["files"], *kept]
    pictures = files.usable_photos(desk.conn, gathered)
    data = {**dialog.data, "text": text, "files": gathered, "pictures": pictures}
    if text:
        data["template"] = ""  # it has its line
    dialogs.open_dialog(desk.conn, desk.account.id, ANSWER.dialog, data, desk.now)
    if no:
        return [no]
    if pictures:
        return (
            _finish(desk, case, data)
            if text
            else _ask(case, data, "case_answer_line", "case_answer_send", "post")
        )
    if case_cards.needs_picture(desk, case):
        return _ask(case, data, "case_answer_picture", "case_answer_no_picture", "nophoto", takes_text=True)
    if not is_substantial(text):
        dialogs.open_dialog(desk.conn, desk.account.id, ANSWER.dialog, {**data, "text": ""}, desk.now)
        return [Reply("case_answer_thin")]
    return _finish(desk, case, data)


def from_words(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """Words and pictures that came without [Trả lời]: in reply to the card, or said to be the answer."""
    case_prompts.begin(desk, replace(turn, message_id=turn.reply_to), case_id, ANSWER)
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    return (on_answer(desk, turn, dialog) if dialog else None) or []


def post(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Gửi]: the picture alone is the answer."""
    case, data = _open(desk, case_id)
    if not files.usable_photos(desk.conn, data["files"]):
        raise RuleError("button_gone")
    return _finish(desk, case, data)


def no_picture(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Không có ảnh]: allowed with a reason, which is kept."""
    case, data = _open(desk, case_id)
    return _without_picture(desk, case, data, turn.text.strip())


def on_more(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The other pictures of an album, right after the first made the answer whole."""
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    sent = [file for file in turn.files if file.kind in ("photo", "video", "document")]
    if not sent or turn.text.strip() or case.state != ANSWERED:
        dialogs.close(desk.conn, desk.account.id)
        return None
    for file in sent:
        files.keep(desk.conn, desk.account.id, file, "answer", case.id, desk.now)
    return [Reply("case_answer_more", {"code": case.code}, slot=f"case-answer:{case.id}", wait=2)]


def _without_picture(desk: Desk, case: Case, data: Mapping[str, Any], reason: str) -> list[Reply]:
    if not is_substantial(data["text"]):
        dialogs.open_dialog(
            desk.conn, desk.account.id, ANSWER.dialog, {**data, "text": "", "step": ""}, desk.now
        )
        return [Reply("case_answer_thin")]
    if len(reason) < SHORTEST_REASON:
        dialogs.open_dialog(desk.conn, desk.account.id, ANSWER.dialog, {**data, "step": "reason"}, desk.now)
        return [Reply("case_answer_reason")]
    cases.say(desk.conn, case.id, "no_photo", reason, desk.now, desk.person.id)
    return _finish(desk, case, data)


def _finish(desk: Desk, case: Case, data: Mapping[str, Any]) -> list[Reply]:
    dialogs.open_dialog(desk.conn, desk.account.id, MORE, {"case": case.id}, desk.now, lifetime=MORE_LIFETIME)
    cases.say(desk.conn, case.id, "answer", data["text"], desk.now, desk.person.id)
    given = ["words"] if data["text"] else ["picture"]
    case = case_moves.make(
        desk,
        case,
        "answer",
        given,
        answer=data["text"],
        answered_at=desk.now,
        answered_by=desk.person.id,
        rating="",
        flag=case_proof.flag(desk, case, data.get("pictures", 0)),
    )
    if case.part_of is None:
        closing_checks.draw(desk, case)
    heard = (case, *case_joined.answered(desk, case))
    known = case_cards.facts(desk, case)
    for each in heard:
        _tell(desk, each, data, known)
    case_cards.update_cards(desk, case, known=known)
    if whole := case_parts.gather(desk, case):
        tell_whole(desk, whole)
        known = case_cards.facts(desk, case)
    return [case_cards.card(desk, case, desk.person, edits=data["card"], full=False, known=known)]


def tell_whole(desk: Desk, whole: Case) -> None:
    """One answer of several units, with the picture of the first."""
    closing_checks.draw(desk, whole)
    sent = [file.id for file in parts.answer_files(desk.conn, whole) if file.kind == "photo"]
    for each in (whole, *case_joined.answered(desk, whole)):
        _tell(desk, each, {"files": sent, "pictures": len(sent)})


def _tell(desk: Desk, case: Case, data: Mapping[str, Any], known: case_cards.Known | None = None) -> None:
    """Queues the answer; its pictures are chosen when it leaves, because they may still be on their way."""
    if case.account_id is None:
        return
    pictures = (Picture("photo", f"{case.code}.png"),) if data.get("pictures") else ()
    since = min(data["files"], default=0)
    card = {"kind": "case_answer", "case": case.id, "since": since, "at": desk.now}
    reply = Reply(
        "case_news_answer",
        {**case_cards.public(desk, case, known), "late_picture": False},
        case_cards.rating_choices(desk, case),
        pictures,
        slot=f"{outbox.NEWS}{case.id}",
        wait=GATHER if pictures else 0,
        card=card,
    )
    due_at = desk.calendar.citizen_moment(desk.now)
    outbox.post(desk.conn, case.account_id, reply, desk.now, due_at=due_at)


def _ask(
    case: Case, data: Mapping[str, Any], key: str, label: str, verb: str, *, takes_text: bool = False
) -> list[Reply]:
    choice = Choice(label, f"case:{verb}:{case.id}", takes_text=takes_text)
    return [
        Reply(
            key, {"code": case.code}, ((choice,),), edits=data["card"], slot=f"case-answer:{case.id}", wait=2
        )
    ]


def _mine(desk: Desk, case_id: int) -> Case:
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    case_moves.check(desk, case, "answer")
    return case


def _open(desk: Desk, case_id: int) -> tuple[Case, Mapping[str, Any]]:
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != ANSWER.dialog or dialog.data["case"] != case_id:
        raise RuleError("button_gone")
    return _mine(desk, case_id), dialog.data
