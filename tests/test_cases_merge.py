"""Officials take two cases for one: receipts stay, promises hold, and an undo brings everything back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from db import cases as db_cases
from db import people
from db.calendar import load
from db.models import cases
from domain.case_states import find
from domain.chat import Turn
from domain.codes import with_check
from domain.errors import RuleError
from domain.people import Account
from handlers import case_joined, case_merge
from handlers.desk import Desk
from tests.citizens import CHANNELS, GREEN, at_eight, code_in, filed, wait
from tests.talk import Town

HOLE = "o ga to truoc cho, ap 5"
LAMP = "den duong ap 5 truoc cho hu ca tuan"


async def _two(town: Town, channel: str = "zalo") -> tuple[str, str, str, str]:
    """Two cases of two people, the first promised earlier."""
    first, second = town.stranger("Dân", channel), town.stranger("Láng giềng", channel)
    codes = [code_in(await filed(town, who, HOLE)) for who in (first, second)]
    for name in ("Nam", "Kiều"):
        town.unread(name)
    return first, second, codes[0], codes[1]


async def _merge(town: Town, leader: str, code: str, into: str) -> None:
    await town.say(leader, code)
    await town.press(leader, "Gộp, chia, xác minh")
    await town.press(leader, "Trùng việc khác")
    town.unread(leader)
    await town.say(leader, into)
    await town.press(leader, "Gộp")
    await wait(town)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_whoever_was_merged_keeps_the_code_and_gets_the_answer(office: Town, channel: str) -> None:
    town = office
    first, second, code, other = await _two(town, channel)
    leader = "Dũng" if channel == "telegram" else "Châu"
    await _merge(town, leader, other, code)
    merged = [m.text for m in town.unread(leader)]
    assert any(f"Đã gộp {other} vào {code}" in text and "11/01/2021" in text for text in merged)
    await town.hears(second, other, "trùng với một phản ánh", "thứ Hai 11/01")
    assert any(f"đã gộp vào {code}" in m.text for name in ("Nam", "Kiều") for m in town.unread(name))
    assert town.unread(first) == []
    await town.say("Kiều", code)
    await town.press("Kiều", "Nhận xử lý")
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption="Sáng nay đã vá ổ gà trước chợ ấp 5.")
    await wait(town, 30)
    assert any(other in m.text and "đã vá" in m.text for m in town.unread(second))


async def test_the_undo_brings_both_back_to_work(office: Town) -> None:
    town = office
    _, second, code, other = await _two(town)
    await town.say("Kiều", other)
    await town.press("Kiều", "Nhận xử lý")
    await wait(town)
    await _merge(town, "Dũng", other, code)
    for name in (*town.people,):
        town.unread(name)
    await town.press("Dũng", "Hoàn tác")
    await wait(town)
    await town.hears("Dũng", f"Đã tách {other}")
    await town.hears(second, other, "xử lý riêng", "thứ Hai 11/01")
    await town.say("Kiều", other)
    assert any("đang xử lý" in m.text for m in town.unread("Kiều"))


async def test_after_seven_days_or_a_rating_it_stays(office: Town) -> None:
    town = office
    _, _, code, other = await _two(town)
    await _merge(town, "Dũng", other, code)
    town.unread("Dũng")
    await town.until("2021-01-11 09:00")
    town.unread("Dũng")
    await town._turn("Dũng", pressed="order:unmerge:2")
    await town.hears("Dũng", "không tách được nữa")


async def test_what_may_not_be_merged(office: Town) -> None:
    town = office
    _, _, code, other = await _two(town)
    lamp = code_in(await filed(town, town.stranger("Ba", "zalo"), LAMP))

    def promise(conn: Connection) -> None:
        conn.execute(update(cases).where(cases.c.code == lamp).values(due_on=date(2021, 1, 6)))

    await town.database.write(promise)

    def seal(conn: Connection) -> None:
        conn.execute(update(cases).where(cases.c.code == other).values(privacy="sealed"))

    for one, into, why in (
        (lamp, code, "hẹn trả lời muộn hơn"),
        (code, code, "không gộp được"),
        (code, with_check("2222"), "Không tìm thấy mã"),
    ):
        await town.say("Dũng", one)
        await town.press("Dũng", "Gộp, chia, xác minh")
        await town.press("Dũng", "Trùng việc khác")
        town.unread("Dũng")
        await town.say("Dũng", into)
        heard = [m.text for m in town.unread("Dũng")]
        assert any(why in text for text in heard), heard
        await town.press("Dũng", "Quay lại")
    await town.database.write(seal)
    town.unread("Dũng")
    await town._turn("Dũng", pressed="order:domerge:2:1")
    await town.hears("Dũng", "mức giữ kín")
    await town._turn("Kiều", pressed="order:domerge:2:1")  # neither a leader nor the reception
    assert len(town.unread("Kiều")) >= 1

    def states(conn: Connection) -> list[str]:
        return list(conn.execute(select(cases.c.state).order_by(cases.c.id)).scalars())

    assert await town.database.read(states) == ["received"] * 3


async def test_merge_then_undo_is_as_before(either_town: Town) -> None:
    """Whatever state the case was in, whoever followed it, and whether the answer had come."""
    town = either_town
    await at_eight(town)
    for number in range(4):
        await filed(town, town.stranger(f"Dân {number}", "zalo"), HOLE)
    seen: list[int] = []

    def tried(conn: Connection) -> None:
        person = people.person(conn, town.ids["Trần Quốc Dũng"], date(2021, 1, 4))
        account = people.account_of(conn, person.id)
        assert account is not None
        desk = _desk(town, conn, account)

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(
            st.sampled_from(["received", "working", "asked"]),
            st.sets(st.sampled_from([3, 4])),
            st.booleans(),
            st.integers(0, 7 * 24 * 60),
        )
        def as_before(state: str, followers: set[int], answered: bool, minutes: int) -> None:
            inner = conn.begin_nested()
            try:
                conn.execute(update(cases).where(cases.c.id == 2).values(state=state, handler_id=person.id))
                if followers:
                    conn.execute(
                        update(cases).where(cases.c.id.in_(followers)).values(state="joined", joined_to=2)
                    )
                before = _rows(conn)
                case = db_cases.access_case(conn, 2, acting=person)
                case_merge.merge(desk, _turn(), case, 1)
                assert _rows(conn) != before
                if answered:
                    _answer(desk, conn)
                later = _desk(town, conn, account, minutes)
                case_merge.unmerge(later, _turn(), db_cases.access_case(conn, 2, acting=person))
                after = _rows(conn)
                if answered:  # the one they were merged into has its answer
                    before.pop(1), after.pop(1)
                assert after == before
                with pytest.raises(RuleError):
                    case_merge.unmerge(later, _turn(), db_cases.access_case(conn, 2, acting=person))
                seen.append(minutes)
            finally:
                inner.rollback()

        as_before()

    await town.database.write(tried)
    assert len(seen) >= 20


def _answer(desk: Desk, conn: Connection) -> None:
    line = find("phan_anh", "working", "answer", ("handler",))
    assert line is not None
    conn.execute(update(cases).where(cases.c.id == 1).values(state="working"))
    lead = db_cases.access_case(conn, 1, acting=desk.person)
    lead = db_cases.move(conn, lead, line, answer="Đã vá.", answered_at=desk.now, answered_by=desk.person.id)
    assert case_joined.answered(desk, lead)


def _rows(conn: Connection) -> dict[int, dict[str, Any]]:
    return {row["id"]: dict(row) for row in conn.execute(select(cases)).mappings()}


def _turn() -> Turn:
    return Turn(channel="telegram", chat="1", key="k")


def _desk(town: Town, conn: Connection, account: Account, minutes: int = 0) -> Desk:
    now = town.clock.now() + timedelta(minutes=minutes)
    return Desk(
        conn=conn,
        now=now,
        person=people.person(conn, account.person_id, date(2021, 1, 4)),
        account=account,
        committee=town.committee,
        calendar=load(conn, town.committee.zone),
        withheld=lambda key: None,
        stamp_key=b"key",
    )
