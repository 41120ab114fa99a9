"""``python -m benchmarks.fan_out [MESSAGES] [FACTOR]``: reminders through the simulator's real limits.

The simulator runs in a process of its own and answers 429 as Telegram does: more than 30 messages in
any second.  FACTOR compresses the time by raising both the limit and our pace.  Printed are ratios
of the permitted rate, the refusals, and what one message costs.  On a machine that is busy with other
things both processes wait for its processors, which is no property of ours: ``chrt -r 1 python -m …``
gives them their turn at once.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.app import App, SystemClock
from bot.committee import committee_folder, load_committee
from bot.config import Settings
from bot.telegram import TelegramChannel
from bot.web import serving
from db import outbox
from db.engine import Database
from db.models import accounts, metadata, people
from db.models import outbox as table
from db.store import Store
from domain.chat import Reply
from simulator.telegram_shapes import units
from tests.talk import ZONE

LIMIT = 30


def platform(limit: int, port: Any) -> None:
    """A Bot API that refuses what goes over the limit in any sliding second, as the simulator's does."""
    taken: deque[float] = deque()
    counts = {"ok": 0, "flood": 0, "seconds": 0.0}
    first: list[float] = []

    async def call(request: Request) -> JSONResponse:
        values = dict(await request.form())
        assert units(str(values["text"])) <= 4096
        now = time.monotonic()
        while taken and taken[0] <= now - 1:
            taken.popleft()
        if len(taken) >= limit:
            counts["flood"] += 1
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
            return JSONResponse({**body, "parameters": {"retry_after": 1}}, 429)
        taken.append(now)
        counts["ok"] += 1
        if not first:
            first.append(now)
        counts["seconds"] = now - first[0]
        chat = {"id": int(str(values["chat_id"])), "type": "private"}
        message = {"message_id": counts["ok"], "date": int(time.time()), "chat": chat, "text": "x"}
        return JSONResponse({"ok": True, "result": message})

    async def seen(_: Request) -> JSONResponse:
        return JSONResponse(counts)

    async def run() -> None:
        routes = [Route("/bot{token}/{method}", call, methods=["POST"]), Route("/seen", seen)]
        async with serving(Starlette(routes=routes), "127.0.0.1", 0) as taken_port:
            port.send(taken_port)
            await asyncio.sleep(36_000)

    asyncio.run(run())


def fill(conn: Connection, messages: int) -> None:
    """So many people with a reminder each."""
    now = SystemClock().now()
    metadata.create_all(conn)
    conn.execute(
        insert(people),
        [{"id": n, "name": "", "address": "anh", "created_at": now} for n in range(1, messages + 1)],
    )
    conn.execute(
        insert(accounts),
        [
            {"id": n, "person_id": n, "channel": "telegram", "external_id": str(n), "created_at": now}
            for n in range(1, messages + 1)
        ],
    )
    for n in range(1, messages + 1):
        outbox.post(conn, n, Reply("emergency"), now, priority=outbox.REMINDER)


def done(conn: Connection) -> int:
    """How many were sent."""
    return int(conn.execute(select(func.count()).where(table.c.state == "sent")).scalar() or 0)


async def measure(messages: int, factor: int, folder: Path) -> None:
    """Sends everything and prints what came of it."""
    import httpx

    limit = LIMIT * factor
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=platform, args=(limit, there), daemon=True)
    server.start()
    address = f"http://127.0.0.1:{here.recv()}"
    settings = Settings.model_validate({"telegram_token": "7:bench", "telegram_api_url": address})
    database, clock = Database(f"sqlite:///{folder / 'bench.db'}"), SystemClock()
    await database.write(fill, messages)
    channel = TelegramChannel(settings, [])
    committee = load_committee(committee_folder(), ZONE)
    app = App(database, clock, {"telegram": channel}, committee, Store(folder), {"telegram": limit})
    stop = asyncio.Event()
    cpu = time.process_time()
    working = asyncio.create_task(app.run(stop))
    while (count := await database.read(done)) < messages:
        print(f"\r{count}/{messages}", end="", flush=True)
        await asyncio.sleep(1)
    stop.set()
    await working
    async with httpx.AsyncClient(trust_env=False) as client:
        seen = (await client.get(f"{address}/seen")).json()
    await channel.close()
    server.terminate()
    seconds = seen["seconds"]  # from the first arrival to the last
    print(f"\r{messages} messages at {limit}/s (limit x{factor})")
    print(f"  share of the permitted rate  {(messages - 1) / (seconds * limit):7.2%}")
    print(f"  refused with 429             {seen['flood']:7d}")
    print(f"  arrived                      {seen['ok']:7d}")
    print(f"  CPU a message                {(time.process_time() - cpu) / messages * 1e3:7.2f} ms")
    print(
        f"  largest memory               {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB"
    )


def main() -> None:
    """Reads the command line."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    factor = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(messages, factor, Path(folder)))


if __name__ == "__main__":
    main()
