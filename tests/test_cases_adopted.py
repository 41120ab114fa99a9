"""A case moves to another account or channel by code and PIN, and only by them."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from db.models import cases, events
from tests.citizens import CHANNELS, code_in, filed, pin_in, taken, wait
from tests.talk import Town


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_case_comes_to_the_account_that_shows_code_and_pin(office: Town, channel: str) -> None:
    town = office
    lost = town.stranger("Dân", "telegram" if channel == "zalo" else "zalo")
    new = town.stranger("Dân máy mới", channel)
    receipt = await filed(town, lost, "o ga sau truoc cho")
    code, pin = code_in(receipt), pin_in(receipt)
    await town.say(new, f"{code} {pin}")
    await town.hears(new, "CHUYEN VE DAY")
    await town.say(new, f"{code} {pin} chuyển về đây")
    await wait(town)
    await town.hears(new, "Đã chuyển", code, "thứ Hai 11/01")
    await town.hears(lost, code, "tài khoản khác", "không phải Ông/Bà")
    await taken(town, "Nguyễn Thị Kiều")
    assert town.unread(lost) == []
    await town.hears(new, code, "đã nhận xử lý")
    await town.say(new, "tra cuu")
    await town.hears(new, code)
    await town.say(lost, code)
    await town.hears(lost, "không gửi từ tài khoản này")

    def moved(conn: Connection) -> list[object]:
        return list(conn.execute(select(events.c.fields).where(events.c.action == "account_moved")).scalars())

    assert await town.database.read(moved) == [{"had_account": True}]


async def test_a_wrong_pin_moves_nothing(office: Town) -> None:
    town, citizen, other = office, office.stranger("Dân", "telegram"), office.stranger("Khác", "telegram")
    receipt = await filed(town, citizen, "o ga sau truoc cho")
    wrong = f"{(int(pin_in(receipt)) + 1) % 10**6:06d}"
    await town.say(other, f"{code_in(receipt)} {wrong} chuyen ve day")
    await town.hears(other, "chưa đúng")
    assert town.unread(citizen) == []


async def test_a_case_without_contact_gets_one_by_wish_and_stays_sealed(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    receipt = await filed(town, citizen, "o ga sau truoc cho")
    code, pin = code_in(receipt), pin_in(receipt)

    def leave_no_contact(conn: Connection) -> None:
        conn.execute(cases.update().values(account_id=None, privacy="none"))

    await town.database.write(leave_no_contact)
    await town.say(citizen, f"{code} {pin} chuyen ve tai khoan nay")
    await wait(town)
    await town.hears(citizen, "Đã chuyển", "cán bộ xử lý không biết là ai")

    def kept(conn: Connection) -> str:
        return str(conn.execute(select(cases.c.privacy)).scalar_one())

    assert await town.database.read(kept) == "sealed"
    await town.say(citizen, f"{code} {pin} chuyen ve day")
    await town.hears(citizen, code, "Phòng Quản lý đô thị")
