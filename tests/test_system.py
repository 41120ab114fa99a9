"""The service about itself: /hethong, alarms, the auditor, gaps, sending again."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, select, update

from bot.app import SystemClock
from bot.pulse import Pulse
from bot.service import service
from bot.web import serving
from db import dialogs, inbox, marks, outbox, people
from db.engine import Database, DatabaseTrouble
from db.models import inbox as inbox_table
from db.models import outbox as table
from domain.chat import Never, Outgoing, Reply, Turn
from scheduler import gap
from scheduler.gap import RECEIVING
from tests.platform import Platform, standing_in
from tests.talk import ZONE, Town, local
from tests.test_telegram_edge import TOKEN
from tests.test_web import prepared, settings_in

ADMIN, LEADER, DESK = "Bùi Đức Anh", "Trần Quốc Dũng", "Hứa Văn Tâm"


async def tell(town: Town, name: str) -> None:
    def post(conn: Connection) -> None:
        account = people.account_of_chat(conn, *town.people[name], town.clock.now())
        outbox.post(conn, account.id, Reply("welcome_citizen"), town.clock.now())

    await town.database.write(post)


async def test_leaders_and_administrators_see_how_the_service_is_doing(town: Town) -> None:
    await town.app.tick()
    for name in (ADMIN, LEADER):
        await town.say(name, "/hethong")
        page = await town.hears(name, "Hệ thống lúc 07:25 ngày 04/01/2021", "Nhịp gần nhất: 07:25")
        assert "CHẬM" not in page.text
        assert "Chờ trả lời: 0" in page.text, "the question itself is not counted"
        assert not page.choices
    town.clock.at += timedelta(minutes=3)
    await town.say(ADMIN, "hệ thống")
    await town.hears(ADMIN, "CHẬM")


async def test_nobody_else_does(town: Town) -> None:
    await town.say("Lan", "/hethong")
    await town.hears("Lan", "Chưa có lệnh này")
    await town.say(town.stranger("Dân", "zalo"), "/hethong")
    await town.hears("Dân", "Chưa có lệnh này")


async def test_an_administrator_has_what_failed_sent_again_with_one_press(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    channel, real = town.fake["telegram"], town.fake["telegram"].send

    async def send(chat: str, message: Outgoing) -> str:
        if chat == town.people[citizen][1]:
            raise Never("refused")
        return await real(chat, message)

    channel.send = send  # type: ignore[method-assign]
    await tell(town, citizen)
    await town.settle()
    channel.send = real  # type: ignore[method-assign]
    await town.say(LEADER, "/hethong")
    assert not (await town.hears(LEADER, "Không gửi được trong 7 ngày: 1")).choices
    await town.say(ADMIN, "/hethong")
    await town.hears(ADMIN, "Gửi lại 1 tin hỏng")
    await town.press(ADMIN, "Gửi lại 1 tin hỏng")
    await town.hears(ADMIN, "Đã xếp gửi lại 1 tin.")
    await town.hears(citizen, "trợ lý tự động")
    town.quiet()


async def test_a_leader_cannot_press_what_an_administrator_may(town: Town) -> None:
    channel, chat = town.people[LEADER]
    await town.app.receive(Turn(channel, chat, "forged", pressed="system:resend", message_id="m1"))
    await town.settle()
    await town.hears(LEADER, "Không tìm thấy")


async def test_a_turn_that_was_given_up_is_an_alarm_and_can_be_answered_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handlers import router

    def broken(*_: object) -> list[Reply]:
        raise ZeroDivisionError

    citizen = town.stranger("Dân", "telegram")
    with monkeypatch.context() as patch:
        patch.setattr(router, "answer", broken)
        await town.say(citizen, "/start")
        await town.until("2021-01-04 07:29")
    await town.hears(citizen, "Xin lỗi")
    await town.until("2021-01-04 07:31")
    assert any("ba lần thử" in heard.text for heard in town.unread(ADMIN))
    await town.say(ADMIN, "/hethong")
    await town.press(ADMIN, "Trả lời lại 1 tin")
    assert any("Đã cho trả lời lại 1 tin" in heard.text for heard in town.unread(ADMIN))
    await town.hears(citizen, "trợ lý tự động")

    def waiting(conn: Connection) -> list[str]:
        return list(conn.execute(select(inbox_table.c.state).distinct()).scalars())

    assert await town.database.read(waiting) == ["done"]
    assert inbox.ATTEMPTS == 3


async def test_what_is_late_is_hurried_and_an_hour_later_an_alarm(either_town: Town) -> None:
    town = either_town
    town.clock.at = local("2021-01-04 09:00")
    citizen = town.stranger("Dân", "telegram")
    await tell(town, citizen)

    def stick(conn: Connection) -> None:  # a row that nobody takes: its channel is not there
        conn.execute(update(table).values(channel="pigeon"))

    await town.database.write(stick)
    for moment in ("09:11", "09:30", "10:10"):
        town.clock.at = local(f"2021-01-04 {moment}")
        await town.app.tick()
        await town.app.settle()
        assert not [m for m in town.unread(ADMIN) if "quá giờ" in m.text], moment
    town.clock.at = local("2021-01-04 10:22")
    await town.app.tick()
    await town.app.settle()
    assert [m for m in town.unread(ADMIN) if "1 việc đã quá giờ hơn 10 phút" in m.text]


async def test_a_gap_in_reception_is_told_with_the_hours_that_may_be_missing(either_town: Town) -> None:
    town = either_town
    citizen = town.stranger("Dân", "telegram")

    def before(conn: Connection) -> int:
        account = people.account_of_chat(conn, *town.people[citizen], town.clock.now())
        dialogs.open_dialog(conn, account.id, "case_draft", {"files": []}, town.clock.now())
        marks.put(conn, f"{RECEIVING}telegram", local("2021-01-04 08:00"))
        return account.id

    async def notice() -> bool:
        return await town.database.write(gap.notice, town.clock.now(), ZONE, "telegram")

    await town.database.write(before)
    town.clock.at = local("2021-01-05 03:59")
    assert not await notice()
    await town.database.write(before)
    town.clock.at = local("2021-01-05 09:00")
    assert await notice()
    assert not await notice()
    await town.app.settle()
    lost = "từ 08:00 ngày 04/01/2021 đến 13:00 ngày 04/01/2021 có thể đã mất"
    await town.hears(ADMIN, "không nhận được tin trên Telegram", lost)
    await town.hears(citizen, "Xin gửi lại phần còn dở")


async def test_a_network_that_is_away_for_a_day_while_the_service_runs_is_a_gap_on_its_channel_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = [1000.0]
    monkeypatch.setattr("bot.pulse.monotonic", lambda: machine[0])
    heard = {"telegram", "zalo"}
    pulse = Pulse(town.app, sends=True, heard=lambda: heard)
    town.clock.at = local("2021-01-04 10:00")
    await pulse.beat()
    heard.discard("telegram")
    for hour in range(23):
        machine[0] += 3600
        town.clock.at = local("2021-01-04 11:00") + timedelta(hours=hour)
        await pulse.beat()
    await town.app.settle()
    town.quiet()
    heard.add("telegram")
    await pulse.beat()
    await pulse.beat()
    await town.app.settle()
    await town.hears(
        ADMIN, "không nhận được tin trên Telegram từ 10:00 ngày 04/01/2021 đến 09:00 ngày 05/01/2021"
    )
    assert not town.unread(ADMIN)


async def test_the_clock_of_the_town_may_be_played_without_a_gap(town: Town) -> None:
    pulse = Pulse(town.app, sends=True, heard=lambda: ["telegram"])
    await pulse.beat()
    town.clock.at = local("2021-03-01 09:00")
    await pulse.beat()
    await town.app.settle()
    town.quiet()


async def test_the_keepers_hear_of_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    pulse = Pulse(town.app, sends=True)
    await pulse.beat()
    real = town.database.write

    async def full(*_: object, **__: object) -> object:
        raise DatabaseTrouble("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    town.database.write = full  # type: ignore[method-assign, assignment]
    for _ in range(3):
        await pulse.beat()
    await town.hears(ADMIN, "không ghi được vào cơ sở dữ liệu")
    town.quiet()
    town.database.write = real  # type: ignore[method-assign]
    await pulse.beat()
    assert not pulse.is_lost()
    await town.close()


async def test_a_full_disk_refuses_the_update_and_takes_it_when_there_is_room(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    await town.close()
    town.database = Database(f"sqlite:///{tmp_path / 'congvu.db'}")

    def limit(conn: Connection, pages: int) -> None:
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    town.app.database = town.database
    pool = town.database._engine.sync_engine.pool
    citizen = town.stranger("Dân", "telegram")
    long = Turn(*town.people[citizen], "long", text="x" * 100_000)
    pages = await town.database.read(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar())
    await town.database.write(limit, int(pages or 0) + 4)
    with pytest.raises(DatabaseTrouble):
        await town.app.receive(long)
    assert "Current Checked out connections: 0" in pool.status()
    await town.database.write(limit, 1_000_000)
    assert await town.app.receive(long)
    await town.close()


async def test_the_page_of_figures_has_numbers_and_no_names(tmp_path: Path) -> None:
    async with standing_in(Platform()) as platform:
        settings = settings_in(tmp_path, telegram_token=TOKEN, telegram_api_url=platform.address, web_port=0)
        await prepared(settings)
        ports: list[int] = []

        def noted(application, host, port):  # type: ignore[no-untyped-def]
            return _noting(serving(application, host, port), ports)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.service.serving", noted)
            async with service(settings, SystemClock()), httpx.AsyncClient(trust_env=False) as client:
                metrics = (await client.get(f"http://127.0.0.1:{ports[0]}/metrics")).text
                health = await client.get(f"http://127.0.0.1:{ports[0]}/healthz")
    assert "congvu_messages_waiting 0.0" in metrics
    assert "congvu_tick_age_seconds" in metrics
    assert health.status_code == 200
    assert health.json()["ok"]


class _noting:  # noqa: N801 - stands for a context manager
    def __init__(self, inner, ports: list[int]) -> None:  # type: ignore[no-untyped-def]
        self.inner, self.ports = inner, ports

    async def __aenter__(self) -> int:
        self.ports.append(await self.inner.__aenter__())
        return self.ports[-1]

    async def __aexit__(self, *error: object) -> None:
        await self.inner.__aexit__(*error)
