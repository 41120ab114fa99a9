"""``congvu import-plan``: reads a plan's file, shows what it says and what is unclear, and commits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

import plans
from bot.cli.office import Day, in_database, now, today
from bot.cli.plan_preview import changes, describe, head
from bot.cli.words import say
from bot.committee import bring_in, committee_folder, load_units, shipped_calendar
from bot.config import Settings, load_settings
from bot.plan_import import first_effective, worded
from db import calendar as calendar_db
from db import plans as plans_db
from db.plans import Committed
from domain.calendar import Calendar
from domain.plan import Decision, Plan
from locales import Wording

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
    difference, before = in_database(
        settings, lambda conn: (plans_db.compare(conn, plan), plans_db.effective_before(conn, plan))
    )
    if not difference:
        click.echo(f"{head(plan)}\n{say('plan_same')}")
        return
    if effective_from is None:
        effective_from = before or first_effective(plan)
        if not yes:
            effective_from = click.prompt(
                say("plan_effective_prompt"), default=f"{effective_from:%d/%m/%Y}", type=Day()
            )
    decisions = worded(plan, _wording(settings.zone))
    first_day = _show(plan, folder, decisions, today(settings), effective_from)
    click.echo(changes(difference, first_day, is_new=before is None))
    if not yes and not click.confirm(say("plan_confirm")):
        click.echo(say("plan_not_written"))
        return

    def write(conn: Connection) -> Committed:
        bring_in(conn, folder)
        return plans_db.commit(conn, plan, decisions, now(), effective_from=first_day, calendar=calendar)

    done = in_database(settings, write)
    key = "plan_written_draft" if plan.draft else "plan_written"
    click.echo(say(key, year=plan.year, **asdict(done)))
    if calendar.is_unsure(date(plan.year, 12, 31)):
        click.echo(say("cli_calendar_unsure", year=plan.year))


def _wording(zone: ZoneInfo) -> Wording:
    return Wording(zone, {})


def _calendar(conn: Connection, settings: Settings) -> Calendar:
    return (
        shipped_calendar(settings.zone)
        if not calendar_db.years(conn)
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
