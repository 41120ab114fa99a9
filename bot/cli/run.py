"""``congvu run``: the service, until it is told to stop."""

from __future__ import annotations

import asyncio

import click

from bot.cli.words import say
from bot.config import load_settings

ROLES = ("all", "edge", "worker", "scheduler")


@click.command(help=say("cli_run_help"), options_metavar=say("cli_usage_options"))
@click.option("--role", type=click.Choice(ROLES), default="all", help=say("cli_run_role"))
def run(role: str) -> None:
    """Runs the service with the machine's clock."""
    from bot import service

    asyncio.run(service.run(load_settings(), role))
    click.echo(say("cli_stopped"))
