"""What people can do stands in the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.root import COMMANDS as MACHINE_COMMANDS
from handlers.commands import COMMANDS

COMMANDS_PAGE = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_chat_command_is_documented(name: str) -> None:
    assert f"`/{name}" in COMMANDS_PAGE


@pytest.mark.parametrize("name", list(MACHINE_COMMANDS))
def test_every_command_of_the_machine_is_documented(name: str) -> None:
    assert f"`congvu {name}`" in COMMANDS_PAGE
