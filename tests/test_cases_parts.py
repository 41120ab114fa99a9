"""A case for several units: a part and a day for each, one code and one answer for the citizen."""

from __future__ import annotations

from datetime import date

import pytest

from db import cases
from tests.citizens import CHANNELS, GREEN, code_in, filed, picked, pin_in, wait
from tests.talk import Heard, Town, typed_choices
from tests.test_privacy_modes import NONE, hidden

MATTER = "rac do day o ga truoc cho ap 5, xe tranh khong duoc"


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


async def _asks(town: Town) -> None:
    """The roads unit takes its part and asks the citizen."""
    await town.press("Kiều", "Nhận xử lý")
    await town.press("Kiều", "Hỏi người dân")
    await town.say("Kiều", "Ổ gà rộng bao nhiêu?")
    await wait(town)


async def _answers(town: Town, official: str, code: str, words: str) -> None:
    await town.say(official, code)
    if "Trả lời" not in town.unread(official)[-1].choices:
        await town.press(official, "Nhận xử lý")
    await town.press(official, "Trả lời")
    await town.send(official, GREEN, caption=words)
    await wait(town, 30)


@pytest.mark.parametrize("leader", ["Dũng", "Châu"])  # Telegram, Zalo
async def test_no_number_changes_while_units_are_chosen(office: Town, leader: str) -> None:
    town = office
    code = code_in(await filed(town, town.stranger("Dân", "telegram"), f"{MATTER} gan phong kinh te"))
    town.unread(leader)
    await town.say(leader, code)
    await town.press(leader, "Gộp, chia, xác minh")
    await town.press(leader, "Giao nhiều đơn vị")
    lists: list[list[str]] = []
    for label in ("", "Phòng Kinh tế", "Đơn vị khác ›", "Phòng Giáo dục và Đào tạo"):
        if label:
            await town.press(leader, label)
        page = town.unread(leader)[-1]
        lists.append(list(page.choices) or list(typed_choices(page.text)))
    assert all(len(each) <= 6 for each in lists)
    assert lists[0][0] == "Phòng Kinh tế"  # named in the citizen's words
    assert lists[1] == ["✓ Phòng Kinh tế", *lists[0][1:]]
    assert lists[3][-3:] == ["Đơn vị khác ›", "Quay lại", "Giao"]
    assert [each.removeprefix("✓ ") for each in lists[3][:-1]] == lists[2]
    assert "Đã chọn: Phòng Giáo dục và Đào tạo, Phòng Kinh tế" in page.text


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
    await picked(town, "Dũng", "Phòng Quản lý đô thị")
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


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_part_asks_the_citizen_under_the_one_code_and_both_clocks_stand(
    either_town: Town, channel: str
) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    citizen = town.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, MATTER))
    await _split(town, "Dũng", code)
    road, waste = code_in(town.unread("Kiều")[-1]), code_in(town.unread("Ngọc")[-1])
    assert (await _dues(town, code), await _dues(town, road)) == (date(2021, 1, 7), date(2021, 1, 6))
    town.unread(citizen)
    await _asks(town)
    asked = await town.hears(citizen, code, "Phòng Quản lý đô thị cần hỏi thêm", "rộng bao nhiêu")
    assert road not in asked.text
    assert "Phòng Tài nguyên" not in asked.text
    town.unread("Ngọc")
    await town.say("Ngọc", waste)  # the other unit may go on, and waits with a question of its own
    await town.press("Ngọc", "Nhận xử lý")
    await town.press("Ngọc", "Hỏi người dân")
    assert "một đơn vị khác đang hỏi" in town.unread("Ngọc")[-1].text
    await town.until("2021-01-06 09:00")
    for name in town.people:
        town.unread(name)
    await town.say(citizen, "rong 1 met, sau 20 phan")
    await wait(town)
    await town.hears("Kiều", road, "rong 1 met")
    assert (await _dues(town, code), await _dues(town, road)) == (date(2021, 1, 11), date(2021, 1, 8))
    for name in town.people:
        town.unread(name)
    await _answers(town, "Kiều", road, "Sáng nay đã vá ổ gà trước chợ ấp 5.")
    await _answers(town, "Ngọc", waste, "Đã dọn sạch rác và đặt biển cấm đổ rác.")
    await town.hears(citizen, code, "Đã dọn sạch rác", "đã vá")


async def test_a_part_s_question_that_nobody_answers_lets_both_go_on(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, MATTER))
    await _split(town, "Dũng", code)
    await _asks(town)
    for name in town.people:
        town.unread(name)
    await town.until("2021-01-11 08:00")
    reminders = [heard.text for heard in town.unread(citizen)]
    assert sum("rộng bao nhiêu" in text for text in reminders) == 1  # not once more for the part
    await town.until("2021-01-12 08:00")
    assert any("UBND làm tiếp" in heard.text for heard in town.unread(citizen))
    assert any("đang xử lý" in heard.text and "Trả lời" in heard.choices for heard in town.unread("Kiều"))


async def test_what_the_citizen_adds_reaches_every_unit_that_is_at_work(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, MATTER))
    await _split(town, "Dũng", code)
    for official in ("Kiều", "Ngọc"):
        await town.press(official, "Nhận xử lý")
        town.unread(official)
    await town.say(citizen, f"{code} them mot ho nua o cuoi duong")
    await wait(town)
    for official in ("Kiều", "Ngọc"):
        assert any("them mot ho nua" in heard.text for heard in town.unread(official)), official


@pytest.mark.parametrize("leader", ["Dũng", "Châu"])
async def test_each_unit_may_have_a_day_of_its_own_but_none_after_the_whole(
    office: Town, leader: str
) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, MATTER))
    for name in town.people:
        town.unread(name)
    await town.say(leader, code)
    await town.press(leader, "Gộp, chia, xác minh")
    await town.press(leader, "Giao nhiều đơn vị")
    town.unread(leader)
    await town.say(leader, "QLDT 06/01, TNMT 30/06")
    await town.hears(leader, "Hạn của Phòng Tài nguyên và Môi trường phải từ hôm nay đến")
    await town.say(leader, "QLDT 06/01, TNMT")
    assert "Phòng Quản lý đô thị (06/01)" in town.unread(leader)[-1].text
    await town.press(leader, "Giao")
    await wait(town)
    assert "Phòng Quản lý đô thị: hạn 06/01" in town.unread(leader)[-1].text
    road = town.unread("Kiều")[-1]
    assert "06/01" in road.text
    await town.press("Kiều", "Nhận xử lý")
    await town.press("Kiều", "Khác")
    await town.press("Kiều", "Xin lùi hẹn")
    await town.say("Kiều", "15/01, chờ nhà thầu giao nắp cống mới")
    assert f"ngày trả lời chung của {code}" in town.unread("Kiều")[-1].text
    await town.until("2021-01-06 08:00")  # the unit is reminded by its own day
    assert any(code_in(road) in heard.text for heard in town.unread("Kiều") + town.unread("Nam"))


async def _dues(town: Town, code: str) -> date:
    found = await town.database.read(cases.by_code, code)
    assert found is not None
    return found.due_on


async def test_a_part_s_question_waits_at_the_code_of_who_left_no_contact(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    receipt = await hidden(town, citizen, NONE, MATTER)
    code, pin = code_in(receipt), pin_in(receipt)
    for name in town.people:
        town.unread(name)
    await _split(town, "Dũng", code)
    road = code_in(town.unread("Kiều")[-1])
    await _asks(town)
    for name in town.people:
        town.unread(name)
    other = town.stranger("Máy khác", "zalo")
    await town.say(other, f"{code} {pin}")
    await town.hears(other, "rộng bao nhiêu", "nhắn mã, số bí mật rồi nội dung")
    await town.say(other, f"{code} {pin} rong 1 met")
    await town.hears(other, "Đã chuyển nội dung vừa nhắn", code)
    await wait(town)
    assert any(road in m.text and "rong 1 met" in m.text for m in town.unread("Kiều"))
    assert town.unread(citizen) == []
