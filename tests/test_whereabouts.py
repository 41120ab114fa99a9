"""Whether words name a place: without accents many of them are others, and a home is no address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.whereabouts import answers_where, names_place
from tests.citizens import CHANNELS, wait
from tests.talk import Town

PLACES = (
    "o ga truoc cho", "duong le loi gan cho", "đường Lê Lợi hư", "Nắp cống bể trước trường tiểu học",
    "gần nhà bà Sáu", "ngay ngã ba", "cuoi duong", "số 45", "cống Lê Duẩn nghẹt", "cột đèn số 4",
    "duong 6/1", "hem 12",
    "trước quán cà phê", "cách 50m",
)  # fmt: skip
NOT_PLACES = (
    "cai cong truoc nha ba bi nghet ca tuan nay", "3 ngay nay toi thui", "den duong hu hom truoc", "tuần sau",
    "cho toi gap lanh dao", "cách đây 3 ngày", "trước nhà tôi ngập", "sau mưa là ngập", "Cho tôi hỏi", "hu r",
    "uỷ ban làm ơn", "trưởng ấp nói rồi", "",
)  # fmt: skip


@pytest.mark.parametrize("text", PLACES)
def test_a_place_that_others_find(text: str) -> None:
    assert names_place(text)
    assert answers_where(text)


@pytest.mark.parametrize("text", NOT_PLACES)
def test_no_place(text: str) -> None:
    assert not names_place(text)


@pytest.mark.parametrize(
    "text", ["o to 3 ap 5", "duong le loi", "chợ Thác Mơ", "khu pho 2", "phia sau", "dạ ở xóm trên"]
)
def test_what_answers_where(text: str) -> None:
    assert answers_where(text)


@given(st.text(max_size=60))
def test_a_place_answers_where(text: str) -> None:
    assert answers_where(text) or not names_place(text)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_days_and_homes_do_not_stop_the_question_where(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "den duong hu 3 ngay nay")
    await wait(town)
    await town.hears(citizen, "Gần chỗ nào?")
    await town.say(citizen, "truoc nha toi do")
    await wait(town)
    await town.hears(citizen, "Gần chỗ nào?")
    await town.say(citizen, "ngay nga ba cho")
    await wait(town)
    assert "Gần chỗ nào?" not in town.unread(citizen)[-1].text


async def test_without_edits_a_change_says_what_it_is_now(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "cái này nè")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "cống nghẹt cả tuần")
    await wait(town)
    await town.hears(citizen, 'Đã thêm "cống nghẹt cả tuần" (Đường, vỉa hè, cầu cống)')
    await town.say(citizen, "2")
    await town.say(citizen, "địa điểm")
    town.unread(citizen)
    await town.say(citizen, "khu phố 5 Long Thủy")
    await wait(town)
    await town.hears(citizen, 'Địa điểm: "khu phố 5 Long Thủy"')
    await town.say(citizen, "sửa")
    await town.say(citizen, "nội dung")
    town.unread(citizen)
    await town.say(citizen, "rác đổ đầy cống")
    await wait(town)
    await town.hears(citizen, 'Đã sửa thành "rác đổ đầy cống"')
