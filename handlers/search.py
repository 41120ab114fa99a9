"""/tim: cases by words, place, unit, state, what is late or one's own; newest first, a page at a time."""

from __future__ import annotations

from db import audit, people
from db import search as search_db
from db.search import Found
from domain import search
from domain.cases import ASKED, OPEN
from domain.chat import Choice, Reply, Rows, Turn
from domain.codes import is_code, tidy
from domain.errors import RuleError
from domain.search import Query
from domain.words import fold
from handlers import case_lookup
from handlers.desk import Desk

A_PAGE = 4
MOST_PAGES = 50


def find(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """The first page of what was found; a code opens its case."""
    if is_code(tidy(rest)) and (about := case_lookup.by_text(desk, rest)) is not None:
        return about
    query = _query(desk, rest)
    if query.is_empty:
        return [Reply("search_how")]
    found = _found(desk, query, 1)
    named = [name for name in ("states", "overdue", "mine", "unit", "areas") if getattr(query, name)]
    audit.record(
        desk.conn, "search", desk.person.id, "searched", desk.now,
        actor_id=desk.person.id, filters=named, words=len(query.words), found=len(found),
    )  # fmt: skip
    return [_page(desk, search.short(rest), found, 1)]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Another page; rights and rows are looked up anew."""
    number, asked = (*arguments, "", "")[:2]
    if not number.isdecimal() or not 1 <= int(number) <= MOST_PAGES or not desk.person.is_official:
        raise RuleError("button_gone")
    query = _query(desk, fold(asked))
    if query.is_empty:
        raise RuleError("button_gone")
    return [_page(desk, asked, _found(desk, query, int(number)), int(number), edits=turn.message_id)]


def _query(desk: Desk, folded: str) -> Query:
    names = {
        unit.code: (unit.name, *desk.committee.aliases.get(unit.code, ()))
        for unit in people.all_units(desk.conn)
    }
    return search.read(folded, names, desk.committee.areas)


def _found(desk: Desk, query: Query, page: int) -> list[Found]:
    """One more than a page holds, to know whether there is a next one."""
    offset = (page - 1) * A_PAGE
    return search_db.find(desk.conn, query, desk.person, desk.today, limit=A_PAGE + 1, offset=offset)


def _page(desk: Desk, asked: str, found: list[Found], page: int, *, edits: str = "") -> Reply:
    shown, is_more = found[:A_PAGE], len(found) > A_PAGE and page < MOST_PAGES
    if not shown:
        return Reply("search_nothing", edits=edits)
    kinds = desk.committee.category_names
    lines = [
        {
            "code": case.code,
            "told": case.words,
            "kind": kinds.get(case.category, ""),
            "state": case.state,
            "open": case.state in OPEN and case.state != ASKED,
            "late": case.due_on < desk.today,
            "due": case.due_on,
        }
        for case in shown
    ]
    codes = tuple(Choice("case_code", f"case:open:{case.id}", {"code": case.code}) for case in shown)
    back = (Choice("search_back", f"search:{page - 1}:{asked}"),) if page > 1 else ()
    more = (Choice("search_more", f"search:{page + 1}:{asked}"),) if is_more else ()
    rows: Rows = (codes, (*back, *more)) if back or more else (codes,)
    return Reply("search_results", {"found": lines, "page": page, "more": is_more}, rows, edits=edits)
