"""``congvu dossiers``: the states of one-stop dossiers, from a file of the one-stop's software."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from bot.cli.office import in_database, now, today
from bot.cli.words import say
from bot.committee import committee_folder, load_committee
from bot.config import load_settings
from db import audit, late_dossiers, people
from db import calendar as calendar_db
from db import dossiers as dossiers_db
from db.late_dossiers import Work
from domain.committee import Committee
from domain.dossiers import COLUMNS, OPTIONAL, STATES, Dossier, columns_of, read_dossiers
from domain.units import find_units
from domain.words import fold
from plans.sheet import read_table

OPTIONS = say("cli_usage_options")
MOST_SHOWN = 40
TITLES = ("late_dossier_whole", "late_dossier_apology", "late_dossier_inside")
APOLOGY_DAYS = 1  # working days
SAMPLE = 5


@click.group(
    help=say("cli_dossiers_help"), options_metavar=OPTIONS, subcommand_metavar=say("cli_usage_command")
)
def dossiers() -> None:
    """The dossiers."""


@dossiers.command("import", help=say("cli_dossiers_import_help"), options_metavar=OPTIONS)
@click.argument(
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=say("cli_file_metavar"),
)
@click.option("--yes", is_flag=True, help=say("cli_people_yes"))
def import_dossiers(path: Path, yes: bool) -> None:
    """Shows a file, then writes all of it in one transaction or nothing."""
    settings = load_settings()
    try:
        table = read_table(path)
    except ValueError as no:
        raise click.ClickException(say("roster_unreadable", path=str(path))) from no
    found = _understood(table)
    for each in found[:SAMPLE]:
        state = say(f"dossier_state_{each.state}")
        click.echo(say("cli_dossiers_line", number=each.number, procedure=each.procedure, state=state))
    click.echo(say("cli_dossiers_count", count=len(found), shown=min(SAMPLE, len(found))))
    if not yes and not click.confirm(say("cli_people_confirm")):
        click.echo(say("cli_people_nothing"))
        return
    day = today(settings)

    committee = load_committee(committee_folder(settings.committee), settings.zone)

    def write(conn: Connection) -> tuple[tuple[int, int, int], str]:
        counted = dossiers_db.put(conn, found, day)
        audit.record(conn, "dossiers", 0, "imported", now(), count=len(found))
        return counted, open_matters(conn, committee, day, now())

    (new, changed, same), told = in_database(settings, write)
    click.echo(say("cli_dossiers_done", new=new, changed=changed, same=same))
    if told:
        click.echo(told)


def open_matters(conn: Connection, committee: Committee, day: date, at: datetime) -> str:
    """Makes work of each late dossier that is none yet (KH3.4); says how many, or that no row asks for it.

    Those due before the plan asked are left alone, so that a first file opens no flood.
    """
    under = late_dossiers.standing(conn)
    calendar = calendar_db.load(conn, committee.zone)
    since = calendar.today(under.created_at) if under else date(day.year, 1, 1)
    late = late_dossiers.without_matter(conn, since, day)
    if not late or under is None:
        return say("cli_dossiers_late_no_row", count=len(late)) if late else ""
    names = {unit.code: (unit.name, *committee.aliases.get(unit.code, ())) for unit in people.all_units(conn)}
    ids = {unit.code: unit.id for unit in people.all_units(conn)}
    for each in late:
        named = find_units(fold(each.unit), names)
        work = Work(
            titles=tuple(say(key, number=each.number, procedure=each.procedure) for key in TITLES),
            unit_id=ids[named[0]] if len(named) == 1 else under.unit_id,
            apology_on=calendar.add(day, APOLOGY_DAYS),
            inside_on=calendar.add(day, committee.ladders["event"].days),
        )
        late_dossiers.open_matter(conn, each, under, work, at, day)
    return say("cli_dossiers_late", count=len(late))


def _understood(table: list[list[str]]) -> list[Dossier]:
    """The dossiers of a table; says every problem at once and stops where there is one."""
    if len(table) < 2:
        raise click.ClickException(say("cli_dossiers_empty"))
    names = {column: say(f"dossier_heading_{column}").split(" | ") for column in COLUMNS}
    places = columns_of(table[0], names)
    missing = [names[column][0] for column in COLUMNS if column not in places and column not in OPTIONAL]
    if missing:
        raise click.ClickException(say("cli_dossiers_no_column", columns=missing))
    left = [cell for at, cell in enumerate(table[0]) if cell and at not in places.values()]
    if left:
        click.echo(say("cli_dossiers_left", columns=left))
    states = {state: say(f"dossier_words_{state}").split(" | ") for state in STATES}
    found, problems = read_dossiers(table[1:], places, states)
    if problems:
        lines = [say("cli_dossiers_refused", count=len({problem.row for problem in problems}))]
        lines += [
            say("roster_row", row=p.row, problem=p.problem, value=p.value) for p in problems[:MOST_SHOWN]
        ]
        raise click.ClickException("\n".join(lines))
    return found
