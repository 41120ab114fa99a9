"""Sends what waits in the outbox: claim, look again, word it, send, keep the platform's id."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from db import outbox, people
from db.engine import Database
from db.outbox import Due
from db.store import Store
from domain.chat import Button, Channel, Choice, Clock, Later, Never, Outgoing, Reply, Text, Upload
from domain.words import fold
from locales import Wording
from reports import DRAWINGS

log = structlog.get_logger()

GIVE_UP_AFTER = 12
FIRST_WAIT = 2.0
LONGEST_WAIT = 600.0
BATCH = 10
RATE = {"telegram": 29.5, "zalo": 10}  # messages a second of one bot

LookAgain = Callable[[Connection, Due, datetime], Reply | None]
"""Says what to send now for a card queued earlier; None when there is nothing left to say.

It may raise ``Later`` while something that belongs to the message is still on its way.
"""


class Courier:
    """Delivers the outbox through the channels."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        wording: Wording,
        store: Store,
        look_again: Mapping[str, LookAgain],
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._wording = wording
        self._store = store
        self._look_again = look_again
        self._free_at: dict[str, datetime] = {}
        self._flying: set[int] = set()
        self._all_landed = asyncio.Condition()

    async def landed(self) -> bool:
        """Waits until no message is on its way; False when none was."""
        if not self._flying:
            return False
        async with self._all_landed:
            await self._all_landed.wait_for(lambda: not self._flying)
        return True

    def resting_until(self, channel: str) -> datetime | None:
        """When a channel that rests may send again."""
        return self._free_at.get(channel)

    async def step(self) -> bool:
        """Sends a batch of what is due now; False when there was nothing to take.

        Each channel sends a batch and rests as long as its pace asks for, so that no second ever
        carries more than the platform allows.
        """
        now = self._clock.now()
        taken: list[Due] = []
        for name in self._channels:
            if (rest := self._free_at.get(name)) is not None and rest > now:
                continue
            batch = await self._database.write(outbox.claim, now, name, BATCH, self._flying)
            if batch:
                self._free_at[name] = now + timedelta(seconds=len(batch) / RATE.get(name, 10))
                taken += batch
        self._flying |= {due.id for due in taken}
        try:
            await asyncio.gather(*(self._deliver(due) for due in taken))
        finally:
            self._flying -= {due.id for due in taken}
            async with self._all_landed:
                self._all_landed.notify_all()
        return bool(taken)

    async def _deliver(self, due: Due) -> None:
        reply = due.reply
        try:
            if (again := self._look_again.get(str(due.card.get("kind", "")))) is not None:
                fresh = await self._database.write(again, due, self._clock.now())
                if fresh is None:
                    await self._database.write(outbox.ended, due, "dropped")
                    return
                reply = fresh
                if not due.edits:
                    due = replace(due, captioned=bool(reply.pictures))
            message_id = await self._send(self._channels[due.channel], due, reply)
        except Later as no:
            await self._not_now(due, no)
            return
        except Never as no:
            await self._never(due, no)
            return
        except Exception as error:  # one message that cannot be worded must not hold up the others
            log.exception("delivery_broken", outbox=due.id, key=reply.key)
            await self._not_now(due, Later(type(error).__name__))
            return
        if not message_id:
            await self._database.write(outbox.ended, due, "dropped")
            return
        choices = menu_of(reply, self._wording)
        await self._database.write(outbox.sent, due, message_id, choices, self._clock.now())

    async def _send(self, channel: Channel, due: Due, reply: Reply) -> str:
        """Sends and returns the message id; empty where this channel's text of the key is empty."""
        message = await self._compose(channel, reply, edit=bool(due.edits))
        if not (message.text.plain or message.uploads):
            return ""
        if due.edits and channel.has_edits:
            return await channel.edit(due.chat, due.edits, message, captioned=due.captioned) or due.edits
        return await channel.send(due.chat, message)

    async def _compose(self, channel: Channel, reply: Reply, *, edit: bool) -> Outgoing:
        key = reply.key
        if edit and not channel.has_edits and self._wording.has(f"{key}_short"):
            key = f"{key}_short"
        elif not channel.takes_documents and any(p.kind == "document" for p in reply.pictures):
            key = f"{key}_no_file" if self._wording.has(f"{key}_no_file") else key
        text = self._wording.say(key, reply.facts)
        buttons = tuple(
            tuple(Button(self._wording.label(c.label, c.facts), c.action) for c in row)
            for row in reply.choices
        )
        if not channel.has_buttons:
            labels = [self._typed(choice) for row in reply.choices for choice in row]
            numbered = [f"{number}. {label}" for number, label in enumerate(labels, 1)]
            if reply.menu:
                numbered.append(self._wording.say(f"menu_{reply.menu}_typed", {}).plain)
            text = Text("\n".join([text.plain, *numbered]))
            buttons = ()
        menu: tuple[tuple[str, ...], ...] = ()
        if reply.menu and channel.has_buttons:
            words = self._wording.say(f"menu_{reply.menu}", {}).plain
            menu = tuple(tuple(line.split(" · ")) for line in words.splitlines())
        uploads = []
        for picture in reply.pictures:
            if picture.kind != "photo" and not channel.takes_documents:
                continue
            if picture.drawing:
                draw = DRAWINGS[picture.drawing]
                data = await asyncio.to_thread(draw, picture.values, self._store.get)
                sha256 = self._store.put(data)
            else:
                sha256, data = picture.sha256, await asyncio.to_thread(self._store.get, picture.sha256)
            uploads.append(Upload(picture.kind, picture.name, data, sha256))
        return Outgoing(text, buttons, tuple(uploads), menu)

    def _typed(self, choice: Choice) -> str:
        """The label of a numbered choice: of the key with ``_typed`` added where there is one."""
        key = f"{choice.label}_typed"
        return self._wording.label(key if self._wording.has(key) else choice.label, choice.facts)

    async def _not_now(self, due: Due, no: Later) -> None:
        now = self._clock.now()
        attempts = due.attempts + 1
        if attempts >= GIVE_UP_AFTER:
            await self._database.write(outbox.ended, due, "failed", no.reason)
            log.error("delivery_failed", outbox=due.id, channel=due.channel, attempts=attempts)
            return
        if no.seconds is not None:
            wait = no.seconds
            self._free_at[due.channel] = now + timedelta(seconds=wait)
        else:
            wait = min(FIRST_WAIT * 2**due.attempts, LONGEST_WAIT) * random.uniform(0.8, 1.2)
        await self._database.write(outbox.later, due, now + timedelta(seconds=wait), no.reason)
        log.warning("delivery_later", outbox=due.id, channel=due.channel, seconds=round(wait, 1))

    async def _never(self, due: Due, no: Never) -> None:
        def end(conn: Connection) -> None:
            outbox.ended(conn, due, "unreachable" if no.dead else "failed", no.reason)
            if no.dead:
                people.mark_dead(conn, due.account_id, self._clock.now())

        await self._database.write(end)
        log.warning("delivery_never", outbox=due.id, channel=due.channel, dead=no.dead)


def menu_of(reply: Reply, wording: Wording) -> list[list[Any]]:
    """The choices of a reply as the row that remembers the last menu."""
    return [
        [choice.action, fold(wording.label(choice.label, choice.facts)), choice.takes_text]
        for row in reply.choices
        for choice in row
    ]
