"""/baocao: one word asks, one picture carries the text, and each press edits it in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from db import audit, dialogs, people
from db.dialogs import Dialog
from db.people import Unit
from domain import periods
from domain.chat import Choice, Picture, Reply, Turn
from domain.errors import RuleError
from domain.people import HEAD, LEADER
from domain.periods import Period
from domain.units import find_units
from domain.words import has_words
from handlers import (
    cases,
    summary_cases,
    summary_decisions,
    summary_exceptions,
    summary_lists,
    summary_orders,
    tasks,
)
from handlers.desk import Desk
from handlers.summary_scope import Scope, drawing_values, home, home_choices, scope_of, take

View = Callable[[Desk, Turn, Scope, list[str]], list[Reply]]

MOST_UNITS = 5
PAGES: dict[str, tuple[str, ...]] = {
    "phan anh qua han": ("citizens",),
    "phan anh tre han": ("citizens",),
    "qua han": ("list", "all_overdue"),
    "tre han": ("list", "all_overdue"),
    "phan anh": ("citizens",),
    "muc tieu": ("goals",),
    "ngoai le": ("exceptions",),
    "theo don vi": ("units",),
    "can quyet dinh": ("do",),
    "chat luong": ("quality",),
    "chi tiet": ("cells",),
    "viec thuong xuyen": ("rest", "standing"),
    "thuong xuyen": ("rest", "standing"),
    "xuat tep": ("out",),
    "ban word": ("word",),
}
"""Pages that may be asked for in words, as their buttons say."""


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """The report of a period and perhaps a unit: for leaders, and for heads of their own unit."""
    if not desk.person.has(LEADER, HEAD):
        return _not_for(desk, turn, rest)
    try:
        period, units, page = _asked(desk, turn, rest)
    except RuleError:
        told = None if desk.person.has(LEADER) or turn.text.startswith("/") else tasks.free_text(desk, turn)
        if told is None:
            raise
        return told
    if not desk.person.has(LEADER):
        units = _own(desk, units)
    if len(units) > 1:
        return [_which(period, units)]
    scope = Scope(period, units[0] if units else None)
    if page is not None:
        return [replace(reply, edits="") for reply in VIEWS[page[0]](desk, turn, scope, list(page[1:]))]
    summary = take(desk, scope)
    picture = Picture("photo", "baocao.png", drawing="summary_chart", values=drawing_values(desk, summary))
    return [Reply("summary", summary.facts(), home_choices(desk, scope, summary), (picture,))]


def word(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Says at once that the draft is being made; the file follows as a message of its own."""
    if not desk.takes_documents:
        return [Reply("summary_word_elsewhere", scope.facts, (scope.back(),), edits=turn.message_id)]
    whole = Scope(scope.period)
    values = drawing_values(desk, take(desk, whole))
    values["courses"] = summary_cases.draft_facts(desk, whole)
    audit.record(
        desk.conn, "report", scope.period.year, "exported", desk.now,
        actor_id=desk.person.id, period=scope.period.key, form="docx", why="report",
    )  # fmt: skip
    name = f"Du-thao-bao-cao-{scope.period.key}.docx"
    draft = Picture("document", name, drawing="summary_word", values=values)
    return [
        Reply("summary_word_soon", scope.facts, (scope.back(),), edits=turn.message_id),
        Reply("summary_word_file", scope.facts, pictures=(draft,)),
    ]


VIEWS: dict[str, View] = {
    "home": home,
    "word": word,
    **summary_lists.VIEWS,
    **summary_exceptions.VIEWS,
    **summary_orders.VIEWS,
    **summary_decisions.VIEWS,
    **summary_cases.VIEWS,
}
FOR_LEADERS = frozenset({"word", "goals", "units", "task", "give", "again", "exceptions", "names"}) | set(
    summary_decisions.VIEWS
)
DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {**summary_orders.DIALOGS}


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """A press on any page of a report; rights and figures are taken anew."""
    if len(arguments) < 2 or arguments[1] not in VIEWS:
        raise RuleError("button_gone")
    scope, view = scope_of(desk, arguments[0]), arguments[1]
    if view in FOR_LEADERS and not desk.person.has(LEADER):
        raise RuleError("button_gone")
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is not None and dialog.kind in DIALOGS and view not in ("give", "again"):
        dialogs.close(desk.conn, desk.account.id)
    return VIEWS[view](desk, turn, scope, arguments[2:])


def _asked(desk: Desk, turn: Turn, rest: str) -> tuple[Period, list[Unit], tuple[str, ...] | None]:
    """The period, the units and the page that the words name; raises a RuleError that shows examples."""
    period, words = periods.read(rest, desk.today)
    page = next((page for said, page in PAGES.items() if has_words(words, said)), None)
    if page is not None and page[0] in FOR_LEADERS and not desk.person.has(LEADER):
        page = None
    if page is not None:
        said = next(said for said in PAGES if has_words(words, said))
        words = " ".join(words.replace(said, " ", 1).split())
    names = {
        unit.code: (unit.name, *desk.committee.aliases.get(unit.code, ()))
        for unit in people.all_units(desk.conn)
    }
    codes = find_units(words, names)
    if words and not codes:
        raise RuleError("summary_unknown", words=turn.text)
    found = [people.unit_by_code(desk.conn, code) for code in codes]
    return period, [unit for unit in found if unit is not None], page


def _own(desk: Desk, asked: list[Unit]) -> list[Unit]:
    own = [people.unit(desk.conn, unit_id) for unit_id in sorted(desk.person.headed_unit_ids)]
    mine = [unit for unit in own if unit in asked] if asked else own
    if not mine:
        raise RuleError("summary_other_unit", unit=own[0].name)
    return mine


def _which(period: Period, units: list[Unit]) -> Reply:
    rows = tuple(
        (Choice("summary_unit_name", Scope(period, unit).action("home"), {"name": unit.name}),)
        for unit in units[:MOST_UNITS]
    )
    return Reply("summary_which_unit", {"more": max(len(units) - MOST_UNITS, 0)}, rows)


def _not_for(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """A polite no; but "báo cáo có ổ gà" is a citizen's matter, and an official's words are a report."""
    as_words = bool(rest) and not turn.text.startswith("/")
    if desk.person.is_official:
        told = tasks.free_text(desk, turn) if as_words else None
        return told or [Reply("summary_not_for_official", {"who": desk.person.called})]
    if not as_words:
        return [Reply("summary_not_for_citizen")]
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is not None and dialog.kind in cases.DIALOGS:
        replies = cases.DIALOGS[dialog.kind](desk, turn, dialog)
        if replies is not None:
            return replies
    return cases.free_text(desk, turn)
