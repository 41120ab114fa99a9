"""Several processes on one PostgreSQL: each chat in order, nothing twice, one keeps the time."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from db import outbox, people
from db.engine import Database
from db.leader import Leader
from db.models import inbox as inbox_table
from db.models import outbox as table
from domain.chat import Reply, Turn
from tests.conftest import new_postgres
from tests.crash import Letters, program
from tests.talk import Town


@pytest.fixture
async def shared(tmp_path: Path, postgres_folder: Path) -> AsyncIterator[Town]:
    """A town on PostgreSQL that other processes work on too."""
    town = await Town(tmp_path, "2021-01-04 07:25", await new_postgres(postgres_folder)).open()
    yield town
    await town.close()


async def start(town: Town, *words: str) -> asyncio.subprocess.Process:
    url = town.database.url.render_as_string(hide_password=False)
    return await asyncio.create_subprocess_exec(
        sys.executable, *program(), url, str(town.folder), *words, stdout=asyncio.subprocess.DEVNULL
    )


async def drained(town: Town) -> None:
    def left(conn: Connection) -> int:
        turns = select(inbox_table.c.id).where(inbox_table.c.state == "waiting")
        messages = select(table.c.id).where(table.c.state.in_(("waiting", "sending")))
        return len(conn.execute(turns).all()) + len(conn.execute(messages).all())

    async with asyncio.timeout(60):
        while await town.database.read(left):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.1)


async def test_two_processes_answer_every_turn_once_and_each_chat_in_order(shared: Town) -> None:
    for n in range(40):
        await shared.app.receive(Turn("telegram", f"c{n % 4}", f"u{n}", text=f"lời {n}"))
    both = [await start(shared, "work") for _ in range(2)]
    await drained(shared)
    for process in both:
        process.terminate()
        await process.wait()
    said = Letters(shared.folder).read()
    assert Counter(said) == Counter((f"c{n % 4}", f"lời {n}") for n in range(40))
    for chat in ("c0", "c1", "c2", "c3"):
        numbers = [int(text.split()[-1]) for where, text in said if where == chat]
        assert numbers == sorted(numbers)


async def test_pushes_to_one_chat_keep_a_second_apart_whoever_sends_them(shared: Town) -> None:
    def take(conn: Connection) -> list[int]:
        now, account = shared.clock.now(), people.account_of_chat(conn, "telegram", "c0", shared.clock.now())
        if not conn.execute(select(table.c.id)).first():
            for priority in (outbox.REMINDER, outbox.REMINDER, outbox.ANSWER):
                outbox.post(conn, account.id, Reply("welcome_citizen"), now, priority=priority)
        taken = outbox.claim(conn, now, "telegram", 10)
        for due in taken:
            outbox.sent(conn, due, "m1", [], now)
        return [due.priority for due in taken]

    url = shared.database.url.render_as_string(hide_password=False)
    others = [Database(url) for _ in range(3)]  # as three processes: none knows what the others sent
    taken = [await database.write(take) for database in others]
    assert taken == [[outbox.ANSWER], [], []], "an answer waits for nobody, a push for the second"
    shared.clock.at += timedelta(seconds=1)
    assert [await database.write(take) for database in others] == [[outbox.REMINDER], [], []]
    shared.clock.at += timedelta(seconds=1)
    assert [await database.write(take) for database in others] == [[outbox.REMINDER], [], []]
    for database in others:
        await database.close()


async def test_one_is_killed_while_sending_and_the_other_goes_on(shared: Town) -> None:
    def post(conn: Connection) -> None:
        for number in range(12):
            account = people.account_of_chat(conn, "telegram", f"c{number}", shared.clock.now())
            outbox.post(conn, account.id, Reply("said", {"words": f"tin {number}"}), shared.clock.now())

    await shared.database.write(post)
    killed = await start(shared, "work", "--die", "sent", "3", "--lease", "1")
    assert await killed.wait() == 9
    other = await start(shared, "work", "--lease", "1")
    await drained(shared)
    other.terminate()
    await other.wait()
    said = Counter(text.removeprefix("(Nhắc lại)\n") for _, text in Letters(shared.folder).read())
    assert set(said) == {f"tin {number}" for number in range(12)}
    twice = [text for text, count in said.items() if count > 1]
    marked = [text for _, text in Letters(shared.folder).read() if text.startswith("(Nhắc lại)\n")]
    assert len(marked) >= len(twice)
    assert max(said.values()) <= 2


async def test_one_process_keeps_the_time_and_another_takes_over(shared: Town) -> None:
    first = await start(shared, "lead")
    url = shared.database.url.render_as_string(hide_password=False)
    database = Database(url)
    second = Leader(database)
    async with asyncio.timeout(20):
        while not (shared.folder / "leads").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert not await second.is_me()
    first.kill()
    await first.wait()
    async with asyncio.timeout(30):
        while not await second.is_me():  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert await second.is_me()
    await second.close()
    await database.close()


async def test_what_waits_behind_a_lease_is_due_when_the_lease_ends(shared: Town) -> None:
    def prepare(conn: Connection) -> dict[str, datetime]:
        now = shared.clock.now()
        account = people.account_of_chat(conn, "telegram", "c0", now)
        outbox.post(conn, account.id, Reply("welcome_citizen"), now)
        outbox.claim(conn, now, "telegram", 10)  # by a process that dies
        outbox.post(conn, account.id, Reply("welcome_citizen"), now)
        return outbox.next_due(conn, {}, {})

    assert await shared.database.write(prepare) == {"telegram": shared.clock.now() + outbox.LEASE}
