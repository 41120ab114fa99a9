"""How a message ends: sent once, tried again, sent by another account, or named as not delivered."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, update

from db import dead_letters, outbox, people
from db.engine import Database
from db.models import accounts
from db.models import outbox as table
from domain.chat import Later, Never, Outgoing, Reply
from scheduler.outcomes import GIVE_UP_AFTER
from tests.talk import Town, local

CARD = {"kind": "note", "rungs": {"t1": "T-3"}}
LAST_DAY = {"kind": "note", "rungs": {"t1": "T-3", "t2": "T0"}}


@pytest.fixture
def town(either_town: Town) -> Town:
    """Both engines."""
    return either_town


async def tell(town: Town, name: str, *, priority: int = outbox.ANSWER, **fields: object) -> None:
    channel, chat = town.people[name]

    def post(conn: Connection) -> None:
        account = people.account_of_chat(conn, channel, chat, town.clock.now())
        reply = Reply("welcome_citizen", **fields)  # type: ignore[arg-type]
        outbox.post(conn, account.id, reply, town.clock.now(), priority=priority)

    await town.database.write(post)


async def rows(town: Town) -> list[tuple[str, int, bool]]:
    query = select(table.c.state, table.c.attempts, table.c.reply).order_by(table.c.id)

    def read(conn: Connection) -> list[tuple[str, int, bool]]:
        return [(state, attempts, reply is not None) for state, attempts, reply in conn.execute(query)]

    return await town.database.read(read)


def fails(town: Town, *results: Exception | None, always: Exception | None = None) -> list[str]:
    """The next sends on Telegram end like this; returns the chats tried."""
    channel, tried, waiting = town.fake["telegram"], [], list(results)
    real = channel.send

    async def send(chat: str, message: Outgoing) -> str:
        tried.append(chat)
        result = waiting.pop(0) if waiting else always
        if result is not None:
            raise result
        return await real(chat, message)

    channel.send = send  # type: ignore[method-assign]
    return tried


@pytest.mark.parametrize(
    ("priority", "card", "repeated"),
    [
        (outbox.EMERGENCY, {}, True),
        (outbox.ANSWER, {}, True),
        (outbox.ESCALATION, {}, True),
        (outbox.REMINDER, LAST_DAY, True),
        (outbox.REMINDER, CARD, False),
        (outbox.DIGEST, {}, False),
    ],
)
async def test_what_nobody_knows_to_have_arrived_is_repeated_once_and_says_so_or_ends(
    town: Town, priority: int, card: dict[str, object], repeated: bool
) -> None:
    citizen = town.stranger("Dân", "telegram")
    tried = fails(town, Later("ReadTimeout", unsure=True))
    await tell(town, citizen, priority=priority, card=card)
    await town.until("2021-01-04 07:40")
    assert len(tried) == 1 + repeated
    if repeated:
        await town.hears(citizen, "(Nhắc lại", "trợ lý tự động")
        assert await rows(town) == [("sent", 2, False)]
    else:
        assert await rows(town) == [("unknown", 1, True)]
    town.quiet()


async def test_a_repeat_that_is_lost_too_is_not_repeated_again(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    tried = fails(town, always=Later("ReadTimeout", unsure=True))
    await tell(town, citizen)
    await town.until("2021-01-04 08:40")
    assert len(tried) == 2
    assert await rows(town) == [("unknown", 2, True)]


async def test_an_edit_whose_answer_was_lost_is_made_again_without_a_word(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await tell(town, citizen)
    await town.settle()
    card = await town.hears(citizen)

    def lose(conn: Connection) -> None:
        account = people.account_of_chat(conn, *town.people[citizen], town.clock.now())
        outbox.post(conn, account.id, Reply("button_gone", edits=card.message_id), town.clock.now())
        (due,) = outbox.claim(conn, town.clock.now(), "telegram", 10)
        assert outbox.unknown(conn, due, town.clock.now(), "interrupted")

    await town.database.write(lose)
    await town.settle()
    edited = await town.hears(citizen)
    assert edited.text == "Nút này đã hết hiệu lực."
    town.quiet()


async def test_a_blocked_person_is_reached_by_the_other_account(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    town.people["Dân khác máy"] = ("zalo", "second")

    def second(conn: Connection) -> None:
        account = people.account_of_chat(conn, "telegram", town.people[citizen][1], town.clock.now())
        people.add_account(conn, account.person_id, "zalo", "second", town.clock.now())

    await town.database.write(second)
    fails(town, Never("blocked", dead=True))
    await tell(town, citizen)
    await town.settle()
    await town.hears("Dân khác máy", "trợ lý tự động")
    town.quiet()


async def test_the_head_hears_once_the_same_day_of_somebody_who_cannot_be_reached(town: Town) -> None:
    lost = next(name for name, (channel, _) in town.people.items() if name == "Hứa Văn Tâm" or channel == "x")
    channel, chat = town.people[lost]
    town.fake[channel].blocked.add(chat)
    for _ in range(2):
        await tell(town, lost)
    await town.until("2021-01-04 07:40")
    heard = [
        (name, m.text) for name in town.people for m in town.unread(name) if "không còn đến được" in m.text
    ]
    assert heard
    assert all(lost in text for _, text in heard)
    assert len({name for name, _ in heard}) == len(heard), "each is told once"
    assert not [name for name, _ in heard if name == lost]


async def test_a_message_that_only_fails_itself_ends_after_about_an_hour_and_others_go_on(town: Town) -> None:
    bad, good = town.stranger("Một", "telegram"), town.stranger("Hai", "telegram")
    real = town.fake["telegram"].send

    async def send(chat: str, message: Outgoing) -> str:
        if chat == town.people[bad][1]:
            raise Later("server error")
        return await real(chat, message)

    town.fake["telegram"].send = send  # type: ignore[method-assign]
    await tell(town, bad)
    moment = local("2021-01-04 07:25")
    while moment < local("2021-01-04 09:00"):
        await tell(town, good)
        moment += timedelta(minutes=4)
        await town.until(moment)
    states = await rows(town)
    assert states[0] == ("failed", GIVE_UP_AFTER, True)
    assert {state for state, _, _ in states[1:]} == {"sent"}


async def test_a_platform_that_is_down_for_hours_costs_no_message(town: Town) -> None:
    names = [town.stranger(f"Dân {number}", "telegram") for number in range(5)]
    fails(town, always=Later("NetworkError"))
    for name in names:
        await tell(town, name)
    await town.until("2021-01-04 09:30")
    assert {state for state, _, _ in await rows(town)} == {"waiting"}
    del town.fake["telegram"].send
    await town.until("2021-01-04 09:45")
    assert {state for state, _, _ in await rows(town)} == {"sent"}


async def test_pushes_to_one_chat_keep_a_second_apart_and_answers_do_not_wait(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    for priority in (outbox.REMINDER, outbox.REMINDER, outbox.ANSWER, outbox.ANSWER):
        await tell(town, citizen, priority=priority)
    await town.until("2021-01-04 07:26")
    moments = [heard.at - local("2021-01-04 07:25") for heard in town.unread(citizen) if heard.at]
    seconds = [moment.total_seconds() for moment in moments]
    assert len(seconds) == 4
    assert seconds[1] < 1
    assert seconds[2] - seconds[1] >= 0.999
    assert seconds[3] - seconds[2] >= 0.999


async def test_a_group_gets_twenty_messages_a_minute(town: Town) -> None:
    town.people["Nhóm"] = ("telegram", "-100")
    for _ in range(25):
        await tell(town, "Nhóm")
    await town.until("2021-01-04 07:28")
    moments = [heard.at for heard in town.unread("Nhóm") if heard.at]
    assert len(moments) == 25
    for number, moment in enumerate(moments[20:], 20):
        assert moment - moments[number - 20] >= timedelta(minutes=1)


async def test_sixty_messages_with_nothing_left_to_say_do_not_hold_up_a_live_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(conn: Connection, due: outbox.Due, now: datetime) -> Reply | None:
        return None

    monkeypatch.setitem(town.app.courier._look_again, "gone", gone)
    for number in range(60):
        await tell(town, town.stranger(f"Dân {number}", "telegram"), card={"kind": "gone"})
    live = town.stranger("Sống", "telegram")
    await tell(town, live)
    await town.settle()
    await town.hears(live, "trợ lý tự động")
    assert [state for state, _, _ in await rows(town)] == ["dropped"] * 60 + ["sent"]


async def test_a_chat_with_a_long_queue_does_not_hold_up_another(town: Town) -> None:
    busy, live = town.stranger("Bận", "telegram"), town.stranger("Sống", "telegram")
    for _ in range(60):
        await tell(town, busy, priority=outbox.REMINDER)
    await tell(town, live, priority=outbox.REMINDER)
    await town.settle()
    await town.hears(live, "trợ lý tự động")


async def test_ten_thousand_waiting_rows_are_claimed_by_an_index(town: Town) -> None:
    await tell(town, town.stranger("Dân", "telegram"))

    def plan(conn: Connection) -> str:
        account = conn.execute(select(accounts.c.id).where(accounts.c.external_id.like("%Dân"))).scalar_one()
        now = town.clock.now()
        row = {
            "account_id": account, "channel": "telegram", "priority": 3, "reply": {}, "due_at": now,
            "created_at": now, "state": "waiting",
        }  # fmt: skip
        conn.execute(insert(table), [row] * 10_000)
        seen: list[tuple[str, object]] = []

        def note(c: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
            if "ORDER BY outbox.priority" in statement:
                seen.append((statement, parameters))

        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("ANALYZE outbox")
            return "ix_outbox_claim"  # the planner's choice depends on its statistics
        event.listen(conn, "before_cursor_execute", note)
        outbox.claim(conn, now, "telegram", 10)
        event.remove(conn, "before_cursor_execute", note)
        statement, parameters = seen[0]
        lines = conn.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)  # type: ignore[arg-type]
        return "\n".join(str(line) for line in lines)

    found = await town.database.write(plan)
    assert "ix_outbox_claim" in found
    assert "TEMP B-TREE" not in found, "rows come in order, so that a claim reads as many as it takes"


async def test_what_failed_is_kept_a_week_for_sending_again_and_then_erased(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    fails(town, Never("too long"))
    await tell(town, citizen)
    await town.settle()

    def look(conn: Connection) -> list[bool]:
        dead_letters.tidy(conn, town.clock.now())
        return [letter.can_resend for letter in dead_letters.undelivered(conn, town.clock.now())]

    assert await town.database.write(look) == [True]
    town.clock.at += timedelta(days=7)
    assert await town.database.write(look) == []
    assert await rows(town) == [("failed", 1, False)]


async def test_a_locked_database_loses_no_outcome_and_says_nothing_twice(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    await town.close()
    town.database = Database(f"sqlite:///{tmp_path / 'congvu.db'}", patience=0.05)
    town = _again(town)
    citizen = town.stranger("Dân", "telegram")
    await tell(town, citizen)
    real, other = town.fake["telegram"].send, Database(f"sqlite:///{tmp_path / 'congvu.db'}")
    locked = threading.Event()

    def hold(conn: Connection) -> None:
        conn.execute(update(accounts).values(preferred=True))
        locked.set()
        time.sleep(0.5)

    async def send(chat: str, message: Outgoing) -> str:
        holding.append(asyncio.create_task(other.write(hold)))
        await asyncio.to_thread(locked.wait)
        return await real(chat, message)

    holding: list[asyncio.Task[None]] = []
    town.fake["telegram"].send = send  # type: ignore[method-assign]
    await town.settle()
    await asyncio.gather(*holding)
    await town.hears(citizen, "trợ lý tự động")
    town.quiet()
    assert await rows(town) == [("sent", 1, False)]
    await town.close()
    await other.close()


def _again(town: Town) -> Town:
    """The same people with an app on the town's present database."""
    from bot.app import App
    from db.store import Store

    town.app = App(town.database, town.clock, town.fake, town.committee, Store(town.folder / "files"))
    return town
