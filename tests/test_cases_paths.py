"""Every path of a case ends in an answer: nobody left to ask, an appointment given up, one's own matter."""

from __future__ import annotations

import pytest

from tests.citizens import (
    BROWN,
    CHANNELS,
    GREEN,
    GRIEVANCE,
    POTHOLE,
    QUIET,
    code_in,
    filed,
    picked,
    pin_in,
    taken,
    wait,
)
from tests.talk import Town


async def test_a_question_nobody_is_left_to_answer_ends_and_the_clock_runs_on(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Nhà số mấy ạ?")
    await wait(town)
    town.unread("Yến")
    await town._turn(citizen, pressed="data:forget")
    await wait(town)
    card = next(m for m in reversed(town.unread("Yến")) if code in m.text)
    assert "đang xử lý" in card.text
    assert "Không còn liên hệ của người dân" in card.text
    assert "Hỏi người dân" not in card.choices
    await town._turn("Yến", pressed="case:ask:1")
    await town.hears("Yến", f"Không còn liên hệ của người gửi {code}")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã nhắc chủ quán, từ tối nay nghỉ trước 22 giờ.")
    await wait(town)
    assert any(f"✓ {code}" in m.text for m in town.unread("Yến"))


async def test_an_address_is_no_mistyped_code(office: Town) -> None:
    town = office
    for number, words in enumerate(("so 5 do", "hem12", "to 15 a")):
        citizen = town.stranger(f"Dân {number}", "zalo")
        await filed(town, citizen, QUIET)
        await taken(town, "Yến", "Tài")
        await town.press("Yến", "Hỏi người dân")
        await town.say("Yến", "Nhà số mấy ạ?")
        await wait(town)
        town.unread(citizen)
        await town.say(citizen, words)
        await wait(town)
        await town.hears(citizen, f"Đã chuyển “{words}”")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_appointment_can_be_given_up(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    await town.say(citizen, GRIEVANCE)
    await wait(town)
    await town.press(citizen, "Đặt lịch tiếp công dân")
    await town.press(citizen, "thứ Năm 07/01, sáng")
    await wait(town)
    code = code_in(town.unread(citizen)[-1])
    town.unread("Đức")
    await town.say(citizen, "tra cuu")
    await town.hears(citizen, code, "Đã hẹn tiếp công dân 07/01")
    await town.say(citizen, code)
    await town.press(citizen, "Huỷ lịch hẹn")
    await town.press(citizen, "Đồng ý huỷ")
    assert any(f"Đã huỷ lịch hẹn {code}" in m.text for m in town.unread(citizen))
    await wait(town)
    assert any(f"{code}: người dân đã huỷ lịch" in m.text for m in town.unread("Đức"))


async def test_more_words_of_a_grievance_are_answered_in_a_line(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await town.say(citizen, GRIEVANCE)
    await wait(town)
    await town.hears(citizen, "không phải là đơn", "Điều 9")
    await town.say(citizen, "dat nha toi o ap 3")
    await wait(town)
    heard = await town.hears(citizen, "Đã ghi thêm", "1. Đặt lịch tiếp công dân")
    assert len(heard.text.split()) <= 45


@pytest.mark.parametrize("channel", CHANNELS)
async def test_whoever_asks_for_the_answer_later_sees_its_picture(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    receipt = await filed(town, citizen, POTHOLE, picture=BROWN)
    code, pin = code_in(receipt), pin_in(receipt)
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption="Sáng nay đã vá xong ổ gà trước chợ")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, code)
    assert (await town.hears(citizen, "Sáng nay đã vá")).uploads[0][2] == GREEN
    other = town.stranger("Người nhà", channel)
    await town.say(other, f"{code} {pin}")
    assert (await town.hears(other, "Sáng nay đã vá")).uploads[0][2] == GREEN


async def test_words_for_a_case_that_is_over_become_a_new_matter(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE))
    await town.say(citizen, code)
    await town.press(citizen, "Rút lại")
    await town.press(citizen, "Đồng ý rút")
    town.unread(citizen)
    await town.say(citizen, f"{code} nay lai bi hu")
    await wait(town)
    await town.hears(citizen, "nay lai bi hu", "Đồng ý và gửi")


async def test_nobody_works_on_what_they_sent_themselves(office: Town) -> None:
    town = office
    await town.say("Kiều", POTHOLE)
    await wait(town)
    await town.press("Kiều", "Gửi phản ánh")
    await wait(town)
    await town.press("Kiều", "Đồng ý và gửi")
    await wait(town)
    code = code_in(town.unread("Kiều")[-1])
    await town.say("Nam", "2")
    await town.say("Nam", "việc của bộ phận khác")
    await town.press("Nam", "Không rõ")
    await wait(town)
    await town.press("Đức", "Chuyển đơn vị")
    await picked(town, "Đức", "Phòng Quản lý đô thị")
    await wait(town)
    assert not [m for m in town.unread("Kiều") if "Nhận xử lý" in m.choices]
    await town._turn("Kiều", pressed="case:take:1")
    await town.hears("Kiều", f"{code} do chính anh/chị gửi")


async def test_two_questions_are_told_apart_by_their_matter(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    for official in ("Yến", "Kiều"):
        await town.press(official, "Hỏi người dân")
        await town.say(official, "Nhà số mấy ạ?")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "so 12")
    await wait(town)
    await town.hears(citizen, "(Đường, vỉa hè, cầu cống)", "(Tiếng ồn, karaoke)", "3. Việc mới")


async def test_who_does_it_again_reads_why(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã nhắc chủ quán, từ tối nay nghỉ trước 22 giờ.")
    await wait(town)
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    town.unread("Yến")
    await town.press("Tài", "Giao làm lại")
    await wait(town)
    assert any(code in m.text and "Làm lại: người dân chưa đồng ý" in m.text for m in town.unread("Yến"))


async def test_without_edits_a_missing_place_is_still_asked_for(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await town.send(citizen, BROWN)
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "o ga to lam")
    await wait(town)
    await town.hears(citizen, "Gần chỗ nào?", "1. Đồng ý và gửi")


async def test_a_citizen_s_help_lists_no_report_but_asking_for_it_is_answered(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await town.say(citizen, "/trogiup")
    assert "/baocao" not in town.unread(citizen)[-1].text
    await town.say(citizen, "bc")
    await town.hears(citizen, "dành cho lãnh đạo")
    for official, sees in (("Kiều", False), ("Nam", True)):  # what is for heads is shown to heads
        await town.say(official, "/trogiup")
        told = town.unread(official)[-1].text
        assert ("/baocao" in told) == sees
        assert told.index("/nhiemvu") < told.index("/hoso") < told.index("/tim") < told.index("Ít dùng: ")
        assert "/guiphananh" in told.split("Ít dùng: ")[1]
        assert len(told.split()) < 100  # more than half of it Zalo's menu and names of commands


async def test_a_draft_erased_with_suspected_words_is_said_to_be_erased(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await town.say(citizen, "mot cua lam viec cham")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "can bo doi phong bi moi lam")
    await wait(town)
    await town.hears(citizen, "chưa được lưu, bản đang soạn đã xoá")


async def test_a_number_that_no_menu_has_becomes_no_matter(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, "o ga truoc cho"))
    await town.say(citizen, "tra cuu")
    await town.hears(citizen, f"1. {code}")
    await town.say(citizen, "2")
    await wait(town)
    await town.hears(citizen, "không có lựa chọn số 2")
    await town.say(citizen, "1")
    await town.hears(citizen, code, "Đã chuyển đơn vị xử lý")
