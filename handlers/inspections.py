"""Recording an inspection that took place, its minutes and findings; its lead and the leaders alone do so."""

from __future__ import annotations

import re
from datetime import date

from db import dialogs, inspections, people
from db.dialogs import Dialog
from domain import check_cards, dated_lines, sentences
from domain.chat import Facts, Reply, Rows, Turn
from domain.errors import RuleError
from domain.inspections import Visit
from domain.units import find_units
from domain.words import fold
from handlers.desk import Desk
from handlers.task_cards import number_in

WORDS_ENOUGH = 5
FINISHED = ("xong", "het", "het roi", "xong roi", "du roi")
NONE = ("khong", "khong co", "khong co ton tai", "khong co kien nghi")


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Đã kiểm tra]: asks for one line, or takes it."""
    if not inspections.may_see(desk.person):
        raise RuleError("task_gone")
    if len(turn.text) >= WORDS_ENOUGH:
        return _record(desk, turn.text)
    dialogs.open_dialog(desk.conn, desk.account.id, "inspection", {"words": ""}, desk.now)
    return [_say("inspection_ask")]


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The line: which unit, when, which minutes; or what was missing of it."""
    if not inspections.may_see(desk.person) or not turn.text:
        dialogs.close(desk.conn, desk.account.id)
        return None
    words = ", ".join(part for part in (str(dialog.data.get("words", "")), turn.text) if part)
    if len(words) < WORDS_ENOUGH:
        return [_say("inspection_ask")]
    return _record(desk, words)


def press_visit(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Ghi biên bản] [Ghi kết luận] of one inspection."""
    verb, visit = arguments[0] if arguments else "", _visit(desk, number_in(arguments, 1))
    if verb == "minutes" and visit.lacks_minutes:
        if turn.text.strip():
            return _take_minutes(desk, visit, turn.text)
        dialogs.open_dialog(desk.conn, desk.account.id, "visit_minutes", {"visit": visit.id}, desk.now)
        return [_say("visit_minutes_ask", _facts(visit))]
    if verb != "findings" or visit.issued_at is not None:
        raise RuleError("button_gone")
    dialogs.open_dialog(desk.conn, desk.account.id, "visit_findings", {"visit": visit.id}, desk.now)
    return [_say("visit_findings_ask", _facts(visit))]


def answer_minutes(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Number and date of the minutes."""
    return _take_minutes(desk, _visit(desk, int(dialog.data["visit"])), turn.text) if turn.text else None


def answer_finding(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """One finding a message, perhaps with a day, until the person says that it is all or none."""
    visit, words = _visit(desk, int(dialog.data["visit"])), turn.text.strip()
    if not words:
        return None
    if visit.issued_at is not None:
        dialogs.close(desk.conn, desk.account.id)
        return None
    if fold(words) in (FINISHED if visit.findings else (*FINISHED, *NONE)):
        inspections.issue(desk.conn, visit, desk.person.id, desk.now)
        dialogs.close(desk.conn, desk.account.id)
        return [_say("visit_issued", _facts(visit))]
    if visit.unit_id is None:
        raise RuleError("inspection_unit")
    title, day = dated_lines.split(words, desk.today)
    if len(title) < WORDS_ENOUGH:
        return [_say("visit_finding_words")]
    days = desk.committee.ladders["visit"].days
    due_on = desk.calendar.back(day) if day else desk.calendar.add(desk.today, days)
    if due_on < desk.today:
        return [_say("cycle_line_past", {"day": due_on})]
    inspections.add_finding(desk.conn, visit, title, due_on, desk.person.id, desk.now, desk.today)
    return [_say("visit_finding_added", {"unit": visit.unit_name, "title": title, "due_on": due_on})]


def _record(desk: Desk, words: str) -> list[Reply]:
    codes = {unit.code: (unit.name, *desk.committee.aliases.get(unit.code, ())) for unit in _units(desk)}
    document = sentences.find_document(words, desk.today)
    parts = [part.strip() for part in re.split(r"[,;\n]", words)]
    plain = [part for part in parts if sentences.find_document(part, desk.today) is None]
    held_on = next((day for part in (*plain, words) if (day := _day(desk, part))), None)
    named = [found[0] for part in plain if len(found := find_units(fold(part), codes)) == 1]
    if held_on is None:
        return _missing(desk, words, "inspection_day")
    if held_on > desk.today:
        raise RuleError("inspection_future", day=held_on)
    if not named:
        return _missing(desk, words, "inspection_unit")
    unit = people.unit_by_code(desk.conn, named[0])
    assert unit is not None
    number = inspections.record(
        desk.conn,
        held_on,
        words,
        desk.person,
        desk.now,
        unit_id=unit.id,
        minutes=document.number if document else "",
        minutes_on=document.day if document else None,
    )
    dialogs.close(desk.conn, desk.account.id)
    return [_shown("inspection_recorded", _visit(desk, number))]


def _day(desk: Desk, words: str) -> date | None:
    """The day that words name, the nearest without a year: one that is to come is never last year's."""
    read = (sentences.find_day(words, desk.today, past=True), sentences.find_day(words, desk.today))
    return min((day for day in read if day), key=lambda day: abs(day - desk.today), default=None)


def _missing(desk: Desk, words: str, key: str) -> list[Reply]:
    dialogs.open_dialog(desk.conn, desk.account.id, "inspection", {"words": words}, desk.now)
    return [Reply(key)]


def _take_minutes(desk: Desk, visit: Visit, words: str) -> list[Reply]:
    document = sentences.find_document(words, desk.today)
    if document is None:
        dialogs.open_dialog(desk.conn, desk.account.id, "visit_minutes", {"visit": visit.id}, desk.now)
        return [_say("visit_minutes_ask", _facts(visit))]
    if document.day and document.day > desk.today:
        raise RuleError("task_document_future", day=document.day)
    inspections.add_minutes(desk.conn, visit, document.number, document.day, desk.person.id, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    return [_shown("visit_minutes_added", _visit(desk, visit.id))]


def _shown(key: str, visit: Visit) -> Reply:
    rows: Rows = tuple(tuple(row) for row in check_cards.visit_choices(visit))
    return _say(key, _facts(visit), rows)


def _facts(visit: Visit) -> dict[str, object]:
    return {"day": visit.held_on, "unit": visit.unit_name, "minutes": visit.minutes, "count": visit.findings}


def _visit(desk: Desk, visit_id: int) -> Visit:
    """The inspection, for those who may know of it; raises ``task_gone`` for all others."""
    found = inspections.of(desk.conn, [visit_id]) if inspections.may_see(desk.person) else []
    if not found:
        raise RuleError("task_gone")
    return found[0]


def _units(desk: Desk) -> list[people.Unit]:
    return people.all_units(desk.conn)


def _say(key: str, facts: Facts | None = None, rows: Rows = ()) -> Reply:
    """What is said about inspections does not stay in the chat."""
    return Reply(key, facts or {}, rows, card={"hours": inspections.SHOWN_HOURS})


DIALOGS = {"inspection": answer, "visit_minutes": answer_minutes, "visit_findings": answer_finding}
