"""Somebody has reported it already: one tap joins them, one tap does not, and nobody learns of the other."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from db.models import cases
from tests.citizens import CHANNELS, GREEN, at_eight, code_in, filed, pin_in, taken, wait
from tests.pictures import png
from tests.talk import Heard, Town

HOLE = "o ga to truoc cho, ap 5, chong toi te gay tay"
SAME = "ổ gà sâu lắm ngay ấp 5 trước chợ"


async def _agrees(town: Town, citizen: str, words: str) -> Heard:
    """Says it, agrees, and returns what comes then."""
    await town.say(citizen, words)
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    return town.unread(citizen)[-1]


async def _joined(town: Town, citizen: str, words: str = SAME) -> Heard:
    await _agrees(town, citizen, words)
    await town.press(citizen, "Tôi cũng gặp")
    await wait(town)
    return await town.hears(citizen, "cũng gặp, mã")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_whoever_joins_has_a_receipt_and_the_same_news_and_answer(office: Town, channel: str) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", channel)
    code = code_in(await filed(town, first, HOLE))
    for name in ("Nam", "Kiều"):
        town.unread(name)
    shown = await _agrees(town, second, SAME)
    assert "đã có người phản ánh" in shown.text
    assert "đã chuyển đơn vị xử lý" in shown.text
    for secret in (code, "gay tay", "chong toi"):
        assert secret not in shown.text
    await town.press(second, "Tôi cũng gặp")
    await wait(town)
    receipt = await town.hears(second, "cũng gặp, mã", "Phòng Quản lý đô thị", "thứ Ba 05/01")
    own = code_in(receipt)
    assert own != code
    assert any(
        "thêm 1 người cùng gặp" in m.text for m in town.unread("Nam")
    )  # one short line where nothing is edited
    town.quiet("Kiều")  # the first hears nothing of the second

    await town.say("Kiều", code)
    await town.hears("Kiều", "o ga", "Thêm 1 người cùng gặp")
    await town.press("Kiều", "Nhận xử lý")
    await wait(town)
    await town.hears(first, code, "đã nhận xử lý")
    news = await town.hears(second, own, "đã nhận xử lý")
    assert code not in news.text

    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption="Sáng nay đã vá ổ gà trước chợ ấp 5.")
    await wait(town, 30)
    answer = (
        await town.hears(first, code, "đã vá ổ gà", "Ổn"),
        await town.hears(second, own, "đã vá ổ gà", "Ổn"),
    )
    assert all(heard.uploads for heard in answer)
    await town.press(first, "Ổn")
    await town.hears(first, "cảm ơn")
    await town.press(second, "Chưa ổn")  # one person's "ổn" does not silence another
    await wait(town)
    await town.hears(second, "Xin lỗi", own, "đã chuyển lãnh đạo")
    assert any(own in heard.text and "chưa đồng ý" in heard.text for heard in town.unread("Nam"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_no_duplicate_is_one_tap_and_is_asked_once(office: Town, channel: str) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", channel)
    code = code_in(await filed(town, first, HOLE))
    await _agrees(town, second, SAME)
    await town.press(second, "Không trùng, gửi riêng")
    await wait(town)
    receipt = await town.hears(second, "UBND đã nhận, mã")
    assert code_in(receipt) != code
    for name in ("Nam", "Kiều"):
        assert len(town.unread(name)) == 2


async def test_typing_send_again_means_a_matter_of_its_own(office: Town) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", "zalo")
    await filed(town, first, HOLE)
    await _agrees(town, second, SAME)
    await town.say(second, "gui")
    await wait(town)
    await town.hears(second, "UBND đã nhận, mã")


@pytest.mark.parametrize(
    "words",
    [
        "o ga ap 3 to lam, gan truong",  # another place
        "den duong ap 5 truoc cho hu",  # another kind
        "o ga ap 5 truoc cho, co nguoi bi tai nan gay chan, chay mau",  # nothing comes before an emergency
    ],
)
async def test_the_short_path_is_no_longer_when_nothing_is_alike(office: Town, words: str) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", "zalo")
    await filed(town, first, HOLE)
    shown = await _agrees(town, second, words)
    assert "đã nhận, mã" in shown.text


async def test_what_concerns_one_person_is_never_shown_to_another(office: Town) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", "zalo")
    await filed(town, first, "ho so chung thuc cua toi o ap 5 truoc cho tre hen")
    shown = await _agrees(town, second, "ho so chung thuc tre hen o ap 5 truoc cho")
    assert "đã nhận, mã" in shown.text


async def test_pins_decide_and_the_distance_is_said(office: Town) -> None:
    town, first = office, office.stranger("Dân", "telegram")
    await town.pin(first, 11.8, 107.0)
    await filed(town, first, "o ga to")
    near, far = town.stranger("Gần", "telegram"), town.stranger("Xa", "telegram")
    await town.pin(near, 11.801, 107.0)
    assert "cách khoảng 110 m" in (await _agrees(town, near, "o ga sau")).text
    await town.pin(far, 11.803, 107.0)
    assert "đã nhận, mã" in (await _agrees(town, far, "o ga sau")).text


async def test_the_sender_is_offered_their_own_case(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, HOLE))
    await town.until("2021-01-06 09:00")
    for name in town.people:
        town.unread(name)
    shown = await _agrees(town, citizen, "o ga ap 5 truoc cho van con nguyen")
    assert f"Ông/Bà đã gửi, mã {code}" in shown.text
    await town.press(citizen, f"Bổ sung cho {code}")
    await wait(town)
    await town.hears(citizen, "Đã chuyển", code)


async def test_old_matters_and_answered_ones_are_not_offered(office: Town) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", "zalo")
    await filed(town, first, HOLE)
    await town.jump("2021-02-08 09:00")
    for name in town.people:
        town.unread(name)
    shown = await _agrees(town, second, SAME)
    assert "đã nhận, mã" in shown.text


async def test_what_a_follower_adds_goes_to_the_official_and_not_to_the_sender(office: Town) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", "telegram")
    await filed(town, first, HOLE)
    await taken(town, "Kiều", "Nam")
    town.unread(first)
    receipt = await _joined(town, second)
    town.unread("Kiều")
    await town.send(second, GREEN, caption="them anh day")
    await wait(town)
    await town.hears(second, "Đã chuyển", code_in(receipt))
    card = await town.hears("Kiều", "một người cùng gặp bổ sung", "them anh day")
    assert "Xem ảnh, tệp (1)" in card.choices
    await town.press("Kiều", "Hỏi người dân")
    await town.say("Kiều", "Nhà Ông/Bà số mấy để chúng tôi đến?")
    await wait(town)
    await town.hears(first, "Nhà Ông/Bà số mấy")
    town.quiet("Kiều", "Nam")  # a question is for the sender alone
    await town.say(second, code_in(receipt))
    status = await town.hears(second, "Đang xử lý")
    assert "số mấy" not in status.text


async def test_a_follower_takes_over_what_the_sender_takes_back(office: Town) -> None:
    town, first, second = (
        office,
        office.stranger("Dân", "telegram"),
        office.stranger("Láng giềng", "telegram"),
    )
    third = office.stranger("Người ba", "zalo")
    code = code_in(await filed(town, first, HOLE))
    await taken(town, "Kiều", "Nam")
    town.unread(first)
    own = code_in(await _joined(town, second))
    await _joined(town, third)
    await town.say(first, code)
    await town.press(first, "Rút lại")
    await town.press(first, "Đồng ý rút")
    await wait(town)
    assert any(own in m.text and "đang xử lý" in m.text for m in town.unread("Kiều"))
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption="Sáng nay đã vá ổ gà trước chợ ấp 5.")
    await wait(town, 30)
    assert any("đã vá" in m.text for m in town.unread(second))
    assert any("đã vá" in m.text for m in town.unread(third))
    assert not any("đã vá" in m.text for m in town.unread(first))


async def test_another_account_opens_the_followers_case_by_its_own_pin(office: Town) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", "telegram")
    await filed(town, first, HOLE)
    receipt = await _joined(town, second)
    elsewhere = town.stranger("Máy khác", "zalo")
    await town.say(elsewhere, f"{code_in(receipt)} {pin_in(receipt)}")
    status = await town.hears(elsewhere, code_in(receipt), "Đã chuyển đơn vị xử lý")
    assert "gay tay" not in status.text


async def test_a_forged_press_joins_nothing(office: Town) -> None:
    town, first, second = office, office.stranger("Dân", "zalo"), office.stranger("Láng giềng", "telegram")
    await filed(town, first, "quan karaoke on ao moi dem")
    await town.say(second, SAME)
    await wait(town)
    review = town.unread(second)[-1]
    token = review.choices["Đồng ý và gửi"].split(":")[-1]
    await town._turn(second, pressed=f"case:same:{token}:1", message_id=review.message_id)
    await town.hears(second, "vừa thay đổi")
    await town._turn(second, pressed=f"case:same:{token}:x", message_id=review.message_id)
    await town.hears(second, "vừa thay đổi")


async def _answer(town: Town, code: str, picture: bytes, official: str = "Kiều") -> None:
    await town.say(official, code)
    await town.press(official, "Nhận xử lý")
    await town.press(official, "Trả lời")
    await town.send(official, picture, caption="Sáng nay đã vá ổ gà trước chợ ấp 5.")
    await wait(town, 30)
    for name in town.people:
        town.unread(name)


async def test_trouble_that_comes_back_is_linked_and_the_second_time_leadership_hears(
    either_town: Town,
) -> None:
    town = either_town
    await at_eight(town)
    codes = []
    for day in ("2021-01-04 09:00", "2021-01-18 09:00", "2021-02-01 09:00"):
        await town.until(day)
        for name in town.people:
            town.unread(name)
        citizen = town.stranger(f"Dân {day[5:10]}", "zalo")
        codes.append(code_in(await filed(town, citizen, HOLE)))
        if len(codes) == 2:
            await town.hears("Kiều", codes[1], "Tái diễn", codes[0], "ngày 04/01/2021")
            assert town.unread("Dũng") == []
        if len(codes) < 3:
            await _answer(town, codes[-1], png(20, 120, 20 + len(codes)))
    told = await town.hears("Dũng", "Tái diễn lần 2", codes[1], codes[2])
    assert "Xem hồ sơ" in told.choices or "Xem hồ sơ" in told.text

    def links(conn: Connection) -> list[int | None]:
        return list(conn.execute(select(cases.c.again_of).order_by(cases.c.id)).scalars())

    assert await town.database.read(links) == [None, 1, 2]
    town.unread("Dũng")
    await town._turn("Dũng", pressed="bc:2021-02:list:c_waiting")
    assert "Tái diễn: 1" in town.unread("Dũng")[-1].text


async def test_the_report_counts_a_matter_once_and_says_how_many_report_it(either_town: Town) -> None:
    town = either_town
    await at_eight(town)
    await filed(town, town.stranger("Dân", "zalo"), HOLE)
    for number in range(3):
        await _joined(town, town.stranger(f"Láng giềng {number}", "zalo"))
    cards = [m.text for m in town.unread("Kiều")]
    assert "Ưu tiên: thêm 3 người cùng gặp" in cards[-1]
    await town.say("Dũng", "bc")
    await wait(town)
    report = town.unread("Dũng")[-1]
    assert "nhận 1" in report.text
