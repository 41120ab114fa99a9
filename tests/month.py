"""A stretch of the plan's year, lived by processes that die at named points.

``python -m tests.month FOLDER [--die POINT N]`` goes on where the process before it died.  The far end of
the network, the clock and the script of the people are files: they outlive a process.  What was sent is
compared with the oracle's set: what is missing must be named ``unknown`` by the service itself, what
came twice must say that it may have.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.app import App
from db import calendar as calendar_db
from db import outbox
from db.models import accounts
from db.models import outbox as table
from db.store import Store
from domain.calendar import CLOSES, OPENS, Calendar
from domain.chat import Later, Outgoing, Reply, Turn
from domain.window import Window
from handlers import router
from handlers.desk import Desk
from tests import test_year
from tests.crash import Killer, MortalDatabase
from tests.oracle import Push
from tests.talk import ZONE, HandClock, Town, local
from tests.test_two_months import bring_plan

BEGIN = "2021-01-04 07:25"
MARK = "(Nhắc lại"
LATE = timedelta(minutes=20)  # by which a lease that has to run out may delay a card
LEASE = timedelta(seconds=5)  # of the town's time: with a minute each, twenty deaths on one morning are late


class FileClock(HandClock):
    """A clock whose moment outlives the process."""

    def __init__(self, folder: Path, at: datetime) -> None:
        self._path = folder / "clock"
        if not self._path.exists():
            self.at = at

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self._path.read_text())

    @at.setter
    def at(self, moment: datetime) -> None:
        partial = self._path.with_suffix(".part")
        partial.write_text(moment.isoformat())
        partial.replace(self._path)


class Wire:
    """The far end of a channel: a line a message, written at once."""

    takes_documents = True

    def __init__(self, name: str, folder: Path, clock: FileClock) -> None:
        self.name = name
        self.has_buttons = self.has_edits = name == "telegram"
        self.window: Window | None = None
        self._path = folder / "wire.jsonl"
        self._clock = clock

    async def send(self, chat: str, message: Outgoing) -> str:
        line = [self.name, chat, self._clock.at.isoformat(), message.text.plain]
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(file, (json.dumps(line, ensure_ascii=False) + "\n").encode())
            made = os.lseek(file, 0, os.SEEK_CUR)
        finally:
            os.close(file)
        Killer.now("sent")
        return f"m{made}"

    async def edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> None:
        Killer.now("sent")

    async def delete(self, chat: str, message_id: str) -> None:
        Killer.now("sent")

    async def fetch(self, ref: str) -> bytes:
        raise Later("no files here")


class MortalTown(Town):
    """The same people on a database, a clock and a wire that were there before this process."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, BEGIN, url)
        self.clock = clock = FileClock(folder, local(BEGIN))
        self.database = MortalDatabase(url)
        wires = {name: Wire(name, folder, clock) for name in ("telegram", "zalo")}
        self.app = App(self.database, clock, wires, self.committee, Store(folder / "files"))

    async def until(self, moment: str | datetime) -> None:
        """As before, but a moment that has passed already is only worked off."""
        goal = local(moment) if isinstance(moment, str) else moment
        await super().until(max(goal, self.clock.at))

    async def _turn(self, name: str, **fields: object) -> None:
        """The platform hands a turn over until it knows that we have it; the key says that it is the same."""
        channel, chat = self.people[name]
        key = f"{self.clock.at:%m%d}{name}{fields.get('pressed')}"
        await self.app.receive(Turn(channel=channel, chat=chat, key=key, **fields))  # type: ignore[arg-type]
        await self.settle()


@dataclass
class Month:
    """What a stretch begins with, and what the oracle says must be heard in it."""

    url: str
    last: date
    people: dict[str, tuple[str, str]]
    ids: dict[str, int]
    kinds: dict[int, str]
    expected: set[Push]
    calendar: Calendar


async def prepare(folder: Path, url: str, last: date) -> Month:
    """Makes the town, brings the plan in, deals the roles and asks the oracle."""
    test_year.LAST = last
    town = await Town(folder, BEGIN, url).open()
    try:
        await bring_plan(town)
        calendar = await town.database.read(calendar_db.load, ZONE)
        script = test_year.Script(town)
        script.deal(await town.database.read(test_year._holders))
        before = await town.database.read(test_year._tasks)
        world = await town.database.read(test_year._world, calendar)
        heads = await town.database.read(test_year._heads)
        rows = await town.database.read(test_year._standing)
        expected = test_year._expected(world, script, before, heads, rows)
        expected = {push for push in expected if push[1] <= last}
    finally:
        await town.close()
    kept = {"url": url, "last": last.isoformat(), "people": town.people, "ids": town.ids}
    (folder / "script.json").write_text(json.dumps({**kept, "kinds": script.kinds}, ensure_ascii=False))
    return Month(url, last, dict(town.people), dict(town.ids), script.kinds, expected, calendar)


async def live(folder: Path) -> None:
    """Lives from where the clock stands to the end of the stretch."""
    script_file = json.loads((folder / "script.json").read_text())
    town = MortalTown(folder, script_file["url"])
    town.people = {name: (channel, chat) for name, (channel, chat) in script_file["people"].items()}
    town.ids = script_file["ids"]
    script = test_year.Script(town)
    script.kinds = {int(person): kind for person, kind in script_file["kinds"].items()}
    router.answer = _passing(router.answer)
    outbox.LEASE = LEASE
    if town.database.is_sqlite:
        await town.database.write(outbox.release)
    calendar = await town.database.read(calendar_db.load, ZONE)
    test_year.FIRST, test_year.LAST = town.clock.at.date(), date.fromisoformat(script_file["last"])
    await test_year._live(town, script, calendar)
    await town.close()


def _passing(answer: Any) -> Any:
    def passes(desk: Desk, turn: Turn) -> list[Reply]:
        replies: list[Reply] = answer(desk, turn)
        Killer.now("mid_turn")
        return replies

    return passes


async def compare(folder: Path, month: Month) -> tuple[int, int, int]:
    """Holds what was sent against the oracle; how many pushes, named unknown, and marked repeats."""
    person_of = {(channel, chat): month.ids[name] for name, (channel, chat) in month.people.items()}
    heard: dict[Push, list[str]] = {}
    for line in (folder / "wire.jsonl").read_text(encoding="utf-8").splitlines():
        channel, chat, moment, text = json.loads(line)
        at = datetime.fromisoformat(moment).astimezone(ZONE)
        assert month.calendar.is_working(at.date()), (at, text)
        assert OPENS <= at.time() < CLOSES, (at, text)
        if (hour := _routine(at)) is not None:
            heard.setdefault((person_of[channel, chat], at.date(), hour), []).append(text)
    town = Town(folder, BEGIN, month.url)
    unknown = await town.database.read(_unknown)
    await town.close()
    names = {number: name for name, number in month.ids.items()}

    def named(pushes: set[Push]) -> list[str]:
        return sorted(f"{day} {hour} {names[person]}" for person, day, hour in pushes)

    missing, unexpected = month.expected - heard.keys() - unknown, heard.keys() - month.expected
    found = named(missing), named(set(unexpected))
    assert found == ([], []), found
    counts = Counter({push: len(texts) for push, texts in heard.items()})
    marked = sum(text.startswith(MARK) for texts in heard.values() for text in texts)
    for push, texts in heard.items():
        extra = sum(text.startswith(MARK) for text in texts)
        assert counts[push] - 1 <= extra, (named({push}), texts)
    return len(heard), len(month.expected - heard.keys()), marked


def _routine(at: datetime) -> str | None:
    for hour in ("07:30", "15:30"):
        begin = datetime.combine(at.date(), time.fromisoformat(hour), at.tzinfo)
        if begin <= at < begin + LATE:
            return hour
    return None


def _unknown(conn: Connection) -> set[Push]:
    query = select(accounts.c.person_id, table.c.created_at).join(
        accounts, accounts.c.id == table.c.account_id
    )
    found = conn.execute(query.where(table.c.state == "unknown")).all()
    moments = [(row.person_id, row.created_at.astimezone(ZONE)) for row in found]
    return {(person, at.date(), hour) for person, at in moments if (hour := _routine(at))}


def main() -> None:
    """Runs the words of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--die", nargs=2, metavar=("POINT", "N"))
    given = parser.parse_args()
    if given.die:
        Killer.point, Killer.left = given.die[0], int(given.die[1])
    asyncio.run(live(given.folder))


if __name__ == "__main__":
    main()
