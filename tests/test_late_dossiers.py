"""A late dossier of the one-stop counter is work (KH3.4), and MT3 has figures as soon as a file is there."""

from __future__ import annotations

import io
from datetime import date, timedelta

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.cli.dossiers import open_matters
from db import dossiers
from db.models import checks, tasks
from domain.dossiers import OPEN, STATES, Dossier, DossierFigures, count_dossiers
from domain.figures import CaseFigures, TaskFigures
from domain.objectives import GREEN, GREY, RED, YELLOW, Inspections, Promise, Target, judge
from tests.citizens import wait
from tests.talk import Town
from tests.test_cycles import Opens, opened  # noqa: F401

NUMBER = "000.00.12.H10-210104-0001"
TODAY = date(2021, 2, 1)
DAYS = st.dates(date(2021, 1, 1), date(2021, 3, 1))


@st.composite
def some_dossiers(draw: st.DrawFn) -> Dossier:
    state = draw(st.sampled_from(STATES))
    back = draw(DAYS) if state == "returned" else None
    return Dossier(NUMBER, "x", state, draw(st.none() | DAYS), back, "Phòng Kinh tế")


@given(st.lists(some_dossiers(), max_size=12))
def test_what_is_late_is_counted_late_and_what_the_citizen_owes_is_not(found: list[Dossier]) -> None:
    figures = count_dossiers(found, date(2021, 1, 1), date(2021, 3, 31), TODAY)
    assert figures.late + figures.overdue == sum(each.is_late(TODAY) for each in found)
    assert figures.total <= len(found)
    assert not any(each.is_late(TODAY) for each in found if each.state in set(OPEN) - {"received", "working"})


@pytest.mark.parametrize(
    ("figures", "early", "none_late"),
    [
        (DossierFigures(), GREY, GREY),
        (DossierFigures(early=4, on_time=6), GREEN, GREEN),
        (DossierFigures(early=3, on_time=7), YELLOW, GREEN),
        (DossierFigures(early=5, on_time=4, late=1), GREEN, RED),
        (DossierFigures(early=5, on_time=4, overdue=1), GREEN, RED),
    ],
)
def test_forty_per_cent_early_and_none_late(figures: DossierFigures, early: str, none_late: str) -> None:
    targets = (Target("procedures_early", 40, None, "%"), Target("procedures_on_time", 60, None, "%"))
    [mt3] = judge([Promise(3, "", targets)], TaskFigures(), CaseFigures(), Inspections(), dossiers=figures)
    assert [measure.light for measure in mt3.measures] == [early, none_late]


def _import(conn: Connection, town: Town) -> str:
    day = date(2021, 1, 20)
    late = Dossier(NUMBER, "Cấp giấy phép xây dựng", "working", date(2021, 1, 15), None, "Quản lý đô thị")
    before = Dossier(f"{NUMBER[:-1]}2", "Khai sinh", "working", date(2020, 12, 15), None, "Một cửa")
    in_time = Dossier(
        f"{NUMBER[:-1]}3", "Khai sinh", "returned", date(2021, 1, 18), date(2021, 1, 15), "Một cửa"
    )
    dossiers.put(conn, [late, before, in_time], day)
    return open_matters(conn, town.committee, day, town.clock.now())


def _late(conn: Connection) -> list[tuple[str, str]]:
    query = select(tasks.c.code, tasks.c.state).where(tasks.c.code.like("HS-%")).order_by(tasks.c.code)
    return [(row.code, row.state) for row in conn.execute(query)]


async def finished(town: Town, who: str, task_id: int) -> None:
    """The person reports with a document, whoever is above confirms."""
    for name in town.people:
        town.unread(name)
    await town._turn(who, pressed=f"task:done:{task_id}")
    await town.say(who, "BC 03/BC-UBND 20/1")
    await town.until(town.clock.at + timedelta(minutes=10))
    asked = {
        name for name in town.people for m in town.unread(name) if "Xác nhận ①" in str((m.text, m.choices))
    }
    assert len(asked) == 1, asked
    await town.press(asked.pop(), "Xác nhận ①")
    await wait(town)


async def test_a_late_dossier_is_apologised_for_and_mended_and_ends_when_both_are_done(
    opened: Opens,  # noqa: F811
) -> None:
    town = await opened()
    await town.until("2021-01-20 09:00")
    told = await town.database.write(_import, town)
    assert "1 hồ sơ trễ hẹn" in told
    assert await town.database.write(_import, town) == "", "a second file opens nothing twice"
    assert [code for code, _ in await town.database.read(_late)] == [
        f"HS-{NUMBER}", f"HS-{NUMBER}-a", f"HS-{NUMBER}-b",
    ]  # fmt: skip
    await town.until("2021-01-20 10:00")
    counter, department = "Phượng", "Trương Văn Nam"
    assert any("Xin lỗi, hẹn lại ngày trả" in m.text for m in town.unread(counter))
    assert any("Nguyên nhân, khắc phục" in m.text for m in town.unread(department))

    def number(conn: Connection, end: str) -> int:
        return int(conn.execute(select(tasks.c.id).where(tasks.c.code == f"HS-{NUMBER}{end}")).scalar_one())

    apology = await town.database.read(number, "-a")
    inside = await town.database.read(number, "-b")
    await town._turn(counter, pressed=f"task:open:{apology}")
    await town.press(counter, "Phiếu xin lỗi (Word)")
    await wait(town)
    heard = town.unread(counter)
    files = [upload for m in heard for upload in m.uploads]
    if files:  # on a channel that takes files
        words = "\n".join(p.text for p in docx.Document(io.BytesIO(files[0][2])).paragraphs)
        assert NUMBER in words
        assert "15/01/2021" in words
        assert "xin lỗi Ông/Bà" in words

    await finished(town, counter, apology)
    assert dict(await town.database.read(_late))[f"HS-{NUMBER}"] != "confirmed", "one of two is not both"
    await finished(town, department, inside)
    assert dict(await town.database.read(_late))[f"HS-{NUMBER}"] == "confirmed"
    await town.app.tick()

    def looked(conn: Connection) -> list[str]:
        query = select(tasks.c.code).join(checks, checks.c.task_id == tasks.c.id)
        return list(conn.execute(query.where(tasks.c.code.like("HS-%"))).scalars())

    assert await town.database.read(looked) == [f"HS-{NUMBER}"], "somebody else looks at the whole"
    await town.say("Trần Quốc Dũng", "bc")
    await town.press("Trần Quốc Dũng", "Mục tiêu")
    goals = town.unread("Trần Quốc Dũng")[-1].text
    assert "hồ sơ trước hẹn 50 %; mục tiêu 40 %" in goals
    assert "trễ hẹn 1/2 hồ sơ" in goals
    assert "Hồ sơ trễ hẹn trong kỳ: 1; đã xin lỗi 1, xử lý xong cả hai việc 1" in goals


async def test_without_a_row_that_asks_for_it_nothing_is_opened_and_it_is_said(town: Town) -> None:
    told = await town.database.write(_import, town)
    assert "chưa mở việc nào" in told
    assert await town.database.read(_late) == []
