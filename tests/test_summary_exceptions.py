"""What /baocao names beside its figures: silence, missing plans, what nobody could be told of, pre-notes."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from sqlalchemy import Connection, func, select, update

from db import audit
from db.models import accounts, cycles, tasks, units
from tests.reporting import Book, at
from tests.talk import Town
from tests.test_cycles import Opens, only_standing_rows, opened  # noqa: F401

CHAIRMAN, DEPUTY = "Trần Quốc Dũng", "Lê Thị Minh Châu"


@pytest.mark.parametrize("leader", [CHAIRMAN, DEPUTY])  # Telegram, Zalo
async def test_silence_and_missing_plans_are_named_behind_one_button(
    opened: Opens,  # noqa: F811
    leader: str,
) -> None:
    town = await opened("2021-03-15 07:25")
    await only_standing_rows(town)
    await town.until("2021-04-02 07:31")
    march = (cycles.c.due_on >= date(2021, 3, 1), cycles.c.due_on <= date(2021, 3, 31))
    closed = select(func.count()).where(cycles.c.state == "silent", cycles.c.kind != "subplan", *march)
    silent = await town.database.read(lambda conn: conn.execute(closed).scalar_one())
    wanted = select(func.count()).where(cycles.c.kind == "subplan", *march)
    plans = await town.database.read(lambda conn: conn.execute(wanted).scalar_one())
    town.unread(leader)
    await town.say(leader, "bc 3/2021")
    page = await town.hears(
        leader, "Ngoại lệ: ", f"{silent} lượt không báo cáo, {plans} việc chưa có kế hoạch"
    )
    assert len(page.text.splitlines()) <= 12 or leader == DEPUTY
    total = next(line for line in page.text.splitlines() if line.startswith("Ngoại lệ: ")).split()[2]
    await town.press(leader, f"Ngoại lệ {total}")
    front = await town.hears(
        leader, "Không báo cáo: ", f"Không báo cáo {silent}", f"Chưa có kế hoạch {plans}"
    )
    assert "🔴 MT1, chưa có kế hoạch riêng: KH1.4 (" in front.text or leader == DEPUTY
    await town.press(leader, f"Không báo cáo {silent}")
    await town.hears(leader, f"Không báo cáo: {silent}", "2. KH1.5 · Phòng Nội vụ - LĐTB&XH · hạn 26/03")
    await town.press(leader, "‹ Ngoại lệ")
    await town.hears(leader)
    await town.press(leader, f"Chưa có kế hoạch {plans}")
    await town.hears(leader, f"Chưa có kế hoạch riêng: {plans}", "1. 🔴 KH1.4")
    await town.press(leader, "‹ Tổng hợp")
    await town.hears(leader)
    if leader != DEPUTY:  # files go by Telegram
        await town.press(leader, "Bản Word")
        draft = docx.Document(io.BytesIO(town.unread(leader)[-1].uploads[0][2]))
        said = " ".join(paragraph.text for paragraph in draft.paragraphs)
        assert f"{plans} nội dung chưa có kế hoạch riêng: KH1.4 (" in said


async def test_what_nobody_could_be_told_of_is_an_exception(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    await book.write(book.plan(), book.task("NV", "Lan", date(2021, 11, 30), title="Sổ tay"))

    def unheard(conn: Connection) -> None:
        number = conn.execute(select(tasks.c.id)).scalar_one()
        for rung in ("T-7", "T-3"):
            audit.record(conn, "task", number, "nobody_reachable", town.clock.now(), rung=rung)
        audit.record(conn, "inspection", 202111, "nobody_reachable", town.clock.now(), rung="month")

    await town.database.write(unheard)
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "Ngoại lệ: 1 việc không ai nhận tin")
    await town.press(CHAIRMAN, "Ngoại lệ 1")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Không ai nhận được 1")
    await town.hears(CHAIRMAN, "Không ai nhận được tin: 1", "1. Sổ tay · NV · 25/11")


async def test_a_whole_unit_that_cannot_be_reached_ends_in_the_report(town: Town) -> None:
    everybody = update(accounts).values(dead_since=town.clock.now())
    await town.database.write(lambda conn: conn.execute(everybody) and None)
    book = Book(town)
    await book.write(book.plan(), book.task("NV", "Lan", date(2021, 1, 15), title="Sổ tay"))
    await town.until("2021-01-12 09:00")
    await town.say(CHAIRMAN, "bc")  # whoever writes can be reached again
    heard = town.unread(CHAIRMAN)[0]
    assert "việc không ai nhận tin" in heard.text


async def test_pre_notes_of_a_grievance_are_counted_apart(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    received, due = date(2021, 11, 2), date(2021, 11, 9)
    await book.write(
        book.plan(),
        book.case("QLDT", received, due, answered=date(2021, 11, 8)),
        *(book.case("TN", received, due, track="khieu_nai", state="guided") for _ in range(3)),
        book.case("TN", date(2021, 10, 20), date(2021, 10, 29), track="khieu_nai", state="guided"),
    )
    await town.say(CHAIRMAN, "bc")
    page = await town.hears(CHAIRMAN, "Phản ánh: nhận 1, trả lời 1 (đúng hạn 1)")
    assert "khiếu nại" not in page.text, "in no figure of the page"
    await town.press(CHAIRMAN, "Phản ánh")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Chi tiết")
    cells = await town.hears(CHAIRMAN, "1 phản ánh", "3 lượt hẹn về khiếu nại")
    assert "Rút, hướng dẫn" not in " ".join(cells.choices), "they are no ended matters"


async def test_only_leaders_open_the_exceptions(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    await book.write(book.plan())
    unit = await town.database.read(
        lambda conn: conn.execute(select(units.c.id).where(units.c.code == "NV")).scalar_one()
    )
    for action in ("exceptions", "rest:people", "rest:unheard"):
        await town._turn("Hùng", pressed=f"bc:2021-11:{action}")
        await town.hears("Hùng", "hết hiệu lực")
        await town._turn("Hùng", pressed=f"bc:2021-11.{unit}:{action}")
        await town.hears("Hùng", "hết hiệu lực")
