"""Greeting, joining, help, giving up, questions, and words that could be a report or a matter."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from db import people
from tests.citizens import BROWN, CHANNELS, wait
from tests.talk import Town


async def _invited(town: Town, name: str) -> str:
    def invite(conn: Connection) -> str:
        return people.invite(conn, town.ids[name], town.clock.now())

    return await town.database.write(invite)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_stranger_is_told_who_runs_this_and_what_it_does_not_replace(
    town: Town, channel: str
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "/start" if channel == "telegram" else "xin chào")
    heard = await town.hears(
        citizen,
        "trợ lý tự động của UBND thị xã Phước Long",
        "DULIEU",
        "không thay thế đơn khiếu nại, tố cáo",
        "113",
    )
    assert len(heard.text.split()) <= 75
    town.quiet()


@pytest.mark.parametrize(
    ("channel", "words"), [("telegram", "/start {}"), ("zalo", "vao {}"), ("zalo", "VÀO {}")]
)
async def test_an_invitation_joins_once_and_the_roster_gives_the_rights(
    town: Town, channel: str, words: str
) -> None:
    code = await _invited(town, "Nguyễn Thị Lan")
    newcomer, thief = town.stranger("Mới", channel), town.stranger("Trộm", channel)
    await town.say(newcomer, words.format(code.lower() if channel == "zalo" else code))
    await town.hears(newcomer, "chị Lan", "Nguyễn Thị Lan", "Chuyên viên, Phòng Nội vụ - LĐTB&XH")
    await town.say(thief, words.format(code))
    await town.hears(thief, "sai, đã dùng hoặc quá hạn")
    await town.say(newcomer, "xin chào")
    await town.hears(newcomer, "Chào chị Lan")


async def test_wrong_codes_are_counted(town: Town) -> None:
    code = await _invited(town, "Nguyễn Thị Lan")
    citizen = town.stranger("Dân", "zalo")
    for _ in range(5):
        await town.say(citizen, "vao ABCD2345")
        await town.hears(citizen, "Mã mời này không dùng được")
    await town.say(citizen, f"vao {code}")
    await town.hears(citizen, "quá số lần cho phép")
    await town.until("2021-01-05 08:00")
    await town.say(citizen, f"vao {code}")
    await town.hears(citizen, "chị Lan")


async def test_a_sentence_that_begins_like_a_command_is_a_sentence(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "Vào ngõ 5 là thấy rác")
    await wait(town)
    await town.hears(citizen, "Vào ngõ 5 là thấy rác", "Đồng ý và gửi")
    await town.say(citizen, "/vao")
    await town.hears(citizen, "mã mời 8 ký tự")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_help_questions_and_giving_up(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "trợ giúp")
    helped = await town.hears(citizen, "/guiphananh", "/tracuu", "/dulieu")
    assert "/nhiemvu" not in helped.text
    await town.say(citizen, "hoi dap")
    await town.hears(citizen, "nhắn câu hỏi", "Giờ, nơi, kiến nghị")
    await town.say(citizen, "/huy")
    await town.hears(citizen, "Đã bỏ việc đang làm dở")
    await town.say(citizen, "/huy")
    await town.hears(citizen, "Không có việc nào đang làm dở")
    await town.say(citizen, "o ga truoc cho")
    await town.say(citizen, "thoi")
    await wait(town)
    await town.hears(citizen, "Đã bỏ, không lưu gì")
    town.quiet()


async def test_an_unknown_command_is_answered(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "/khongco")
    await town.hears(citizen, "TRO GIUP")


async def test_a_group_hears_only_a_pointer(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town._turn(citizen, text="rac o cho", private=False)
    town.quiet()
    await town._turn(citizen, text="/tracuu", private=False)
    await town.hears(citizen, "nhắn riêng")


@pytest.mark.parametrize("official", ["Kiều", "Nam"])
async def test_words_of_an_official_that_could_be_either_are_asked_about(town: Town, official: str) -> None:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    await town.say(official, "rac do day sau cho Long Thuy may hom nay")
    await town.send(official, BROWN)
    await wait(town)
    await town.hears(official, "Báo cáo việc", "Gửi phản ánh")
    await town.press(official, "Gửi phản ánh")
    await wait(town)
    await town.hears(official, "rac do day sau cho", "1 ảnh", "Đồng ý và gửi")
    await town.press(official, "Đồng ý và gửi")
    await town.hears(official, "UBND đã nhận")


async def test_an_official_who_meant_a_report_does_not_lose_the_words(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    await town.say("Kiều", "da khao sat xong tuyen duong so 3")
    await wait(town)
    town.unread("Kiều")
    await town.press("Kiều", "Báo cáo việc")
    heard = town.unread("Kiều")
    assert "da khao sat xong tuyen duong so 3" in heard[0].text
    await town._turn("Kiều", pressed="start:report")
    await town.hears("Kiều", "Nút này đã hết hiệu lực")


async def test_an_official_s_short_word_gets_a_hint(town: Town) -> None:
    await town.say("Kiều", "alo")
    assert any("cần gì ạ?" in m.text for m in town.unread("Kiều"))
