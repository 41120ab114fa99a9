"""Greeting, joining, help, one's own data, and free text that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, replace

from db import audit, case_work, dialogs, people
from db import cases as case_rows
from db.dialogs import Dialog
from domain.chat import Choice, Incoming, Place, Reply, Turn
from domain.errors import RuleError
from domain.people import LEADER
from domain.words import fold
from handlers import case_answer, case_draft, tasks
from handlers import cases as matters
from handlers.desk import Desk

UNCLEAR = "start_unclear"
TRIES_A_DAY = 5
_CODE = re.compile(r"[2-9a-hj-km-np-z]{8}")


def hello(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/start, with or without an invitation."""
    if rest and (joined := join(desk, turn, rest)) is not None:
        return joined
    if not desk.person.is_official:
        return [Reply("welcome_citizen", menu="citizen")]
    return [Reply("welcome_back", {"person": desk.person.called}, menu="official")]


def join(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/vao CODE: binds this account to the person the roster invites; rights come from the roster alone.

    None when the words were no code but a sentence that begins like the command.
    """
    code = rest.replace(" ", "")
    if not _CODE.fullmatch(code):
        return [Reply("join_how")] if not rest or turn.text.startswith("/") else None
    if audit.count_up(desk.conn, f"join:{desk.account.id}:{desk.today}") > TRIES_A_DAY:
        return [Reply("join_too_many")]
    try:
        person_id = people.join(desk.conn, desk.account, code, desk.now)
    except RuleError as no:  # answered, not raised: the try must stay counted
        return [Reply(no.key, no.facts)]
    case_draft.forget(desk)
    audit.record(desk.conn, "person", person_id, "joined", desk.now, actor_id=person_id)
    person = people.person(desk.conn, person_id, desk.today)
    posts = [{"unit": post.unit_name, "position": post.position} for post in person.memberships]
    known = {"person": person.called, "name": person.name, "posts": posts}
    return [Reply("joined", known, menu="official" if person.is_official else "citizen")]


def cancel(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/huy: gives up the draft or the open question."""
    if case_draft.erase(desk):
        return [Reply("case_dropped", slot=case_draft.SLOT)]
    if dialogs.current(desk.conn, desk.account.id, desk.now) is None:
        sent = not desk.person.is_official and case_rows.open_of_account(desk.conn, desk.account.id)
        return [Reply("nothing_open", {"sent": bool(sent)})]
    dialogs.close(desk.conn, desk.account.id)
    return [Reply("cancelled")]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice."""
    match arguments:
        case ["report" | "matter" as meant]:
            return _meant(desk, turn, meant)
        case ["answer", case_id] if case_id.isdigit():
            return _meant_answer(desk, turn, int(case_id))
    raise RuleError("button_gone")


def free_text(desk: Desk, turn: Turn) -> list[Reply]:
    """Words outside a dialog: an official's report, or the beginning of a citizen's matter.

    An official's words that could be either are kept for a day and asked about.
    """
    if not desk.person.is_official:
        return matters.free_text(desk, turn)
    for answer in (tasks.free_text, matters.expected):
        if (replies := answer(desk, turn)) is not None:
            return replies
    if turn.edit or turn.unsupported or case_draft.current(desk) is not None:
        return matters.free_text(desk, turn)
    if not turn.files and turn.place is None and len(fold(turn.text).split()) < 3:
        return [Reply("official_hint", {"person": desk.person.called}, menu="official")]
    asked = _keep_and_ask(desk, turn, [])
    return [Reply("emergency"), asked] if desk.committee.screening.is_emergency(turn.text) else [asked]


def on_unclear(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """More words before the official has said what the first were: kept with them."""
    if turn.edit or turn.reply_to or turn.unsupported:
        return None
    return [_keep_and_ask(desk, turn, dialog.data["turns"])]


DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {UNCLEAR: on_unclear}


def _keep_and_ask(desk: Desk, turn: Turn, before: list[dict[str, object]]) -> Reply:
    kept: dict[str, object] = {
        "text": turn.text,
        "files": [asdict(file) for file in turn.files],
        "place": asdict(turn.place) if turn.place else None,
        "cleared": turn.withheld,
    }
    dialogs.open_dialog(desk.conn, desk.account.id, UNCLEAR, {"turns": [*before, kept]}, desk.now)
    either = (Choice("unclear_report", "start:report"), Choice("unclear_matter", "start:matter"))
    answers = tuple(
        Choice("unclear_answer", f"start:answer:{case_id}", {"code": code})
        for case_id, code in case_work.in_hand(desk.conn, desk.person)
    )
    rows = (answers, either) if answers else (either,)
    known = {"told": turn.text, "answers": bool(answers), "leader": desk.person.has(LEADER)}
    return Reply("unclear", known, rows, slot=UNCLEAR, wait=2)


def _meant(desk: Desk, turn: Turn, meant: str) -> list[Reply]:
    """Goes on with the kept words as a citizen's matter, or shows the tasks they may be a report of."""
    kept = _take_kept(desk, turn)
    if meant == "report":
        words = "\n".join(each.text for each in kept if each.text)
        return [
            Reply("unclear_report_of", {"told": words}, edits=turn.message_id),
            *tasks.list_tasks(desk, turn, ""),
        ]
    replies: list[Reply] = []
    for each in kept:
        replies = matters.free_text(desk, each)
    return replies


def _meant_answer(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """The kept words and pictures are the answer to a case in hand."""
    kept = _take_kept(desk, turn)
    words = "\n".join(each.text for each in kept if each.text)
    files = tuple(file for each in kept for file in each.files)
    return case_answer.from_words(desk, replace(kept[0], text=words, files=files), case_id)


def _take_kept(desk: Desk, turn: Turn) -> list[Turn]:
    """What the official said before choosing what it was; raises ``button_gone`` when it is gone."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != UNCLEAR:
        raise RuleError("button_gone")
    dialogs.close(desk.conn, desk.account.id)
    return [
        Turn(
            turn.channel,
            turn.chat,
            turn.key,
            text=each["text"],
            files=tuple(Incoming(**file) for file in each["files"]),
            place=Place(**each["place"]) if each["place"] else None,
            withheld=each["cleared"],
        )
        for each in dialog.data["turns"]
    ]
