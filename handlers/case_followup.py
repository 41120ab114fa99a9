"""What a citizen says about a case after it was filed: an addition, an answer to a question, a withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from db import case_versions, cases, deadlines, dialogs, erasure, files, outbox, parts, people
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import (
    ASKED,
    GUIDED,
    JOINED,
    OPEN,
    UNANSWERED,
    WORKING,
    resumed_due,
)
from domain.chat import Choice, Incoming, Reply, Turn
from domain.errors import RuleError
from domain.map_links import located
from domain.redaction import without_identity
from domain.sight import NONE
from handlers import (
    case_cards,
    case_draft,
    case_joined,
    case_lookup,
    case_moves,
    case_parts,
    case_privacy,
    case_progress,
    quota,
)
from handlers.desk import Desk

KIND = "case_reply"
LIFETIME = timedelta(minutes=5)
GATHER = 3


def on_reply(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Shortly after an addition more words and pictures belong to the same case."""
    case = cases.get(desk.conn, dialog.data["case"])
    if case is None or case.account_id != desk.account.id or case.state not in UNANSWERED:
        dialogs.close(desk.conn, desk.account.id)
        return None
    if turn.edit or turn.reply_to or case_lookup.is_about_code(desk, turn.text):
        return None
    if case_progress.asks(desk, turn):
        return None
    return from_turn(desk, turn, case)


def from_turn(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """Adds words, files and a pin to an open case."""
    turn = located(turn)
    sent = [file for file in turn.files if file.kind != "sticker"]
    if not turn.text.strip() and not sent and turn.place is None:
        return [Reply("unsupported")]
    if case.state not in UNANSWERED:
        raise RuleError("case_not_open", code=case.code)
    quota.check_files(desk, case, sent, album=bool(turn.album))
    keep(desk, case, sent)
    if turn.place is not None:
        case = cases.change(desk.conn, case.id, latitude=turn.place.latitude, longitude=turn.place.longitude)
    return added(desk, case, turn.text.strip(), message_id=turn.message_id)


def keep(desk: Desk, case: Case, sent: list[Incoming], *, unlinked: bool = False) -> None:
    """Keeps files for a case as its sender wants to be known; ``unlinked``: from any account."""
    kept = [files.keep(desk.conn, desk.account.id, file, "case", case.id, desk.now) for file in sent]
    case_privacy.disown(desk, NONE if unlinked else case.privacy, kept)


def added(desk: Desk, case: Case, words: str, *, message_id: str = "", shown_in: str = "") -> list[Reply]:
    """Keeps what was added; an answer to a question lets the clock run on.

    ``message_id`` is the channel's, so that the words can be edited.
    """
    if case.state not in UNANSWERED:
        raise RuleError("case_not_open", code=case.code)
    words = case_privacy.kept(case, words)
    reply_id = cases.say(desk.conn, case.id, "reply", words, desk.now)
    case_versions.keep_reply(desk.conn, case.id, reply_id, message_id, words, desk.now)
    case = resumed(desk, case)
    if (
        len(cases.open_of_account(desk.conn, desk.account.id)) == 1
    ):  # else the next words say what they are for
        case_draft.aside(desk, KIND, {"case": case.id}, LIFETIME)
    tell_officials(desk, case, words)
    choices = ((Choice("case_other", f"case:other:{reply_id}"),),) if words and not shown_in else ()
    return [
        Reply(
            "case_added",
            {**case_cards.public(desk, case), "told": words},
            choices,
            edits=shown_in,
            slot=f"case-added:{case.id}",
            wait=GATHER,
            card={"case": case.id},
        )
    ]


def resumed(desk: Desk, case: Case, how: Callable[..., Case] = case_moves.make) -> Case:
    """The case with its clock running again, if it stood for an answer."""
    if case.state != ASKED or case.paused_at is None:
        return case
    deadlines.stood(desk.conn, case.id, desk.calendar.today(case.paused_at), desk.today)
    due_on = resumed_due(desk.calendar, case.due_on, case.paused_at, desk.now)
    promised = resumed_due(desk.calendar, case.promised_on or case.due_on, case.paused_at, desk.now)
    part = parts.asking(desk.conn, case.id)
    action = "supply_parts" if part else "supply"
    case = how(desk, case, action, due_on=due_on, promised_on=promised, paused_at=None)
    if part:
        resumed(desk, part, case_moves.make_by_clock)
        case_cards.update_cards(desk, case)
    return case


def forget(desk: Desk) -> int:
    """Cuts this account off its cases and returns how many; a question nobody is left to answer ends.

    What names the person in their own words is covered, and their files lose the names they had at home.
    """
    covered = erasure.cover_sender(desk.conn, desk.account.id, without_identity)
    files.disown_all(desk.conn, desk.account.id)
    asked = {case.id for case in cases.asked_of_account(desk.conn, desk.account.id)}
    count = cases.forget_account(desk.conn, desk.account.id)
    for case_id in sorted(covered | asked):
        alone = cases.get(desk.conn, case_id)
        if alone is not None:
            case_cards.update_cards(desk, resumed(desk, alone, case_moves.make_by_clock))
    return count


def tell_officials(desk: Desk, case: Case, words: str, key: str = "case_card_said") -> None:
    """Shows what was said to whoever has the case, else on the cards of those who might take it."""
    if case.state == JOINED:
        case_joined.tell_handler(desk, case, words)
        return
    at_work = [part for part in parts.of(desk.conn, case.id) if part.state in OPEN]
    for part in at_work:
        tell_officials(desk, part, words, key)
    if at_work:
        return
    seen = case.handler_id is not None and case_cards.sees(desk, case, case.handler_id)
    handler = case_cards.reachable(desk, [case.handler_id]) if case.handler_id and seen else []
    if not handler:
        case_cards.update_cards(desk, case)
        return
    person_id, account_id = handler[0]
    viewer = people.person(desk.conn, person_id, desk.today)
    shown = case_cards.card(desk, case, viewer)
    reply = replace(shown, key=key, slot=f"case-said:{case.id}", wait=GATHER)
    due_at = desk.calendar.office_moment(desk.now)
    outbox.post(desk.conn, account_id, reply, desk.now, priority=outbox.ESCALATION, due_at=due_at)


def take_back(desk: Desk, message_id: int) -> str:
    """Takes words out of a case they were not meant for; the question they answered is open again."""
    message = cases.take_back(desk.conn, message_id)
    if message is None:
        raise RuleError("button_gone")
    case = cases.access_own(desk.conn, message.case_id, desk.account.id)
    questions = cases.said(desk.conn, case.id, "question", "reply")
    if questions and questions[-1].kind == "question" and case.state == WORKING:
        case = case_moves.make(desk, case, "recall", paused_at=desk.now)
    case_cards.update_cards(desk, case)
    return message.words


def more(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Bổ sung]: the next words and pictures belong to this case."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    if case.state not in UNANSWERED:
        raise RuleError("case_not_open", code=case.code)
    if not case_draft.aside(desk, KIND, {"case": case.id}, dialogs.LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    return [Reply("case_more", {"code": case.code}, edits=turn.message_id)]


def withdraw(desk: Desk, turn: Turn, case_id: int, *, sure: bool) -> list[Reply]:
    """[Rút lại]: asked once, then the case ends and its officials are told."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    if not case_moves.can(desk, case, "withdraw"):
        raise RuleError("case_not_open", code=case.code)
    known = {"code": case.code, "track": case.track}
    if not sure:
        yes = "case_appointment_yes" if case.state == GUIDED else "case_withdraw_yes"
        choices = (
            (
                Choice(yes, f"case:gone:{case.id}"),
                Choice("case_keep", f"case:show:{case.id}"),
            ),
        )
        return [Reply("case_withdraw_sure", known, choices, edits=turn.message_id)]
    withdrawn(desk, case)
    return [Reply("case_withdrawn", known, edits=turn.message_id)]


def withdrawn(desk: Desk, case: Case, how: Callable[..., Case] = case_moves.make) -> None:
    """Ends a case at its sender's wish; who reported the same carries it on."""
    case_cards.update_cards(desk, how(desk, case, "withdraw", closed_at=desk.now, paused_at=None))
    case_parts.end(desk, case)
    case_joined.carry_on(desk, case)
