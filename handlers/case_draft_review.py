"""The one message in which a draft is agreed to, and what its choices do."""

from __future__ import annotations

from dataclasses import replace

from db import cases, dialogs, files
from domain.cases import UNANSWERED, Draft, area_found, category_of, with_words
from domain.chat import Choice, Reply, Rows, Turn
from domain.errors import RuleError
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
    case_privacy,
    case_rating,
    case_similar,
    case_unsent,
)
from handlers.desk import Desk

GATHER = 3  # seconds in which a burst or an album becomes one review
MOST_OFFERED = 3  # open cases to choose from
FRESH_HOURS = 2 * 60 * 60  # for so long new words may belong to the case just filed


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
        rows = (*rows, (attach_to(case, token, kind),))
    menu = dialogs.menu(desk.conn, desk.account.id)
    if (judged := _may_be_judged(desk, menu)) is not None:
        rows = (*rows, (Choice("case_doubt", f"case:attach:{token}:{judged.id}", {"code": judged.code}),))
    return Reply(
        "case_review",
        {
            **case_draft_menus.facts(desk, draft),
            "added": case_privacy.shown(draft, added),
            "added_as": added_as,
            "moved": moved,
            "noticed": case_draft.was_noticed(menu, draft),
            "has_sent": cases.has_sent(desk.conn, desk.account.id),
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


def settled_first(desk: Desk, draft: Draft) -> Reply | None:
    """What has to be settled before there is anything to agree to; the draft is kept for the answer."""
    question = case_unsent.asked_first(desk, draft)
    if question is not None:
        case_draft.keep(desk, draft)
    return question


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


def _taken_there(desk: Desk, draft: Draft) -> Reply:
    """[Dùng vị trí của ảnh]: what a picture said of its place becomes that of the matter."""
    if draft.taken_at is None:
        raise RuleError("button_gone")
    latitude, longitude = draft.taken_at
    draft = replace(draft, latitude=latitude, longitude=longitude, taken_at=None)
    return settled_first(desk, draft) or review(desk, draft, added_as="pin", wait=0)


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


def _may_belong_to(desk: Desk) -> list[cases.Case]:
    """Open cases that new words may be about: each where there are several, else the one just filed."""
    still_open = cases.open_of_account(desk.conn, desk.account.id)[:MOST_OFFERED]
    if len(still_open) > 1:
        return still_open
    return [case for case in still_open if (desk.now - case.received_at).total_seconds() < FRESH_HOURS]


def _may_be_judged(desk: Desk, menu: dialogs.Menu | None) -> cases.Case | None:
    """The case whose answer this person was just asked about: new words may be what is not well."""
    asked = [c.action.split(":") for c in (*menu.choices, *menu.earlier)] if menu else []
    number = next((int(part[2]) for part in asked if part[:2] == ["case", "rate"] and part[3:] == ["bad"]), 0)
    mine = cases.of_account(desk.conn, desk.account.id) if number else []
    case = next((each for each in mine if each.id == number), None)
    return case if case and case_cards.rating_choices(desk, case) else None


def attach_to(case: cases.Case, token: str, kind: str = "") -> Choice:
    """The choice that makes a draft an addition to a case."""
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
