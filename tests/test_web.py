"""The web server: health, pictures by signed address, webhooks; and the service around it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from bot.app import SystemClock
from bot.cli.words import sentence
from bot.committee import bring_in, committee_folder
from bot.config import Settings, SettingsError
from bot.service import service
from bot.stamp_key import ensure_key
from bot.web import Signer, serving, site
from db import migrate
from db.engine import Database
from db.models import metadata
from db.store import Store
from tests.platform import Platform, standing_in
from tests.talk import HandClock, local
from tests.test_telegram_edge import TOKEN, message

JPEG = b"\xff\xd8\xff\xe0 picture"


class Hook:
    """Answers what it is told, or fails."""

    webhook_path = "/telegram/abc"
    calls: list[tuple[bytes, str]]

    def __init__(self) -> None:
        self.calls = []
        self.fail = False

    async def webhook(self, body: bytes, headers: Mapping[str, str]) -> int:
        if self.fail:
            raise OSError("disk full")
        self.calls.append((body, headers.get("X-Secret", "")))
        return 200


class Website:
    """A served site and a browser in front of it."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock(local("2021-01-04 07:25"))
        self.signer = Signer("secret", self.clock)
        self.store = Store(folder)
        self.hook = Hook()
        self.sick = False

    async def health(self) -> Mapping[str, object]:
        if self.sick:
            raise RuntimeError("secret words")
        return {"turns_waiting": 0}


@pytest.fixture
def website(tmp_path: Path) -> Website:
    return Website(tmp_path)


@pytest.fixture
async def browser(website: Website) -> AsyncIterator[httpx.AsyncClient]:
    app = site([website.hook], website.signer, website.store.get, website.health)
    async with (
        serving(app, "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client


async def test_health_tells_numbers_and_never_why(website: Website, browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/healthz")).json() == {"ok": True, "turns_waiting": 0}
    website.sick = True
    answer = await browser.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "error": "RuntimeError"})


async def test_a_picture_lives_ten_minutes_at_its_signed_address(
    website: Website, browser: httpx.AsyncClient
) -> None:
    address = "/f/" + website.signer.address_of(website.store.put(JPEG))
    website.clock.at += timedelta(minutes=10)
    answer = await browser.get(address)
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    website.clock.at += timedelta(seconds=1)
    assert (await browser.get(address)).status_code == 404


async def test_a_forged_or_unknown_picture_is_not_there(website: Website, browser: httpx.AsyncClient) -> None:
    name = website.store.put(JPEG)
    forged = Signer("other", website.clock).address_of(name)
    for path in (name, forged, website.signer.address_of("0" * 64), website.signer.address_of("../../etc")):
        assert (await browser.get(f"/f/{path}")).status_code == 404


async def test_a_webhook_hands_over_the_body_and_the_secret(
    website: Website, browser: httpx.AsyncClient
) -> None:
    answer = await browser.post("/telegram/abc", content=b"{}", headers={"X-Secret": "s"})
    assert answer.status_code == 200
    assert website.hook.calls == [(b"{}", "s")]
    assert (await browser.get("/telegram/abc")).status_code == 405
    assert (await browser.post("/telegram/other")).status_code == 404


async def test_a_call_that_was_not_stored_is_not_acknowledged(
    website: Website, browser: httpx.AsyncClient
) -> None:
    website.hook.fail = True
    assert (await browser.post("/telegram/abc", content=b"{}")).status_code == 500


async def test_a_call_that_is_too_large_is_refused(website: Website, browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/telegram/abc", content=b"x" * (1024 * 1024 + 1))).status_code == 413
    assert website.hook.calls == []


def settings_in(folder: Path, **given: Any) -> Settings:
    """Settings whose every file is in a folder."""
    return Settings.model_validate(
        {
            "database_url": f"sqlite:///{folder / 'congvu.db'}",
            "files_dir": folder / "files",
            "stamp_key_file": folder / "stamp.key",
            "backup_dir": folder / "backups",
            "web_port": 0,
            **given,
        }
    )


async def prepared(settings: Settings) -> None:
    """Brings the settings' database to the newest schema, with the committee's units."""

    def fill(conn: Connection) -> None:
        metadata.create_all(conn)
        bring_in(conn, committee_folder())
        ensure_key(conn, settings.stamp_key_file)

    await migrate.upgrade(settings.database_url)
    database = Database(settings.database_url)
    await database.write(fill)
    await database.close()


async def test_the_service_answers_over_polling_and_stops_in_order(tmp_path: Path) -> None:
    async with standing_in(Platform()) as platform:
        settings = settings_in(tmp_path, telegram_token=TOKEN, telegram_api_url=platform.address)
        await prepared(settings)
        platform.push(message(text="/start"))
        async with service(settings, SystemClock()):
            (call,) = await platform.called("sendMessage")
        assert call["chat_id"] == "1001"
        assert int(platform.of("getUpdates")[-1]["offset"]) == 9002  # what was stored is acknowledged


async def test_what_was_stored_before_a_stop_is_answered_after_the_start(tmp_path: Path) -> None:
    async with standing_in(Platform()) as platform:
        settings = settings_in(tmp_path, telegram_token=TOKEN, telegram_api_url=platform.address)
        await prepared(settings)
        platform.faults["sendMessage"] = [(500, "down")] * 3
        platform.push(message(text="/start"))
        async with service(settings, SystemClock()):
            await platform.called("sendMessage")
        platform.faults.clear()
        async with service(settings, SystemClock()):
            await platform.called("sendMessage", 2)
        assert len(platform.of("sendMessage")) == 2


async def test_the_service_answers_over_a_webhook(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with standing_in(Platform()) as platform:
        settings = settings_in(
            tmp_path, telegram_token=TOKEN, telegram_api_url=platform.address, web_port=port,
            public_url=f"http://127.0.0.1:{port}", updates="webhook",
        )  # fmt: skip
        await prepared(settings)
        async with service(settings, SystemClock()), httpx.AsyncClient(trust_env=False) as client:
            (hook,) = platform.of("setWebhook")
            body, header = json.dumps(message(text="/start")), "X-Telegram-Bot-Api-Secret-Token"
            assert (await client.post(hook["url"], content=body)).status_code == 403
            for _ in range(2):  # the platform says things twice
                told = await client.post(hook["url"], content=body, headers={header: hook["secret_token"]})
                assert told.status_code == 200
            await platform.called("sendMessage")
            await asyncio.sleep(0.2)
        assert len(platform.of("sendMessage")) == 1


async def test_a_service_that_cannot_run_says_why(tmp_path: Path) -> None:
    async def refusal(settings: Settings) -> str:
        with pytest.raises(SettingsError) as no:
            async with service(settings, SystemClock()):
                pass
        return sentence(no.value)

    assert "CONGVU_TELEGRAM_TOKEN" in await refusal(settings_in(tmp_path))
    async with standing_in(Platform()) as platform:
        given = {"telegram_token": TOKEN, "telegram_api_url": platform.address}
        if migrate.head() is not None:
            assert "congvu migrate" in await refusal(settings_in(tmp_path, **given))
        await prepared(settings_in(tmp_path))
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert str(port) in await refusal(settings_in(tmp_path, web_port=port, **given))
