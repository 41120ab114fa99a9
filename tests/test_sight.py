"""Who may see a case: one rule in two languages, and nothing of an unseen case in any list or count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select

from db.models import cases, metadata, people, units
from db.sight import visible_to
from domain.people import COMMITTEE, DEPARTMENT, HEAD, LEADER, OFFICE, OFFICIAL, Membership, Person
from domain.sight import may_see
from tests.citizens import code_in, filed, wait
from tests.talk import Town

KINDS = {1: COMMITTEE, 2: OFFICE, 3: DEPARTMENT, 4: DEPARTMENT}
PEOPLE = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Matter:
    id: int
    unit_id: int
    about_unit_id: int | None
    about_person_id: int | None


MATTERS = [
    Matter(number, *each)
    for number, each in enumerate(product(KINDS, (None, *KINDS), (None, *PEOPLE)), 1)
]  # fmt: skip


@pytest.fixture(scope="module")
def conn() -> Iterator[Connection]:
    """A database with a case of every kind."""
    engine = create_engine("sqlite://")
    with engine.begin() as made:
        metadata.create_all(made)
        now = datetime(2021, 1, 4, tzinfo=UTC)
        made.execute(
            insert(units), [{"id": i, "code": str(i), "name": "", "kind": k} for i, k in KINDS.items()]
        )
        made.execute(
            insert(people), [{"id": i, "name": "", "address": "", "created_at": now} for i in PEOPLE]
        )
        made.execute(
            insert(cases),
            [
                {
                    "id": each.id, "code": f"C{each.id}", "pin_hash": "", "track": "phan_anh",
                    "state": "received", "words": "", "unit_id": each.unit_id, "received_at": now,
                    "due_on": date(2021, 1, 8),
                    "about_unit_id": each.about_unit_id, "about_person_id": each.about_person_id,
                }
                for each in MATTERS
            ],
        )  # fmt: skip
        yield made
    engine.dispose()


posts = st.builds(
    lambda unit, role: Membership(unit, str(unit), "", KINDS[unit], role, ""),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from([OFFICIAL, HEAD, LEADER]),
)
viewers = st.builds(
    lambda number, held: Person(number, "", "", tuple(held)),
    st.sampled_from(PEOPLE),
    st.lists(posts, max_size=3),
)


@given(viewer=viewers)
def test_the_rule_and_its_sql_say_the_same(conn: Connection, viewer: Person) -> None:
    seen = set(conn.execute(select(cases.c.id).where(visible_to(viewer))).scalars())
    assert seen == {each.id for each in MATTERS if may_see(each, viewer)}


@given(viewer=viewers)
def test_nobody_sees_what_is_about_them_or_their_unit(viewer: Person) -> None:
    for each in MATTERS:
        if each.about_person_id == viewer.id or each.about_unit_id in viewer.unit_ids:
            assert not may_see(each, viewer)


def test_what_is_for_all_leaves_out_what_is_about_somebody(conn: Connection) -> None:
    seen = set(conn.execute(select(cases.c.id).where(visible_to(None))).scalars())
    assert seen == {m.id for m in MATTERS if m.about_unit_id is None and m.about_person_id is None}


async def test_a_case_about_a_unit_is_in_no_list_or_count_of_its_head(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, "đèn đường hỏng gần chợ, tổ sửa chữa hẹn mãi không tới"))
    await town.until("2021-01-04 09:00")
    for name in town.people:
        town.unread(name)

    def about(conn: Connection) -> None:
        unit = conn.execute(select(units.c.id).where(units.c.code == "QLDT")).scalar()
        conn.execute(cases.update().values(about_unit_id=unit))

    async def told(name: str, *said: str) -> str:
        heard = ""
        for words in said:
            await town.say(name, words)
            await wait(town)
            heard += "\n".join(m.text + str(m.choices) for m in town.unread(name))
        return heard

    before = await told("Nam", "bc", "tra cuu", code)
    assert code in before
    await town.database.write(about)
    after = await told("Nam", "bc", "tra cuu", code)
    assert "nhận" not in after.partition("Phản ánh")[2].splitlines()[0]
    assert "đèn đường" not in after
    chairman = await told("Trần Quốc Dũng", "bc", code)
    assert "nhận 1" in chairman
    assert "đèn đường" in chairman
    assert "đèn đường" not in await told("Võ Thanh Tùng", code), "the head of the office either"
    await town.until("2021-01-11 10:00")
    late = {name: " ".join(m.text for m in town.unread(name)) for name in town.people}
    assert code not in late["Trương Văn Nam"] + late["Nguyễn Thị Kiều"] + late["Võ Thanh Tùng"]
    assert code in late["Trần Quốc Dũng"]
