"""The town's state in one SQLite file: people, what was said, updates the bot has not taken, files."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.clock import ZONE, TownClock

CHANNELS = ("telegram", "zalo", "zalo_oa")

_TABLES = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, unit TEXT NOT NULL,
    position TEXT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, code TEXT NOT NULL DEFAULT '',
    blocked INTEGER NOT NULL DEFAULT 0,
    UNIQUE (channel, chat)
);
CREATE TABLE IF NOT EXISTS messages (
    n INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL, message_id TEXT NOT NULL,
    sender TEXT NOT NULL, text TEXT NOT NULL, bold TEXT NOT NULL, rows TEXT NOT NULL, keyboard TEXT NOT NULL,
    file_id TEXT NOT NULL, place TEXT NOT NULL, album TEXT NOT NULL, reply_to TEXT NOT NULL,
    edited INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL,
    version INTEGER NOT NULL, large INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS messages_of ON messages (person_id, message_id);
CREATE INDEX IF NOT EXISTS messages_at ON messages (at);
CREATE INDEX IF NOT EXISTS messages_version ON messages (version);
CREATE TABLE IF NOT EXISTS updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, payload TEXT NOT NULL,
    copies INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a telephone; ``code`` is the invitation of an official who has not joined yet."""

    id: int
    name: str
    role: str
    unit: str
    position: str
    channel: str
    chat: str
    code: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody sent; its bytes are in the town's folder."""

    id: str
    kind: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a message shows; offsets and lengths of ``bold`` are UTF-16 units."""

    text: str = ""
    bold: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[dict[str, str], ...], ...] = ()  # {"label", "data"} or {"label", "url"}
    file_id: str = ""
    large: bool = False  # in the largest letters that the channel has


@dataclass(frozen=True, slots=True)
class Message:
    """Something said in a person's chat; ``n`` grows and stays through edits."""

    n: int
    person_id: int
    message_id: str
    sender: str  # bot | person
    content: Content
    keyboard: list[list[str]] | None  # the reply keyboard that came with it; an empty one removes it
    place: tuple[float, float] | None
    album: str
    reply_to: str
    edited: bool
    deleted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Update:
    """Something the bot has not confirmed yet; ``copies`` is how often it is handed over."""

    id: int
    payload: dict[str, Any]
    copies: int


class Town:
    """Everything that is outside the bot.  Changes are made inside ``with town.change():``."""

    def __init__(self, folder: Path, at: datetime) -> None:
        self.folder = folder
        (folder / "files").mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "town.db")
        self._db.row_factory = sqlite3.Row
        # NORMAL survives the end of the process; only a power cut may cost the last messages.
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLES}")
        if "large" not in {column["name"] for column in self._db.execute("PRAGMA table_info(messages)")}:
            self._db.execute("ALTER TABLE messages ADD COLUMN large INTEGER NOT NULL DEFAULT 0")
        self._bell = asyncio.Event()
        self.open = True
        with self.change():
            self.setting("telegram_token", f"7{secrets.randbelow(10**9):09}:{secrets.token_urlsafe(26)}")
            self.setting("zalo_token", f"1{secrets.randbelow(10**18):018}:{secrets.token_urlsafe(24)}")
            offset = self.setting("offset", TownClock.offset_of(at))
        self.clock = TownClock(float(offset), self._keep_offset)

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction; whoever waits for news is woken when it is committed."""
        with self._db:
            yield
        self.ring()

    def ring(self) -> None:
        """Wakes everybody who waits for news."""
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    async def news(self, seconds: float) -> None:
        """Waits for a change, at most ``seconds`` of machine time."""
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return

    def let_go(self) -> None:
        """Ends every wait for news."""
        self.open = False
        self.ring()

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    # --- settings ------------------------------------------------------------------------------

    def setting(self, name: str, default: Any = None) -> Any:
        """A stored JSON value; the default is stored when there is none."""
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        if row is not None:
            return json.loads(row["value"])
        if default is not None:
            self.set(name, default)
        return default

    def set(self, name: str, value: Any) -> None:
        """Stores a JSON value."""
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, json.dumps(value)))

    def _keep_offset(self, seconds: float) -> None:
        with self.change():
            self.set("offset", seconds)

    # --- people --------------------------------------------------------------------------------

    def add_person(
        self, name: str, channel: str, *, role: str = "citizen", unit: str = "", position: str = ""
    ) -> Person:
        """A new person with an account of their own on a channel."""
        number = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM people").fetchone()[0]
        chat = str(500_000_000 + number) if channel == "telegram" else secrets.token_hex(10)
        self._db.execute(
            "INSERT INTO people (id, name, role, unit, position, channel, chat) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, name, role, unit, position, channel, chat),
        )
        return self.person(number)

    def people(self) -> list[Person]:
        """Everybody, in the order they came."""
        return [_person(row) for row in self._db.execute("SELECT * FROM people ORDER BY id")]

    def person(self, person_id: int) -> Person:
        """A person; raises KeyError."""
        row = self._db.execute("SELECT * FROM people WHERE id = ?", (person_id,)).fetchone()
        if row is None:
            raise KeyError(person_id)
        return _person(row)

    def person_of_chat(self, channel: str, chat: str) -> Person | None:
        """Whose chat it is."""
        query = "SELECT * FROM people WHERE channel = ? AND chat = ?"
        row = self._db.execute(query, (channel, chat)).fetchone()
        return _person(row) if row else None

    def set_blocked(self, person_id: int, blocked: bool) -> None:
        """Whether the person takes messages from the bot."""
        self._db.execute("UPDATE people SET blocked = ? WHERE id = ?", (blocked, person_id))

    def set_code(self, person_id: int, code: str) -> None:
        """Keeps the invitation of an official who has not joined."""
        self._db.execute("UPDATE people SET code = ? WHERE id = ?", (code, person_id))

    # --- messages ------------------------------------------------------------------------------

    def add_message(
        self,
        person: Person,
        sender: str,
        content: Content,
        *,
        keyboard: list[list[str]] | None = None,
        place: tuple[float, float] | None = None,
        album: str = "",
        reply_to: str = "",
    ) -> Message:
        """Says something in a person's chat.  Telegram counts its messages, Zalo's ids are opaque."""
        made = self._db.execute(
            "INSERT INTO messages (person_id, message_id, sender, text, bold, rows, keyboard, file_id,"
            " place, album, reply_to, at, version, large)"
            " VALUES (?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                person.id, sender, content.text, json.dumps(content.bold), json.dumps(content.rows),
                json.dumps(keyboard), content.file_id, json.dumps(place), album, reply_to,
                self.clock.now().isoformat(), self._next_version(), content.large,
            ),
        )  # fmt: skip
        n = made.lastrowid
        message_id = str(n) if person.channel == "telegram" else secrets.token_hex(10)
        self._db.execute("UPDATE messages SET message_id = ? WHERE n = ?", (message_id, n))
        found = self.message(person.id, message_id)
        assert found is not None
        return found

    def change_message(self, message: Message, content: Content) -> Message:
        """Replaces what a message shows; it keeps its ``n``."""
        self._db.execute(
            "UPDATE messages SET text = ?, bold = ?, rows = ?, file_id = ?, edited = 1, version = ?"
            " WHERE n = ?",
            (
                content.text, json.dumps(content.bold), json.dumps(content.rows), content.file_id,
                self._next_version(), message.n,
            ),
        )  # fmt: skip
        found = self.message(message.person_id, message.message_id)
        assert found is not None
        return found

    def delete_message(self, message: Message) -> None:
        """Takes a message away; its ``n`` stays, without content."""
        self._db.execute(
            "UPDATE messages SET text = '', bold = '[]', rows = '[]', file_id = '', deleted = 1, version = ?"
            " WHERE n = ?",
            (self._next_version(), message.n),
        )

    def message(self, person_id: int, message_id: str) -> Message | None:
        """A message of a person's chat that has not been deleted."""
        query = "SELECT * FROM messages WHERE person_id = ? AND message_id = ? AND NOT deleted"
        row = self._db.execute(query, (person_id, message_id)).fetchone()
        return _message(row) if row else None

    def messages(self, person_id: int, after: int = 0) -> list[Message]:
        """A person's chat after ``n``, oldest first."""
        query = "SELECT * FROM messages WHERE person_id = ? AND n > ? ORDER BY n"
        return [_message(row) for row in self._db.execute(query, (person_id, after))]

    def versions(self) -> dict[int, tuple[int, int]]:
        """For each person with messages: the newest change and the ``n`` of the bot's last message."""
        query = (
            "SELECT person_id, max(version), max(CASE WHEN sender = 'bot' THEN n ELSE 0 END)"
            " FROM messages GROUP BY person_id"
        )
        return {row[0]: (row[1], row[2]) for row in self._db.execute(query)}

    def sent_since(self, channel: str, since: datetime) -> int:
        """How many messages the bot has sent on a channel after a moment."""
        query = (
            "SELECT count(*) FROM messages JOIN people ON people.id = person_id"
            " WHERE sender = 'bot' AND channel = ? AND at > ?"
        )
        return int(self._db.execute(query, (channel, since.astimezone(UTC).isoformat())).fetchone()[0])

    def _next_version(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(version), 0) + 1 FROM messages").fetchone()[0])

    # --- updates -------------------------------------------------------------------------------

    def push(self, channel: str, payload: dict[str, Any], copies: int) -> int:
        """Queues something for the bot and returns its number."""
        query = "INSERT INTO updates (channel, payload, copies) VALUES (?, ?, ?)"
        made = self._db.execute(query, (channel, json.dumps(payload, ensure_ascii=False), copies))
        assert made.lastrowid is not None
        return made.lastrowid

    def waiting(self, channel: str, limit: int = 100) -> list[Update]:
        """What the bot has not confirmed, oldest first."""
        query = "SELECT * FROM updates WHERE channel = ? ORDER BY id LIMIT ?"
        rows = self._db.execute(query, (channel, limit))
        return [Update(row["id"], json.loads(row["payload"]), row["copies"]) for row in rows]

    def waiting_count(self, channel: str) -> int:
        """How many updates the bot has not confirmed."""
        return int(
            self._db.execute("SELECT count(*) FROM updates WHERE channel = ?", (channel,)).fetchone()[0]
        )

    def push_again(self, update: Update) -> None:
        """Leaves one copy less of an update to hand over."""
        self._db.execute("UPDATE updates SET copies = copies - 1 WHERE id = ?", (update.id,))

    def confirm(self, channel: str, up_to: int) -> None:
        """Forgets the updates up to a number."""
        self._db.execute("DELETE FROM updates WHERE channel = ? AND id <= ?", (channel, up_to))

    # --- files ---------------------------------------------------------------------------------

    def put_file(self, kind: str, name: str, mime: str, data: bytes) -> File:
        """Keeps the bytes of a file."""
        file = File(secrets.token_urlsafe(24), kind, name, mime, len(data))
        (self.folder / "files" / file.id).write_bytes(data)
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?)", (file.id, file.kind, file.name, file.mime, file.size)
        )
        return file

    def file(self, file_id: str) -> File | None:
        """A file by its id."""
        row = self._db.execute("SELECT * FROM files WHERE id = ?", (file_id,)).fetchone()
        return File(**dict(row)) if row else None

    def path_of(self, file: File) -> Path:
        """Where a file's bytes are."""
        return self.folder / "files" / file.id


def _person(row: sqlite3.Row) -> Person:
    return Person(**{**dict(row), "blocked": bool(row["blocked"])})


def _message(row: sqlite3.Row) -> Message:
    place = json.loads(row["place"])
    return Message(
        n=row["n"],
        person_id=row["person_id"],
        message_id=row["message_id"],
        sender=row["sender"],
        content=Content(
            row["text"],
            tuple((start, length) for start, length in json.loads(row["bold"])),
            tuple(tuple(line) for line in json.loads(row["rows"])),
            row["file_id"],
            bool(row["large"]),
        ),
        keyboard=json.loads(row["keyboard"]),
        place=(place[0], place[1]) if place else None,
        album=row["album"],
        reply_to=row["reply_to"],
        edited=bool(row["edited"]),
        deleted=bool(row["deleted"]),
        at=datetime.fromisoformat(row["at"]).astimezone(ZONE),
    )
