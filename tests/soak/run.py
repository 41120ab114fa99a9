"""``python -m tests.soak.run [KILLS [SEED [ENGINE]]]``: random kills while January 2021 is lived.

Every process is a real one and dies at a random passing of a named point (``tests/crash.py``); the next
goes on with the same clock, database and wire.  When the month is over, what was sent is held against
the oracle's set (``tests/oracle.py``); a month that ends before the kills are done is lived again.
"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path

import click

from tests import month, postgres
from tests.conftest import new_postgres
from tests.crash import KILLED, Killer

LAST = date(2021, 1, 29)
FARTHEST = 12  # passings of named points that a process lives at most


def soak(name: str, folder: Path, new_url: Callable[[Path], str], kills: int, dice: random.Random) -> None:
    """Lives months until there were so many kills, and holds each of them against the oracle."""
    killed, began, found = 0, time.monotonic(), Counter[str]()
    with click.progressbar(length=kills, label=name) as bar:
        for number in itertools.count(1):
            here = folder / str(number)
            here.mkdir()
            stretch = asyncio.run(month.prepare(here, new_url(here), LAST))
            while life(here, dice.randint(1, FARTHEST) if killed < kills else 0) == KILLED:
                killed += 1
                bar.update(1)
            pushes, unknown, marked = asyncio.run(month.compare(here, stretch))
            found.update(pushes=pushes, unknown=unknown, marked=marked)
            if killed >= kills:
                break
    click.echo(
        f"{name}: {killed} kills in {number} months, {time.monotonic() - began:.0f} s;"
        f" {found['pushes']} cards as the oracle says, {found['unknown']} named unknown,"
        f" {found['marked']} marked repeats, none lost"
    )


def life(folder: Path, passings: int) -> int:
    """Lets one process live; its exit status."""
    process = multiprocessing.get_context("fork").Process(target=_live, args=(folder, passings))
    process.start()
    process.join(600)
    if process.exitcode not in (0, KILLED):
        raise SystemExit(f"a process ended with {process.exitcode} in {folder}")
    return process.exitcode


def _live(folder: Path, passings: int) -> None:
    if passings:
        Killer.point, Killer.left = "any", passings
    asyncio.run(month.live(folder))


def main() -> None:
    """Both engines, one after the other, unless one is named."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    click.echo(f"seed {seed}")
    engines = sys.argv[3:] or ["sqlite", "postgresql"]
    for engine in engines:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sockets = stack.enter_context(postgres.server()) if engine == "postgresql" else None
            soak(engine, folder, partial(_new_database, sockets), kills, random.Random(seed))


def _new_database(sockets: Path | None, folder: Path) -> str:
    if sockets is None:
        return f"sqlite:///{folder / 'congvu.db'}"
    return asyncio.run(new_postgres(sockets))


if __name__ == "__main__":
    main()
