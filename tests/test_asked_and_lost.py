"""Whoever was asked and cannot be reached any more does not keep a case's clock standing."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from db import cases
from db.models import events
from tests.citizens import CHANNELS, QUIET, code_in, filed, taken, wait
from tests.talk import Town


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_clock_runs_on_when_the_asked_citizen_has_blocked_us(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    town.fake[channel].blocked.add(town.people[citizen][1])
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán tên là gì, mấy giờ thì mở loa?")
    await wait(town)

    def look(conn: Connection) -> tuple[str, object, list[str]]:
        case = cases.by_code(conn, code)
        assert case is not None
        query = select(events.c.action).where(events.c.subject == "case", events.c.subject_id == case.id)
        return case.state, case.paused_at, list(conn.execute(query.order_by(events.c.id)).scalars())

    state, paused_at, actions = await town.database.read(look)
    assert (state, paused_at) == ("working", None)
    assert actions[-2:] == ["asked", "resumed"]
    assert any("Chưa báo được" in heard.text for heard in town.unread("Yến"))


@pytest.mark.parametrize("official", ["Yến", "Tài"])  # Telegram, Zalo
async def test_who_learns_the_answer_another_way_goes_on(office: Town, official: str) -> None:
    town, citizen = office, office.stranger("Dân", "zalo" if official == "Yến" else "telegram")
    code = code_in(await filed(town, citizen, QUIET))  # due on 07/01
    await taken(town, official, "Tài", "Yến")
    await town.press(official, "Hỏi người dân")
    await town.say(official, "Quán tên là gì?")
    await wait(town)
    assert "Đã rõ, làm tiếp" in (asked := town.unread(official)[-1]).text + str(asked.choices)
    await town.until("2021-01-06 09:00")
    for name in (citizen, official):
        town.unread(name)
    await town.press(official, "Đã rõ, làm tiếp")
    await wait(town)
    await town.hears(official, code, "Trả lời", "Hỏi người dân")
    told = await town.hears(citizen, f"{code}: câu đã hỏi không cần Ông/Bà trả lời nữa", "thứ Hai 11/01")
    assert "Tôi không rõ thêm" not in told.text + str(told.choices)
    await town._turn(official, pressed="case:goon:1")  # an older button
    assert "đã thay đổi" in town.unread(official)[-1].text
    await town.until("2021-01-11 07:00")
    assert not any("cần hỏi thêm" in m.text for m in town.unread(citizen))  # no reminder of the question
