"""Citizens' matters: which part answers a press, an open question or words that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

from db import cases, dialogs, followers, outbox
from db.dialogs import Dialog
from domain.cases import CLOSED, UNANSWERED, WITHDRAWN, is_thanks
from domain.chat import Reply, Turn
from domain.codes import is_code, tidy
from domain.errors import RuleError
from domain.map_links import located
from handlers import (
    case_about,
    case_answer,
    case_ban,
    case_by_pin,
    case_cards,
    case_draft,
    case_draft_review,
    case_edits,
    case_extend,
    case_followup,
    case_handling,
    case_handover,
    case_intake,
    case_lookup,
    case_merge,
    case_moves,
    case_notes,
    case_prompts,
    case_question,
    case_rating,
    case_receipt,
    case_refer,
    case_review,
    case_sealing,
    case_templates,
    case_verify,
    case_work,
    own_affairs,
    questions,
    small_talk,
)
from handlers.case_intake import begin
from handlers.case_lookup import look_up
from handlers.desk import Desk

_LONE_NUMBER = re.compile(r"\d{1,2}[.)]?")

DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {
    **case_ban.DIALOGS,
    case_draft.KIND: case_intake.on_draft,
    case_followup.KIND: case_followup.on_reply,
    case_lookup.KIND: case_lookup.on_pin,
    case_prompts.ASK.dialog: case_question.on_ask,
    case_prompts.GIVE_UP.dialog: case_question.on_give_up,
    case_prompts.KEEP.dialog: case_review.on_keep,
    case_prompts.EXTEND.dialog: case_extend.on_extend,
    case_extend.REFUSE: case_extend.on_refuse,
    case_prompts.MOVE.dialog: case_handover.on_move,
    case_prompts.RETURN.dialog: case_handover.on_return,
    case_prompts.REFER.dialog: case_refer.on_refer,
    case_prompts.NOTE.dialog: case_notes.on_note,
    case_prompts.VERIFY.dialog: case_verify.on_propose,
    case_prompts.ANSWER.dialog: case_answer.on_answer,
    case_answer.MORE: case_answer.on_more,
}

ON_DRAFT = frozenset(
    ("send", "drop", "edit", "words", "place", "area", "kind", "setkind", "nofiles", "back", "plain", "days",
     "form", "day", "attach", "apart", "same", "hide", "mode", "contact", "here", "away", "taken")
)  # fmt: skip

ON_CASE: dict[str, Callable[[Desk, Turn, int], list[Reply]]] = {
    "show": case_lookup.show,
    "open": case_lookup.show_below,
    "more": case_followup.more,
    "nomore": case_question.no_more,
    "goon": case_question.go_on,
    "other": case_intake.other_matter,
    "withdraw": lambda desk, turn, case_id: case_followup.withdraw(desk, turn, case_id, sure=False),
    "gone": lambda desk, turn, case_id: case_followup.withdraw(desk, turn, case_id, sure=True),
    "card": case_prompts.back,
    "take": case_handling.take,
    "others": case_handling.others,
    "special": lambda desk, turn, case_id: case_handling.others(desk, turn, case_id, 1),
    "rare": lambda desk, turn, case_id: case_handling.others(desk, turn, case_id, 2),
    "ban": case_ban.choose,
    "note": case_notes.show,
    "move": case_handover.units_to_move_to,
    "redo": case_review.redo,
    "work": case_work.show,
    "list": case_work.show_below,
    "grant": case_extend.grant,
    "refuse": case_extend.refuse,
    "files": case_handling.show_files,
    "sheet": case_receipt.sheet,
    "about": case_about.ask,
    "recuse": case_about.recuse,
    "tc": case_sealing.ask,
    "erase": case_sealing.erase,
    "kn": case_sealing.offer_grievance,
    "gdays": case_sealing.days,
    "gno": case_sealing.refused,
    "post": case_answer.post,
    "nophoto": case_answer.no_picture,
}


ON_CASE_AND_MORE: dict[str, Callable[[Desk, Turn, int, str], list[Reply]]] = {
    "bandays": case_ban.ask_reason,
    "abunit": case_about.ask_who,
    "abset": case_about.mark,
    "gday": case_sealing.chosen,
    "moves": case_handover.units_to_move_to,
    "proposals": case_handover.more_proposals,
    "abouts": case_about.ask,
}


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; rights and state are looked up anew."""
    verb, *rest = arguments or [""]
    if verb in ON_DRAFT:
        return case_draft_review.press(desk, turn, verb, rest)
    if not rest or not rest[0].isdigit():
        raise RuleError("button_gone")
    case_id, more = int(rest[0]), ":".join(rest[1:])
    if verb == "rate":
        return case_rating.rate(desk, turn, case_id, more)
    if verb in ON_CASE_AND_MORE:
        return ON_CASE_AND_MORE[verb](desk, turn, case_id, more)
    if verb == "to":
        return case_handover.move(desk, turn, case_id, more)
    if verb == "tpl":
        return case_templates.choose(desk, turn, case_id, more)
    if verb == "propose":
        return case_handover.propose(desk, turn, case_id, more)
    if verb in ON_CASE:
        return ON_CASE[verb](desk, turn, case_id)
    if verb in case_prompts.PROMPTS:
        return case_templates.begin(desk, turn, case_id, case_prompts.PROMPTS[verb])
    raise RuleError("button_gone")


def my_work(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/hoso: an official's list of citizens' matters; a citizen's own."""
    return case_work.show(desk, turn) if desk.person.is_official else look_up(desk, turn, "")


def expected(desk: Desk, turn: Turn) -> list[Reply] | None:
    """The answer if these words belong to a known case: a code, a reply to a card, an awaited answer."""
    if turn.edit:
        return None
    if turn.reply_to:
        card = outbox.card_of(desk.conn, desk.account.id, turn.reply_to)
        case = cases.get(desk.conn, int(str(card["case"]))) if "case" in card else None
        if case is not None and case.account_id == desk.account.id and case.state in UNANSWERED:
            return case_followup.from_turn(desk, turn, case)
        if case is not None and case_moves.can(desk, case, "answer"):
            return case_answer.from_words(desk, turn, case.id)
    if (by_pin := case_by_pin.answer(desk, turn)) is not None:
        return by_pin
    if not turn.files and (found := case_lookup.own_with_words(desk, turn.text)) is not None:
        case, words = found
        if case.state in UNANSWERED:
            return case_followup.added(desk, case, words, message_id=turn.message_id)
        if case.state in (CLOSED, WITHDRAWN):
            return case_intake.add(desk, turn, case_draft.current(desk) or case_draft.fresh())
        return [case_lookup.status(desk, case)]
    if not turn.files and (about := case_lookup.by_text(desk, turn.text)) is not None:
        return about
    asked = cases.asked_of_account(desk.conn, desk.account.id)
    if not asked or case_draft.current(desk) is not None or turn.unsupported:
        return None
    if len(asked) == 1:
        return case_followup.from_turn(desk, turn, asked[0])
    return case_intake.which(desk, turn, asked)


def is_own_code(desk: Desk, turn: Turn) -> bool:
    """Whether the text is nothing but the code of a case this person may see: then no question takes it."""
    if turn.edit or turn.reply_to or turn.files:
        return False
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is not None and dialog.kind == case_merge.KIND:  # a code is what that one asks for
        return False
    case = cases.by_code(desk.conn, tidy(turn.text)) if is_code(tidy(turn.text)) else None
    return case is not None and (
        case.account_id == desk.account.id
        or case_cards.sees(desk, followers.lead(desk.conn, case), desk.person.id)
    )


def free_text(desk: Desk, turn: Turn) -> list[Reply]:
    """Words, photos and pins that nobody asked for: about a case that exists, or a new draft."""
    turn = located(turn)
    if turn.edit:
        return case_edits.edited(desk, turn)
    if (answer := expected(desk, turn)) is not None:
        return answer
    if (own := own_affairs.answer(desk, turn)) is not None:
        return own
    draft = case_draft.current(desk)
    if draft is None and not turn.files and _LONE_NUMBER.fullmatch(turn.text.strip()):
        return [Reply("number_unknown", {"number": turn.text.strip()})]  # a choice that is not there any more
    if draft is None and small_talk.is_chat(desk, turn):
        if not turn.text.strip():
            return [Reply("unsupported", menu="citizen")]
        return [Reply("small_talk", {"thanks": is_thanks(turn.text)}, menu="citizen")]
    if draft is None and (answer := questions.free_text(desk, turn)) is not None:
        return answer
    return case_intake.add(desk, turn, draft or case_draft.fresh())


__all__ = [
    "DIALOGS", "begin", "expected", "free_text", "is_own_code", "look_up", "my_work", "press",
]  # fmt: skip
