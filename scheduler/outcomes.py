"""Writes down what came of a message: it is sent, comes again later, goes another way, or ends."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection

from db import groups, outbox, people, windows
from db.engine import Database, DatabaseTrouble
from db.outbox import Due
from domain.chat import Channel, Clock, Later, Never
from scheduler.pace import Pace

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")

GIVE_UP_AFTER = 14  # attempts: about an hour
FIRST_WAIT = 2.0
LONGEST_WAIT = 600.0
DOWN_AFTER = 3  # failures in a row, after which it is the channel that is down and not the message
LONGEST_REST = 60.0
KEEP_TRYING = 1.0  # seconds of machine time until the database is tried again

OnDead = Callable[[Connection, int, datetime], None]
"""Told of an account that cannot be reached any more, when no other account of the person can."""

OnHeld = Callable[[Connection, Due, datetime], None]
"""Told of a message that waits until its person writes, because the channel's window is shut."""


class Outcomes:
    """What comes of messages, for one process.  Moments are UTC."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        pace: Mapping[str, Pace],
        on_dead: OnDead,
        on_held: OnHeld,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._pace = pace
        self._on_dead = on_dead
        self._on_held = on_held
        self._failures: Counter[str] = Counter()  # in a row, by channel
        self.counts: Counter[tuple[str, str]] = Counter()  # (channel, outcome), for the metrics

    def may_leave(self, conn: Connection, due: Due, now: datetime) -> bool:
        """Whether the channel lets us write to this person now; if not, the message is held.

        In an emergency the platform alone may say no: what is not free is worth its price.
        """
        window = self._channels[due.channel].window
        if window is None or due.takes_away or due.priority == outbox.EMERGENCY:
            return True
        if windows.is_open(conn, due.account_id, window, now):
            return True
        self._hold(conn, due, now, "window")
        return False

    async def sent(self, due: Due, message_id: str, choices: list[list[Any]], hours: int) -> None:
        """It arrived; after so many ``hours``, if any, it is taken out of the chat again."""
        self._failures[due.channel] = 0
        self.counts[due.channel, "sent"] += 1
        await self.record(due, outbox.sent, due, message_id, choices, self._clock.now(), hours)

    async def broken(self, due: Due, error: Exception) -> None:
        """It could not be worded."""
        await self.record(due, self.put_back, due, self._clock.now(), type(error).__name__)

    async def not_now(self, due: Due, no: Later) -> None:
        """It failed, or nobody knows; a channel that asks for rest or fails again and again gets it."""
        now, pace = self._clock.now(), self._pace[due.channel]
        wait = self._wait(due, no)
        self.counts[due.channel, "later"] += 1
        log.warning(
            "delivery_later", outbox=due.id, channel=due.channel, seconds=round(wait.total_seconds(), 1)
        )
        if no.unsure:
            await self.record(due, outbox.unknown, due, now + wait, no.reason)
            return
        if no.seconds is not None:
            pace.rest(now + wait)
            await self.record(due, outbox.later, due, now + wait, no.reason, counts=False)
            return
        self._failures[due.channel] += 1
        down = self._failures[due.channel] - DOWN_AFTER
        if down >= 0:
            pace.rest(now + timedelta(seconds=min(FIRST_WAIT * 2.0 ** min(down, 10), LONGEST_REST)))
            await self.record(due, outbox.later, due, now + wait, no.reason, counts=False)
            return
        await self.record(due, self.put_back, due, now, no.reason)

    async def never(self, due: Due, no: Never) -> None:
        """This account gets it no more: it goes another way, waits for the person, or ends."""
        self._failures[due.channel] = 0
        now = self._clock.now()

        def end(conn: Connection) -> None:
            if no.shut:
                self._hold(conn, due, now, no.reason)
                return
            if no.moved:
                outbox.move(conn, due.id, groups.moved(conn, due.account_id, no.moved), now)
                return
            if not no.dead:
                outbox.ended(conn, due, "failed", no.reason)
                return
            people.mark_dead(conn, due.account_id, now)
            if due.takes_away:  # nobody looks into that chat any more
                outbox.ended(conn, due, "dropped")
                return
            if (other := people.another_account(conn, due.account_id)) is not None:
                outbox.move(conn, due.id, other.id, now)
                return
            outbox.ended(conn, due, "unreachable", no.reason)
            self._on_dead(conn, due.account_id, now)

        await self.record(due, end)
        if not no.shut:
            named = "unreachable" if no.dead else "later" if no.moved else "failed"
            self.counts[due.channel, named] += 1
        log.warning("delivery_never", outbox=due.id, channel=due.channel, dead=no.dead)

    async def record(
        self, due: Due, work: Callable[Concatenate[Connection, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Writes an outcome down."""
        await self.written(due, work, *args, **kwargs)
        if due.card.get("unlinked"):  # the log must not remember who was told of which case
            await self._database.forget_deleted_words()

    async def written(
        self, due: Due, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Writes, however long the database has to be waited for."""
        while True:
            try:
                return await self._database.write(work, *args, **kwargs)
            except DatabaseTrouble as error:
                log.error("outcome_not_written", outbox=due.id, error=type(error).__name__)
                await asyncio.sleep(KEEP_TRYING)

    def later(self, conn: Connection, due: Due, now: datetime, no: Later) -> None:
        """Something that belongs to it is still on its way."""
        outbox.later(conn, due, now + self._wait(due, no), no.reason)

    def put_back(self, conn: Connection, due: Due, now: datetime, error: str) -> None:
        """Counts a failure of the message itself; after an hour another account is tried, or it ends."""
        if due.attempts + 1 < GIVE_UP_AFTER:
            outbox.later(conn, due, now + self._wait(due, Later(error)), error)
            return
        other = None if due.takes_away else people.another_account(conn, due.account_id)
        if other is not None:
            outbox.move(conn, due.id, other.id, now)
            return
        outbox.ended(conn, due, "failed", error)
        self.counts[due.channel, "failed"] += 1
        log.error("delivery_failed", outbox=due.id, channel=due.channel, attempts=due.attempts + 1)

    def _hold(self, conn: Connection, due: Due, now: datetime, why: str) -> None:
        """Sends a message by another account, where no window can be shut, or lets it wait for the person."""
        always = [name for name, channel in self._channels.items() if channel.window is None]
        if (other := people.another_account(conn, due.account_id, always)) is not None:
            outbox.move(conn, due.id, other.id, now)
            return
        outbox.ended(conn, due, "held", why)
        self._on_held(conn, due, now)
        self.counts[due.channel, "held"] += 1
        log.info("delivery_held", outbox=due.id, channel=due.channel)

    def _wait(self, due: Due, no: Later) -> timedelta:
        if no.seconds is not None:
            return timedelta(seconds=no.seconds)
        wait = min(FIRST_WAIT * 2.0 ** min(due.attempts, 10), LONGEST_WAIT)
        return timedelta(seconds=wait * random.uniform(0.8, 1.2))
