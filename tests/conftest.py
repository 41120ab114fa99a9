"""Shared fixtures."""

from __future__ import annotations

import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import structlog
from hypothesis import settings

from tests import postgres
from tests.citizens import at_eight
from tests.talk import Town

_numbers = itertools.count()

settings.register_profile("house", deadline=None)  # timings are measured in benchmarks, never asserted
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """The socket folder of a PostgreSQL that lives as long as the test run."""
    with postgres.server() as folder:
        yield folder


async def new_postgres(folder: Path) -> str:
    """The URL of a new, empty database."""
    name = f"test_{next(_numbers)}"
    connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return f"postgresql://postgres@/{name}?host={folder}"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """What a service or command did to the process's logging ends with its test."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Phước Long on Monday 04/01/2021 at 07:25."""
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    yield town
    await town.close()


@pytest.fixture
async def office(town: Town) -> Town:
    """The same town at 08:00, its morning's messages read."""
    return await at_eight(town)


@pytest.fixture(params=["sqlite", "postgresql"])
async def either_town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """The same town, once on each engine."""
    url = ""
    if request.param == "postgresql":
        url = await new_postgres(request.getfixturevalue("postgres_folder"))
    town = await Town(tmp_path, "2021-01-04 07:25", url).open()
    yield town
    await town.close()
