"""Takes a citizen's matter in: words, pictures, pins in any order, one review, one consent."""

from __future__ import annotations

from dataclasses import replace

from db import cases, dialogs, files, outbox
from db.dialogs import Dialog
from domain.cases import (
    LONGEST,
    MOST_FILES,
    UNANSWERED,
    Draft,
    area_found,
    category_of,
    draft_from,
    with_words,
)
from domain.chat import Choice, Reply, Rows, Turn
from domain.errors import RuleError
from domain.map_links import is_short_link, located
from domain.reading import may_denounce
from domain.tracks import FIELD_REPORT, GRIEVANCE, PETITION, SUGGESTION
from handlers import (
    case_cards,
    case_draft,
    case_draft_menus,
    case_elsewhere,
    case_filing,
    case_followup,
    case_grievance,
    case_lookup,
    case_privacy,
    case_progress,
    case_rating,
    case_similar,
    case_unsent,
    denunciation,
    small_talk,
)
from handlers.desk import Desk

GATHER = 3  # seconds in which a burst or an album becomes one review
MOST_OFFERED = 3  # open cases to choose from
FRESH_HOURS = 2 * 60 * 60  # for so long new words may belong to the case just filed


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
        if (question := _asked_first(desk, draft)) is not None:
            return [question]
        return case_filing.send(desk, draft, case_draft.shown_in(desk, draft))
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
    question = _asked_first(desk, draft)
    return [*replies, question or review(desk, draft, added=added, added_as=added_as, moved=moved)]


def _asked_first(desk: Desk, draft: Draft) -> Reply | None:
    """What has to be settled before there is anything to agree to; the draft is kept for the answer."""
    question = case_unsent.asked_first(desk, draft)
    if question is not None:
        case_draft.keep(desk, draft)
    return question


def _kind(desk: Desk, draft: Draft) -> str:
    return category_of(desk.committee.categories, draft).code if draft.track == FIELD_REPORT else draft.track


def review(
    desk: Desk,
    draft: Draft,
    *,
    added: str = "",
    added_as: str = "",
    moved: bool = False,
    wait: int = GATHER,
) -> Reply:
    """The one message to agree to; a later addition edits it, or replaces it while it is unsent.

    ``moved``: by what was added it is of another kind, which is said where the whole is not shown again.
    """
    category = category_of(desk.committee.categories, draft)
    found = area_found(desk.committee.areas, draft)
    draft = replace(draft, asked=draft.missing(category, in_doubt=bool(found.perhaps)))
    case_draft.keep(desk, draft)
    token = draft.token
    rows: Rows = (
        (Choice("case_send", f"case:send:{token}"),),
        (
            Choice("case_edit", f"case:edit:{token}"),
            Choice("case_drop", f"case:drop:{token}"),
            Choice("case_hide", f"case:hide:{token}"),
        ),
        *(
            (
                Choice(
                    "case_area",
                    f"case:area:{token}:{area.code}",
                    {"name": desk.committee.areas.name(area.code)},
                ),
            )
            for area in found.perhaps
            if draft.asked != "words"
        ),
    )
    if draft.taken_at is not None:
        rows = (*rows, (Choice("case_photo_place", f"case:taken:{token}"),))
    denouncing = may_denounce(desk.committee, draft)
    if denouncing:
        rows = (*rows, (Choice("denunciation_yes", f"denounce:mine:{token}"),))
    earlier = _may_belong_to(desk)
    for case in earlier:
        kind = case_cards.category(desk, case).name if len(earlier) > 1 else ""
        rows = (*rows, (_attach_to(case, token, kind),))
    if (judged := _may_be_judged(desk)) is not None:
        rows = (*rows, (Choice("case_doubt", f"case:attach:{token}:{judged.id}", {"code": judged.code}),))
    return Reply(
        "case_review",
        {
            **case_draft_menus.facts(desk, draft),
            "added": case_privacy.shown(draft, added),
            "added_as": added_as,
            "moved": moved,
            "noticed": case_draft.was_noticed(desk, draft),
            "several": len(earlier) > 1,
            "may_denounce": denouncing and desk.committee.screening.touches_office(draft.text),
            "says_where": not (denouncing or draft.cleared),
        },
        rows,
        edits=case_draft.shown_in(desk, draft),
        slot=case_draft.SLOT,
        wait=wait,
        card={"draft": token},
    )


def press(desk: Desk, turn: Turn, verb: str, arguments: list[str]) -> list[Reply]:
    """Answers a choice of a draft; the draft it belongs to may be gone."""
    draft = case_draft.of_token(desk, arguments[0] if arguments else "")
    shown = turn.message_id
    if turn.text and verb in ("apart", "same"):  # said in words: they belong to it
        draft, _ = with_words(replace(draft, asked=""), "", turn.text.strip())
    match verb:
        case "send":
            return case_filing.send(desk, draft, shown)
        case "apart":
            return case_filing.send(desk, replace(draft, compared=True), shown)
        case "same":
            lead = case_similar.offered(desk, draft, arguments[1] if len(arguments) > 1 else "")
            return case_filing.send(desk, draft, shown, lead)
        case "drop":
            case_draft.erase(desk)
            return [Reply("case_dropped", edits=shown, slot=case_draft.SLOT)]
        case "edit":
            return [case_draft_menus.edit_menu(desk, draft, shown)]
        case "area":
            return [review(desk, _in_area(desk, draft, arguments[1:]), wait=0)]
        case "hide":
            return case_privacy.modes(desk, draft, shown)
        case "mode":
            return [review(desk, case_privacy.with_mode(draft, "".join(arguments[1:2])), wait=0)]
        case "words" | "place" | "contact":
            case_draft.keep(desk, replace(draft, step=verb))
            return [
                Reply(
                    f"case_edit_{verb}",
                    case_draft_menus.facts(desk, draft),
                    (case_draft_menus.back(draft),),
                    edits=shown,
                )
            ]
        case "kind":
            return [case_draft_menus.kinds(desk, draft, shown)]
        case "setkind":
            return [_with_kind(desk, draft, arguments[1] if len(arguments) > 1 else "")]
        case "nofiles":
            files.drop(desk.conn, list(draft.files))
            return [review(desk, replace(draft, files=(), pictures=0), wait=0)]
        case "back":
            return [review(desk, replace(draft, step=""), wait=0)]
        case "plain":
            return [review(desk, replace(draft, plain=True), wait=0)]
        case "here":
            return [review(desk, replace(draft, here=True), wait=0)]
        case "taken":
            return [_taken_there(desk, draft)]
        case "away":
            return case_elsewhere.away(desk, draft, shown)
        case "days":
            return case_grievance.days(desk, draft, shown)
        case "form":
            return case_grievance.form(desk, draft)
        case "day":
            _, day, slot = (*arguments, "", "")[:3]
            return case_grievance.chosen(desk, draft, day, slot, shown)
        case "attach":
            return _attach(desk, draft, int(arguments[1]) if len(arguments) > 1 else 0, shown)
    raise RuleError("button_gone")


def _on_track(desk: Desk, draft: Draft) -> Draft:
    """The draft on the track its words read as, unless the person chose one."""
    if draft.chosen:
        return draft
    return replace(draft, track=desk.committee.signs.case_track(draft.text))


def _taken_there(desk: Desk, draft: Draft) -> Reply:
    """[Dùng vị trí của ảnh]: what a picture said of its place becomes that of the matter."""
    if draft.taken_at is None:
        raise RuleError("button_gone")
    latitude, longitude = draft.taken_at
    draft = replace(draft, latitude=latitude, longitude=longitude, taken_at=None)
    return _asked_first(desk, draft) or review(desk, draft, added_as="pin", wait=0)


def _in_area(desk: Desk, draft: Draft, code: list[str]) -> Draft:
    """The draft in the area that was tapped."""
    if not code or desk.committee.areas.get(code[0]) is None:
        raise RuleError("button_gone")
    return replace(draft, area=code[0])


def _with_kind(desk: Desk, draft: Draft, code: str) -> Reply:
    if code == GRIEVANCE:
        return case_grievance.offer(desk, draft)
    if code in (SUGGESTION, PETITION):
        return review(desk, replace(draft, track=code, plain=True, chosen=True), wait=0)
    if code not in {kind.code for kind in desk.committee.categories}:
        raise RuleError("button_gone")
    return review(desk, replace(draft, category=code, track=FIELD_REPORT, plain=True, chosen=True), wait=0)


def _edited(desk: Desk, turn: Turn, draft: Draft) -> list[Reply] | None:
    """An edited message changes the draft, if it still is a part of it."""
    if turn.message_id not in {key for key, _ in draft.words} or not turn.text.strip():
        return None
    words = tuple((key, turn.text.strip() if key == turn.message_id else text) for key, text in draft.words)
    draft = replace(draft, words=words)
    if not draft.cleared and desk.committee.screening.may_be_denunciation(draft.text):
        return denunciation.ask(desk, turn)
    return [review(desk, _on_track(desk, draft), added=turn.text.strip(), added_as="edit")]


def _may_belong_to(desk: Desk) -> list[cases.Case]:
    """Open cases that new words may be about: each where there are several, else the one just filed."""
    still_open = cases.open_of_account(desk.conn, desk.account.id)[:MOST_OFFERED]
    if len(still_open) > 1:
        return still_open
    return [case for case in still_open if (desk.now - case.received_at).total_seconds() < FRESH_HOURS]


def _may_be_judged(desk: Desk) -> cases.Case | None:
    """The case whose answer this person was just asked about: new words may be what is not well."""
    menu = dialogs.menu(desk.conn, desk.account.id)
    asked = [c.action.split(":") for c in (*menu.choices, *menu.earlier)] if menu else []
    number = next((int(part[2]) for part in asked if part[:2] == ["case", "rate"] and part[3:] == ["bad"]), 0)
    mine = cases.of_account(desk.conn, desk.account.id) if number else []
    case = next((each for each in mine if each.id == number), None)
    return case if case and case_cards.rating_choices(desk, case) else None


def _attach_to(case: cases.Case, token: str, kind: str = "") -> Choice:
    return Choice("case_attach", f"case:attach:{token}:{case.id}", {"code": case.code, "kind": kind})


def _attach(desk: Desk, draft: Draft, case_id: int, shown: str) -> list[Reply]:
    """What was taken for a new matter belongs to a case of this account, or judges its answer."""
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    if case.state not in UNANSWERED and not case_cards.rating_choices(desk, case):
        raise RuleError("case_not_open", code=case.code)
    dialogs.close(desk.conn, desk.account.id)
    files.move(desk.conn, list(draft.files), "case", case.id)
    words = "\n".join(part for part in (draft.text, draft.place) if part)
    if case.state not in UNANSWERED:
        said = Turn(desk.account.channel, "", "", text=words, message_id=shown)
        return case_rating.rate(desk, said, case.id, "bad")
    message_id = draft.words[0][0] if len(draft.words) == 1 and not draft.place else ""
    return case_followup.added(desk, case, words, message_id=message_id, shown_in=shown)


def which(desk: Desk, turn: Turn, asked: list[cases.Case]) -> list[Reply]:
    """Several cases wait for an answer: the words are kept and the person says which one they are for."""
    draft = case_draft.current(desk) or case_draft.fresh()
    *first, last = add(desk, turn, draft)
    if last.key != "case_review":
        return [*first, last]
    token = str(last.card["draft"])
    rows = tuple((_attach_to(case, token, case_cards.category(desk, case).name),) for case in asked)
    new = (Choice("case_is_new", f"case:back:{token}"),)
    return [*first, Reply("case_which", {}, (*rows, new), slot=case_draft.SLOT, card=last.card)]


def other_matter(desk: Desk, turn: Turn, message_id: int) -> list[Reply]:
    """Words taken for an addition to a case were a matter of their own: they become a draft."""
    words = case_followup.take_back(desk, message_id)
    draft = case_draft.fresh(cleared=True)
    draft, _ = with_words(draft, "", words)
    return [replace(review(desk, draft, wait=0), edits=turn.message_id)]
