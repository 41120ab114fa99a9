"""The beat of a process: it says that it lives, and notices when nothing can be written any more."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import Connection

from bot.app import App
from db import calendar as calendar_db
from db import marks
from db.engine import DatabaseTrouble
from domain.chat import Later, Never, Outgoing
from scheduler import alarm, gap

log = structlog.get_logger()

BEAT = 10.0  # seconds of machine time
LOST_AFTER = 60.0
TOLD_AGAIN = 3600.0
ALIVE = timedelta(seconds=30)


class Pulse:
    """Beats for one process.  ``sends`` says what it does, ``heard`` which channels it hears just now.

    Processes that send share a bot's limits.  While the database cannot be written, the keepers are
    told without it: by the channels themselves.
    """

    def __init__(self, app: App, *, sends: bool, heard: Callable[[], Collection[str]] = lambda: ()) -> None:
        self.sends = sends
        self._app = app
        self._hears = heard
        self._heard_at: dict[str, float] = {}  # of machine time: the town's clock may be played
        self._name = f"sender:{secrets.token_hex(6)}"
        self._beaten = monotonic()
        self._told: float | None = None
        self._keepers: list[tuple[str, str]] = []
        self._well_at: datetime = app.clock.now()

    def is_lost(self) -> bool:
        """Whether the last beat is too long ago."""
        return monotonic() - self._beaten > LOST_AFTER

    async def run(self, stop: asyncio.Event) -> None:
        """Beats until ``stop`` is set."""
        while not stop.is_set():
            await self.beat()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), BEAT)
        if self.sends:
            with suppress(DatabaseTrouble, OSError):
                await self._app.database.write(marks.drop, self._name)

    async def beat(self) -> None:
        """One beat."""
        heard = self._hears()
        try:
            senders = await self._app.database.write(self._beat, heard)
        except (DatabaseTrouble, OSError) as no:
            log.critical("database_not_writable", error=type(no).__name__)
            await self._tell()
            return
        self._beaten, self._told, self._well_at = monotonic(), None, self._app.clock.now()
        self._heard_at.update(dict.fromkeys(heard, self._beaten))
        self._app.courier.share(senders)

    def _beat(self, conn: Connection, heard: Collection[str]) -> int:
        now, longest = self._app.clock.now(), gap.KEPT_BY_PLATFORMS.total_seconds()
        for channel in heard:
            last = self._heard_at.get(channel)
            if last is None or monotonic() - last > longest:
                gap.notice(conn, now, self._app.committee.zone, channel)
            else:
                marks.put(conn, gap.RECEIVING + channel, now)
        if self.sends:
            marks.put(conn, self._name, now)
        calendar = calendar_db.load(conn, self._app.committee.zone)
        self._keepers = alarm.chats(conn, now, calendar)
        return marks.count_since(conn, "sender:", now - ALIVE)

    async def _tell(self) -> None:
        if self._told is not None and monotonic() - self._told < TOLD_AGAIN:
            return
        self._told = monotonic()
        words = self._app.wording.say("alarm_database", {"since": self._well_at})
        for channel, chat in self._keepers:
            with suppress(Later, Never, KeyError):
                await self._app.channels[channel].send(chat, Outgoing(words))
