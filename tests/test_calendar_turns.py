"""Turns of standing rows move with the calendar; only whose day moved hears of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from db.models import cycles
from tests.test_cycles import Opens, only_standing_rows, opened  # noqa: F401

HEAD = "Võ Thanh Tùng"


async def test_open_turns_move_and_are_reminded_of_on_their_new_days(opened: Opens) -> None:  # noqa: F811
    town = await opened()
    await only_standing_rows(town)
    await town.until("2021-01-05 08:00")
    for name in town.ids:
        town.unread(name)
    await town.say(HEAD, "/lich nghỉ 28/1 đến 29/1, bão")
    await town.hears(HEAD, "Đổi hạn: ")
    await town.press(HEAD, "Ghi vào lịch")
    await town.hears(HEAD, "Đã đổi hạn")
    await town.until("2021-01-05 08:06")
    heard = await town.hears("Hạnh", "lịch nghỉ vừa đổi", "26/01 → thứ Sáu 22/01", "29/01 → thứ Tư 27/01")
    assert "26/03" not in heard.text, "the quarter stays"
    await town.press("Hạnh", "Việc của tôi")
    await town.hears("Hạnh", "tháng 01/2021, chậm nhất 22/01")

    def days(conn: Connection) -> set[tuple[str, date]]:
        query = select(cycles.c.kind, cycles.c.due_on).where(cycles.c.period == "2021-01")
        return {tuple(row) for row in conn.execute(query).all()}

    assert await town.database.read(days) == {("period", date(2021, 1, 22)), ("subplan", date(2021, 1, 27))}
    await town.until("2021-01-22 09:00")
    told = [m for m in town.unread("Hạnh") if "báo chậm nhất 22/01" in m.text]
    assert [f"{m.at:%d/%m %H:%M}" for m in told if m.at] == [
        "15/01 07:30", "21/01 07:30", "22/01 07:30",
    ]  # fmt: skip
    assert "Hôm nay là hạn cuối" in told[-1].text


async def test_an_edit_taken_back_at_once_leaves_everybody_in_peace(opened: Opens) -> None:  # noqa: F811
    town = await opened()
    await only_standing_rows(town)
    await town.until("2021-01-05 08:00")
    for name in town.ids:
        town.unread(name)
    for words in ("/lich nghỉ 28/1 đến 29/1, bão", "/lich bỏ 28/1 đến 29/1"):
        await town.say(HEAD, words)
        await town.press(HEAD, "Ghi vào lịch")
        town.unread(HEAD)
    await town.until("2021-01-05 09:00")
    town.quiet()
    query = select(cycles.c.due_on).where(cycles.c.period == "2021-01", cycles.c.kind == "period").distinct()
    assert await town.database.read(lambda conn: list(conn.execute(query).scalars())) == [date(2021, 1, 26)]
