"""/nghi: while somebody is away their reminders go to a deputy, and one card waits for their return."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, update

from db.models import accounts, memberships
from tests.citizens import CHANNELS, POTHOLE, code_in, filed
from tests.talk import Town
from tests.test_remind import LAN, moments
from tests.work import add_task


async def test_a_deputy_hears_while_a_person_is_away_and_one_card_waits_for_the_return(town: Town) -> None:
    for title, day in (("Việc một", 15), ("Việc hai", 18)):
        await add_task(town, title, date(2021, 1, day), LAN, state="accepted")
    await town.until("2021-01-07 09:00")
    for name in ("Lan", "Lực", "Hùng"):
        town.unread(name)
    await town.say("Lan", "/nghi 11/1 đến 15/1, anh Lực thay")
    await town.hears(
        "Lan", "chị Lan nghỉ 11/01–15/01/2021. Anh Lực nhận lời nhắc và làm thay; sáng thứ Hai 18/01"
    )
    await town.hears(
        "Lực", "Chị Lan nghỉ 11/01–15/01/2021, nhờ anh Lực nhận lời nhắc và báo cáo, xác nhận thay"
    )
    await town.until("2021-01-15 18:00")
    assert moments(town, "Lan") == ["08/01 07:30"]  # before the leave: T-7
    heard = town.unread("Lực")
    assert [f"{m.at:%d/%m %H:%M}" for m in heard if m.at] == [
        "11/01 07:30", "12/01 07:30", "14/01 07:30", "15/01 07:30", "15/01 15:30",
    ]  # fmt: skip
    assert "Chị Lan (đang nghỉ): Việc một, hạn 15/01" in heard[1].text
    await town.until("2021-01-18 07:31")
    card = await town.hears(
        "Lan", "Việc một, hạn 15/01. Trễ 1 ngày làm việc", "Việc hai, hạn 18/01. Hôm nay là hạn cuối"
    )
    assert card
    assert moments(town, "Lực") == []


async def test_without_a_deputy_the_head_hears_and_a_leave_can_be_ended(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 15), LAN, state="accepted")
    await town.until("2021-01-04 09:00")
    town.unread("Lan")
    await town.say("Lan", "nghi 5-20/1")
    await town.hears(
        "Lan", "nghỉ 05/01–20/01/2021. Anh Hùng nhận lời nhắc và làm thay; sáng thứ Năm 21/01", "kèm tên"
    )
    await town.until("2021-01-08 09:00")
    await town.hears("Hùng", "Chị Lan (đang nghỉ): Việc một")
    await town.say("Lan", "/nghi")
    await town.hears("Lan", "nghỉ 05/01–20/01/2021, lãnh đạo trực tiếp nhận việc thay")
    await town.say("Lan", "NGHI THOI")
    await town.hears("Lan", "Đã bỏ ngày nghỉ")
    await town.until("2021-01-12 09:00")
    assert moments(town, "Lan") == ["08/01 09:00", "12/01 07:30"]  # what went to the head comes at once
    town.quiet()


async def test_who_is_back_early_hears_at_once_and_only_once_and_the_deputy_is_told(
    either_town: Town,
) -> None:
    town = either_town
    await add_task(town, "Việc một", date(2021, 1, 14), LAN, state="accepted")
    await town.until("2021-01-05 09:00")
    await town.say("Lan", "/nghi 6/1 đến 20/1, anh Lực thay")
    await town.until("2021-01-12 09:00")
    for name in town.people:
        town.unread(name)
    await town.say("Lan", "đã đi làm lại rồi ạ")
    await town.hears("Lan", "Đã bỏ ngày nghỉ")
    await town.until("2021-01-12 09:05")
    await town.hears("Lan", "Việc một, hạn 14/01")  # T-7 and T-3, which Lực was told of
    await town.hears("Lực", "Chị Lan không nghỉ 06/01–20/01/2021 nữa; anh Lực không cần làm thay")
    await town.until("2021-01-21 09:00")
    assert moments(town, "Lan") == ["13/01 07:30", "14/01 07:30", "14/01 15:30", "15/01 07:30"]
    assert moments(town, "Lực") == []


async def test_whose_deputy_goes_on_leave_too_hears_of_it(town: Town) -> None:
    await town.until("2021-01-04 09:00")
    await town.say("Lan", "/nghi 6/1 đến 15/1, anh Lực thay")
    for name in ("Lan", "Lực"):
        town.unread(name)
    await town.say("Lực", "/nghi 13/1 đến 14/1")
    await town.hears("Lực", "Đã ghi: anh Lực nghỉ 13/01–14/01/2021")
    await town.hears("Lan", "Anh Lực cũng nghỉ 13/01–14/01/2021", "Chị Lan muốn nhờ người khác")


async def test_a_leave_made_shorter_brings_the_copies_on_the_new_return(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-20 09:00")
    town.unread("Lan")
    await town.say("Lan", "/nghi 21/1 đến 12/2")
    await town.until("2021-01-26 09:00")
    town.unread("Lan")
    await town.say("Lan", "/nghi 21/1 đến 27/1")
    await town.hears("Lan", "sáng thứ Năm 28/01 sẽ gửi lại một lượt")
    await town.until("2021-02-18 09:00")
    assert moments(town, "Lan") == ["28/01 07:30", "29/01 07:30", "29/01 15:30", "01/02 07:30"]


async def test_days_off_are_read_as_people_say_them(town: Town) -> None:
    await town.until("2021-01-05 08:00")  # a Tuesday
    for words, span in (
        ("nghỉ từ mai đến 20/1", "06/01–20/01/2021"),
        ("nghỉ đến 8/1", "05/01–08/01/2021"),
        ("nghỉ tới thứ 6", "05/01–08/01/2021"),
        ("nghỉ đến hết tuần này", "05/01–08/01/2021"),
        ("nghỉ hết tuần này", "05/01–08/01/2021"),
        ("nghỉ thứ 2 đến thứ 4", "11/01–13/01/2021"),
        ("nghỉ thứ 6 tuần tới", "thứ Sáu 15/01"),
        ("nghỉ phép 5 ngày từ 7/1", "07/01–13/01/2021"),
        ("nghỉ 3 ngày từ mai", "06/01–08/01/2021"),
        ("nghỉ 2 ngày 19/1 và 20/1", "19/01–20/01/2021"),
        ("nghỉ 12, 13/1", "12/01–13/01/2021"),
        ("nghỉ 13 và 14/1 anh Lực thay", "13/01–14/01/2021. Anh Lực"),
        ("báo nghỉ chiều nay", "thứ Ba 05/01"),
        ("nghỉ tuần sau", "11/01–15/01/2021"),
        ("nghỉ thứ 2 ngày 18/1", "thứ Hai 18/01"),
        ("nghỉ 10-14/5, chị Hương thay", "Hương"),
        ("nghỉ 20/1, chị Mai thay", "thứ Tư 20/01. Chị Mai nhận lời nhắc"),
        ("nghỉ mai, nhờ chị Mai", "thứ Tư 06/01. Chị Mai nhận lời nhắc"),
        ("nghỉ mai anh Lực thay", "thứ Tư 06/01. Anh Lực nhận lời nhắc"),
        ("nghỉ đến thứ 6 anh Lực làm thay", "05/01–08/01/2021. Anh Lực nhận lời nhắc"),
    ):
        await town.say("Lan", words)
        assert span in (heard := await town.hears("Lan")).text, (words, heard.text)
    for words in ("nghỉ 3 ngày", "nghỉ ốm", "nghỉ 31/2", "nghỉ 31/2 đến 3/3"):
        await town.say("Lan", words)
        await town.hears("Lan", "Chưa thấy ngày nghỉ")


async def test_a_deputy_who_is_away_for_a_part_is_named_and_an_absent_head_has_a_deputy(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 20), LAN, state="accepted")
    await town.until("2021-01-05 08:00")
    await town.say("Lực", "/nghi 13/1 đến 14/1")
    await town.say("Hùng", "/nghi 6/1 đến 22/1, anh Lực thay")
    for name in ("Lực", "Hùng", "Lan"):
        heard = town.unread(name)[-1].text
        if name == "Hùng":
            assert "Riêng 13/01–14/01/2021 anh Lực cũng nghỉ, cấp trên nhận thay." in heard
    await town.until("2021-01-06 08:00")
    town.unread("Lực")
    await town.say("Lan", "/nghi 11/1 đến 18/1")
    await town.hears("Lan", "Anh Lực nhận lời nhắc và làm thay")
    await town.until("2021-01-18 08:00")
    assert moments(town, "Lực") == ["15/01 07:30"]  # T-3, not the chairman; T-7 fell on his own leave
    await town.press("Lực", "① Xong")


async def test_what_cannot_be_a_leave_gets_a_clear_answer(town: Town) -> None:
    for words, answer in (
        ("/nghi", "Nhắn ngày nghỉ và người làm thay"),
        ("/nghi chị Hoa thay", "Chưa thấy ngày nghỉ"),
        ("/nghi 14/5 đến 10/5", "ở trước ngày đầu"),
        ("/nghi 10/1 đến 14/6", "dài quá 60 ngày"),
        ("/nghi 10/5 đến 14/5, chị Lan thay", "không thể là chính mình"),
        ("/nghi 10/5 đến 14/5, anh Zê thay", "Không thấy ai tên “anh Zê”"),
        ("/nghi thôi", "Chưa có ngày nghỉ nào"),
    ):
        await town.say("Lan", words)
        await town.hears("Lan", answer)
    town.quiet()


async def test_nothing_is_sent_to_who_left_and_the_head_takes_over(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 15), LAN, state="accepted")
    await town.until("2021-01-06 09:00")
    town.unread("Lan")
    left = update(memberships).where(memberships.c.person_id == town.ids[LAN]).values(until=date(2021, 1, 7))
    await town.database.write(lambda conn: conn.execute(left) and None)
    await town.until("2021-01-15 18:00")
    assert moments(town, "Lan") == []
    assert moments(town, "Hùng") == [
        "08/01 07:30", "11/01 07:30", "12/01 07:30", "14/01 07:30", "15/01 07:30", "15/01 15:30",
    ]  # fmt: skip


async def test_when_nobody_of_a_unit_can_be_reached_the_office_hears(town: Town) -> None:
    def cut_off(conn: Connection) -> None:
        for name in (LAN, "Phan Văn Hùng", "Hồ Văn Lực"):
            dead = update(accounts).where(accounts.c.person_id == town.ids[name])
            conn.execute(dead.values(dead_since=town.clock.now()))

    await town.database.write(cut_off)
    await add_task(town, "Việc một", date(2021, 1, 15), LAN, state="accepted")
    await town.until("2021-01-04 09:00")
    await town.hears("Dũng", "Chị Lan (chưa liên lạc được): Việc một, hạn 15/01")
    town.quiet()


async def test_one_day_is_said_as_one_and_a_chairman_is_told_that_nobody_stands_in(town: Town) -> None:
    await town.until("2021-01-04 09:00")
    for who in ("Lan", "Dũng", "Lực"):
        town.unread(who)
    await town.say("Lan", "nghi mai, anh Luc thay")
    noted = await town.hears("Lan", "Đã ghi: chị Lan nghỉ thứ Ba 05/01. Anh Lực nhận lời nhắc")
    assert "Muốn người khác" not in noted.text
    await town.hears("Lực", "Chị Lan nghỉ thứ Ba 05/01, nhờ anh Lực")
    await town.say("Dũng", "nghỉ 6/1")
    told = await town.hears("Dũng", "Đã ghi: đồng chí Trần Quốc Dũng nghỉ thứ Tư 06/01. ")
    assert "  " not in told.text
    assert ". Chưa có người làm thay" in told.text or "nhận lời nhắc và làm thay" in told.text


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_comes_to_a_unit_where_everybody_is_away_goes_to_the_duty_officers_at_once(
    office: Town, channel: str
) -> None:
    town = office
    for who in ("Nam", "Kiều"):
        await town.say(who, "nghỉ 4/1 đến 6/1")
        town.unread(who)
    receipt = await filed(town, town.stranger("Dân", channel), POTHOLE)
    assert "Bộ phận tiếp nhận thông tin trả lời chậm nhất" in receipt.text
    assert not town.unread("Nam")
    await town.hears("Đức", f"Phản ánh {code_in(receipt)}", "Chuyển đơn vị")
    await town.say("Kiều", "nghi thoi")  # one is back: the next comes to the unit
    receipt = await filed(town, town.stranger("Bạn", channel), "nap cong be o hem 12")
    assert "Phòng Quản lý đô thị trả lời chậm nhất" in receipt.text
