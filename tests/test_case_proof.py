"""Outdoor work needs a picture of its own; one that was used before is given back before anybody sees it."""

from __future__ import annotations

import pytest

from tests.citizens import BROWN, CHANNELS, GREEN, POTHOLE, code_in, filed, taken, wait
from tests.pictures import png
from tests.talk import Town
from tests.test_case_handover import case_row, hush

BLUE = png(20, 40, 160)
DONE = "Sáng nay đã vá xong ổ gà trước chợ"


@pytest.mark.parametrize("official", ["Nam", "Kiều"])
async def test_the_citizen_s_own_picture_is_no_proof(office: Town, official: str) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE, picture=BROWN))
    await taken(town, official, "Nam", "Kiều")
    await town.press(official, "Trả lời")
    await town.send(official, BROWN, caption=DONE)
    await wait(town)
    assert not any(DONE in m.text for m in town.unread(citizen))
    assert any("ảnh vừa gửi đã dùng trước đây" in m.text and code in m.text for m in town.unread(official))
    row = await case_row(town)
    assert (row["state"], row["answered_at"]) == ("working", None)
    await town.press(official, "Trả lời")
    await town.send(official, GREEN, caption=DONE)
    await wait(town)
    assert any(DONE in m.text and m.uploads for m in town.unread(citizen))
    assert (await case_row(town))["state"] == "answered"


async def test_a_picture_of_another_case_is_no_proof_either_and_the_line_after_it_is_not_enough(
    office: Town,
) -> None:
    town = office
    one, two = town.stranger("Dân", "telegram"), town.stranger("Bạn", "zalo")
    await filed(town, one, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption=DONE)
    await wait(town)
    await filed(town, two, "den duong hu o hem 12 long thuy")
    await taken(town, "Kiều", "Nam")
    hush(town)
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN)
    await wait(town)
    assert any("đã dùng trước đây" in m.text for m in town.unread("Kiều"))
    await town.say("Kiều", "Đã thay bóng đèn mới tối qua, đèn sáng lại")
    await wait(town)
    assert any("Gửi ảnh sau xử lý là xong" in m.text for m in town.unread("Kiều"))
    assert not town.unread(two)
    await town.send("Kiều", BLUE)
    await wait(town)
    assert any("Đã thay bóng đèn" in m.text and m.uploads for m in town.unread(two))


async def test_an_album_with_the_same_picture_twice_is_one_proof(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption=DONE)
    await town.send("Kiều", GREEN)
    await wait(town)
    assert any(DONE in m.text for m in town.unread(citizen))


async def test_where_no_picture_is_needed_a_reused_one_is_left_out(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, "loa keo karaoke on ao moi dem o to 3", picture=BROWN)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.send("Yến", BROWN, caption="Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    heard = [m for m in town.unread(citizen) if "Đã lập biên bản" in m.text]
    assert heard
    assert not heard[-1].uploads


@pytest.mark.parametrize(("at", "flag"), [("2021-01-11 16:30", "last_hour"), ("2021-01-11 15:00", "")])
async def test_an_answer_without_a_picture_in_the_last_hour_is_marked(
    office: Town, at: str, flag: str
) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)  # due on Monday 11/01
    await taken(town, "Kiều", "Nam")
    await town.until(at)
    hush(town)
    await town.press("Kiều", "Trả lời")
    await town.say("Kiều", DONE)
    await wait(town)
    await town.press("Kiều", "Không có ảnh")
    await town.say("Kiều", "Máy ảnh hỏng, đã có biên bản nghiệm thu")
    await wait(town)
    row = await case_row(town)
    assert (row["state"], row["flag"]) == ("answered", flag)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_citizen_sees_before_and_after(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    await filed(town, citizen, POTHOLE, picture=BROWN)
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption=DONE)
    await wait(town)
    heard = next(m for m in town.unread(citizen) if DONE in m.text)
    assert heard.uploads[0][2] not in (BROWN, GREEN)  # one picture of both
