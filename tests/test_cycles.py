"""Standing rows: what units say each week, month and quarter; reports; rows by plan and by event."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from db.models import cycles, tasks
from tests.talk import Town, local
from tests.test_ladders import CALENDAR, LADDERS
from tests.test_two_months import bring_plan

REPORTS = [
    ("2021-06-30", ["2021-06-18", "2021-06-25", "2021-06-28", "2021-06-30", "2021-07-01"]),
    ("2021-09-30", ["2021-09-20", "2021-09-24", "2021-09-28", "2021-09-30", "2021-10-01"]),
    ("2021-12-31", ["2021-12-21", "2021-12-24", "2021-12-29", "2021-12-31", "2022-01-04"]),
]


def test_the_quarters_reports_of_2021_are_asked_for_on_their_days() -> None:
    for due, days in REPORTS:
        laid = LADDERS["report"].laid(date.fromisoformat(due), CALENDAR)
        assert [moment for _, moment in laid] == [local(f"{day} 07:30") for day in days]


async def turns(town: Town, **wanted: object) -> dict[tuple[str, str], tuple[date, str]]:
    def read(conn: Connection) -> dict[tuple[str, str], tuple[date, str]]:
        query = select(cycles)
        for name, value in wanted.items():
            query = query.where(cycles.c[name] == value)
        return {(r.row_code, r.period): (r.due_on, r.state) for r in conn.execute(query).all()}

    return await town.database.read(read)


Opens = Callable[..., Awaitable[Town]]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opens]:
    """Opens the town with the plan of 2021 at a moment, and closes it after the test."""
    towns: list[Town] = []

    async def make(at: str = "2021-01-04 07:25") -> Town:
        towns.append(await Town(tmp_path, at).open())
        await bring_plan(towns[-1])
        return towns[-1]

    yield make
    for town in towns:
        await town.close()


async def test_standing_rows_open_by_their_rhythm_and_never_for_what_is_over(opened: Opens) -> None:
    town = await opened("2021-05-31 07:25")
    await town.app.tick()
    found = await turns(town)
    assert found["KH1.5", "2021-q2"] == (date(2021, 6, 25), "open")  # three working days before 30/06
    assert found["KH3.2", "2021-06"] == (date(2021, 6, 25), "open")
    assert found["KH4.4", "2021-W22"] == (date(2021, 6, 4), "open")
    assert found["BP1", "2021-q2"] == (date(2021, 6, 30), "open")
    assert ("KH3.2", "2021-05") not in found  # was due on 26/05, before the plan came
    assert ("KH1.5", "2021-q1") not in found
    assert not {code for code, _ in found} & {"KH4.3", "KH5.2", "KH5.3", "BP2", "BP3", "KH1.1", "KH3.4"}


async def test_a_tap_and_a_line_answer_a_quarter_and_a_tap_says_that_nothing_came_up(opened: Opens) -> None:
    town = await opened()
    await town.until("2021-01-04 07:40")
    for name in ("Hạnh", "Kiên"):  # Telegram, Zalo
        await town.hears(name, "4 việc thường xuyên cần báo: báo chậm nhất 26/01", "Báo ④")
        await town.press(name, "Báo ④")
        listed = await town.hears(name, "Cần báo: 4", "Nhắn số kèm một dòng", "Đã làm ①")
        third = re.findall(r"(?m)^③ (.+?)…? \(", listed.text)[0]
        await town.say(name, "3 tập huấn 2 buổi, 45 người")  # the third, with and without numbered choices
        await town.hears(name, f"Đã ghi: {third}", "Cần báo: 3")
        await town.press(name, "Không phát sinh ①")
        await town.hears(name, "Đã ghi: ", "Cần báo: 2")
        who = next(full for full in town.ids if full.split()[-1] == name)

        def states(conn: Connection, who: str = who) -> list[str]:
            query = select(cycles.c.state).where(cycles.c.answered_by == town.ids[who])
            return sorted(conn.execute(query).scalars())

        assert await town.database.read(states) == ["answered", "nothing"]

        def told(conn: Connection, who: str = who) -> str:
            query = select(tasks.c.title).join(cycles, cycles.c.task_id == tasks.c.id)
            query = query.where(cycles.c.answered_by == town.ids[who], cycles.c.state == "answered")
            return str(conn.execute(query).scalar())

        assert (await town.database.read(told)).startswith(third)


async def only_standing_rows(town: Town) -> None:
    """Cancels what has a day, so that nothing else is said."""
    done = update(tasks).where(tasks.c.due_on.is_not(None)).values(state="cancelled")
    await town.database.write(lambda conn: conn.execute(done) and None)


async def test_silence_climbs_to_the_leaders_and_is_recorded_as_such(opened: Opens) -> None:
    town = await opened("2021-03-15 07:25")
    await only_standing_rows(town)
    await town.until("2021-04-02 07:29")
    days = [f"{m.at:%d/%m}" for m in town.unread("Hiền") if m.at]
    # the quarter opens at once, then T-5, T-1, T0, +2 and the report's T-10, T-5, T-2, T0; 21/03 is a Sunday
    assert days == ["15/03", "19/03", "25/03", "26/03", "29/03", "30/03", "31/03", "01/04"]
    silent = [m for m in town.unread("Dũng") if "Chưa báo việc thường xuyên (hạn 26/03)" in m.text]
    assert [f"{m.at:%d/%m}" for m in silent if m.at] == [
        "01/04"
    ]  # +4; the units' reports are on the same card
    assert "Chưa nộp báo cáo quý I/2021 (hạn 31/03)" in silent[0].text
    assert "đơn vị khác" in silent[0].text
    assert len(silent[0].text.split()) <= 75
    await town.until("2021-04-02 07:31")
    assert (await turns(town, kind="period"))["KH3.5", "2021-q1"] == (date(2021, 3, 26), "silent")
    assert (await turns(town, kind="report"))["BP1", "2021-q1"][1] == "open"  # a late one is still taken


async def test_a_report_is_drafted_from_what_is_confirmed_and_signed_with_one_tap(opened: Opens) -> None:
    town = await opened("2021-06-18 07:25")
    await only_standing_rows(town)
    await town.until("2021-06-18 07:40")
    await town.hears(
        "Hiền", "Báo cáo mục tiêu quý II/2021, hạn 30/06. Số liệu: xong 0/0 việc đến hạn", "Báo ②"
    )
    await town.press("Hiền", "Báo ②")
    card = await town.hears("Hiền", "Xác nhận số liệu ①")
    await town.press("Hiền", next(label for label in card.choices if label.startswith("Xác nhận số liệu")))
    await town.hears("Hiền")

    def kept(conn: Connection) -> list[object]:
        query = select(cycles.c.figures).where(cycles.c.answered_by == town.ids["Phạm Thị Hiền"])
        return list(conn.execute(query).scalars())

    assert await town.database.read(kept) == [{"all": 0, "done": 0, "open": 0}]


async def test_a_row_by_plan_asks_each_month_until_dated_lines_are_typed(opened: Opens) -> None:
    town = await opened()
    await only_standing_rows(town)
    await town.until("2021-01-04 07:40")
    await town.hears("Hạnh", "2 việc theo kế hoạch riêng: chưa có kế hoạch, hạn gửi 29/01", "Báo ①")
    await town.press("Hạnh", "Báo ①")
    listed = await town.hears("Hạnh", "Gửi kế hoạch ①")
    await town.press("Hạnh", next(label for label in listed.choices if label.startswith("Gửi kế hoạch ①")))
    await town.hears("Hạnh", "nhắn từng việc kèm ngày")
    await town.say("Hạnh", "tập huấn đợt 1")
    await town.hears("Hạnh", "Chưa thấy ngày")
    await town.say("Hạnh", "15/06 tập huấn đợt 1")
    await town.hears("Hạnh", "Đã thêm: tập huấn đợt 1, hạn 15/06")
    await town.say("Hạnh", "20/9 tập huấn đợt 2")
    await town.hears("Hạnh", "tập huấn đợt 2, hạn 20/09")
    await town.say("Hạnh", "xong")
    await town.hears("Hạnh", "Đã ghi 2 việc")

    def lines(conn: Connection) -> list[tuple[str, date, str]]:
        query = select(tasks.c.title, tasks.c.due_on, tasks.c.state).where(tasks.c.grown_from.is_not(None))
        return [tuple(row) for row in conn.execute(query.order_by(tasks.c.id)).all()]

    assert await town.database.read(lines) == [
        ("tập huấn đợt 1", date(2021, 6, 15), "accepted"),
        ("tập huấn đợt 2", date(2021, 9, 20), "accepted"),
    ]
    await town.until("2021-02-01 07:40")
    texts = [m.text for m in town.unread("Hạnh")]
    assert any("chưa có kế hoạch" in text and "2 việc theo" not in text for text in texts)  # the other row
    await bring_plan(town)  # the same plan again cancels no line
    assert len(await town.database.read(lines)) == 2


async def test_what_comes_up_gets_its_own_days(opened: Opens) -> None:
    town = await opened()
    await town.until("2021-01-04 07:40")
    town.unread("Hoà")
    await town.say("Hoà", "việc")
    shown = await town.hears("Hoà", "Việc của anh Hoà")

    def standing(conn: Connection) -> int:
        return int(conn.execute(select(tasks.c.id).where(tasks.c.code == "2021-KH3.4-ISO")).scalar_one())

    number = await town.database.read(standing)
    await town._turn("Hoà", pressed=f"task:open:{number}", message_id=shown.message_id)
    await town.hears("Hoà", "Xử lý chặt chẽ", "Ghi việc phát sinh")
    await town.press("Hoà", "Ghi việc phát sinh")
    await town.hears("Hoà", "nhắn một dòng việc vừa phát sinh")
    await town.say("Hoà", "hồ sơ 123 trễ hẹn")
    await town.hears("Hoà", "Đã ghi việc phát sinh: hồ sơ 123 trễ hẹn, hạn 18/01/2021")  # ten working days
    await town.until("2021-01-11 07:40")
    heard = [m for m in town.unread("Hoà") if "hồ sơ 123" in m.text]
    assert [f"{m.at:%d/%m}" for m in heard if m.at] == [
        "04/01",
        "07/01",
        "11/01",
    ]  # new, no plan, T-7 and head


async def test_a_row_after_another_is_due_some_working_days_after_it_is_done(opened: Opens) -> None:
    town = await opened()
    await town.until("2021-01-20 09:00")

    def confirm(conn: Connection) -> None:
        done = {"state": "confirmed", "confirmed_at": town.clock.now(), "submitted_at": town.clock.now()}
        conn.execute(update(tasks).where(tasks.c.code.like("2021-KH1.2%")).values(**done))

    for name in town.people:
        town.unread(name)
    await town.database.write(confirm)
    await town.until("2021-01-20 09:01")

    def due(conn: Connection) -> set[date]:
        return set(conn.execute(select(tasks.c.due_on).where(tasks.c.code.like("2021-KH1.3-%"))).scalars())

    assert await town.database.read(due) == {date(2021, 1, 25)}  # three working days after 20/01
    await town.hears("Hạnh", "có 1 việc mới", "Phổ biến và phân công", "hạn 25/01")


async def test_turns_and_leave_are_the_same_on_both_engines(either_town: Town) -> None:
    town = either_town
    await bring_plan(town)
    await town.until("2021-01-04 07:40")
    await town.hears("Hạnh", "4 việc thường xuyên cần báo: báo chậm nhất 26/01")
    await town.press("Hạnh", "Báo ④")
    await town.hears("Hạnh", "Cần báo: 4")
    await town.say("Hạnh", "1 tập huấn 2 buổi")
    await town.hears("Hạnh", "Cần báo: 3")
    await town.say("Hạnh", "/nghi 5/1 đến 8/1, anh Nghĩa thay")
    await town.hears("Hạnh", "Anh Nghĩa nhận lời nhắc và làm thay")
    await town.until("2021-01-05 07:40")
    heard = [m.text for m in town.unread("Nghĩa")]
    assert any("Chị Hạnh (đang nghỉ): Phân giao chỉ tiêu" in text for text in heard)
