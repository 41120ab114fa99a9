"""Reads what the items of a card stand for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from db import tasks
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
            )
        parts = tasks.children(conn, task.id, today)
        silent = tuple(
            part.unit_name for part in parts if part.state not in (*CLOSED, "awaiting_confirmation")
        )
        return Entry(ref, task=task, silent=silent, parts=len(parts), rung=rung)
    return None
