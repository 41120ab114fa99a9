"""The whole service, from its settings to an orderly stop.  The demo runs this very thing."""

from __future__ import annotations

import asyncio
import secrets
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from time import monotonic

import structlog
from sqlalchemy import Connection

from bot import logs
from bot.app import App, SystemClock
from bot.backup import database_file, make_backup
from bot.committee import committee_folder, load_committee
from bot.config import Settings, SettingsError, derived
from bot.metrics import page
from bot.pulse import Pulse
from bot.rule_files import fingerprints, note
from bot.stamp_key import check_key, read_key
from bot.telegram import TelegramChannel
from bot.web import Hook, Signer, serving, site
from bot.zalo import ZaloChannel
from bot.zalo_oa import ZaloOaChannel
from bot.zalo_oa_tokens import TokenKeeper
from db import audit, health, marks, migrate
from db.codec import plain
from db.engine import Database
from db.leader import Leader
from db.store import Store
from domain.chat import Channel, Clock
from handlers import case_reroute
from handlers.commands import COMMANDS
from locales import Wording
from scheduler.tick import office_facts
from scheduler.timetable import ticking

log = structlog.get_logger()

LATEST_TICK = 120.0  # seconds of machine time, after which the service calls itself unwell


@asynccontextmanager
async def service(settings: Settings, clock: Clock, role: str = "all") -> AsyncIterator[App]:
    """Runs the service for as long as the context lasts; what it has taken in is never lost.

    ``role`` is what this process does: ``edge`` receives, ``worker`` answers and sends, ``scheduler``
    keeps the time (one at a time), ``all`` does everything; more than one process needs PostgreSQL.
    Withheld words live in the memory of the process that received them.

    Raises :class:`SettingsError` with a sentence when a token is missing or refused, the database is
    not migrated, or the port is taken.
    """
    logs.configure(settings.log_level, settings.secrets)
    if not (settings.telegram_token or settings.zalo_token or settings.zalo_oa_app_id):
        raise SettingsError("setting_no_token")
    await _check_migrated(settings)
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        committee = load_committee(committee_folder(settings.committee), settings.zone)
        store = Store(settings.files_dir)
        signer = signer_of(settings, clock)

        def count_sent(conn: Connection) -> tuple[int, int]:
            month = clock.now().astimezone(settings.zone)
            return audit.count_up(conn, f"zalo_sent_{month:%Y-%m}"), health.users_on(conn, "zalo")

        tokens = TokenKeeper(settings, database, clock) if settings.zalo_oa_app_id else None
        edges = make_edges(settings, signer.address_of, lambda: database.write(count_sent), tokens)
        for edge in edges:
            stack.push_async_callback(edge.close)
        channels: dict[str, Channel] = {edge.name: edge for edge in edges}
        stamp_key = read_key(settings.stamp_key_file)
        await database.read(check_key, settings.stamp_key_file, stamp_key)
        app = App(database, clock, channels, committee, store, stamp_key=stamp_key)

        async def keep_token() -> None:
            if tokens is not None and (trouble := await tokens.keep_fresh()) is not None:
                await app.alarm("alarm_zalo_oa", trouble.facts(clock.now()), trouble.until)

        app.upkeep = keep_token

        leader, keeps_time = Leader(database), role in ("all", "scheduler")
        stack.push_async_callback(leader.close)
        receives = role in ("all", "edge")
        stop = asyncio.Event()

        def heard() -> list[str]:
            return [edge.name for edge in edges if receives and edge.is_heard()]

        pulse = Pulse(app, sends=role in ("all", "worker"), heard=heard)
        working = asyncio.create_task(_work(app, pulse, stop))
        stack.push_async_callback(_finish, stop, working)  # It stops after what feeds it.

        ticked, rules = monotonic(), fingerprints(committee_folder(settings.committee))

        async def tick() -> None:
            nonlocal ticked, rules
            if await leader.is_me():
                if rules:
                    changed = await database.write(note, rules, clock.now())
                    await database.write(case_reroute.ask, changed, clock.now(), committee)
                    rules = {}  # once a start
                await app.tick()
            ticked = monotonic()

        async def back_up() -> None:
            if database_file(settings) is None:
                return
            try:
                made = await asyncio.to_thread(make_backup, settings, clock.now())
            except (SettingsError, OSError, sqlite3.Error) as no:
                log.error("backup_failed", error=type(no).__name__)
                await app.alarm("alarm_backup", {})
                return
            await database.write(marks.put, "backup", clock.now())
            log.info("backup_made", size=made.size, files=made.files)

        def numbers(conn: Connection) -> health.Health:
            now = clock.now()
            return health.check(conn, now, now.astimezone(settings.zone).date())

        async def healthy() -> Mapping[str, object]:
            if working.done() or pulse.is_lost():
                raise RuntimeError("the worker has ended")
            if keeps_time and monotonic() - ticked > LATEST_TICK:
                raise RuntimeError("nobody ticks")
            return dict(plain(asdict(await database.read(numbers))))

        async def figures() -> bytes:
            return page(await database.read(numbers), app.courier.counts, clock.now())

        hooks: list[Hook] = [e for e in edges if settings.by_webhook or isinstance(e, ZaloOaChannel)]
        website = site(hooks, signer, store.get, healthy, figures)
        try:
            port = await stack.enter_async_context(serving(website, settings.web_host, settings.web_port))
        except OSError as no:
            raise SettingsError("setting_port_taken", port=settings.web_port) from no
        for edge in edges if receives else []:
            await stack.enter_async_context(edge.receiving(app.receive))
        if keeps_time:
            await stack.enter_async_context(ticking(settings.zone, tick, back_up))
            await tick()
        log.info("service_ready", port=port, channels=sorted(channels), role=role)
        yield app
        log.info("service_stopping")
    log.info("service_stopped")


async def run(settings: Settings, role: str = "all") -> None:
    """Runs the service until the process is told to stop."""
    stop = stop_signal()
    async with service(settings, SystemClock(), role):
        await stop.wait()


def stop_signal() -> asyncio.Event:
    """Set when the process is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(sign, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(sign, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


async def _check_migrated(settings: Settings) -> None:
    if await migrate.current(settings.database_url) != migrate.head():
        raise SettingsError("setting_not_migrated")


async def _work(app: App, pulse: Pulse, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as both:
        both.create_task(pulse.run(stop))
        if pulse.sends:
            both.create_task(app.run(stop))


async def _finish(stop: asyncio.Event, working: asyncio.Task[None]) -> None:
    stop.set()
    await working


def signer_of(settings: Settings, clock: Clock) -> Signer:
    """Signs the addresses of pictures, the same in every process of one bot."""
    token = settings.zalo_token
    return Signer(derived(token, "pictures") if token else secrets.token_hex(20), clock)


def make_edges(
    settings: Settings,
    sign: Callable[[str], str] = str,
    count_sent: Callable[[], Awaitable[tuple[int, int]]] | None = None,
    tokens: TokenKeeper | None = None,
) -> list[TelegramChannel | ZaloChannel | ZaloOaChannel]:
    """The channels for which there is a token; the Official Account's is kept by ``tokens``."""
    committee = load_committee(committee_folder(settings.committee), settings.zone)
    wording = Wording(settings.zone, office_facts(committee))
    commands = [
        (c.name, wording.label(c.label, {}))
        for c in COMMANDS
        if c.audience in ("all", "citizen") and c.listed_for == "all" and wording.has(c.label)
    ]
    edges: list[TelegramChannel | ZaloChannel | ZaloOaChannel] = []
    if settings.telegram_token is not None:
        edges.append(TelegramChannel(settings, commands))
    if settings.zalo_token is not None:
        edges.append(ZaloChannel(settings, sign, count_sent))
    if tokens is not None:
        edges.append(ZaloOaChannel(settings, tokens))
    return edges
