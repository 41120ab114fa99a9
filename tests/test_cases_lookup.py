"""Looking up: from the same account, by code and PIN from another, and what is kept about a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from db.models import accounts, cases, files, outbox
from domain.codes import ALPHABET, is_code, with_check
from tests.citizens import BROWN, CHANNELS, code_in, filed, pin_in, taken, wait
from tests.talk import Town


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_typed_code_shows_the_case_to_who_sent_it(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "loa keo on ao o to 3"))
    for typed in (
        code,
        code.lower(),
        f"mã {code}",
        f"{code[:3]} {code[3:]}",
        f"/tracuu {code}",
        f"tra cuu {code}",
    ):
        await town.say(citizen, typed)
        status = await town.hears(citizen, code, "Đã chuyển đơn vị xử lý", "chậm nhất thứ Năm 07/01")
        assert "Mai Văn Tài" not in status.text


async def test_a_code_with_one_wrong_sign_is_told_as_a_slip(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "loa keo on ao o to 3"))
    wrong = next(typed for figure in "2345" if not is_code(typed := figure + code[1:]))
    await town.say(citizen, wrong)
    await town.hears(citizen, "có chỗ gõ nhầm", "không có số 0, số 1, chữ O, chữ I")
    await town.say(citizen, "/tracuu khong")
    await town.hears(citizen, "có chỗ gõ nhầm")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_another_account_needs_the_pin(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    other = town.stranger("Khác", channel)
    receipt = await filed(town, citizen, "loa keo on ao o to 3")
    code, pin = code_in(receipt), pin_in(receipt)
    await town.say(other, code)
    await town.hears(other, "kèm số bí mật 6 chữ số")
    await town.say(other, "000000" if pin != "000000" else "111111")
    await town.hears(other, "Mã hoặc số bí mật chưa đúng")
    await town.say(other, pin)
    seen = await town.hears(other, code, "Đã chuyển đơn vị xử lý")
    assert "Rút lại" not in seen.text
    assert not seen.choices
    await town.say(other, f"{code} {pin}")
    await town.hears(other, code, "Đã chuyển đơn vị xử lý")


async def test_a_wrong_code_and_a_wrong_pin_are_answered_alike_and_tries_are_counted(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    other = town.stranger("Khác", "zalo")
    receipt = await filed(town, citizen, "loa keo on ao o to 3")
    code, pin = code_in(receipt), pin_in(receipt)
    nobody = next(c for c in (with_check(a + "234") for a in ALPHABET) if c != code)
    heard = []
    for typed in (code, nobody):
        await town.say(other, typed)
        heard.append((await town.hears(other)).text.replace(typed, "?"))
    assert heard[0] == heard[1]
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    answers = []
    for typed in (code, nobody, code, code, code):
        await town.say(other, f"{typed} {wrong}")
        answers.append((await town.hears(other)).text)
    assert len(set(answers)) == 1
    await town.say(other, f"{code} {pin}")
    await town.hears(other, "Hôm nay đã thử quá số lần")  # even with the right one
    await town.until("2021-01-05 08:00")
    await town.say(other, f"{code} {pin}")
    await town.hears(other, "Đã chuyển đơn vị xử lý")


async def test_a_secret_number_alone_becomes_no_draft(office: Town) -> None:
    town, citizen, other = office, office.stranger("Dân", "zalo"), office.stranger("Khác", "zalo")
    receipt = await filed(town, citizen, "o ga truoc cho")
    code, pin = code_in(receipt), pin_in(receipt)
    await town.say(other, code)
    await town.hears(other, "kèm số bí mật")
    await town.until(town.clock.at + timedelta(minutes=4))  # the code is not tied to the account for longer
    await town.say(other, pin)
    await wait(town)
    await town.hears(other, "mã và số bí mật trong một tin")
    await town.say(other, f"{code} {pin}")
    await town.hears(other, code, "Đã chuyển đơn vị xử lý")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_everything_one_sent_is_listed_and_opened_by_choice(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    await town.say(citizen, "tra cuu")
    await town.hears(citizen, "Chưa có phản ánh nào")
    codes = [code_in(await filed(town, citizen, f"loa keo on ao o to {n}")) for n in (3, 4)]
    await town.say(citizen, "tra cuu")
    await town.hears(citizen, *codes, "hạn 07/01")
    await town.press(citizen, codes[0])
    await town.hears(citizen, codes[0], "Rút lại", "Bổ sung")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_case_can_be_added_to_and_taken_back(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "loa keo on ao o to 3"))
    await taken(town, "Yến", "Tài")
    town.unread(citizen)
    await town.say(citizen, code)
    town.unread(citizen)
    await town.press(citizen, "Bổ sung")
    town.unread(citizen)
    await town.say(citizen, "quan Hoa Mai")
    await wait(town)
    await town.hears(citizen, "Đã chuyển “quan Hoa Mai”")
    assert any("quan Hoa Mai" in m.text for m in town.unread("Yến"))
    await town.say(citizen, f"{code} ca hai tang")
    await wait(town)
    await town.hears(citizen, "Đã chuyển “ca hai tang”")
    town.unread("Yến")
    await town.say(citizen, code)
    town.unread(citizen)
    await town.press(citizen, "Rút lại")
    await town.hears(citizen, "Rút lại " + code)
    await town.press(citizen, "Đồng ý rút")
    await wait(town)
    await town.hears(citizen, "Đã rút lại " + code)
    assert any("người dân đã rút lại" in m.text for m in town.unread("Yến"))
    await town.say(citizen, f"{code} them nua")
    await wait(town)
    await town.hears(citizen, f"{code} them nua", "Đồng ý và gửi")


async def test_looking_up_does_not_lose_an_open_draft(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    other = town.stranger("Khác", "zalo")
    receipt = await filed(town, citizen, "loa keo on ao o to 3")
    await town.say(other, "o ga truoc cho")
    await wait(town)
    town.unread(other)
    await town.say(other, f"{code_in(receipt)} {pin_in(receipt)}")
    await town.hears(other, "Đã chuyển đơn vị xử lý")
    await town.say(other, code_in(receipt))
    town.unread(other)
    await town.say(other, "1")
    await town.hears(other, "UBND đã nhận")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_person_sees_what_is_kept_and_is_forgotten_while_the_case_stays(
    either_town: Town, channel: str
) -> None:
    town = either_town  # on PostgreSQL too
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "DULIEU")
    await town.hears(citizen, "không có phản ánh nào")
    receipt = await filed(town, citizen, "o ga truoc cho", picture=BROWN)
    code, pin = code_in(receipt), pin_in(receipt)
    await town.say(citizen, "/dulieu")
    await town.hears(citizen, code, "5 năm", "Xoá liên hệ của tôi")
    await town.press(citizen, "Xoá liên hệ của tôi")
    await town.hears(citizen, "có chắc không?")
    await town.press(citizen, "Đồng ý xoá")
    await town.hears(citizen, "Đã xoá liên hệ khỏi 1 phản ánh")

    def ties(conn: Connection) -> list[object]:
        account = conn.execute(
            select(accounts.c.id).where(accounts.c.external_id == f"{channel}-Dân")
        ).scalar_one()
        mine = conn.execute(
            select(outbox.c.card, outbox.c.key, outbox.c.slot).where(outbox.c.account_id == account)
        )
        return [
            *conn.execute(select(cases.c.id).where(cases.c.account_id == account)).scalars(),
            *conn.execute(select(files.c.id).where(files.c.account_id == account)).scalars(),
            *[row for row in mine if row.card or row.key or row.slot.startswith("case-")],
        ]

    assert await town.database.read(ties) == []
    await taken(town, "Kiều", "Nam")
    assert town.unread(citizen) == []
    await town.say(citizen, f"{code} {pin}")
    await town.hears(citizen, code, "Đang xử lý")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_grievance_gets_rights_clock_form_and_an_appointment(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    await town.say(citizen, "Toi khieu nai quyet dinh thu hoi dat cua nha toi")
    await wait(town)
    offered = await town.hears(
        citizen,
        "không phải là đơn",
        "90 ngày",
        "vẫn đang tính",
        "Luật Khiếu nại 2011, Điều 9",
        "Trụ sở tiếp công dân",
        "luật sư",
        "Đặt lịch tiếp công dân",
        "Đây là phản ánh",
    )
    assert len(offered.text.split()) <= 70
    await town.press(citizen, "Mẫu đơn")
    form = await town.hears(citizen, "bản giấy tại")
    assert [upload[1] for upload in form.uploads] == (["don-khieu-nai.docx"] if channel == "telegram" else [])
    await town.press(citizen, "Đặt lịch tiếp công dân")
    await town.hears(citizen, "chưa phải đơn khiếu nại", "thứ Ba 05/01, sáng", "thứ Năm 07/01, chiều")
    await town.press(citizen, "thứ Năm 07/01, sáng")
    await wait(town)
    noted = await town.hears(citizen, "thứ Năm 07/01", "chưa phải đơn khiếu nại", "thời hiệu vẫn tính")
    card = await town.hears("Đức", "thứ Năm 07/01", "chưa phải đơn khiếu nại")
    assert "Nhận xử lý" not in card.choices
    town.unread("Bích")
    await town.say(citizen, code_in(noted))
    await town.hears(citizen, "Đã hẹn tiếp công dân: thứ Năm 07/01, sáng 07:30–11:30")
    town.quiet()


async def test_a_grievance_may_still_be_a_report(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await town.say(citizen, "o ga truoc cho, khieu nai hoai khong ai sua")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đây là phản ánh")
    await town.hears(citizen, "o ga truoc cho", "Đồng ý và gửi")
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "UBND đã nhận")


async def test_a_grievance_can_be_chosen_as_a_kind(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await town.say(citizen, "nha toi co viec can giai quyet")
    await wait(town)
    await town.press(citizen, "Sửa")
    await town.press(citizen, "Loại việc")
    town.unread(citizen)
    await town.press(citizen, "Khiếu nại")
    await wait(town)
    await town.hears(citizen, "không phải là đơn", "Đặt lịch tiếp công dân")
