"""A plan goes into the database once; a changed one moves what changed and deletes nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select, update

from bot.plan_import import bring_in_plan, worded
from db import people
from db import plans as plans_db
from db.models import decisions, events, objectives, plan_rows, plans, tasks
from db.plans import Committed
from domain.errors import RuleError
from domain.plan import Plan, jobs
from tests.plan_files import CALENDAR, FOLDER, SOURCE, read, write_text
from tests.talk import Town, local

TABLES = (plans, objectives, plan_rows, decisions, tasks, events)
NEW_YEAR = date(2021, 1, 1)


async def _bring(town: Town, path: Path | None = None, effective_from: date | None = NEW_YEAR) -> Committed:
    return await town.database.write(
        bring_in_plan,
        path or SOURCE,
        FOLDER,
        town.committee,
        town.app.wording,
        town.clock.now(),
        effective_from,
    )


async def _commit(town: Town, plan: Plan) -> Committed:
    def work(conn: Connection) -> Committed:
        return plans_db.commit(
            conn,
            plan,
            worded(plan, town.app.wording),
            town.clock.now(),
            effective_from=NEW_YEAR,
            calendar=CALENDAR,
        )

    return await town.database.write(work)


async def _tasks(town: Town) -> dict[str, Any]:
    def work(conn: Connection) -> dict[str, Any]:
        return {row.code: row for row in conn.execute(select(tasks).order_by(tasks.c.id))}

    return await town.database.read(work)


async def _counts(town: Town) -> dict[str, int]:
    def count(conn: Connection, table: Table) -> int:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()

    return await town.database.read(lambda conn: {table.name: count(conn, table) for table in TABLES})


async def _set(town: Town, code: str, **values: Any) -> None:
    await town.database.write(
        lambda conn: conn.execute(update(tasks).where(tasks.c.code == code).values(**values)) and None
    )


async def _actions(town: Town, code: str) -> list[str]:
    query = select(events.c.action).join(tasks, tasks.c.id == events.c.subject_id)
    query = query.where(events.c.subject == "task", tasks.c.code == code).order_by(events.c.id)
    return await town.database.read(lambda conn: list(conn.execute(query).scalars()))


async def test_the_import_writes_the_plan_with_its_decisions_and_tasks(either_town: Town) -> None:
    done = await _bring(either_town)
    counts = await _counts(either_town)
    assert (counts["plans"], counts["objectives"], counts["plan_rows"], counts["decisions"]) == (1, 5, 24, 27)
    assert counts["tasks"] == done.tasks
    assert (done.version, done.retro, done.cancelled, done.unheaded) == (1, 0, 0, ())


async def test_every_task_has_one_holder_the_head_of_its_unit_or_the_chairman(town: Town) -> None:
    await _bring(town)
    found = await _tasks(town)
    assert found["2021-KH2.1-NV"].assignee_id == town.ids["Phan Văn Hùng"]
    assert found["2021-KH1.1-TUP"].assignee_id == town.ids["Trịnh Thị Hoa"]
    assert found["2021-KH1.1"].assignee_id == town.ids["Trần Quốc Dũng"]
    assert found["2021-KH4.3-UB"].assignee_id == town.ids["Trần Quốc Dũng"]
    assert all(task.assignee_id for task in found.values())
    parents = Counter(task.parent_id for task in found.values())
    assert parents[found["2021-KH1.1"].id] == 9
    assert parents[found["2021-KH3.5"].id] == 7
    assert parents[found["2021-KH2.2"].id] == 1


async def test_only_rows_with_a_date_are_due_and_in_january_all_of_them_live(town: Town) -> None:
    await _bring(town)
    found = await _tasks(town)
    dated = {code: task.due_on for code, task in found.items() if task.due_on}
    assert {code.split("-")[1] for code in dated} == {"KH1.1", "KH1.2", "KH2.1", "KH2.2", "KH4.1", "KH4.2"}
    assert found["2021-KH1.1-NV"].due_on == date(2021, 1, 29)
    assert found["2021-KH1.1-NV"].original_due_on == date(2021, 1, 29)
    assert not any(task.retro for task in found.values())
    assert {task.state for task in found.values()} == {"assigned"}


async def test_what_was_over_at_the_signing_is_asked_about_instead(town: Town) -> None:
    town.clock.at = local("2021-05-31 09:00")
    done = await _bring(town, effective_from=None)
    found = await _tasks(town)
    assert {code.split("-")[1] for code, task in found.items() if task.retro} == {
        "KH1.1",
        "KH1.2",
        "KH2.1",
        "KH2.2",
    }
    assert not found["2021-KH4.1-ISO"].retro  # due on the very day
    assert done.retro == sum(task.retro for task in found.values())


async def test_a_plan_in_force_only_later_asks_about_what_was_due_before(town: Town) -> None:
    await _bring(town, effective_from=date(2021, 2, 1))
    found = await _tasks(town)
    assert found["2021-KH1.2-UB"].retro
    assert not found["2021-KH2.1-NV"].retro


async def test_the_same_plan_again_changes_nothing(either_town: Town) -> None:
    await _bring(either_town)
    before, rows = await _counts(either_town), await _tasks(either_town)
    either_town.clock.at = local("2021-03-01 09:00")
    again = await _bring(either_town)
    assert not again.difference
    assert (again.tasks, again.version) == (0, 1)
    assert await _counts(either_town) == before
    assert await _tasks(either_town) == rows


async def test_a_new_date_moves_the_open_tasks_and_keeps_the_first_one(
    either_town: Town, tmp_path: Path
) -> None:
    await _bring(either_town)
    await _set(either_town, "2021-KH1.1-NV", state="confirmed")
    path = write_text(
        tmp_path,
        (
            "Lãnh đạo UBND Các phòng chuyên môn\tTháng 01/2021",
            "Lãnh đạo UBND Các phòng chuyên môn\tTháng 02/2021",
        ),
    )
    done = await _bring(either_town, path)
    assert (done.version, [one.code for one in done.difference.changed]) == (2, ["KH1.1"])
    found = await _tasks(either_town)
    moved = found["2021-KH1.1-TUP"]
    assert (moved.due_on, moved.original_due_on, moved.schedule) == (date(2021, 2, 26), date(2021, 1, 29), 2)
    assert await _actions(either_town, "2021-KH1.1-TUP") == ["created", "rescheduled"]
    kept = found["2021-KH1.1-NV"]
    assert (kept.due_on, kept.schedule, kept.state) == (date(2021, 1, 29), 1, "confirmed")
    assert found["2021-KH2.1-NV"].schedule == 1


async def test_an_extension_that_was_granted_survives_a_change_of_other_words(
    town: Town, tmp_path: Path
) -> None:
    await _bring(town)
    await _set(town, "2021-KH2.1-NV", due_on=date(2021, 4, 9), schedule=2)
    await _bring(town, write_text(tmp_path, ("Xây dựng kế hoạch tuyên truyền", "Soạn kế hoạch tuyên truyền")))
    task = (await _tasks(town))["2021-KH2.1-NV"]
    assert (task.due_on, task.original_due_on, task.schedule) == (date(2021, 4, 9), date(2021, 3, 31), 2)
    assert task.title.startswith("Soạn kế hoạch")


async def test_a_dropped_row_is_cancelled_not_deleted_and_can_come_back(
    either_town: Town, tmp_path: Path
) -> None:
    await _bring(either_town)
    plan = read()
    shorter = replace(plan, rows=tuple(row for row in plan.rows if row.code not in ("KH4.4", "KH5.3")))
    await _set(either_town, "2021-KH5.3-UB", state="confirmed")
    before = await _counts(either_town)
    done = await _commit(either_town, shorter)
    assert (done.difference.dropped, done.cancelled) == (("KH4.4", "KH5.3"), 1)
    found = await _tasks(either_town)
    assert (found["2021-KH4.4-UB"].state, found["2021-KH5.3-UB"].state) == ("cancelled", "confirmed")
    after = await _counts(either_town)
    assert all(after[table] >= before[table] for table in before)
    back = await _commit(either_town, plan)
    assert (back.version, back.tasks, back.difference.added) == (3, 0, ("KH4.4", "KH5.3"))
    found = await _tasks(either_town)
    assert (found["2021-KH4.4-UB"].state, found["2021-KH5.3-UB"].state) == ("assigned", "confirmed")


async def test_a_task_that_people_cancelled_stays_so_when_other_rows_change(
    town: Town, tmp_path: Path
) -> None:
    await _bring(town)
    await _set(town, "2021-KH3.2-MC", state="cancelled")
    await _bring(town, write_text(tmp_path, ("Danh mục quy trình nội bộ", "Danh mục quy trình")))
    assert (await _tasks(town))["2021-KH3.2-MC"].state == "cancelled"


async def test_a_second_unit_makes_a_parent_and_the_first_units_task_goes_on(
    town: Town, tmp_path: Path
) -> None:
    await _bring(town)
    old = (await _tasks(town))["2021-KH3.2-MC"]
    await _bring(
        town,
        write_text(tmp_path, ("\tBộ phận 01 cửa\tThường xuyên", "\tBộ phận 01 cửa, Văn phòng\tThường xuyên")),
    )
    found = await _tasks(town)
    assert found["2021-KH3.2-MC"].id == old.id
    assert found["2021-KH3.2-MC"].parent_id == found["2021-KH3.2"].id
    assert found["2021-KH3.2-VP"].parent_id == found["2021-KH3.2"].id


async def test_an_answer_to_a_decision_goes_with_the_next_version(either_town: Town, tmp_path: Path) -> None:
    first = await _bring(either_town)
    answer: Mapping[str, Any] = {
        "answer": "90",
        "decided_by": either_town.ids["Trần Quốc Dũng"],
        "decided_at": either_town.clock.now(),
    }
    where = (decisions.c.plan_id == first.plan_id) & (decisions.c.code == "D-01")
    await either_town.database.write(
        lambda conn: conn.execute(update(decisions).where(where).values(**answer)) and None
    )
    plan = read()
    second = await _commit(either_town, replace(plan, rows=plan.rows[:-1]))
    query = select(decisions.c.code, decisions.c.answer).where(decisions.c.plan_id == second.plan_id)
    found = {
        row.code: row.answer
        for row in await either_town.database.read(lambda conn: conn.execute(query).all())
    }
    assert found["D-01"] == "90"
    assert found["D-06"] == ""
    states = await either_town.database.read(
        lambda conn: list(conn.execute(select(plans.c.state).order_by(plans.c.version)).scalars())
    )
    assert states == ["replaced", "active"]


async def test_another_years_draft_stands_beside_the_plan_and_gives_nobody_work(town: Town) -> None:
    await _bring(town)
    before = await _tasks(town)
    done = await _commit(town, read(year=2022))
    assert await _tasks(town) == before
    states = await town.database.read(
        lambda conn: {row.year: row.state for row in conn.execute(select(plans))}
    )
    assert states == {2021: "active", 2022: "draft"}
    again = await _commit(town, read(year=2022))
    assert (again.plan_id, bool(again.difference)) == (done.plan_id, False)


async def test_a_unit_the_database_does_not_have_refuses_the_whole_plan(town: Town) -> None:
    plan = read()
    strange = replace(plan.rows[-1], responsible=("XX",))
    before = await _counts(town)
    with pytest.raises(RuleError) as refused:
        await _commit(town, replace(plan, rows=(*plan.rows[:-1], strange)))
    assert (refused.value.key, refused.value.facts) == ("plan_unit_missing", {"units": ["XX"]})
    assert await _counts(town) == before


async def test_an_import_that_fails_midway_leaves_nothing(town: Town) -> None:
    before = await _counts(town)

    def work(conn: Connection) -> None:
        bring_in_plan(conn, SOURCE, FOLDER, town.committee, town.app.wording, town.clock.now(), NEW_YEAR)
        raise OSError("the power went")

    with pytest.raises(OSError, match="power"):
        await town.database.write(work)
    assert await _counts(town) == before


def _another(plan: Plan, dice: random.Random) -> Plan:
    """The plan with rows left out, dates moved and units changed at random."""
    rows = []
    for row in plan.rows:
        if dice.random() < 0.2:
            continue
        if row.deadline.due_on and dice.random() < 0.5:
            day = CALENDAR.back(date(2021, dice.randrange(2, 13), 25))
            row = replace(row, deadline=replace(row.deadline, due_on=day))
        if dice.random() < 0.2:
            row = replace(row, responsible=tuple(dice.sample(["NV", "VP", "UB", "TUP", "commune"], 2)))
        rows.append(row)
    return replace(plan, rows=tuple(rows))


async def test_after_any_run_of_versions_the_open_tasks_are_those_of_the_last_and_nothing_is_lost(
    town: Town,
) -> None:
    dice, first_days, known = random.Random(2021), dict[str, date](), set[int]()
    for _ in range(8):
        plan = _another(read(), dice)
        await _commit(town, plan)
        found = await _tasks(town)
        live = {
            code: (task.due_on, task.unit_id) for code, task in found.items() if task.state != "cancelled"
        }
        units = await town.database.read(people.all_units)
        ids = {unit.code: unit.id for unit in units}
        assert live == {job.code: (job.due_on, ids[job.unit]) for job in jobs(plan, units)}
        parents = {job.code: job.parent for job in jobs(plan, units)}
        codes = {task.id: code for code, task in found.items()}
        assert {code: codes.get(found[code].parent_id, "") for code in parents} == parents
        assert known <= {task.id for task in found.values()}
        known = {task.id for task in found.values()}
        for code, task in found.items():
            if task.original_due_on:
                assert first_days.setdefault(code, task.original_due_on) == task.original_due_on
