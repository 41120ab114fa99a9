"""``congvu people``: the roster, from which all rights come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Connection

from bot.cli.office import Day, in_database, now, today
from bot.cli.words import say
from bot.committee import UnitData, committee_folder, load_committee, load_units
from bot.config import Settings, load_settings
from bot.invitations import Invitation, invite, sheet
from bot.roster import ADDRESSES, COLUMNS, ColumnMissing, read_roster, unit_named
from db import audit, roster, staff
from domain.people import ROLES
from locales import Wording
from plans.sheet import read_table
from scheduler.tick import office_facts

OPTIONS = say("cli_usage_options")
ADDRESS_WORDS = tuple(say(f"roster_address_{address}") for address in ADDRESSES)


@click.group(
    help=say("cli_people_help"), options_metavar=OPTIONS, subcommand_metavar=say("cli_usage_command")
)
def people() -> None:
    """The roster."""


@people.command("list", help=say("cli_people_list_help"), options_metavar=OPTIONS)
@click.option("--unit", metavar=say("cli_words"), default="", help=say("cli_people_unit"))
def list_people(unit: str) -> None:
    """Prints who holds a post today."""
    settings = load_settings()
    code = _unit(settings, unit) if unit else ""
    found = in_database(settings, lambda conn: staff.members(conn, today(settings), code))
    for member in found:
        click.echo(
            say(
                "cli_people_row",
                id=member.id,
                name=member.name,
                unit=member.unit_name,
                position=member.position,
                role=say(f"cli_role_{member.role}"),
                channels=", ".join(member.channels),
            )
        )
    if not found:
        click.echo(say("cli_people_none"))


@people.command("add", help=say("cli_people_add_help"), options_metavar=OPTIONS)
@click.option("--name", metavar=say("cli_words"), required=True, help=say("cli_people_name"))
@click.option("--address", type=click.Choice(ADDRESS_WORDS), required=True, help=say("cli_people_address"))
@click.option("--unit", metavar=say("cli_words"), required=True, help=say("cli_people_unit"))
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], help=say("cli_people_role"))
@click.option("--position", metavar=say("cli_words"), default="", help=say("cli_people_position"))
def add(name: str, address: str, unit: str, role: str, position: str) -> None:
    """Adds a person or another post."""
    settings = load_settings()
    table = [list(COLUMNS), [name, address, unit, role, position]]
    rows = _understood(settings, table, from_file=False)
    ids = in_database(settings, partial(_add, rows=rows, since=today(settings)))
    click.echo(say("cli_people_added", name=rows[0].name, id=ids[rows[0].name]))


@people.command("end", help=say("cli_people_end_help"), options_metavar=OPTIONS)
@click.argument("person_id", type=int, metavar=say("cli_number"), help=say("cli_people_id"))
@click.option("--on", type=Day(), metavar=say("cli_day"), help=say("cli_people_on"))
def end(person_id: int, on: date | None) -> None:
    """Ends a person's posts."""
    settings = load_settings()
    last_day = on or today(settings)

    def finish(conn: Connection) -> tuple[str, int]:
        names = {member.id: member.name for member in staff.members(conn, today(settings))}
        if person_id not in names:
            raise click.ClickException(say("cli_people_unknown", id=person_id))
        posts = staff.end_posts(conn, person_id, last_day)
        audit.record(conn, "person", person_id, "posts_ended", now(), last_day=last_day, posts=posts)
        return names[person_id], posts

    name, posts = in_database(settings, finish)
    click.echo(say("cli_people_ended", name=name, posts=posts, day=last_day))


@people.command("import", help=say("cli_people_import_help"), options_metavar=OPTIONS)
@click.argument(
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=say("cli_file_metavar"),
    help=say("cli_people_file"),
)
@click.option("--yes", is_flag=True, help=say("cli_people_yes"))
def import_people(path: Path, yes: bool) -> None:
    """Shows a roster file, then writes it in one transaction or not at all."""
    settings = load_settings()
    try:
        table = read_table(path)
    except ValueError as no:
        raise click.ClickException(say("roster_unreadable", path=str(path))) from no
    rows = _understood(settings, table)
    known = in_database(settings, staff.known_names)
    for number, row in enumerate(rows, 1):
        role = say(f"cli_role_{row.role}")
        facts = {"name": row.name, "unit": row.unit, "role": role, "position": row.position}
        click.echo(say("cli_people_preview", number=number, **facts))
    new = len({row.name for row in rows} - known)
    click.echo(say("cli_people_preview_count", count=len(rows), new=new))
    if not yes and not click.confirm(say("cli_people_confirm")):
        click.echo(say("cli_people_nothing"))
        return
    in_database(settings, partial(_add, rows=rows, since=today(settings)))
    click.echo(say("cli_people_imported", count=len(rows)))


@people.command("invite", help=say("cli_people_invite_help"), options_metavar=OPTIONS)
@click.argument("person_ids", type=int, nargs=-1, metavar="[" + say("cli_number") + "]...")
@click.option("--all", "everybody", is_flag=True, help=say("cli_people_all"))
@click.option(
    "--sheet",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar=say("cli_file_metavar"),
    help=say("cli_people_sheet"),
)
def invite_people(person_ids: tuple[int, ...], everybody: bool, path: Path | None) -> None:
    """Makes one-time codes and prints them."""
    if not person_ids and not everybody:
        raise click.UsageError(say("cli_people_whom"))
    settings = load_settings()

    def make(conn: Connection) -> list[Invitation]:
        by_id = {member.id: member for member in reversed(staff.members(conn, today(settings)))}
        for person_id in person_ids:
            if person_id not in by_id:
                raise click.ClickException(say("cli_people_unknown", id=person_id))
        waiting = [m for m in reversed(by_id.values()) if not m.channels] if everybody else []
        made = invite(conn, [*(by_id[i] for i in person_ids), *waiting], now())
        if path is not None and made:  # A sheet that cannot be written leaves no codes behind.
            path.write_text(sheet(made, wording, link), encoding="utf-8")
        return made

    committee = load_committee(committee_folder(settings.committee), settings.zone)
    wording = Wording(settings.zone, office_facts(committee))
    link = asyncio.run(_link(settings)) if path is not None else None
    made = in_database(settings, make)
    for one in made:
        click.echo(say("cli_people_code", name=one.name, unit=one.unit, code=one.code))
    if not made:
        click.echo(say("cli_people_nobody"))
        return
    if path is not None:
        click.echo(say("cli_people_sheet_done", path=str(path)))


def _unit(settings: Settings, name: str) -> str:
    """The code of the unit that a name means; stops where there is none or more than one."""
    units = load_units(committee_folder(settings.committee))
    code = unit_named(name, units)
    if code is None:
        problem = say("roster_row_alone", problem="roster_bad_unit", value=name)
        raise click.ClickException("\n".join([problem, _units_line(units)]))
    return code


def _units_line(units: Sequence[UnitData]) -> str:
    return say("roster_units", units=[f"{unit.code} {unit.name}" for unit in units])


def _understood(
    settings: Settings, table: list[list[str]], *, from_file: bool = True
) -> list[roster.RosterRow]:
    """The rows of a table; says every problem at once and stops where there is one."""
    if len(table) < 2:
        raise click.ClickException(say("roster_empty"))
    units = load_units(committee_folder(settings.committee))
    headings = {column: say(f"roster_{column}") for column in COLUMNS}
    roles = {role: say(f"cli_role_{role}") for role in ROLES}
    try:
        rows, problems = read_roster(table, units, headings, roles, ADDRESS_WORDS)
    except ColumnMissing as no:
        raise click.ClickException(say("roster_no_column", column=say(no.column))) from no
    if problems:
        key = "roster_row" if from_file else "roster_row_alone"
        lines = [say(key, row=p.row, problem=p.problem, value=p.value) for p in problems]
        if from_file:
            lines.insert(0, say("roster_refused", count=len({p.row for p in problems})))
        if any(p.problem == "roster_bad_unit" for p in problems):
            lines.append(_units_line(units))
        raise click.ClickException("\n".join(lines))
    return rows


def _add(conn: Connection, rows: list[roster.RosterRow], since: date) -> dict[str, int]:
    ids = roster.add_rows(conn, rows, since, now())
    for person_id in sorted(set(ids.values())):
        audit.record(conn, "person", person_id, "post_given", now())
    return ids


async def _link(settings: Settings) -> Callable[[str], str] | None:
    """How a code becomes a link to the bot; None while the bot's name is not known."""
    if settings.telegram_token is None:
        return None
    from bot.telegram import bot_name, joining_link

    name = await bot_name(settings)
    return partial(joining_link, name) if name else None
