"""Before a matter is filed: what others told of the same place; after it: trouble that has come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from db import followers
from db.cases import Case
from db.followers import Told
from domain.cases import FIELD_REPORT, Draft, area_found, category_of
from domain.chat import Choice, Reply
from domain.errors import RuleError
from domain.sight import may_see
from domain.similar import (
    AGAIN_DAYS,
    AGAIN_METRES,
    MOST_OFFERED,
    NEAR_METRES,
    OPEN_DAYS,
    Telling,
    may_be_one,
    metres,
)
from handlers import case_cards, case_draft
from handlers.desk import Desk

TOLD_LEADERS = 2  # times the trouble came back


def offer(desk: Desk, draft: Draft, shown_in: str) -> Reply | None:
    """At most three open matters that may be the same, without words or names; None if there are none.

    It is shown once for a draft: whoever sends again means a matter of their own.
    """
    found = [] if draft.compared else _open(desk, draft)[:MOST_OFFERED]
    if not found:
        return None
    case_draft.keep(desk, replace(draft, compared=True))
    rows: list[tuple[Choice, ...]] = []
    lines = []
    for number, told in enumerate(found, 1):
        case = followers.told_to_all(desk.conn, told.id)
        assert case is not None
        mine = case if told.account_id == desk.account.id else _own(desk, case)
        lines.append({**_line(desk, draft, case), "n": number, "mine": mine.code if mine else ""})
        if mine:
            action = f"case:attach:{draft.token}:{mine.id}"
            rows.append((Choice("case_attach", action, {"code": mine.code, "kind": ""}),))
        else:
            label = "case_same_of" if len(found) > 1 else "case_same"
            rows.append((Choice(label, f"case:same:{draft.token}:{case.id}", {"n": number}),))
    rows.append((Choice("case_apart", f"case:apart:{draft.token}"),))
    return Reply(
        "case_similar",
        {"cases": lines},
        tuple(rows),
        edits=shown_in,
        slot=case_draft.SLOT,
        card={"draft": draft.token},
    )


def offered(desk: Desk, draft: Draft, case_id: str) -> Case:
    """The matter that a person says is theirs too; raises ``case_same_gone`` if it is not open any more."""
    found = case_id.isdigit() and int(case_id) in {told.id for told in _open(desk, draft)}
    case = followers.told_to_all(desk.conn, int(case_id)) if found else None
    if case is None:
        raise RuleError("case_same_gone")
    return case


def earlier(desk: Desk, draft: Draft) -> int | None:
    """The matter answered in the last weeks whose trouble has come back; None if there is none."""
    kind = category_of(desk.committee.categories, draft)
    if kind.personal or draft.track != FIELD_REPORT:
        return None
    since = desk.now - timedelta(days=AGAIN_DAYS)
    mine = _drafted(desk, draft, kind.code)
    for told in followers.answered_since(desk.conn, kind.code, since):
        if may_be_one(mine, _telling(desk, told), AGAIN_METRES, kind.words):
            return told.id
    return None


def alike(desk: Desk, case: Case) -> list[Case]:
    """The other open matters that an official may take for the same, the newest first."""
    kind = case_cards.category(desk, case)
    since = desk.now - timedelta(days=2 * OPEN_DAYS)
    mine = _telling(desk, followers.as_told(case))
    found = [
        followers.told_to_all(desk.conn, told.id)
        for told in followers.open_since(desk.conn, kind.code, since)
        if told.id != case.id and may_be_one(mine, _telling(desk, told), 2 * NEAR_METRES, kind.words)
    ]
    return [each for each in found if each is not None and may_see(each, desk.person)]


def tell_leader(desk: Desk, case: Case) -> None:
    """The second time a trouble comes back, the first leader hears of it."""
    times = followers.times_before(desk.conn, case)
    before = followers.told_to_all(desk.conn, case.again_of)
    if times < TOLD_LEADERS or before is None or before.answered_at is None:
        return
    facts = {
        **case_cards.public(desk, case),
        "place": desk.committee.areas.name(case.area) or case.place,
        "times": times,
        "before": before.code,
        "answered": desk.calendar.today(before.answered_at),
        "before_unit": before.unit_name,
    }
    case_cards.tell_leader(desk, case, "case_again_told", facts, "again")


def _open(desk: Desk, draft: Draft) -> list[Told]:
    kind = category_of(desk.committee.categories, draft)
    if kind.personal or draft.track != FIELD_REPORT:
        return []
    mine = _drafted(desk, draft, kind.code)
    since = desk.now - timedelta(days=OPEN_DAYS)
    return [
        told
        for told in followers.open_since(desk.conn, kind.code, since)
        if may_be_one(mine, _telling(desk, told), NEAR_METRES, kind.words)
    ]


def _drafted(desk: Desk, draft: Draft, category: str) -> Telling:
    sure = area_found(desk.committee.areas, draft).sure
    area = sure.code if sure else ""
    told = Told(0, None, category, draft.text, draft.place, area, draft.latitude, draft.longitude)
    return _telling(desk, told)


def _telling(desk: Desk, told: Told) -> Telling:
    """What is compared; a ward is too wide to be one place."""
    area = desk.committee.areas.get(told.area)
    ward = (area.within or area.code) if area else ""
    small = area.code if area and area.within else ""
    return Telling(told.category, told.words, told.place, small, ward, told.latitude, told.longitude)


def _own(desk: Desk, case: Case) -> Case | None:
    return followers.own(desk.conn, case.id, desk.account.id)


def _line(desk: Desk, draft: Draft, case: Case) -> dict[str, object]:
    """A matter as a stranger may see it: its kind, how far away, how it stands, since when."""
    away = None
    if None not in (draft.latitude, draft.longitude, case.latitude, case.longitude):
        away = metres(draft.latitude, draft.longitude, case.latitude, case.longitude)  # type: ignore[arg-type]
    return {
        "kind": case_cards.category(desk, case).name,
        "area": desk.committee.areas.name(case.area),
        "away": None if away is None else max(10, round(away / 10) * 10),
        "state": case.state,
        "day": desk.calendar.today(case.received_at),
    }
