"""The way of a turn: stored, answered, delivered."""

from __future__ import annotations

from tests.talk import Town


async def test_a_stranger_who_says_hello_is_told_that_this_is_an_automatic_assistant(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "/start")
    await town.hears(citizen, "trợ lý tự động", "UBND thị xã Phước Long")
    town.quiet()


async def test_a_channel_without_buttons_shows_the_words_to_type(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "xin chào")
    await town.hears(citizen, "Nhắn: PHAN ANH")
    town.quiet()
