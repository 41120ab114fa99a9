"""What people say instead of pressing: a number in words, an opinion on an answer, a day of the reception."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.committee import load_spoken
from domain.reception import Slot
from domain.wishes import wanted
from tests.citizens import CHANNELS, QUIET, all_read_at, code_in, filed, wait
from tests.talk import Town
from tests.test_case_handover import case_row
from tests.test_case_rating import answered

SPOKEN = load_spoken()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = Slot("sang", "sáng", time(7, 30), time(11, 30), 2)
AFTERNOON = Slot("chieu", "chiều", time(13, 30), time(17), 2)
OFFERED = [(date(2021, 1, day), slot) for day in (7, 12, 14, 19, 21) for slot in (MORNING, AFTERNOON)]
WEDNESDAY = date(2021, 1, 6)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 nha", 1), ("so 1", 1), ("chọn số 2 đi em", 2), ("một", 1), ("mot", 1), ("ba", 3), ("12.", 12),
        ("number 2 please", 2), ("two", 2), ("bà", 0), ("2 xe tè", 0), ("hẻm 12", 0),
        ("năm nay ngập", 0), ("123456", 0), ("", 0),
    ],
)  # fmt: skip
def test_a_number_in_words(text: str, number: int) -> None:
    assert SPOKEN.number(text) == number


@given(st.text(max_size=40))
def test_no_text_breaks_it_and_numbers_are_small(text: str) -> None:
    assert 0 <= SPOKEN.number(text) < 100
    assert SPOKEN.opinion(text) in ("", "good", "bad", "partly")
    found = wanted(text, OFFERED, WEDNESDAY, SPOKEN)
    assert found is None or set(found) <= set(OFFERED)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("on roi", "good"), ("dạ ổn rồi cảm ơn", "good"), ("đã sửa rồi cảm ơn UBND", "good"), ("ok", "good"),
        ("chua on dau, toi qua van hat", "bad"), ("có thấy ai tới đâu", "bad"), ("vẫn ngập", "bad"),
        ("chưa em ơi", "bad"), ("ủa có ai làm gì đâu", "bad"), ("nói xạo, y như cũ", "bad"),
        ("đỡ hơn rồi", "partly"), ("sửa rồi nhưng lại hư", "partly"), ("on nhung con 1 it rac", "partly"),
        ("chùa Long Thiền mở loa ồn", ""), ("van nuoc hu o to 3 khu pho 5", ""), ("té xe ở ngã tư", ""),
        ("chưa xong mà chỗ khác cũng ngập", ""), ("đường hư", ""), ("cảm ơn", ""),
        ("It's fixed, thank you", "good"), ("still broken", "bad"), ("Not fixed at all, nobody came", "bad"),
        ("fixed, but the lamp is dark again", "partly"), ("a bit better", "partly"), ("good morning", ""),
        ("on the left side", ""), ("there is a pothole near the market", ""),
    ],
)  # fmt: skip
def test_an_opinion_in_words(text: str, meant: str) -> None:
    assert SPOKEN.opinion(text) == meant


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sang t5", ["07 sang"]), ("thu 5 duoc khong", ["07 sang", "07 chieu"]), ("20/1", []),
        ("chiều thứ năm tuần sau", ["14 chieu"]), ("14-1 lúc 8h", ["14 sang"]),
        ("21/01/2021 2h chiều", ["21 chieu"]),
        ("đổi sang thứ 3", ["12 sang", "12 chieu"]), ("chủ nhật", []), ("chieu 12 thang 1", ["12 chieu"]),
        ("đường hư", None), ("sáng nay đường ngập", None), ("31/2", []),
    ],
)  # fmt: skip
def test_a_day_in_words(text: str, found: list[str] | None) -> None:
    fits = wanted(text, OFFERED, WEDNESDAY, SPOKEN)
    named = None if fits is None else [f"{day:%d} {slot.code}" for day, slot in fits]
    assert named == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mai tôi bận, đổi qua thứ 3 tuần sau được không", ["12 sang", "12 chieu"]),
        ("mai tôi bận, đổi lịch được không", None),
        ("cho tôi gặp lãnh đạo sáng thứ 5 tuần sau", ["14 sang"]),
        ("tôi muốn gặp chủ tịch", None),
    ],
)
def test_a_day_among_other_words(text: str, found: list[str] | None) -> None:
    fits = wanted(text, OFFERED, WEDNESDAY, SPOKEN, alone=False)
    assert (None if fits is None else [f"{day:%d} {slot.code}" for day, slot in fits]) == found


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("words", "heard", "state"),
    [
        ("chua on dau, toi qua van hat", "Xin lỗi Ông/Bà.", "reopened"),
        ("ổn rồi, cảm ơn", "Xin cảm ơn Ông/Bà đã cho biết", "closed"),
        ("cũng đỡ", "Xin lỗi Ông/Bà.", "reopened"),
    ],
)
async def test_an_answer_is_judged_in_words(
    office: Town, channel: str, words: str, heard: str, state: str
) -> None:
    town = office
    citizen, code = await answered(town, channel)
    await town.say(citizen, words)
    await wait(town)
    assert any(heard.lower() in m.text.lower() and code in m.text for m in town.unread(citizen))
    row = await case_row(town)
    assert (row["state"], row["rating_words"]) == (state, words)


async def test_a_reply_to_the_answer_judges_it(office: Town) -> None:
    town = office
    citizen, code = await answered(town, "telegram")
    channel, chat = town._who(citizen)
    answer = next(m for m in reversed(channel.chats[chat]) if "thấy ổn chưa" in m.text)
    await town._turn(citizen, text="chưa ổn, vẫn hát", reply_to=answer.message_id)
    await wait(town)
    await town.hears(citizen, "Xin lỗi Ông/Bà.", code)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_new_matter_after_an_answer_is_no_opinion(office: Town, channel: str) -> None:
    town = office
    citizen, _ = await answered(town, channel)
    await town.say(citizen, "chùa Long Thiền mở loa ồn quá, tổ 3 khu phố 3 Long Thủy")
    await wait(town)
    await town.hears(citizen, "chùa Long Thiền", "Đồng ý và gửi")
    assert (await case_row(town))["state"] == "answered"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("words", ["so 1", "1 nha em", "một", "ok gửi ik", "gui giup toi"])
async def test_consent_as_people_type_it(town: Town, channel: str, words: str) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, QUIET)
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, words)
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_day_of_the_reception_is_named_and_changed_in_words(town: Town, channel: str) -> None:
    await all_read_at(town, "2021-01-06 09:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "toi muon gap chu tich")
    await town.hears(citizen, "thứ Năm 07/01, sáng")
    await town.say(citizen, "20/1")  # a Wednesday
    await town.hears(citizen, "Lúc đó không tiếp công dân", "thứ Năm 07/01, sáng")
    await town.say(citizen, "thu 5 tuan sau duoc khong")
    narrowed = await town.hears(citizen, "thứ Năm 14/01, sáng", "thứ Năm 14/01, chiều")
    assert "07/01" not in narrowed.text + str(narrowed.choices)
    await town.say(citizen, "buổi chiều")  # of that day
    await wait(town)
    await town.hears(citizen, "Đã đặt lịch", "thứ Năm 14/01, chiều")
    await town.press(citizen, "Đổi lịch")
    town.unread(citizen)
    await town.say(citizen, "qua sang thu 5 ngay 21/1")  # later than what is shown at once
    await town.hears(citizen, "Đã đổi lịch", "thứ Năm 21/01, sáng")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_the_reception_is_about_is_said_while_a_report_waits(town: Town, channel: str) -> None:
    await all_read_at(town, "2021-01-06 09:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, QUIET)
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "dat lich")
    await town.press(citizen, "thứ Năm 07/01, sáng")
    await wait(town)
    code = code_in(town.unread(citizen)[-1])
    await town.press(citizen, "Ghi việc cần nói")
    await town.hears(citizen, "nhắn ngắn gọn")
    await town.say(citizen, "việc cấp đất tái định cư")
    await town.hears(citizen, f"Đã ghi cho lịch hẹn {code}", "việc cấp đất tái định cư")
    town.unread(citizen)
    await town.say(citizen, "gui")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")  # the report is still there


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_day_named_at_once_is_offered_and_given_up_in_words(town: Town, channel: str) -> None:
    await all_read_at(town, "2021-01-06 09:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "cho tôi gặp lãnh đạo sáng thứ 5 tuần sau")
    heard = await town.hears(citizen, "Chọn buổi là đồng ý", "thứ Năm 14/01, sáng", "Gửi phản ánh")
    assert "07/01" not in heard.text + str(heard.choices)
    await town.say(citizen, "thôi huỷ đi")
    await town.hears(citizen, "Chưa đặt lịch nào")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("words", ["thôi không gửi nữa", "huy di em", "thoi khoi"])
async def test_a_draft_is_given_up_in_words(town: Town, channel: str, words: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, QUIET)
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, words)
    await town.hears(citizen, "Đã bỏ, không lưu gì")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_one_s_own_data_are_asked_for_in_words(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "xoá hết dữ liệu của tôi đi")
    await town.hears(citizen, "Đang lưu về Ông/Bà")
    await town.say(citizen, "xoá bảng quảng cáo dán trước cổng chợ")
    await wait(town)
    await town.hears(citizen, "bảng quảng cáo", "Đồng ý và gửi")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("words", "question", "choice"),
    [
        ("duong o xa bu nho bi sat lo", "ở huyện Phú Riềng", "Vẫn gửi ở đây"),
        ("toi khong dong y quyet dinh thu hoi dat so 45", "khiếu nại", "Đây là phản ánh"),
    ],
)
async def test_nobody_agrees_without_having_read_what_is_kept(
    town: Town, channel: str, words: str, question: str, choice: str
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, words)
    await wait(town)
    await town.hears(citizen, question)
    await town.press(citizen, choice)
    await wait(town)
    await town.hears(citizen, "UBND lưu tin, ảnh, tài khoản", "Đồng ý và gửi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_appointment_is_moved_and_given_up_in_words(town: Town, channel: str) -> None:
    await all_read_at(town, "2021-01-06 09:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "dat lich")
    await town.say(citizen, "sáng thứ 5")
    await wait(town)
    code = code_in(town.unread(citizen)[-1])
    await town.say(citizen, "mai tôi bận, đổi qua thứ 3 tuần sau được không")
    await town.hears(citizen, "thứ Ba 12/01, sáng", "thứ Ba 12/01, chiều", "Giữ lại")
    await town.say(citizen, "chiều")
    await town.hears(citizen, "Đã đổi lịch", "thứ Ba 12/01, chiều")
    for words in ("thoi khong di nua", "tôi không đi được"):
        await town.say(citizen, words)
        await town.hears(citizen, code, "Đổi lịch", "Huỷ lịch hẹn")
    await town.press(citizen, "Huỷ lịch hẹn")
    await town.hears(citizen, "Huỷ lịch tiếp công dân")
    await town.say(citizen, "đồng ý")
    await town.hears(citizen, "Đã huỷ lịch")
    await town.say(citizen, "tôi không đi được vì đường ngập trước cổng chợ")  # no appointment any more
    await wait(town)
    await town.hears(citizen, "đường ngập", "Đồng ý và gửi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_secret_number_becomes_no_part_of_a_draft(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "tra cứu phản ánh của ba con")
    await town.hears(citizen, "nhắn mã và số bí mật trong một tin")
    await town.say(citizen, QUIET)
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "ABCDE 123456")
    await town.hears(citizen, "Mã này có chỗ gõ nhầm")
    await town.say(citizen, "123456")
    await town.hears(citizen, "nhắn mã và số bí mật trong một tin")
    await town.say(citizen, "gửi")
    await wait(town)
    assert "123456" not in "".join(m.text for m in town.unread(citizen))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("words", "heard"),
    [("đúng rồi, nhà tôi cũng bị", "Ông/Bà cũng gặp, mã"), ("không phải, quán khác", "UBND đã nhận, mã")],
)
async def test_whether_others_told_of_it_is_said_in_words(
    town: Town, channel: str, words: str, heard: str
) -> None:
    await all_read_at(town, "2021-01-06 09:00")
    for name in ("Một", "Hai"):
        citizen = town.stranger(name, channel)
        await town.say(citizen, "loa keo karaoke on ao o to 3 khu pho 3 long thuy")
        await wait(town)
        await town.press(citizen, "Đồng ý và gửi")
        await wait(town)
    assert "Gần đó đã có người phản ánh" in town.unread("Hai")[-1].text
    for name in town.people:
        town.unread(name)
    await town.say("Hai", words)
    await wait(town)
    await town.hears("Hai", heard)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_after_an_answer_may_be_what_is_not_well(office: Town, channel: str) -> None:
    town = office
    citizen, code = await answered(town, channel)
    await town.say(citizen, "quán mở tới 12 giờ đêm, hát từ đầu hẻm nghe tới cuối hẻm")
    await wait(town)
    await town.hears(citizen, "quán mở tới 12 giờ", "Đồng ý và gửi", f"Chưa ổn: {code}")
    await town.press(citizen, f"Chưa ổn: {code}")
    await wait(town)
    await town.hears(citizen, "Xin lỗi Ông/Bà.", code)
    row = await case_row(town)
    assert (row["state"], row["rating_words"][:12]) == ("reopened", "quán mở tới ")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("rút lại đi khỏi cần", True), ("cô muốn rút lại phản ánh", True), ("toi rut don", True),
        ("cho em xin rút cái phản ánh hôm qua được không", True), ("khong phan anh nua dau", True),
        ("rút lại phản ánh vì hàng xóm đã xin lỗi", True), ("nước rút chưa", False), ("rut tien", False),
        ("xin rút hồ sơ đất", False), ("phan anh nuoc rut cham", False),
    ],
)  # fmt: skip
def test_what_was_sent_is_taken_back_in_many_words(text: str, meant: bool) -> None:
    assert SPOKEN.is_withdrawal(text) == meant


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_takes_a_matter_back_in_words_sees_it_with_its_choice(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    receipt = await filed(town, citizen, QUIET)
    for words in ("cô muốn rút lại phản ánh", "ai xuong chua", "toi gui nham", "bo cai do di"):
        await town.say(citizen, words)
        await town.hears(citizen, code_in(receipt), "Rút lại")
    await town.say(citizen, "tui ghi lai roi")
    await town.hears(citizen, "trợ lý tự động")
    await town.say(citizen, "huy")
    await town.hears(citizen, "Muốn rút việc đã gửi, xin nhắn TRA CUU.")
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_has_sent_nothing_from_here_is_told_how_to_find_it(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "huy")
    heard = await town.hears(citizen, "Không có việc nào đang làm dở.")
    assert "TRA CUU" not in heard.text
    for words in ("phản ánh của em tới đâu rồi", "em mất mã rồi"):
        await town.say(citizen, words)
        await town.hears(citizen, "Chưa có phản ánh nào từ tài khoản này", "mã kèm số bí mật")
    await town.say(citizen, "phản ánh bao lâu được trả lời")
    await town.hears(citizen, "từ 3 đến 7 ngày")
    await town.say(citizen, "123456")
    await town.hears(citizen, "mã và số bí mật trong một tin")
    await town.say(citizen, "mã số là 7K4M9")
    await town.hears(citizen, "Mã này có chỗ gõ nhầm")
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_wish_to_erase_one_s_data_is_no_part_of_a_draft(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, QUIET)
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "xoá hết dữ liệu của tôi đi")
    await town.hears(citizen, "Xoá liên hệ của tôi")
    await town.say(citizen, "gui")
    await wait(town)
    assert "dữ liệu" not in (await town.hears(citizen, "UBND đã nhận, mã")).text
    town.unread(citizen)
