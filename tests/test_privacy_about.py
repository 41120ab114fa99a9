"""Matters about officials: recognised, marked by one tap, gone for those they are about; stepping aside."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from db.models import cases, outbox
from domain.about import official_named, unit_named
from tests.citizens import CHANNELS, code_in, filed, picked, taken, wait
from tests.talk import Town

RUDE = "thái độ cán bộ một cửa hách sạch với bà con"


async def heard(town: Town, name: str, *said: str) -> str:
    """Everything a person hears after saying this."""
    for words in said:
        await town.say(name, words)
        await wait(town)
    return "\n".join(m.text + str(m.choices) for m in town.unread(name))


def test_a_full_name_or_the_longest_unit_name_is_recognised() -> None:
    names = {1: "Lâm Thị Phượng", 2: "Châu Văn Lợi", 3: "Thị Hương"}
    assert official_named("co Lam Thi Phuong noi nang coc can", names) == 1
    assert official_named("cô Phượng nói năng cộc lốc", names) is None
    assert official_named("Lâm Thị Phượng với Châu Văn Lợi", names) is None
    assert official_named("chị Thị Hương", names) is None, "two words may be anybody"
    units = {"VP": ("Văn phòng",), "MC": ("Bộ phận một cửa", "một cửa")}
    assert unit_named("van phong mot cua thai do kem", units) == "VP"
    assert unit_named("bo phan mot cua thai do kem", units) == "MC"
    assert unit_named("thai do kem", units) is None


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_complaint_about_a_unit_goes_past_it_to_the_leaders(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    receipt = await filed(town, citizen, "bộ phận một cửa thái độ hách sách với bà con")
    code = code_in(receipt)
    assert "UBND thị xã" in receipt.text
    for name in ("Phượng", "Lợi", "Oanh", "Hùng", "Lan", "Tùng"):
        assert not town.unread(name)
        assert "hách sách" not in await heard(town, name, code, "tra cuu")
    await town.hears("Trần Quốc Dũng", code, "hách sách")
    await taken(town, "Trần Quốc Dũng", "Lê Thị Minh Châu", "Nguyễn Văn Thành")


async def test_an_official_named_in_full_does_not_hear_of_it_and_the_leaders_do(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "chị Nguyễn Thị Lan thái độ hách sách với dân"))
    assert not town.unread("Lan")
    assert not town.unread("Hùng")
    assert code in await heard(town, "Trần Quốc Dũng", code)

    def about(conn: Connection) -> tuple[int | None, int | None]:
        row = conn.execute(select(cases)).one()
        return row.about_unit_id, row.about_person_id

    unit, person = await town.database.read(about)
    assert person == town.ids["Nguyễn Thị Lan"]
    assert unit is not None


async def test_a_complaint_about_the_chairman_goes_to_the_deputies(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "ông Trần Quốc Dũng thái độ hách sách, cửa quyền"))
    assert not town.unread("Trần Quốc Dũng")
    assert "Nhận xử lý" in await heard(town, "Lê Thị Minh Châu", code)
    assert "hách sách" not in await heard(town, "Trần Quốc Dũng", code, "bc")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_one_tap_takes_a_case_from_those_it_is_about(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "đèn đường hỏng gần chợ, tổ sửa chữa hẹn mãi không tới"))
    for name in ("Nam", "Kiều"):
        await town.hears(name, code, "hẹn mãi")
    for label in ("Khác", "Về cán bộ, đơn vị", "Phòng Quản lý đô thị", "Cả Phòng Quản lý đô thị"):
        await town.press("Kiều", label)
        await wait(town)
    told = town.unread("Kiều")[-1]
    assert "Đã chuyển" in told.text
    assert "hẹn mãi" not in told.text
    gone = await town.hears("Nam", code, "không còn ở đây")
    assert "Nhận xử lý" not in gone.choices
    await town.hears("Trần Quốc Dũng", code, "hẹn mãi")
    await town.hears(citizen, code, "UBND thị xã")
    for name in ("Nam", "Kiều", "Võ Thanh Tùng", "Đức"):
        assert "hẹn mãi" not in await heard(town, name, code, "bc", "tra cuu")

    def waiting(conn: Connection) -> str:
        return str(conn.execute(select(outbox.c.reply).where(outbox.c.reply.is_not(None))).all())

    assert "hẹn mãi" not in await town.database.read(waiting)
    await town.until("2021-01-06 16:00")  # nobody accepts it: it stays with those who may see it
    for name in ("Nam", "Kiều", "Đức", "Bích", "Võ Thanh Tùng"):
        assert code not in "".join(m.text for m in town.unread(name))


async def test_one_person_of_a_unit_may_be_meant_and_the_committee_is_no_unit_to_mean(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "đèn đường hỏng gần chợ"))
    for label in ("Khác", "Về cán bộ, đơn vị", "UBND thị xã"):
        await picked(town, "Kiều", label)
        await wait(town)
    asked = town.unread("Kiều")[-1]
    assert not [label for label in asked.choices if label.startswith("Cả ")]
    await town.press("Kiều", "Lê Thị Minh Châu, Phó Chủ tịch")
    await wait(town)
    for name in town.people:
        town.unread(name)
    assert "đèn đường" in await heard(town, "Trần Quốc Dũng", code)
    assert "đèn đường" not in await heard(town, "Lê Thị Minh Châu", code)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_handler_with_a_stake_steps_aside_for_good(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "đèn đường hỏng gần chợ"))
    await taken(town, "Kiều", "Nam")
    town.unread(citizen)
    await town.press("Kiều", "Khác")
    await town.press("Kiều", "Trường hợp đặc biệt")
    await wait(town)
    await town.press("Kiều", "Xin rút (có liên quan)")
    await wait(town)
    assert "xin rút" in town.unread("Kiều")[-1].text
    assert any("Nhận xử lý" in m.choices or "Nhận xử lý" in m.text for m in town.unread("Nam"))
    assert "đèn đường" not in await heard(town, "Kiều", code)
    await town.press("Nam", "Nhận xử lý")
    await wait(town)
    assert "đang xử lý" in town.unread("Nam")[-1].text


async def test_who_is_alone_in_a_unit_and_steps_aside_leaves_it_to_the_leaders(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "loa keo on ao o to 3"))
    for name in ("Yến", "Tài"):
        await town.press(name, "Nhận xử lý") if name == "Yến" else None
        await wait(town)
    await town.press("Yến", "Khác")
    await town.press("Yến", "Trường hợp đặc biệt")
    await wait(town)
    await town.press("Yến", "Xin rút (có liên quan)")
    await wait(town)
    await town.press("Tài", "Nhận xử lý")
    await wait(town)
    await town.press("Tài", "Khác")
    await town.press("Tài", "Trường hợp đặc biệt")
    await wait(town)
    for name in town.people:
        town.unread(name)
    await town.press("Tài", "Xin rút (có liên quan)")
    await wait(town)
    await town.hears("Trần Quốc Dũng", code, "Nhận xử lý")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_how_people_were_spoken_to_is_no_matter_of_those_who_spoke(office: Town, channel: str) -> None:
    town = office
    words = "cán bộ một cửa phường Thác Mơ nói chuyện với dân rất khó nghe"
    receipt = await filed(town, town.stranger("Dân", channel), words)
    for name in ("Nguyễn Văn Quang", "Trần Thị Loan", "Lâm Thị Phượng"):
        assert not town.unread(name)
        assert "khó nghe" not in await heard(town, name, code_in(receipt))
