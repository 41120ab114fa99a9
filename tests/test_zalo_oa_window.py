"""On Zalo's Official Account people hear eight messages in 48 hours; the rest waits for them to write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from db import cases, outbox, people
from db.models import accounts
from db.models import outbox as table
from domain.chat import Never, Outgoing, Reply
from tests.citizens import QUIET, code_in, filed, taken, wait
from tests.conftest import new_postgres
from tests.talk import Town
from tests.work import add_task

OA = "zalo_oa"


async def opened(folder: Path, url: str = "") -> Town:
    town = await Town(folder, "2021-01-04 07:25", url, ("telegram", "zalo", OA)).open()
    await town.until("2021-01-04 08:00")
    hush(town)
    return town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    town = await opened(tmp_path)
    yield town
    await town.close()


def hush(town: Town) -> None:
    for name in town.people:
        town.unread(name)


async def push(town: Town, name: str, count: int) -> None:
    """So much news of nothing in particular."""

    def post(conn: Connection) -> None:
        account = people.account_of_chat(conn, *town.people[name], town.clock.now())
        for _ in range(count):
            outbox.post(
                conn, account.id, Reply("welcome_citizen"), town.clock.now(), priority=outbox.REMINDER
            )

    await town.database.write(post)
    await wait(town, 30)


async def states(town: Town, name: str) -> list[str]:
    channel, chat = town.people[name]

    def read(conn: Connection) -> list[str]:
        query = select(table.c.state).join(accounts, accounts.c.id == table.c.account_id)
        mine = query.where(accounts.c.channel == channel, accounts.c.external_id == chat)
        return list(conn.execute(mine.order_by(table.c.id)).scalars())

    return await town.database.read(read)


async def answered(town: Town) -> None:
    """The case is answered by whoever took it."""
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)


async def test_conversation_a_goes_its_shortest_way_on_the_official_account(town: Town) -> None:
    citizen = town.stranger("Dân", OA)
    receipt = await filed(town, citizen, QUIET)
    assert "Sau 48 giờ Zalo không cho UBND nhắn trước" in receipt.text
    assert len(receipt.text.split()) <= 70
    code = code_in(receipt)
    await taken(town, "Yến", "Tài")
    await answered(town)
    told = town.unread(citizen)[-1]
    assert code in told.text
    assert "buộc tắt loa" in told.text
    await town.press(citizen, "Ổn")
    await town.hears(citizen, "cảm ơn Ông/Bà")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_after_eight_messages_the_rest_waits_until_the_person_writes(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    url = ""
    if engine == "postgresql":
        url = await new_postgres(request.getfixturevalue("postgres_folder"))
    town = await opened(tmp_path, url)
    citizen = town.stranger("Dân", OA)
    await town.say(citizen, "xin chào")
    assert len(town.unread(citizen)) == 1
    await push(town, citizen, 9)
    assert len(town.unread(citizen)) == 7
    assert (await states(town, citizen)).count("held") == town.app.courier.counts[OA, "held"] == 2
    await town.say(citizen, "xin chào")
    assert len(town.unread(citizen)) == 1  # an answer is never too many: its question opens the window
    await push(town, citizen, 8)
    assert len(town.unread(citizen)) == 7
    await town.close()


async def test_an_answer_after_48_hours_waits_and_the_official_sees_it_until_it_is_told(town: Town) -> None:
    citizen = town.stranger("Dân", OA)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.until("2021-01-06 09:00")
    hush(town)
    await answered(town)
    assert town.unread(citizen) == []
    assert any("Chưa báo được" in heard.text and "48 giờ" in heard.text for heard in town.unread("Yến"))
    assert any("gửi ngay khi họ nhắn lại" in heard.text for heard in town.unread("Tài"))
    await town.until("2021-01-14 09:00")  # longer than a week, and an opinion was asked for meanwhile
    assert town.unread(citizen) == []
    hush(town)
    await town.say(citizen, "xin chào")
    await wait(town)
    news = [heard for heard in town.unread(citizen) if code in heard.text]
    assert len(news) == 1
    assert "buộc tắt loa" in news[0].text
    cards = town.unread("Yến")
    assert cards
    assert "Chưa báo được" not in cards[-1].text
    await town.press(citizen, "Ổn")
    await town.hears(citizen, "cảm ơn Ông/Bà")


async def test_a_question_that_could_not_be_asked_does_not_stop_the_clock(town: Town) -> None:
    citizen = town.stranger("Dân", OA)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.until("2021-01-06 09:00")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán tên là gì, mấy giờ thì mở loa?")
    await wait(town)
    case = await town.database.read(cases.by_code, code)
    assert case is not None
    assert (case.state, case.paused_at) == ("working", None)
    hush(town)
    await town.say(citizen, "xin chào")
    await wait(town)
    assert any("Quán tên là gì" in heard.text for heard in town.unread(citizen))


async def test_what_is_owed_waits_and_reminders_and_new_looks_of_cards_do_not(town: Town) -> None:
    citizen = town.stranger("Dân", OA)
    await town.say(citizen, "xin chào")
    await town.until("2021-01-07 09:00")
    hush(town)

    def post(conn: Connection) -> None:
        account, now = people.account_of_chat(conn, *town.people[citizen], town.clock.now()), town.clock.now()
        opened = {"code": "ABCDE", "reason": "quyết định số 7", "at": now}
        outbox.post(conn, account.id, Reply("case_news_identity", opened), now)
        outbox.post(conn, account.id, Reply("case_kept", {"code": "CARD1"}, edits="m1"), now)
        outbox.post(conn, account.id, Reply("case_kept", {"code": "PUSH1"}), now, priority=outbox.REMINDER)

    await town.database.write(post)
    await town.until("2021-01-15 10:00")
    assert town.unread(citizen) == []
    assert (await states(town, citizen)).count("held") == 3
    await town.say(citizen, "xin chào")
    heard = town.unread(citizen)
    assert len(heard) == 2
    assert any("quyết định số 7" in each.text for each in heard)
    assert (await states(town, citizen)).count("held") == 2

    def words_left(conn: Connection) -> list[object]:
        query = select(table.c.reply).where(table.c.state == "held")
        return list(conn.execute(query).scalars())

    assert await town.database.read(words_left) == [None, None]


async def test_another_account_of_the_person_is_used_instead(town: Town) -> None:
    citizen = town.stranger("Dân", OA)
    await filed(town, citizen, QUIET)

    def also_on_telegram(conn: Connection) -> None:
        account = people.account_of_chat(conn, *town.people[citizen], town.clock.now())
        people.add_account(conn, account.person_id, "telegram", "telegram-Dân", town.clock.now())

    await town.database.write(also_on_telegram)
    town.people["Dân ở máy khác"] = ("telegram", "telegram-Dân")
    await taken(town, "Yến", "Tài")
    await town.until("2021-01-06 09:00")
    hush(town)
    await answered(town)
    assert town.unread(citizen) == []
    assert any("buộc tắt loa" in heard.text for heard in town.unread("Dân ở máy khác"))
    assert not any("Chưa báo được" in heard.text for heard in town.unread("Yến"))
    assert not town.app.courier.counts[OA, "held"], "it went another way"


async def test_an_emergency_is_answered_at_once_however_much_was_sent_before(town: Town) -> None:
    citizen = town.stranger("Dân", OA)
    await town.say(citizen, "xin chào")
    await push(town, citizen, 9)
    town.unread(citizen)
    await town.until("2021-01-07 23:30")
    await town.say(citizen, "chay nha o to 3 kp long thuy")
    await town.hears(citizen, "114")
    town.unread(citizen)


async def test_an_emergency_goes_out_whatever_it_costs(town: Town) -> None:
    citizen = town.stranger("Dân", OA)
    await town.say(citizen, "xin chào")
    town.unread(citizen)
    await town.until("2021-01-07 09:00")

    def post(conn: Connection) -> None:
        account = people.account_of_chat(conn, *town.people[citizen], town.clock.now())
        told = Reply("welcome_citizen")
        outbox.post(conn, account.id, told, town.clock.now(), priority=outbox.EMERGENCY)

    await town.database.write(post)
    await town.settle()
    assert len(town.unread(citizen)) == 1


async def test_paid_messages_leave_until_the_platform_refuses(town: Town) -> None:
    citizen, channel = town.stranger("Dân", OA), town.fake[OA]
    channel.window = None  # CONGVU_ZALO_OA_PROACTIVE
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, "Yến", "Tài")
    await town.until("2021-01-06 15:00")
    hush(town)
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Quán tên là gì, mấy giờ thì mở loa?")
    await wait(town)
    assert any("Quán tên là gì" in heard.text for heard in town.unread(citizen))
    await town.say(citizen, "quán Hai Lúa, mở từ 19 giờ")
    await wait(town)
    hush(town)
    real = channel.send

    async def refuse(chat: str, message: Outgoing) -> str:
        raise Never("-230", shut=True)

    channel.send = refuse  # type: ignore[method-assign]
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    assert any("Chưa báo được" in heard.text for heard in town.unread("Yến"))
    channel.send = real  # type: ignore[method-assign]
    await town.say(citizen, "xin chào")
    await wait(town)
    assert any(code in heard.text and "buộc tắt loa" in heard.text for heard in town.unread(citizen))


async def test_what_an_official_could_not_be_told_is_heard_by_their_head_and_not_again_by_them(
    town: Town,
) -> None:
    name = "Nguyễn Thị Lan"
    old, town.people[name] = town.people[name], (OA, "oa-1")
    moved = update(accounts).where(accounts.c.channel == old[0], accounts.c.external_id == old[1])
    await town.database.write(lambda conn: conn.execute(moved.values(channel=OA, external_id="oa-1")))
    await town.say(name, "việc")
    await add_task(town, "Việc một", date(2021, 1, 29), name, state="accepted")
    await town.until("2021-01-04 09:00")
    hush(town)
    await town.until("2021-01-22 08:00")
    assert town.unread(name) == []
    assert "held" in await states(town, name)
    await town.hears("Hùng", "Chị Lan: Việc một, hạn 29/01")
    await town.say(name, "việc")
    assert len(town.unread(name)) == 1
