"""Rights are asked for at each press (spec row 38): who left has nothing, being in a group gives nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from db.models import cases, events, memberships
from domain.chat import Turn
from tests.citizens import code_in, filed, wait
from tests.crawl import crawl
from tests.talk import Town

SECRET = "zqword01x"
SAID = [
    "bc", "bc năm 2021", "/sotiepnhan", "/tim zqword01x", "/hoso", "nv", "/lichtiep", "he thong", "/nhatky",
    "/congkhai", "/nghi", "/nhom", "/lich",
]  # fmt: skip
MOST = 90


async def lamp(town: Town) -> str:
    """A matter of Kiều's unit, taken by her; its code."""
    await town.until("2021-01-04 08:00")
    code = code_in(await filed(town, town.stranger("Dân", "telegram"), f"đèn đường hỏng gần chợ {SECRET}"))
    await town.press("Kiều", "Nhận xử lý")
    await wait(town)
    for name in town.people:
        town.unread(name)
    return code


def _offered(conn: Connection, town: Town, name: str, code: str) -> tuple[list[str], str]:
    """Every press a person is offered, and all they read on the way."""
    actions: list[str] = []
    text = ""
    for read in crawl(conn, town, name, [*SAID, code], [], MOST):
        text += read.text
        if ":" in read.after:
            actions.append(read.after)
    return actions, text


def _left(conn: Connection, person_id: int) -> None:
    mine = memberships.c.person_id == person_id
    conn.execute(update(memberships).where(mine).values(until=memberships.c.since))


def _state(conn: Connection) -> tuple[Any, Any]:
    states = conn.execute(select(cases.c.state, cases.c.handler_id)).all()
    return [tuple(row) for row in states], conn.execute(select(func.max(events.c.id))).scalar()


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Kiều", "Trương Văn Nam", "Trần Quốc Dũng", "Thái Văn Đức"]
)  # who has it, the head (Zalo), the chairman, the reception
async def test_whoever_left_finds_nothing_behind_any_button_they_had(town: Town, name: str) -> None:
    code = await lamp(town)
    actions, before = await town.database.write(_offered, town, name, code)
    assert SECRET in before, "or this test looks at nothing"
    assert len(actions) > 20
    await town.database.write(_left, town.ids[name])
    was = await town.database.read(_state)

    def pressed(conn: Connection) -> list[str]:
        return [
            r.after for r in crawl(conn, town, name, [*SAID, code], actions, 3 * MOST) if SECRET in r.text
        ]

    assert await town.database.write(pressed) == []
    channel, chat = town._who(name)
    for action in actions[:25]:
        town.turns += 1
        await town.app.receive(Turn(channel.name, chat, f"t{town.turns}", pressed=action, message_id="m1"))
    await wait(town)
    assert not any(SECRET in heard.text for heard in town.unread(name))
    assert await town.database.read(_state) == was, "and nothing they press changes anything"


@pytest.mark.parametrize("private", [True, False])
async def test_being_in_a_unit_s_group_gives_no_right(town: Town, private: bool) -> None:
    """A member of the chat who is on no roster presses what officials press, there and in private."""
    code = await lamp(town)
    chat = "telegram-Lạ" if private else "-100200"
    town.people["Lạ"] = ("telegram", chat)
    was = (await town.database.read(_state))[0]
    for press in ("case:card:1", "case:take:1", "case:files:1", "case:answer:1", "bc:2021:citizens",
                  "register:xlsx:2021:check", "drawn:list", "order:extend:1", "task:list"):  # fmt: skip
        await town._turn("Lạ", pressed=press, private=private)
    for said in (code, "viec", "/baocao", "/tim zqword01x", "/sotiepnhan"):
        await town._turn("Lạ", text=said, private=private)
    await wait(town)
    heard = "".join(f"{m.text}{m.choices}{m.uploads}" for m in town.unread("Lạ"))
    assert SECRET not in heard
    assert (await town.database.read(_state))[0] == was
