"""What several callers write at once on SQLite shares a commit, and nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from db.engine import Database, DatabaseTrouble


def _add(conn: Connection, number: int) -> int:
    conn.exec_driver_sql("INSERT INTO t VALUES (?)", (number,))
    if number % 3 == 0:
        raise ValueError(number)
    return number


def _numbers(conn: Connection) -> list[int]:
    return [row[0] for row in conn.exec_driver_sql("SELECT n FROM t ORDER BY n")]


async def _open(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'small.db'}")
    await database.write(lambda conn: conn.exec_driver_sql("CREATE TABLE t (n, filler)"))
    await database.write(lambda conn: conn.exec_driver_sql("ALTER TABLE t DROP COLUMN filler"))
    return database


async def _at_once(database: Database, *works: Callable[[Connection], object]) -> list[object]:
    """Lets all of them wait for one writer that is busy."""
    busy = threading.Event()
    holding = asyncio.create_task(database.write(lambda _: busy.wait()))
    await asyncio.sleep(0.05)
    writes = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0.05)
    busy.set()
    await holding
    return list(await asyncio.gather(*writes, return_exceptions=True))


async def test_one_that_raises_takes_back_its_own_alone_and_all_share_one_commit(tmp_path: Path) -> None:
    database = await _open(tmp_path)
    commits: list[object] = []
    event.listen(database._engine.sync_engine, "commit", commits.append)
    outcomes = await _at_once(database, *(partial(_add, number=number) for number in range(1, 8)))
    assert [str(one) for one in outcomes] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [type(one) for one in outcomes] == [int, int, ValueError, int, int, ValueError, int]
    assert len(commits) == 2, "the one that was busy, and all the others together"
    assert await database.read(_numbers) == [1, 2, 4, 5, 7]
    await database.close()


async def test_when_the_disk_is_full_nobody_believes_to_have_written(tmp_path: Path) -> None:
    database = await _open(tmp_path)

    def large(conn: Connection) -> None:
        conn.exec_driver_sql("INSERT INTO t VALUES (?)", ("x" * 4_000_000,))

    pages = await database.read(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar())
    await database.write(lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count = {int(pages or 0) + 4}"))
    outcomes = await _at_once(
        database, partial(_add, number=1), large, partial(_add, number=2), partial(_add, number=4)
    )
    written = await database.read(_numbers)
    told = [number for number in (1, 2, 4) if number in outcomes]
    assert [type(one) for one in outcomes].count(int) == len(told)
    assert isinstance(outcomes[1], DatabaseTrouble)
    assert written == told
    assert await database.write(_add, 5) == 5
    await database.close()


async def test_whoever_stops_waiting_does_not_tear_the_work_apart(tmp_path: Path) -> None:
    database = await _open(tmp_path)
    busy = threading.Event()
    holding = asyncio.create_task(database.write(lambda _: busy.wait()))
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(database.write(_add, 1))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    busy.set()
    await holding
    await database.write(_add, 2)
    assert await database.read(_numbers) == [1, 2]
    await database.close()
