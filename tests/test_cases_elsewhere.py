"""A matter on a neighbour's ground: whose it is, nothing kept, or a copy for whoever wants it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from db import dialogs
from db.models import cases, files
from tests.citizens import BROWN, CHANNELS, wait
from tests.talk import Town


def _cases(conn: Connection) -> list[Any]:
    return list(conn.execute(select(cases.c.words)).scalars())


def _files(conn: Connection) -> list[Any]:
    return list(conn.execute(select(files.c.id)).scalars())


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_neighbours_matter_is_named_and_not_kept(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.send(citizen, BROWN)
    await town.say(citizen, "o ga ngay truoc cho xa Long Ha, huyen Phu Rieng")
    await wait(town)
    asked = await town.hears(citizen, "huyện Phú Riềng", "UBND huyện Phú Riềng", "Vẫn gửi ở đây")
    assert len(asked.text.split()) <= 60
    await town.press(citizen, "Đúng, ở huyện Phú Riềng")
    await wait(town)
    await town.hears(citizen, "UBND huyện Phú Riềng", "không lưu gì")
    assert await town.database.read(dialogs.opened) == []
    assert await town.database.read(_cases) == []
    assert await town.database.read(_files) == []
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_whoever_wants_it_sent_all_the_same_sends_it(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "o ga ngay truoc cho xa Long Ha")
    await wait(town)
    await town.hears(citizen, "Vẫn gửi ở đây")
    await town.say(citizen, "ok")  # no answer to a choice of two: nothing is sent by it
    await wait(town)
    await town.hears(citizen, "Vẫn gửi ở đây")
    await town.press(citizen, "Vẫn gửi ở đây")
    await wait(town)
    await town.hears(citizen, "xa Long Ha", "Đồng ý và gửi")
    await town.say(citizen, "lo sau ca met")
    await wait(town)
    await town.hears(citizen, "lo sau ca met")  # asked once only
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")
    assert len(await town.database.read(_cases)) == 1


async def test_an_emergency_is_not_asked_where_it_belongs(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "chay nha o xa Long Ha")
    await town.hears(citizen, "114")
    await wait(town)
    await town.hears(citizen, "Đồng ý và gửi")


async def test_a_place_corrected_to_our_ground_needs_no_answer(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "o ga ngay truoc cho xa Long Ha")
    await wait(town)
    await town.hears(citizen, "Vẫn gửi ở đây")
    await town.say(citizen, "nham, o phuong Thac Mo")
    await wait(town)
    await town.hears(citizen, "phường Thác Mơ", "Đồng ý và gửi")


async def test_a_grievance_is_not_sent_as_a_report_by_an_ok(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "toi khong dong y quyet dinh thu hoi dat so 45")
    await wait(town)
    await town.hears(citizen, "khiếu nại")
    await town.say(citizen, "ok")
    await wait(town)
    await town.hears(citizen, "không phải là đơn")
    assert await town.database.read(_cases) == []
