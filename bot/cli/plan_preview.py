"""A plan as lines to read before it is committed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date

from bot.cli.words import say
from domain.people import COMMITTEE, UNIT_KINDS
from domain.plan import Decision, Difference, NamedUnit, Plan, Row, is_retro, real_units
from locales import templates


def head(plan: Plan) -> str:
    """The plan's title and counts."""
    facts = {
        "title": plan.title,
        "year": plan.year,
        "draft": plan.draft,
        "signed_on": plan.signed_on,
        "objectives": len(plan.objectives),
        "rows": len(plan.rows),
        "measures": len(plan.measures),
    }
    return say("plan_head_line", **facts)


def changes(difference: Difference, effective_from: date, *, is_new: bool) -> str:
    """What the plan changes against the kept one."""
    if is_new:
        return say("plan_new", effective_from=effective_from)
    changed = [
        asdict(one) | {"fields": [say(f"plan_field_{name}") for name in one.fields]}
        for one in difference.changed
    ]
    facts = {
        "effective_from": effective_from,
        "added": difference.added,
        "changed": changed,
        "dropped": difference.dropped,
    }
    return say("plan_changes", **facts)


def describe(
    plan: Plan,
    units: Sequence[NamedUnit],
    decisions: Sequence[Decision],
    today: date,
    effective_from: date,
) -> Iterator[str]:
    """The plan as lines to read: counts, objectives, rows, and what has to be decided, the urgent first."""
    yield head(plan)
    yield f"\n{say('plan_objectives_head')}"
    for objective in plan.objectives:
        targets = [asdict(one) | {"name": _measure(one.measure)} for one in objective.targets]
        yield say("plan_objective_line", number=objective.number, text=objective.text, targets=targets)
    for title, rows in (("plan_rows_head", plan.rows), ("plan_measures_head", plan.measures)):
        yield f"\n{say(title)}"
        for row in rows:
            yield from _row(row, units, today, effective_from)
    first = [one for one in decisions if one.asked_first]
    rest = [one for one in decisions if not one.asked_first]
    if not decisions:
        yield f"\n{say('plan_decisions_none')}"
    for title, part in (("plan_decisions_first", first), ("plan_decisions_rest", rest)):
        if part:
            yield f"\n{say(title, count=len(part))}"
        yield from (say("plan_decision_line", **asdict(one)) for one in part)
    yield ""


def _row(row: Row, units: Sequence[NamedUnit], today: date, effective_from: date) -> Iterator[str]:
    deadline = row.deadline
    yield say("plan_row_line", code=row.code, text=row.text)
    facts = {
        "kind": say(f"plan_deadline_{deadline.kind}"),
        "due_on": deadline.due_on,
        "every": say(f"plan_every_{deadline.every}") if deadline.every else "",
        "after": deadline.after,
        "days": deadline.days,
        "deadline": deadline.text,
        "units": [_unit(one, units) for one in row.responsible],
        "retro": is_retro(deadline.due_on, today, effective_from),
    }
    yield "     " + say("plan_row_detail", **facts)


def _measure(measure: str) -> str:
    key = f"plan_measure_{measure}"
    return say(key) if key in templates() else say("plan_measure_other")


def _unit(one: str, units: Sequence[NamedUnit]) -> str:
    if one in UNIT_KINDS:
        return say(f"plan_unit_kind_{one}", count=len(real_units([one], units)))
    unit = next(unit for unit in units if unit.code == one)
    return say("plan_unit_leaders") if unit.kind == COMMITTEE else unit.name
