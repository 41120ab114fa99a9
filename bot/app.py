"""Builds the service once and moves it: turns in, ticks, files, messages out."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from bot.attachments import LARGEST_FILE, Checked, Unfit, checked
from bot.vault import Vault
from db import calendar as calendar_db
from db import case_timers, chain, files, inbox, marks, outbox, people, traces
from db.engine import Database, DatabaseTrouble
from db.outbox import Due
from db.store import Store
from domain.chat import Channel, Clock, Facts, Later, Never, Reply, Turn
from domain.committee import Committee
from domain.errors import RuleError
from handlers import case_clock, case_lost, case_photo_place, case_proof, case_unsent, router
from handlers.desk import Desk
from locales import LANGUAGES, Wording
from scheduler import alarm, audit, reach, seals, tick
from scheduler.deliver import IDLE, Courier
from scheduler.pace import LIMITS

log = structlog.get_logger()

LAST_CALLS = 30.0  # seconds of machine time in which messages on their way may still arrive at a stop


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)


class App:
    """The service: everything it needs is handed in, so that tests and the demo run the same thing.

    Without a ``stamp_key`` the stamps of receipts can be checked for as long as this object lives.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        committee: Committee,
        store: Store,
        limits: Mapping[str, int] = LIMITS,
        stamp_key: bytes = b"",
    ) -> None:
        self.database = database
        self.clock = clock
        self.channels = channels
        self.committee = committee
        self.store = store
        wordings = {
            language: Wording(committee.zone, tick.office_facts(committee, language), language)
            for language in LANGUAGES
        }
        self.wording = wordings[LANGUAGES[0]]
        self._vault = Vault(clock)
        self._stamp_key = stamp_key or secrets.token_bytes(32)
        self.courier = Courier(
            database,
            clock,
            channels,
            wordings,
            store,
            tick.look_again(committee),
            self._lost,
            self._held,
            limits,
        )
        self._room, self._ready = asyncio.Event(), asyncio.Event()
        self.courier.on_room, self.courier.on_ready = self._room.set, self._ready.set
        self.upkeep: Callable[[], Awaitable[None]] | None = None  # what else a tick sees to, with the network
        self._answering = asyncio.Lock()
        self._fetching = asyncio.Lock()
        self._sleepers: list[asyncio.Event] = []

    async def receive(self, turn: Turn) -> bool:
        """Stores a turn; when this returns the platform may be told that we have it."""
        if turn.text and self.committee.screening.may_be_denunciation(turn.text):
            self._vault.keep(turn)
            turn = replace(turn, text="", files=(), place=None, withheld=True)
        new = await self.database.write(inbox.store, turn, self.clock.now())
        self._stir()
        return new

    async def step(self) -> bool:
        """Does one round of what is due now; False when there was nothing to do."""
        answered = await self._answer_waiting()
        fetched = await self._fetch_files()
        return await self.courier.step() or answered or fetched

    async def tick(self) -> None:
        """Does what the time asks for; running it twice adds nothing."""
        await self.database.write(tick.run, self.clock.now(), self.committee)
        await self.database.write(case_clock.run, self.clock.now(), self.committee)
        await self.database.write(self._after_tick)
        await self._check_log()
        await asyncio.to_thread(self.store.take_back)
        if self.upkeep is not None:
            await self.upkeep()
        self._stir()

    async def alarm(self, key: str, facts: Facts, before: datetime | None = None) -> None:
        """Tells the keepers of the service that something needs them, in time to act ``before`` a moment."""

        def tell(conn: Connection) -> None:
            calendar = calendar_db.load(conn, self.committee.zone)
            alarm.raise_alarm(conn, self.clock.now(), calendar, key, facts, before)

        await self.database.write(tell)
        self._stir()

    async def settle(self) -> None:
        """Works until nothing is due at this moment and nothing is on its way."""
        while await self.step() or await self.courier.landed():
            pass

    async def next_due(self) -> datetime | None:
        """The next moment at which there is something to do, past moments included."""
        return await self.database.read(self._next_due)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set; a slow platform holds up neither answers nor downloads.

        On SQLite this process is the only one, so what a killed one was sending is decided at once.
        """
        if self.database.is_sqlite:
            await self.database.write(outbox.release)
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._loop(self._answer_waiting, stop, asyncio.Event()))
            loops.create_task(self._loop(self._fetch_files, stop, asyncio.Event()))
            loops.create_task(self._loop(self.courier.take, stop, self._room))
            loops.create_task(self._let_leave(stop))
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_CALLS):
                await self.courier.give_everything_back()
                await self.courier.landed()

    async def _loop(
        self, work: Callable[[], Awaitable[bool]], stop: asyncio.Event, wake: asyncio.Event
    ) -> None:
        self._sleepers.append(wake)
        sends = wake is self._room  # what was sent gives nobody else work
        while not stop.is_set():
            wake.clear()
            try:
                if await work():
                    if not sends:
                        self._stir()
                    continue
            except Exception:  # the loop outlives any one failure; what failed is still a row
                log.exception("loop_failed", work=getattr(work, "__name__", ""))
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), IDLE)

    async def _let_leave(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._ready.clear()
            if not self.courier.leave():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ready.wait(), self.courier.pause())

    def _stir(self) -> None:
        for wake in self._sleepers:
            wake.set()

    def _next_due(self, conn: Connection) -> datetime | None:
        moments: list[datetime | None] = [
            self.courier.next_leaving(),
            inbox.next_due(conn),
            files.next_due(conn),
            case_timers.next_due(conn),
            case_unsent.next_due(conn, self.committee.zone),
            tick.next_due(conn, self.clock.now(), self.committee),
        ]
        for channel, due in outbox.next_due(conn, *self.courier.resting_chats()).items():
            if channel in self.channels:
                moments.append(max(due, self.courier.resting_until(channel) or due))
        return min((moment for moment in moments if moment is not None), default=None)

    async def _answer_waiting(self) -> bool:
        """Answers every turn that waits; one at a time, so that each chat keeps its order."""
        answered = False
        async with self._answering:
            while await self._answer_next():
                answered = True
        return answered

    async def _answer_next(self) -> bool:
        """Answers the oldest turn that may be answered; False if there is none, or others have it."""
        if await self.database.read(inbox.next_waiting, self.clock.now()) is None:
            return False
        taken: list[inbox.Waiting] = []
        try:
            outcome = await self.database.write(self._take_and_answer, taken)
        except DatabaseTrouble:
            raise  # it is not the turn's fault
        except Exception as error:
            log.error("turn_failed", inbox=taken[0].id, error=type(error).__name__, exc_info=True)
            await self.database.write(self._give_up, taken[0])
            return True
        if outcome == "erase":
            await self.database.forget_deleted_words()
        return bool(taken)

    def _take_and_answer(self, conn: Connection, taken: list[inbox.Waiting]) -> str:
        waiting = inbox.next_waiting(conn, self.clock.now(), take=True)
        if waiting is None:
            return ""
        taken.append(waiting)
        return "erase" if self._answer(conn, waiting) else ""

    def _answer(self, conn: Connection, waiting: inbox.Waiting) -> bool:
        """Answers one turn in one transaction; True when words must be erased from the disk at once."""
        now, turn = self.clock.now(), waiting.turn
        account = people.account_of_chat(conn, turn.channel, turn.chat, now)
        case_lost.back(conn, account.id, now, self.committee)
        calendar = calendar_db.load(conn, self.committee.zone)
        person = people.person(conn, account.person_id, calendar.today(now))
        channel = self.channels.get(turn.channel)
        desk = Desk(
            conn, now, person, account, self.committee, calendar, self._vault.take, self._stamp_key,
            takes_documents=channel is None or channel.takes_documents,
        )  # fmt: skip
        try:
            with conn.begin_nested():
                replies = router.answer(desk, turn)
        except RuleError as no:
            replies = [Reply(no.key, no.facts)]
        for reply in replies:
            outbox.post(conn, account.id, reply, now)
        inbox.done(conn, waiting.id)
        unlinked = any(reply.card.get("unlinked") for reply in replies)
        if unlinked:
            traces.erase(conn, account)
        covered = any(r.card.get("masked") or r.key.startswith("denunciation_") for r in replies)
        return unlinked or turn.withheld or covered

    def _give_up(self, conn: Connection, waiting: inbox.Waiting) -> None:
        now = self.clock.now()
        if inbox.failed(conn, waiting, now):
            account = people.account_of_chat(conn, waiting.turn.channel, waiting.turn.chat, now)
            outbox.post(conn, account.id, Reply("turn_failed"), now)
            calendar = calendar_db.load(conn, self.committee.zone)
            alarm.raise_alarm(conn, now, calendar, "alarm_turn", {})

    def _after_tick(self, conn: Connection) -> None:
        now = self.clock.now()
        marks.put(conn, "ticked", now)
        audit.run(conn, now, self.committee)
        chain.seal(conn, now)

    async def _check_log(self) -> None:
        now = self.clock.now()
        if await self.database.read(seals.is_check_due, now, self.committee.zone):
            broken = await self.database.read(chain.check)
            await self.database.write(seals.checked, broken, now, self.committee)

    def _lost(self, conn: Connection, account_id: int, now: datetime) -> None:
        reach.lost(conn, account_id, now, self.committee.zone)
        case_lost.resume(conn, account_id, now, self.committee)

    def _held(self, conn: Connection, due: Due, now: datetime) -> None:
        case_lost.held(conn, due, now, self.committee)

    async def _fetch_files(self) -> bool:
        async with self._fetching:
            wanted = await self.database.read(files.to_fetch, self.clock.now())
            await asyncio.gather(*(self._fetch(file) for file in wanted))
            erased = await self._erase_dropped()
        return bool(wanted) or erased

    async def _erase_dropped(self) -> bool:
        """Erases the bytes of drafts that were given up; the rows go last, so that a crash loses none."""
        rows, hashes = await self.database.read(files.dropped)
        for sha256 in hashes:
            await asyncio.to_thread(self.store.remove, sha256)
        if rows:
            await self.database.write(files.forget, rows)
        return bool(rows)

    async def _fetch(self, wanted: files.ToFetch) -> None:
        channel = self.channels.get(wanted.channel)
        try:
            if channel is None:
                raise Never("no such channel")
            if wanted.size > LARGEST_FILE:
                raise Unfit("size")
            fit = await asyncio.to_thread(checked, await channel.fetch(wanted.ref))
        except Later:
            await self.database.write(files.not_fetched, wanted, self.clock.now())
            return
        except Never:
            await self.database.write(self._refuse, wanted.id, "gone")
            return
        except Unfit as no:
            log.info("file_refused", file=wanted.id, reason=no.reason)
            await self.database.write(self._refuse, wanted.id, no.reason)
            return
        sha256 = await asyncio.to_thread(self.store.put, fit.data)
        await self.database.write(self._stored, wanted.id, sha256, fit)

    def _stored(self, conn: Connection, file_id: int, sha256: str, fit: Checked) -> None:
        files.fetched(conn, file_id, sha256, fit.mime, len(fit.data))
        taken = fit.taken.replace(tzinfo=self.committee.zone) if fit.taken else None
        case_proof.arrived(conn, self.clock.now(), self.committee, file_id, taken)
        if fit.place is not None:
            case_photo_place.arrived(conn, self.clock.now(), self.committee, file_id, fit.place)

    def _refuse(self, conn: Connection, file_id: int, reason: str) -> None:
        """Gives a file up and says so to whoever sent it, once for all files of an album."""
        account_id = files.refused(conn, file_id)
        if account_id is not None:
            told = Reply("file_refused", {"reason": reason}, slot="file-refused", wait=2)
            outbox.post(conn, account_id, told, self.clock.now())
