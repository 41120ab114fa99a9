"""The public list is off, opt-in, redacted, approved, and gives way to doubts."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from db import public_list
from handlers.public_list import entry
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
    assert not town.unread(citizen)
    await town.say("Kiều", "/congkhai")
    await town.press("Kiều", f"Hiện lại {code}")
    await wait(town)
    assert "đã hiện lại" in town.unread("Kiều")[-1].text
    await town.say(doubter, "cong khai")
    await town.press(doubter, f"Báo sai {code}")  # the doubts begin anew
    town.unread(doubter)
    await town.say(citizen, "/congkhai")
    await town.hears(citizen, code)


class _Page(HTMLParser):
    """Tags and words of a page; one that is left open or closed twice fails."""

    EMPTY = ("meta", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name in ("src", "href") or name.startswith("on")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


async def test_the_copy_is_reworded_before_it_is_approved_and_stands_on_the_page(
    town: Town, tmp_path: Path
) -> None:
    town.app.committee = replace(town.app.committee, public_list=True)
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", "telegram")
    code = await answered(town, citizen)
    await town.press(citizen, "Cho đăng công khai")
    await wait(town)
    await town.press("Kiều", "Sửa lời")
    await wait(town)
    await town.say("Kiều", "Đèn hỏng <script>alert(1)</script> & tối, gọi 0912 345 678")
    await wait(town)
    asked = town.unread("Kiều")[-1]
    assert "Đèn hỏng <script>" in asked.text
    assert "0912" not in asked.text
    await town.press("Kiều", "Đăng")
    await wait(town)
    copies = await town.database.read(public_list.shown, 10)
    facts = {"at": town.clock.now(), "copies": [entry(town.app.committee, copy) for copy in copies]}
    page = _Page(town.app.wording.page("public_page", facts))
    assert "script" not in page.tags
    assert page.tags.count("article") == 1
    assert code in page.words
    assert "Đèn hỏng <script>alert(1)</script> & tối" in page.words
    assert "0912" not in page.words
    empty = _Page(town.app.wording.page("public_page", {**facts, "copies": []}))
    assert "Chưa có phản ánh nào" in empty.words


async def test_it_is_off_by_default(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", "telegram")
    await answered(town, citizen)
    assert "công khai" not in str([(m.text, m.choices) for m in town.unread(citizen)])
    await town.say(citizen, "/congkhai")
    await town.hears(citizen, "chưa mở danh sách công khai")
