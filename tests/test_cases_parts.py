"""A case for several units: a part and a day for each, one code and one answer for the citizen."""

from __future__ import annotations

import pytest

from tests.citizens import CHANNELS, GREEN, code_in, filed, wait
from tests.talk import Heard, Town

MATTER = "rac do day o ga truoc cho ap 5, xe tranh khong duoc"


@pytest.fixture
async def office(town: Town) -> Town:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    return town


async def _split(town: Town, leader: str, code: str) -> Heard:
    await town.say(leader, code)
    await town.press(leader, "Gộp, chia, xác minh")
    await town.press(leader, "Giao nhiều đơn vị")
    town.unread(leader)
    await town.say(leader, "QLDT, TNMT")
    heard = town.unread(leader)[-1]
    assert "Đã chọn: Phòng Tài nguyên và Môi trường, Phòng Quản lý đô thị" in heard.text
    await town.press(leader, "Giao")
    await wait(town)
    return town.unread(leader)[-1]


async def _answers(town: Town, official: str, code: str, words: str) -> None:
    await town.say(official, code)
    await town.press(official, "Nhận xử lý")
    await town.press(official, "Trả lời")
    await town.send(official, GREEN, caption=words)
    await wait(town, 30)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_two_units_answer_and_the_citizen_hears_once(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, MATTER))
    for name in town.people:
        town.unread(name)
    card = await _split(town, "Dũng" if channel == "telegram" else "Châu", code)
    assert "giao nhiều đơn vị" in card.text
    assert "Phòng Quản lý đô thị: hạn" in card.text
    await town.hears(citizen, code, "Phòng Tài nguyên và Môi trường, Phòng Quản lý đô thị cùng xử lý")
    road, waste = town.unread("Kiều")[-1], town.unread("Ngọc")[-1]
    assert f"Phần việc của đơn vị trong hồ sơ {code}" in road.text
    assert "o ga truoc cho" in road.text
    await _answers(town, "Kiều", code_in(road), "Sáng nay đã vá ổ gà trước chợ ấp 5.")
    assert town.unread(citizen) == []
    await town.say(citizen, code)
    await town.hears(citizen, "Đang xử lý")
    await _answers(town, "Ngọc", code_in(waste), "Đã dọn sạch rác và đặt biển cấm đổ rác.")
    answer = await town.hears(citizen, code, "Phòng Quản lý đô thị: Sáng nay đã vá", "Đã dọn sạch rác", "Ổn")
    assert answer.uploads
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    await town.hears(citizen, "đã chuyển lãnh đạo")


async def test_one_unit_is_not_several_and_an_unknown_one_is_named(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, MATTER))
    await town.say("Dũng", code)
    await town.press("Dũng", "Gộp, chia, xác minh")
    await town.press("Dũng", "Giao nhiều đơn vị")
    town.unread("Dũng")
    await town.say("Dũng", "QLDT, phong la")
    await town.hears("Dũng", "Không có đơn vị này: phong la")
    await town.press("Dũng", "Phòng Quản lý đô thị")
    assert "Giao" not in town.unread("Dũng")[-1].choices
    await town._turn("Dũng", pressed="order:dosplit:1")
    await town.hears("Dũng", "ít nhất 2 đơn vị")
    await town._turn("Kiều", pressed="order:split:1")
    assert len(town.unread("Kiều")) >= 1


async def test_what_the_citizen_takes_back_ends_the_parts(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, MATTER))
    await _split(town, "Dũng", code)
    part = code_in(town.unread("Kiều")[-1])
    await town.say(citizen, code)
    await town.press(citizen, "Rút lại")
    await town.press(citizen, "Đồng ý rút")
    await wait(town)
    town.unread("Kiều")
    await town.say("Kiều", part)
    assert "Nhận xử lý" not in town.unread("Kiều")[-1].choices
