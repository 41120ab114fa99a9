"""The citizens' reception: booked by anybody, moved, cancelled, reminded of, and listed for who receives."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from db import appointments
from db.models import cases
from domain.calendar import Calendar
from domain.cases import reception_days
from domain.errors import RuleError
from domain.reception import Slot, free, read_slots
from locales import templates
from tests.citizens import CHANNELS, code_in, pin_in, wait
from tests.talk import ZONE, Town

MORNING = Slot("sang", "sáng", time(7, 30), time(11, 30), 2)
AFTERNOON = Slot("chieu", "chiều", time(13, 30), time(17), 1)
ENTRY = {"code": "sang", "name": "sáng", "from": time(7, 30), "until": time(11, 30), "places": 2}


async def at_work(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_anybody_books_is_reminded_and_may_say_what_it_is_about(town: Town, channel: str) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "đặt lịch")
    heard = await town.hears(
        citizen, "Tiếp công dân tại", "đồng ý", "thứ Ba 05/01, sáng", "thứ Năm 07/01, chiều"
    )
    assert len(heard.text.split()) <= 75
    await town.press(citizen, "thứ Năm 07/01, sáng")
    await wait(town)
    booked = await town.hears(citizen, "thứ Năm 07/01, sáng 07:30–11:30", "Trước một ngày", "Đổi lịch")
    code = code_in(booked)
    assert pin_in(booked)
    await town.hears("Đức", f"mã {code}", "thứ Năm 07/01, sáng")
    for name in town.people:
        town.unread(name)
    await town.press(citizen, "Ghi việc cần nói")
    await town.hears(citizen, "nhắn ngắn gọn")
    await town.say(citizen, "việc cấp đất tái định cư của gia đình tôi")
    await town.hears(citizen, f"Đã ghi cho lịch hẹn {code}")
    await wait(town)
    assert any("Cần nói: việc cấp đất tái định cư" in m.text for m in town.unread("Đức"))
    await town.until("2021-01-06 07:59")
    assert not [m for m in town.unread(citizen) if "Nhắc lịch" in m.text]
    await town.until("2021-01-06 08:05")
    await town.hears(citizen, "Nhắc lịch: ngày mai, thứ Năm 07/01", code)
    await town.until("2021-01-08 09:00")
    assert not town.unread(citizen)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_appointment_is_moved_and_cancelled(town: Town, channel: str) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "gặp chủ tịch")
    await town.press(citizen, "thứ Ba 05/01, chiều")
    await wait(town)
    code = code_in(town.unread(citizen)[-1])
    await town.say(citizen, "đặt lịch")  # one is enough
    await town.hears(citizen, "đã có lịch tiếp công dân", code)
    await town.press(citizen, "Đổi lịch")
    await town.press(citizen, "thứ Ba 12/01, sáng")
    assert any(f"Đã đổi lịch {code} sang thứ Ba 12/01, sáng" in m.text for m in town.unread(citizen))
    await town.say(citizen, code)
    await town.hears(citizen, "Lịch tiếp công dân", "thứ Ba 12/01, sáng 07:30–11:30")
    await town.press(citizen, "Huỷ lịch hẹn")
    await town.press(citizen, "Đồng ý huỷ")
    assert any("DAT LICH" in m.text for m in town.unread(citizen))
    await town.until("2021-01-12 09:00")
    assert not [m for m in town.unread(citizen) if "Nhắc lịch" in m.text]


async def test_a_slot_has_room_for_so_many(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    first = town.committee.reception_slots[0].places
    for number in range(first):
        citizen = town.stranger(f"Dân {number}", "telegram")
        await town.say(citizen, "đặt lịch")
        await town._turn(citizen, pressed="meet:book:2021-01-05:sang", message_id="")
    late = town.stranger("Trễ", "telegram")
    await town.say(late, "đặt lịch")
    heard = await town.hears(late, "thứ Ba 05/01, chiều")
    assert "thứ Ba 05/01, sáng" not in heard.choices
    await town._turn(late, pressed="meet:book:2021-01-05:sang", message_id="")
    await town.hears(late, "không còn đặt được")
    taken = await town.database.read(appointments.taken)
    assert taken == {(date(2021, 1, 5), "sang"): first}
    await town._turn("Dân 0", pressed="case:gone:1", message_id="")
    await town._turn(late, pressed="meet:book:2021-01-05:sang", message_id="")
    assert (await town.database.read(appointments.taken))[date(2021, 1, 5), "sang"] == first


@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_that_ask_to_be_received_are_kept_with_the_appointment(town: Town, channel: str) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", channel)
    words = "toi muon gap chu tich trinh bay viec dat dai gia dinh"
    await town.say(citizen, words)
    await town.hears(citizen, "Tiếp công dân tại", "Gửi phản ánh")
    await town.press(citizen, "thứ Ba 05/01, sáng")
    await wait(town)
    await town.hears(citizen, "Đã đặt lịch")
    await town.hears("Đức", words)


async def test_who_wanted_to_report_goes_on_with_the_same_words(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "xin hẹn gặp lãnh đạo phường, đường trước trường học lầy lội")
    await wait(town)
    await town.press(citizen, "Gửi phản ánh")
    await wait(town)
    assert any("lầy lội" in m.text and "Đồng ý và gửi" in m.text for m in town.unread(citizen))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_answer_about_reception_leads_to_a_booking(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "chủ tịch tiếp dân ngày nào")
    await town.hears(citizen, "thứ Ba và thứ Năm", "Đặt lịch tiếp công dân")
    await town.press(citizen, "Đặt lịch tiếp công dân")
    await town.hears(citizen, "thứ Ba 05/01, sáng")
    await town.press(citizen, "Thôi")
    await town.hears(citizen, "Chưa đặt lịch nào")


@pytest.mark.parametrize("name", ["Đức", "Dũng"])
async def test_officials_see_who_comes_when_within_their_rights(town: Town, name: str) -> None:
    await at_work(town)
    await town.say(name, "/lichtiep")
    await town.hears(name, "Chưa có lịch hẹn")
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "đặt lịch")
    await town.press(citizen, "thứ Ba 05/01, sáng")
    grieved = town.stranger("Hai", "telegram")
    await town.say(grieved, "toi khong dong y quyet dinh thu hoi dat so 45")
    await wait(town)
    await town.press(grieved, "Đặt lịch tiếp công dân")
    await town.press(grieved, "thứ Ba 05/01, sáng")
    await wait(town)
    for person in town.people:
        town.unread(person)
    await town.say(name, "/lichtiep")
    heard = await town.hears(name, "thứ Ba 05/01", "sáng 07:30–11:30", "khiếu nại")
    assert len(heard.choices) in (0, 2)
    await town.say("Nam", "/lichtiep")
    await town.hears("Nam", "Chưa có lịch hẹn")


async def _on_tuesday(town: Town, channel: str) -> tuple[str, str]:
    """A citizen has an appointment on Tuesday 05/01 and it is noon of that day."""
    await at_work(town)
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "đặt lịch")
    await town.press(citizen, "thứ Ba 05/01, sáng")
    await wait(town)
    code = code_in(town.unread(citizen)[-1])
    await town.say("Đức", code)
    assert "Đã tiếp" not in town.unread("Đức")[-1].choices
    await town._turn("Đức", pressed="meet:met:1", message_id="")
    await town.hears("Đức", "đến ngày đó mới ghi được")
    await town.until("2021-01-05 12:00")
    for name in (citizen, *town.people):
        town.unread(name)
    return citizen, code


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_reception_says_who_came_and_a_wrong_mark_is_put_right(town: Town, channel: str) -> None:
    citizen, code = await _on_tuesday(town, channel)
    await town.say("Đức", "/lichtiep")
    await town.hears("Đức", code)
    await town.say("Đức", code)
    await town.press("Đức", "Không đến")
    await wait(town)
    await town.hears("Đức", "công dân không đến", "Đã tiếp")
    await town.hears(citizen, code, "chưa gặp được Ông/Bà", "Đặt lịch tiếp công dân")
    await town.press("Đức", "Đã tiếp")
    await wait(town)
    await town.hears("Đức", code, "đã tiếp")
    await town.hears(citizen, code, "Đã ghi nhận UBND tiếp Ông/Bà", "thứ Ba 05/01")
    await town.press(citizen, "Đặt lịch tiếp công dân")  # again, on the same day
    await town.press(citizen, "thứ Năm 07/01, sáng")
    await wait(town)
    assert "Đã đặt lịch" in town.unread(citizen)[-1].text
    await town.say(citizen, code)
    await town.hears(citizen, "Đã được tiếp: thứ Ba 05/01, sáng 07:30–11:30")
    await town.say("Đức", "/lichtiep")
    assert any("đã tiếp 1, không đến 0, không ghi kết quả 0" in m.text for m in town.unread("Đức"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_nobody_marked_ends_without_a_claim_that_somebody_came(town: Town, channel: str) -> None:
    citizen, code = await _on_tuesday(town, channel)
    await town.until("2021-01-07 09:00")
    await town.say("Đức", "/lichtiep")
    assert any("chưa ghi kết quả" in m.text and code in m.text for m in town.unread("Đức"))
    assert not town.unread(citizen)
    await town.until("2021-01-08 18:00")  # three working days
    heard = await town.hears(citizen, code, "đã qua nên được khép lại", "Đặt lịch tiếp công dân")
    assert "đã tiếp" not in heard.text.lower()
    await town.say("Đức", "/lichtiep")
    await town.hears("Đức", "đã tiếp 0, không đến 0, không ghi kết quả 1")
    await town.say("Đức", code)  # late is better than never
    await town.press("Đức", "Đã tiếp")
    await wait(town)
    await town.hears(citizen, "Đã ghi nhận UBND tiếp")


async def test_on_postgres_an_appointment_ends_too(either_town: Town) -> None:
    town = either_town
    await _on_tuesday(town, "telegram")
    await town._turn("Đức", pressed="meet:missed:1", message_id="")
    await town._turn("Nam", pressed="meet:met:1", message_id="")  # of another unit
    await town.hears("Nam", "Không tìm thấy")
    await town.say("Đức", "/lichtiep")
    assert any("không đến 1" in m.text for m in town.unread("Đức"))


async def test_a_citizen_does_not_see_the_list(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "/lichtiep")
    await town.hears(citizen, "TRO GIUP")


async def test_an_appointment_that_is_over_or_not_mine_cannot_be_touched(town: Town) -> None:
    citizen, other = town.stranger("Dân", "telegram"), town.stranger("Hai", "telegram")
    await town.say(citizen, "đặt lịch")
    await town.press(citizen, "thứ Ba 05/01, sáng")
    town.unread(citizen)
    await town._turn(other, pressed="meet:again:1", message_id="")
    town.unread(other)
    await town._turn(other, pressed="meet:to:1:2021-01-07:sang", message_id="")
    assert "Đã đổi" not in town.unread(other)[-1].text
    await town.database.write(_over)
    await town._turn(citizen, pressed="meet:again:1", message_id="")
    await town.hears(citizen, "đã kết thúc")
    for pressed in ("meet:book:2021-01-06:sang", "meet:book:x:y", "meet:x"):
        await town._turn(citizen, pressed=pressed, message_id="")
        assert town.unread(citizen)


def _over(conn: Connection) -> None:
    conn.execute(update(cases).values(due_on=date(2021, 1, 1)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": ""}, "code"),
        ({"code": "a:b"}, "code"),
        ({"from": "07:30"}, "hours"),
        ({"until": time(7, 0)}, "hours"),
        ({"places": 0}, "places"),
        ({"name": ""}, "places"),
        ({"more": 1}, "fields"),
    ],
)
def test_a_wrong_slot_is_named(change: dict[str, object], reason: str) -> None:
    with pytest.raises(RuleError) as no:
        read_slots([{**ENTRY, **change}])
    assert no.value.facts["reason"] == reason
    assert f"reception_{reason}" in templates()


def test_a_slot_is_there_once() -> None:
    with pytest.raises(RuleError):
        read_slots([ENTRY, ENTRY])


@given(
    st.dates(date(2021, 1, 1), date(2026, 1, 1)),
    st.dictionaries(st.tuples(st.integers(0, 60), st.sampled_from(["sang", "chieu"])), st.integers(0, 3)),
)
def test_what_is_offered_is_ahead_received_on_and_has_room(
    today: date, many: dict[tuple[int, str], int]
) -> None:
    taken = {(date.fromordinal(today.toordinal() + ahead), slot): n for (ahead, slot), n in many.items()}
    found = free(reception_days(Calendar(ZONE), (2, 4), today, 12), (MORNING, AFTERNOON), taken)
    assert found == sorted(found, key=lambda each: (each[0], each[1].opens))
    for day, slot in found:
        assert day > today
        assert day.isoweekday() in (2, 4)
        assert taken.get((day, slot.code), 0) < slot.places
