"""/nhatky: who lately opened, took out, searched or changed what, and whether the log is whole.

For leaders and administrators (``features-citizen.md``, row 36); a case is named to who may see it alone.
"""

from __future__ import annotations

from datetime import timedelta

from db import cases, chain, log_book, marks, people
from db.chain import Broken
from db.log_book import KINDS, Entry
from domain.chat import Choice, Reply, Turn, in_rows
from domain.errors import RuleError
from domain.people import ADMIN, LEADER
from handlers.desk import Desk

DAYS = 7
LISTED = 8
LIVE = timedelta(days=1)  # is read again at each look; the rest was read in the night


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/nhatky, or with a number what that seal says, to compare it with an older message."""
    if not rest:
        return [_page(desk)]
    found = chain.get(desk.conn, int(rest)) if rest.isdecimal() and len(rest) < 10 else None
    if found is None:
        return [Reply("log_no_seal")]
    return [Reply("log_seal", {"number": found.number, "at": found.at, "short": found.short})]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """A list of one kind, or back."""
    kind = (*arguments, "")[0]
    if not desk.person.has(ADMIN, LEADER):
        raise RuleError("not_found")
    if kind == "back":
        return [_page(desk, edits=turn.message_id)]
    if kind not in KINDS:
        raise RuleError("button_gone")
    entries = log_book.newest(desk.conn, kind, LISTED)
    known = {"kind": kind, "entries": [_line(desk, entry) for entry in entries]}
    back = (Choice("log_back", "log:back"),)
    return [Reply("log_list", known, (back,), edits=turn.message_id)]


def broken(desk: Desk) -> Broken | None:
    """Where the log is not whole, as far as the last day and the night's reading tell."""
    whole = marks.at(desk.conn, "log_broken") is None
    return chain.check(desk.conn, desk.now - LIVE if whole else None)


def _page(desk: Desk, *, edits: str = "") -> Reply:
    since, newest, place = desk.now - timedelta(days=DAYS), chain.last(desk.conn), broken(desk)
    counts = log_book.counts(desk.conn, since)
    known = {
        "days": DAYS,
        "counts": counts,
        "sent": log_book.sent(desk.conn, since),
        "number": newest.number if newest else 0,
        "short": newest.short if newest else "",
        "at": newest.at if newest else None,
        "checked": marks.at(desk.conn, "log_checked"),
        "why": place.why if place else "",
        "place": place.number if place else 0,
        "place_since": place.since if place else None,
        "place_until": place.until if place else None,
    }
    buttons = [Choice(f"log_{kind}", f"log:{kind}", {"count": count}) for kind, count in counts.items()]
    return Reply("log_book", known, in_rows(buttons, 2), edits=edits)


def _line(desk: Desk, entry: Entry) -> dict[str, object]:
    who = people.person(desk.conn, entry.actor_id, desk.today).name if entry.actor_id else ""
    of = people.person(desk.conn, entry.subject_id, desk.today) if entry.subject == "person" else None
    return {
        "at": entry.at,
        "who": who,
        "action": entry.action,
        "subject": entry.subject,
        "code": _code(desk, entry.subject_id) if entry.subject == "case" else "",
        "person": of.name if of else "",
        "number": entry.subject_id,
        "fields": dict(entry.fields),
    }


def _code(desk: Desk, case_id: int) -> str:
    """The code of a case, for who may see it."""
    try:
        return cases.access_case(desk.conn, case_id, acting=desk.person).code
    except RuleError:
        return ""
