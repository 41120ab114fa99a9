"""What officials do with a case first: take it, look at its files, see what else may be done."""

from __future__ import annotations

from collections.abc import Sequence

from db import cases, followers
from db.cases import Case
from db.files import Stored
from domain.cases import APPEALED, RECEIVED, REOPENED, WORKING
from domain.chat import Picture, Reply, Turn
from handlers import case_cards, case_choices, case_moves
from handlers.desk import Desk

TAKES = {RECEIVED: "take", WORKING: "take_over", REOPENED: "review", APPEALED: "review"}


def take(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """[Nhận xử lý]: the first who presses has it; the others' cards say so, the citizen is told once."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    action = TAKES.get(case.state, "take")
    if case.state not in TAKES and case_moves.roles(desk, case):
        return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]
    case = case_moves.make(desk, case, action, handler_id=desk.person.id)
    known = case_cards.facts(desk, case)
    case_cards.update_cards(desk, case, known=known)
    if action == "take":
        case_cards.tell_citizen(desk, case, "case_news_taken", known=known)
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id, known=known)]


def others(desk: Desk, turn: Turn, case_id: int, page: int = 0) -> list[Reply]:
    """[Khác]: the rarer things that may be done with a case, then what hardly ever happens to one."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    rows = case_choices.others(desk, case, page)
    return [Reply("case_others_ask", case_cards.facts(desk, case), rows, edits=turn.message_id)]


def show_files(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """Every file of a case, the newest ten, one message each."""
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    return file_messages(case, followers.evidence(desk.conn, case.part_of or case.id))


def file_messages(case: Case, files: Sequence[Stored]) -> list[Reply]:
    """The newest ten of some files, one message each."""
    kept = files[-case_cards.MOST_SHOWN :]
    stored = [file for file in kept if file.state == "stored"]
    replies = [
        Reply(
            "case_file",
            {"code": case.code, "kind": file.kind, "number": number, "count": len(stored)},
            pictures=(
                Picture(
                    "photo" if file.kind == "photo" else "document",
                    file.name or f"{case.code}-{number}",
                    file.sha256,
                ),
            ),
            card={"case": case.id},
        )
        for number, file in enumerate(stored, 1)
    ]
    if len(stored) < len(kept):
        replies.append(Reply("case_files_missing", {"count": len(kept) - len(stored)}))
    return replies
