"""How often and how a citizen hears of a case: few messages, none at night, one tap at every end."""

from __future__ import annotations

import pytest

from tests.citizens import CHANNELS, QUIET, code_in, filed, taken, wait
from tests.talk import Town
from tests.test_case_handover import case_row, hush

MATTERS = (
    "o ga truoc cho",
    "den duong hong truoc nha van hoa ap 1",
    "cay do truoc cong truong hoc",
    "nap cong vo o hem 5 duong 3/2",
    "via he bi lan chiem ban hang o duong Nguyen Tat Thanh",
)


async def take(town: Town, official: str, number: int) -> None:
    await town._turn(official, pressed=f"case:take:{number}")
    await wait(town)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_after_three_news_of_a_day_the_rest_comes_in_the_evening(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    codes = [code_in(await filed(town, citizen, words)) for words in MATTERS]
    await town._turn("Nam", pressed="case:take:1")
    for number in range(2, 6):
        await take(town, "Nam", number)
    for code in codes[:3]:
        await town.hears(citizen, code, "đã nhận xử lý")
    assert not town.unread(citizen)
    hush(town)
    await town._turn("Nam", pressed="case:ask:4")  # what asks something of them never waits
    await town.say("Nam", "Nắp cống vỡ hẳn hay chỉ nứt ạ?")
    await wait(town)
    await town.hears(citizen, codes[3], "cần hỏi thêm")
    await town.until("2021-01-04 19:59")
    assert not town.unread(citizen)
    await town.until("2021-01-04 20:30")
    evening = await town.hears(citizen, "Hôm nay còn có tin về", codes[4], "Đang xử lý, hạn 11/01")
    assert codes[3] not in evening.text  # its question was heard
    assert not town.unread(citizen)
    await town.press(citizen, codes[4])
    await town.hears(citizen, codes[4], "Đang xử lý", "Bổ sung")
    await town.until("2021-01-05 12:00")
    await town._turn("Kiều", pressed="case:takeover:5")
    await wait(town)
    assert not [heard for heard in town.unread(citizen) if "Hôm nay còn" in heard.text]


async def test_what_is_asked_at_night_is_heard_in_the_morning(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    town.unread(citizen)
    await town.until("2021-01-04 22:00")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán ở số mấy ạ?")
    await wait(town)
    await town.until("2021-01-05 06:59")
    assert not town.unread(citizen)
    await town.until("2021-01-05 07:10")
    heard = await town.hears(citizen, code, "cần hỏi thêm", "Quán ở số mấy")
    assert heard.at is not None
    assert heard.at.hour == 7
    assert not town.unread(citizen)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_both_sides_see_that_the_clock_stands(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán ở số mấy ạ?")
    await wait(town)
    assert any("Thời hạn tạm dừng" in heard.text for heard in town.unread("Yến"))
    town.unread(citizen)
    await town.say(citizen, code)
    await town.hears(citizen, "thời hạn tạm dừng đến thứ Hai 11/01", "Quán ở số mấy")
    await town.say("Yến", code)
    assert "Thời hạn tạm dừng" in town.unread("Yến")[-1].text


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_knows_no_more_says_so_with_one_tap_and_the_clock_runs_on(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    town.unread(citizen)
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán ở số mấy ạ?")
    await wait(town)
    await town.hears(citizen, code, "Quán ở số mấy", "Tôi không rõ thêm")
    town.unread("Yến")
    await town.press(citizen, "Tôi không rõ thêm")
    await wait(town)
    await town.hears(citizen, code, "làm tiếp theo nội dung đã có", "chậm nhất thứ Năm 07/01")
    await town.hears("Yến", code, "không rõ thêm", "Quán ở số mấy", "Trả lời")
    assert (await case_row(town))["state"] == "working"
    await town._turn(citizen, pressed="case:nomore:1")
    await town.hears(citizen, "đã thay đổi")
    await town.press("Yến", "Khác")
    assert any("Kết thúc, thiếu thông tin" in heard.choices for heard in town.unread("Yến"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_end_without_an_answer_is_asked_about_with_one_tap_and_once_more(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Tài", "Yến")
    await town.press("Tài", "Khác")
    await town.press("Tài", "Ngoài thẩm quyền")
    town.unread(citizen)
    await town.say("Tài", "Việc này do Công an phường Long Thuỷ xử lý, số 113.")
    await wait(town)
    await town.hears(citizen, code, "ngoài thẩm quyền", "Công an phường", "Ổn", "Chưa ổn")
    await town.until("2021-01-07 12:00")
    await town.hears(citizen, code, "Ông/Bà thấy ổn chưa?", "chậm nhất 19/01", "Ổn", "Chưa ổn")
    await town.press(citizen, "Ổn")
    await town.hears(citizen, code, "cảm ơn Ông/Bà")
    row = await case_row(town)
    assert (row["state"], row["rating"]) == ("referred", "good")
    await town.say(citizen, code)
    assert "Chưa ổn" not in (heard := await town.hears(citizen, code)).text + str(heard.choices)
    await town.until("2021-01-20 12:00")
    assert not town.unread(citizen)


async def test_who_ended_for_want_of_words_may_say_that_it_is_well(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán ở số mấy ạ?")
    await town.until("2021-01-12 08:00")
    hush(town)
    await town._turn("Yến", pressed="case:giveup:1")
    await town.say("Yến", "Tổ 3 có hai quán, chưa rõ quán nào nên chưa lập biên bản được.")
    await wait(town)
    await town.hears(citizen, code, "tạm kết thúc", "1. Ổn", "2. Chưa ổn")
    await town.until("2021-01-15 12:00")
    await town.hears(citizen, code, "Ông/Bà thấy ổn chưa?", "chậm nhất 27/01")
    await town.until("2021-01-28 12:00")
    await town.say(citizen, f"{code}")
    await town.hears(citizen, code)
    await town._turn(citizen, pressed="case:rate:1:bad")
    await town.hears(citizen, "Đã quá 15 ngày", code)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_could_not_be_told_is_held_until_the_citizen_writes_again(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    far, chat = town._who(citizen)
    far.blocked.add(chat)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    assert any("Chưa báo được" in heard.text for heard in town.unread("Yến"))
    assert any("chưa báo được người dân" in heard.text for heard in town.unread("Tài"))
    await town.until("2021-01-05 12:00")
    far.blocked.discard(chat)
    await town.say(citizen, "xin chào")
    await wait(town)
    heard = town.unread(citizen)
    news = [each for each in heard if code in each.text]
    assert len(news) == 1  # not that somebody took it, too
    assert "buộc tắt loa" in news[0].text
    await town.press(citizen, "Ổn")
    await town.hears(citizen, "cảm ơn Ông/Bà")


async def test_news_that_a_platform_refuses_is_marked_too_and_the_mark_goes(either_town: Town) -> None:
    town = either_town  # on PostgreSQL too
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, QUIET))
    far, chat = town._who(citizen)
    far.blocked.add(chat)
    await taken(town, "Yến", "Tài")
    await town.say("Yến", code)
    assert "Chưa báo được" in town.unread("Yến")[-1].text
    far.blocked.discard(chat)
    await town.say(citizen, "xin chào")
    await wait(town)
    assert any("đã nhận xử lý" in heard.text for heard in town.unread(citizen))
    await town.say("Yến", code)
    assert "Chưa báo được" not in town.unread("Yến")[-1].text


async def test_officials_read_a_sealed_sender_s_opinion_without_who_it_is(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await town.say(citizen, QUIET)
    await wait(town)
    for label in ("Ẩn danh", "Cán bộ không biết tôi là ai", "Đồng ý và gửi"):
        await town.press(citizen, label)
        await wait(town)
    town.unread(citizen)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    hush(town)
    await town.press(citizen, "Chưa ổn")
    await town.say(citizen, "Tôi tên Nguyễn Văn Mít, 0912345678, quán vẫn mở")
    await wait(town)
    await town.until("2021-01-05 09:00")
    read = [heard.text for name in ("Yến", "Tài", "Dũng") for heard in town.unread(name)]
    assert any("chưa đồng ý" in text for text in read)
    assert any("quán vẫn mở" in text for text in read)
    for private in ("Mít", "0912345678", "telegram-Dân"):
        assert private not in str(read)
