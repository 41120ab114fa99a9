"""The plan of 2021 from 04/01 to 28/02 with people who are early, late and silent: every message counted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib import resources

from sqlalchemy import Connection, select

from bot.committee import committee_folder, load_units
from db import calendar as calendar_db
from db import chain
from db import plans as plans_db
from db.models import rungs, tasks
from domain.calendar import CLOSES, OPENS
from plans import read_file
from tests.talk import ZONE, Heard, Town

ROUTINE = 2  # the morning card and the last afternoon
TALKED = {"Trần Quốc Dũng", "Võ Thanh Tùng", "Phan Văn Hùng", "Dương Văn Khải"}
"""Who also got decisions to take, or answers to what they said themselves."""


async def bring_plan(town: Town) -> None:
    """Imports the plan as it was on the first working day of the year."""
    calendar = await town.database.read(calendar_db.load, ZONE)
    file = resources.files("data") / "phuoc_long" / "plan-2021.txt"
    plan = read_file(file, load_units(committee_folder()), calendar)

    def commit(conn: Connection) -> None:
        plans_db.commit(conn, plan, (), town.clock.now(), effective_from=date(2021, 1, 1), calendar=calendar)

    await town.database.write(commit)


async def test_two_months_of_the_plan(town: Town) -> None:
    await bring_plan(town)
    calendar = await town.database.read(calendar_db.load, ZONE)
    await town.until("2021-01-20 09:00")
    await town.say("Hùng", "việc")  # early, confirmed at once
    await town.press("Hùng", "Xem ①")
    await town.press("Hùng", "① Xong")
    await town.say("Hùng", "KH 5/KH-NV 19/1")
    await town.until("2021-01-20 09:10")
    await town.press("Dũng", "Xác nhận ①")
    await town.until("2021-01-29 16:00")  # on the day itself, from the afternoon card, on Zalo
    await town.say("Khải", "1 KH 8/KH-TCKH 29/1")
    await town.until("2021-02-02 08:00")  # late, after the first reminder of it
    await town.say("Hoa", "① KH 3/KH-TP 1/2")
    await town.until("2021-02-28 18:00")

    heard: dict[str, list[Heard]] = {name: town.unread(name) for name in town.people}
    messages = [(name, m) for name, all_ in heard.items() for m in all_ if m.at is not None]
    assert not [
        name for name, m in messages if m.at and date(2021, 2, 10) <= m.at.date() <= date(2021, 2, 16)
    ]
    for name, message in messages:
        assert message.at is not None
        assert calendar.is_working(message.at.date()), (name, message.text)
        assert OPENS <= message.at.time() < CLOSES, (name, message.text)
        assert len(message.text.split()) <= 75, message.text
    mornings = Counter((name, m.at) for name, m in messages if f"{m.at:%H:%M}" == "07:30")
    assert set(mornings.values()) == {1}  # never two cards at once
    pushes = Counter((name, m.at.date()) for name, m in messages if m.at and not m.edited)
    busy = {name for (name, day), count in pushes.items() if count > ROUTINE}
    assert busy <= TALKED

    silent = [f"{m.at:%d/%m %H:%M}" for m in heard["Lương Thị Hạnh"] if "Phân giao" in m.text]
    assert silent[:9] == [  # later it only keeps other things company
        "04/01 07:30", "05/01 07:30", "22/01 07:30", "26/01 07:30", "28/01 07:30",
        "29/01 07:30", "29/01 15:30", "01/02 07:30", "03/02 07:30",
    ]  # fmt: skip
    early = [f"{m.at:%d/%m}" for m in heard["Phan Văn Hùng"] if "Phân giao" in m.text]
    assert max(early) <= "20/01"
    late = [
        f"{m.at:%d/%m}"
        for m in heard["Trịnh Thị Hoa"]
        if m.at and f"{m.at:%m-%d}" > "02-02" and "Phân giao" in m.text
    ]
    assert not late  # the report waits: the reporter is left alone, the confirmer is asked
    weekly = [f"{m.at:%d/%m}" for m in heard["Trần Quốc Dũng"] if "chưa nộp" in m.text]
    assert weekly[-4:] == ["05/02", "08/02", "17/02", "22/02"]
    assert "còn 6/9 đơn vị chưa nộp" in [m.text for m in heard["Trần Quốc Dũng"] if "chưa nộp" in m.text][-1]

    def states(conn: Connection) -> dict[str, str]:
        return {row.code: row.state for row in conn.execute(select(tasks.c.code, tasks.c.state)).all()}

    found = await town.database.read(states)
    assert found["2021-KH1.1-NV"] == "confirmed"
    assert found["2021-KH1.1-TCKH"] == found["2021-KH1.1-TUP"] == "awaiting_confirmation"
    assert await town.database.read(chain.check) is None  # two months under seals
    due = select(rungs.c.id).where(rungs.c.state == "pending", rungs.c.due_at <= town.clock.now())
    assert not await town.database.read(lambda conn: conn.execute(due).all())
