"""A petition on rules on its way, and the choice of a track by the person."""

from __future__ import annotations

import pytest

from tests.citizens import CHANNELS, code_in, wait
from tests.talk import Town

PETITION = "Kiến nghị bỏ bớt giấy tờ trong thủ tục cấp phép xây dựng"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_petition_names_the_official_channel_and_goes_to_the_office(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.until("2021-01-04 08:00")
    town.unread("Mai")
    await town.say(citizen, PETITION)
    await wait(town)
    await town.hears(citizen, "Kiến nghị về quy định", "dichvucong.gov.vn", "Đồng ý và gửi")
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    # five working days by law, not the category's
    receipt = await town.hears(citizen, "UBND đã nhận kiến nghị", "thứ Hai 11/01", "dichvucong.gov.vn")
    await town.hears("Mai", "Kiến nghị về quy định", code_in(receipt), "Nhận xử lý")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_person_chooses_the_track_and_later_words_do_not_change_it(
    town: Town, channel: str
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "o ga truoc cho")
    await wait(town)
    await town.press(citizen, "Sửa")
    await town.press(citizen, "Loại việc")
    await town.press(citizen, "Kiến nghị về quy định, thủ tục")
    await town.say(citizen, "nên có biển báo nữa")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận kiến nghị")
