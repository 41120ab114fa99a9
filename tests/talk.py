"""A town without sockets: people talk to the real App on a real database; only the far end is ours.

Tests read like conversations::

    await town.say("Lan", "việc")
    card = await town.hears("Lan", "Kế hoạch tuyên truyền")
    await town.press("Lan", "① Xong")
    await town.hears("Lan", "Nhắn số, ngày văn bản")

A message nobody asked about fails the test: :meth:`Town.close` (or ``quiet``) refuses leftovers.
"""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.app import App
from bot.committee import bring_in, committee_folder, load_committee
from db import people, roster
from db.engine import Database
from db.models import metadata
from db.store import Store
from domain.chat import Incoming, Never, Outgoing, Place, Turn
from domain.window import ZALO_OA

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SHORTEST, LONGEST = timedelta(milliseconds=1), timedelta(milliseconds=64)
TOWN = Path(__file__).parent.parent / "simulator" / "town.csv"


def local(text: str) -> datetime:
    """An aware local moment: ``local("2021-01-04 07:25")``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at.astimezone(UTC)


@dataclass
class Heard:
    """A message as the person sees it; an edit keeps its place and its new words."""

    message_id: str
    text: str
    choices: dict[str, str]  # label -> action
    uploads: list[tuple[str, str, bytes]] = field(default_factory=list)  # kind, name, bytes
    at: datetime | None = None
    edited: bool = False
    large: bool = False
    deleted: datetime | None = None


class FakeChannel:
    """The far end of a channel: keeps what each chat was sent."""

    def __init__(self, name: str, town: Town) -> None:
        self.name = name
        self.has_buttons = self.has_edits = self.takes_documents = name == "telegram"
        self.window = ZALO_OA if name == "zalo_oa" else None
        self.town = town
        self.chats: dict[str, list[Heard]] = {}
        self.unread: dict[str, list[Heard]] = {}
        self.files: dict[str, bytes] = {}
        self.blocked: set[str] = set()
        self.moved: dict[str, str] = {}  # groups that have another id now
        self.heard = asyncio.Event()
        self.count = 100

    async def send(self, chat: str, message: Outgoing) -> str:
        if chat in self.blocked:
            raise Never("blocked", dead=True)
        if chat in self.moved:
            raise Never("chat migrated", moved=self.moved[chat])
        self.count += 1
        heard = Heard(
            f"m{self.count}",
            message.text.plain,
            {button.label: button.action for row in message.buttons for button in row},
            [(upload.kind, upload.name, upload.data) for upload in message.uploads],
            self.town.clock.now().astimezone(ZONE),
            large=message.large,
        )
        for action in heard.choices.values():
            assert len(action.encode()) <= 64, action
        self.heard.set()
        self.chats.setdefault(chat, []).append(heard)
        self.unread.setdefault(chat, []).append(heard)
        return heard.message_id

    async def edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> None:
        if chat in self.blocked:
            raise Never("blocked", dead=True)
        assert self.has_edits
        heard = next(m for m in self.chats[chat] if m.message_id == message_id)
        assert captioned == bool(heard.uploads)
        heard.text = message.text.plain
        heard.choices = {button.label: button.action for row in message.buttons for button in row}
        heard.edited = True
        if heard not in self.unread.setdefault(chat, []):
            self.unread[chat].append(heard)

    async def delete(self, chat: str, message_id: str) -> None:
        if chat in self.blocked:
            raise Never("blocked", dead=True)
        if self.has_edits:
            next(m for m in self.chats[chat] if m.message_id == message_id).deleted = self.town.clock.now()

    async def fetch(self, ref: str) -> bytes:
        return self.files[ref]


_MADE: dict[datetime, tuple[bytes, dict[str, tuple[str, str]], dict[str, int]]] = {}
"""Towns made before in this run, by their moment: the database file, who is where, who is who."""


def typed_choices(text: str) -> dict[str, int]:
    """The numbered choices of a message without buttons: "1–2. ①–② Xong" are two."""
    found: dict[str, int] = {}
    for first, last, label in re.findall(r"^(\d+)(?:–(\d+))?\. (.*)$", text, re.MULTILINE):
        for number in range(int(first), int(last or first) + 1):
            step = number - int(first)
            one = re.search("([①-⑳])–[①-⑳]", label)
            found[label.replace(one[0], chr(ord(one[1]) + step)) if one else label] = number
    return found


class Town:
    """The committee of Phước Long with its invented people, on one database file."""

    def __init__(
        self, folder: Path, at: str, url: str = "", channels: Sequence[str] = ("telegram", "zalo")
    ) -> None:
        self.folder = folder
        self.clock = HandClock(local(at))
        self.database = Database(url or f"sqlite:///{folder / 'congvu.db'}")
        self.committee = load_committee(committee_folder(), ZONE)
        self.fake = {name: FakeChannel(name, self) for name in channels}
        self.app = App(self.database, self.clock, self.fake, self.committee, Store(folder / "files"))
        self.people: dict[str, tuple[str, str]] = {}  # given or full name -> channel, chat
        self.ids: dict[str, int] = {}
        self.turns = 0

    async def open(self) -> Town:
        """Creates the tables, the units, the people and their accounts, or copies a town made before."""
        made = _MADE.get(self.clock.at) if self.database.is_sqlite else None
        if made is None:
            await self.database.write(self._fill)
        else:
            (self.folder / "congvu.db").write_bytes(made[0])
            self.people, self.ids = dict(made[1]), dict(made[2])
        if self.database.is_sqlite and made is None:
            await self.database.forget_deleted_words()  # everything is in the one file now
            file = (self.folder / "congvu.db").read_bytes()
            _MADE[self.clock.at] = (file, dict(self.people), dict(self.ids))
        return self

    def _fill(self, conn: Connection) -> None:
        metadata.create_all(conn)
        bring_in(conn, committee_folder())
        with TOWN.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        now = self.clock.now()
        posts = [roster.RosterRow(r["name"], r["address"], r["unit"], r["role"], r["position"]) for r in rows]
        self.ids = roster.add_rows(conn, posts, date(2020, 1, 1), now)
        for number, row in enumerate(rows):
            chat = f"{row['channel']}-{number}"
            people.add_account(conn, self.ids[row["name"]], row["channel"], chat, now)
            self.people[row["name"]] = (row["channel"], chat)

    async def close(self) -> None:
        await self.database.close()

    def stranger(self, name: str, channel: str) -> str:
        """A new citizen on a channel."""
        self.people[name] = (channel, f"{channel}-{name}")
        return name

    def _who(self, name: str) -> tuple[FakeChannel, str]:
        if name not in self.people:
            matches = [full for full in self.people if full.split()[-1] == name]
            assert len(matches) == 1, f"{name}: {matches}"
            name = matches[0]
        channel, chat = self.people[name]
        return self.fake[channel], chat

    async def _turn(self, name: str, **fields: object) -> None:
        channel, chat = self._who(name)
        self.turns += 1
        turn = Turn(channel=channel.name, chat=chat, key=f"t{self.turns}", **fields)  # type: ignore[arg-type]
        await self.app.receive(turn)
        await self.settle()

    async def settle(self) -> None:
        """Lets the bot finish; the channels' pace may take up to a second of the town's time."""
        goal = self.clock.at + timedelta(seconds=1)
        await self.app.settle()
        nudge = SHORTEST
        while (due := await self.app.next_due()) is not None and due <= goal:
            nudge = self._go_on(due, nudge)
            await self.app.settle()

    def _go_on(self, due: datetime, nudge: timedelta) -> timedelta:
        """Moves the clock to what is due; what waits for a tick is looked at a little later each time."""
        if due > self.clock.at:
            self.clock.at = due
            return SHORTEST
        self.clock.at += nudge
        return min(nudge * 2, LONGEST)

    async def say(self, name: str, text: str, *, reply_to: str = "") -> None:
        """The person types a text."""
        await self._turn(name, text=text, message_id=f"p{self.turns}", reply_to=reply_to)

    async def send(self, name: str, data: bytes, *, kind: str = "photo", caption: str = "") -> None:
        """The person sends a file."""
        channel, _ = self._who(name)
        ref = f"file-{self.turns}"
        channel.files[ref] = data
        sent = Incoming(kind, ref, f"{ref}.jpg", len(data))
        await self._turn(name, text=caption, files=(sent,), message_id=f"p{self.turns}")

    async def pin(self, name: str, latitude: float, longitude: float) -> None:
        """The person sends a place."""
        await self._turn(name, place=Place(latitude, longitude), message_id=f"p{self.turns}")

    async def press(self, name: str, label: str) -> None:
        """The person presses the newest button with this label, or says its number on a channel without."""
        channel, chat = self._who(name)
        if not channel.has_buttons:
            last = next(m for m in reversed(channel.chats[chat]) if label in typed_choices(m.text))
            await self.say(name, str(typed_choices(last.text)[label]))
            return
        heard = next(m for m in reversed(channel.chats[chat]) if label in m.choices)
        await self._turn(name, pressed=heard.choices[label], message_id=heard.message_id)

    async def hears(self, name: str, *words: str) -> Heard:
        """The oldest message the person has not read; it must hold all of the words."""
        channel, chat = self._who(name)
        unread = channel.unread.get(chat, [])
        assert unread, f"{name} heard nothing; wanted {words}"
        heard = unread.pop(0)
        for word in words:
            assert word in heard.text or word in heard.choices or word in typed_choices(heard.text), (
                f"{word!r} not in:\n{heard.text}\n{heard.choices}"
            )
        return heard

    def unread(self, name: str) -> list[Heard]:
        """What the person has not read, which is then read."""
        channel, chat = self._who(name)
        return channel.unread.pop(chat, [])

    def quiet(self, *but: str) -> None:
        """Nobody has an unread message (except those named)."""
        skip = {self._who(name)[1] for name in but}
        left = {
            chat: [m.text for m in messages]
            for channel in self.fake.values()
            for chat, messages in channel.unread.items()
            if messages and chat not in skip
        }
        assert not left, left

    async def until(self, moment: str | datetime) -> None:
        """Moves the clock from due moment to due moment, as the simulator's *play* does."""
        goal = local(moment) if isinstance(moment, str) else moment
        await self.app.tick()
        await self.app.settle()
        nudge = SHORTEST
        while True:
            due = await self.app.next_due()
            if due is None or due > goal:
                break
            nudge = self._go_on(due, nudge)
            await self.app.tick()
            await self.app.settle()
        self.clock.at = goal
        await self.app.tick()
        await self.app.settle()

    async def jump(self, moment: str) -> None:
        """Moves the clock at once, as after an outage, and then ticks once."""
        self.clock.at = local(moment)
        await self.app.tick()
        await self.app.settle()
