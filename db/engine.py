"""Opens the database and runs synchronous functions inside one transaction."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError as DatabaseTrouble
from sqlalchemy.ext.asyncio import create_async_engine

__all__ = ["Database", "DatabaseTrouble"]

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 4
_TOGETHER = 64  # pieces of work that share one commit at most


class Database:
    """A committee's database.

    ``write`` runs a function in a transaction of its own: returning commits, raising rolls back.
    On SQLite one writer runs at a time under ``BEGIN IMMEDIATE``, so that a read before a write
    cannot lose an update; what waits for it commits together.  ``patience`` is how many seconds it
    waits for somebody else's lock; a database that cannot be used just now (locked, disk full, gone)
    raises :class:`DatabaseTrouble`.  ``rebuilds`` is for migrations alone: SQLite changes a table by
    dropping it, which the rows that point to it would forbid.
    """

    def __init__(self, url: str, patience: float = 10.0, *, rebuilds: bool = False) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.url = parsed.set(drivername="sqlite" if self.is_sqlite else "postgresql+asyncpg")
        self._engine = _Threads(self.url, patience, rebuilds) if self.is_sqlite else _Server(self.url)

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs ``work(connection, …)`` and commits what it did."""
        return await self._engine.run(lambda conn: work(conn, *args, **kwargs), read_only=False)

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs ``work(connection, …)`` on a snapshot; it must not write."""
        return await self._engine.run(lambda conn: work(conn, *args, **kwargs), read_only=True)

    async def forget_deleted_words(self) -> None:
        """Empties SQLite's write-ahead log at once, so that erased words do not linger in it."""
        if isinstance(self._engine, _Threads):
            await self._engine.truncate_log()

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.close()


class _Server:
    """PostgreSQL: a connection a transaction, on the event loop."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, hide_parameters=True)  # errors are logged
        self.sync_engine = self._engine.sync_engine

    async def run(self, work: Callable[[Connection], T], *, read_only: bool) -> T:
        async with self._engine.connect() as connection, connection.begin():
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()


class _Threads:
    """SQLite: a whole transaction is one job of a thread, because each way there and back costs more than it.

    What waits for the writer shares one commit, and with it one wait for the disk; each piece of work
    has a savepoint of its own.  Whoever is cancelled stops waiting; the work is finished all the same.
    """

    def __init__(self, url: URL, patience: float, rebuilds: bool) -> None:
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        self.sync_engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience})
        event.listen(self.sync_engine, "connect", _prepare_sqlite)
        if rebuilds:
            event.listen(self.sync_engine, "connect", _stop_checking_keys)
        event.listen(self.sync_engine, "begin", _begin_sqlite)
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(_READERS, "sqlite-reader")
        self._waiting: deque[_Job] = deque()

    async def run(self, work: Callable[[Connection], T], *, read_only: bool) -> T:
        if read_only:
            return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)
        job = _Job(work)
        self._waiting.append(job)
        self._writer.submit(self._write_waiting)
        outcome: T = await asyncio.wrap_future(job.outcome)
        return outcome

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self.sync_engine.connect() as connection:
            connection.execution_options(read_only=True)
            with connection.begin():
                return work(connection)

    def _write_waiting(self) -> None:
        jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), _TOGETHER))]
        if not jobs:  # somebody's commit has taken ours along
            return
        try:
            with self.sync_engine.connect() as connection, connection.begin():
                for job in jobs:
                    self._do(job, connection)
        except Exception as error:  # noqa: BLE001 - each is told of it: nobody believes to have written
            for job in jobs:
                job.outcome.set_exception(job.error or error)
            return
        for job in jobs:
            job.tell()

    def _do(self, job: _Job, connection: Connection) -> None:
        try:
            with connection.begin_nested():
                job.result = job.work(connection)
        except Exception as error:
            job.error = error
            if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                raise  # a full disk has undone the others' work too

    async def truncate_log(self) -> None:
        def truncate() -> None:
            with self.sync_engine.connect() as connection:
                driver = connection.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[union-attr]

        await asyncio.get_running_loop().run_in_executor(self._writer, truncate)

    async def close(self) -> None:
        for threads in (self._writer, self._readers):
            await asyncio.to_thread(threads.shutdown)
        self.sync_engine.dispose()


class _Job:
    """A piece of work for the writer, and what came of it."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.outcome: Future[Any] = Future()
        self.outcome.set_running_or_notify_cancel()  # it can no longer be taken back
        self.result: Any = None
        self.error: Exception | None = None

    def tell(self) -> None:
        """Says what came of it, once it is on the disk."""
        if self.error is not None:
            self.outcome.set_exception(self.error)
        else:
            self.outcome.set_result(self.result)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _stop_checking_keys(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
