"""What people say about their tasks in the words they really use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.talk import Town
from tests.work import add_task

LAN = "Nguyễn Thị Lan"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("xin thêm 5 ngày vì chờ số liệu", "03/02"),
        ("xin them 1 tuan, cho so lieu", "05/02"),
        ("xin gia hạn thêm 3 ngày làm việc vì chờ số liệu", "03/02"),
        ("gia hạn hai ngày vì chờ số liệu", "01/02"),
    ],
)
async def test_more_days_count_from_the_due_day(tmp_path: Path, words: str, day: str) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 07:40")
    town.unread("Lan")
    await town.say("Lan", words)
    await town.hears("Lan", f"(hạn 29/01) đến {day}, lý do:", "so lieu" if "lieu" in words else "chờ số liệu")
    await town.close()


async def test_an_item_may_be_named_within_a_sentence(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    await add_task(town, "Việc hai", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 07:40")
    town.unread("Lan")
    await town.say("Lan", "xin lui han viec 1 den het thang 2")
    await town.hears("Lan", "Xin gia hạn ① “Việc một” đến 26/02: nhắn lý do")
    await town.close()


async def test_a_decision_opened_from_a_list_has_the_number_one(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 07:40")
    await town.say("Lan", "① KH 1/KH-NV 4/1")
    town.unread("Lan")
    await town.until("2021-01-22 07:50")
    town.unread("Hùng")
    await town.say("Hùng", "/nhiemvu")
    await town.press("Hùng", "Xem ①")
    card = town.unread("Hùng")[-1]
    assert "Xác nhận ①" in card.choices
    assert "Xác nhận ②" not in card.choices
    await town.press("Hùng", "Xác nhận ①")
    await town.hears("Hùng", "✓ ①")
    await town.close()


async def test_what_waits_for_a_leader_comes_back_each_week(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    await add_task(town, "Kế hoạch", date(2021, 3, 31), "Phan Văn Hùng", state="accepted")
    await town.until("2021-01-04 08:00")
    await town.say("Hùng", "① KH 1/KH-NV 4/1")
    await town.until("2021-01-26 12:00")
    heard = [f"{m.at:%d/%m}" for m in town.unread("Dũng") if m.at and "Xác nhận" in " ".join(m.choices)]
    assert heard == ["04/01", "05/01", "06/01", "11/01", "18/01", "25/01"]
    await town.close()
