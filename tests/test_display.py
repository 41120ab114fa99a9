"""Large letters and buttons, and another language: each account chooses for itself."""

from __future__ import annotations

import pytest

from domain.chat import Display
from handlers.display import LANGUAGES
from locales import LANGUAGES as SPOKEN
from tests.citizens import CHANNELS, all_read_at, filed, wait
from tests.talk import Town

POTHOLE = "o ga truoc cho, xe te"


def test_every_language_can_be_chosen() -> None:
    assert tuple(LANGUAGES) == SPOKEN
    assert Display().language == SPOKEN[0]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_large_is_for_every_message_until_taken_back(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "chữ to")
    told = await town.hears(citizen, "Từ nay", "CHU THUONG")
    assert told.large
    await town.say(citizen, POTHOLE)
    await wait(town)
    assert (await town.hears(citizen, POTHOLE)).large
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    assert (await town.hears(citizen, "UBND đã nhận, mã")).large
    await town.say(citizen, "CHU THUONG")
    assert not (await town.hears(citizen, "cỡ thường")).large
    other = town.stranger("Người khác", channel)
    await town.say(other, "xin chào")
    assert not (await town.hears(other, "trợ lý tự động")).large


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_citizen_may_be_spoken_to_in_english(town: Town, channel: str) -> None:
    citizen = town.stranger("Resident", channel)
    await town.say(citizen, "language")
    await town.hears(citizen, "What language")
    await town.press(citizen, "English")
    await town.hears(citizen, "now speaks English", "TIENG VIET")
    await town.say(citizen, "tieng viet")
    await town.hears(citizen, "nói tiếng Việt")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_open_draft_is_shown_again_in_the_new_way(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, POTHOLE)
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "/chuto")
    told, review = town.unread(citizen)
    assert "Từ nay" in told.text
    assert POTHOLE in review.text
    assert told.large
    assert review.large
    assert not review.edited
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")


async def test_an_official_may_have_large_buttons_and_keeps_the_language(town: Town) -> None:
    await town.say("Nam", "chu to")
    assert (await town.hears("Nam", "chữ ở đây to hơn", "VIEC")).large
    await town.say("Nam", "/ngonngu")
    await town.hears("Nam", "Chưa có lệnh này")


async def test_one_persons_choice_changes_nothing_for_whom_they_write_to(town: Town) -> None:
    await all_read_at(town, "2021-01-05 09:00")
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "chu to")
    town.unread(citizen)
    await filed(town, citizen, POTHOLE)
    assert not (await town.hears("Nam", POTHOLE)).large
