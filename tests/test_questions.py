"""Hỏi đáp as conversations: answered at once, handed to a person, never taken for something else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from db import dialogs
from db.models import cases
from tests.citizens import BROWN, CHANNELS, code_in, taken, wait
from tests.talk import Town


async def at_work(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_question_is_answered_at_once_with_its_law(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "lam khai sinh can j")
    heard = await town.hears(
        citizen, "Đăng ký khai sinh", "60 ngày", "Luật Hộ tịch", "nên hỏi lại cán bộ",
        "Hỏi cán bộ", "Gửi phản ánh",
    )  # fmt: skip
    assert len(heard.text.split()) <= 75
    await town.say(citizen, "vay giay khai sinh mat roi lam sao")
    await town.hears(citizen, "trích lục")
    await town.say(citizen, "cam on")
    await town.hears(citizen, "Xin cảm ơn Ông/Bà")
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_when_the_water_comes_back_is_not_when_the_office_opens(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "Mấy giờ có nước lại")
    heard = await town.hears(citizen, "Câu này chưa có sẵn trả lời", "Hỏi cán bộ", "Gửi phản ánh")
    assert "07:30" not in heard.text
    await town.press(citizen, "Gửi phản ánh")
    await wait(town)
    await town.hears(citizen, "Mấy giờ có nước lại", "Đồng ý và gửi")
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_question_goes_to_an_official_and_comes_back_answered(town: Town, channel: str) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "sửa nhà nâng mái có phải xin phép không ad")
    await town.hears(citizen, "Giấy phép xây dựng")
    await town.press(citizen, "Hỏi cán bộ")
    await wait(town)
    await town.hears(citizen, "Câu hỏi: sửa nhà nâng mái", "Đồng ý và gửi", "DULIEU")
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    receipt = await town.hears(citizen, "UBND đã nhận, mã", "Phòng Quản lý đô thị", "thứ Năm 07/01")
    code = code_in(receipt)
    await town.hears("Nam", f"Câu hỏi {code}", "Hỏi đáp: sửa nhà nâng mái")
    await taken(town, "Nam", *[name for name in town.people if name != citizen])
    await town.hears(citizen, code, "đã nhận xử lý")
    await town.press("Nam", "Trả lời")
    await town.hears("Nam", "nhắn câu trả lời")
    await town.say("Nam", "Nâng mái làm thay đổi kết cấu nên phải xin phép, nộp đơn và bản vẽ tại một cửa.")
    await wait(town)
    await town.hears(citizen, code, "phải xin phép", "Ổn")
    await town.press(citizen, "Ổn")
    await town.hears(citizen, "kết thúc")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_nobody_foresaw_is_offered_to_an_official(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "tiem vac xin covid o dau")
    await town.hears(citizen, "chưa có sẵn trả lời", "Hỏi cán bộ", "Gửi phản ánh")
    await town.press(citizen, "Hỏi cán bộ")
    await wait(town)
    await town.hears(citizen, "Câu hỏi: tiem vac xin covid o dau")
    await town.say(citizen, "toi o Long Thuy")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận", "Bộ phận tiếp nhận thông tin")
    row = (await town.database.read(_cases))[0]
    assert (row.track, row.words) == ("hoi_dap", "tiem vac xin covid o dau\ntoi o Long Thuy")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_matter_is_not_taken_for_a_question(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "đường hư hoài sao không ai sửa?")
    await wait(town)
    await town.hears(citizen, "đường hư hoài", "Đồng ý và gửi")
    await town.say(citizen, "may gio lam viec")  # an open draft goes first
    await wait(town)
    await town.hears(citizen, "may gio lam viec")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_in_doubt_the_citizen_says_what_is_meant_and_loses_no_word(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    words = "làm khai sinh mà bị gắt gỏng thì sao?"
    await town.say(citizen, words)
    await town.hears(citizen, "hỏi thủ tục hay phản ánh", "Đăng ký khai sinh", "Gửi phản ánh")
    await town.press(citizen, "Gửi phản ánh")
    await wait(town)
    await town.hears(citizen, words, "Đồng ý và gửi")


async def test_words_nobody_has_taken_join_the_picture_that_follows(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "làm khai sinh mà bị gắt gỏng thì sao?")
    town.unread(citizen)
    await town.send(citizen, BROWN)
    await wait(town)
    await town.hears(citizen, "gắt gỏng", "1 ảnh", "Đồng ý và gửi")


async def test_after_an_answer_a_new_matter_is_new(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "may h lam viec")
    town.unread(citizen)
    await town.say(citizen, "o ga truoc cho, xe te hoai")
    await wait(town)
    heard = await town.hears(citizen, "o ga truoc cho", "Đồng ý và gửi")
    assert "may h" not in heard.text


@pytest.mark.parametrize("channel", CHANNELS)
async def test_topics_are_a_short_menu_that_leads_to_answers(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "/hoidap")
    heard = await town.hears(citizen, "nhắn câu hỏi", "Khai sinh, kết hôn", "Giờ, nơi, kiến nghị")
    assert len(heard.text.split()) + sum(len(label.split()) for label in heard.choices) <= 60
    await town.press(citizen, "Nhà, đất")
    await town.hears(citizen, "Xem quy hoạch", "Quay lại")
    await town.press(citizen, "Xem quy hoạch")
    await town.hears(citizen, "số tờ, số thửa", "Hỏi cán bộ")
    await town.press(citizen, "Hỏi cán bộ")
    await town.hears(citizen, "Xin nhắn câu hỏi cho cán bộ")
    await town.say(citizen, "tờ 12 thửa 45 có dính quy hoạch đường không")
    await wait(town)
    await town.hears(citizen, "Câu hỏi: tờ 12 thửa 45", "Đồng ý và gửi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_every_answer_reads_whole_within_a_short_message(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    for answer in town.committee.answers.in_force(town.clock.at.date()):
        await town._turn(citizen, pressed=f"ask:show:{answer.id}", message_id="")
        heard = town.unread(citizen)[0]
        assert "{" not in heard.text
        assert answer.title in heard.text
        assert len(heard.text.split()) <= 80, heard.text


async def test_a_typed_command_with_words_is_a_question(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "/hoidap lịch tiếp công dân")
    await town.hears(citizen, "thứ Ba và thứ Năm", "Hỏi cán bộ")
    await town.say(citizen, "/hoidap rác không ai gom")
    await town.hears(citizen, "Hỏi cán bộ", "Gửi phản ánh")


async def test_an_official_may_ask_too(town: Town) -> None:
    await at_work(town)
    await town.say("Nam", "/hoidap mấy giờ làm việc")
    await town.hears("Nam", "07:30")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_how_to_complain_is_answered_and_a_complaint_is_met_with_its_rights(
    town: Town, channel: str
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "làm đơn khiếu nại như thế nào")
    await town.hears(citizen, "90 ngày", "không phải là đơn")
    await town.say(
        citizen, "toi khieu nai quyet dinh thu hoi dat so 12 ngay 5/1 cua uy ban vi den bu qua thap"
    )
    await wait(town)
    heard = await town.hears(citizen, "không phải là đơn", "Mẫu đơn")
    assert len(heard.text.split()) <= 75


@pytest.mark.parametrize("channel", CHANNELS)
async def test_where_to_denounce_is_met_neutrally_and_nothing_is_kept(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "to cao o dau")
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    await town._turn(citizen, pressed="ask:show:to-cao", message_id="")
    heard = await town.hears(citizen, "xin không gửi tên".capitalize(), "Trụ sở tiếp công dân")
    assert "Hỏi cán bộ" not in heard.text + str(heard.choices)


async def test_an_emergency_is_never_a_question(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "có tai nạn ở chợ thì gọi ai?")
    await wait(town)
    await town.hears(citizen, "113")
    await town.hears(citizen, "Đồng ý và gửi")


async def test_an_asked_case_goes_first(town: Town) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "o ga truoc cho Long Thuy")
    await wait(town)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await taken(town, "Nam", *town.people)
    await town.press("Nam", "Hỏi người dân")
    await town.say("Nam", "Ổ gà ở bên nào của chợ?")
    await wait(town)
    town.unread(citizen)
    await town.database.write(_forget_dialogs)
    await town.say(citizen, "ben nao la ben nao, cong truoc hay cong sau?")
    await wait(town)
    await town.hears(citizen, "Đã chuyển “ben nao la ben nao")


async def test_old_buttons_say_so(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    for pressed in ("ask:show:khong-co", "ask:topic:x", "ask:x"):
        await town._turn(citizen, pressed=pressed, message_id="")
        await town.hears(citizen, "hết hiệu lực")
    await town._turn(citizen, pressed="ask:matter:khai-sinh", message_id="")
    await town.hears(citizen, "Xin Ông/Bà nhắn việc cần phản ánh")
    await town.say(citizen, "o ga truoc cho")
    await wait(town)
    town.unread(citizen)
    await town._turn(citizen, pressed="ask:person:-", message_id="")
    await town.hears(citizen, "đang soạn một nội dung chưa gửi")


def _cases(conn: Connection) -> list[Any]:
    return list(conn.execute(select(cases)).all())


def _forget_dialogs(conn: Connection) -> None:
    for account in dialogs.opened(conn):
        dialogs.close(conn, account)


async def test_words_of_a_question_are_erased_when_a_denunciation_may_follow(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "xin giay khai sinh o dau")
    town.unread(citizen)
    await town.say(citizen, "can bo doi phong bi moi lam")
    await wait(town)
    await town.hears(citizen, "chưa được lưu, bản đang soạn đã xoá")


async def test_words_of_a_question_go_with_the_rest_when_data_is_erased(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "tiem vac xin covid o dau")
    await town._turn(citizen, pressed="data:forget", message_id="")
    assert await town.database.read(dialogs.opened) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_said_more_of_an_unknown_question_goes_with_it(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "hỏi đáp")
    await town.say(citizen, "cám ơn nha")
    await wait(town)
    assert "chưa có sẵn trả lời" not in town.unread(citizen)[-1].text
    await town.say(citizen, "bé nhà em mấy tuổi thì đi nhà trẻ")
    await town.say(citizen, "bé sinh tháng 5")
    town.unread(citizen)
    await town.press(citizen, "Hỏi cán bộ")
    await wait(town)
    await town.hears(citizen, "mấy tuổi thì đi nhà trẻ", "bé sinh tháng 5", "Đồng ý và gửi")


@pytest.mark.parametrize("before", ["", "may h lam viec"])
async def test_a_wish_to_be_received_is_met_with_days(town: Town, before: str) -> None:
    citizen = town.stranger("Dân", "zalo")
    if before:
        await town.say(citizen, before)
        town.unread(citizen)
    await town.say(citizen, "muon gap chu tich")
    await town.hears(citizen, "thứ Ba 05/01, sáng", "Gửi phản ánh")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_after_an_answer_a_few_words_are_the_next_question(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "cho tui hoi gio lam viec")
    await town.hears(citizen, "Giờ làm việc")
    await town.say(citizen, "còn lệ phí")
    await town.hears(citizen, "Phí, lệ phí")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_told_after_a_question_without_an_answer_becomes_a_report(
    town: Town, channel: str
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "cho tui hoi chut")
    await town.hears(citizen, "trợ lý tự động", "cứ nhắn vào đây")
    await town.say(citizen, "co ai biet ten tui khong")
    await town.hears(citizen, "Câu này chưa có sẵn trả lời")
    await town.say(citizen, "con cho nha hang xom can tui")
    await town.hears(citizen, "hỏi cán bộ hay phản ánh một việc", "Gửi phản ánh")
    await town.say(citizen, "gui di con")
    await wait(town)
    await town.hears(citizen, "con cho nha hang xom can tui", "An ninh", "Đồng ý và gửi")
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_nothing_is_made_of_the_words_of_an_appointment_given_up(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "toi muon gap chu tich")
    await town.hears(citizen, "Tiếp công dân tại")
    await town.press(citizen, "Thôi")
    await town.hears(citizen, "Chưa đặt lịch nào")
    await town.say(citizen, "o ga truoc cho")
    await wait(town)
    assert "chu tich" not in (await town.hears(citizen, "o ga truoc cho", "Đồng ý và gửi")).text
