"""``congvu backup``: a checked copy while the service runs."""

from __future__ import annotations

import click

from bot.backup import database_file, make_backup
from bot.cli.office import now
from bot.cli.words import say
from bot.config import load_settings


@click.command(help=say("cli_backup_help"), options_metavar=say("cli_usage_options"))
def backup() -> None:
    """Copies the database and the files."""
    settings = load_settings()
    source = database_file(settings)
    if source is not None and not source.exists():
        raise click.ClickException(say("cli_backup_missing", path=str(source)))
    with click.progressbar(length=100, label=say("cli_backup_progress")) as bar:
        made = make_backup(
            settings, now(), lambda done, whole: bar.update(round(100 * done / max(whole, 1)) - bar.pos)
        )
    megabytes = f"{made.size / 1e6:.1f}".replace(".", ",")
    click.echo(say("cli_backup_done", path=str(made.path), megabytes=megabytes, files=made.files))
