"""/nhiemvu with standing rows: what is due of them, for me and for my unit, and answered from there."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, select

from db.models import cycles
from tests.talk import Town
from tests.test_cycles import Opens, only_standing_rows, opened  # noqa: F401
from tests.work import add_task


async def open_line(town: Town, who: str, words: str) -> None:
    """Turns the pages of the list just shown to the line with these words, and opens it."""
    while True:
        heard = town.unread(who)[-1]
        line = next((line for line in heard.text.splitlines() if words in line), "")
        if line:
            await town.press(who, f"Xem {line[0]}")
            return
        await town.press(who, "Tiếp ›")


@pytest.mark.parametrize("who", ["Hạnh", "Kiên"])  # Telegram, Zalo
async def test_a_standing_row_is_listed_with_its_day_and_answered_from_the_list(
    opened: Opens,  # noqa: F811
    who: str,
) -> None:
    town = await opened()
    await only_standing_rows(town)
    await town.until("2021-01-04 08:00")
    town.unread(who)
    await town.say(who, "việc")
    card = town.unread(who)[-1]
    assert "· tháng 01/2021, chậm nhất 26/01" in card.text
    assert "không có hạn cố định" not in card.text
    assert len(card.text.split("\n1–")[0].split()) <= 75
    await town.say(who, "việc")
    await open_line(town, who, "· quý I/2021, chậm")
    detail = await town.hears(who, "Quý I/2021, báo chậm nhất 26/03/2021 · còn 54 ngày", "Đã làm")
    assert "Không phát sinh" in detail.text + str(detail.choices)
    await town.press(who, "Đã làm")
    await town.hears(who, "nhắn một dòng đã làm gì")
    await town.say(who, "tập huấn 2 buổi, 45 người")
    await town.hears(who, "Cần báo")

    def answered(conn: Connection) -> list[tuple[str, str]]:
        query = select(cycles.c.words, cycles.c.period).where(cycles.c.state == "answered")
        return [tuple(row) for row in conn.execute(query).all()]

    assert await town.database.read(answered) == [("tập huấn 2 buổi, 45 người", "2021-q1")]
    await town.say(who, "việc")
    await open_line(town, who, "· đã báo quý I/2021")  # until the next quarter it rests at the end


async def test_a_report_and_a_plan_of_its_own_are_in_the_list(opened: Opens) -> None:  # noqa: F811
    town = await opened("2021-06-21 07:25")
    await only_standing_rows(town)
    await town.until("2021-06-21 08:00")
    town.unread("Hạnh")
    await town.say("Hạnh", "việc")
    await open_line(town, "Hạnh", "Báo cáo mục tiêu quý II/2021 · chậm nhất 30/06")
    await town.hears("Hạnh", "Xong 0/0 việc đến hạn", "Xác nhận số liệu")
    await town.press("Hạnh", "Xác nhận số liệu")
    town.unread("Hạnh")
    await town.say("Hạnh", "việc")
    await open_line(town, "Hạnh", "chưa có kế hoạch, chậm nhất 30/06")
    await town.hears("Hạnh", "Chưa có kế hoạch riêng, gửi chậm nhất 30/06/2021", "Gửi kế hoạch")


async def test_a_unit_s_list_shows_whose_turn_it_is_and_only_they_answer(opened: Opens) -> None:  # noqa: F811
    town = await opened()
    await only_standing_rows(town)
    await town.until("2021-01-04 08:00")
    town.unread("Nghĩa")
    await town.say("Nghĩa", "việc")  # of the same unit, with nothing of his own
    await town.hears("Nghĩa", "hiện không có việc nào đang chờ")
    await town.press("Nghĩa", "Cả đơn vị")
    await open_line(town, "Nghĩa", "Chị Hạnh: ")
    detail = await town.hears("Nghĩa", "Chị Hạnh · Phòng Giáo dục", "‹ Danh sách")
    assert "Đã làm" not in detail.text
    number = await town.database.read(lambda conn: conn.execute(select(cycles.c.id)).scalars().first())
    await town._turn("Thu", pressed=f"cycle:open:{number}")  # of another unit
    await town.hears("Thu", "đã báo xong hoặc kỳ đã đóng")


async def test_whoever_stands_in_sees_and_answers_it(opened: Opens) -> None:  # noqa: F811
    town = await opened()
    await only_standing_rows(town)
    await town.until("2021-01-04 08:00")
    await town.say("Hạnh", "/nghi 4/1 đến 8/1, anh Nghĩa thay")
    await add_task(town, "Việc một", date(2021, 1, 15), "Lương Thị Hạnh", "GDDT", state="accepted")
    await town.until("2021-01-04 09:00")
    town.unread("Nghĩa")
    await town.say("Nghĩa", "việc")
    await town.hears("Nghĩa", "Chị Hạnh: Việc một · hạn 15/01")
    await town.say("Nghĩa", "việc")
    await open_line(town, "Nghĩa", "· quý I/2021, chậm")
    await town.press("Nghĩa", "Không phát sinh")
    town.unread("Nghĩa")

    def answered(conn: Connection) -> list[int]:
        return list(conn.execute(select(cycles.c.answered_by).where(cycles.c.state == "nothing")).scalars())

    assert await town.database.read(answered) == [town.ids["Tô Văn Nghĩa"]]
