"""The public list is off, opt-in, redacted, approved, and gives way to doubts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.citizens import CHANNELS, GREEN, code_in, filed, taken, wait
from tests.talk import Town

WORDS = "đèn đường hỏng trước số nhà 45 gần chợ, xe 93P1-123.45 đậu chắn, gọi 0912 345 678"


async def answered(town: Town, citizen: str) -> str:
    """A case that is answered and found good; returns its code."""
    code = code_in(await filed(town, citizen, WORDS))
    await taken(town, "Kiều", "Nam")
    town.unread(citizen)
    await town.press("Kiều", "Trả lời")
    await wait(town)
    await town.send("Kiều", GREEN, caption="Sáng 04/01 đã thay bóng mới, gọi 0912 345 999 nếu hỏng.")
    await wait(town, 20)
    town.unread("Kiều")
    town.unread("Nam")
    await town.press(citizen, "Ổn")
    await wait(town)
    return code


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_copy_is_wished_approved_shown_and_hidden_by_three_doubts(town: Town, channel: str) -> None:
    town.app.committee = replace(town.app.committee, public_list=True)
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    code = await answered(town, citizen)
    assert any("Cho đăng công khai" in m.text + str(m.choices) for m in town.unread(citizen))
    await town.press(citizen, "Cho đăng công khai")
    await town.hears(citizen, "cán bộ xem lại trước khi đăng")
    await town.say(citizen, "/congkhai")
    await town.hears(citizen, "Chưa có phản ánh nào")
    await wait(town)
    asked = next(m for m in town.unread("Kiều") if "đồng ý công khai" in m.text)
    for private in ("0912", "93P1", "nhà 45"):
        assert private not in asked.text
    await town.press("Kiều", "Đăng")
    await wait(town)
    for number in (0, 0, 0, 1, 2):  # one person's doubt counts once
        doubter = town.stranger(f"Người {number}", channel)
        await town.say(doubter, "cong khai")
        shown = await town.hears(doubter, code, "đèn đường hỏng", "thay bóng mới")
        assert "0912" not in shown.text
        assert not shown.uploads
        await town.press(doubter, f"Báo sai {code}")
        town.unread(doubter)
    await town.say(citizen, "/congkhai")
    await town.hears(citizen, "Chưa có phản ánh nào")


async def test_it_is_off_by_default(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", "telegram")
    await answered(town, citizen)
    assert "công khai" not in str([(m.text, m.choices) for m in town.unread(citizen)])
    await town.say(citizen, "/congkhai")
    await town.hears(citizen, "chưa mở danh sách công khai")
