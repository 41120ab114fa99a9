"""After the answer: one reminder, an end without an opinion, a "chưa ổn" that somebody else decides."""

from __future__ import annotations

import pytest

from tests.citizens import CHANNELS, QUIET, code_in, filed, taken, wait
from tests.talk import Town
from tests.test_case_handover import case_row, hush

ANSWER = "Đã lập biên bản quán, buộc tắt loa sau 22 giờ."


async def answered(town: Town, channel: str) -> tuple[str, str]:
    """A citizen and the code of a case that Yến has just answered."""
    citizen = town.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", ANSWER)
    await wait(town)
    hush(town)
    return citizen, code


@pytest.mark.parametrize("channel", CHANNELS)
async def test_silence_is_reminded_once_and_ends_the_case_after_fifteen_days(
    office: Town, channel: str
) -> None:
    town = office
    citizen, code = await answered(town, channel)
    await town.until("2021-01-07 12:00")
    await town.hears(citizen, code, "Ông/Bà thấy ổn chưa?", "kết thúc ngày 19/01", "Chưa ổn")
    await town.until("2021-01-19 12:00")
    assert not town.unread(citizen)
    assert (await case_row(town))["state"] == "lapsed"
    await town.say(citizen, code)
    ended = await town.hears(citizen, "Đã kết thúc, chưa có ý kiến của Ông/Bà")
    assert "Chưa ổn" not in ended.text + str(ended.choices)
    await town._turn(citizen, pressed="case:rate:1:bad")  # the button of the reminder
    await town.hears(citizen, "Đã quá 15 ngày", code, "phản ánh mới")
    assert (await case_row(town))["state"] == "lapsed"
    if channel == "zalo":
        return
    await town.say(citizen, "toi 19 quan lai mo loa om som den 12 gio dem")
    await wait(town)
    await town.hears(citizen, "quan lai mo loa", "Đồng ý và gửi")


async def test_a_doubt_is_heard_until_the_fifteenth_day(office: Town) -> None:
    town = office
    citizen, code = await answered(town, "zalo")
    await town.until("2021-01-19 07:30")
    town.unread(citizen)
    await town.say(citizen, code)
    await town.hears(citizen, "Đã trả lời", "Chưa ổn")
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    await town.hears(citizen, "Xin lỗi Ông/Bà.")
    row = await case_row(town)
    assert (row["state"], row["closed_at"]) == ("reopened", None)


async def test_who_has_answered_is_not_reminded(office: Town) -> None:
    town = office
    citizen, _ = await answered(town, "telegram")
    await town.press(citizen, "Ổn")
    town.unread(citizen)
    await town.until("2021-01-20 12:00")
    assert not town.unread(citizen)
    assert (await case_row(town))["state"] == "closed"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_answer_that_stays_has_a_reason_and_the_second_doubt_is_a_leader_s(
    office: Town, channel: str
) -> None:
    town = office
    citizen, code = await answered(town, channel)
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    town.unread(citizen)
    await town.hears("Tài", code, "chưa đồng ý", "Giữ nguyên")
    await town.press("Tài", "Giữ nguyên")
    await town.hears("Tài", "vì sao giữ nguyên")
    await town.say("Tài", "vì đúng rồi")
    await town.hears("Tài", "Xin nói rõ vì sao")
    await town.say("Tài", "Tối qua tổ tuần tra đo lại, quán đã tắt loa lúc 21:40.")
    await town.hears("Tài", f"Đã giữ nguyên câu trả lời của {code}")
    await wait(town)
    await town.hears(citizen, code, "giữ nguyên câu trả lời", "đo lại, quán đã tắt loa", "Chưa ổn")
    town.unread("Dũng")
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    await town.hears("Dũng", code, "chưa đồng ý lần thứ hai", "Giao làm lại")
    assert (await case_row(town))["state"] == "appealed"
    town.unread("Tài")
    await town._turn("Tài", pressed="case:redo:1")
    await town.hears("Tài", "Việc này chờ lãnh đạo")
    town.unread(citizen)
    await town.press("Dũng", "Giữ nguyên")
    await town.say("Dũng", "Đã xem biên bản đo ba tối liền, quán chấp hành đúng giờ.")
    await wait(town)
    heard = await town.hears(citizen, "Đây là ý kiến cuối của lãnh đạo", "đến gặp trực tiếp")
    assert "Chưa ổn" not in heard.text + str(heard.choices)
    assert (await case_row(town))["state"] == "closed"
    town.unread(citizen)
    await town._turn(citizen, pressed="case:rate:1:bad")
    await town.hears(citizen, "đã được ghi nhận")


async def test_a_doubt_nobody_decides_comes_before_a_leader(office: Town) -> None:
    town = office
    citizen, code = await answered(town, "telegram")
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    hush(town)
    await town.until("2021-01-07 08:00")
    assert any(code in m.text and "Giao làm lại" in m.choices for m in town.unread("Dũng"))


async def test_no_one_decides_about_their_own_answer(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Tài", "Yến")  # the head answers
    await town.press("Tài", "Trả lời")
    await town.say("Tài", ANSWER)
    await wait(town)
    hush(town)
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    await town.hears("Dũng", code, "Giữ nguyên")
    assert not any("Giữ nguyên" in m.text for m in town.unread("Tài"))
    await town._turn("Tài", pressed="case:keepit:1")
    await town.hears("Tài", "Việc này chờ lãnh đạo")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_question_nobody_answers_lets_the_case_go_on_or_end_with_a_reason(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Khác")
    assert "thiếu thông tin" not in str([m.choices for m in town.unread("Yến")])
    await town.press("Yến", "Quay lại")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán ở số mấy ạ?")
    await wait(town)
    hush(town)
    await town.until("2021-01-06 12:00")
    await town.hears(citizen, "Nhắc Ông/Bà", code, "Quán ở số mấy", "chậm nhất thứ Hai 11/01")
    await town.until("2021-01-11 08:00")
    assert not town.unread(citizen)
    await town.until("2021-01-11 12:00")  # half of the time, then the last day
    await town.hears(citizen, "Hôm nay là ngày cuối", code, "Quán ở số mấy", "chậm nhất thứ Hai 11/01")
    await town.until("2021-01-11 18:00")
    await town.hears(citizen, code, "chưa nhận được trả lời", "chậm nhất thứ Năm 14/01")
    await town.until("2021-01-12 08:00")
    assert any(code in m.text and "Trả lời" in m.choices for m in town.unread("Yến"))
    await town.press("Yến", "Khác")
    await town.press("Yến", "Kết thúc, thiếu thông tin")
    await town.say("Yến", "không rõ")
    assert "Xin nói rõ còn thiếu gì" in town.unread("Yến")[-1].text
    await town.say("Yến", "Tổ 3 có hai quán, chưa rõ quán nào nên chưa lập biên bản được.")
    await wait(town)
    await town.hears(citizen, code, "tạm kết thúc. Tổ 3 có hai quán", "Chưa ổn")
    assert (await case_row(town))["state"] == "lapsed"
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    assert (await case_row(town))["state"] == "reopened"


async def test_an_answered_question_ends_the_wait(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán ở số mấy ạ?")
    await wait(town)
    await town.say(citizen, "so 12")
    await wait(town)
    hush(town)
    await town.until("2021-01-06 20:00")
    assert not town.unread(citizen)
    await town._turn("Yến", pressed="case:giveup:1")
    town.unread("Yến")
    await town.say("Yến", "Không có thông tin gì thêm để làm tiếp")
    await town.hears("Yến", "đã thay đổi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_late_is_admitted_once(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))  # due on Thursday 07/01
    await taken(town, "Yến", "Tài")
    hush(town)
    await town.until("2021-01-07 23:00")
    assert not town.unread(citizen)
    await town.until("2021-01-08 08:00")
    heard = await town.hears(
        citizen, code, "đã quá hạn 07/01", "UBND xin lỗi Ông/Bà", "việc vẫn ở", "lãnh đạo đơn vị đã được báo"
    )
    assert heard.at is not None
    assert (heard.at.hour, heard.at.minute) == (7, 30)
    await town.until("2021-01-18 20:00")
    assert not town.unread(citizen)


async def test_nobody_apologises_while_the_clock_stands(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán ở số mấy ạ?")
    await wait(town)
    hush(town)
    await town.until("2021-01-11 12:00")
    assert not any("quá hạn" in m.text for m in town.unread(citizen))


async def test_the_timers_work_on_postgres_too(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    await answered(town, "telegram")
    await town.until("2021-01-19 12:00")
    assert (await case_row(town))["state"] == "lapsed"
