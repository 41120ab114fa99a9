"""Moves the town's clock as the service would have lived it, and waits for quiet."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol

from simulator.clock import TownClock
from simulator.town import CHANNELS, Town

SOON = timedelta(seconds=10)  # a burst that is being gathered counts as waiting
PATIENCE = 60.0  # seconds of machine time for the bot to take what people said
LONGEST_NUDGE = timedelta(seconds=1)


class Service(Protocol):
    """What the town needs of the bot to live through time quickly."""

    async def tick(self) -> None:
        """Does what the time asks for."""

    async def settle(self) -> None:
        """Works until nothing is due at this moment."""

    async def next_due(self) -> datetime | None:
        """The next moment with something to do, past moments included."""


class NotListening(Exception):
    """The bot does not take what people said."""


class Player:
    """Plays, jumps and waits, one at a time."""

    def __init__(self, town: Town, service: Service) -> None:
        self._town = town
        self._clock: TownClock = town.clock
        self._service = service
        self._moving = asyncio.Lock()
        self.goal: datetime | None = None

    async def play(self, goal: datetime) -> None:
        """Goes from due moment to due moment up to ``goal``; the clock stands while work is done."""
        async with self._moving:
            self.goal = goal
            self._clock.hold()
            try:
                await self._work()
                nudge = timedelta(milliseconds=1)
                while self._clock.now() < goal:
                    due = await self._service.next_due() or goal
                    if due > self._clock.now():
                        nudge = timedelta(milliseconds=1)
                        moment = due
                    else:  # it waits for something that is not yet; look again a little later
                        moment = self._clock.now() + nudge
                        nudge = min(nudge * 2, LONGEST_NUDGE)
                    self._clock.advance_to(min(moment, goal))
                    await self._work()
            finally:
                self._clock.release()
                self.goal = None
                self._town.ring()

    async def jump(self, goal: datetime) -> None:
        """Moves the clock at once, as an outage does: what became due on the way is caught up with."""
        async with self._moving:
            self._clock.advance_to(goal)
            await self._work()

    async def idle(self, seconds: float) -> None:
        """Goes on until nothing that is due soon waits anywhere; raises TimeoutError.

        What is due in a few seconds is not waited for: the clock moves there.
        """
        async with asyncio.timeout(seconds), self._moving:
            while True:
                await self._work(tick=False)
                due = await self._service.next_due()
                now = self._clock.now()
                if due is None or due > now + SOON:
                    return
                if due <= now:
                    await asyncio.sleep(0.02)
                self._clock.advance_to(due)
                await self._service.tick()

    async def _work(self, *, tick: bool = True) -> None:
        """Until the bot has taken and done all there is at this moment."""
        await self._taken()
        if tick:
            await self._service.tick()
        await self._service.settle()
        while self._waiting():
            await self._taken()
            await self._service.settle()

    async def _taken(self) -> None:
        end = monotonic() + PATIENCE
        while self._waiting():
            if monotonic() >= end:
                raise NotListening
            await self._town.news(0.5)

    def _waiting(self) -> bool:
        return any(self._town.waiting_count(channel) for channel in CHANNELS)
