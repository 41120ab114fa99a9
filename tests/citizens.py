"""What tests of citizens' matters have in common: a filed case and the moments between messages."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.codes import ALPHABET, is_code
from tests.pictures import png
from tests.talk import Heard, Town, typed_choices

CHANNELS = ("telegram", "zalo")
QUIET = "loa keo karaoke on ao moi dem o to 3"  # no after-picture needed; Tài (Zalo) and Yến (Telegram)
POTHOLE = "o ga truoc cho"  # an after-picture needed; Nam (Zalo) and Kiều (Telegram)
GRIEVANCE = "toi khong dong y quyet dinh thu hoi dat so 45"
BROWN, GREEN = png(90, 80, 70), png(20, 120, 20)
_CODE = re.compile(rf"\b[{ALPHABET}]{{5}}\b")


async def wait(town: Town, seconds: int = 6) -> None:
    """The gathering of a burst is over."""
    await town.until(town.clock.at + timedelta(seconds=seconds))


async def at_eight(town: Town) -> Town:
    """The town at 08:00 of its first day, the morning's messages read."""
    return await all_read_at(town, "2021-01-04 08:00")


async def all_read_at(town: Town, moment: str) -> Town:
    """The town at a moment, everything read that came until then."""
    await town.until(moment)
    for name in town.people:
        town.unread(name)
    return town


def code_in(heard: Heard) -> str:
    """The case code a message names."""
    found: list[str] = _CODE.findall(heard.text)
    return next(code for code in found if is_code(code))


def pin_in(heard: Heard) -> str:
    """The PIN of a receipt."""
    found: list[str] = re.findall(r"\b\d{6}\b", heard.text)
    return found[0]


async def filed(town: Town, citizen: str, words: str, *, picture: bytes = b"") -> Heard:
    """Files a matter by the short path and returns the receipt."""
    if picture:
        await town.send(citizen, picture)
    await town.say(citizen, words)
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    channel, chat = town._who(citizen)
    if (
        "Không trùng, gửi riêng" in (last := channel.unread[chat][-1]).text
        or "Không trùng, gửi riêng" in last.choices
    ):
        town.unread(citizen)
        await town.press(citizen, "Không trùng, gửi riêng")  # a matter of their own
        await wait(town)
    return await town.hears(citizen, "UBND đã nhận, mã")


async def picked(town: Town, official: str, unit: str) -> None:
    """An official turns the pages of a list of units until one is there, and presses it."""
    channel, chat = town._who(official)
    more = "Đơn vị khác ›"
    for _ in range(9):
        offered = ({*m.choices, *typed_choices(m.text)} for m in reversed(channel.chats[chat]))
        if unit in next(each for each in offered if each & {unit, more}):
            break
        await town.press(official, more)
    await town.press(official, unit)


async def taken(town: Town, official: str, *others: str) -> None:
    """An official takes the case just sent; nobody's card stays unread."""
    await town.press(official, "Nhận xử lý")
    await wait(town)
    for name in (official, *others):
        town.unread(name)
