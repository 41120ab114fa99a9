"""Edits after a case was filed: versions, the newest shown, the first kept, a suspected one nowhere."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from db.models import case_versions, cases
from tests.citizens import at_eight, code_in, taken, wait
from tests.talk import Heard, Town
from tests.test_cases_denunciation import found_in


def _versions(conn: Connection) -> list[tuple[int, str]]:
    query = select(case_versions.c.number, case_versions.c.words).order_by(case_versions.c.id)
    return [(row.number, row.words) for row in conn.execute(query)]


def _words(conn: Connection) -> list[str]:
    return list(conn.execute(select(cases.c.words).order_by(cases.c.id)).scalars())


async def _filed(town: Town, citizen: str, *parts: tuple[str, str]) -> Heard:
    for message_id, words in parts:
        await town._turn(citizen, text=words, message_id=message_id)
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    return await town.hears(citizen, "UBND đã nhận, mã")


async def test_an_edit_is_a_version_and_the_official_sees_the_newest(either_town: Town) -> None:
    town = await at_eight(either_town)
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await _filed(town, citizen, ("e1", "o ga truoc cho"), ("e2", "xe te 2 lan")))
    town.unread("Kiều")
    await town._turn(citizen, text="o ga sau cho Long Thuy", message_id="e1", edit=True)
    await wait(town)
    await town.hears(citizen, f"Đã sửa nội dung mã {code}", "o ga sau cho Long Thuy")
    assert await town.database.read(_words) == ["o ga sau cho Long Thuy\nxe te 2 lan"]
    assert await town.database.read(_versions) == [
        (1, "o ga truoc cho"), (1, "xe te 2 lan"), (2, "o ga sau cho Long Thuy"),
    ]  # fmt: skip
    card = await town.hears("Kiều", code, "o ga sau cho Long Thuy", "người dân đã sửa")
    assert "truoc cho" not in card.text


async def test_whoever_handles_the_case_is_told(town: Town) -> None:
    await at_eight(town)
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await _filed(town, citizen, ("e1", "o ga truoc cho")))
    await taken(town, "Nam", "Kiều", citizen)
    await town._turn(citizen, text="o ga sau cho", message_id="e1", edit=True)
    await wait(town)
    await town.hears("Nam", code, "người dân sửa nội dung", "o ga sau cho")


async def test_an_addition_can_be_edited_too(town: Town) -> None:
    await at_eight(town)
    citizen = town.stranger("Dân", "telegram")
    receipt = await _filed(town, citizen, ("e1", "o ga truoc cho"))
    await town._turn(citizen, text="ben phai duong", message_id="e2", reply_to=receipt.message_id)
    await wait(town)
    town.unread(citizen)
    await town._turn(citizen, text="ben trai duong", message_id="e2", edit=True)
    await wait(town)
    await town.hears(citizen, "Đã sửa nội dung", "ben trai duong")
    assert await town.database.read(_words) == ["o ga truoc cho"]
    assert (2, "ben trai duong") in await town.database.read(_versions)


async def test_an_edit_that_may_be_a_denunciation_is_asked_about_and_kept_nowhere(town: Town) -> None:
    await at_eight(town)
    citizen = town.stranger("Dân", "telegram")
    await _filed(town, citizen, ("e1", "o ga truoc cho"))
    words = "toi to cao chu tich nhan hoi lo zqxw"
    await town._turn(citizen, text=words, message_id="e1", edit=True)
    await wait(town)
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    assert found_in(town.folder, b"zqxw") == []
    assert await town.database.read(_versions) == [(1, "o ga truoc cho")]


async def test_an_edit_after_the_end_is_refused_with_the_reason(town: Town) -> None:
    await at_eight(town)
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await _filed(town, citizen, ("e1", "o ga truoc cho")))
    await town.say(citizen, code)
    await town.press(citizen, "Rút lại")
    await town.press(citizen, "Đồng ý rút")
    await wait(town)
    town.unread(citizen)
    await town._turn(citizen, text="o ga sau cho", message_id="e1", edit=True)
    await town.hears(citizen, f"Mã {code} đã được trả lời hoặc kết thúc")
    assert await town.database.read(_words) == ["o ga truoc cho"]


async def test_somebody_elses_message_of_the_same_number_is_left_alone(town: Town) -> None:
    await at_eight(town)
    one, other = town.stranger("Một", "telegram"), town.stranger("Hai", "telegram")
    await _filed(town, one, ("e1", "o ga truoc cho"))
    await town._turn(other, text="rac", message_id="e1", edit=True)
    await town.hears(other, "không đổi theo tin sửa")
    assert await town.database.read(_words) == ["o ga truoc cho"]


@pytest.mark.parametrize("text", ["o ga truoc cho", "  o ga truoc cho  "])
async def test_an_edit_that_changes_nothing_says_nothing(town: Town, text: str) -> None:
    await at_eight(town)
    citizen = town.stranger("Dân", "telegram")
    await _filed(town, citizen, ("e1", "o ga truoc cho"))
    await town._turn(citizen, text=text, message_id="e1", edit=True)
    await wait(town)
    assert town.unread(citizen) == []
