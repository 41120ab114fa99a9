"""A ladder half climbed meets what changes: another day, another holder, leave, a restart, little time."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.app import App
from db import people, tasks
from db.models import outbox
from db.store import Store
from tests.talk import Town
from tests.test_remind import LAN, moments
from tests.work import add_task


async def half_climbed(town: Town) -> int:
    """A task of the 29th, its first reminder read, on Monday 25/01 at nine."""
    task = await add_task(town, "Kế hoạch chỉ tiêu", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-25 09:00")
    assert moments(town, "Lan") == ["04/01 07:30", "22/01 07:30"]  # given, then T-7
    for name in town.people:
        town.unread(name)
    return task


async def given_a_day(town: Town, task: int, day: date) -> None:
    chairman = await town.database.read(people.person, town.ids["Trần Quốc Dũng"], date(2021, 1, 25))
    await town.database.write(tasks.direct, task, day, chairman, town.clock.now())


@pytest.mark.parametrize(
    ("day", "heard"),
    [
        (date(2021, 1, 27), ["25/01 09:00", "26/01 07:30", "27/01 07:30", "27/01 15:30"]),
        (
            date(2021, 2, 5),
            ["25/01 09:00", "29/01 07:30", "02/02 07:30", "04/02 07:30", "05/02 07:30", "05/02 15:30"],
        ),
    ],
    ids=["nearer", "farther"],
)
async def test_another_day_has_reminders_of_its_own_and_none_of_the_old(
    town: Town, day: date, heard: list[str]
) -> None:
    task = await half_climbed(town)
    await given_a_day(town, task, day)
    await town.until(f"{day} 18:00")
    assert moments(town, "Lan") == heard


async def test_another_holder_hears_from_now_on_and_the_one_before_no_more(town: Town) -> None:
    task = await half_climbed(town)
    await town._turn("Hùng", pressed=f"task:hand:{task}")
    await town.press("Hùng", "anh Lực")
    await town.until("2021-01-29 18:00")
    assert moments(town, "Lan") == []
    heard = town.unread("Lực")
    assert "Kế hoạch chỉ tiêu, hạn 29/01" in heard[0].text  # told at once what is new
    told = [f"{m.at:%d/%m %H:%M}" for m in heard if m.at]
    assert told[1:] == ["26/01 07:30", "28/01 07:30", "29/01 07:30", "29/01 15:30"]


async def test_leave_in_the_middle_sends_the_rest_to_the_deputy(town: Town) -> None:
    await half_climbed(town)
    await town.say("Lan", "/nghi 26/1 đến 29/1, anh Lực thay")
    for name in ("Lan", "Lực"):
        town.unread(name)
    await town.until("2021-01-29 18:00")
    assert moments(town, "Lan") == []
    assert moments(town, "Lực") == ["26/01 07:30", "28/01 07:30", "29/01 07:30", "29/01 15:30"]


async def test_a_restart_in_the_middle_loses_no_reminder_and_none_that_was_put_off(town: Town) -> None:
    await half_climbed(town)
    await town.until("2021-01-26 07:40")
    town.unread("Lan")
    await town.press("Lan", "Nhắc lại sau")
    await town.press("Lan", "Chiều nay")
    town.unread("Lan")
    town.app = App(town.database, town.clock, town.fake, town.committee, Store(town.folder / "files"))
    await town.until("2021-01-29 18:00")
    assert moments(town, "Lan") == ["26/01 15:30", "28/01 07:30", "29/01 07:30", "29/01 15:30"]


async def test_a_task_with_little_time_left_says_how_much_instead_of_silence(town: Town) -> None:
    await town.until("2021-01-27 10:00")
    await add_task(town, "Việc gấp", date(2021, 1, 29), LAN)
    await town.until("2021-01-27 10:02")
    await town.hears("Lan", "Chị Lan có 1 việc mới", "Việc gấp, hạn 29/01. Còn 2 ngày làm việc.")
    await town.press("Lan", "Đã nhận")
    town.unread("Lan")
    await town.until("2021-01-29 18:00")
    assert moments(town, "Lan") == ["28/01 07:30", "29/01 07:30", "29/01 15:30"]


async def test_nothing_is_called_sent_without_the_platform_s_own_id(town: Town) -> None:
    """Rivals record what their platform refused as sent."""
    town.fake["zalo"].blocked.add(town.people["Dương Văn Khải"][1])
    await add_task(town, "Việc một", date(2021, 1, 29), "Dương Văn Khải", "TCKH")
    await add_task(town, "Việc hai", date(2021, 1, 29), LAN)
    await town.until("2021-01-05 12:00")
    query = select(outbox.c.state, outbox.c.message_id)
    rows = await town.database.read(lambda conn: conn.execute(query).all())
    assert all(row.message_id for row in rows if row.state == "sent")
    assert not any(row.message_id for row in rows if row.state == "unreachable")
    assert {"sent", "unreachable"} <= {row.state for row in rows}
