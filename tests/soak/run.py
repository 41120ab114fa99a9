"""``python -m tests.soak.run [KILLS]``: random kills while people talk, on both engines, with a progress bar.

Every process is a real one and dies at a random named point; what was sent is compared with what
an undisturbed service would have sent.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from pathlib import Path

import click

from tests import postgres
from tests.conftest import new_postgres
from tests.crash import KILLED, POINTS, Letters, Mail
from tests.talk import Town
from tests.test_crash import CHATS, check, life

TURNS_A_KILL = 4


def soak(name: str, url: str, folder: Path, kills: int, seed: int) -> None:
    """Kills until it has been done so often, lets the rest be done, and compares."""
    dice = random.Random(seed)
    turns = kills * TURNS_A_KILL
    Mail(folder).write([(f"c{n % CHATS}", f"u{n}", f"lời {n}") for n in range(turns)])
    killed = 0
    with click.progressbar(length=kills, label=name) as bar:
        while killed < kills:
            point, nth = dice.choice(POINTS), dice.randint(1, 6)
            if life(url, folder, point, str(nth)) != KILLED:
                Mail(folder).write([(f"c{n % CHATS}", f"u{n}", f"lời {n}") for n in range(turns + 50)])
                turns += 50
                continue
            killed += 1
            bar.update(1)
    assert life(url, folder) == 0
    check(folder, turns, killed)
    repeats = len(Letters(folder).read()) - turns
    click.echo(f"{name}: {killed} kills, {turns} answers, none lost, {repeats} marked repeats")


def prepare(url: str, folder: Path) -> None:
    """Makes the tables and the town's people."""

    async def run() -> None:
        await (await Town(folder, "2021-01-04 07:25", url).open()).close()

    asyncio.run(run())


def main() -> None:
    """Both engines, one after the other."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = random.randrange(10**6)
    click.echo(f"seed {seed}")
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        url = f"sqlite:///{folder / 'congvu.db'}"
        prepare(url, folder)
        soak("SQLite", url, folder, kills, seed)
    with tempfile.TemporaryDirectory() as where, postgres.server() as sockets:
        folder, url = Path(where), asyncio.run(new_postgres(sockets))
        prepare(url, folder)
        soak("PostgreSQL", url, folder, kills, seed)


if __name__ == "__main__":
    main()
