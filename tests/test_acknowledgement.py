"""Acknowledging runs out without progress; early reminders may be put off twice."""

from __future__ import annotations

from datetime import date

from tests.talk import Town
from tests.test_remind import LAN, moments
from tests.work import add_task


async def test_an_acknowledgement_without_progress_runs_out_after_ten_working_days(town: Town) -> None:
    await add_task(town, "Việc dài", date(2021, 3, 31), LAN)
    await town.until("2021-01-04 07:40")
    town.unread("Lan")
    await town.press("Lan", "Đã nhận")
    town.unread("Lan")
    await town.until("2021-01-18 07:31")
    await town.hears("Lan", "Việc dài", "Lâu chưa có tiến độ", "Đã nhận")
    town.quiet()
    await town.until("2021-01-21 07:31")
    assert moments(town, "Lan") == ["19/01 07:30"]
    await town.hears("Hùng", "Chị Lan: Việc dài", "chưa bấm nhận")
    await town.press("Lan", "Đã nhận")
    town.unread("Lan")
    await town.until("2021-02-03 18:00")
    town.quiet()


async def test_progress_keeps_an_acknowledgement(town: Town) -> None:
    await add_task(town, "Việc dài", date(2021, 3, 31), LAN)
    await town.until("2021-01-04 07:40")
    await town.press("Lan", "Đã nhận")
    await town.until("2021-01-14 08:00")
    await town.say("Lan", "① 40%")
    town.unread("Lan")
    await town.until("2021-01-27 18:00")
    town.quiet()
    await town.until("2021-01-28 07:31")
    await town.hears("Lan", "Lâu chưa có tiến độ")


async def test_each_unit_acknowledges_for_itself(town: Town) -> None:
    whole = await add_task(town, "Việc chung", date(2021, 3, 31), "Võ Thanh Tùng", "VP", state="accepted")
    await add_task(town, "Việc chung", date(2021, 3, 31), LAN, parent=whole)
    await add_task(town, "Việc chung", date(2021, 3, 31), "Ngô Thị Thu", "TCKH", parent=whole)
    await town.until("2021-01-04 07:40")
    await town.press("Lan", "Đã nhận")
    for name in ("Lan", "Thu"):
        town.unread(name)
    await town.until("2021-01-06 08:00")
    assert moments(town, "Thu") == ["05/01 07:30"]
    await town.hears("Khải", "Chị Thu: Việc chung", "chưa bấm nhận")
    town.quiet()


async def test_an_early_reminder_is_put_off_twice_and_never_past_the_day(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-26 07:40")
    town.unread("Lan")
    await town.press("Lan", "Nhắc lại sau")
    await town.hears("Lan", "Nhắc lại lúc nào?", "Chiều nay", "Sáng mai")
    await town.say("Lan", "chieu nay")
    await town.hears("Lan", "Sẽ nhắc lại 1 việc lúc 15:30 ngày 26/01/2021")
    await town.until("2021-01-26 15:31")
    await town.hears("Lan", "Việc một")
    await town.press("Lan", "Nhắc lại sau")
    town.unread("Lan")
    await town.press("Lan", "Sáng mai")
    town.unread("Lan")
    await town.until("2021-01-27 07:31")
    await town.hears("Lan", "Việc một")
    await town.press("Lan", "Nhắc lại sau")
    await town.hears("Lan", "Không lùi thêm được")
    await town.until("2021-01-29 07:31")
    town.unread("Lan")
    last = town.fake["telegram"].chats[town.people[LAN][1]][-1]
    assert "Hôm nay là hạn cuối" in last.text
    assert "Nhắc lại sau" not in last.choices
