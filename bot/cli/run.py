"""``congvu run``: the service, until it is told to stop."""

from __future__ import annotations

import asyncio

import click

from bot.cli.words import say
from bot.config import load_settings


@click.command(help=say("cli_run_help"), options_metavar=say("cli_usage_options"))
def run() -> None:
    """Runs the service with the machine's clock."""
    from bot import service

    asyncio.run(service.run(load_settings()))
    click.echo(say("cli_stopped"))
