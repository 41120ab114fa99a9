"""How a look back and an inspection's paperwork stand on a card."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.chat import Choice
from domain.checks import ANSWERS, OPEN, Check
from domain.inspections import Visit


def check_facts(each: Check, today: date) -> dict[str, Any]:
    """What the line of a check says."""
    return {
        "line": "check",
        "kind": each.kind,
        "title": each.task.title,
        "who": each.task.assignee or each.task.unit_name,
        "unit": each.task.unit_name,
        "due_on": each.due_on,
        "late": each.due_on < today,
        "state": each.state,
        "words": each.words,
    }


def check_choices(each: Check, n: int) -> list[list[Choice]]:
    """[Đạt ①] [Một phần ①] [Chưa ①]."""
    if each.state != OPEN:
        return []
    return [[Choice(f"check_{answer}", f"check:{answer}:{each.id}", {"n": n}) for answer in ANSWERS]]


def visit_facts(visit: Visit) -> dict[str, Any]:
    """What the line of an inspection says: what is still missing of it."""
    return {
        "line": "visit",
        "held_on": visit.held_on,
        "unit": visit.unit_name,
        "minutes": visit.minutes,
        "issued": visit.issued_at is not None,
        "findings": visit.findings,
    }


def visit_choices(visit: Visit) -> list[list[Choice]]:
    """[Ghi biên bản] [Ghi kết luận], as far as they are missing."""
    if visit.issued_at is not None:
        return []
    minutes = Choice("visit_minutes", f"visit:minutes:{visit.id}", takes_text=True)
    findings = Choice("visit_findings", f"visit:findings:{visit.id}")
    return [[minutes, findings] if visit.lacks_minutes else [findings]]
