"""What an official may do with a case, as buttons of its card; rare things are behind [Khác]."""

from __future__ import annotations

from collections.abc import Sequence

from db import case_notes, cases, parts, people
from db.cases import Case
from domain.cases import APPOINTED, ASKED, RECEIVED, WORKING
from domain.chat import Choice, Rows, in_rows
from domain.people import ADMIN, LEADER, Person
from handlers import case_moves, case_waits
from handlers.desk import Desk

MOST = 6  # choices of a message, with the one that leads back
USUAL = (  # action of the table of states, verb of the button, its label
    ("ask_extension", "extend", "case_extend"),
    ("return", "return", "case_return"),
    ("give_up", "giveup", "case_give_up"),
    ("move", "move", "case_move"),
    ("refer", "refer", "case_refer"),
)
_PAGES = ("others", "special", "rare")
_MORE = ("case_special", "case_rare")
SPECIAL = (
    ("propose_team", "verify", "case_verify"),
    ("set_apart", "about", "case_about_mark"),
    ("recuse", "recuse", "case_recuse"),
    ("offer_grievance", "kn", "case_grievance_mark"),
    ("erase", "tc", "case_erase_mark"),
)


def of_card(desk: Desk, case: Case, viewer: Person, *, files: int, full: bool) -> Rows:
    """The buttons of the card; ``full`` has those that only look and the one that takes over."""
    rows: list[tuple[Choice, ...]] = []
    mine = case.handler_id == viewer.id
    held = case_moves.roles(desk, case, viewer)
    if case.state == RECEIVED:
        rows += _untaken(desk, case, held)
    elif case.state == WORKING and mine:
        rows.append((Choice("case_answer_button", f"case:answer:{case.id}"),))
        nobody = parts.whole(desk.conn, case).is_abandoned
        ask = () if nobody else (Choice("case_ask_button", f"case:ask:{case.id}"),)
        rows.append((*ask, Choice("case_others", f"case:others:{case.id}")))
    elif case.state == ASKED and mine:
        rows.append((Choice("case_go_on", f"case:goon:{case.id}"),))
    elif case.state == WORKING and full and case_moves.allows(case, "take_over", held):
        rows.append((Choice("case_take_over", f"case:take:{case.id}"),))
    elif case.state in APPOINTED:
        rows += _of_reception(desk, case, held)
    elif case_moves.allows(case, "review", held):
        again = Choice("case_redo", f"case:redo:{case.id}")
        rows.append((again, Choice("case_take", f"case:take:{case.id}")))
        rows.append((Choice("case_keep_it", f"case:keepit:{case.id}"),))
    has_others = any(choice.label == "case_others" for row in rows for choice in row)
    if full and viewer.has(ADMIN, LEADER) and not has_others:
        rows.append((Choice("case_others", f"case:others:{case.id}"),))
    if full and case_moves.may_order(case, held):
        rows.append((Choice("case_order", f"order:menu:{case.id}"),))
    looks = _looks(desk, case, held, files=files, full=full, busy=bool(rows), mine=mine)
    return (*rows, looks) if looks else tuple(rows)


def others(desk: Desk, case: Case, page: int = 0) -> Rows:
    """What is behind [Khác], then [Trường hợp đặc biệt], then [Hiếm khi dùng]; the last leads back."""
    pages = _pages(desk, case)
    found = pages[min(page, len(pages) - 1)]
    if page + 1 < len(pages):
        found = [*found, Choice(_MORE[page], f"case:{_PAGES[page + 1]}:{case.id}")]
    back = f"case:{_PAGES[page - 1]}:{case.id}" if page else f"case:card:{case.id}"
    return (*in_rows(found, 2), (Choice("case_back", back),))


def _pages(desk: Desk, case: Case) -> list[list[Choice]]:
    """Only what the person may do now and the card does not offer, most used first, few at a time."""
    usual, special = _offered(desk, case, USUAL), _special(desk, case)
    if case.state == RECEIVED and usual:
        held = case_moves.roles(desk, case, desk.person)
        on_card = {choice.action for row in _untaken(desk, case, held) for choice in row}
        usual = [choice for choice in usual if choice.action not in on_card]
    usual.append(_notes(desk, case))
    if len(usual) + len(special) < MOST:
        return [[*usual, *special]]
    pages, rest = [usual[: MOST - 2]], [*usual[MOST - 2 :], *special]
    while len(rest) >= MOST:
        pages.append(rest[: MOST - 2])
        rest = rest[MOST - 2 :]
    return [*pages, rest]


def _offered(desk: Desk, case: Case, known: Sequence[tuple[str, str, str]]) -> list[Choice]:
    return [
        Choice(label, f"case:{verb}:{case.id}")
        for action, verb, label in known
        if case_moves.can(desk, case, action)
        and (action != "give_up" or cases.is_unanswered(desk.conn, case.id))
        and (action != "propose_team" or case_waits.may_propose(desk, case))
    ]


def _special(desk: Desk, case: Case) -> list[Choice]:
    ban = [Choice("case_ban", f"case:ban:{case.id}")] if desk.person.has(ADMIN, LEADER) else []
    return [*_offered(desk, case, SPECIAL), *ban]


def _untaken(desk: Desk, case: Case, held: frozenset[str]) -> list[tuple[Choice, ...]]:
    take = Choice("case_take", f"case:take:{case.id}")
    if not case_moves.allows(case, "move", held):
        back = Choice("case_return", f"case:return:{case.id}")
        first = (take, back) if case_moves.allows(case, "return", held) else (take,)
        return [first, (Choice("case_others", f"case:others:{case.id}"),)]
    rows: list[tuple[Choice, ...]] = []
    if case.proposed_id is not None:
        unit = people.unit(desk.conn, case.proposed_id)
        rows.append((Choice("case_give", f"case:to:{case.id}:{unit.code}", {"name": unit.name}),))
    rows.append((Choice("case_move", f"case:move:{case.id}"), take))
    more = Choice("case_others", f"case:others:{case.id}")
    rows.append((Choice("case_refer", f"case:refer:{case.id}"), more))
    return rows


def _of_reception(desk: Desk, case: Case, held: frozenset[str]) -> list[tuple[Choice, ...]]:
    """From the day of an appointment on: whether the citizen came."""
    if case.due_on > desk.today:
        return []
    known = (("receive", "met"), ("miss", "missed"))
    offered = [
        Choice(f"appointment_{verb}", f"meet:{verb}:{case.id}")
        for action, verb in known
        if case_moves.allows(case, action, held)
    ]
    return [tuple(offered)] if offered else []


def _looks(
    desk: Desk, case: Case, held: frozenset[str], *, files: int, full: bool, busy: bool, mine: bool
) -> tuple[Choice, ...]:
    row: tuple[Choice, ...] = ()
    if files and (busy or full):
        row = (Choice("case_files", f"case:files:{case.id}", {"count": files}),)
    if full and not mine and case.state != RECEIVED and case_moves.allows(case, "note", held):
        row = (*row, _notes(desk, case))
    return row


def _notes(desk: Desk, case: Case) -> Choice:
    count = case_notes.count(desk.conn, case.id)
    return Choice("case_notes", f"case:note:{case.id}", {"count": count})
