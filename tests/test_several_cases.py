"""Three open cases, twenty messages in between them, and none in the wrong one."""

from __future__ import annotations

from collections import defaultdict

import pytest
from sqlalchemy import Connection, select

from db.models import case_messages, cases
from tests.citizens import CHANNELS, code_in, wait
from tests.talk import Town

MATTERS = (
    "den duong hu o hem 5 kp1 thac mo",
    "quan karaoke on ao toi khuya kp2 son giang",
    "ho so tre hen o mot cua",
)


def _said(conn: Connection) -> dict[str, set[str]]:
    """Every word of a citizen by the code of the case it is in."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in conn.execute(select(cases.c.code, cases.c.words)):
        found[row.code] |= set(row.words.splitlines())
    query = select(cases.c.code, case_messages.c.words).join(cases, cases.c.id == case_messages.c.case_id)
    for row in conn.execute(query.where(case_messages.c.kind == "reply")):
        found[row.code] |= set(row.words.splitlines())
    return dict(found)


async def _file(town: Town, citizen: str, words: str) -> tuple[str, str]:
    await town.say(citizen, words)
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    receipt = await town.hears(citizen, "UBND đã nhận, mã")
    return code_in(receipt), receipt.message_id


def _choice(town: Town, citizen: str, start: str) -> str:
    """The whole label of the newest choice that begins so."""
    channel, chat = town._who(citizen)
    for heard in reversed(channel.chats[chat]):
        labels = [*heard.choices, *(line.partition(". ")[2] for line in heard.text.splitlines())]
        if found := next((label for label in labels if label.startswith(start)), ""):
            return found
    raise AssertionError(start)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_three_open_cases_and_twenty_messages_none_misfiled(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    filed = [await _file(town, citizen, words) for words in MATTERS]
    meant: dict[str, set[str]] = {code: {words} for (code, _), words in zip(filed, MATTERS, strict=True)}
    for number in range(18):
        code, receipt = filed[(number * 7 + number // 3) % 3]
        words = f"chi tiet thu {number} cua viec nay"
        if channel == "telegram" and number % 3 == 0:
            await town.say(citizen, words, reply_to=receipt)
        elif number % 3 == 1:
            await town.say(citizen, f"{code} {words}")
        else:
            await town.say(citizen, words)
            await wait(town)
            town.unread(citizen)
            await town.press(citizen, _choice(town, citizen, f"Bổ sung cho {code}"))
        await wait(town)
        town.unread(citizen)
        meant[code].add(words)
        await town.until(f"2021-01-04 {8 + (number + 1) // 4:02}:{(number + 1) % 4 * 15:02}")
    for new in ("rac do day bai dat trong", "cay xanh nga truoc cong truong"):
        code, _ = await _file(town, citizen, new)
        meant[code] = {new}
    assert await town.database.read(_said) == meant


@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_while_several_are_open_ask_which_one(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    codes = [(await _file(town, citizen, words))[0] for words in MATTERS]
    await town.until("2021-01-05 09:00")
    town.unread(citizen)
    await town.say(citizen, "van chua thay ai xuong")
    await wait(town)
    await town.hears(citizen, "Tin này cho việc đã gửi?", "Đồng ý và gửi")
    assert all(_choice(town, citizen, f"Bổ sung cho {code}") for code in codes)


async def test_a_case_that_is_over_never_swallows_a_new_problem(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    code, receipt = await _file(town, citizen, MATTERS[0])
    await town.say(citizen, code)
    await town.press(citizen, "Rút lại")
    await town.press(citizen, "Đồng ý rút")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "rac do day via he", reply_to=receipt)
    await wait(town)
    heard = await town.hears(citizen, "rac do day via he", "Đồng ý và gửi")
    assert not any(code in label for label in heard.choices)
    assert await town.database.read(_said) == {code: {MATTERS[0]}}


async def test_forty_people_at_once_each_hear_of_their_own(town: Town) -> None:
    people = [town.stranger(f"Dân {number}", ("telegram", "zalo")[number % 2]) for number in range(40)]
    for number, citizen in enumerate(people):
        await town.say(citizen, f"o ga so {number}x truoc cong")
    await wait(town)
    for number, citizen in enumerate(people):
        heard = await town.hears(citizen, f"so {number}x ")
        assert heard.text.count("o ga so") == 1
    town.quiet()
