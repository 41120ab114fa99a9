"""The card of an official's day: what is due, what was handed in, what waits for a decision.

One card has numbered items; an item is named by a short reference that is kept with the message, so that
the card can be worded again from the database: ``t12`` a task, ``s5`` a report, ``e3`` a wish for more
time, ``v5`` promised proof, ``r12`` a task that was past when imported, ``i202101`` a month's inspection,
``j4`` an inspection's paperwork, ``k6`` a look back, ``p7.9`` turns of standing rows, ``c3.4`` cases,
``b3.4`` cases for which a verification team is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from domain import check_cards, cycle_cards
from domain.calendar import CLOSES, Calendar
from domain.chat import Choice, Reply
from domain.checks import Check
from domain.cycles import Cycle
from domain.inspections import Visit
from domain.people import Person
from domain.tasks import (
    ASSIGNED,
    AWAITING,
    CANCELLED,
    CONFIRMED,
    RETURNED,
    Decision,
    Task,
    last_early_day,
    timing,
)

SNOOZED = ("T-7", "T-3", "snooze")
"""Rungs that a person may have shown again later: the early ones, never the last days' or an escalation."""
SHOWN = 4
"""Items a card lists; the rest is one press away."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A citizen's matter on a card: a code to open, of which kind, and the day it is due."""

    id: int
    code: str
    category: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """What a card says something about; ``silent`` are a parent's parts whose day counts and that are not in.

    ``absent`` says that the assignee is ``away`` or ``unreachable``; then somebody else hears of it.
    ``deputy_id`` is who does the work of one who is away.
    ``cases`` are citizens' matters that run, ``proposed`` the codes for which a team is proposed, and since
    when; ``figures`` those of a report.
    """

    ref: str
    task: Task | None = None
    report: Decision | None = None
    wish: Decision | None = None
    decision: Decision | None = None
    silent: tuple[tuple[str, date | None], ...] = ()
    parts: int = 0
    unfinished: int = 0
    rung: str = ""
    absent: str = ""
    deputy_id: int | None = None
    cycles: tuple[Cycle, ...] = ()
    cases: tuple[CaseLine, ...] = ()
    proposed: tuple[tuple[str, date], ...] = ()
    visit: Visit | None = None
    check: Check | None = None
    figures: Mapping[str, int] | None = None
    drawn: int = 0  # answers to citizens drawn to be looked at
    held: bool = False  # an inspection of the month is recorded


@dataclass(frozen=True, slots=True)
class Look:
    """How a card is to be shown: ``title`` says why, ``asking`` is the item whose question is open.

    ``edits`` is the message replaced; then items say what became of them.  ``total`` counts items
    beyond those shown.  ``changed`` is the item a channel without edits speaks of.
    """

    title: str
    edits: str = ""
    asking: str = ""
    changed: str = ""
    total: int = 0


def render(
    entries: Sequence[Entry],
    viewer: Person,
    look: Look,
    now: datetime,
    calendar: Calendar,
    kinds: Mapping[str, str],
) -> Reply:
    """The card in words' facts; ``kinds`` are the names of the kinds of citizens' matters."""
    today = calendar.today(now)
    room = 60 if len(entries) <= 2 else 42 if len(entries) == 3 else 34
    items = [
        {"n": number, "room": room, **_item(entry, viewer, look, today, calendar, kinds)}
        for number, entry in enumerate(entries, 1)
    ]
    reporters = {entry.decision.reporter_id for entry in entries if entry.decision}
    alone = look.title == "decide" and len(reporters) == 1
    reporter = next((entry.decision.reporter for entry in entries if entry.decision), "")
    total = max(look.total, len(entries))
    facts = {
        "title": look.title,
        "called": viewer.called,
        "count": total,
        "more": total - len(entries),
        "reporter": reporter if alone else "",
        "changed": next((n for n, e in enumerate(entries, 1) if e.ref == look.changed), 0),
        "items": items,
    }
    return Reply(
        "work_card",
        facts,
        _choices(entries, viewer, look, today, calendar),
        edits=look.edits,
        card={"items": [entry.ref for entry in entries], "title": look.title, "total": total},
    )


def promised_moment(today: date, calendar: Calendar) -> datetime:
    """Until when proof may follow a report: the end of the next working day."""
    return calendar.at(calendar.add(today, 1), CLOSES)


def _item(
    entry: Entry, viewer: Person, look: Look, today: date, calendar: Calendar, kinds: Mapping[str, str]
) -> dict[str, Any]:
    if entry.ref.startswith("i"):
        month = date(int(entry.ref[1:5]), int(entry.ref[5:7]), 1)
        return {"line": "inspection", "month": month, "drawn": entry.drawn, "held": entry.held}
    if entry.visit is not None:
        return check_cards.visit_facts(entry.visit)
    if entry.check is not None:
        return check_cards.check_facts(entry.check, today)
    if entry.ref.startswith("p"):
        return cycle_cards.facts(entry.cycles, viewer.id, today, entry.figures)
    if entry.ref.startswith("b"):
        return {"line": "proposals", "cases": [{"code": code, "since": day} for code, day in entry.proposed]}
    if entry.ref.startswith("c"):
        lines = [_case(case, today, calendar, kinds) for case in entry.cases]
        return {"line": "cases", "cases": lines, "late": sum(line["hint"] == "late" for line in lines)}
    if entry.decision is not None:
        return _decision(entry.decision, entry.ref, look, today, calendar)
    assert entry.task is not None
    return _task(entry, entry.task, viewer, look, today, calendar)


def _task(
    entry: Entry, task: Task, viewer: Person, look: Look, today: date, calendar: Calendar
) -> dict[str, Any]:
    report, wish = entry.report, entry.wish
    facts: dict[str, Any] = {
        "title": task.title,
        "who": task.assignee or task.unit_name,
        "due_on": task.due_on,
        "original_due_on": task.original_due_on,
        "hint": "",
        "days": 0,
        "percent": task.percent,
        "obstacle": task.blocked_by,
        "asks_until": wish.to_day if wish and wish.state == "waiting" else None,
        "confirmer": report.confirmer if report else "",
        "rung": entry.rung,
    }
    if task.due_on is not None:
        facts["hint"], facts["days"] = _hint(task.due_on, today, calendar)
    if look.title == "afternoon":
        facts["hint"] = ""  # the first line of the card says it of all of them
    if entry.ref.startswith("v"):
        by = report.evidence_by if report else None
        return facts | {
            "line": "done" if by is None else "proof",
            "by": by,
            "timing": "",
            "asking": look.asking == entry.ref,
        }
    if entry.ref.startswith("r"):
        return facts | {"line": "past", "parts": entry.parts}
    if task.is_parent:
        return facts | {
            "line": "parent",
            "parts": entry.parts,
            "unfinished": entry.unfinished,
            "silent": _silent(entry, task),
        }
    if task.assignee_id != viewer.id:
        facts |= {"state": task.state, "absent": entry.absent}
        if not _acts(entry, viewer):
            return facts | {"line": "other"}
    if look.asking == entry.ref:
        return facts | {"line": "asking"}
    if task.state in (CONFIRMED, CANCELLED):
        on = calendar.today(task.submitted_at) if task.submitted_at else today
        return facts | {
            "line": "done",
            "timing": timing(task.due_on, today, on, calendar) if task.state == CONFIRMED else CANCELLED,
        }
    if task.state == AWAITING and report is not None:
        return facts | {
            "line": "waiting",
            "by": report.by,
            "at": report.at,
            "today": calendar.today(report.at) == today,
        }
    if task.state == RETURNED and report is not None:
        return facts | {"line": "returned", "reason": report.reason}
    told = look.edits or look.changed == entry.ref
    if told and wish is not None and wish.state in ("granted", "refused"):
        return facts | {"line": wish.state, "confirmer": wish.confirmer, "refusal": wish.refusal}
    return facts | {"line": "due" if task.assignee_id == viewer.id else "other"}


def _case(case: CaseLine, today: date, calendar: Calendar, kinds: Mapping[str, str]) -> dict[str, Any]:
    hint, days = _hint(case.due_on, today, calendar)
    kind = kinds.get(case.category, "")
    return {"code": case.code, "kind": kind, "due_on": case.due_on, "hint": hint, "days": days}


def _acts(entry: Entry, viewer: Person) -> bool:
    """Whether the viewer reports on the task: its holder, or who stands in for one who is away."""
    return entry.task is not None and viewer.id in (entry.task.assignee_id, entry.deputy_id)


def _silent(entry: Entry, task: Task) -> list[dict[str, Any]]:
    """The parts that are not in, each with its own day where that is not the whole's."""
    return [{"unit": unit, "due_on": day if day != task.due_on else None} for unit, day in entry.silent]


def _hint(due_on: date, today: date, calendar: Calendar) -> tuple[str, int]:
    if today > due_on:
        return "late", max(1, calendar.between(due_on, today))
    if today == due_on:
        return "last_day", 0
    return ("last_early" if today >= last_early_day(due_on, calendar) else "left"), calendar.between(
        today, due_on
    )


def _decision(each: Decision, ref: str, look: Look, today: date, calendar: Calendar) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "title": each.task.title,
        "who": each.reporter,
        "due_on": each.task.due_on,
        "confirmer": each.confirmer,
        "reason": each.reason,
        "refusal": each.refusal,
        "by": each.by,
        "state": each.state,
        "asking": look.asking == ref,
    }
    if each.kind == "e":
        return facts | {"line": "wish", "to_day": each.to_day, "from_day": each.from_day}
    on = calendar.today(each.at)
    due = each.task.due_on
    return facts | {
        "line": "report",
        "timing": timing(due, today, on, calendar),
        "days": max(1, calendar.between(due, on)) if due and on > due else 0,
        "document": each.document,
        "document_date": each.document_date,
        "files": each.files,
        "words": each.words,
        "lacks": list(each.lacks),
        "evidence_by": each.evidence_by,
        "expected": _in_one_line(each.task.expected),
    }


def _in_one_line(text: str) -> str:
    """A list of lines with dashes as one clause, without a full stop."""
    parts = re.split(r"(?:^|\s)[-–+•](?=\s)|\n", text)
    return "; ".join(part.strip(" .;,\t") for part in parts if part.strip(" .;,\t"))


def _choices(
    entries: Sequence[Entry], viewer: Person, look: Look, today: date, calendar: Calendar
) -> tuple[tuple[Choice, ...], ...]:
    numbered = list(enumerate(entries, 1))
    own = [
        (n, e.task)
        for n, e in numbered
        if e.ref.startswith("t") and e.task and _acts(e, viewer) and e.task.is_open and not e.task.is_parent
    ]
    rows: list[list[Choice]] = []
    for n, task in own:
        if look.asking == f"t{task.id}":
            later = Choice("task_later", f"task:later:{task.id}", {"by": promised_moment(today, calendar)})
            rows.append([later])
            continue
        done = Choice("task_done", f"task:done:{task.id}", {"n": n}, takes_text=True)
        if rows and len(rows[-1]) < 3 and rows[-1][0].label == "task_done":
            rows[-1].append(done)
        else:
            rows.append([done])
    rows += _by_answer([row for n, entry in numbered for row in _entry_choices(n, entry, viewer, look)])
    last: list[Choice] = []
    if any(task.state == ASSIGNED for _, task in own):
        last.append(Choice("task_accept", "task:accept"))
    if any(task.due_on for _, task in own):
        last.append(Choice("task_stuck", "task:stuck", takes_text=True))
    early = {e.ref for _, e in numbered if e.rung in SNOOZED and e.task and e.task.due_on != today}
    if look.title in ("morning", "catch_up") and any(
        f"t{task.id}" in early and task.assignee_id == viewer.id for _, task in own
    ):
        last.append(Choice("task_snooze", "task:snooze"))
    if last:
        rows.append(last)
    if len(own) == 1 and look.title in ("given", "detail"):
        rows.append([Choice("task_pass_on", f"task:pass:{own[0][1].id}", takes_text=True)])
    if look.title == "detail":
        rows.append([Choice("task_to_list", "task:list:mine:0")])
    elif look.total > len(entries) or any(e.task and e.task.assignee_id != viewer.id for e in entries):
        rows.append([Choice("task_see_all", "task:list:all:0")])
    return tuple(tuple(row) for row in rows)


def _by_answer(rows: list[list[Choice]]) -> list[list[Choice]]:
    """Rows that offer the same answers, one an item, turned: one an answer, so that they are numbered alike.

    Where numbers are typed, "1–2. Xác nhận ①–②" then stands for "1. Xác nhận ①", "3. Xác nhận ②".
    """
    found: list[list[Choice]] = []
    for _, same in groupby(rows, key=lambda row: [choice.label for choice in row]):
        alike = list(same)
        found += map(list, zip(*alike, strict=True)) if len(alike[0]) > 1 else alike
    return found


def _opens(cases: Sequence[CaseLine]) -> Choice:
    """One matter by its code, several by the list of them: one choice of the card either way."""
    if len(cases) == 1:
        return Choice("work_case", f"case:open:{cases[0].id}", {"code": cases[0].code})
    return Choice("work_cases_open", "case:list:0", {"n": len(cases)})


def _entry_choices(n: int, entry: Entry, viewer: Person, look: Look) -> list[list[Choice]]:
    if entry.visit is not None:
        return check_cards.visit_choices(entry.visit)
    if entry.check is not None:
        return check_cards.check_choices(entry.check, n)
    if entry.ref.startswith("c"):
        return [[_opens(entry.cases)]] if entry.cases else []
    if entry.ref.startswith("p"):
        return cycle_cards.choices(entry.cycles, viewer.id, n, entry.deputy_id)
    if entry.ref.startswith("i"):
        done = [Choice("inspection_done", "task:insp", takes_text=True)] if not entry.held else []
        drawn = [Choice("drawn_open", "drawn:list", {"n": entry.drawn})] if entry.drawn else []
        return [row for row in (done, drawn) if row] if look.asking != entry.ref else []
    if entry.ref.startswith("v") and entry.report and entry.report.evidence_by:
        return [[Choice("task_proof", f"task:proof:{entry.report.id}", {"n": n}, takes_text=True)]]
    if entry.ref.startswith("r") and entry.task and entry.task.is_open and entry.task.retro:
        task_id = entry.task.id
        return [
            [
                Choice("past_done", f"task:past:done:{task_id}", {"n": n}, takes_text=True),
                Choice("past_open", f"task:past:open:{task_id}", {"n": n}),
                Choice("past_drop", f"task:past:drop:{task_id}", {"n": n}),
            ]
        ]
    each = entry.decision
    if each is None or each.state != "waiting" or look.asking == entry.ref:
        return []
    if each.kind == "s":
        return [
            [
                Choice("task_confirm", f"task:ok:{each.ref}", {"n": n}),
                Choice("task_return", f"task:back:{each.ref}", {"n": n}, takes_text=True),
            ]
        ]
    return [
        [
            Choice("task_grant", f"task:grant:{each.ref}", {"n": n}),
            Choice("task_refuse", f"task:deny:{each.ref}", {"n": n}, takes_text=True),
        ]
    ]
