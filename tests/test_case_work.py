"""/hoso: what an official has to do with, the most urgent first, and nothing they may not see."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection

from db import people
from tests.citizens import CHANNELS, POTHOLE, QUIET, code_in, filed, taken, wait
from tests.talk import Town
from tests.test_case_handover import hush


async def listed(town: Town, name: str) -> str:
    town.unread(name)
    await town.say(name, "việc dân")
    return (await town.hears(name)).text


@pytest.mark.parametrize("official", ["Nam", "Kiều"])
async def test_an_official_sees_the_own_cases_and_the_unit_s_by_urgency(office: Town, official: str) -> None:
    town = office
    one, two = town.stranger("Dân", "telegram"), town.stranger("Bạn", "zalo")
    called = {"Nam": "anh Nam", "Kiều": "chị Kiều"}[official]
    hole = code_in(await filed(town, one, POTHOLE))  # due on 11/01
    await taken(town, official, "Nam", "Kiều")
    lamp = code_in(await filed(town, two, "den duong hu o hem 12"))  # due on 07/01
    await town.say(official, "/hoso")
    text = town.unread(official)[-1].text
    assert f"Việc dân đang mở: 2, của {called} 1" in text
    assert text.index("Đang xử lý") < text.index(hole) < text.index("Chưa ai nhận") < text.index(lamp)
    assert f"{hole} Đường, vỉa hè, cầu cống: còn 5 ngày" in text
    await town.press(official, lamp)
    assert "Nhận xử lý" in town.unread(official)[-1].text + str(town.fake["telegram"].chats)
    assert hole not in await listed(town, "Yến")
    await town.until("2021-01-11 12:00")
    assert f"{hole} Đường, vỉa hè, cầu cống: hôm nay" in await listed(town, "Nam")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_leader_sees_what_waits_for_a_decision_and_what_is_late_anywhere(
    office: Town, channel: str
) -> None:
    town = office
    one, two = town.stranger("Dân", channel), town.stranger("Bạn", channel)
    doubted = code_in(await filed(town, one, QUIET))
    await taken(town, "Tài", "Yến")
    await town.press("Tài", "Trả lời")
    await town.say("Tài", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    hush(town)
    late = code_in(await filed(town, two, POTHOLE))
    await taken(town, "Kiều", "Nam")
    assert "Không có việc dân nào" in await listed(town, "Dũng")
    await town.until("2021-01-12 09:00")
    hush(town)
    await town.press(one, "Chưa ổn")
    await wait(town)
    text = await listed(town, "Dũng")
    assert text.index("Chờ quyết định") < text.index(doubted) < text.index(late)
    assert "quá 1 ngày" in text
    assert "Kiều · Phòng Quản lý đô thị" in text


async def test_more_than_a_page_is_turned(office: Town) -> None:
    town = office
    kinds = ("o ga", "nap cong be", "via he hu", "bien bao nga", "cau hu", "duong lay", "duong xau")
    for number, words in enumerate(kinds):
        await filed(town, town.stranger(f"Dân {number}", "telegram"), f"{words} truoc nha {number + 20}")
    hush(town)
    await town.say("Kiều", "/hoso")
    heard = await town.hears("Kiều", "Việc dân đang mở: 7", "Xem tiếp")
    await town.press("Kiều", "Xem tiếp")
    assert heard.text.count("còn") == 1
    await town._turn("Kiều", pressed="case:work:9")
    assert "đã hết hiệu lực" in town.unread("Kiều")[-1].text


async def test_answers_of_the_last_hour_without_a_picture_are_counted_for_heads_and_leaders(
    office: Town,
) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await town.until("2021-01-11 16:30")
    await town.press("Kiều", "Trả lời")
    await town.say("Kiều", "Sáng nay đã vá xong ổ gà trước chợ")
    await wait(town)
    await town.press("Kiều", "Không có ảnh")
    await town.say("Kiều", "Máy ảnh hỏng, đã có biên bản nghiệm thu")
    await wait(town)
    marked = "có 1 việc trả lời vào giờ cuối mà không có ảnh"
    assert marked in await listed(town, "Dũng")
    assert marked in await listed(town, "Nam")
    assert marked not in await listed(town, "Kiều")
    assert marked not in await listed(town, "Tài")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_citizen_sees_what_they_sent(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await town.say(citizen, "/hoso")
    await town.hears(citizen, code, "Đã chuyển đơn vị xử lý")


async def test_on_postgres_too(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    code = code_in(await filed(town, town.stranger("Dân", "telegram"), POTHOLE))
    assert code in await listed(town, "Kiều")
    assert "Không có việc dân" in await listed(town, "Dũng")


async def test_without_buttons_no_menu_of_a_card_has_more_than_six_choices(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    menus = []
    await town.press("Tài", "Khác")  # not taken yet; Tài is the head, on Zalo
    menus += [m.text for m in town.unread("Tài")]
    await town.press("Tài", "Quay lại")
    await town.press("Tài", "Nhận xử lý")
    hush(town)
    await town.press("Tài", "Khác")
    menus.append(town.unread("Tài")[-1].text)
    assert (
        menus[-1].index("Xin lùi hẹn") < menus[-1].index("Ghi chú") < menus[-1].index("Trường hợp đặc biệt")
    )
    await town.press("Tài", "Trường hợp đặc biệt")
    menus.append(town.unread("Tài")[-1].text)
    assert "Có thể là tố cáo" in menus[-1]
    for menu in menus:
        assert len(re.findall(r"(?m)^\d+\. ", menu)) <= 6, menu
    await town.press("Tài", "Quay lại")
    await town.hears("Tài", "Xin lùi hẹn")


@pytest.mark.parametrize("roles", [("leader",), ("admin",), ("leader", "admin")])
async def test_whoever_may_do_everything_sees_six_choices_at_a_time_and_all_of_them(
    office: Town, roles: tuple[str, ...]
) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")

    def appoint(conn: Connection) -> None:
        unit = people.unit_by_code(conn, "UB")
        assert unit is not None
        for role in roles:  # beside the head of the unit that has the case, on Zalo
            people.add_membership(conn, town.ids["Mai Văn Tài"], unit.id, role, "", town.clock.now().date())

    await town.database.write(appoint)
    await filed(town, citizen, QUIET)
    hush(town)
    await town.press("Tài", "Nhận xử lý")
    await town.press("Tài", "Hỏi người dân")
    await town.say("Tài", "Quán tên gì?")
    await town.until("2021-01-12 08:00")  # nobody answered: the case may end for want of it too
    hush(town)
    seen: list[str] = []
    for label in ("Khác", "Trường hợp đặc biệt", "Hiếm khi dùng"):
        if label != "Khác" and label not in seen:
            break
        await town.press("Tài", label)
        menu = town.unread("Tài")[-1].text
        lines = re.findall(r"(?m)^\d\. (.+)$", menu)
        assert len(lines) <= 6, menu
        seen += lines
    assert {"Xin lùi hẹn", "Kết thúc, thiếu thông tin", "Có thể là tố cáo", "Chặn người gửi"} <= set(seen)
    assert "Ghi chú" in " ".join(seen)


@pytest.mark.parametrize("official", ["Nam", "Kiều"])  # Zalo, Telegram
async def test_who_asks_for_tasks_learns_of_citizens_matters_too(office: Town, official: str) -> None:
    town = office
    code = code_in(await filed(town, town.stranger("Dân", "telegram"), POTHOLE))
    hush(town)
    await town.say(official, "việc")
    await town.hears(official, "Việc dân 1")
    await town.press(official, "Việc dân 1")
    await town.hears(official, "Việc dân đang mở: 1", code)


@pytest.mark.parametrize("leader", ["Dũng", "Châu"])  # Telegram, Zalo
async def test_a_leader_is_not_told_that_nothing_is_open_when_nothing_is_late(
    office: Town, leader: str
) -> None:
    town = office
    await filed(town, town.stranger("Dân", "telegram"), POTHOLE)
    assert "Không có việc dân nào quá hạn hay chờ đồng chí" in await listed(town, leader)
    await town.say(leader, "gì")
    hint = town.unread(leader)[-1].text
    assert "Đồng chí" in hint
    assert ("VIEC DAN" in hint) == (leader == "Châu")  # the other has it as a button below


@pytest.mark.parametrize("official", ["Nam", "Kiều"])  # Zalo, Telegram
@pytest.mark.parametrize("asked", ["việc dân", "tim o ga"])
async def test_what_is_opened_from_a_list_is_read_whole_and_the_list_stays(
    office: Town, official: str, asked: str
) -> None:
    town = office
    code = code_in(await filed(town, town.stranger("Dân", "telegram"), POTHOLE))
    hush(town)
    await town.say(official, asked)
    found = await town.hears(official, code)
    await town.press(official, code)
    await town.hears(official, f"Phản ánh {code}", POTHOLE, "Nhận xử lý")
    assert not found.edited
