"""Outdoor work needs a picture of its own; one that was used before is given back before anybody sees it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import Connection, select

from bot.attachments import checked
from db.models import events
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


def _taken_at(moment: str) -> bytes:
    """A picture as a camera makes it: with the moment, and the place that nobody may keep."""
    said = Image.Exif()
    said.get_ifd(0x8769)[0x9003] = moment
    said.get_ifd(0x8825)[2] = (11.0, 48.0, 12.5)
    made = io.BytesIO()
    Image.new("RGB", (30, 40), (20, 120, 20)).save(made, "JPEG", exif=said)
    return made.getvalue()


@pytest.mark.parametrize("official", ["Nam", "Kiều"])
async def test_a_picture_from_before_the_matter_was_given_is_doubted_and_still_taken(
    office: Town, official: str
) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE))
    await taken(town, official, "Nam", "Kiều")
    await town.press(official, "Trả lời")
    await town.send(official, _taken_at("2020:12:28 09:15:00"), caption=DONE)
    await wait(town)
    doubt = [m.text for m in town.unread(official) if "ghi chụp lúc 09:15 ngày 28/12/2020" in m.text]
    assert len(doubt) == 1
    assert code in doubt[0]
    assert any(DONE in m.text and m.uploads for m in town.unread(citizen))  # it stops nobody

    def noted(conn: Connection) -> list[str]:
        return list(conn.execute(select(events.c.action).where(events.c.action == "picture_old")).scalars())

    assert await town.database.read(noted) == ["picture_old"]


@pytest.mark.parametrize("moment", ["2021:01:04 08:00:30", "1999:01:01 00:00:00", "hôm qua", ""])
async def test_a_picture_from_after_it_or_without_a_moment_is_not_doubted(office: Town, moment: str) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    town.clock.at += timedelta(minutes=5)
    await town.send("Kiều", _taken_at(moment.replace("08:00:30", "08:04:00")), caption=DONE)
    await wait(town)
    assert not any("ghi chụp lúc" in m.text for m in town.unread("Kiều"))
    assert any(m.uploads for m in town.unread(citizen))


def test_of_what_a_camera_says_the_moment_is_read_and_nothing_kept() -> None:
    kept = checked(_taken_at("2020:12:28 09:15:00"))
    assert kept.taken == datetime(2020, 12, 28, 9, 15)  # noqa: DTZ001 - a camera knows of no zone
    with Image.open(io.BytesIO(kept.data)) as shown:
        assert not shown.getexif()
