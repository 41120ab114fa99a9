"""``python -m benchmarks.cases [CITIZENS] [OLDER]``: cases by conversation, beside bare inserts.

Every citizen says what is wrong, agrees and gets a receipt; an official takes the case and answers it; the
citizen rates.  It is the real App on a real SQLite file, only the far end of the network is ours; so many
OLDER cases and messages lie there already.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from db import search
from db.models import accounts, cases, outbox, units
from domain.chat import Turn
from tests.talk import Town

TOLD = "loa kẹo kéo ồn ào ở tổ {n}, đường số {n}, mở tới khuya ai cũng mất ngủ"
ANSWER = "Đã nhắc nhở quán số {n}, chủ quán cam kết tắt loa sau 22 giờ mỗi ngày."


def older(conn: Connection, count: int) -> None:
    """Cases that are done with, and as many messages that were sent."""
    unit = conn.execute(select(units.c.id).where(units.c.code == "VHTT")).scalar_one()
    account = conn.execute(select(accounts.c.id)).scalars().first()
    began = datetime(2020, 1, 1, tzinfo=UTC)
    for first in range(1, count + 1, 10_000):
        ids = range(first, min(first + 10_000, count + 1))
        conn.execute(
            insert(cases),
            [
                {
                    "id": n, "code": f"C{n}", "pin_hash": "", "track": "phan_anh", "state": "closed",
                    "words": TOLD.format(n=n), "unit_id": unit, "received_at": began, "stood": [],
                    "due_on": date(2020, 2, 1),
                }
                for n in ids
            ],
        )  # fmt: skip
        for n in ids:
            search.put(conn, n, TOLD.format(n=n))
        conn.execute(
            insert(outbox),
            [
                {
                    "key": f"case:{n}:card:1:0", "account_id": account, "channel": "telegram", "priority": 2,
                    "card": {"case": n}, "due_at": began, "created_at": began, "sent_at": began,
                    "state": "sent", "message_id": f"old{n}",
                }
                for n in ids
            ],
        )  # fmt: skip
        print(f"\r{ids[-1]}/{count} older cases", end="", flush=True)
    print()


def bare(conn: Connection, number: int) -> None:
    """The least a case can cost: its row, committed."""
    unit = conn.execute(select(units.c.id).where(units.c.code == "VHTT")).scalar_one()
    conn.execute(
        insert(cases).values(
            code=f"B{number}", pin_hash="", track="phan_anh", state="closed", words=TOLD.format(n=number),
            stood=[], unit_id=unit, received_at=datetime(2020, 1, 1, tzinfo=UTC), due_on=date(2020, 2, 1),
        )
    )  # fmt: skip


def waiting(conn: Connection) -> int:
    """How many messages of our citizens and officials are not sent yet."""
    query = select(func.count()).where(outbox.c.state.in_(("waiting", "sending")))
    return int(conn.execute(query).scalar() or 0)


async def timed(name: str, count: int, work: Awaitable[object]) -> float:
    """Prints how many a second, and the processor time of one."""
    began, cpu = time.perf_counter(), time.process_time()
    await work
    took, used = time.perf_counter() - began, time.process_time() - cpu
    print(f"  {name:<44} {count / took:9.1f} a second   {used / count * 1e3:8.2f} ms of CPU each", flush=True)
    return count / took


class Crowd:
    """So many citizens who write at the same time, and the office that answers them."""

    def __init__(self, town: Town, count: int) -> None:
        self.town = town
        self.names = [town.stranger(f"Dân {n}", "telegram") for n in range(count)]
        self.key = 0

    async def all_do(self, **fields: object) -> None:
        """Everybody does the same thing, then the service works until it is idle."""
        for n, name in enumerate(self.names):
            chat = self.town.people[name][1]
            more = {
                key: value.format(n=n) if isinstance(value, str) else value for key, value in fields.items()
            }
            await self._does(chat, **more)
        await self._idle()

    async def all_press(self, label: str) -> None:
        """Everybody presses a button of the newest message that has it."""
        for name in self.names:
            await self._press(self.town.people[name][1], label)
        await self._idle()

    async def office(self) -> None:
        """One official takes every case that lies in the chat and answers it."""
        name = next(name for name in self.town.people if name.split()[-1] == "Yến")
        _, chat = self.town.people[name]
        cards = [card for card in self.town.fake["telegram"].chats[chat] if "Nhận xử lý" in card.choices]
        for n, card in enumerate(cards):
            taking = card.choices["Nhận xử lý"]
            for action in (taking, taking.replace("take", "answer")):
                await self._does(chat, pressed=action, message_id=card.message_id)
            await self._does(chat, text=ANSWER.format(n=n))
        await self._idle()

    async def _idle(self) -> None:
        """Moves the clock by seconds until nothing is left to send; no ticks, which are another matter."""
        await self.town.app.settle()
        while await self.town.database.read(waiting):
            self.town.clock.at += timedelta(seconds=1)
            await self.town.app.settle()

    async def _press(self, chat: str, label: str) -> None:
        heard = next(m for m in reversed(self.town.fake["telegram"].chats[chat]) if label in m.choices)
        await self._does(chat, pressed=heard.choices[label], message_id=heard.message_id)

    async def _does(self, chat: str, **fields: object) -> None:
        self.key += 1
        turn = Turn(
            channel="telegram", chat=chat, key=f"b{self.key}", **{"message_id": f"p{self.key}", **fields}
        )  # type: ignore[arg-type]
        await self.town.app.receive(turn)


async def run(count: int, lying: int) -> None:
    """Measures one town."""
    with tempfile.TemporaryDirectory() as folder:
        town = await Town(Path(folder), "2021-01-04 08:00").open()
        await town.database.write(older, lying)
        crowd = Crowd(town, count)
        print(f"{count} citizens at once, {lying} older cases")

        async def inserts() -> None:
            for n in range(count):
                await town.database.write(bare, n)

        least = await timed("bare insert of a case, one commit each", count, inserts())
        said = await timed("words -> review", count, crowd.all_do(text=TOLD))
        filed = await timed("consent -> case, card, receipt", count, crowd.all_press("Đồng ý và gửi"))

        def there(conn: Connection) -> int:
            query = select(func.count()).select_from(cases).where(cases.c.state == "received")
            return int(conn.execute(query).scalar() or 0)

        assert await town.database.read(there) == count, "every citizen has a case"
        answered = await timed("take, answer -> news to the citizen", count, crowd.office())
        rated = await timed("rating -> closed", count, crowd.all_press("Ổn"))
        print(f"  a bare insert is so many of a filing: {least / filed:.1f}")
        whole = 1 / (1 / said + 1 / filed + 1 / answered + 1 / rated)
        print(f"  a whole case, from first word to rating: {whole:.1f} a second")
        await town.close()


def main() -> None:
    """Reads the command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    lying = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    asyncio.run(run(count, lying))


if __name__ == "__main__":
    main()
