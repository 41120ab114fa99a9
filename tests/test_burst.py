"""The morning of a large office: everybody's card in minutes, within the limits, the urgent first."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection

from db import outbox, people
from domain.chat import Reply
from scheduler import remind
from tests.talk import Heard, Town, local
from tests.work import add_task

SECOND = timedelta(seconds=1)


async def test_a_hundred_and_fifty_cards_leave_within_the_limits_and_the_urgent_pass_by(town: Town) -> None:
    names = [town.stranger(f"Người {number}", "telegram") for number in range(150)]

    def post(conn: Connection, whom: list[str], priority: int, times: int) -> None:
        for name in whom * times:
            account = people.account_of_chat(conn, *town.people[name], town.clock.now())
            outbox.post(conn, account.id, Reply("welcome_citizen"), town.clock.now(), priority=priority)

    await town.database.write(post, names, outbox.REMINDER, 2)
    await town.until("2021-01-04 07:25:02")
    urgent = town.stranger("Gấp", "telegram")
    await town.database.write(post, [urgent], outbox.EMERGENCY, 1)
    await town.until("2021-01-04 07:35")
    heard: list[Heard] = [message for name in (*names, urgent) for message in town.unread(name)]
    moments = sorted(message.at for message in heard if message.at)
    assert len(moments) == 301
    assert all(later - first >= SECOND for first, later in zip(moments, moments[30:], strict=False))
    for chat in town.fake["telegram"].chats.values():
        apart = [message.at for message in chat if message.at]
        assert all(later - first >= SECOND for first, later in pairwise(apart))
    alarm = town.fake["telegram"].chats[town.people[urgent][1]][0]
    assert alarm.at
    assert alarm.at < local("2021-01-04 07:25:02.3"), "it waited for what was on its way, not for the queue"
    assert moments[-1] < local("2021-01-04 07:25:13")


async def test_one_person_whose_card_cannot_be_made_costs_the_others_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Nguyễn Thị Lan", "Phan Văn Hùng"):
        await add_task(town, "Việc", date(2021, 1, 29), name, state="accepted")
    real, broken = remind._tell, town.ids["Phan Văn Hùng"]

    def tell(conn: Connection, person_id: int, *rest: object) -> None:
        if person_id == broken:
            raise ZeroDivisionError
        real(conn, person_id, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(remind, "_tell", tell)
        await town.jump("2021-01-29 07:31")
        await town.hears("Lan", "Việc")
        assert not town.unread("Hùng")
    await town.jump("2021-01-29 07:32")
    await town.hears("Hùng", "Việc")
