"""``congvu public``: the public list as one page for the committee's own site."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.office import in_database, now
from bot.cli.words import say
from bot.committee import committee_folder, load_committee
from bot.config import load_settings
from db import public_list
from domain.errors import RuleError
from handlers.public_list import entry
from locales import Wording

MOST = 500


@click.command("public", help=say("cli_public_help"), options_metavar=say("cli_usage_options"))
@click.option(
    "--html",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    metavar=say("cli_file_metavar"),
    help=say("cli_public_html"),
)
def public(html: Path) -> None:
    """Writes what stands on /congkhai just now; a page written before is replaced whole."""
    settings = load_settings()
    committee = load_committee(committee_folder(settings.committee), settings.zone)
    if not committee.public_list:
        raise RuleError("public_off")
    found = in_database(settings, lambda conn: public_list.shown(conn, MOST))
    wording = Wording(settings.zone, {"name": committee.name})
    copies = [entry(committee, copy) for copy in found]
    html.write_text(wording.page("public_page", {"at": now(), "copies": copies}), encoding="utf-8")
    click.echo(say("cli_public_written", path=str(html), count=len(copies)))
