"""Thanks, greetings and advertising get a short answer; whatever may hold a matter becomes a draft."""

from __future__ import annotations

import pytest

from db import dialogs
from domain.cases import is_thanks
from tests.citizens import CHANNELS, filed, wait
from tests.talk import Town

KIND_WORDS = (
    "cám ơn nha",
    "chúc anh chị cuối tuần vui",
    "cam on nhieu nha shop",
    "ad oi co ai khong",
    "ok anh",
    "oki tks ad",
    "cháu ơi bà hỏi cái này chút",
    "toi muon phan anh",
    "cho em phản ánh việc này chút xíu",
    "cảm ơn phường đã sửa đèn đường cho xóm em nha",
)
MATTERS = (
    "ở đây tối quá",
    "con chó cắn bậy",
    "tối quá",  # folded the same as "tôi quá"
    "cảm ơn, mà cái ổ gà vẫn chưa sửa",
    "chào ad, đèn đường hư rồi",
    "cảm ơn đã sửa, nhưng hôm nay lại hư",
    "tôi muốn phản ánh rác không ai hốt",
    "tôi bị lừa việc nhẹ lương cao mất 3 triệu",
    "quán karaoke giảm giá mở tới khuya ồn quá",
    "có người gọi điện hỗ trợ vay tiền nhanh, đòi chuyển khoản trước",
)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_kind_words_become_no_draft(town: Town, channel: str) -> None:
    for number, words in enumerate(KIND_WORDS):
        citizen = town.stranger(f"Dân {number}", channel)
        await town.say(citizen, words)
        said = "Xin cảm ơn Ông/Bà" if is_thanks(words) else "xin nghe"
        await town.hears(citizen, said, "Ông/Bà cứ nhắn vào đây")
    await wait(town)
    town.quiet()
    assert await town.database.read(dialogs.opened) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_whoever_advertises_hears_what_the_channel_is_for(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "hỗ trợ vay tiền online, giải ngân nhanh, ib zalo")
    await town.hears(citizen, "không nhận quảng cáo", "Gửi phản ánh")
    await town.press(citizen, "Gửi phản ánh")  # it was a matter after all: nothing is lost
    await wait(town)
    await town.hears(citizen, "giải ngân nhanh", "Đồng ý và gửi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_matter_with_kind_words_stays_a_matter(town: Town, channel: str) -> None:
    for number, words in enumerate(MATTERS):
        citizen = town.stranger(f"Dân {number}", channel)
        await town.say(citizen, words)
        await wait(town)
        await town.hears(citizen, "Đồng ý và gửi")


async def test_thanks_belong_to_nothing_with_a_draft_open_and_after_a_receipt(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "den duong hu truoc cho")
    await town.say(citizen, "cám ơn nha")
    await wait(town)
    heard = await town.hears(citizen, "xem lại trước khi gửi", "den duong hu truoc cho", "Đồng ý và gửi")
    assert "cám ơn" not in heard.text
    other = town.stranger("Dân 2", "zalo")
    await filed(town, other, "loa keo o to 3")
    await town.say(other, "cám ơn nha")
    await town.hears(other, "Xin cảm ơn Ông/Bà", "Ông/Bà cứ nhắn vào đây")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("words", ["có ai giúp với", "cứu", "sos"])
async def test_a_cry_is_no_greeting_and_hears_the_numbers_at_once(
    town: Town, channel: str, words: str
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, words)
    await town.hears(citizen, "113", "114", "115")
