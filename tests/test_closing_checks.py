"""Five answers in a hundred are looked at on the spot: drawn by nobody's will, told to nobody before."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from db import closing_checks as closing_checks_db
from db.models import cases, closing_checks, closing_seeds, events
from domain.codes import new_code
from domain.draws import PER_HUNDRED, is_drawn
from tests.citizens import POTHOLE, QUIET, code_in, filed, taken, wait
from tests.reporting import Book
from tests.talk import Town
from tests.test_inspections import LUC, lead

DAY = date(2021, 1, 6)


def test_about_five_in_a_hundred_are_drawn_whatever_the_seed() -> None:
    for seed in ("0011223344556677", "ffeeddccbbaa9988"):
        drawn = sum(is_drawn(seed, new_code(), DAY) for _ in range(4000))
        assert 4000 * (PER_HUNDRED - 2) / 100 < drawn < 4000 * (PER_HUNDRED + 2) / 100


@given(st.text("0123456789abcdef", min_size=16, max_size=16), st.dates(), st.integers(1, 400))
def test_the_same_seed_code_and_day_draw_the_same(seed: str, day: date, days: int) -> None:
    code = new_code()
    assert is_drawn(seed, code, day) == is_drawn(seed, code, day)
    later = [day + timedelta(days=n) for n in range(days) if day.toordinal() + n < date.max.toordinal()]
    assert len({is_drawn(seed, code, each) for each in later}) <= 2


def seed_for(code: str, *, drawn: bool = True) -> str:
    """A seed by which this answer is drawn, or not."""
    return next(seed for n in range(9999) if is_drawn(seed := f"{n:016x}", code, DAY) is drawn)


async def answered(town: Town, words: str = QUIET, *, drawn: bool = True) -> str:
    """A case whose answer of the 6th of January is drawn, or not."""
    await Book(town).write(Book(town).plan())
    await town.until("2021-01-05 08:00")
    code = code_in(await filed(town, town.stranger("Dân", "telegram"), words))
    seed = {"month": "2021-01", "seed": seed_for(code, drawn=drawn), "made_at": town.clock.now()}
    await town.database.write(lambda conn: conn.execute(insert(closing_seeds).values(**seed)) and None)
    official, head = ("Yến", "Tài") if words == QUIET else ("Kiều", "Nam")
    await taken(town, official, head)
    await town.until("2021-01-06 09:00")
    await town.press(official, "Trả lời")
    await town.say(official, "Tổ 3 đã nhắc nhở, chủ quán cam kết tắt loa trước 21 giờ")
    await wait(town)
    if words != QUIET:
        await town.press(official, "Không có ảnh")
        await town.say(official, "Máy ảnh hỏng, đã có biên bản nghiệm thu")
        await wait(town)
    for name in town.people:
        town.unread(name)
    return code


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_the_drawn_answer_is_in_the_next_prompt_and_what_was_found_reaches_a_leader(
    town: Town, channel: str
) -> None:
    who = await lead(town, channel)  # on Zalo the head of the unit that QUIET goes to
    code = await answered(town, QUIET if channel == "telegram" else POTHOLE)
    await town.until("2021-01-12 09:00")
    prompt = await town.hears(who, "1 kết quả trả lời dân được rút ngẫu nhiên để xem tận nơi")
    assert code not in prompt.text
    for name in ("Yến", "Kiều", "Trương Văn Nam"):
        assert "rút ngẫu nhiên" not in " ".join(m.text for m in town.unread(name))
    town.unread("Dũng")
    await town.press(who, "Xem kết quả được rút (1)")
    await town.hears(who, code, "Xin không báo trước")
    if channel == "telegram":
        await town.press(who, "1")
    else:
        await town.say(who, "1")
    shown = await town.hears(who, code, "chủ quán cam kết", "Đúng thực tế", "Chưa đúng")
    assert "to 3" in shown.text or "cho" in shown.text, "where nothing else names the place, the words do"
    await town.press(who, "Chưa đúng")
    await town.hears(who, "tại nơi thấy gì")
    await town.say(who, "21 giờ 30 vẫn hát, không ai nhắc")
    await town.hears(who, f"Đã ghi {code}", "đã báo lãnh đạo")
    await town.until("2021-01-12 10:00")
    leader = "Dũng"
    await town.hears(leader, code, "chưa đúng thực tế", "vẫn hát", "Xem hồ sơ")
    citizen = "Dân"
    news = town.unread(citizen)[-1].text
    assert "kiểm tra lại tại chỗ, thấy việc này chưa xong" in news
    assert "vẫn hát" not in news, "what was found stays between officials"

    def state(conn: Connection) -> list[str]:
        return list(conn.execute(select(cases.c.state)).scalars())

    assert await town.database.read(state) == ["reopened"]
    head = "Tài" if channel == "telegram" else "Trương Văn Nam"
    card = town.unread(head)[-1]
    assert "Giao làm lại" in str((card.text, card.choices))
    town.unread(leader)
    await town.say(leader, "bc")
    for label in ("Phản ánh", "Chất lượng"):
        town.unread(leader)
        await town.press(leader, label)
    assert "Rút ngẫu nhiên để xem tận nơi: 1; đã xem 1, chưa đúng 1" in town.unread(leader)[-1].text
    await town._turn(who, pressed="drawn:true:1")
    assert "đã hết hiệu lực" in town.unread(who)[-1].text, "once said it stays said"


async def test_what_is_not_drawn_is_in_no_prompt_and_a_seed_is_made_by_itself(either_town: Town) -> None:
    town = either_town
    await answered(town, drawn=False)
    await town.until("2021-01-12 09:00")
    assert "rút ngẫu nhiên" not in " ".join(m.text for m in town.unread(LUC))

    def rows(conn: Connection) -> tuple[int, list[str]]:
        checks = len(conn.execute(select(closing_checks.c.id)).all())
        return checks, list(conn.execute(select(closing_seeds.c.month)).scalars())

    assert await town.database.read(rows) == (0, ["2021-01"])


async def test_nobody_else_opens_or_decides_and_an_own_answer_is_looked_at_by_others(town: Town) -> None:
    code = await answered(town)
    for who in ("Yến", "Tài", "Kiều", "Võ Thanh Tùng"):
        for action in ("drawn:open:1", "drawn:true:1", "drawn:untrue:1"):
            await town._turn(who, pressed=action)
            assert "đã hết hiệu lực" in town.unread(who)[-1].text
        await town._turn(who, pressed="drawn:list")
        assert code not in town.unread(who)[-1].text
    await town._turn(LUC, pressed="drawn:true:1")
    assert "Không còn kết quả nào" in town.unread(LUC)[-1].text

    def looked(conn: Connection) -> list[int]:
        return list(conn.execute(select(events.c.actor_id).where(events.c.action == "looked_at")).scalars())

    assert await town.database.read(looked) == [town.ids[LUC]]


async def test_two_first_answers_of_a_month_at_once_have_one_seed(either_town: Town) -> None:
    town, now = either_town, either_town.clock.now()
    if town.database.is_sqlite:  # has one writer
        return
    other = create_async_engine(town.database.url)
    async with other.connect() as slow, slow.begin():
        first = await slow.run_sync(closing_checks_db.seed_of, DAY, now)
        second = asyncio.create_task(town.database.write(closing_checks_db.seed_of, DAY, now))
        await asyncio.wait([second], timeout=0.5)
        assert not second.done()  # it waits for the first to be kept
    assert await second == first
    await other.dispose()
