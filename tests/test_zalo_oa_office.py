"""What the people who keep an Official Account read: alarms in time, the consent, what is set wrongly."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import zalo_oa as command
from bot.zalo_oa_tokens import Consent, Trouble
from db import oa_tokens
from db.engine import Database
from db.oa_tokens import Tokens
from simulator.server import serve
from simulator.town import Content
from simulator.town import Town as SimulatedTown
from tests.talk import Town, local
from tests.test_cli import Office
from tests.test_cli import office as office
from tests.test_web import prepared

APP = {
    "zalo_oa_app_id": "102719276611582260",
    "zalo_oa_app_secret": "hush-app",
    "zalo_oa_secret_key": "hush-oa",
}


@given(st.timedeltas(timedelta(minutes=10), timedelta(days=3)))
def test_a_token_is_renewed_while_half_of_its_time_or_twelve_hours_are_left(lives: timedelta) -> None:
    taken = datetime(2021, 1, 4, tzinfo=UTC)
    tokens = Tokens("a", "r", taken, taken + lives, taken + timedelta(days=90))
    left = tokens.expires_at - tokens.renew_at
    assert taken <= tokens.renew_at < tokens.expires_at
    assert left == timedelta(hours=12) or left == lives / 2 < timedelta(hours=12)


@pytest.mark.parametrize(
    ("now", "until", "heard"),
    [
        ("2021-01-04 10:00", "2021-01-04 22:30", "2021-01-04 10:00"),  # in office hours at once
        ("2021-01-04 19:00", "2021-01-05 07:15", "2021-01-04 19:00"),  # the next office hour is too late
        ("2021-01-04 22:00", "2021-01-05 09:15", "2021-01-05 07:00"),  # by day, two hours ahead
        ("2021-01-04 23:00", "2021-01-05 08:00", "2021-01-04 23:00"),  # nobody could act in time by day
        ("2021-01-08 18:00", "2021-01-13 08:00", "2021-01-11 07:30"),  # there is time enough
    ],
)
async def test_the_keepers_hear_of_a_token_in_time_to_act(
    tmp_path: Path, now: str, until: str, heard: str
) -> None:
    town = await Town(tmp_path, now).open()
    trouble = Trouble(local(until), "-14020", needs_consent=True)
    for _ in range(2):
        await town.app.alarm("alarm_zalo_oa", trouble.facts(town.clock.now()), trouble.until)
    while not (said := [m for name in town.people for m in town.unread(name) if "Zalo OA" in m.text]):
        due = await town.app.next_due()
        assert due is not None
        town.clock.at = max(due, town.clock.at + timedelta(milliseconds=1))
        await town.app.settle()
    (alarm,) = said
    assert alarm.at is not None
    assert abs(alarm.at - local(heard)) < timedelta(minutes=1)
    for words in ("congvu zalo-oa consent", "khôi phục bản sao cũ", local(until).strftime("%d/%m")):
        assert words in alarm.text
    await town.close()


async def test_the_state_of_the_token_is_on_the_page_of_the_system(office_town: Town) -> None:
    town = office_town
    await town.say("Dũng", "/hethong")
    assert "Zalo OA" not in town.unread("Dũng")[-1].text
    now = town.clock.now()
    tokens = Tokens("secret-a", "secret-r", now, now + timedelta(hours=25), now + timedelta(days=90))
    await town.database.write(oa_tokens.keep, APP["zalo_oa_app_id"], tokens)
    await town.say("Dũng", "/hethong")
    assert "Mã truy cập Zalo OA: dùng được đến 09:00 ngày 05/01/2021" in town.unread("Dũng")[-1].text
    await town.until("2021-01-05 05:00")
    await town.say("Dũng", "/hethong")
    assert "CHƯA GIA HẠN ĐƯỢC" in town.unread("Dũng")[-1].text


@pytest.fixture
async def office_town(tmp_path: Path) -> Any:
    town = await Town(tmp_path, "2021-01-04 08:00").open()
    yield town
    await town.close()


def test_an_account_without_its_secrets_or_a_public_address_does_not_start(office: Office) -> None:
    office.set(zalo_oa_app_id=APP["zalo_oa_app_id"])
    said = office.types("doctor").output
    assert "CONGVU_ZALO_OA_APP_SECRET" in said
    office.set(zalo_oa_app_secret="hush-app")
    assert "CONGVU_ZALO_OA_SECRET_KEY" in office.types("doctor").output
    office.set(zalo_oa_secret_key="hush-oa", public_url="http://10.0.0.7")
    said = office.types("run").output
    assert "CONGVU_PUBLIC_URL phải là địa chỉ https" in said
    office.set(zalo_oa_app_id="abc")
    assert "CONGVU_ZALO_OA_APP_ID không đúng" in office.types("doctor").output


def test_the_doctor_looks_at_the_token_and_never_prints_a_secret(office: Office) -> None:
    asyncio.run(prepared(office.settings))
    office.set(**APP, public_url="https://bot.example.vn")
    said = office.types("doctor").output
    assert "✗ Zalo OA: chưa được cấp quyền gửi tin: chạy congvu zalo-oa consent" in said
    assert "hush" not in said

    async def keep() -> None:
        database = Database(office.settings.database_url)
        now = datetime.now(UTC)
        tokens = Tokens("hush-a", "hush-r", now, now + timedelta(hours=25), now + timedelta(days=90))
        await database.write(oa_tokens.keep, APP["zalo_oa_app_id"], tokens)
        await database.close()

    asyncio.run(keep())
    said = office.types("doctor").output
    assert "✓ Zalo OA: mã truy cập dùng được đến" in said
    assert "hush" not in said


async def test_consent_is_given_in_the_browser_and_kept(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepared(office.settings)
    town = SimulatedTown(tmp_path / "town", local("2021-01-04 07:25"))
    asked: list[Consent] = []
    pastes: list[str] = []

    class Watched(Consent):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            asked.append(self)

    def paste(*_: object, **__: object) -> str:
        """The administrator's browser, which stands at our address afterwards."""
        return pastes.pop(0) if pastes else httpx.get(asked[-1].address).headers["location"]

    monkeypatch.setattr(command, "Consent", Watched)
    monkeypatch.setattr(click, "prompt", paste)
    async with serve(town, 0) as running:
        app = town.setting("zalo_oa_app")
        office.set(
            zalo_oa_app_id=app["app_id"],
            zalo_oa_app_secret=app["app_secret"],
            zalo_oa_secret_key=app["secret_key"],
            zalo_oa_oauth_url=f"{running.address}/zalo-oa",
            public_url="https://bot.example.vn",
        )
        pastes.append("mot-ma-sai")
        wrong = await asyncio.to_thread(office.types, "zalo-oa", "consent")
        assert wrong.exit_code == 1
        assert "Zalo không nhận mã này (lỗi -14003)" in wrong.output
        pastes.append("https://bot.example.vn/zalo-oa?code=x&state=of-another-try")
        assert (
            "của một lần cấp quyền khác"
            in (await asyncio.to_thread(office.types, "zalo-oa", "consent")).output
        )
        right = await asyncio.to_thread(office.types, "zalo-oa", "consent")
    assert right.exit_code == 0, right.output
    assert "Official Account Callback Url: https://bot.example.vn/zalo-oa" in right.output
    assert "Webhook URL: https://bot.example.vn/zalo-oa/" in right.output
    assert "Đã lưu quyền gửi tin" in right.output
    database = Database(office.settings.database_url)
    kept = await database.read(oa_tokens.current, app["app_id"])
    await database.close()
    assert kept is not None
    assert kept.access not in right.output + repr(kept)
    pastes.append("x")
    away = await asyncio.to_thread(office.types, "zalo-oa", "consent")
    assert "Không gọi được máy chủ cấp quyền của Zalo (ConnectError)" in away.output


async def test_the_doctor_tries_the_account_itself(office: Office, tmp_path: Path) -> None:
    await prepared(office.settings)
    town = SimulatedTown(tmp_path / "town", local("2021-01-04 07:25"))
    with town.change():
        hoa = town.add_person("Hoa", "zalo_oa")
        town.add_message(hoa, "person", Content("xin chào"))
    async with serve(town, 0) as running:
        app = town.setting("zalo_oa_app")
        office.set(
            zalo_oa_app_id=app["app_id"],
            zalo_oa_app_secret=app["app_secret"],
            zalo_oa_secret_key=app["secret_key"],
            zalo_oa_api_url=f"{running.address}/zalo-oa",
            zalo_oa_oauth_url=f"{running.address}/zalo-oa",
            public_url="https://bot.example.vn",
        )
        given, now = running.account.consented(), datetime.now(UTC)
        ends = now + timedelta(hours=25)
        pair = Tokens(given["access_token"], given["refresh_token"], now, ends, ends)
        database = Database(office.settings.database_url)
        await database.write(oa_tokens.keep, app["app_id"], pair)
        await database.close()
        told = await asyncio.to_thread(office.types, "doctor", "--live")
        assert "✗ zalo_oa: cần --oa-chat" in told.output
        tried = await asyncio.to_thread(office.types, "doctor", "--live", "--oa-chat", hoa.chat)
    for good in (
        "token đúng, bot tên UBND Congvu",
        "gửi tin chữ có dấu",
        "tin dài được cắt",
        "gửi ảnh có lời",
    ):
        assert f"✓ Zalo OA: {good}" in tried.output
    assert "Zalo OA, cần một người thử" in tried.output
    assert given["access_token"] not in tried.output
