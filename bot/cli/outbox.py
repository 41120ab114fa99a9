"""``congvu outbox``: messages that did not arrive, and sending them again."""

from __future__ import annotations

import click

from bot.cli.office import in_database, now
from bot.cli.words import say
from bot.config import load_settings
from db import dead_letters

OPTIONS = say("cli_usage_options")


@click.group(
    help=say("cli_outbox_help"),
    options_metavar=OPTIONS,
    subcommand_metavar=say("cli_usage_command"),
)
def outbox() -> None:
    """Messages that did not arrive."""


@outbox.command("list", help=say("cli_outbox_list_help"), options_metavar=OPTIONS)
def show() -> None:
    """Lists them, without words or names."""
    letters = in_database(load_settings(), lambda conn: dead_letters.undelivered(conn, now()))
    if not letters:
        click.echo(say("cli_outbox_none"))
    for each in letters:
        known = {"at": each.created_at, "channel": each.channel, "state": each.state, "error": each.error}
        click.echo(say("cli_outbox_line", number=each.id, **known))


@outbox.command(help=say("cli_outbox_resend_help"), options_metavar=OPTIONS)
def resend() -> None:
    """Queues them again."""
    sent, left = in_database(load_settings(), lambda conn: dead_letters.resend_all(conn, now()))
    click.echo(say("system_resent", count=sent, left=left))
