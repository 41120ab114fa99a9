"""Two cases are one matter: the leaders or the reception merge them, and for a week they can undo it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from db import cases, dialogs, followers, merges, parts
from db.cases import Case
from db.dialogs import Dialog
from domain.cases import ANSWERED, ASKED, JOINED, OPEN
from domain.chat import Choice, Reply, Turn
from domain.codes import is_code, tidy
from domain.errors import RuleError
from handlers import case_cards, case_draft, case_moves, case_question, case_similar
from handlers.desk import Desk

KIND = "case_merge"
LIFETIME = timedelta(minutes=30)
MOST_SHOWN = 5
_UNANSWERED: dict[str, Any] = {"answer": "", "answered_at": None, "answered_by": None, "rating": ""}


def choices(desk: Desk, case: Case) -> list[Choice]:
    """What this person may merge or take apart here."""
    found = []
    if case_moves.can(desk, case, "merge"):
        found.append(Choice("case_merge", f"order:merge:{case.id}"))
    found += [
        Choice("case_unmerge", f"order:unmerge:{each.id}", {"code": each.code})
        for each in merged(desk, case)
        if _undo_of(desk, each) is not None
    ]
    return found


def begin(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Trùng việc khác]: the matters that look alike, or a code typed by hand."""
    case_moves.check(desk, case, "merge")
    if not case_draft.aside(desk, KIND, {"case": case.id, "card": turn.message_id}, LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    alike = case_similar.alike(desk, case)[:MOST_SHOWN]
    lines = [
        {"code": each.code, "place": each.place, "day": desk.calendar.today(each.received_at)}
        for each in alike
    ]
    rows = tuple(
        (Choice("case_merge_into", f"order:into:{case.id}:{each.id}", {"code": each.code}),) for each in alike
    )
    facts = {"code": case.code, "cases": lines}
    return [Reply("case_merge_which", facts, (*rows, _back(case)), edits=turn.message_id)]


def on_code(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """A code typed by hand; other words end the question and are taken for what they are."""
    if turn.edit or turn.files or not is_code(tidy(turn.text)):
        dialogs.close(desk.conn, desk.account.id)
        return None
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    into = cases.seen_by_code(desk.conn, tidy(turn.text), desk.person)
    if into is None:
        return [Reply("case_merge_unknown", {"code": tidy(turn.text)})]
    return [_sure(desk, case, into, dialog.data["card"])]


def chosen(desk: Desk, turn: Turn, case: Case, into_id: int) -> list[Reply]:
    """A matter of the list: asked once more, because two people are told."""
    into = cases.access_case(desk.conn, into_id, acting=desk.person)
    return [_sure(desk, case, into, turn.message_id)]


def merge(desk: Desk, turn: Turn, case: Case, into_id: int) -> list[Reply]:
    """[Gộp]: whoever sent it keeps code and PIN and gets the other one's answer."""
    into = cases.access_case(desk.conn, into_id, acting=desk.person)
    _must_fit(desk, case, into)
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is not None and dialog.kind == KIND:
        dialogs.close(desk.conn, desk.account.id)
    made = merges.note(desk.conn, case, into, desk.person.id, desk.now)
    before = case
    case = case_moves.make(desk, case, "merge", ("lead",), joined_to=into.id)
    for follower_id in made.followers:
        cases.change(desk.conn, follower_id, joined_to=into.id)
    case_cards.update_cards(desk, case, before=before)
    case_cards.update_cards(desk, into)
    for each in (case, *(f for f in followers.joined(desk.conn, into.id) if f.id in made.followers)):
        case_cards.tell_citizen(desk, each, "case_news_merged")
    undo = (Choice("case_undo", f"order:unmerge:{case.id}"),)
    facts = {"code": case.code, "into": into.code, "until": desk.calendar.today(made.at + merges.UNDO)}
    return [Reply("case_merged", facts, (undo,), edits=turn.message_id)]


def unmerge(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Hoàn tác]: the case is as it was before, with those who followed it."""
    made = _undo_of(desk, case)
    if made is None:
        raise RuleError("case_merge_stays", code=case.code)
    case = case_moves.make(
        desk, case, f"unmerge_{made.state}", joined_to=None, unit_id=made.unit_id, **_UNANSWERED
    )
    for each in followers.following(desk.conn, made.into_id):
        if each.id in made.followers:
            unheard = _UNANSWERED if each.state == ANSWERED else {}
            unit_id = made.followers[each.id]
            case_moves.make_by_clock(desk, each, "follow_back", joined_to=case.id, unit_id=unit_id, **unheard)
    merges.undone(desk.conn, made.id, desk.person.id, desk.now)
    into = cases.access_case(desk.conn, made.into_id, acting=desk.person)
    case_cards.update_cards(desk, into)
    if case.state == ASKED:
        case_cards.update_cards(desk, case)
        case_question.ask_again(desk, case, "")
    else:
        case_cards.tell_unit(desk, case)
        case_cards.tell_citizen(desk, case, "case_news_unmerged")
    return [Reply("case_unmerged", case_cards.facts(desk, case), edits=turn.message_id)]


def merged(desk: Desk, case: Case) -> list[Case]:
    """The cases that officials merged into one and that this person may see."""
    found = {each.id: each for each in followers.following(desk.conn, case.id)}
    return [found[each] for each in merges.into(desk.conn, case.id) if each in found]


def _undo_of(desk: Desk, case: Case) -> merges.Merge | None:
    """The merge that this person may undo now: within a week, while the citizen has not rated the answer."""
    made = merges.of_case(desk.conn, case.id)
    if made is None or not made.may_be_undone(desk.now) or case.state not in (JOINED, ANSWERED):
        return None
    return made if case_moves.can(desk, case, f"unmerge_{made.state}") else None


def _sure(desk: Desk, case: Case, into: Case, shown: str) -> Reply:
    _must_fit(desk, case, into)
    yes = (Choice("case_merge_yes", f"order:domerge:{case.id}:{into.id}"),)
    facts = {
        "code": case.code,
        "told": case_cards.facts(desk, case)["told"],
        "into": into.code,
        "into_told": case_cards.facts(desk, into)["told"],
        "due": into.due_on,
    }
    return Reply("case_merge_sure", facts, (yes, _back(case)), edits=shown)


def _must_fit(desk: Desk, case: Case, into: Case) -> None:
    """Refuses what would break a promise or let somebody learn what they must not."""
    case_moves.check(desk, case, "merge")
    if into.id == case.id or into.state not in OPEN or into.part_of or case.part_of:
        raise RuleError("case_merge_not_open", code=into.code)
    if case.state == ASKED and parts.of(desk.conn, case.id):  # split, and one unit has asked
        raise RuleError("case_merge_parts", code=case.code)
    if case.answered_at is not None:
        raise RuleError("case_merge_answered", code=case.code)
    secret = (into.about_unit_id, into.about_person_id, case.about_unit_id, case.about_person_id)
    if into.privacy != case.privacy or any(secret):
        raise RuleError("case_merge_private")
    if into.track != case.track:
        raise RuleError("case_merge_track")
    if into.due_on > case.due_on:
        raise RuleError("case_merge_later", code=case.code, into=into.code)


def _back(case: Case) -> tuple[Choice, ...]:
    return (Choice("case_back", f"order:card:{case.id}"),)
