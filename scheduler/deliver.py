"""Sends what waits in the outbox: claim and look again, word it and note it, send, keep the platform's id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from db import outbox
from db.engine import Database
from db.outbox import Due
from db.store import Store
from domain.chat import Channel, Clock, Later, Never, Outgoing, Reply
from locales import Wording
from scheduler.compose import Composer
from scheduler.outcomes import OnDead, OnHeld, Outcomes
from scheduler.pace import LEAD, LIMITS, Pace

log = structlog.get_logger()

UNDER_WAY = 64  # messages on their way at once
FEWEST = 2  # messages that are worth a look at the table
IDLE = 0.5  # seconds of machine time between two looks at the table

LookAgain = Callable[[Connection, Due, datetime], Reply | None]
"""Says what to send now for a card queued earlier; None when there is nothing left to say.

It may raise ``Later`` while something that belongs to the message is still on its way.
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is worded and noted, and leaves at its turn; without a ``message`` it takes one away."""

    due: Due
    reply: Reply
    message: Outgoing | None
    edits: bool = False


class Courier:
    """Delivers the outbox through the channels.

    What is taken is prepared (worded, noted as about to be called for) shortly before its turn, so
    that its place in the second is held by nothing but its call.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        wordings: Mapping[str, Wording],
        store: Store,
        look_again: Mapping[str, LookAgain],
        on_dead: OnDead,
        on_held: OnHeld,
        limits: Mapping[str, int] = LIMITS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._composer = Composer(wordings, store)
        self._look_again = look_again
        self._pace = {name: Pace(limits.get(name, 10)) for name in channels}
        self._outcomes = Outcomes(database, clock, channels, self._pace, on_dead, on_held)
        self._ready: dict[str, list[tuple[Due, Reply]]] = {name: [] for name in channels}
        self._busy: set[str] = set()  # channels that had as much to send as they could
        self._next: dict[str, tuple[int, asyncio.Task[Letter | None]]] = {}  # being prepared, one a channel
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self.counts = self._outcomes.counts
        self.on_room: Callable[[], None] = lambda: None  # something may be taken
        self.on_ready: Callable[[], None] = lambda: None  # something may leave

    def share(self, processes: int) -> None:
        """Keeps to its part of a bot's limits, which all processes use together."""
        for pace in self._pace.values():
            pace.share = max(processes, 1)

    def resting_until(self, channel: str) -> datetime | None:
        """When a channel that rests may send again."""
        return self._pace[channel].free_at(self._clock.now())

    def next_leaving(self) -> datetime | None:
        """When the next of the messages that are ready may leave."""
        now = self._clock.now()
        having = [name for name in self._pace if self._ready[name] or name in self._next]
        return min((self._pace[name].free_at(now) or now for name in having), default=None)

    def resting_chats(self) -> tuple[dict[int, datetime], dict[int, datetime]]:
        """The accounts that get nothing just now, and those that get no pushes, each with the end of that."""
        resting: dict[int, datetime] = {}
        quiet: dict[int, datetime] = {}
        for pace in self._pace.values():
            one, other = pace.chats(self._clock.now())
            resting |= one
            quiet |= other
        return resting, quiet

    def pause(self) -> float:
        """Seconds of machine time until something that is ready may leave or be prepared."""
        now, wait = self._clock.now(), IDLE
        for name, pace in self._pace.items():
            until = ((pace.free_at(now) or now) - now).total_seconds()
            if name not in self._next and self._ready[name]:
                wait = min(wait, until - LEAD.total_seconds())
            elif name in self._next and self._next[name][1].done():
                wait = min(wait, until)
        return max(wait, 0.0)

    async def landed(self) -> bool:
        """Waits until no message is being prepared or on its way; False when none was."""
        preparing = [task for _, task in self._next.values() if not task.done()]
        if not (working := [*preparing, *self._tasks.values()]):
            return False
        await asyncio.wait(working)
        return True

    async def step(self) -> bool:
        """Takes what is due now and lets leave what may; False when there was nothing to do."""
        taken = await self.take()
        return self.leave() or taken

    async def take(self) -> bool:
        """Gets the next messages ready, a moment ahead of their pace; False when there was nothing."""
        taken = False
        for name, pace in self._pace.items():
            now, ready = self._clock.now(), self._ready[name]
            if pace.rests(now):
                await self.give_back(name)
                continue
            room = min(pace.ahead - len(ready), UNDER_WAY - len(self._tasks))
            if room < FEWEST:
                continue
            if name not in self._busy and not await self._database.read(outbox.is_due, now, name):
                continue
            found = await self._database.write(self._claim, now, name, room, self._ours())
            taken = taken or found is not None
            (self._busy.add if len(found or []) == room else self._busy.discard)(name)
            ready += found or []
            ready.sort(key=lambda each: each[0].priority)
            self.on_ready()
        return taken

    def leave(self) -> bool:
        """Lets those leave whose turn it is and prepares the next; False when it was nobody's turn."""
        moved = False
        for name in self._pace:
            moved = self._let_leave(name) or moved
            moved = self._let_come(name) or moved
        return moved

    def _let_leave(self, name: str) -> bool:
        now, pace = self._clock.now(), self._pace[name]
        if name not in self._next or not self._next[name][1].done() or not pace.has_room(now):
            return False
        number, task = self._next.pop(name)
        if (error := task.exception()) is not None:  # its lease brings it back
            log.error("delivery_broken", outbox=number, error=type(error).__name__)
        elif (letter := task.result()) is not None:
            pace.leaves(now)
            self._tasks[letter.due.id] = asyncio.create_task(self._deliver(letter))
        return True

    def _let_come(self, name: str) -> bool:
        """One at a time, so that a death leaves no more than one in doubt that was not called for yet."""
        if name in self._next or not self._ready[name]:
            return False
        if not self._pace[name].has_room(self._clock.now(), LEAD):
            return False
        due, reply = self._ready[name].pop(0)
        task = asyncio.create_task(self._prepare(due, reply))
        task.add_done_callback(lambda _: self._come(name))
        self._next[name] = due.id, task
        self.on_room()
        return True

    def _come(self, name: str) -> None:
        self._let_leave(name)  # at once: the less lies between the note and the call, the less is in doubt
        self.on_ready()

    async def give_everything_back(self) -> None:
        """Lets go of all that is ready, before the end."""
        for name in self._ready:
            await self.give_back(name)

    async def give_back(self, channel: str) -> None:
        """Lets go of what is ready and did not leave: somebody, or we, will take it again."""
        ids = [due.id for due, _ in self._ready[channel]]
        self._ready[channel] = []
        if channel in self._next:
            number, task = self._next.pop(channel)
            await asyncio.wait([task])
            ids.append(number)
        if ids:
            await self._database.write(outbox.give_back, ids)

    def _ours(self) -> list[int]:
        """What this process has and has not lost, however long ago it was taken."""
        ready = (due.id for waiting in self._ready.values() for due, _ in waiting)
        return [*self._tasks, *(number for number, _ in self._next.values()), *ready]

    def _claim(
        self, conn: Connection, now: datetime, name: str, room: int, ours: list[int]
    ) -> list[tuple[Due, Reply]] | None:
        """Claims and looks again in one transaction; None when nothing was taken."""
        resting, quiet = self._pace[name].chats(now)
        claimed = outbox.claim(conn, now, name, room, ours, resting, quiet)
        leaving = []
        for due in claimed:
            again = self._look_again.get(str(due.card.get("kind", "")))
            if again is None:
                leaving.append((due, due.reply))
                continue
            try:
                with conn.begin_nested():
                    fresh = again(conn, due, now)
            except Later as no:
                self._outcomes.later(conn, due, now, no)
                continue
            except Exception as error:  # one card that cannot be looked at must not hold up the others
                log.exception("second_look_failed", outbox=due.id)
                self._outcomes.put_back(conn, due, now, type(error).__name__)
                continue
            if fresh is None:
                outbox.ended(conn, due, "dropped")
                continue
            due = due if due.edits else replace(due, captioned=bool(fresh.pictures))
            leaving.append((due, fresh))
        leaving = [each for each in leaving if self._outcomes.may_leave(conn, each[0], now)]
        return leaving if claimed else None

    async def _prepare(self, due: Due, reply: Reply) -> Letter | None:
        """Words a message and notes that its platform is about to be called; None when nothing leaves."""
        if due.takes_away:
            return Letter(due, reply, None)
        channel, edit = self._channels[due.channel], bool(due.edits)
        try:
            message = await self._composer.compose(
                channel, reply, due.display, edit=edit, repeats=due.repeats
            )
        except Exception as error:  # one message that cannot be worded must not hold up the others
            log.exception("delivery_broken", outbox=due.id, key=reply.key)
            await self._outcomes.broken(due, error)
            return None
        if not (message.text.plain or message.uploads):
            await self._outcomes.record(due, outbox.ended, due, "dropped")
            return None
        edits = edit and channel.has_edits
        # An edit may be made twice; of a message a successor must know that it may have arrived.
        if not edits and not await self._outcomes.written(due, outbox.calls, due):
            return None  # the lease ran out: another process has it by now
        return Letter(due, reply, message, edits)

    async def _deliver(self, letter: Letter) -> None:
        try:
            outcome = await self._call(letter)
            await outcome
        finally:
            self._tasks.pop(letter.due.id, None)
            self.on_ready()
            self.on_room()

    async def _call(self, letter: Letter) -> Awaitable[None]:
        """Calls the platform; what is returned writes down what came of it."""
        due, reply, message = letter.due, letter.reply, letter.message
        pace, channel = self._pace[due.channel], self._channels[due.channel]
        began = self._clock.now()
        try:
            if message is None:
                await channel.delete(due.chat, due.edits)
                return self._outcomes.record(due, outbox.sent, due, "", [], self._clock.now())
            if letter.edits:
                edited = await channel.edit(due.chat, due.edits, message, captioned=due.captioned)
                message_id = edited or due.edits
            else:
                message_id = await channel.send(due.chat, message)
            choices = self._composer.menu_of(reply, due.display)
            hours = 0 if due.edits else int(str((reply.card or due.card).get("hours", 0)))
            return self._outcomes.sent(due, message_id, choices, hours)
        except Later as no:
            return self._outcomes.not_now(due, no)
        except Never as no:
            return self._outcomes.never(due, no)
        except Exception as error:  # nobody knows how far it came
            log.exception("delivery_broken", outbox=due.id, key=reply.key)
            return self._outcomes.not_now(due, Later(type(error).__name__, unsure=True))
        finally:
            # A group's id is negative on Telegram.
            pace.landed(due.account_id, began, self._clock.now(), group=due.chat.startswith("-"))
