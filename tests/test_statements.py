"""How much a turn asks of the database: a number a step, so that nobody makes the hot path slow unseen."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event

from db import cases
from tests.citizens import code_in, wait
from tests.talk import Town

MOST = {"words": 30, "consent": 78, "look-up": 28, "take": 50, "answer": 72, "rating": 56, "search": 20}


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_a_turn_asks_no_more_of_the_database_than_it_did(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    citizen, official = town.stranger("Dân", channel), "Yến"
    counted: dict[str, int] = {}
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    def count(step: str) -> None:
        """The statements of the last turn: from its arrival until it is done with."""
        done = next(at for at, words in enumerate(asked) if words.startswith("UPDATE inbox"))
        counted[step] = len([words for words in asked[:done] if not words.startswith(("BEGIN", "COMMIT"))])

    event.listen(town.database._engine.sync_engine, "before_cursor_execute", note)
    await town.say(citizen, "loa keo on ao o to 3")
    count("words")
    await wait(town)
    town.unread(citizen)
    asked.clear()
    await town.press(citizen, "Đồng ý và gửi")
    count("consent")
    await wait(town)
    code = code_in(await town.hears(citizen, "UBND đã nhận"))
    asked.clear()
    await town.say(citizen, code)
    count("look-up")
    asked.clear()
    await town.press(official, "Nhận xử lý")
    count("take")
    await wait(town)
    await town.press(official, "Trả lời")
    asked.clear()
    await town.say(official, "Đã nhắc nhở quán, chủ quán cam kết tắt loa sau 22 giờ.")
    count("answer")
    await wait(town)
    asked.clear()
    await town.press(citizen, "Ổn")
    count("rating")
    asked.clear()
    await town.say(official, "/tim loa keo")
    count("search")
    assert counted.keys() == MOST.keys()
    assert {step: number for step, number in counted.items() if number > MOST[step]} == {}, counted


async def test_the_cards_of_a_case_are_found_by_the_index(town: Town) -> None:
    """However many messages were ever sent."""
    plans: list[str] = []

    def cards(conn: Connection) -> None:
        def explain(_c: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
            if "outbox" in statement and not statement.startswith("EXPLAIN"):
                rows = cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, parameters).fetchall()
                plans.extend(str(row[-1]) for row in rows)

        event.listen(conn.engine, "before_cursor_execute", explain)
        cases.cards(conn, 1)
        cases.card_key(conn, 1, 1)
        event.remove(conn.engine, "before_cursor_execute", explain)

    await town.database.read(cards)
    assert [plan for plan in plans if "outbox" in plan]
    assert not [plan for plan in plans if plan.startswith("SCAN outbox")], plans
