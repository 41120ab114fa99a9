"""``python -m benchmarks.scan [TASKS [ENGINE]]``: what a tick costs beside a million open tasks."""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.app import SystemClock
from db import health, outbox, rungs
from db.engine import Database
from db.models import accounts, metadata, people, units
from db.models import outbox as outbox_table
from db.models import rungs as rungs_table
from db.models import tasks as tasks_table
from tests import postgres
from tests.conftest import new_postgres

PEOPLE = 5_000
CHUNK = 50_000
DUE = 2_000


def start(conn: Connection) -> None:
    """The tables, a unit and its people."""
    now = SystemClock().now()
    metadata.create_all(conn)
    conn.execute(insert(units).values(id=1, code="U", name="U", kind="department"))
    numbers = range(1, PEOPLE + 1)
    conn.execute(insert(people), [{"id": n, "address": "anh", "created_at": now} for n in numbers])
    rows = [
        {"person_id": n, "channel": "telegram", "external_id": str(n), "created_at": now} for n in numbers
    ]
    conn.execute(insert(accounts), rows)


def fill(conn: Connection, chunk: range) -> None:
    """Open tasks with a pending rung each, all in the future but the first two thousand."""
    now = SystemClock().now()
    conn.execute(
        insert(tasks_table),
        [
            {
                "id": n, "code": f"T{n}", "unit_id": 1, "assignee_id": n % PEOPLE + 1,
                "title": "x" * 60, "state": "in_progress",
                "due_on": (now + timedelta(days=n % 300)).date(), "created_at": now,
            }
            for n in chunk
        ],
    )  # fmt: skip
    conn.execute(
        insert(rungs_table),
        [
            {
                "subject": "task", "subject_id": n, "person_id": n % PEOPLE + 1, "rung": "T-3",
                "due_at": now - timedelta(hours=1) if n <= DUE else now + timedelta(days=1 + n % 300),
                "state": "pending",
            }
            for n in chunk
        ],
    )  # fmt: skip


def timed(conn: Connection, name: str, work: Callable[[Connection], object], times: int = 20) -> None:
    """Prints the middle of several runs."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work(conn)
        took.append((time.perf_counter() - began) * 1e3)
    print(f"  {name:<46}{statistics.median(took):9.3f} ms")


def scan(conn: Connection, count: int) -> None:
    """What a tick, the courier and the auditor ask of the tables."""
    now = SystemClock().now()
    print(f"\r{conn.dialect.name}: {count} open tasks, {count} pending rungs, {DUE} of them due")
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ANALYZE")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    timed(conn, "when is the next rung due", rungs.next_due)
    timed(conn, "rungs due: nothing", lambda c: rungs.due(c, now - timedelta(days=1)))
    timed(conn, f"rungs due: {DUE}", lambda c: rungs.due(c, now))
    timed(conn, "rungs past their time (auditor)", lambda c: health.late_rungs(c, now))
    conn.execute(
        insert(outbox_table),
        [
            {
                "account_id": n % PEOPLE + 1, "channel": "telegram", "priority": 3, "reply": {},
                "due_at": now, "created_at": now, "state": "waiting",
            }
            for n in range(10_000)
        ],
    )  # fmt: skip
    timed(conn, "anything to send among 10,000", lambda c: outbox.is_due(c, now, "telegram"))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  memory of the scan {(after - before) / 1024:.0f} MB, of the process {after / 1024:.0f} MB")


async def measure(url: str, count: int) -> None:
    """Fills a database and scans it."""
    database = Database(url)
    await database.write(start)
    for first in range(1, count + 1, CHUNK):
        chunk = range(first, min(first + CHUNK, count + 1))
        await database.write(fill, chunk)
        print(f"\r{chunk[-1]}/{count}", end="", flush=True)
    await database.write(scan, count)
    await database.close()


def main() -> None:
    """Reads the command line; both engines unless one is named."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    engines = sys.argv[2:] or ["sqlite", "postgresql"]
    for engine in engines:
        with ExitStack() as stack:
            if engine == "sqlite":
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                url = f"sqlite:///{folder / 'scan.db'}"
            else:
                url = asyncio.run(new_postgres(stack.enter_context(postgres.server())))
            asyncio.run(measure(url, count))


if __name__ == "__main__":
    main()
