"""What a person who keeps the service should look at, and what a platform really does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.backup import database_file, last_backup
from bot.config import Settings, SettingsError
from bot.invitations import qr_picture
from bot.telegram import TelegramChannel
from bot.zalo import ZaloChannel
from bot.zalo_oa import ZaloOaChannel
from db import chain, health, migrate, oa_tokens, people
from db.engine import Database
from db.store import Store
from domain.chat import Button, Facts, Later, Never, Outgoing, Text, Upload

log = structlog.get_logger()

BACKUP_AGE = timedelta(days=2)
LATE_TICK = timedelta(minutes=2)
NOBODY = "1"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``key`` and ``facts`` word it."""

    good: bool
    key: str
    facts: Facts = field(default_factory=dict)


async def look(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    """Looks at the settings, the database and the copies, without sending anything."""
    named = {
        "Telegram": settings.telegram_token,
        "Zalo": settings.zalo_token,
        "Zalo OA": settings.zalo_oa_app_id,
    }
    channels = [name for name, token in named.items() if token]
    yield Finding(bool(channels), "doctor_settings", {"channels": channels})
    file = database_file(settings)
    if file is not None and not file.exists():
        yield Finding(False, "doctor_database_gone")
        return
    revision, head = await migrate.current(settings.database_url), migrate.head()
    if revision != head:
        yield Finding(False, "doctor_database_old", {"revision": revision, "head": head})
        return
    yield Finding(True, "doctor_database", {"revision": revision})
    today = now.astimezone(settings.zone).date()

    def count(conn: Connection) -> tuple[list[int], health.Health]:
        return health.years_in_calendar(conn), health.check(conn, now, today)

    def account(conn: Connection) -> list[Finding]:
        return list(_official_account(conn, settings, today))

    def sealed(conn: Connection) -> tuple[chain.Seal | None, chain.Broken | None]:
        return chain.last(conn), chain.check(conn)

    database = Database(settings.database_url)
    try:
        years, numbers = await database.read(count)
        seal, broken = await database.read(sealed)
        found = await database.read(account)
    finally:
        await database.close()
    for finding in found:
        yield finding
    for year in {today.year, (today + timedelta(days=92)).year}:
        known = year in years
        yield Finding(known, "doctor_calendar" if known else "doctor_no_calendar", {"year": year})
    yield Finding(True, "doctor_queues", {"health": numbers})
    for key, amount in (
        ("doctor_late", numbers.messages_late),
        ("doctor_failed", numbers.messages_failed),
        ("doctor_turns_failed", numbers.turns_failed),
        ("doctor_unreachable", numbers.unreachable),
        ("doctor_unknown", numbers.messages_unknown),
    ):
        if amount:
            yield Finding(False, key, {"count": amount})
    ticks = numbers.ticked_at is not None and now - numbers.ticked_at < LATE_TICK
    if channels:
        yield Finding(ticks, "doctor_tick" if ticks else "doctor_no_tick", {"at": numbers.ticked_at})
    if broken is None:
        sealed_by = {"number": seal.number if seal else 0, "short": seal.short if seal else ""}
        yield Finding(True, "doctor_log", sealed_by)
    else:
        place = {"why": broken.why, "place": broken.number, "since": broken.since, "until": broken.until}
        yield Finding(False, "doctor_log_broken", place)
    yield Finding(True, "doctor_size", {"megabytes": f"{numbers.bytes / 1e6:.1f}".replace(".", ",")})
    if file is not None:
        newest = last_backup(settings)
        fresh = newest is not None and now.timestamp() - newest.stat().st_mtime < BACKUP_AGE.total_seconds()
        name = newest.name if newest else ""
        yield Finding(fresh, "doctor_backup" if fresh else "doctor_no_backup", {"name": name})


def _official_account(conn: Connection, settings: Settings, today: date) -> Iterator[Finding]:
    if not settings.zalo_oa_app_id:
        return
    tokens = oa_tokens.current(conn, settings.zalo_oa_app_id)
    if tokens is None:
        yield Finding(False, "doctor_oa_consent")
    elif tokens.failures:
        known = {"until": tokens.expires_at, "error": tokens.error}
        yield Finding(False, "doctor_oa_token_bad", known)
    else:
        yield Finding(True, "doctor_oa_token", {"until": tokens.expires_at})
    alone = people.only_on(conn, "zalo_oa", today)
    if alone and not settings.zalo_oa_proactive:
        yield Finding(False, "doctor_oa_officials", {"count": len(alone)})


Check = tuple[str, Callable[[], Awaitable[object]]]


async def try_telegram(channel: TelegramChannel, chat: str, words: Text) -> AsyncIterator[Finding]:
    """Checks every assumption of ours about Telegram by doing it, in a chat that agreed to it."""
    try:
        name = await channel.identity()
    except (Later, Never) as no:
        yield Finding(False, "live_me_bad", {"channel": "Telegram", "value": no.reason})
        return
    yield Finding(True, "live_me", {"channel": "Telegram", "value": name})
    button = ((Button(name, "x" * 64),),)
    picture = Upload("photo", "kiem-tra.png", qr_picture(name or "bot"), "")
    long = Outgoing(Text((words.plain + "\n") * 100))
    ids: dict[str, str] = {}

    async def send(key: str, message: Outgoing) -> bool:
        ids[key] = await channel.send(chat, message)
        return ids[key].isdigit()

    async def edit(key: str, text: str, *, captioned: bool = False) -> bool:
        return await channel.edit(chat, ids[key], Outgoing(Text(text)), captioned=captioned) is None

    async def edit_gone() -> bool:
        return bool(await channel.edit(chat, "2147483000", Outgoing(Text("…")), captioned=False))

    async def delete() -> bool:
        gone = await channel.send(chat, Outgoing(words))
        for _ in range(2):  # the second time it is gone, which is no fault
            await channel.delete(chat, gone)
        return True

    async def refused(where: str, message: Outgoing) -> bool:
        try:
            await channel.send(where, message)
        except Never as no:
            return no.dead or where == chat
        return False

    async def bold() -> bool:
        return await channel.shown_bold(chat, words) == [
            words.plain[at : at + length] for at, length in words.bold
        ]

    async def document() -> bool:
        data = bytes(range(256)) * 64
        return await channel.round_trip(chat, data) == data

    checks: list[Check] = [
        ("live_webhook", channel.receives_as_set),
        ("live_commands", channel.keeps_commands),
        ("live_send", lambda: send("text", Outgoing(words))),
        ("live_bold", bold),
        ("live_buttons", lambda: send("buttons", Outgoing(words, button))),
        ("live_buttons_limit", lambda: refused(chat, Outgoing(words, ((Button(name, "x" * 65),),)))),
        ("live_menu", lambda: send("menu", Outgoing(words, menu=((name,),)))),
        ("live_edit", lambda: edit("buttons", "1")),
        ("live_edit_same", lambda: edit("buttons", "1")),
        ("live_edit_gone", edit_gone),
        ("live_delete", delete),
        ("live_old_press", channel.refuses_old_press),
        ("live_photo", lambda: send("photo", Outgoing(words, button, (picture,)))),
        ("live_caption", lambda: edit("photo", "2", captioned=True)),
        ("live_album", lambda: send("album", Outgoing(words, (), (picture, picture)))),
        ("live_document", document),
        ("live_long", lambda: send("long", long)),
        ("live_nobody", lambda: refused(NOBODY, Outgoing(words))),
    ]
    async for finding in _tried("Telegram", checks):
        yield finding


async def try_zalo(
    channel: ZaloChannel, chat: str, words: Text, store: Store | None
) -> AsyncIterator[Finding]:
    """Checks every assumption of ours about the Zalo Bot Platform by doing it.

    A picture needs the running service behind the public address; without a ``store`` it is not tried.
    """
    picture: list[Check] = []
    if store is not None:
        sha256 = store.put(qr_picture("bot"))
        picture.append(("live_picture", lambda: channel.shows(chat, sha256, words)))
    async for finding in _try_words("Zalo", channel, chat, words, picture):
        yield finding


async def try_zalo_oa(channel: ZaloOaChannel, chat: str, words: Text) -> AsyncIterator[Finding]:
    """Checks every assumption of ours about an Official Account by doing it; costs a few free messages."""
    picture = Upload("photo", "kiem-tra.png", qr_picture("bot"), "")
    checks: list[Check] = [("live_oa_picture", lambda: channel.shows(chat, picture, words))]
    async for finding in _try_words("Zalo OA", channel, chat, words, checks):
        yield finding


async def _try_words(
    name: str, channel: ZaloChannel | ZaloOaChannel, chat: str, words: Text, more: list[Check]
) -> AsyncIterator[Finding]:
    try:
        called = await channel.identity()
    except (Later, Never) as no:
        yield Finding(False, "live_me_bad", {"channel": name, "value": no.reason})
        return
    yield Finding(True, "live_me", {"channel": name, "value": called})
    long = Outgoing(Text((words.plain + "\n") * 50))

    async def refused() -> bool:
        try:
            await channel.send(NOBODY, Outgoing(words))
        except Never:
            return True
        return False

    checks: list[Check] = [
        ("live_send", lambda: channel.send(chat, Outgoing(words))),
        ("live_long", lambda: channel.send(chat, long)),
        ("live_nobody", refused),
        *more,
    ]
    async for finding in _tried(name, checks):
        yield finding


async def _tried(channel: str, checks: list[Check]) -> AsyncIterator[Finding]:
    for key, check in checks:
        try:
            good, why = bool(await check()), "?"
        except (Later, Never) as no:
            good, why = False, no.reason
        except (KeyError, SettingsError) as no:  # What an earlier check should have left is not there.
            good, why = False, type(no).__name__
        facts = {"channel": channel}
        if good:
            yield Finding(True, key, facts)
        else:
            yield Finding(False, "live_failed", {"what": key, "channel": channel, "value": why})
