"""Real processes are killed at named points; what they had taken in is answered, once."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from db import outbox, people
from db.codec import reply_from_json
from db.models import outbox as table
from domain.chat import Reply
from tests import month
from tests.conftest import new_postgres
from tests.crash import KILLED, POINTS, Letters, Mail, program
from tests.talk import Town

MARK = "(Nhắc lại)\n"
CHATS = 4
MAY_REPEAT = ("called", "sent")
"""Killed here, nobody knows whether the platform has the message."""


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with tables, on each engine."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'congvu.db'}"
    else:
        address = await new_postgres(request.getfixturevalue("postgres_folder"))
    await (await Town(tmp_path, "2021-01-04 07:25", address).open()).close()
    return address


def life(url: str, folder: Path, *die: str) -> int:
    """Runs the service until nothing is left or it dies; returns its exit status."""
    words = [sys.executable, *program(), url, str(folder), "drain", "--lease", "0.5"]
    ended = subprocess.run([*words, *(["--die", *die] if die else [])], timeout=60, check=False)
    return ended.returncode


def lived(folder: Path, *die: str) -> int:
    """Lives a stretch of the plan until it is over or the process dies; returns its exit status."""
    words = [sys.executable, "-m", "tests.month", str(folder), *die]
    return subprocess.run(words, timeout=120, check=False).returncode


def said(folder: Path) -> list[tuple[str, str]]:
    return [(chat, text.removeprefix(MARK)) for chat, text in Letters(folder).read()]


def check(folder: Path, turns: int, kills: int, unknown: Collection[str] = ()) -> None:
    """Everything was answered; twice only where a kill left it unknown, and then it says so.

    What two kills left ``unknown`` need not have arrived.
    """
    letters = Letters(folder).read()
    counts = Counter(said(folder))
    wanted = {(f"c{n % CHATS}", f"lời {n}") for n in range(turns)}
    assert set(counts) <= wanted
    assert {words for _, words in wanted - set(counts)} <= set(unknown)
    extra = sum(counts.values()) - len(counts)
    marked = sum(text.startswith(MARK) for _, text in letters)
    assert extra <= marked, "a repeat says that it is one"
    assert extra <= kills * CHATS, "at most what was on its way at a kill"
    firsts = list(dict.fromkeys(said(folder)))
    for chat in range(CHATS):
        numbers = [int(text.split()[-1]) for where, text in firsts if where == f"c{chat}"]
        assert numbers == sorted(numbers), "each chat keeps its order"


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_at_a_named_point_loses_nothing(url: str, tmp_path: Path, point: str) -> None:
    Mail(tmp_path).write([(f"c{n % CHATS}", f"u{n}", f"lời {n}") for n in range(8)])
    assert life(url, tmp_path, point, "3") == KILLED
    assert life(url, tmp_path) == 0
    check(tmp_path, 8, 1)
    if point not in MAY_REPEAT:
        assert len(Letters(tmp_path).read()) <= 8 + CHATS  # others were on their way meanwhile


def post_early(conn: Connection, town: Town) -> None:
    """Queues a reminder a week ahead."""
    account = people.account_of_chat(conn, "telegram", "c0", town.clock.now())
    reply = Reply("said", {"words": "sắp đến hạn"}, card={"rungs": {"t1": "T-7"}})
    outbox.post(conn, account.id, reply, town.clock.now(), priority=outbox.REMINDER)


def unknown(conn: Connection) -> list[str]:
    """The words of those of which nobody knows whether they arrived."""
    replies = conn.execute(select(table.c.reply).where(table.c.state == "unknown")).scalars()
    return [str(reply_from_json(reply).facts["words"]) for reply in replies]


def states(conn: Connection) -> list[str]:
    """How the messages stand."""
    return list(conn.execute(select(table.c.state)).scalars())


async def test_an_early_reminder_on_its_way_at_a_kill_is_named_unknown_and_not_said_again(
    url: str, tmp_path: Path
) -> None:
    town = Town(tmp_path, "2021-01-04 07:25", url)

    await town.database.write(post_early, town)
    assert life(url, tmp_path, "sent", "1") == KILLED
    assert life(url, tmp_path) == 0
    assert said(tmp_path) == [("c0", "sắp đến hạn")]
    assert await town.database.read(states) == ["unknown"]
    await town.close()


async def test_an_early_reminder_that_was_taken_but_not_called_for_leaves_after_all(
    url: str, tmp_path: Path
) -> None:
    town = Town(tmp_path, "2021-01-04 07:25", url)
    await town.database.write(post_early, town)
    assert life(url, tmp_path, "after_claim", "1") == KILLED
    assert Letters(tmp_path).read() == []
    assert life(url, tmp_path) == 0
    assert Letters(tmp_path).read() == [("c0", "sắp đến hạn")]  # and it does not say that it repeats
    assert await town.database.read(states) == ["sent"]
    await town.close()


async def test_ten_random_kills_lose_nothing(url: str, tmp_path: Path) -> None:
    dice = random.Random(20210104)
    Mail(tmp_path).write([(f"c{n % CHATS}", f"u{n}", f"lời {n}") for n in range(60)])
    kills = sum(
        life(url, tmp_path, dice.choice(POINTS), str(dice.randint(1, 6))) == KILLED for _ in range(10)
    )
    assert life(url, tmp_path) == 0
    assert kills >= 5
    town = Town(tmp_path, "2021-01-04 07:25", url)
    check(tmp_path, 60, kills, await town.database.read(unknown))
    await town.close()


async def test_ten_deaths_in_a_week_of_the_plan_lose_nothing(tmp_path: Path) -> None:
    week = await month.prepare(tmp_path, f"sqlite:///{tmp_path / 'congvu.db'}", date(2021, 1, 8))
    dice = random.Random(20210104)
    for _ in range(10):
        assert lived(tmp_path, "--die", "any", str(dice.randint(1, 9))) == KILLED
    assert lived(tmp_path) == 0
    pushes, unknown, _ = await month.compare(tmp_path, week)
    assert pushes + unknown == len(week.expected)
