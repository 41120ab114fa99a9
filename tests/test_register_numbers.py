"""The register's numbers: one a case, none twice, none left out, whatever happens at the same time."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, select

from db import cases, migrate, receipts
from db.cases import Case
from db.engine import Database
from db.migrations import versions
from db.models import cases as cases_table
from db.models import receipts as table
from db.models import units
from tests.conftest import new_postgres
from tests.talk import Town

TODAY = date(2021, 1, 4)


def file_one(conn: Connection, town: Town, words: str, today: date = TODAY, *, fails: bool = False) -> Case:
    unit = conn.execute(select(units.c.id).where(units.c.code == "QLDT")).scalar_one()
    case = cases.create(
        conn, town.clock.now(), today=today, pin_hash="x", track="phan_anh",
        words=words, place="ấp 5", unit_id=unit, due_on=today,
    )  # fmt: skip
    if fails:
        raise RuntimeError("the turn failed after the case was filed")
    return case


def numbers(conn: Connection, year: int) -> list[int]:
    return list(
        conn.execute(select(table.c.number).where(table.c.year == year).order_by(table.c.number)).scalars()
    )


async def test_filings_at_once_get_numbers_without_gap_or_double(either_town: Town) -> None:
    """200 at the same time, every fifth fails and is rolled back: it leaves no gap."""
    town = either_town
    results = await asyncio.gather(
        *(town.database.write(file_one, town, f"việc {n}", fails=n % 5 == 0) for n in range(200)),
        return_exceptions=True,
    )
    filed = [result for result in results if isinstance(result, Case)]
    assert len(filed) == 160
    assert all(isinstance(result, Case | RuntimeError) for result in results)
    assert await town.database.read(numbers, 2021) == list(range(1, 161))


async def test_each_year_begins_at_one(town: Town) -> None:
    await town.database.write(file_one, town, "a")
    await town.database.write(file_one, town, "b", date(2022, 1, 1))
    await town.database.write(file_one, town, "c", date(2022, 1, 1))
    assert await town.database.read(numbers, 2021) == [1]
    assert await town.database.read(numbers, 2022) == [1, 2]


async def test_a_receipt_knows_its_words_until_they_are_forgotten(town: Town) -> None:
    case = await town.database.write(file_one, town, "ổ gà")
    received = await town.database.read(receipts.of_code, case.code)
    assert received is not None
    assert received.is_of("ổ gà", "ấp 5")
    assert not received.is_of("ổ gà lớn", "ấp 5")
    await town.database.write(receipts.forget_words, case.id)
    forgotten = await town.database.read(receipts.of_code, case.code)
    assert forgotten is not None
    assert not forgotten.is_of("ổ gà", "ấp 5")
    assert forgotten.fingerprint == received.fingerprint


def _revision_before(name: str) -> str:
    ours = next(Path(versions.__path__[0]).glob(f"*_{name}.py")).stem
    return str(import_module(f"db.migrations.versions.{ours}").down_revision)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_cases_from_before_the_register_are_entered_in_their_order(
    engine: str, request: pytest.FixtureRequest, tmp_path: object
) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    if engine == "postgresql":
        url = await new_postgres(request.getfixturevalue("postgres_folder"))
    await migrate.upgrade(url, _revision_before("register"))
    database, aware = Database(url), "" if engine == "sqlite" else "+00:00"

    def fill(conn: Connection) -> None:
        old = sa.MetaData()
        old.reflect(conn, only=["units", "cases"])
        conn.execute(old.tables["units"].insert().values(id=1, code="U", name="U", kind="office"))
        # Half past midnight on 1 January in Viet Nam is still the old year in UTC.
        for n, moment in enumerate(("2020-12-31 09:00", "2020-12-31 17:30", "2021-01-05 03:00"), 1):
            conn.execute(
                old.tables["cases"].insert().values(
                    id=n, code=f"C{n}", pin_hash="", track="phan_anh", state="closed", category="",
                    words="lời", place="", unit_id=1, received_at=datetime.fromisoformat(moment + aware),
                    due_on=TODAY, stood=[], answer="", rating="", rating_words="",
                )
            )  # fmt: skip

    await database.write(fill)
    await migrate.upgrade(url)

    def entered(conn: Connection) -> list[tuple[int, int]]:
        rows = conn.execute(select(table.c.year, table.c.number).order_by(table.c.case_id))
        return [(row.year, row.number) for row in rows]

    assert await database.read(entered) == [(2020, 1), (2021, 1), (2021, 2)]

    def one_more(conn: Connection) -> int:
        case_id = conn.execute(select(cases_table.c.id).limit(1)).scalar_one()
        conn.execute(table.delete().where(table.c.case_id == case_id))
        return receipts.enter(conn, case_id, 2021, words="", place="", unit_id=1, due_on=TODAY)

    assert await database.write(one_more) == 3
    await database.close()
