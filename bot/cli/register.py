"""``congvu register``: the register of a period as files, for whoever keeps the machine."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Connection

from bot.cli.office import in_database, now, today
from bot.cli.words import say
from bot.committee import committee_folder, load_committee
from bot.config import load_settings
from db import audit
from db import calendar as calendar_db
from db import register as register_db
from domain import periods
from domain.errors import RuleError
from domain.periods import YEAR, Period
from domain.words import fold
from handlers.exports import PURPOSES
from handlers.register import span, values
from reports import DRAWINGS

FILE = say("cli_file_metavar")
YEARS = click.IntRange(2000, 2099)
_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("register", help=say("cli_register_help"), options_metavar=say("cli_usage_options"))
@click.option(
    "--year", type=click.IntRange(2000, 2099), metavar=say("cli_number"), help=say("cli_register_year")
)
@click.option("--period", "asked", default="", metavar=say("cli_words"), help=say("cli_register_period"))
@click.option("--why", type=click.Choice(PURPOSES), required=True, help=say("cli_register_why"))
@click.option("--docx", type=_FILE, metavar=FILE, help=say("cli_register_docx"))
@click.option("--xlsx", type=_FILE, metavar=FILE, help=say("cli_register_xlsx"))
@click.option("--csv", type=_FILE, metavar=FILE, help=say("cli_register_csv"))
def register(
    year: int | None, asked: str, why: str, docx: Path | None, xlsx: Path | None, csv: Path | None
) -> None:
    """Writes the register of a year, quarter or month; what is about somebody keeps its number only."""
    settings = load_settings()
    wanted = {form: path for form, path in (("docx", docx), ("xlsx", xlsx), ("csv", csv)) if path}
    if not wanted:
        raise click.UsageError(say("cli_register_no_file"))
    committee = load_committee(committee_folder(settings.committee), settings.zone)
    period = Period(YEAR, year or today(settings).year)
    if asked:
        period, more = periods.read(fold(asked), today(settings))
        if more:
            raise RuleError("summary_period_unknown")

    def take(conn: Connection) -> list[register_db.Row]:
        first, last = span(calendar_db.load(conn, settings.zone), period)
        rows = register_db.rows(conn, first, last, reader=None)
        for form in wanted:
            audit.record(
                conn, "register", period.year, "exported", now(),
                period=period.key, form=form, rows=len(rows), by="machine", why=why,
            )  # fmt: skip
        return rows

    rows = in_database(settings, take)
    drawn = values(committee, period, now(), rows)
    for form, path in wanted.items():
        path.write_bytes(DRAWINGS[f"register_{form}"](drawn, lambda _: b""))
        click.echo(say("cli_register_written", path=str(path), count=len(rows)))
