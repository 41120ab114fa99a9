"""Shared fixtures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.talk import Town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Phước Long on Monday 04/01/2021 at 07:25."""
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    yield town
    await town.close()
