"""What people can do stands in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli.root import COMMANDS as MACHINE_COMMANDS
from handlers.commands import COMMANDS

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
COMMANDS_PAGE = (DOCS / "commands.md").read_text(encoding="utf-8")
PROMISES = re.findall(
    r"`((?:browser/)?test_\w+\.py)(?:::(\w+))?`", (DOCS / "promises.md").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_chat_command_is_documented(name: str) -> None:
    assert f"`/{name}" in COMMANDS_PAGE


@pytest.mark.parametrize("name", list(MACHINE_COMMANDS))
def test_every_command_of_the_machine_is_documented(name: str) -> None:
    assert f"`congvu {name}`" in COMMANDS_PAGE


def test_every_promise_has_the_test_that_is_named_beside_it() -> None:
    assert len(PROMISES) > 200
    gone = [
        f"{file}::{name}"
        for file, name in PROMISES
        if not re.search(
            rf"def {name}\(" if name else "def test_", (TESTS / file).read_text(encoding="utf-8")
        )
    ]
    assert gone == []
