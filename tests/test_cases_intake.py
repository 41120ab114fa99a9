"""Bursts, additions, corrections, refusals, emergencies and hostile words on the way to a case."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, func, select

from bot.app import App
from db import dialogs as open_dialogs
from db.models import cases, dialogs, files
from domain.chat import Incoming, Turn
from tests.citizens import BROWN, CHANNELS, code_in, filed, wait
from tests.talk import Town


def _counts(conn: Connection) -> tuple[int, int, int]:
    tables = (cases, dialogs, files)
    cases_, dialogs_, files_ = (
        conn.execute(select(func.count()).select_from(t)).scalar_one() for t in tables
    )
    return cases_, dialogs_, files_


def _stored(town: Town) -> list[str]:
    return [path.name for path in (town.folder / "files").rglob("*") if path.is_file()]


@pytest.fixture
async def morning(town: Town) -> Town:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    return town


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_album_a_pin_and_words_make_one_review(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    for _ in range(4):
        await town.send(citizen, BROWN)
    await town.send(citizen, b"%PDF-1.4 x", kind="document")
    await town.pin(citizen, 11.8, 106.98)
    await town.say(citizen, "rac do day via he")
    await wait(town)
    await town.hears(citizen, "4 ảnh", "1 tệp", "có vị trí", "Đồng ý và gửi")
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_addition_after_the_review_does_not_bring_a_second_review(
    morning: Town, channel: str
) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    await town.say(citizen, "o ga truoc cho")
    await wait(town)
    review = await town.hears(citizen, "xem lại trước khi gửi", "Nếu có ảnh")
    for _ in range(3):
        await town.send(citizen, BROWN)
    await wait(town)
    added = await town.hears(citizen, "3 ảnh")
    assert (added.message_id == review.message_id) == (channel == "telegram")
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_place_and_kind_can_be_corrected(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    await town.say(citizen, "duong hu")
    await wait(town)
    await town.press(citizen, "Sửa")
    await town.press(citizen, "Nội dung")
    await town.say(citizen, "Cây xanh ngã đè dây điện")
    await wait(town)
    await town.press(citizen, "Sửa")
    await town.press(citizen, "Địa điểm")
    await town.say(citizen, "Trước trường Nguyễn Huệ")
    await wait(town)
    await town.press(citizen, "Sửa")
    await town.press(citizen, "Loại việc")
    await town.press(citizen, "Đèn đường, cây xanh")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "UBND đã nhận")
    card = await town.hears("Nam", "Cây xanh ngã đè dây điện", "Trước trường Nguyễn Huệ", "thứ Năm 07/01")
    assert "duong hu" not in card.text
    town.unread("Kiều")
    town.quiet()


@pytest.mark.parametrize("word", ["gửi", "Đồng ý", "ok"])
async def test_typed_consent_counts(morning: Town, word: str) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.say(citizen, "den duong hu o hem 5")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, word)
    await town.hears(citizen, "UBND đã nhận, mã")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_without_consent_nothing_is_kept(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    await town.send(citizen, BROWN)
    await town.say(citizen, "o ga to")
    await wait(town)
    assert len(_stored(town)) == 1
    town.unread(citizen)
    await town.press(citizen, "Thôi")
    await town.hears(citizen, "Đã bỏ, không lưu gì")
    assert await town.database.read(_counts) == (0, 0, 0)
    assert _stored(town) == []
    await wait(town)
    town.quiet()


async def test_a_draft_is_erased_after_a_day(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.send(citizen, BROWN)
    await town.say(citizen, "o ga to")
    await wait(town)
    town.unread(citizen)
    await town.until("2021-01-05 08:01")
    assert await town.database.read(_counts) == (0, 0, 0)
    assert _stored(town) == []
    assert ["chưa gửi" in m.text for m in town.unread(citizen)] == [True]  # said once, hours before
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "Bản này đã gửi, đã bỏ")


async def test_an_old_button_does_not_send_a_new_draft(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.say(citizen, "o ga to")
    await wait(town)
    review = await town.hears(citizen, "o ga to")
    action = review.choices["Đồng ý và gửi"]
    await town.say(citizen, "/huy")
    await town.say(citizen, "rac khong ai don")
    await town._turn(citizen, pressed=action, message_id=review.message_id)
    await wait(town)
    heard = " ".join(m.text for m in town.unread(citizen))
    assert "Bản này đã gửi, đã bỏ" in heard
    assert (await town.database.read(_counts))[0] == 0


@pytest.mark.parametrize("channel", CHANNELS)
async def test_emergency_numbers_come_first_and_at_once(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    await town.until("2021-01-04 22:00")
    await town.say(citizen, "Cháy nhà ở gần chợ Long Thủy")
    await town.hears(citizen, "gọi ngay", "114")  # no gathering
    await wait(town)
    review = await town.hears(citizen, "xem lại trước khi gửi")
    assert "115" not in review.text
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "Việc khẩn, đã báo ngay", "thứ Ba 05/01")
    await town.hears("Đức", "KHẨN.")  # at night: an emergency does not wait
    await town.hears("Bích", "KHẨN.")
    town.quiet()


async def test_at_night_an_ordinary_report_waits_for_the_office(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.until("2021-01-04 22:00")
    await filed(town, citizen, "o ga truoc cho")
    town.quiet()
    await town.until("2021-01-05 07:31")
    assert any("o ga truoc cho" in m.text for m in town.unread("Nam"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_hostile_words_are_shown_as_they_are(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    hostile = "{{ config }} <b>o ga</b> & <script> *_[x](y)`{% raw %}"
    await filed(town, citizen, hostile)
    await town.hears("Nam", hostile)


async def test_an_edited_message_changes_the_draft_and_one_of_nothing_is_told_so(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town._turn(citizen, text="o ga truoc cho", message_id="p77")
    await wait(town)
    await town.hears(citizen, "o ga truoc cho")
    await town._turn(citizen, text="o ga sau cho", message_id="p77", edit=True)
    await wait(town)
    review = await town.hears(citizen, "o ga sau cho")
    assert "truoc cho" not in review.text
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    town.unread(citizen)
    await town._turn(citizen, text="rac", message_id="p76", edit=True)
    await town.hears(citizen, "không đổi theo tin sửa")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_suggestion_asks_for_no_picture(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    await town.say(citizen, "Tôi góp ý nên lắp thêm đèn đường ở tổ 3")
    await wait(town)
    review = await town.hears(citizen, "Góp ý")
    assert "ảnh" not in review.text.split("(UBND")[0]
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    town.unread(citizen)
    card = await town.hears("Nam", "Góp ý")
    assert "đèn đường" in card.text
    await town.press("Nam", "Nhận xử lý")
    await town.press("Nam", "Trả lời")
    await town.say("Nam", "Phòng đã đưa tổ 3 vào kế hoạch lắp đèn quý II.")
    await wait(town)
    assert any("kế hoạch lắp đèn quý II" in m.text for m in town.unread(citizen))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("voice", b"OggS" + b"\0" * 60),
        ("video", b"\0\0\0\x18ftypmp42" + b"\0" * 60),
        ("document", b"%PDF-1.4 x"),
    ],
)
async def test_a_voice_message_or_a_film_alone_can_be_sent(morning: Town, kind: str, data: bytes) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.send(citizen, data, kind=kind)
    await wait(town)
    await town.hears(citizen, "1 tệp", "Có việc gì ở đó?")
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "UBND đã nhận, mã")


@pytest.mark.parametrize("fields", [{"unsupported": True}, {"files": (Incoming("sticker", "s"),)}])
async def test_what_cannot_be_read_is_answered(morning: Town, fields: dict[str, object]) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town._turn(citizen, message_id="p1", **fields)
    await town.hears(citizen, "loại tin này chưa nhận được")
    assert await town.database.read(_counts) == (0, 0, 0)


async def test_kind_words_are_no_matter(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "zalo")
    await town.say(citizen, "Cảm ơn")
    await town.hears(citizen, "Xin cảm ơn Ông/Bà")
    assert await town.database.read(_counts) == (0, 0, 0)


async def test_too_long_and_too_many_are_refused_and_lose_nothing(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.say(citizen, "o ga truoc cho")
    await town.say(citizen, "dai " * 2000)
    await town.hears(citizen, "dài quá 6.000 ký tự")
    for _ in range(20):
        await town.send(citizen, BROWN)
    await town.send(citizen, BROWN)
    heard = " ".join(m.text for m in town.unread(citizen))
    assert "tối đa 20 ảnh, tệp" in heard
    await wait(town)
    await town.hears(citizen, "o ga truoc cho", "20 ảnh")


async def test_a_duplicate_of_the_same_turn_changes_nothing(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    turn = Turn("telegram", "telegram-Dân", "same", text="o ga truoc cho", message_id="p1")
    await asyncio.gather(town.app.receive(turn), town.app.receive(turn))
    await town.settle()
    await wait(town)
    await town.hears(citizen, "o ga truoc cho")
    town.quiet()


async def test_the_sixth_case_of_a_day_is_kept_for_tomorrow(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    codes = {code_in(await filed(town, citizen, f"o ga so {n} truoc cho")) for n in range(5)}
    assert len(codes) == 5
    await town.say(citizen, "o ga thu sau")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "Hôm nay Ông/Bà đã gửi 5 phản ánh. Bản này vẫn được giữ")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_right_after_filing_can_join_the_case(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "o ga truoc cho"))
    town.unread("Nam")
    await town.say(citizen, "nam ben phai duong")
    await wait(town)
    await town.hears(citizen, f"Bổ sung cho {code}")
    await town.press(citizen, f"Bổ sung cho {code}")
    await wait(town)
    await town.hears(citizen, "Đã chuyển “nam ben phai duong”", code)
    await town.hears("Nam", code, "nam ben phai duong")


async def test_a_unit_without_anybody_reachable_is_answered_for_by_the_reception(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    for name in ("Nam", "Kiều"):
        await _dies(town, name)
    receipt = await filed(town, citizen, "o ga truoc cho")
    assert "Bộ phận tiếp nhận thông tin" in receipt.text
    await town.hears("Đức", code_in(receipt))


async def _dies(town: Town, name: str) -> None:
    from db import people

    full = next(each for each in town.people if each.split()[-1] == name)

    def mark(conn: Connection) -> None:
        account = people.account_of(conn, town.ids[full])
        assert account is not None
        people.mark_dead(conn, account.id, town.clock.now())

    await town.database.write(mark)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_draft_outlives_a_restart_at_every_step(morning: Town, channel: str) -> None:
    citizen = morning.stranger("Dân", channel)

    async def restarted() -> None:
        await wait(morning)
        app = morning.app
        morning.app = App(
            app.database, app.clock, morning.fake, app.committee, app.store, stamp_key=b"k" * 32
        )

    await morning.send(citizen, BROWN)
    await restarted()
    await morning.say(citizen, "o ga truoc cho")
    await restarted()
    await morning.press(citizen, "Sửa")
    await restarted()
    await morning.press(citizen, "Địa điểm")
    await restarted()
    await morning.say(citizen, "hem 5 duong Nguyen Hue")
    await restarted()
    morning.unread(citizen)
    await morning.press(citizen, "Đồng ý và gửi")
    await wait(morning)
    await morning.hears(citizen, "UBND đã nhận, mã")
    card = await morning.hears("Nam", "o ga truoc cho", "hem 5 duong Nguyen Hue")
    assert "1 ảnh" in card.text or card.uploads


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "step", [(), ("Sửa",), ("Sửa", "Nội dung"), ("Sửa", "Địa điểm"), ("Sửa", "Loại việc"), ("Ẩn danh",)]
)
async def test_a_draft_can_be_given_up_at_every_step(
    morning: Town, channel: str, step: tuple[str, ...]
) -> None:
    citizen = morning.stranger("Dân", channel)
    await morning.say(citizen, "o ga truoc cho")
    await wait(morning)
    for label in step:
        await morning.press(citizen, label)
    morning.unread(citizen)
    await morning.say(citizen, "/huy")
    await wait(morning)
    await morning.hears(citizen, "Đã bỏ, không lưu gì")
    assert await morning.database.read(open_dialogs.opened) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_alone_are_sent_with_one_choice(morning: Town, channel: str) -> None:
    citizen = morning.stranger("Dân", channel)
    before = morning.turns
    await morning.say(citizen, "o ga to truoc cho Long Thuy, phuong Long Thuy")
    await wait(morning)
    heard = morning.unread(citizen)
    assert len(heard) == 1
    await morning.press(citizen, "Đồng ý và gửi")
    await wait(morning)
    await morning.hears(citizen, "UBND đã nhận, mã")
    assert morning.turns - before == 2
