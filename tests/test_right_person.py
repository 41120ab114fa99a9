"""The right reply to the right person (spec row 40): two hundred at once, hostile names, forwards and quotes.

A target comes from a row of the database keyed by chat and message, never from words.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, select
from telegram import Update

from bot.telegram import turn_of
from db.models import case_messages, cases
from domain.chat import Turn
from tests.citizens import CHANNELS, QUIET, code_in, filed, taken, wait
from tests.talk import Heard, Town
from tests.test_telegram_edge import CHAT, message

PEOPLE = 200
AGREE = 40  # of them: a filing costs three times what words do


async def at_once(town: Town, *turns: tuple[str, dict[str, Any]]) -> None:
    """All of these arrive before any is answered."""
    made = []
    for name, fields in turns:
        channel, chat = town._who(name)
        town.turns += 1
        made.append(Turn(channel.name, chat, f"t{town.turns}", **fields))
    await asyncio.gather(*(town.app.receive(turn) for turn in made))
    await town.settle()
    await wait(town, 20)


def last(town: Town, name: str) -> Heard:
    """What a person heard last; all before it is read."""
    heard = town.unread(name)
    assert heard, name
    return heard[-1]


async def test_two_hundred_at_once_and_not_one_answer_astray(either_town: Town) -> None:
    town = either_town
    people = [town.stranger(f"(#id{n})", CHANNELS[n % 2]) for n in range(PEOPLE)]
    mine = {name: f"loa keo on ao moi dem o hem {n}xq" for n, name in enumerate(people)}
    await at_once(town, *((name, {"text": words, "message_id": f"w{name}"}) for name, words in mine.items()))
    agreed = []
    for name in people:
        review = last(town, name)
        assert mine[name] in review.text
        assert review.text.count("xq") == 1
        fields = {"pressed": review.choices["Đồng ý và gửi"]} if review.choices else {"text": "1"}
        agreed.append((name, {**fields, "message_id": review.message_id}))
    await at_once(town, *agreed[:AGREE])
    codes = {name: code_in(last(town, name)) for name in people[:AGREE]}
    assert len(set(codes.values())) == AGREE

    def filed_by(conn: Connection) -> dict[str, str]:
        return {row.code: row.words for row in conn.execute(select(cases.c.code, cases.c.words))}

    words = await town.database.read(filed_by)
    assert {name: words[code] for name, code in codes.items()} == {name: mine[name] for name in codes}
    town.quiet("Yến", "Tài")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_question_reaches_its_sender_whatever_its_words_name(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    one, two = town.stranger("(#id2)", channel), town.stranger("*_[", channel)
    first = code_in(await filed(town, one, QUIET))
    second = code_in(await filed(town, two, "karaoke on ao toi khuya kp2 son giang"))
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", f"Chỗ nào, có phải {first} (#id1) không ạ?")
    await wait(town)
    assert f"Chỗ nào, có phải {first}" in last(town, two).text
    assert not any("Chỗ nào" in heard.text for heard in town.unread(one))

    def asked(conn: Connection) -> list[str]:
        query = select(cases.c.code).join(case_messages, case_messages.c.case_id == cases.c.id)
        return list(conn.execute(query.where(case_messages.c.kind == "question")).scalars())

    assert await town.database.read(asked) == [second]


FORWARDED = {
    "forward_origin": {
        "type": "user",
        "date": 1609722000,
        "sender_user": {"id": 999, "is_bot": False, "first_name": "Người khác"},
    }
}


def test_a_forwarded_message_comes_from_whoever_sent_it_on() -> None:
    plain, sent_on = message(text="o ga truoc cho"), message(text="o ga truoc cho")
    sent_on["message"] |= FORWARDED
    turn = turn_of(Update.de_json(sent_on, None))
    assert turn == turn_of(Update.de_json(plain, None))
    assert turn is not None
    assert turn.chat == str(CHAT["id"])
    assert "999" not in str(turn)
    assert "Người khác" not in str(turn)


def test_a_quote_from_another_chat_points_to_nothing() -> None:
    quoted = message(text="con day thi sao")
    quoted["message"] |= {
        "external_reply": {
            "origin": {"type": "user", "date": 1609722000, "sender_user": {"id": 999, "is_bot": False,
                       "first_name": "Người khác"}},
            "chat": {"id": -100, "type": "supergroup", "title": "Nhóm"}, "message_id": 7,
        },
        "quote": {"text": "mã 7K4M2 (#id1)", "position": 0},
    }  # fmt: skip
    turn = turn_of(Update.de_json(quoted, None))
    assert turn is not None
    assert turn.reply_to == ""
    assert turn.text == "con day thi sao"


async def test_a_forwarded_card_of_an_official_gives_a_citizen_nothing(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    one, other = town.stranger("Một", "telegram"), town.stranger("Hai", "telegram")
    code = code_in(await filed(town, one, QUIET))
    card = await town.hears("Yến", code)
    for text in (card.text[:200], f"{code} (#id1)"):
        await town.say(other, text, reply_to=card.message_id)
        await wait(town)
        heard = town.unread(other)
        assert heard
        assert not any("Nhận xử lý" in each.text or "Nhận xử lý" in each.choices for each in heard)
    for action in card.choices.values():
        await town._turn(other, pressed=action, message_id=card.message_id)
    await wait(town)

    def states(conn: Connection) -> list[str]:
        return list(conn.execute(select(cases.c.state)).scalars())

    assert await town.database.read(states) == ["received"]
