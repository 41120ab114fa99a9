"""``congvu migrate``: the newest schema, and the units and days off that are missing."""

from __future__ import annotations

import asyncio

import click
from sqlalchemy import Connection

from bot.cli.office import in_database
from bot.cli.words import say
from bot.committee import bring_in, committee_folder
from bot.config import load_settings
from bot.stamp_key import ensure_key
from db import health, people
from db import migrate as migrations


@click.command(help=say("cli_migrate_help"), options_metavar=say("cli_usage_options"))
@click.option("--new-stamp-key", is_flag=True, help=say("cli_migrate_new_stamp_key"))
def migrate(new_stamp_key: bool) -> None:
    """Brings the database to the newest revision, and makes the key of receipts if there is none."""
    settings = load_settings()
    asyncio.run(migrations.upgrade(settings.database_url))

    def fill(conn: Connection) -> tuple[int, list[int]]:
        bring_in(conn, committee_folder(settings.committee))
        ensure_key(conn, settings.stamp_key_file, anew=new_stamp_key)
        return len(people.all_units(conn)), health.years_in_calendar(conn)

    units, years = in_database(settings, fill)
    shown = f"{years[0]}–{years[-1]}" if len(years) > 1 else ", ".join(map(str, years))
    click.echo(say("cli_migrated", revision=migrations.head(), units=units, years=shown))
