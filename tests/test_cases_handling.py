"""Officials take, ask back, hand on, answer; rights and states are looked at anew at every press."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, update

from db.models import cases
from domain.chat import Incoming, Later
from tests.citizens import BROWN, CHANNELS, GREEN, POTHOLE, QUIET, code_in, filed, taken, wait
from tests.talk import Town


async def test_only_the_first_has_it_and_the_other_is_told_who(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, POTHOLE))
    card = await town.hears("Kiều", code)
    late = card.choices["Không thuộc đơn vị tôi"]
    town.unread("Nam")
    await town.press("Nam", "Nhận xử lý")
    await town._turn("Kiều", pressed=late, message_id=card.message_id)
    heard = [m.text for m in town.unread("Kiều")]
    assert any("Anh Nam đang xử lý" in text for text in heard)
    await town.say("Kiều", code)  # whoever knows the code may step in
    await town.press("Kiều", "Nhận thay")
    assert any("đang xử lý" in m.text for m in town.unread("Kiều"))
    await wait(town)
    assert any(f"{code}: chị Kiều đã nhận xử lý" in m.text for m in town.unread("Nam"))
    told = [m.text for m in town.unread(citizen)]
    assert len([text for text in told if "đã nhận xử lý" in text]) == 1  # the citizen hears it once


async def test_a_foreign_case_looks_like_none(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, POTHOLE)
    card = await town.hears("Kiều", "o ga")
    await town._turn("Yến", pressed=card.choices["Nhận xử lý"])
    await town.hears("Yến", "Không tìm thấy nội dung này")
    await town._turn("Yến", pressed="case:take:999")
    await town.hears("Yến", "Không tìm thấy nội dung này")
    await town._turn(citizen, pressed=card.choices["Nhận xử lý"])
    await town.hears(citizen, "Không tìm thấy nội dung này")


@pytest.mark.parametrize(
    "press", ["case:nothing:1", "case:take:x", "case:take", "case:", "case:rate:1:great"]
)
async def test_a_press_that_means_nothing_is_answered(office: Town, press: str) -> None:
    await office._turn("Nam", pressed=press)
    assert len(office.unread("Nam")) == 1


@pytest.mark.parametrize("channel", CHANNELS)
async def test_while_the_citizen_is_asked_the_clock_stands(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    town.unread(citizen)
    await town.press("Yến", "Hỏi người dân")
    await town.hears("Yến", "nhắn câu cần hỏi")
    await town.say("Yến", "Quán tên là gì, mấy giờ thì mở loa?")
    await town.hears("Yến", "Thời hạn tạm dừng")
    await town.hears(citizen, code, "Quán tên là gì", "Xin nhắn trả lời")
    await town.until("2021-01-06 10:00")
    for name in (citizen, "Yến", "Tài"):
        town.unread(name)
    await town.say(citizen, "quan Hoa Mai, 20 gio")
    await town.send(citizen, BROWN)  # a picture that follows belongs to the answer
    await wait(town)
    await town.hears(citizen, "mã " + code, "chậm nhất thứ Hai 11/01")  # 07/01 and two working days
    answered = await town.hears(
        "Yến", "người dân trả lời", "quan Hoa Mai, 20 gio", "thứ Hai 11/01", "Trả lời"
    )
    assert "Xem ảnh, tệp (1)" in answered.choices


async def test_with_several_questions_open_the_bot_asks_which(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    codes = [code_in(await filed(town, citizen, words)) for words in (QUIET, "quan karaoke Bon Mua on ao")]
    for _ in codes:
        await town.press("Yến", "Nhận xử lý")
        await town.press("Yến", "Hỏi người dân")
        await town.say("Yến", "Quán này mở loa vào lúc mấy giờ?")
        await wait(town)
    for name in (citizen, "Yến", "Tài"):
        town.unread(name)
    await town.say(citizen, "20 gio den 23 gio")
    await wait(town)
    asked = await town.hears(citizen, "trả lời cho mã nào?", "Việc mới")
    assert all(any(code in label for label in asked.choices) for code in codes)
    await town.press(citizen, f"Bổ sung cho {codes[0]} (Tiếng ồn, karaoke)")
    await wait(town)
    await town.hears("Yến", codes[0], "20 gio den 23 gio")
    town.unread(citizen)
    town.quiet("Tài")


async def test_words_meant_for_another_matter_are_taken_out_again(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán này mở loa vào lúc mấy giờ?")
    await wait(town)
    for name in (citizen, "Yến"):
        town.unread(name)
    await town.say(citizen, "o ga truoc cho")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đây là việc khác")
    await town.hears(citizen, "o ga truoc cho", "Đồng ý và gửi")
    await town.say("Yến", code)
    heard = town.unread("Yến")[-1]
    assert "Thời hạn tạm dừng" in heard.text
    assert "o ga" not in heard.text


async def test_a_reply_to_a_message_belongs_to_its_case(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(receipt := await filed(town, citizen, QUIET))
    await filed(town, citizen, POTHOLE)
    await town.say(citizen, "quan o dau hem", reply_to=receipt.message_id)
    await wait(town)
    await town.hears(citizen, "Đã chuyển “quan o dau hem”", code)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_case_of_another_unit_goes_by_the_reception_to_the_right_one(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, POTHOLE))
    for name in ("Nam", "Kiều"):
        town.unread(name)
    await town.press("Nam", "Không thuộc đơn vị tôi")
    await town.hears("Nam", "lý do")
    await town.say("Nam", "x")
    await town.hears("Nam", "Xin nhắn lý do")
    await town.say("Nam", "Đường nội bộ chợ do phòng Kinh tế quản lý")
    await town.hears("Nam", f"Đã trả lại {code}, đề nghị giao Phòng Kinh tế")
    await wait(town)
    await town.hears("Kiều", code, "đã chuyển Bộ phận tiếp nhận")
    await town.hears("Đức", code, "Đã trả lại 1 lần: Đường nội bộ chợ", "Đề nghị giao Phòng Kinh tế")
    town.unread("Bích")
    await town.press("Đức", "Giao Phòng Kinh tế")
    await wait(town)
    await town.hears("Sơn", code, "Nhận xử lý")
    await town.hears(citizen, code, "đã chuyển Phòng Kinh tế xử lý", "chậm nhất thứ Hai 11/01")
    await town.say("Nam", code)
    await town.hears("Nam", "không gửi từ tài khoản này")  # no longer theirs


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_stock_phrase_is_no_answer(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    await filed(town, citizen, QUIET)
    official = "Yến" if channel == "telegram" else "Tài"
    await taken(town, official)
    await town.press(official, "Trả lời")
    await town.say(official, "Đã tiếp nhận và sẽ xem xét xử lý theo quy định")
    assert "chưa cho người dân biết đã làm gì" in town.unread(official)[-1].text
    town.unread(citizen)
    await town.say(official, "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    await town.hears(citizen, "Đã lập biên bản quán", "Ổn")


@pytest.mark.parametrize("official", ["Nam", "Kiều"])
async def test_outdoors_a_picture_or_a_reason_is_asked_for(office: Town, official: str) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, POTHOLE)
    await taken(town, official)
    await town.press(official, "Trả lời")
    await town.say(official, "Đường này thuộc dự án mở rộng, khởi công tháng 3.")
    await wait(town)
    assert "cho biết lý do" in town.unread(official)[-1].text
    town.unread(citizen)
    await town.press(official, "Không có ảnh")
    await town.hears(official, "lý do không có ảnh")
    await town.say(official, "chưa thi công")
    await wait(town)
    answer = await town.hears(citizen, "khởi công tháng 3", "Chưa ổn")
    assert answer.uploads == []


async def test_on_zalo_the_reason_may_follow_the_number(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Nam")
    await town.press("Nam", "Trả lời")
    await town.say("Nam", "Đường này thuộc dự án mở rộng, khởi công tháng 3.")
    await wait(town)
    town.unread(citizen)
    await town.say("Nam", "1 chưa thi công")
    await wait(town)
    await town.hears(citizen, "khởi công tháng 3")


@pytest.mark.parametrize("official", ["Nam", "Kiều"])
async def test_a_picture_alone_may_be_the_answer(office: Town, official: str) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)  # no picture of before
    await taken(town, official)
    town.unread(citizen)
    await town.press(official, "Trả lời")
    await town.send(official, GREEN)
    await wait(town)
    town.unread(official)
    await town.press(official, "Gửi luôn")
    await wait(town)
    answer = await town.hears(citizen, "kết quả như ảnh")
    assert answer.uploads[0][2] == GREEN


async def test_an_album_of_the_answer_stays_with_it(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE, picture=BROWN)
    await taken(town, "Kiều")
    town.unread(citizen)
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption="Đã vá xong sáng nay")
    await town.send("Kiều", GREEN)
    await wait(town, 10)
    assert any("Đã thêm ảnh" in m.text for m in town.unread("Kiều"))
    assert len(town.unread(citizen)) == 1


async def test_an_answer_waits_for_a_picture_that_is_still_on_its_way(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, POTHOLE, picture=BROWN)
    await taken(town, "Kiều")
    town.unread(citizen)
    channel, _ = town._who("Kiều")
    real, slow = channel.fetch, {"times": 2}

    async def fetch(ref: str) -> bytes:
        if slow["times"]:
            slow["times"] -= 1
            raise Later("slow")
        return await real(ref)

    channel.fetch = fetch  # type: ignore[method-assign]
    channel.files["late"] = GREEN
    await town.press("Kiều", "Trả lời")
    await town._turn("Kiều", text="Đã vá xong sáng nay", files=(Incoming("photo", "late"),))
    await wait(town, 5)
    assert town.unread(citizen) == []
    await wait(town, 300)
    answer = await town.hears(citizen, "Đã vá xong sáng nay")
    assert len(answer.uploads) == 1
    town.unread("Kiều")
    town.quiet("Nam")


async def test_a_picture_that_never_comes_does_not_hold_the_words(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều")
    town.unread(citizen)
    channel, _ = town._who("Kiều")

    async def fetch(ref: str) -> bytes:
        raise Later("slow")

    channel.fetch = fetch  # type: ignore[method-assign]
    await town.press("Kiều", "Trả lời")
    await town._turn("Kiều", text="Đã vá xong sáng nay", files=(Incoming("photo", "late"),))
    await wait(town, 1200)
    answer = await town.hears(citizen, "Đã vá xong sáng nay", "Ảnh kết quả chưa tải được")
    assert answer.uploads == []


async def test_at_night_an_answer_waits_for_the_morning(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến")
    await wait(town)
    town.unread(citizen)
    await town.until("2021-01-04 22:30")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    assert town.unread(citizen) == []
    await town.until("2021-01-05 07:00")
    heard = await town.hears(citizen, "Đã lập biên bản quán")
    assert heard.at is not None
    assert (heard.at.hour, heard.at.minute) == (7, 0)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_leader_has_it_done_again_and_a_second_no_goes_to_the_leaders(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    for name in (citizen, "Yến", "Tài"):
        town.unread(name)
    await town.press(citizen, "Mới được một phần")
    await wait(town)
    await town.hears(citizen, "Xin lỗi Ông/Bà.", "chậm nhất thứ Năm 07/01")
    # The head of the unit, who did not answer, looks first; whoever answered may not.
    await town.hears("Tài", code, "mới được một phần")
    waiting = await town.hears("Yến", code, "mới được một phần")
    assert "Giao làm lại" not in waiting.choices
    await town.press("Tài", "Giao làm lại")
    await wait(town)
    assert any("Đã giao chị Yến làm lại" in m.text for m in town.unread("Tài"))
    await town.hears("Yến", code, "đang xử lý", "Trả lời")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã tịch thu loa, quán cam kết bằng văn bản.")
    await wait(town)
    town.unread(citizen)
    town.quiet("Yến", "Tài")
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    await town.hears("Dũng", code, "chưa đồng ý", "Giao làm lại")


async def test_words_after_a_bad_rating_reach_whoever_looks_again(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    for name in (citizen, "Yến", "Tài"):
        town.unread(name)
    await town.press(citizen, "Chưa ổn")
    await town.hears(citizen, "xin nhắn chỗ nào chưa ổn")
    await town.say(citizen, "toi nay van mo den 23 gio")
    await wait(town)
    await town.hears(citizen, "Đã chuyển “toi nay van mo")
    assert any("toi nay van mo den 23 gio" in m.text for m in town.unread("Tài"))


async def test_a_number_with_words_on_an_old_menu_is_a_new_matter(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    await town.say(citizen, "1")
    town.unread(citizen)
    await town.until("2021-01-04 12:00")
    await town.say(citizen, "2 xe te o nga tu, o ga to")
    await wait(town)
    await town.hears(citizen, "2 xe te o nga tu", "Đồng ý và gửi")


async def test_an_official_who_sent_the_report_gets_no_card_of_it(office: Town) -> None:
    town = office
    await town.say("Kiều", "/guiphananh")
    await town.say("Kiều", POTHOLE)
    await wait(town)
    town.unread("Kiều")
    await town.press("Kiều", "Đồng ý và gửi")
    await wait(town)
    assert len(town.unread("Kiều")) == 1
    await town.hears("Nam", "o ga")


async def test_the_files_of_a_case_can_be_seen(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await town.send(citizen, BROWN)
    await filed(town, citizen, POTHOLE, picture=GREEN)
    town.unread("Kiều")
    await town.press("Kiều", "Xem ảnh, tệp (2)")
    await wait(town)
    assert [m.uploads[0][2] for m in town.unread("Kiều")] == [BROWN, GREEN]


async def test_an_overdue_case_is_admitted(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, QUIET))
    await town.jump("2021-01-12 09:00")
    town.unread(citizen)
    await town.say(citizen, code)
    await town.hears(citizen, "Quá hạn 3 ngày làm việc (hẹn 07/01), đã báo lãnh đạo", "xin lỗi")


async def test_an_official_with_an_unsent_draft_is_asked_to_end_it_first(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều")
    await town.say("Kiều", "/guiphananh")
    await town.say("Kiều", "rac o sau cho")
    await wait(town)
    town.unread("Kiều")
    await town.press("Kiều", "Trả lời")
    await town.hears("Kiều", "đang soạn một phản ánh chưa gửi")


async def test_a_case_that_ended_meanwhile_is_not_answered(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến")
    await town.press("Yến", "Trả lời")
    town.unread("Yến")

    def end(conn: Connection) -> None:
        conn.execute(update(cases).values(state="withdrawn"))

    await town.database.write(end)
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await town.hears("Yến", "đã thay đổi")


@pytest.mark.parametrize("who", ["Yến", "Tài"])
async def test_words_without_a_button_may_be_the_answer_to_a_case_in_hand(office: Town, who: str) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, who, "Yến", "Tài")
    town.unread(citizen)
    await town.say(who, "Tối qua đội trật tự đã lập biên bản quán ở tổ 3, quán cam kết tắt loa sau 22 giờ")
    await wait(town)
    await town.hears(who, "câu trả lời người dân", f"Trả lời {code}")
    await town.press(who, f"Trả lời {code}")
    await wait(town)
    await town.hears(citizen, code, "cam kết tắt loa sau 22 giờ", "Ông/Bà thấy ổn chưa?")


async def test_a_reply_to_the_card_of_a_case_in_hand_is_its_answer(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, QUIET))
    await town.press("Yến", "Nhận xử lý")
    await wait(town)
    card = town.unread("Yến")[-1]
    town.unread(citizen)
    await town.say("Yến", "Đã xử lý", reply_to=card.message_id)
    await town.hears("Yến", "chưa cho người dân biết đã làm gì")
    words = "Tối qua đã lập biên bản, quán cam kết tắt loa sau 22 giờ"
    await town.say("Yến", words, reply_to=card.message_id)
    await wait(town)
    await town.hears(citizen, code, "cam kết tắt loa sau 22 giờ")
