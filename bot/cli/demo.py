"""``congvu demo``: a town on this machine."""

from __future__ import annotations

import asyncio
from datetime import datetime
from importlib import import_module
from pathlib import Path

import click

from bot.cli.office import Moment
from bot.cli.words import say


@click.command(help=say("cli_demo_help"), options_metavar=say("cli_usage_options"))
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar=say("cli_number"),
    default=8021,
    show_default=True,
    help=say("cli_demo_port"),
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=say("cli_folder"),
    default=Path("town"),
    show_default=True,
    help=say("cli_demo_data"),
)
@click.option(
    "--at",
    type=Moment(),
    metavar=say("cli_moment"),
    default="2021-01-04T07:25+07:00",
    show_default=True,
    help=say("cli_demo_at"),
)
@click.option("--no-browser", is_flag=True, help=say("cli_demo_no_browser"))
def demo(port: int, data: Path, at: datetime, no_browser: bool) -> None:
    """Loads the simulator only here: nothing else of the service may know it."""
    try:
        town = import_module("simulator.demo")
    except ModuleNotFoundError as no:
        raise click.ClickException(say("cli_demo_missing")) from no
    asyncio.run(town.demo(data, port, at, not no_browser))
