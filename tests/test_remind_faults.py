"""Reminders through outages, jumps of the clock, other time zones and rows that have nothing to say."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from db.models import rungs, tasks
from tests.talk import Town, local
from tests.test_remind import LAN, moments
from tests.work import add_task


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati"])
def foreign_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine's own time zone is somewhere else."""
    was = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    os.environ.pop("TZ") if was is None else os.environ.update(TZ=was)
    time.tzset()


async def test_the_machines_own_time_zone_changes_nothing(foreign_zone: None, tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    await add_task(town, "Việc", date(2021, 1, 12), LAN, state="accepted")
    await town.until("2021-01-12 18:00")
    assert moments(town, "Lan") == [
        "04/01 07:30", "05/01 07:30", "08/01 07:30", "11/01 07:30", "12/01 07:30", "12/01 15:30",
    ]  # fmt: skip
    await town.close()


async def test_an_outage_across_two_rungs_ends_in_one_card(town: Town) -> None:
    await add_task(town, "Việc", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-25 18:00")
    town.unread("Lan")
    await town.jump("2021-01-28 09:12")  # down on the 26th (T-3) and on the morning of the 28th (T-1)
    card = await town.hears("Lan", "① Việc, hạn 29/01")
    assert "Hôm nay là ngày cuối để được tính trước hạn" in card.text
    await town.until("2021-01-28 18:00")
    town.quiet()


async def test_what_came_up_from_friday_night_to_monday_is_one_card(town: Town) -> None:
    await town.until("2021-01-08 19:00")
    for number in range(3):
        await add_task(town, f"Việc {number}", date(2021, 2, 26), LAN)
        await town.until(local(f"2021-01-0{8 if not number else 9} {20 + number}:00"))
    await town.until("2021-01-11 12:00")
    assert moments(town, "Lan") == ["11/01 07:30"]
    town.quiet()


async def test_the_week_of_tet_is_silent_and_its_end_brings_one_card(town: Town) -> None:
    for number, day in enumerate((9, 17, 18, 19)):
        await add_task(town, f"Việc {number}", date(2021, 2, day), LAN, state="accepted")
    await town.until("2021-02-09 18:00")
    town.unread("Lan")
    await town.until("2021-02-17 12:00")
    heard = [m for m in town.unread("Lan") if m.at]
    assert [f"{m.at:%d/%m %H:%M}" for m in heard] == ["17/02 07:30"]
    assert all(f"Việc {number}" in heard[0].text for number in range(4))


async def test_a_clock_that_jumps_forward_and_back_doubles_nothing(town: Town) -> None:
    await add_task(town, "Việc", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 08:00")
    assert moments(town, "Lan") == ["04/01 07:30", "22/01 07:30"]
    await town.jump("2021-01-26 08:00")
    assert len(town.unread("Lan")) == 1
    await town.jump("2021-01-21 08:00")
    await town.until("2021-01-26 18:00")
    town.quiet()
    await town.until("2021-01-28 08:00")
    assert moments(town, "Lan") == ["28/01 07:30"]


async def test_sixty_rows_with_nothing_to_say_hold_up_no_live_one(town: Town) -> None:
    gone = [await add_task(town, f"Việc bỏ {n}", date(2021, 1, 12), LAN, state="accepted") for n in range(60)]
    await add_task(town, "Việc còn", date(2021, 1, 12), "Ngô Thị Thu", "TCKH", state="accepted")
    await town.app.tick()
    ended = update(tasks).where(tasks.c.id.in_(gone)).values(state="cancelled")
    await town.database.write(lambda conn: conn.execute(ended) and None)
    town.clock.at = local("2021-01-05 07:30")
    await town.app.tick()
    await town.app.settle()
    await town.hears("Thu", "Việc còn")
    town.quiet("Thu")

    def waiting(conn: Connection) -> int:
        query = select(rungs.c.id).where(rungs.c.state == "pending", rungs.c.due_at <= town.clock.now())
        return len(conn.execute(query).all())

    assert await town.database.read(waiting) == 0


async def test_one_blocked_person_does_not_stop_the_others(town: Town) -> None:
    for name, unit in ((LAN, "NV"), ("Ngô Thị Thu", "TCKH")):
        await add_task(town, "Việc", date(2021, 1, 29), name, unit, state="accepted")
    town.fake["telegram"].blocked.add(town.people[LAN][1])
    await town.until("2021-01-04 08:00")
    await town.hears("Thu", "Việc")
    heard = [m.text for m in town.unread("Hùng")]
    assert any("Chị Lan (chưa liên lạc được): Việc, hạn 29/01" in text for text in heard)
