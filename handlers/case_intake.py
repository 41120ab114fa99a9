"""Takes a citizen's matter in: words, pictures and pins in any order become one draft."""

from __future__ import annotations

from dataclasses import replace

from db import cases, files, outbox
from db.dialogs import Dialog
from domain.cases import LONGEST, MOST_FILES, Draft, category_of, draft_from, with_words
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.map_links import is_short_link, located
from domain.tracks import FIELD_REPORT
from domain.words import fold, has_words
from handlers import (
    case_cards,
    case_draft,
    case_filing,
    case_followup,
    case_lookup,
    case_progress,
    case_unsent,
    denunciation,
    my_data,
    small_talk,
)
from handlers.case_draft_review import attach_to, review, settled_first
from handlers.desk import Desk


def begin(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/guiphananh: asks for anything, in any order; an open draft is shown again."""
    draft = case_draft.current(desk)
    if draft is None or draft.is_empty:
        draft = draft or case_draft.fresh()
        case_draft.keep(desk, replace(draft, track=FIELD_REPORT, category="", step="", chosen=False))
        return [Reply("case_begin")]
    return [review(desk, replace(draft, step=""))]


def on_draft(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Free words while a draft is open add to it; a code or a reply to a card is about something else."""
    draft = draft_from(dialog.data)
    if turn.edit:
        return _edited(desk, turn, draft)
    if turn.reply_to and outbox.card_of(desk.conn, desk.account.id, turn.reply_to).get("case"):
        return None
    if case_lookup.is_about_code(desk, turn.text):
        return None
    if case_progress.asks(desk, turn):
        return None
    if not draft.step and (said := _about_sending(desk, turn, draft)) is not None:
        return said
    return add(desk, turn, draft)


def _about_sending(desk: Desk, turn: Turn, draft: Draft) -> list[Reply] | None:
    """The answer to words that are no part of the draft: consent, "để tôi suy nghĩ", a wrong number."""
    spoken = desk.committee.spoken
    if turn.files or turn.place is not None or not turn.text.strip():
        return None
    if draft.is_empty:
        return [Reply("case_begin")] if small_talk.is_chat(desk, turn) else None
    if spoken.is_consent(turn.text):
        if (question := settled_first(desk, draft)) is not None:
            return [question]
        return case_filing.send(desk, draft, case_draft.shown_in(desk, draft))
    if my_data.is_meant(desk, turn) and has_words(fold(turn.text), "du lieu"):
        return my_data.show(desk, turn, "")
    if case_lookup.is_pin(turn.text) and draft.asked != "question":
        return [Reply("case_pin_alone")]
    if (number := spoken.number(turn.text)) and draft.asked != "question":
        return [Reply("number_unknown", {"number": number})]
    waits = spoken.is_waiting(turn.text) or spoken.is_withdrawal(turn.text)
    if waits or spoken.asks_progress(turn.text) or small_talk.is_chat(desk, turn):
        case_draft.keep(desk, draft)
        # Nobody agrees to what they have not read.
        return [case_unsent.waiting(desk, draft) if case_draft.shown_in(desk, draft) else review(desk, draft)]
    return None


def add(desk: Desk, turn: Turn, draft: Draft) -> list[Reply]:
    """Adds what a turn brought to the draft and shows the review; emergency numbers come before it."""
    turn = located(turn)
    sent = [file for file in turn.files if file.kind != "sticker"]
    text = turn.text.strip()
    if not text and not sent and turn.place is None:
        return [Reply("unsupported")]
    if len(draft.text) + len(text) > LONGEST:
        raise RuleError("case_too_long", most=LONGEST)
    if len(draft.files) + len(sent) > MOST_FILES:
        raise RuleError("case_too_many_files", most=MOST_FILES)
    draft = replace(draft, cleared=draft.cleared or turn.withheld)
    replies: list[Reply] = []
    added, added_as, moved = text, "", False
    if is_short_link(text):
        draft, added_as = replace(draft, place=f"{draft.place} {text}".strip(), step=""), "place"
    elif text:
        if draft.asked == "question" and case_draft.shown_in(desk, draft):
            category = category_of(desk.committee.categories, draft)
            draft = replace(draft, questioned=category.code)
        step, before = draft.step, _kind(desk, draft) if draft.words else ""
        draft, added_as = with_words(draft, turn.message_id, text)
        added_as = f"edit_{step}" if step else added_as
        if not draft.cleared and desk.committee.screening.may_be_denunciation(draft.text):
            return denunciation.ask(desk, turn)
        draft = _on_track(desk, draft)
        moved = before not in ("", _kind(desk, draft))
        if not draft.warned and desk.committee.screening.is_emergency(text):
            draft = replace(draft, warned=True)
            replies.append(Reply("emergency"))
    if turn.place is not None:
        at = turn.place
        draft = replace(draft, latitude=at.latitude, longitude=at.longitude, place=draft.place or at.title)
        draft, added_as = replace(draft, taken_at=None), added_as or "pin"
    for file in sent:
        kept = files.keep(desk.conn, desk.account.id, file, "draft", desk.account.id, desk.now)
        seen = draft.pictures + (file.kind == "photo")
        draft = replace(draft, files=(*draft.files, kept), pictures=seen)
        added_as = "file"
    question = settled_first(desk, draft)
    return [
        *replies,
        question or review(desk, draft, added=added, added_as=added_as, moved=moved),
    ]


def _kind(desk: Desk, draft: Draft) -> str:
    return category_of(desk.committee.categories, draft).code if draft.track == FIELD_REPORT else draft.track


def _on_track(desk: Desk, draft: Draft) -> Draft:
    """The draft on the track its words read as, unless the person chose one."""
    if draft.chosen:
        return draft
    return replace(draft, track=desk.committee.signs.case_track(draft.text))


def _edited(desk: Desk, turn: Turn, draft: Draft) -> list[Reply] | None:
    """An edited message changes the draft, if it still is a part of it."""
    if turn.message_id not in {key for key, _ in draft.words} or not turn.text.strip():
        return None
    words = tuple((key, turn.text.strip() if key == turn.message_id else text) for key, text in draft.words)
    draft = replace(draft, words=words)
    if not draft.cleared and desk.committee.screening.may_be_denunciation(draft.text):
        return denunciation.ask(desk, turn)
    return [review(desk, _on_track(desk, draft), added=turn.text.strip(), added_as="edit")]


def which(desk: Desk, turn: Turn, asked: list[cases.Case]) -> list[Reply]:
    """Several cases wait for an answer: the words are kept and the person says which one they are for."""
    draft = case_draft.current(desk) or case_draft.fresh()
    *first, last = add(desk, turn, draft)
    if last.key != "case_review":
        return [*first, last]
    token = str(last.card["draft"])
    rows = tuple((attach_to(case, token, case_cards.category(desk, case).name),) for case in asked)
    new = (Choice("case_is_new", f"case:back:{token}"),)
    return [*first, Reply("case_which", {}, (*rows, new), slot=case_draft.SLOT, card=last.card)]


def other_matter(desk: Desk, turn: Turn, message_id: int) -> list[Reply]:
    """Words taken for an addition to a case were a matter of their own: they become a draft."""
    words = case_followup.take_back(desk, message_id)
    draft = case_draft.fresh(cleared=True)
    draft, _ = with_words(draft, "", words)
    return [replace(review(desk, draft, wait=0), edits=turn.message_id)]
