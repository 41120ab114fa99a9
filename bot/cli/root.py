"""The table of commands; each is imported when it is first needed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from bot.cli.words import say, sentence
from bot.config import SettingsError
from db.engine import DatabaseTrouble
from domain.errors import RuleError

COMMANDS = {
    "demo": "bot.cli.demo",
    "run": "bot.cli.run",
    "migrate": "bot.cli.migrate",
    "import-plan": "bot.cli.plan",
    "people": "bot.cli.people",
    "calendar": "bot.cli.calendar",
    "routing": "bot.cli.routing",
    "answers": "bot.cli.answers",
    "dossiers": "bot.cli.dossiers",
    "register": "bot.cli.register",
    "public": "bot.cli.public",
    "open311": "bot.cli.open311",
    "reading": "bot.cli.reading",
    "retention": "bot.cli.retention",
    "outbox": "bot.cli.outbox",
    "zalo-oa": "bot.cli.zalo_oa",
    "backup": "bot.cli.backup",
    "doctor": "bot.cli.doctor",
}


class _Commands(click.Group):
    """Imports a command's module by name and says every refusal as one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS or find_spec(COMMANDS[cmd_name]) is None:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, RuleError) as no:
            raise click.ClickException(sentence(no)) from no
        except DatabaseTrouble as no:
            raise click.ClickException(say("cli_database_trouble", reason=str(no.orig))) from no
        except BrokenPipeError:  # whoever read us has seen enough (``| head``): click ends without a word
            raise
        except ConnectionError as no:  # a database server that is not there
            raise click.ClickException(say("cli_database_trouble", reason=no.strerror or no)) from no
        except OSError as no:
            if no.filename is None:
                raise
            raise click.ClickException(say("cli_file_trouble", path=str(no.filename))) from no


congvu = _Commands(
    "congvu",
    help=say("cli_help"),
    options_metavar=say("cli_usage_options"),
    subcommand_metavar=say("cli_usage_command"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
click.version_option(package_name="congvu")(congvu)
