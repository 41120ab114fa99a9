"""How much a turn asks of the database: a number a step, so that nobody makes the hot path slow unseen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event

from db import appointments, case_rungs, cases, files
from tests.citizens import code_in, wait
from tests.talk import Town

NOW = datetime(2021, 1, 4, tzinfo=UTC)
MOST = {"words": 35, "consent": 82, "look-up": 29, "take": 51, "answer": 76, "rating": 58, "search": 20}


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


def _asks(conn: Connection) -> None:
    """What is asked at every step or turn, however much there ever was."""
    cases.cards(conn, 1)
    cases.card_key(conn, 1, 1)
    files.to_fetch(conn, NOW)
    files.next_due(conn)
    files.dropped(conn)
    appointments.on(conn, NOW.date(), NOW)
    appointments.next_day(conn, NOW.date())
    case_rungs.running(conn)


async def test_what_is_asked_all_the_time_walks_through_no_large_table(town: Town) -> None:
    plans: list[str] = []

    def explained(conn: Connection) -> None:
        def explain(_c: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
            rows = cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, parameters).fetchall()
            plans.extend(str(row[-1]) for row in rows)

        event.listen(conn.engine, "before_cursor_execute", explain)
        _asks(conn)
        event.remove(conn.engine, "before_cursor_execute", explain)

    await town.database.read(explained)
    walked = re.compile(r"(SCAN|SEARCH) (outbox|files|cases)( USING INDEX ix_\w+)?")
    assert len(plans) >= 8
    found = [plan for plan in plans if (said := walked.match(plan)) and said[1] == "SCAN" and not said[3]]
    assert found == []
