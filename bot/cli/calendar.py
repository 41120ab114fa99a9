"""``congvu calendar``: the same calendar as /lich, for whoever keeps the machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import partial

import click
from sqlalchemy import Connection

from bot.cli.office import Day, in_database, now, today
from bot.cli.words import say
from bot.committee import committee_folder, load_committee
from bot.config import Settings, load_settings
from db import calendar as calendar_db
from db import deadlines, people
from db.deadlines import Move
from domain.calendar import OFF, Calendar
from domain.calendar_words import ORDINARY, read_edit
from domain.committee import Committee
from domain.errors import RuleError
from domain.holidays import suggested
from domain.periods import YEAR, Period
from handlers.calendar import changing, lines
from handlers.calendar_edit import Edit, after, change, preview

OPTIONS = say("cli_usage_options")
YEARS = click.IntRange(2000, 2100)


@click.group(
    help=say("cli_calendar_help"), options_metavar=OPTIONS, subcommand_metavar=say("cli_usage_command")
)
def calendar() -> None:
    """The calendar."""


@calendar.command("list", help=say("cli_calendar_list_help"), options_metavar=OPTIONS)
@click.argument("year", type=YEARS, required=False, metavar="[" + say("cli_number") + "]")
def list_days(year: int | None) -> None:
    """Prints a year's closed and worked days and the units' service days."""
    settings = load_settings()
    whole = Period(YEAR, year or today(settings).year)

    def read(conn: Connection) -> tuple[list[calendar_db.Entry], list[calendar_db.ServiceDay], bool]:
        found = calendar_db.load(conn, settings.zone)
        days = calendar_db.entries(conn, whole.first, whole.last)
        return days, calendar_db.service_days(conn), whole.year in found.confirmed_years

    days, services, confirmed = in_database(settings, read)
    click.echo(say("cli_calendar_year", year=whole.year, confirmed=confirmed, count=len(days)))
    for line in lines(days):
        click.echo(say("cli_calendar_line", **line))
    for each in services:
        hours = f"{each.opens:%H:%M}–{each.closes:%H:%M}"
        click.echo(say("cli_calendar_service", unit=each.unit_name, weekday=each.weekday, hours=hours))


@calendar.command("add", help=say("cli_calendar_add_help"), options_metavar=OPTIONS)
@click.argument("words", nargs=-1, required=True, metavar=say("cli_words"))
@click.option("--yes", is_flag=True, help=say("cli_people_yes"))
def add(words: tuple[str, ...], yes: bool) -> None:
    """Edits by the same sentence as in chat, read back first."""
    settings = load_settings()
    said = read_edit(" ".join(words), today(settings))
    if said is None:
        raise click.ClickException(say("cli_calendar_no_day"))
    _write(settings, [Edit(said.kinds, said.note, said.source)], yes=yes)


@calendar.command("remove", help=say("cli_calendar_remove_help"), options_metavar=OPTIONS)
@click.argument("day", type=Day(), metavar=say("cli_day"))
@click.option("--yes", is_flag=True, help=say("cli_people_yes"))
def remove(day: date, yes: bool) -> None:
    """Makes a day an ordinary one again."""
    _write(load_settings(), [Edit({day: ORDINARY})], yes=yes)


@calendar.command("suggest", help=say("cli_calendar_suggest_help"), options_metavar=OPTIONS)
@click.argument("year", type=YEARS, metavar=say("cli_number"))
@click.option("--tet", type=Day(), metavar=say("cli_day"), help=say("cli_calendar_tet"))
@click.option("--gio-to", type=Day(), metavar=say("cli_day"), help=say("cli_calendar_gio_to"))
@click.option("--yes", is_flag=True, help=say("cli_people_yes"))
def suggest(year: int, tet: date | None, gio_to: date | None, yes: bool) -> None:
    """Suggests a year's days; they stay unconfirmed until somebody has seen the decision."""
    settings = load_settings()
    tet = tet or click.prompt(say("cli_calendar_tet"), type=Day())
    gio_to = gio_to or click.prompt(say("cli_calendar_gio_to"), type=Day())
    if not (
        date(year, 1, 20) <= tet <= date(year, 2, 21) and date(year, 3, 28) <= gio_to <= date(year, 5, 1)
    ):
        raise click.ClickException(say("cli_calendar_lunar_wrong", year=year))
    feasts: dict[str, dict[date, str]] = {}
    for day, feast in suggested(year, tet, gio_to).items():
        feasts.setdefault(feast, {})[day] = OFF
    source = say("cli_calendar_suggested")
    _write(settings, [Edit(days, say(f"holiday_{feast}"), source) for feast, days in feasts.items()], yes=yes)


@calendar.command("confirm", help=say("cli_calendar_confirm_help"), options_metavar=OPTIONS)
@click.argument("year", type=YEARS, metavar=say("cli_number"))
def confirm(year: int) -> None:
    """Says that a year's days are the decided ones."""
    whole = Period(YEAR, year)

    def write(conn: Connection) -> None:
        if not calendar_db.entries(conn, whole.first, whole.last):
            raise RuleError("calendar_year_empty", year=year)
        calendar_db.confirm(conn, year, now())

    in_database(load_settings(), write)
    click.echo(say("calendar_confirmed", year=year))


@calendar.command("service", help=say("cli_calendar_service_help"), options_metavar=OPTIONS)
@click.argument("unit", metavar=say("cli_words"))
@click.argument("weekday", type=click.IntRange(2, 8), metavar=say("cli_number"))
@click.argument("hours", required=False, metavar="[07:30-11:30]")
def service(unit: str, weekday: int, hours: str | None) -> None:
    """Opens a unit to citizens on a weekday (2 to 7, Sunday 8) besides the office's days; no hours end it."""
    span = _hours(hours) if hours else None

    def write(conn: Connection) -> str:
        found = people.unit_by_code(conn, unit.upper())
        if found is None:
            raise click.ClickException(say("cli_calendar_no_unit", unit=unit))
        calendar_db.set_service(conn, found.id, weekday - 1, span, now())
        return found.name

    name = in_database(load_settings(), write)
    click.echo(say("cli_calendar_service", unit=name, weekday=weekday - 1, hours=hours or ""))


@calendar.command("check", help=say("cli_calendar_check_help"), options_metavar=OPTIONS)
@click.pass_context
def check(context: click.Context) -> None:
    """Says what is doubtful about the calendar; the exit status is 1 when something is."""
    settings = load_settings()
    committee = _committee(settings)
    day = today(settings)

    def look(conn: Connection) -> list[str]:
        found = calendar_db.load(conn, settings.zone)
        years = {day.year, day.year + (day.month >= 10)}
        said = [say("cli_calendar_unsure", year=y) for y in sorted(years - found.confirmed_years)]
        idle = sorted(each for each in found.worked if each.weekday() < 5)
        said += [say("cli_calendar_idle", day=each) for each in idle]
        off = deadlines.moves(conn, found, day, committee.reception_days)
        return said + [say("cli_calendar_off", name=move.name, was=move.was, day=move.day) for move in off]

    said = in_database(settings, look)
    for sentence in said or [say("cli_calendar_good")]:
        click.echo(sentence)
    context.exit(1 if said else 0)


def _write(settings: Settings, edits: list[Edit], *, yes: bool) -> None:
    """Reads edits back with what they move and writes them in one transaction or not at all."""
    committee = _committee(settings)
    edits, moves = in_database(settings, partial(_look, edits=edits, committee=committee, settings=settings))
    for edit in edits:
        shown = [calendar_db.Entry(d, k, edit.note, "") for d, k in sorted(edit.kinds.items())]
        for line in lines(shown):
            click.echo(say("cli_calendar_line", **line))
    for move in moves:
        click.echo(say("cli_calendar_moves", name=move.name, was=move.was, day=move.day))
    if not yes and not click.confirm(say("cli_people_confirm")):
        click.echo(say("cli_people_nothing"))
        return

    def write(conn: Connection) -> int:
        found, count = calendar_db.load(conn, settings.zone), 0
        for edit in edits:
            count += len(change(conn, edit, found, committee, now()))
            found = after(found, edit.kinds)
        return count

    days = sum(len(edit.kinds) for edit in edits)
    click.echo(say("cli_calendar_written", days=days, moved=in_database(settings, write)))


def _look(
    conn: Connection, edits: list[Edit], committee: Committee, settings: Settings
) -> tuple[list[Edit], list[Move]]:
    """The parts of edits that change anything, and what all of them together would move."""
    found = calendar_db.load(conn, settings.zone)
    kept = [Edit(real, edit.note, edit.source) for edit in edits if (real := _real(found, edit.kinds))]
    if not kept:
        changing(found, edits[0].kinds)  # says why there is nothing to do
    whole: dict[date, str] = {}
    for edit in kept:
        whole |= edit.kinds
    return kept, preview(conn, Edit(whole), found, committee, today(settings))


def _real(found: Calendar, kinds: Mapping[date, str]) -> dict[date, str]:
    try:
        return changing(found, kinds)
    except RuleError:
        return {}


def _hours(text: str) -> tuple[time, time]:
    try:
        opens, closes = (
            time.fromisoformat(part.strip().zfill(5)) for part in text.replace("–", "-").split("-")
        )
    except ValueError:
        opens = closes = time(0)
    if opens >= closes:
        raise click.ClickException(say("cli_calendar_hours_wrong", value=text))
    return opens, closes


def _committee(settings: Settings) -> Committee:
    return load_committee(committee_folder(settings.committee), settings.zone)
