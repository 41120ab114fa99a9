"""``congvu retention``: how long matters are kept, and what the coming night will empty."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import Connection

from bot.cli.office import Moment, in_database, now
from bot.cli.words import say
from bot.committee import committee_folder, load_committee
from bot.config import load_settings
from db import calendar as calendar_db
from db import retention as retention_db
from db.retention import Over
from scheduler.retention import over

MOST = 10_000


@click.command("retention", help=say("cli_retention_help"), options_metavar=say("cli_usage_options"))
@click.option("--at", type=Moment(), help=say("cli_retention_at"))
def retention(at: datetime | None) -> None:
    """Prints the rules and a dry run of the night's."""
    settings = load_settings()
    committee = load_committee(committee_folder(settings.committee), settings.zone)
    moment = at or now()
    for rule in committee.retention.rules:
        known = {"track": rule.track, "category": rule.category, "months": rule.months}
        checked = bool(rule.checked_by)
        click.echo(say("cli_retention_rule", source=rule.source, checked=checked, **known))

    def look(conn: Connection) -> tuple[list[Over], int]:
        calendar = calendar_db.load(conn, settings.zone)
        return over(conn, moment, committee, calendar, MOST), retention_db.counts(conn, moment)[1]

    found, held = in_database(settings, look)
    for case in found:
        click.echo(say("cli_retention_line", code=case.code, last=case.last))
    click.echo(
        say("cli_retention_count", count=len(found), held=held)
        if found or held
        else say("cli_retention_none")
    )
