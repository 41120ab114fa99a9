"""Limits against flooding: they say when to come back, and let emergencies and answers pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from db import inbox
from db.models import cases, files
from domain.chat import Incoming
from tests.citizens import BROWN, CHANNELS, code_in, filed, taken, wait
from tests.talk import Town

TIGHT: dict[str, Any] = {"messages": 4, "files": 2, "album_files": 6, "cases_of_all": 2}


@pytest.fixture
async def morning(town: Town) -> Town:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    committee = replace(town.app.committee, quota=replace(town.app.committee.quota, **TIGHT))
    town.app.committee = committee
    return town


def _filed(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(cases)).scalar_one()


def test_the_limits_that_ship_are_those_of_the_specification(town: Town) -> None:
    quota = town.committee.quota
    assert (quota.cases, quota.messages, quota.minutes, quota.files) == (5, 30, 10, 10)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_whoever_sends_too_much_hears_once_when_to_come_back(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    for number in range(8):
        await town.say(citizen, f"o ga so {number}")
    heard = [each.text for each in town.unread(citizen)]
    assert sum("Xin gửi lại sau 08:10" in text for text in heard) == 1
    await town.say(citizen, "cháy nhà ở chợ Long Thủy, có người bị thương")
    await town.hears(citizen, "gọi ngay")
    await town.until("2021-01-04 08:11")
    town.unread(citizen)
    await town.say(citizen, "truoc cho")
    await wait(town)
    await town.hears(citizen, "truoc cho")


async def test_somebody_else_is_not_held_up(morning: Town) -> None:
    town, one, other = morning, morning.stranger("Một", "telegram"), morning.stranger("Hai", "telegram")
    for number in range(8):
        await town.say(one, f"o ga so {number}")
    await town.say(other, "rac do day via he")
    await wait(town)
    await town.hears(other, "rac do day via he")


async def test_an_answer_to_a_question_passes(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "o ga truoc cho"))
    await taken(town, "Nam", "Kiều", citizen)
    await town.press("Nam", "Hỏi người dân")
    await town.say("Nam", "Ổ gà rộng bao nhiêu?")
    await wait(town)
    town.unread(citizen)
    for number in range(6):
        await town.say(citizen, f"khoang {number} met")
    await wait(town)
    assert code in town.unread(citizen)[-1].text


async def test_an_album_is_one_message(either_town: Town) -> None:
    town = either_town
    citizen = town.stranger("Dân", "telegram")
    channel, chat = town._who(citizen)
    for number in range(10):
        channel.files[f"a{number}"] = BROWN
        await town._turn(
            citizen, files=(Incoming("photo", f"a{number}"),), message_id=f"a{number}", album="g1"
        )
    await town.say(citizen, "o ga")

    def heard(conn: Connection) -> int:
        return inbox.heard_since(conn, "telegram", chat, town.clock.now().replace(year=2020))

    assert await town.database.read(heard) == 2


async def test_files_of_a_case_have_a_limit_an_hour_and_an_album_fits(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    receipt = await filed(town, citizen, "o ga truoc cho")
    channel, _ = town._who(citizen)
    for number in range(3):
        channel.files[f"b{number}"] = BROWN
        sent = (Incoming("photo", f"b{number}"),)
        await town._turn(
            citizen, files=sent, message_id=f"b{number}", album="g1", reply_to=receipt.message_id
        )
    channel.files["c"] = BROWN
    await town._turn(citizen, files=(Incoming("photo", "c"),), message_id="c", reply_to=receipt.message_id)
    heard = " ".join(each.text for each in town.unread(citizen))
    assert "đã nhận 2 ảnh, tệp trong một giờ" in heard

    def kept(conn: Connection) -> int:
        return conn.execute(select(func.count()).select_from(files)).scalar_one()

    assert await town.database.read(kept) == 3


async def test_when_everybody_writes_at_once_drafts_are_kept_and_emergencies_filed(morning: Town) -> None:
    town = morning
    for number in range(2):
        words = ("den duong hu kp1", "karaoke on ao")[number]
        await filed(town, town.stranger(f"Dân {number}", "telegram"), words)
    citizen = town.stranger("Dân 3", "zalo")
    await town.say(citizen, "rac do day via he kp2 thac mo")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "Bản của Ông/Bà vẫn được giữ", "09:00")
    await town.say(citizen, "/huy")
    town.unread(citizen)
    await filed_urgent(town, citizen)
    assert await town.database.read(_filed) == 3


async def filed_urgent(town: Town, citizen: str) -> None:
    """An emergency goes through."""
    await town.say(citizen, "cháy nhà ở chợ Thác Mơ")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "Việc khẩn")
