"""A process of the service that can be killed at a named point, and the outside world as two files.

Run by the tests as ``python -m tests.crash URL FOLDER work|lead [--die POINT N] [--lease SECONDS]``.
The far end of every channel is a file to which a line is appended: it outlives the process, as a
platform does.  What people say is a file too, read on from the last line that was acknowledged.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.app import App, SystemClock
from bot.committee import committee_folder, load_committee
from db import inbox, outbox
from db.engine import Database
from db.leader import Leader
from db.store import Store
from domain.chat import Later, Outgoing, Reply, Turn
from domain.window import Window
from handlers import router
from locales import templates
from scheduler.pace import LIMITS
from tests.talk import ZONE

POINTS = (
    "before_store", "after_store", "mid_turn", "after_turn",
    "before_claim", "after_claim", "called", "sent", "committed",
)  # fmt: skip
KILLED = 9


def program() -> list[str]:
    """The words that run this file."""
    return ["-m", "tests.crash"]


class Letters:
    """What was sent: one JSON line a message."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "letters.jsonl"

    def add(self, chat: str, text: str) -> str:
        """Appends a message in one write and gives its id."""
        line = json.dumps([chat, text], ensure_ascii=False) + "\n"
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(file, line.encode())
            return f"m{os.lseek(file, 0, os.SEEK_CUR)}"
        finally:
            os.close(file)

    def read(self) -> list[tuple[str, str]]:
        """Every message, in order."""
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [(chat, text) for chat, text in map(json.loads, lines)]


class Mail:
    """What people say: chat, key and words; and how much of it was acknowledged."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "mail.json"
        self._done = folder / "mail.done"

    def write(self, turns: list[tuple[str, str, str]]) -> None:
        """Sets what people will say."""
        self._path.write_text(json.dumps(turns), encoding="utf-8")

    def turn(self, number: int) -> Turn:
        """One of them."""
        chat, key, text = json.loads(self._path.read_text(encoding="utf-8"))[number]
        return Turn("telegram", chat, key, text=text)

    def left(self) -> list[Turn]:
        """Those that were not acknowledged."""
        if not self._path.exists():
            return []
        count = len(json.loads(self._path.read_text(encoding="utf-8")))
        return [self.turn(number) for number in range(self.acknowledged(), count)]

    def acknowledged(self) -> int:
        """How many the platform will not hand over again."""
        return int(self._done.read_text()) if self._done.exists() else 0

    def acknowledge(self) -> None:
        """The next one need not be handed over again."""
        partial = self._done.with_suffix(".part")
        partial.write_text(str(self.acknowledged() + 1))
        partial.replace(self._done)


class FileChannel:
    """Appends to the letters; tells ``at`` when it has."""

    has_buttons = has_edits = takes_documents = True
    window: Window | None = None

    def __init__(self, name: str, letters: Letters, at: Callable[[str], None]) -> None:
        self.name = name
        self._letters = letters
        self._at = at

    async def send(self, chat: str, message: Outgoing) -> str:
        await asyncio.sleep(0.002)
        made = self._letters.add(chat, message.text.plain)
        self._at("sent")
        return made

    async def edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> None:
        self._letters.add(chat, message.text.plain)

    async def delete(self, chat: str, message_id: str) -> None:
        pass

    async def fetch(self, ref: str) -> bytes:
        raise Later("no files here")


def echo(desk: Any, turn: Turn) -> list[Reply]:
    """Answers with the same words, and on the way tells that the turn is half done."""
    outbox.post(desk.conn, desk.account.id, Reply("said", {"words": turn.text}), desk.now, key=turn.key)
    Killer.now("mid_turn")
    return []


class Killer:
    """Ends the process at the n-th passing of a point, or of ``any``."""

    point = ""
    left = 0

    @classmethod
    def now(cls, point: str) -> None:
        """Passes a point."""
        if point and cls.point in (point, "any"):
            cls.left -= 1
            if cls.left <= 0:
                os._exit(KILLED)


class MortalDatabase(Database):
    """A database that passes the named points of its transactions."""

    async def write(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        name = getattr(work, "__name__", "")
        before, after = _AROUND.get(name, ("", ""))
        Killer.now(before)
        result = await super().write(work, *args, **kwargs)
        if result or name in ("sent", "_take_and_answer", "run"):
            Killer.now(after)
        return result


_AROUND = {
    "store": ("before_store", "after_store"),
    "_take_and_answer": ("", "after_turn"),
    "_claim": ("before_claim", "after_claim"),
    "calls": ("", "called"),
    "sent": ("", "committed"),
    "run": ("before_tick", "after_tick"),
}


async def work(url: str, folder: Path, *, drain: bool) -> None:
    """Takes what people say, answers, and sends; ends when told, or when nothing is left."""
    templates()["said"] = "{{ words }}"
    templates()["repeated"] = "(Nhắc lại) "
    router.answer = echo
    database = MortalDatabase(url)
    committee = load_committee(committee_folder(), ZONE)
    letters, mail = Letters(folder), Mail(folder)
    channels = {"telegram": FileChannel("telegram", letters, Killer.now)}
    limits = dict.fromkeys(LIMITS, 10000)
    app = App(database, SystemClock(), channels, committee, Store(folder / "files"), limits)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    running = asyncio.create_task(app.run(stop))
    for turn in mail.left():
        await app.receive(turn)
        mail.acknowledge()
    while drain and await database.read(_left):  # noqa: ASYNC110 - another process may do it
        await asyncio.sleep(0.02)
    if drain:
        stop.set()
    await running
    await database.close()


def _left(conn: Connection) -> bool:
    return inbox.next_due(conn) is not None or bool(outbox.next_due(conn, {}, {}))


async def lead(url: str, folder: Path) -> None:
    """Holds the lock until killed."""
    leader = Leader(Database(url))
    while not await leader.is_me():  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    (folder / "leads").write_text("yes")
    await asyncio.sleep(600)


def main() -> None:
    """Runs the words of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("what", choices=("work", "drain", "lead"))
    parser.add_argument("--die", nargs=2, metavar=("POINT", "N"))
    parser.add_argument("--lease", type=float, default=60)
    given = parser.parse_args()
    outbox.LEASE = timedelta(seconds=given.lease)
    if given.die:
        Killer.point, Killer.left = given.die[0], int(given.die[1])
    if given.what == "lead":
        asyncio.run(lead(given.url, given.folder))
    else:
        asyncio.run(work(given.url, given.folder, drain=given.what == "drain"))


if __name__ == "__main__":
    main()
