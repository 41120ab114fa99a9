"""A draft that is not sent: its writer hears so, whatever they say, and once of themselves."""

from __future__ import annotations

import pytest

from tests.citizens import CHANNELS, QUIET, code_in, filed, wait
from tests.talk import Town


async def drafting(town: Town, channel: str, words: str = QUIET, at: str = "2021-01-04 08:00") -> str:
    await town.until(at)
    for name in town.people:
        town.unread(name)
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, words)
    await wait(town)
    town.unread(citizen)
    return citizen


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "words", ["để tôi suy nghĩ", "dạ", "cảm ơn em", "ủa ko ai rep hả", "xin lỗi gửi nhầm", "khi nào làm vậy"]
)
async def test_what_is_no_part_of_a_draft_brings_its_choices_again(
    town: Town, channel: str, words: str
) -> None:
    citizen = await drafting(town, channel)
    await town.say(citizen, words)
    heard = await town.hears(citizen, "chưa gửi", QUIET, "tự xoá")
    assert words not in heard.text
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_number_that_is_no_choice_is_no_part_of_a_draft(town: Town, channel: str) -> None:
    citizen = await drafting(town, channel)
    await town.say(citizen, "17")
    await town.hears(citizen, "không có lựa chọn số 17")
    await town.say(citizen, "1")
    await wait(town)
    receipt = await town.hears(citizen, "UBND đã nhận, mã")
    assert "17" not in code_in(receipt)
    await town.say(citizen, code_in(receipt))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_draft_left_alone_is_spoken_of_once(town: Town, channel: str) -> None:
    citizen = await drafting(town, channel)
    await town.until("2021-01-04 09:55")
    assert not town.unread(citizen)
    await town.until("2021-01-04 10:05")
    await town.hears(citizen, "chưa gửi", QUIET, "tự xoá 08:00 ngày 05/01")
    await town.until("2021-01-05 07:30")
    assert not town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")


async def test_at_night_nobody_is_reminded(town: Town) -> None:
    citizen = await drafting(town, "zalo", at="2021-01-04 20:00")
    await town.until("2021-01-05 06:55")
    assert not town.unread(citizen)
    await town.until("2021-01-05 07:05")
    await town.hears(citizen, "chưa gửi", QUIET)


async def test_what_is_sent_or_given_up_is_not_spoken_of(either_town: Town) -> None:
    town = either_town
    citizen = await drafting(town, "zalo")
    await town.say(citizen, "thôi")
    other = town.stranger("Hai", "telegram")
    await filed(town, other, QUIET)
    third = town.stranger("Ba", "telegram")
    await town.say(third, QUIET)
    await wait(town)
    for name in (citizen, other, third):
        town.unread(name)
    await town.until("2021-01-04 12:00")
    assert not [m for m in town.unread(citizen) + town.unread(other) if "chưa gửi" in m.text]
    await town.hears(third, "chưa gửi", QUIET)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_day_later_it_is_said_that_it_was_erased_unsent(town: Town, channel: str) -> None:
    citizen = await drafting(town, channel)
    await town.until("2021-01-05 09:00")
    town.unread(citizen)
    await town.say(citizen, "1")
    await town.hears(citizen, "tự xoá vì quá 24 giờ chưa gửi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_how_far_one_s_matter_is(town: Town, channel: str) -> None:
    citizen = await drafting(town, channel)
    await town.say(citizen, "gui")
    await wait(town)
    code = code_in(town.unread(citizen)[-1])
    for words in (
        "khi nào làm vậy cháu",
        "tới đâu rồi",
        "mã số mấy vậy cháu",
        "mất tin nhắn rồi",
        "sao chưa thấy ai tới hết vậy",
    ):
        await town.say(citizen, words)
        await town.hears(citizen, code, "Trả lời chậm nhất")
    await town.say(citizen, "em muốn rút lại")
    await town.hears(citizen, code, "Rút lại")
    await town.say(citizen, "bao gio moi het on ao karaoke vay")  # it may be another one
    await town.hears(citizen, code, "Đây là việc khác")
    await town.press(citizen, "Đây là việc khác")
    await wait(town)
    await town.hears(citizen, "bao gio moi het on ao", "Đồng ý và gửi")
    await town.say(citizen, "tới đâu rồi")  # the draft stays as it is
    await town.hears(citizen, code, "Trả lời chậm nhất")
    second = town.stranger("Hai", channel)
    await town.say(second, "tới đâu rồi")  # nothing of theirs is here
    assert not any("Trả lời chậm nhất" in m.text for m in town.unread(second))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_of_several_matters_the_list_is_shown(town: Town, channel: str) -> None:
    citizen = await drafting(town, channel)
    await town.say(citizen, "gui")
    await wait(town)
    first = code_in(town.unread(citizen)[-1])
    second = code_in(await filed(town, citizen, "den duong hu o khu pho 2 son giang, truoc cho"))
    await town.say(citizen, "sao rồi")
    await town.hears(citizen, first, second, "Nhắn mã để xem")
    await town.say(citizen, "khi nào sửa đèn đường")
    await town.hears(citizen, second, "Đèn đường")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_where_something_is_does_not_make_it_another_matter(town: Town, channel: str) -> None:
    citizen = await drafting(town, channel, "rac chat dong")
    await town.say(citizen, "dau duong vo cho thac mo")
    await wait(town)
    heard = town.unread(citizen)[-1].text
    assert "Đường, vỉa hè" not in heard
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "Phòng Tài nguyên và Môi trường")
