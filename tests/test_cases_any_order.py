"""Whatever people say and press, in any order: every turn is answered and none fails."""

from __future__ import annotations

import random

import pytest

from domain.chat import Incoming, Place
from tests.citizens import BROWN, wait
from tests.talk import Town

SAID = (
    "o ga truoc cho",
    "loa keo on ao o to 3",
    "cảm ơn",
    "gửi",
    "1",
    "2",
    "3",
    "2 chua xong",
    "thoi",
    "/huy",
    "tra cuu",
    "DULIEU",
    "toi muon to cao can bo",
    "khieu nai quyet dinh so 5",
    "chay nha o cho",
    "{{ 7*7 }} <b>",
    "abc2k",
    "123456",
    "xin chào",
    "phan anh",
    "hoi dap",
    "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.",
    "vao ABCD2345",
    "?",
    "…",
    "x" * 300,
)
PEOPLE = ("Hai", "Ba", "Tài", "Yến", "Nam", "Kiều", "Đức", "Dũng")


@pytest.mark.parametrize("seed", range(3))
async def test_every_turn_is_answered(town: Town, seed: int) -> None:
    await town.until("2021-01-04 08:00")
    chance = random.Random(seed)
    town.stranger("Hai", "telegram")
    town.stranger("Ba", "zalo")
    for step in range(75):
        name = chance.choice(PEOPLE)
        channel, chat = town._who(name)
        for each in town.people:
            town.unread(each)
        seen = channel.chats.get(chat, [])
        offered = [(m.message_id, action) for m in seen[-6:] for action in m.choices.values()]
        what = chance.random()
        if what < 0.45 and offered:
            message_id, action = chance.choice(offered)
            await town._turn(name, pressed=action, message_id=message_id)
        elif what < 0.8:
            reply_to = chance.choice(seen).message_id if seen and chance.random() < 0.15 else ""
            await town.say(name, chance.choice(SAID), reply_to=reply_to)
        elif what < 0.9:
            await town.send(name, BROWN, caption=chance.choice(("", "", "Đã vá xong sáng nay")))
        elif what < 0.93:
            await town._turn(name, place=Place(11.8, 106.9), message_id=f"p{step}")
        elif what < 0.96:
            await town._turn(name, text="sua lai", edit=True, message_id=f"p{town.turns - 1}")
        else:
            await town._turn(name, files=(Incoming("sticker", "s"),), message_id=f"p{step}")
        await wait(town, chance.choice((8, 8, 8, 3600)))
        heard = town.unread(name)
        assert heard, f"{name} heard nothing"
        assert not any("hệ thống vừa gặp lỗi" in m.text for m in heard)
