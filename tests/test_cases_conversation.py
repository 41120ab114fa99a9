"""Conversation A: a citizen, three messages and one choice, on both channels."""

from __future__ import annotations

import pytest

from tests.citizens import BROWN, CHANNELS, GREEN, code_in, pin_in, wait
from tests.talk import Town


def words(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_pothole_from_the_first_picture_to_the_second_look(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    town.unread("Nam")
    citizen = town.stranger("Dân", channel)
    before = town.turns

    await town.send(citizen, BROWN)
    await town.say(citizen, "duong ap 5 o ga to, toi qua 2 xe te")
    assert town.unread(citizen) == []  # a burst is gathered
    await wait(town)
    review = await town.hears(
        citizen,
        "Trợ lý tự động của UBND thị xã Phước Long. Xin Ông/Bà xem lại trước khi gửi:",
        "Đường, vỉa hè, cầu cống: duong ap 5 o ga to, toi qua 2 xe te · 1 ảnh",
        "Gần chỗ nào? Nhắn thêm, hoặc chọn:",
        "Đồng ý và gửi",
        "Sửa",
        "Thôi",
        "nhắn DULIEU để xem, xoá",
        "gọi 115",
    )
    assert words(review.text) <= 81  # of which 13 are the citizen's

    await town.say(citizen, "gan nha van hoa")
    await wait(town)
    if channel == "zalo":
        added = await town.hears(citizen, 'Đã thêm "gan nha van hoa"', "1. Đồng ý và gửi")
        assert words(added.text) <= 20
    else:
        assert (await town.hears(citizen, "gan nha van hoa")).message_id == review.message_id
    town.quiet()

    await town.press(citizen, "Đồng ý và gửi")
    assert town.turns - before == 4  # three messages and one choice
    await wait(town)
    receipt = await town.hears(
        citizen, "UBND đã nhận, mã", "Phòng Quản lý đô thị trả lời chậm nhất thứ Hai 11/01", "nhắn mã này"
    )
    assert (receipt.message_id == review.message_id) == (channel == "telegram")
    assert words(receipt.text) <= 60
    code = code_in(receipt)
    assert len(pin_in(receipt)) == 6

    for official in ("Nam", "Kiều"):
        card = await town.hears(official, code, "duong ap 5 o ga to", "gan nha van hoa", "Nhận xử lý")
        assert card.uploads[0][2] == BROWN
        assert "Dân" not in card.text
    town.quiet()

    await town.press("Nam", "Nhận xử lý")
    await wait(town)
    await town.hears("Nam", code, "đang xử lý")
    await town.hears("Kiều", f"{code}: anh Nam đã nhận xử lý")
    news = await town.hears(citizen, code, "Phòng Quản lý đô thị đã nhận xử lý")
    assert "Nam" not in news.text
    town.quiet()

    await town.until("2021-01-06 09:00")
    for chat in (*town.people,):
        town.unread(chat)  # morning cards
    before = town.turns
    await town.press("Nam", "Trả lời")
    await town.hears("Nam", "gửi ảnh sau xử lý kèm một câu")
    await town.send("Nam", GREEN, caption="sáng nay đã vá ổ gà gần nhà văn hoá ấp 5")
    assert town.turns - before == 2  # one tap and one line
    await wait(town, 10)
    await town.hears("Nam", code, "đã trả lời, chờ ý kiến người dân")
    await town.hears("Kiều", code, "đã trả lời")
    answer = await town.hears(
        citizen, f"{code}: sáng nay đã vá ổ gà", "Ông/Bà thấy ổn chưa?", "Mới được một phần"
    )
    assert len(answer.uploads) == 1  # before and after as one picture
    assert answer.uploads[0][2] not in (BROWN, GREEN)
    assert answer.uploads[0][2].startswith(b"\x89PNG")

    if channel == "zalo":
        await town.say(citizen, "2 mua cai la bong ra")
    else:
        await town.press(citizen, "Chưa ổn")
    sorry = await town.hears(
        citizen, "Xin lỗi Ông/Bà.", "đã chuyển lãnh đạo xem lại, trả lời chậm nhất thứ Ba 12/01"
    )
    assert words(sorry.text) <= 40
    leader = await town.hears("Dũng", code, "chưa đồng ý", "Giao làm lại", "Nhận xử lý")
    assert ("mua cai la bong ra" in leader.text) == (channel == "zalo")
    await town.hears("Kiều", code, "chưa đồng ý")
    mine = await town.hears("Nam", code, "chưa đồng ý")
    assert "Nhận xử lý" not in mine.text  # not looked at again by whoever answered
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_content_citizens_close_their_case_with_one_choice(either_town: Town, channel: str) -> None:
    town = either_town  # on PostgreSQL too
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "loa keo karaoke on ao moi dem o to 3")
    await wait(town)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.press("Tài", "Nhận xử lý")
    await town.press("Tài", "Trả lời")
    await town.say("Tài", "Đã nhắc nhở và lập biên bản hai quán, cấm mở sau 22 giờ.")
    await wait(town)
    for name in ("Tài", "Yến", citizen):
        town.unread(name)
    await town.press(citizen, "Ổn")
    await town.hears(citizen, "cảm ơn Ông/Bà", "kết thúc")
    await town.hears("Tài", "người dân thấy ổn")
    await town.hears("Yến", "người dân thấy ổn")
    town.quiet()
