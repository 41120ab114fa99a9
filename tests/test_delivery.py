"""Nothing is lost and nothing is said twice on the way in and out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from db import files, inbox, outbox, people
from db.models import accounts
from db.models import inbox as inbox_table
from db.models import outbox as outbox_table
from domain.chat import Choice, Incoming, Later, Never, Outgoing, Reply, Turn
from handlers import router
from handlers.desk import Desk
from tests.pictures import png
from tests.talk import Town, local


@pytest.fixture
def town(either_town: Town) -> Town:
    """Every promise of delivery holds on both engines."""
    return either_town


async def _states(town: Town) -> list[str]:
    def read(conn: Connection) -> list[str]:
        return list(conn.execute(select(outbox_table.c.state).order_by(outbox_table.c.id)).scalars())

    return await town.database.read(read)


async def _tell(town: Town, chat: str, reply: Reply, key: str | None = None, priority: int = 1) -> int | None:
    def post(conn: Connection) -> int | None:
        account = people.account_of_chat(conn, "telegram", chat, town.clock.now())
        return outbox.post(conn, account.id, reply, town.clock.now(), key=key, priority=priority)

    return await town.database.write(post)


def _sends(town: Town, *results: Exception | None) -> list[str]:
    """Makes the next sends on Telegram end like this; returns the list of chats tried."""
    channel, tried, waiting = town.fake["telegram"], [], list(results)
    real = channel.send

    async def send(chat: str, message: Outgoing) -> str:
        tried.append(chat)
        result = waiting.pop(0) if waiting else None
        if result is not None:
            raise result
        return await real(chat, message)

    channel.send = send  # type: ignore[method-assign]
    return tried


async def test_the_same_update_twice_is_answered_once(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    turn = Turn("telegram", town.people[citizen][1], "u1", text="/start")
    assert await town.app.receive(turn)
    assert not await town.app.receive(turn)
    await town.app.settle()
    await town.hears(citizen, "trợ lý tự động")
    town.quiet()


async def test_turns_stored_before_a_restart_are_answered_in_order_after_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def note(desk: Desk, turn: Turn) -> list[Reply]:
        seen.append(turn.text)
        return []

    monkeypatch.setattr(router, "answer", note)
    for number in range(5):
        await town.app.receive(Turn("telegram", f"c{number % 2}", f"u{number}", text=str(number)))
    await town.app.settle()
    assert seen == ["0", "1", "2", "3", "4"]


async def test_a_turn_that_raises_is_tried_again_then_given_up_with_an_apology(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = town.stranger("Dân", "telegram")
    tries: list[str] = []

    def broken(desk: Desk, turn: Turn) -> list[Reply]:
        tries.append(turn.key)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(router, "answer", broken)
        await town.say(citizen, "xin chào")
        await town.until("2021-01-04 07:27")
    assert len(tries) == inbox.ATTEMPTS
    await town.hears(citizen, "Xin lỗi")

    def kept(conn: Connection) -> object:
        return conn.execute(select(inbox_table.c.turn).where(inbox_table.c.state == "failed")).scalar()

    assert isinstance(await town.database.read(kept), dict), "the words are kept for a retry by command"
    await town.say(citizen, "/start")
    await town.hears(citizen, "trợ lý tự động")


async def test_a_failing_chat_does_not_hold_up_another(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = town.stranger("Một", "telegram"), town.stranger("Hai", "telegram")
    real = router.answer

    def half_broken(desk: Desk, turn: Turn) -> list[Reply]:
        if turn.chat == town.people[first][1]:
            raise ZeroDivisionError
        return real(desk, turn)

    monkeypatch.setattr(router, "answer", half_broken)
    await town.say(first, "/start")
    await town.say(second, "/start")
    await town.hears(second, "trợ lý tự động")


async def test_a_message_whose_sender_died_is_sent_again_after_its_lease(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await _tell(town, town.people[citizen][1], Reply("welcome_citizen", {}))
    claimed = await town.database.write(outbox.claim, town.clock.now(), "telegram", 10)
    assert len(claimed) == 1
    await town.app.settle()
    assert not town.unread(citizen), "somebody else holds the lease"
    await town.until("2021-01-04 07:27")
    await town.hears(citizen, "trợ lý tự động")
    assert await _states(town) == ["sent"]


async def test_a_flood_answer_makes_the_channel_rest_and_loses_nothing(town: Town) -> None:
    tried = _sends(town, Later("429", 30))
    for chat in ("a", "b", "c"):
        await _tell(town, chat, Reply("welcome_citizen", {}))
    await town.app.settle()
    assert tried.count("a") == 1
    await town.until("2021-01-04 07:25:29")
    assert tried.count("a") == 1, "retry_after is obeyed"
    await town.until("2021-01-04 07:25:31")
    assert await _states(town) == ["sent", "sent", "sent"]


async def test_what_is_prepared_before_its_turn_waits_for_it_and_is_given_back_as_it_was(town: Town) -> None:
    tried = _sends(town)
    for number in range(6):
        await _tell(town, str(number), Reply("welcome_citizen", {}))
    await town.app.settle()
    assert tried == ["0", "1", "2"]
    town.clock.at += timedelta(milliseconds=20)
    await town.app.settle()
    assert len(tried) == 3, "the next may leave a thirtieth of a second after"

    def noted(conn: Connection) -> list[tuple[str, bool, int]]:
        last = select(outbox_table.c.state, outbox_table.c.called, outbox_table.c.attempts)
        return [tuple(row) for row in conn.execute(last.order_by(outbox_table.c.id).offset(3))]

    assert await town.database.read(noted) == [("sending", True, 1), *[("sending", False, 1)] * 2]
    await town.app.courier.give_everything_back()
    assert [(state, attempts) for state, _, attempts in await town.database.read(noted)] == [
        ("waiting", 0)
    ] * 3
    await town.until("2021-01-04 07:26")
    assert tried == ["0", "1", "2", "3", "4", "5"]


async def test_what_is_prepared_while_the_clock_jumps_is_said_once(town: Town) -> None:
    channel = town.fake["telegram"]
    real = channel.send

    async def slowly(chat: str, message: Outgoing) -> str:
        await asyncio.sleep(0.05)
        return await real(chat, message)

    channel.send = slowly  # type: ignore[method-assign]
    for number in range(6):
        await _tell(town, str(number), Reply("welcome_citizen", {}))
    await town.app.settle()
    town.clock.at += timedelta(milliseconds=20)
    await town.app.settle()
    town.clock.at += timedelta(minutes=5)  # its lease is over, and Zalo looks for what was lost
    await town.settle()
    assert [len(channel.chats[str(number)]) for number in range(6)] == [1] * 6
    assert not any("Nhắc lại" in heard.text for chat in channel.chats.values() for heard in chat)


async def test_a_failed_send_is_retried_and_not_called_sent(town: Town) -> None:
    _sends(town, Later("timeout"), Later("timeout"))
    await _tell(town, "a", Reply("welcome_citizen", {}))
    await town.app.settle()
    assert await _states(town) == ["waiting"]
    await town.until("2021-01-04 07:30")
    assert await _states(town) == ["sent"]


async def test_a_person_who_blocked_the_bot_is_dead_and_does_not_stop_the_others(town: Town) -> None:
    _sends(town, Never("blocked", dead=True))
    for chat in ("a", "b"):
        await _tell(town, chat, Reply("welcome_citizen", {}))
    await town.app.settle()
    assert await _states(town) == ["unreachable", "sent"]

    def dead(conn: Connection) -> list[object]:
        return list(
            conn.execute(select(accounts.c.dead_since).where(accounts.c.external_id == "a")).scalars()
        )

    assert await town.database.read(dead) != [None]


async def test_a_message_that_cannot_be_worded_does_not_stop_the_others(town: Town) -> None:
    await _tell(town, "a", Reply("no_such_key", {}))
    await _tell(town, "b", Reply("welcome_citizen", {}))
    await town.app.settle()
    assert await _states(town) == ["waiting", "sent"]


async def test_the_urgent_goes_first(town: Town) -> None:
    tried = _sends(town)
    for number in range(12):
        await _tell(town, f"digest{number}", Reply("welcome_citizen", {}), priority=outbox.DIGEST)
    await _tell(town, "urgent", Reply("welcome_citizen", {}), priority=outbox.EMERGENCY)
    await town.settle()
    assert tried[0] == "urgent"


async def test_one_reason_is_told_once(town: Town) -> None:
    assert await _tell(town, "a", Reply("welcome_citizen", {}), key="k") is not None
    assert await _tell(town, "a", Reply("welcome_citizen", {}), key="k") is None


async def test_a_burst_in_one_slot_gives_one_message(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    for _ in range(3):
        await _tell(town, town.people[citizen][1], Reply("welcome_citizen", {}, slot="s", wait=3))
    await town.app.settle()
    assert not town.unread(citizen)
    await town.until("2021-01-04 07:25:04")
    await town.hears(citizen, "trợ lý tự động")
    town.quiet()


async def test_words_are_erased_from_the_outbox_once_delivered(town: Town) -> None:
    await _tell(town, "a", Reply("welcome_citizen", {"secret": "bí mật"}))
    await town.app.settle()

    def words(conn: Connection) -> list[object]:
        return list(conn.execute(select(outbox_table.c.reply)).scalars())

    assert await town.database.read(words) == [None]


async def test_a_number_chooses_from_the_last_menu(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "/start")
    town.unread(citizen)

    def menu(conn: Connection) -> None:
        account = people.account_of_chat(conn, "zalo", town.people[citizen][1], town.clock.now())
        choices = ((Choice("menu_citizen", "nowhere:1", takes_text=True),),)
        outbox.post(conn, account.id, Reply("welcome_citizen", {}, choices), town.clock.now())

    await town.database.write(menu)
    await town.settle()
    town.unread(citizen)
    await town.say(citizen, "1")
    await town.hears(citizen, "hết hiệu lực")


async def test_a_file_is_fetched_after_the_commit_and_refused_by_its_content(town: Town) -> None:
    town.fake["telegram"].files |= {"good": png(90, 80, 70), "bad": b"<svg onload=x>"}

    def keep(conn: Connection) -> list[int]:
        account = people.account_of_chat(conn, "telegram", "a", town.clock.now())
        return [
            files.keep(conn, account.id, Incoming("photo", ref), "draft", 1, town.clock.now())
            for ref in ("good", "bad", "gone")
        ]

    town.fake["telegram"].files["gone"] = b""
    await town.database.write(keep)
    await town.app.settle()
    stored = await town.database.read(files.of_subject, "draft", 1)
    assert [file.state for file in stored] == ["stored", "refused", "refused"]
    assert town.app.store.get(stored[0].sha256).startswith(b"\x89PNG")


def test_the_harness_reads_local_times() -> None:
    assert local("2021-01-04 07:25").isoformat() == "2021-01-04T07:25:00+07:00"


async def test_what_a_killed_process_was_sending_is_sent_at_the_next_start(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    await _tell(town, "a", Reply("welcome_citizen", {}))
    await town.database.write(outbox.claim, town.clock.now(), "telegram", 10)
    stop = asyncio.Event()
    running = asyncio.create_task(town.app.run(stop))
    await town.fake["telegram"].heard.wait()
    stop.set()
    await running
    await town.close()
