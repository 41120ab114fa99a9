"""``congvu import-plan``: reads a plan's file, shows what it says and what is unclear, and commits it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

import plans
from bot.cli.office import Day, in_database, now, today
from bot.cli.words import say
from bot.committee import bring_in, committee_folder, load_units, shipped_calendar
from bot.config import Settings, load_settings
from bot.plan_import import first_effective, worded
from db import calendar as calendar_db
from db import plans as plans_db
from db.plans import Committed
from domain.calendar import Calendar
from domain.people import COMMITTEE, UNIT_KINDS
from domain.plan import Decision, Difference, NamedUnit, Plan, Row, is_retro, real_units
from locales import Wording, templates

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")  # of a dry run; else the settings' own


@click.command("import-plan", help=say("cli_import_plan_help"), options_metavar=say("cli_usage_options"))
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=say("plan_metavar_file"),
)
@click.option(
    "--year",
    type=click.IntRange(2000, 2100),
    metavar=say("plan_metavar_year"),
    help=say("plan_option_year"),
)
@click.option(
    "--effective-from",
    type=Day(),
    metavar=say("plan_metavar_day"),
    help=say("plan_option_effective"),
)
@click.option("--dry-run", is_flag=True, help=say("plan_option_dry"))
@click.option("--yes", is_flag=True, help=say("plan_option_yes"))
def import_plan(file: Path, year: int | None, effective_from: date | None, dry_run: bool, yes: bool) -> None:
    """Imports a plan; ``--dry-run`` needs neither settings nor a database."""
    if dry_run:
        plan = plans.read_file(file, load_units(committee_folder()), shipped_calendar(ZONE), year)
        day = now().astimezone(ZONE).date()
        _show(plan, committee_folder(), worded(plan, _wording(ZONE)), day, effective_from)
        return
    settings = load_settings()
    folder = committee_folder(settings.committee)
    calendar = in_database(settings, lambda conn: _calendar(conn, settings))
    plan = plans.read_file(file, load_units(folder), calendar, year)
    difference, is_new = in_database(
        settings, lambda conn: (plans_db.compare(conn, plan), plans_db.is_first(conn, plan))
    )
    if not difference:
        click.echo(f"{_head(plan)}\n{say('plan_same')}")
        return
    if effective_from is None and not yes:
        effective_from = click.prompt(
            say("plan_effective_prompt"), default=f"{first_effective(plan):%d/%m/%Y}", type=Day()
        )
    decisions = worded(plan, _wording(settings.zone))
    first_day = _show(plan, folder, decisions, today(settings), effective_from)
    click.echo(_changes(difference, first_day, is_new=is_new))
    if not yes and not click.confirm(say("plan_confirm")):
        click.echo(say("plan_not_written"))
        return

    def write(conn: Connection) -> Committed:
        bring_in(conn, folder)
        return plans_db.commit(conn, plan, decisions, now(), effective_from=first_day, calendar=calendar)

    done = in_database(settings, write)
    click.echo(say("plan_written_draft" if plan.draft else "plan_written", year=plan.year, **asdict(done)))


def _wording(zone: ZoneInfo) -> Wording:
    return Wording(zone, {})


def _calendar(conn: Connection, settings: Settings) -> Calendar:
    return (
        shipped_calendar(settings.zone)
        if calendar_db.is_empty(conn)
        else calendar_db.load(conn, settings.zone)
    )


def _show(
    plan: Plan, folder: Traversable, decisions: Sequence[Decision], day: date, effective_from: date | None
) -> date:
    """Prints the plan and returns the day it takes effect."""
    first_day = effective_from or first_effective(plan)
    for line in describe(plan, load_units(folder), decisions, day, first_day):
        click.echo(line)
    return first_day


def _changes(difference: Difference, effective_from: date, *, is_new: bool) -> str:
    if is_new:
        return say("plan_new", effective_from=effective_from)
    changed = [
        asdict(one) | {"fields": [say(f"plan_field_{name}") for name in one.fields]}
        for one in difference.changed
    ]
    return say(
        "plan_changes",
        effective_from=effective_from,
        added=difference.added,
        changed=changed,
        dropped=difference.dropped,
    )


def _head(plan: Plan) -> str:
    return say(
        "plan_head_line",
        title=plan.title, year=plan.year, draft=plan.draft, signed_on=plan.signed_on,
        objectives=len(plan.objectives), rows=len(plan.rows), measures=len(plan.measures),
    )  # fmt: skip


def describe(
    plan: Plan,
    units: Sequence[NamedUnit],
    decisions: Sequence[Decision],
    today: date,
    effective_from: date,
) -> Iterator[str]:
    """The plan as lines to read: counts, objectives, rows, and what has to be decided, the urgent first."""
    yield _head(plan)
    yield f"\n{say('plan_objectives_head')}"
    for objective in plan.objectives:
        targets = [asdict(one) | {"name": _measure(one.measure)} for one in objective.targets]
        yield say("plan_objective_line", number=objective.number, text=objective.text, targets=targets)
    for head, rows in (("plan_rows_head", plan.rows), ("plan_measures_head", plan.measures)):
        yield f"\n{say(head)}"
        for row in rows:
            yield from _row(row, units, today, effective_from)
    first = [one for one in decisions if one.asked_first]
    rest = [one for one in decisions if not one.asked_first]
    if not decisions:
        yield f"\n{say('plan_decisions_none')}"
    for head, part in (("plan_decisions_first", first), ("plan_decisions_rest", rest)):
        if part:
            yield f"\n{say(head, count=len(part))}"
        yield from (say("plan_decision_line", **asdict(one)) for one in part)
    yield ""


def _row(row: Row, units: Sequence[NamedUnit], today: date, effective_from: date) -> Iterator[str]:
    deadline = row.deadline
    yield say("plan_row_line", code=row.code, text=row.text)
    yield "     " + say(
        "plan_row_detail",
        kind=say(f"plan_deadline_{deadline.kind}"), due_on=deadline.due_on,
        every=say(f"plan_every_{deadline.every}") if deadline.every else "", after=deadline.after,
        days=deadline.days, deadline=deadline.text,
        units=[_unit(one, units) for one in row.responsible],
        retro=is_retro(deadline.due_on, today, effective_from),
    )  # fmt: skip


def _measure(measure: str) -> str:
    key = f"plan_measure_{measure}"
    return say(key) if key in templates() else say("plan_measure_other")


def _unit(one: str, units: Sequence[NamedUnit]) -> str:
    if one in UNIT_KINDS:
        return say(f"plan_unit_kind_{one}", count=len(real_units([one], units)))
    unit = next(unit for unit in units if unit.code == one)
    return say("plan_unit_leaders") if unit.kind == COMMITTEE else unit.name
