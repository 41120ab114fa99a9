"""Every button of a case, in every state, by everybody: no press does what the table does not allow."""

from __future__ import annotations

import contextlib
from itertools import product

from sqlalchemy import Connection, select, update

from db import calendar as calendar_db
from db import cases as cases_db
from db import people
from db.models import cases
from domain.case_states import TABLES
from domain.chat import Turn
from domain.errors import RuleError
from handlers import case_moves, case_prompts
from handlers import cases as handlers
from handlers.desk import Desk
from tests.citizens import POTHOLE, filed
from tests.talk import Town
from tests.test_case_states import STATES

VERBS = sorted({*handlers.ON_CASE, *case_prompts.PROMPTS} - {"other", "grant", "refuse", "work"})
WITH_MORE = ("rate:1:good", "rate:1:bad", "to:1:KT", "propose:1:KT", "tpl:1:0")
PEOPLE = ("Dân", "Người lạ", "Kiều", "Nam", "Đức", "Tùng", "Dũng", "Yến")


async def test_no_press_does_what_the_table_does_not_allow(office: Town) -> None:
    town = office
    citizen = town.stranger("Dân", "telegram")
    town.stranger("Người lạ", "telegram")
    await town.say("Người lạ", "xin chào")
    await filed(town, citizen, POTHOLE)

    def desk(conn: Connection, name: str) -> Desk:
        channel, chat = town._who(name)
        account = people.account_of_chat(conn, channel.name, chat, town.clock.now())
        calendar = calendar_db.load(conn, town.committee.zone)
        person = people.person(conn, account.person_id, calendar.today(town.clock.now()))
        return Desk(
            conn, town.clock.now(), person, account, town.committee, calendar, lambda _: None, b"0" * 32
        )

    def press_all(conn: Connection) -> int:
        done = 0
        handler = desk(conn, "Kiều").person.id
        for state, name in product(STATES, PEOPLE):
            held = {"handler_id": None if state == "received" else handler}
            given = {
                "answered_by": handler if state in ("answered", "reopened", "appealed", "closed") else None
            }
            conn.execute(update(cases).values(state=state, **held, **given))
            here = desk(conn, name)
            before = cases_db.get(conn, 1)
            assert before is not None
            roles = set(case_moves.roles(here, before))
            for action in (*(f"{verb}:1" for verb in VERBS), *WITH_MORE):
                trial = conn.begin_nested()
                with contextlib.suppress(RuleError):
                    handlers.press(
                        here, Turn("telegram", "x", "k", pressed=f"case:{action}"), action.split(":")
                    )
                after = conn.execute(select(cases.c.state).where(cases.c.id == 1)).scalar_one()
                trial.rollback()
                if after == state:
                    continue
                done += 1
                assert any(
                    state in line.states
                    and line.to == after
                    and roles & set(line.roles)
                    and not roles & set(line.barred)
                    for line in TABLES[before.track]
                ), (state, name, action, after)
        return done

    assert await town.database.write(press_all) > 30
