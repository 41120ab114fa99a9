"""Reads what the items of a card stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from db import (
    audience,
    case_rungs,
    checks,
    closing_checks,
    cycles,
    inspections,
    leave,
    people,
    proposals,
    tasks,
)
from db import decisions as decisions_db
from db.rungs import Due
from domain.cycles import REPORT
from domain.errors import RuleError
from domain.people import Person
from domain.tasks import AWAITING, CLOSED, Task
from domain.work_cards import CaseLine, Entry


def entries(
    conn: Connection,
    refs: Iterable[str],
    today: date,
    rungs: dict[str, str] | None = None,
    *,
    viewer: Person | None = None,
) -> list[Entry]:
    """The items of these references, in order; those that are gone are left out.

    Of citizens' matters those that the viewer may see; without one, those that are about no official.
    """
    found: list[Entry] = []
    for ref in refs:
        entry = _entry(conn, ref, today, (rungs or {}).get(ref, ""), viewer)
        if entry is not None:
            found.append(entry)
    return found


def _entry(conn: Connection, ref: str, today: date, rung: str, viewer: Person | None) -> Entry | None:
    kind, number = ref[:1], ref[1:]
    if kind in ("p", "c", "b"):
        return _several(conn, ref, today, rung, viewer)
    if not number.isdigit():
        return None
    if kind == "i":
        drawn = len(closing_checks.waiting(conn, viewer)) if viewer else 0
        month = date(int(number[:4]), int(number[4:6]), 1)
        return Entry(ref, rung=rung, drawn=drawn, held=inspections.held_in_month(conn, month))
    if kind == "j":
        return next(
            (Entry(ref, visit=visit, rung=rung) for visit in inspections.of(conn, [int(number)])), None
        )
    if kind == "k":
        return next(
            (Entry(ref, check=each, rung=rung) for each in checks.of(conn, [int(number)], today)), None
        )
    if kind in ("s", "e"):
        try:
            return Entry(ref, decision=decisions_db.by_ref(conn, ref, today), rung=rung)
        except RuleError:
            return None
    if kind == "v":
        try:
            report = decisions_db.by_ref(conn, f"s{number}", today)
        except RuleError:
            return None
        return Entry(ref, task=report.task, report=report, rung=rung)
    for task in tasks.tasks_of(conn, [int(number)], today):
        if not task.is_parent:
            return Entry(
                ref,
                task=task,
                report=decisions_db.latest_report(conn, task.id, today),
                wish=decisions_db.latest_extension(conn, task.id, today),
                rung=rung,
                absent=_absent(conn, task.assignee_id, today),
                deputy_id=audience.stand_in(conn, task.assignee_id, today) if task.assignee_id else None,
            )
        parts = tasks.children(conn, task.id, today)
        open_parts = [part for part in parts if part.state not in (*CLOSED, AWAITING)]
        silent = tuple((part.unit_name, part.due_on) for part in _counting(open_parts, task, today, rung))
        return Entry(ref, task=task, silent=silent, parts=len(parts), unfinished=len(open_parts), rung=rung)
    return None


def _counting(parts: list[Task], whole: Task, today: date, rung: str) -> list[Task]:
    """The parts whose own day has come; ahead of the whole's day all that are due by then."""
    come = [part for part in parts if part.due_on and part.due_on <= today]
    by_then = [part for part in parts if part.due_on and whole.due_on and part.due_on <= whole.due_on]
    return by_then if rung.startswith("T") or not come else come


def grouped(conn: Connection, dues: Sequence[Due], person_id: int, today: date) -> dict[int, str]:
    """By rung, one item for all turns of the same kind, one for all cases and one for all proposed teams.

    Turns that are closed or have another holder, and cases that are answered, moved, handed on or not
    for this person, are left out.
    """
    found: dict[int, str] = {}
    groups: dict[tuple[str, ...], list[Due]] = {}
    turns = {each.id: each for each in cycles.of(conn, _ids(dues, "cycle"), today)}
    viewer = people.person(conn, person_id, today)
    running = {each.id: each for each in case_rungs.running_for(conn, _ids(dues, "case"), viewer)}
    proposed = {each.id for each in proposals.waiting(conn, _ids(dues, "proposal"), viewer)}
    for due in dues:
        turn, case = turns.get(due.subject_id), running.get(due.subject_id)
        if due.subject == "cycle" and turn and turn.is_open and turn.schedule == due.schedule:
            own = str(turn.assignee_id) if audience.acts_for(conn, person_id, turn.assignee_id, today) else ""
            groups.setdefault(("p", turn.sort, own), []).append(due)
        elif due.subject == "case" and case and case.schedule == due.schedule:
            # A part that is late is its unit's; leaders count matters as the report does, by the whole.
            weekly = case.due_on < today and case.part_of is None
            holds = weekly if due.rung == "week" else due.period == case.period
            groups.setdefault(("c",) if holds else (), []).append(due)
        elif due.subject == "proposal" and due.subject_id in proposed:
            groups.setdefault(("b",), []).append(due)
    groups.pop((), None)
    for key, group in groups.items():
        ref = key[0] + ".".join(str(each) for each in sorted({due.subject_id for due in group}))
        found |= {due.id: ref for due in group}
    return found


def _ids(dues: Sequence[Due], subject: str) -> set[int]:
    return {due.subject_id for due in dues if due.subject == subject}


def _several(conn: Connection, ref: str, today: date, rung: str, viewer: Person | None) -> Entry | None:
    ids = [int(each) for each in ref[1:].split(".") if each.isdigit()]
    if ref.startswith("c"):
        cases = case_rungs.running_for(conn, ids, viewer)
        lines = tuple(CaseLine(case.id, case.code, case.category, case.due_on) for case in cases)
        return Entry(ref, cases=lines, rung=rung)
    if ref.startswith("b"):
        waiting = proposals.waiting(conn, ids, viewer)
        return Entry(ref, proposed=tuple((each.code, each.since) for each in waiting), rung=rung)
    found = tuple(cycles.of(conn, ids, today))
    if not found:
        return None
    report = found[0] if found[0].kind == REPORT else None
    figures = cycles.unit_figures(conn, report.unit_id, report.due_on) if report else None
    holders = {cycle.assignee_id for cycle in found}
    holder = holders.pop() if len(holders) == 1 else None
    deputy_id = audience.stand_in(conn, holder, today) if holder else None
    return Entry(ref, cycles=found, rung=rung, figures=figures, deputy_id=deputy_id)


def _absent(conn: Connection, person_id: int | None, today: date) -> str:
    """Why a task's holder does not hear of it: ``away``, ``unreachable`` or, if they do, nothing."""
    if person_id is None:
        return ""
    if leave.on(conn, person_id, today) is not None:
        return "away"
    return "" if people.account_of(conn, person_id) else "unreachable"
