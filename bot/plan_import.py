"""Brings a plan's file into the database: read, worded, committed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from importlib.resources.abc import Traversable

from sqlalchemy import Connection

import plans
from bot.committee import load_units
from db import calendar as calendar_db
from db import plans as plans_db
from db.plans import Committed
from domain.committee import Committee
from domain.plan import Decision, Finding, Plan
from locales import Wording, cut

PLACE = 100  # characters of a decision's place


def worded(plan: Plan, wording: Wording) -> tuple[Decision, ...]:
    """The plan's findings in words, in the order of their codes."""
    return tuple(_decision(finding, wording) for finding in plan.findings)


def first_effective(plan: Plan) -> date:
    """The day a plan takes effect when nobody says: its signing, else the first day of its year."""
    return plan.signed_on or date(plan.year, 1, 1)


def bring_in_plan(
    conn: Connection,
    source: Traversable,
    folder: Traversable,
    committee: Committee,
    wording: Wording,
    now: datetime,
    effective_from: date | None = None,
) -> Committed:
    """Reads and commits a plan in the caller's transaction; units and calendar must be there already."""
    calendar = calendar_db.load(conn, committee.zone)
    plan = plans.read_file(source, load_units(folder), calendar)
    return plans_db.commit(
        conn,
        plan,
        worded(plan, wording),
        now,
        effective_from=effective_from or first_effective(plan),
        calendar=calendar,
    )


def _decision(finding: Finding, wording: Wording) -> Decision:
    problem, default = finding.problem, finding.default
    if finding.rule:
        problem = wording.label(f"finding_{finding.rule}", finding.facts)
        default = default or wording.label(f"finding_{finding.rule}_default", finding.facts)
    return Decision(
        code=finding.code,
        place=finding.place or _place(finding.places, wording),
        problem=f"{problem} {finding.more}".strip(),
        default=default,
        owner=finding.owner,
        asked_first=finding.asked_first,
    )


def _place(places: Sequence[str], wording: Wording) -> str:
    return cut(", ".join(places), PLACE) if places else wording.label("finding_place_all", {})
