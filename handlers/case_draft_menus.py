"""What can be changed in a draft before it is sent, as menus."""

from __future__ import annotations

from domain.cases import Draft, area_found, category_of
from domain.chat import Choice, Reply, in_rows
from domain.sight import OPEN_NAME
from domain.tracks import FIELD_REPORT, GRIEVANCE, PETITION, SUGGESTION
from handlers import case_privacy
from handlers.desk import Desk


def facts(desk: Desk, draft: Draft) -> dict[str, object]:
    """What the review and its menus say of a draft."""
    category = category_of(desk.committee.categories, draft)
    found = area_found(desk.committee.areas, draft)
    in_the_field = draft.track == FIELD_REPORT and (category.field_work or category.notice or not draft.text)
    return {
        "track": draft.track,
        "kind": category.name,
        "told": case_privacy.shown(draft, draft.text),
        "place": case_privacy.shown(draft, draft.place),
        "privacy": draft.privacy,
        "contact": draft.contact,
        "area": desk.committee.areas.name(found.sure.code) if found.sure else "",
        "notice": category.notice if draft.track == FIELD_REPORT else "",
        "question": category.question,
        "pin": draft.has_pin,
        "photo_place": _photo_place(desk, draft),
        "pictures": draft.pictures,
        "others": len(draft.files) - draft.pictures,
        "asked": draft.missing(category, in_doubt=bool(found.perhaps)),
        "channel": desk.account.channel,
        "may_hurt": in_the_field and not draft.warned,
    }


def _photo_place(desk: Desk, draft: Draft) -> dict[str, str]:
    """Where a picture says it was taken: the area, if the map knows it; nothing if none says so."""
    if draft.taken_at is None:
        return {}
    sure = desk.committee.areas.at(*draft.taken_at).sure
    return {"area": desk.committee.areas.name(sure.code) if sure else ""}


def back(draft: Draft) -> tuple[Choice, ...]:
    """[Quay lại], to the review."""
    return (Choice("case_back", f"case:back:{draft.token}"),)


def edit_menu(desk: Desk, draft: Draft, shown: str) -> Reply:
    """[Sửa]: which part is wrong."""
    token = draft.token
    rows: list[tuple[Choice, ...]] = [
        (
            Choice("case_edit_words_button", f"case:words:{token}"),
            Choice("case_edit_place_button", f"case:place:{token}"),
        ),
        (Choice("case_edit_kind_button", f"case:kind:{token}"),),
    ]
    if draft.files:
        rows[1] = (*rows[1], Choice("case_edit_files_button", f"case:nofiles:{token}"))
    if draft.privacy == OPEN_NAME:
        rows.append((Choice("case_edit_contact_button", f"case:contact:{token}"),))
    return Reply("case_edit_menu", facts(desk, draft), (*rows, back(draft)), edits=shown)


def kinds(desk: Desk, draft: Draft, shown: str) -> Reply:
    """The kinds of matters and the tracks that a draft may be moved to."""
    choices = [
        Choice("case_kind", f"case:setkind:{draft.token}:{kind.code}", {"name": kind.name})
        for kind in desk.committee.categories
    ]
    for track in (SUGGESTION, PETITION, GRIEVANCE):
        choices.append(Choice(f"case_kind_{track}", f"case:setkind:{draft.token}:{track}"))
    return Reply("case_edit_kind", facts(desk, draft), (*in_rows(choices, 2), back(draft)), edits=shown)
