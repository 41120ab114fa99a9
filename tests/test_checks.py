"""Who looks back at what was confirmed: nobody with a part in it, and no row waits for nobody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from db import calendar as calendar_db
from db import checks, inspections
from db.models import checks as looks
from db.models import findings, memberships, tasks
from db.people import person
from scheduler import lay
from tests.talk import ZONE, Town
from tests.work import add_task


async def test_where_nobody_may_be_asked_nothing_is_left_to_do(town: Town) -> None:
    task_id = await add_task(town, "Việc một", date(2021, 1, 15), "Nguyễn Thị Lan", state="accepted")
    await town.until("2021-01-05 08:00")

    def alone(conn: Connection) -> bool:
        leader = person(conn, town.ids["Trần Quốc Dũng"], date(2021, 1, 5))
        visit = inspections.record(conn, date(2021, 1, 4), "x", leader, town.clock.now())
        conn.execute(insert(findings).values(inspection_id=visit, task_id=task_id))
        done = {"state": "confirmed", "confirmed_at": town.clock.now(), "submitted_at": town.clock.now()}
        conn.execute(update(tasks).where(tasks.c.id == task_id).values(**done))
        roles = ("iso", "inspection_lead", "leader", "head")
        conn.execute(delete(memberships).where(memberships.c.role.in_(roles)))
        calendar, committee = calendar_db.load(conn, ZONE), town.committee
        lay.lay(conn, town.clock.now(), committee, calendar)
        assert checks.of(conn, [1], date(2021, 1, 5))[0].state == "open"
        return lay.is_missing(conn, town.clock.now(), committee, calendar)

    assert not await town.database.write(alone)


async def test_a_reopened_task_is_looked_at_again_after_it_is_confirmed_anew(town: Town) -> None:
    task_id = await add_task(town, "Việc một", date(2021, 1, 15), "Nguyễn Thị Lan", state="accepted")
    await town.until("2021-01-05 08:00")

    def twice(conn: Connection) -> list[tuple[int, str]]:
        leader = person(conn, town.ids["Trần Quốc Dũng"], date(2021, 1, 5))
        visit = inspections.record(conn, date(2021, 1, 4), "x", leader, town.clock.now())
        conn.execute(insert(findings).values(inspection_id=visit, task_id=task_id))
        calendar, ladders = calendar_db.load(conn, ZONE), town.committee.ladders
        for _ in range(2):
            done = {"state": "confirmed", "confirmed_at": town.clock.now(), "submitted_at": town.clock.now()}
            conn.execute(update(tasks).where(tasks.c.id == task_id).values(**done))
            checks.make(conn, checks.missing(conn), calendar, ladders)
            checks.make(conn, checks.missing(conn), calendar, ladders)  # a second run is empty
            (look,) = [each for each in checks.of(conn, [1, 2], date(2021, 1, 5)) if each.state == "open"]
            day = date(2021, 2, 1)
            checks.answer(conn, look, "bad", "chưa xong", leader.id, day, town.clock.now())
        query = select(looks.c.schedule, looks.c.state).order_by(looks.c.id)
        return [tuple(row) for row in conn.execute(query).all()]

    assert await town.database.write(twice) == [(1, "bad"), (2, "bad")]
