"""A case finds its unit: returned with a proposal, given on, not accepted in time, outside the competence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.committee import shipped_calendar
from db.models import cases, events
from domain.working_hours import hours_after, hours_between
from tests.citizens import CHANNELS, POTHOLE, QUIET, code_in, filed, picked, taken, wait
from tests.talk import Town, local, typed_choices

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = shipped_calendar(ZONE)


async def case_row(town: Town) -> Any:
    def read(conn: Connection) -> Any:
        return conn.execute(select(cases)).mappings().one()

    return await town.database.read(read)


def hush(town: Town) -> None:
    for name in town.people:
        town.unread(name)


async def returned(town: Town, official: str, reason: str, unit: str) -> None:
    await town.press(official, "Không thuộc đơn vị tôi")
    await town.say(official, reason)
    await picked(town, official, unit)
    await wait(town)


@pytest.mark.parametrize("official", ["Nam", "Kiều"])
async def test_a_return_asks_for_the_right_unit_and_may_be_unsure(office: Town, official: str) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE))
    hush(town)
    await town.press(official, "Không thuộc đơn vị tôi")
    town.unread(official)
    await town.say(official, "Đường này của tỉnh quản lý")
    await town.hears(official, "việc này thuộc đơn vị nào?", "Không rõ")
    await town.press(official, "Không rõ")
    await town.hears(official, f"Đã trả lại {code}. Bộ phận trực sẽ giao tiếp.")
    await wait(town)
    card = await town.hears("Đức", code, "Đã trả lại 1 lần: Đường này của tỉnh", "Ngoài thẩm quyền")
    assert not any("Giao" in label for label in card.choices)
    assert not town.unread(citizen)  # nothing has changed for the citizen yet
    row = await case_row(town)
    assert (row["state"], row["returns"], row["proposed_id"]) == ("received", 1, None)


async def test_the_third_return_comes_before_a_leader_who_gives_it_with_one_tap(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, POTHOLE))
    hush(town)
    await returned(town, "Kiều", "Không phải đường đô thị", "Phòng Kinh tế")
    await town.press("Đức", "Giao Phòng Kinh tế")
    await wait(town)
    await returned(town, "Sơn", "Không có vốn cho việc này", "Phòng Tài nguyên và Môi trường")
    hush(town)
    await town.press("Đức", "Giao Phòng Tài nguyên và Môi trường")
    await wait(town)
    town.unread("Dũng")
    await returned(town, "Ngọc", "Không phải việc môi trường", "Phòng Quản lý đô thị")
    card = await town.hears("Dũng", code, "Đã trả lại 3 lần", "Giao Phòng Quản lý đô thị")
    assert "Không thuộc đơn vị tôi" not in card.choices
    hush(town)
    await town.press("Dũng", "Giao Phòng Quản lý đô thị")
    await wait(town)
    await town.hears("Dũng", f"Đã chuyển {code}")
    await town.hears("Kiều", code, "Nhận xử lý")
    assert [m.text for m in town.unread(citizen)][-1].startswith(f"{code}: đã chuyển Phòng Quản lý đô thị")
    assert (await case_row(town))["returns"] == 3


async def test_what_nobody_accepts_in_working_hours_goes_to_the_duty_officer_and_is_counted(
    office: Town,
) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE))
    hush(town)
    await town.until("2021-01-04 13:55")
    assert (await case_row(town))["returns"] == 0
    await town.until("2021-01-04 14:05")  # four working hours after 08:00, the lunch not counted
    card = await town.hears("Đức", code, "Đã trả lại 1 lần: đơn vị trước chưa nhận kịp giờ", "Chuyển đơn vị")
    assert "Nhận xử lý" in card.choices
    await town.hears("Kiều", code, "quá giờ chưa ai nhận nên đã chuyển Bộ phận tiếp nhận")
    assert not town.unread(citizen)
    await town.until("2021-01-05 09:30")
    assert any(code in m.text for m in town.unread("Dũng"))  # nor did the duty officer
    assert (await case_row(town))["returns"] == 1


async def test_what_nobody_takes_overnight_is_one_list_for_a_leader(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 10:00")
    codes = [code_in(await filed(town, town.stranger("Dân", "telegram"), "o ga truoc nha 20"))]
    for number in range(21, 24):
        citizen = town.stranger(f"Dân {number}", "telegram")
        codes.append(code_in(await filed(town, citizen, f"nap cong be truoc nha {number}")))
    await town.until("2021-01-05 07:00")  # they lie with the duty officers
    hush(town)
    await town.jump("2021-01-06 07:35")
    await wait(town)
    lists = [m for m in town.unread("Dũng") if "phản ánh chưa ai nhận" in m.text]
    assert len(lists) == 1
    assert "4 phản ánh chưa ai nhận, quá 4 giờ làm việc ở Bộ phận tiếp nhận thông tin" in lists[0].text
    assert list(lists[0].choices) == codes
    await town.press("Dũng", codes[0])
    await town.hears("Dũng", f"Phản ánh {codes[0]}", "Chuyển đơn vị", "Nhận xử lý")


async def test_what_was_taken_in_time_stays(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await town.until("2021-01-05 16:00")
    assert (await case_row(town))["state"] == "working"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_another_authority_s_matter_ends_with_the_reason_and_may_be_doubted(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, POTHOLE))
    hush(town)
    await returned(town, "Kiều", "Đường này của tỉnh quản lý", "Không rõ")
    await town.press("Đức", "Ngoài thẩm quyền")
    hush(town)
    await town.say("Đức", "của tỉnh")
    await town.hears("Đức", "Xin nói rõ cơ quan nào")
    await town.say("Đức", "Đường ĐT741 do Sở Giao thông vận tải quản lý, điện thoại 0271 3879 109")
    await town.hears("Đức", "đã báo người dân việc thuộc cơ quan khác")
    await wait(town)
    await town.hears(citizen, code, "ngoài thẩm quyền của UBND", "Sở Giao thông vận tải", "Chưa ổn")
    await town.press(citizen, "Chưa ổn")
    await wait(town)
    await town.hears(citizen, "Xin lỗi Ông/Bà.")
    assert (await case_row(town))["state"] == "reopened"


async def test_an_ordinary_official_neither_gives_a_case_nor_sends_it_elsewhere(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Tài", "Yến")
    for verb in ("move", "refer"):
        await town._turn("Yến", pressed=f"case:{verb}:1")
        assert "Anh Tài đang xử lý" in town.unread("Yến")[-1].text
    await town._turn("Yến", pressed="case:to:1:KT")
    assert "Anh Tài đang xử lý" in town.unread("Yến")[-1].text
    await town._turn("Tài", pressed="case:propose:1:KT")  # nobody asked
    assert (await case_row(town))["state"] == "working"


@pytest.mark.parametrize("leader", ["Dũng", "Châu"])
async def test_a_case_is_moved_to_any_unit_by_its_name(office: Town, leader: str) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, QUIET))
    hush(town)
    await town.say(leader, code)
    await town.press(leader, "Chuyển đơn vị")
    asked = town.unread(leader)[-1]
    assert "nhắn tên đơn vị khác" in asked.text
    assert len(asked.choices) + len(typed_choices(asked.text)) <= 6
    assert "Thanh tra thị xã" not in asked.text + "".join(asked.choices)
    await town.say(leader, "phòng nội vụ, phòng kinh tế")
    await town.hears(leader, "nêu nhiều đơn vị")
    await town.say(leader, "thanh tra thi xa")
    await wait(town)
    assert f"Đã chuyển {code} cho Thanh tra thị xã" in town.unread(leader)[-1].text
    await town.hears(citizen, code, "Thanh tra thị xã")
    await town.say(leader, "việc")  # the question is over
    assert "Đã chuyển" not in town.unread(leader)[-1].text


async def test_on_postgres_too(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    await filed(town, town.stranger("Dân", "telegram"), POTHOLE)
    await town.until("2021-01-04 14:05")
    row = await case_row(town)
    assert (row["returns"], row["promised_on"]) == (1, row["due_on"])

    def actions(conn: Connection) -> list[str]:
        found = select(events.c.action).where(events.c.subject == "case").order_by(events.c.id)
        return list(conn.execute(found).scalars())

    assert await town.database.read(actions) == ["received", "unaccepted"]


_moments = st.integers(0, 360 * 24 * 60).map(lambda at: local("2021-01-01 00:00") + timedelta(minutes=at))
_hours = st.integers(1, 40 * 60).map(lambda minutes: minutes / 60)


@given(_moments, _hours)
def test_so_many_working_hours_later_is_in_office_hours_and_just_so_far(at: datetime, hours: float) -> None:
    end = hours_after(CALENDAR, at, hours)
    assert end > at
    assert CALENDAR.is_working(end.date())
    assert hours_between(CALENDAR, at, end) == pytest.approx(hours)
    assert hours_between(CALENDAR, at, end - timedelta(minutes=1)) < hours
    local_time = end.astimezone(ZONE).time().replace(microsecond=0)
    assert (local_time.hour, local_time.minute) > (7, 30) or local_time.second
    assert not (11, 30) < (local_time.hour, local_time.minute) < (13, 30)


@given(_moments, _hours, _hours)
def test_working_hours_add_up(at: datetime, first: float, second: float) -> None:
    both = hours_after(CALENDAR, at, first + second)
    apart = hours_after(CALENDAR, hours_after(CALENDAR, at, first), second)
    assert abs(both - apart) < timedelta(seconds=1)


def test_the_lunch_and_the_week_end_are_not_counted() -> None:
    friday = local("2021-01-08 16:00")
    assert hours_after(CALENDAR, friday, 2) == local("2021-01-11 08:30")
    assert hours_after(CALENDAR, local("2021-01-04 11:00"), 1) == local("2021-01-04 14:00")
