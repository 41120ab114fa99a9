"""Builds tasks for tests."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, insert, select

from db.models import plan_rows, plans, tasks
from db.people import unit_by_code
from tests.talk import Town


async def add_task(
    town: Town,
    title: str,
    due_on: date | None,
    who: str,
    unit: str = "NV",
    *,
    parent: int | None = None,
    row: str = "",
    expected: str = "",
    retro: bool = False,
    state: str = "assigned",
) -> int:
    """Gives a person (full name) a task now and returns its id."""

    def work(conn: Connection) -> int:
        found = unit_by_code(conn, unit)
        assert found is not None
        row_id = add_row(conn, town, row, due_on, expected) if row or expected else None
        count = len(conn.execute(select(tasks.c.id)).all())
        made = conn.execute(
            insert(tasks).values(
                code=f"T-{count + 1}",
                row_id=row_id,
                parent_id=parent,
                unit_id=found.id,
                assignee_id=town.ids[who] if who else None,
                title=title,
                state=state,
                due_on=due_on,
                original_due_on=due_on,
                retro=retro,
                created_at=town.clock.now(),
            )
        )
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])

    return await town.database.write(work)


def add_row(conn: Connection, town: Town, code: str, due_on: date | None, expected: str) -> int:
    """A row of this year's plan, once."""
    year = town.clock.now().year
    plan_id = conn.execute(select(plans.c.id)).scalar()
    if plan_id is None:
        made = conn.execute(
            insert(plans).values(
                year=year,
                state="active",
                title="Kế hoạch",
                source_name="",
                source_sha256="",
                effective_from=date(year, 1, 1),
                imported_at=town.clock.now(),
            )
        )
        assert made.inserted_primary_key is not None
        plan_id = int(made.inserted_primary_key[0])
    code = code or f"KH9.{len(conn.execute(select(plan_rows.c.id)).all()) + 1}"
    same = conn.execute(select(plan_rows.c.id).where(plan_rows.c.code == code)).scalar()
    if same is not None:
        return int(same)
    made = conn.execute(
        insert(plan_rows).values(
            plan_id=plan_id,
            code=code,
            text=code,
            original={},
            responsible=[],
            deadline_text="",
            deadline_kind="fixed",
            due_on=due_on,
            expected=expected,
        )
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])
