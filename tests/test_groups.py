"""A unit's group hears a code and an area, and nothing else from anybody."""

from __future__ import annotations

import pytest

from domain.chat import Turn
from tests.citizens import CHANNELS, code_in, filed, wait
from tests.talk import Town
from tests.test_privacy_modes import NONE, SEALED, hidden

GROUP = "Nhóm QLDT"


@pytest.fixture
async def office(town: Town) -> Town:
    """The town with the group of one unit."""
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    town.people[GROUP] = ("telegram", "-100200")
    await town.say("Bùi Đức Anh", "/nhom qldt")
    offered = await town.hears("Bùi Đức Anh", "Phòng Quản lý đô thị", "30 phút")
    code = offered.text.split("/nhom ")[1].split()[0]
    await in_group(town, f"/nhom {code}")
    pointer = await town.hears(GROUP, "nhắn riêng")
    assert code not in pointer.text
    await town.hears("Bùi Đức Anh", "đã được nối")
    return town


async def in_group(town: Town, text: str) -> None:
    """Somebody says something in the group."""
    town.turns += 1
    turn = Turn(
        "telegram", "-100200", f"g{town.turns}", text=text, message_id=f"g{town.turns}", private=False
    )
    await town.app.receive(turn)
    await town.settle()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_group_hears_code_and_area_of_an_open_case_only(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "đèn đường hỏng gần chợ Long Thủy, gọi 0912345678"))
    told = await town.hears(GROUP, code, "tin riêng")
    assert not told.choices
    assert not told.uploads
    for private in ("đèn", "chợ", "0912", "Dân"):
        assert private not in told.text
    for mode, name in ((SEALED, "Một"), (NONE, "Hai")):
        await hidden(town, town.stranger(name, channel), mode, "đèn đường hỏng ở hẻm sâu goi 0912 345 678")
    await filed(town, town.stranger("Ba", channel), "phòng quản lý đô thị thái độ hách sách")
    await wait(town)
    assert town.unread(GROUP) == []


async def test_a_group_gets_a_pointer_for_any_command_and_silence_for_talk(office: Town) -> None:
    town = office
    for said in ("/baocao", "/tracuu ABCDE", "/nhom ABCDEFGH", "/dulieu"):
        await in_group(town, said)
        assert "nhắn riêng" in (await town.hears(GROUP)).text
    await in_group(town, "bc")
    assert town.unread(GROUP) == []


async def test_a_dropped_group_and_another_person_s_code_hear_nothing(office: Town) -> None:
    town = office
    await town.say("Kiều", "/nhom QLDT")
    assert "30 phút" not in (await town.hears("Kiều")).text
    await town.say("Bùi Đức Anh", "/nhom")
    await town.hears("Bùi Đức Anh", "Phòng Quản lý đô thị")
    await town.press("Bùi Đức Anh", "Bỏ nhóm Phòng Quản lý đô thị")
    await town.hears("Bùi Đức Anh", "Đã bỏ nhóm")
    await filed(town, town.stranger("Dân", "telegram"), "đèn đường hỏng gần chợ")
    assert town.unread(GROUP) == []


@pytest.mark.parametrize("spoke", [False, True])
async def test_a_group_that_has_another_id_now_goes_on_hearing(office: Town, spoke: bool) -> None:
    """Telegram gives a group that grows a new id; somebody may have spoken there before we send."""
    town = office
    town.fake["telegram"].moved["-100200"] = "-100999"
    if spoke:
        turn = Turn("telegram", "-100999", "g99", text="/baocao", message_id="g99", private=False)
        await town.app.receive(turn)
        await town.settle()
    town.people[GROUP] = ("telegram", "-100999")
    town.unread(GROUP)
    for words in ("đèn đường hỏng gần chợ Long Thủy", "nắp cống bể ở hẻm 12"):
        code = code_in(await filed(town, town.stranger(f"Dân {words}", "zalo"), words))
        await town.hears(GROUP, code, "tin riêng")
    assert not town.unread(GROUP)
