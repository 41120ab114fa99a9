"""``congvu demo``: the town and, in the same process, the very service that ``congvu run`` runs.

Filling the bot's database is the one place where the simulator knows ``db``.
"""

from __future__ import annotations

import asyncio
import csv
import errno
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from importlib import resources
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection

from bot.app import App
from bot.committee import bring_in, committee_folder, load_committee, load_units
from bot.config import Settings
from bot.plan_import import bring_in_plan
from bot.service import service, stop_signal
from bot.stamp_key import ensure_key
from bot.zalo_oa import webhook_path
from bot.zalo_oa_tokens import REFRESH_LIVES
from db import health, migrate, oa_tokens, people, roster
from db.engine import Database
from db.oa_tokens import Tokens
from locales import Wording
from simulator.clock import ZONE
from simulator.play import Player
from simulator.server import HOST, Running, serve
from simulator.town import Person, Town

FOLDER = resources.files("simulator")
ROSTER_SINCE = date(2020, 1, 1)
PLAN = "plan-2021.txt"
PLAN_SINCE = date(2021, 1, 1)


async def demo(directory: Path, port: int, at: datetime, browser: bool) -> None:
    """Runs the town until the process is told to stop; a folder that was used before is gone on with."""
    stop = stop_signal()
    wording = Wording(ZONE, {})
    try:
        async with opened(directory, port, at) as address:
            sys.stdout.write(wording.label("demo_ready", {"address": address}) + "\n")
            sys.stdout.flush()
            if browser:
                await asyncio.to_thread(webbrowser.open, address)
            await stop.wait()
    except OSError as no:
        if no.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise SystemExit(wording.label("demo_port_taken", {"port": port})) from no


@asynccontextmanager
async def opened(directory: Path, port: int, at: datetime) -> AsyncIterator[str]:
    """The town and its bot for as long as the context lasts; gives the one address.

    Raises OSError when the port is taken; port 0 takes a free one.
    """
    town = Town(directory / "town", at)
    async with serve(town, port) as running:
        settings = _settings(directory, town, running)
        await _fill(settings, town)
        await _connect(settings, running)
        async with service(settings, town.clock) as app:
            running.control.bot_is_ready(Player(town, app), partial(_counts, app))
            yield running.address


def _settings(directory: Path, town: Town, running: Running) -> Settings:
    """The service's settings; only the addresses and tokens are the town's."""
    folder, address, account = directory / "bot", running.address, running.account.app
    with socket.socket() as free:
        free.bind((HOST, 0))
        web_port = free.getsockname()[1]
    return Settings(
        database_url=f"sqlite:///{(folder / 'congvu.db').resolve()}",
        files_dir=folder / "files",
        stamp_key_file=folder / "stamp.key",
        backup_dir=folder / "backups",
        telegram_token=town.setting("telegram_token"),
        telegram_api_url=address,
        zalo_token=town.setting("zalo_token"),
        zalo_api_url=f"{address}/zalo",
        zalo_oa_app_id=account["app_id"],
        zalo_oa_app_secret=SecretStr(account["app_secret"]),
        zalo_oa_secret_key=SecretStr(account["secret_key"]),
        zalo_oa_api_url=f"{address}/zalo-oa",
        zalo_oa_oauth_url=f"{address}/zalo-oa",
        public_url=f"http://{HOST}:{web_port}",
        web_port=web_port,
        log_level="WARNING",
    )


async def _connect(settings: Settings, running: Running) -> None:
    """What ``congvu zalo-oa consent`` and a technician do once: the tokens and the webhook's address."""
    running.account.calls(settings.public_url + webhook_path(settings))
    database = Database(settings.database_url)
    try:
        if await database.read(oa_tokens.current, settings.zalo_oa_app_id) is None:
            given, now = running.account.consented(), running.town.clock.now()
            ends = now + timedelta(seconds=int(given["expires_in"]))
            pair = Tokens(given["access_token"], given["refresh_token"], now, ends, now + REFRESH_LIVES)
            await database.write(oa_tokens.keep, settings.zalo_oa_app_id, pair)
    finally:
        await database.close()


async def _fill(settings: Settings, town: Town) -> None:
    """Creates the database and, once, the people on both sides and the plan."""
    await migrate.upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        await database.write(ensure_key, settings.stamp_key_file)
        if town.setting("filled"):
            return
        with town.change():
            _settle_people(town)
        codes = await database.write(_fill_database, settings, town.clock.now(), town.people())
        with town.change():
            for person_id, code in codes.items():
                town.set_code(person_id, code)
            town.set("filled", True)
    finally:
        await database.close()


def _settle_people(town: Town) -> None:
    if town.people():
        return
    units = {unit.code: unit.name for unit in load_units(committee_folder())}
    for row in _rows("town.csv"):
        town.add_person(
            row["name"],
            row["channel"],
            role=row["role"],
            unit=units[row["unit"]],
            position=row["position"],
        )
    for row in _rows("citizens.csv"):
        town.add_person(row["name"], row["channel"])


def _fill_database(
    conn: Connection, settings: Settings, now: datetime, settled: list[Person]
) -> dict[int, str]:
    """Units, calendar, roster, accounts, plan; returns the invitations of those who have not joined.

    It runs in a thread of the database's, where the town's own must not be asked.
    """
    folder = committee_folder()
    bring_in(conn, folder)
    rows = {row["name"]: row for row in _rows("town.csv")}
    posts = [
        roster.RosterRow(row["name"], row["address"], row["unit"], row["role"], row["position"])
        for row in rows.values()
    ]
    since = min(ROSTER_SINCE, now.astimezone(ZONE).date())
    ids = roster.add_rows(conn, posts, since, now)
    codes = {}
    for person in (person for person in settled if person.name in rows):
        if rows[person.name]["joined"] == "no":
            codes[person.id] = people.invite(conn, ids[person.name], now)
        elif people.account_of(conn, ids[person.name]) is None:
            people.add_account(conn, ids[person.name], person.channel, person.chat, now)
    committee = load_committee(folder, settings.zone)
    bring_in_plan(conn, folder / PLAN, folder, committee, Wording(ZONE, {}), now, PLAN_SINCE)
    return codes


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


async def _counts(app: App) -> dict[str, int]:
    """What waits and is due in the bot."""
    now = app.clock.now()
    seen = await app.database.read(health.check, now, now.astimezone(ZONE).date())
    return {"inbox": seen.turns_waiting, "outbox": seen.messages_waiting, "files": seen.files_waiting}
