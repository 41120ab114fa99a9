"""Reads what the items of a card stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from db import case_rungs, cycles, leave, people, tasks
from db.rungs import Due
from domain.cycles import REPORT
from domain.errors import RuleError
from domain.tasks import CLOSED
from domain.work_cards import Entry


def entries(
    conn: Connection, refs: Iterable[str], today: date, rungs: dict[str, str] | None = None
) -> list[Entry]:
    """The items of these references, in order; those that are gone are left out."""
    found: list[Entry] = []
    for ref in refs:
        entry = _entry(conn, ref, today, (rungs or {}).get(ref, ""))
        if entry is not None:
            found.append(entry)
    return found


def _entry(conn: Connection, ref: str, today: date, rung: str) -> Entry | None:
    kind, number = ref[:1], ref[1:]
    if kind in ("p", "c"):
        return _several(conn, ref, today, rung)
    if not number.isdigit():
        return None
    if kind == "i":
        return Entry(ref, rung=rung)
    if kind in ("s", "e"):
        try:
            return Entry(ref, decision=tasks.decision(conn, ref, today), rung=rung)
        except RuleError:
            return None
    if kind == "v":
        try:
            report = tasks.decision(conn, f"s{number}", today)
        except RuleError:
            return None
        return Entry(ref, task=report.task, report=report, rung=rung)
    for task in tasks.tasks_of(conn, [int(number)], today):
        if not task.is_parent:
            return Entry(
                ref,
                task=task,
                report=tasks.latest_report(conn, task.id, today),
                wish=tasks.latest_extension(conn, task.id, today),
                rung=rung,
                absent=_absent(conn, task.assignee_id, today),
            )
        parts = tasks.children(conn, task.id, today)
        silent = tuple(
            part.unit_name for part in parts if part.state not in (*CLOSED, "awaiting_confirmation")
        )
        return Entry(ref, task=task, silent=silent, parts=len(parts), rung=rung)
    return None


def grouped(conn: Connection, dues: Sequence[Due], person_id: int, today: date) -> dict[int, str]:
    """By rung, one item for all turns of the same kind and one for all cases that a person hears of.

    Turns that are closed or have another holder, and cases that are answered, moved or handed on, are
    left out.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    keys: dict[int, tuple[object, ...]] = {}
    wanted = {due.subject_id: due for due in dues if due.subject == "cycle"}
    for cycle in cycles.of(conn, wanted, today):
        if cycle.is_open and cycle.schedule == wanted[cycle.id].schedule:
            key = ("p", cycle.sort, cycle.assignee_id == person_id)
            groups.setdefault(key, []).append(cycle.id)
    wanted_cases = {due.subject_id for due in dues if due.subject == "case"}
    for case in case_rungs.running(conn, wanted_cases) if wanted_cases else ():
        groups.setdefault(("c",), []).append(case.id)
        keys[case.id] = (case.period, case.schedule, case.due_on < today)
    found = {}
    for (kind, *_), ids in groups.items():
        ref = f"{kind}{'.'.join(str(each) for each in sorted(ids))}"
        for due in dues:
            if due.subject_id not in ids or due.subject != {"p": "cycle", "c": "case"}[str(kind)]:
                continue
            if due.subject == "case":
                period, schedule, late = keys[due.subject_id]
                if due.schedule != schedule or (not late if due.rung == "week" else due.period != period):
                    continue
            found[due.id] = ref
    return found


def _several(conn: Connection, ref: str, today: date, rung: str) -> Entry | None:
    ids = [int(each) for each in ref[1:].split(".") if each.isdigit()]
    if ref.startswith("c"):
        cases = case_rungs.running(conn, ids)
        return Entry(ref, cases=tuple((case.code, case.due_on) for case in cases), rung=rung)
    found = tuple(cycles.of(conn, ids, today))
    if not found:
        return None
    report = found[0] if found[0].kind == REPORT else None
    figures = cycles.unit_figures(conn, report.unit_id, report.due_on) if report else None
    return Entry(ref, cycles=found, rung=rung, figures=figures)


def _absent(conn: Connection, person_id: int | None, today: date) -> str:
    """Why a task's holder does not hear of it: ``away``, ``unreachable`` or, if they do, nothing."""
    if person_id is None:
        return ""
    if leave.on(conn, person_id, today) is not None:
        return "away"
    return "" if people.account_of(conn, person_id) else "unreachable"
