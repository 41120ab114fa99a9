"""A verification team: no stake, minutes before a finding, papers for few, an answer in two working days."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from db import teams
from db.calendar import load
from db.models import case_teams, cases, units
from domain.people import Membership, Person
from domain.periods import from_key
from domain.verification import Stakes, Violations, has_stake, is_named, read_names
from tests.citizens import CHANNELS, GREEN, QUIET, at_eight, code_in, filed, taken, wait
from tests.talk import ZONE, Town

MATTER = "can bo hach sach, thai do cua quyen khi lam ho so chung thuc"
LINE = "Nguyễn Thị Kiều, Huỳnh Thị Ngọc; 15/01"


async def _asked(town: Town, leader: str, code: str) -> None:
    await town.say(leader, code)
    await town.press(leader, "Gộp, chia, xác minh")
    await town.press(leader, "Lập ban xác minh")
    town.unread(leader)


async def _formed(town: Town, leader: str = "Dũng", channel: str = "zalo") -> tuple[str, str]:
    citizen = town.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, MATTER))
    for name in town.people:
        town.unread(name)
    await _asked(town, leader, code)
    await town.say(leader, LINE)
    sure = town.unread(leader)[-1]
    assert "Trưởng ban: Nguyễn Thị Kiều" in sure.text
    assert "thứ Sáu 15/01" in sure.text
    await town.press(leader, "Quyết định")
    await wait(town)
    return citizen, code


@pytest.mark.parametrize("channel", CHANNELS)
async def test_from_the_decision_to_the_ruling(either_town: Town, channel: str) -> None:
    town = either_town
    await at_eight(town)
    leader = "Dũng" if channel == "telegram" else "Châu"
    citizen, code = await _formed(town, leader, channel)
    await town.hears(citizen, code, "lập ban xác minh", "thứ Ba 19/01")  # two working days after 15/01
    card = await town.hears("Kiều", "Ban xác minh", code, "hach sach")
    assert "Có vi phạm" not in card.choices
    await town.hears("Ngọc", "Ban xác minh", code)
    town.unread(leader)
    await town.press(leader, "Ghi quyết định thành lập")
    await town.say(leader, "QĐ 12/QĐ-UBND 04/01")
    assert "Quyết định thành lập QĐ 12/QĐ-UBND ngày 04/01/2021" in town.unread(leader)[-1].text

    await town.until("2021-01-08 09:00")
    for name in town.people:
        town.unread(name)
    await town.press("Ngọc", "Nộp biên bản")
    await town.hears("Ngọc", "biên bản")
    await town.send("Ngọc", GREEN, caption="BB 3/BB-XM 08/01")
    await wait(town)
    town.unread("Ngọc")
    await town.hears("Kiều", "Biên bản BB 3/BB-XM ngày 08/01/2021", "Có vi phạm", "Không vi phạm")
    await town.press("Kiều", "Có vi phạm")
    await wait(town)
    await town.hears(citizen, code, "đã được xác minh xong", "thứ Ba 12/01")
    assert any("có vi phạm, chờ quyết định xử lý" in m.text for m in town.unread(leader))
    assert await town.database.read(_violations) == Violations(1, 0)
    await town.press(leader, "Ghi quyết định xử lý")
    await town.say(leader, "QĐ 20/QĐ-UBND 08/01")
    assert "đã quyết định xử lý" in town.unread(leader)[-1].text
    assert await town.database.read(_violations) == Violations(1, 1)


def _violations(conn: Connection) -> Violations:
    calendar = load(conn, ZONE)
    january = from_key("2021-01")
    return teams.violations(conn, january, calendar, None)


async def test_whoever_has_a_stake_is_named_and_refused(office: Town) -> None:
    town = office
    code = code_in(await filed(town, town.stranger("Dân", "zalo"), "o ga to truoc cho ap 5"))
    await _asked(town, "Dũng", code)
    await town.say("Dũng", "Trương Văn Nam, Huỳnh Thị Ngọc; 15/01")  # the unit that handles it
    await town.hears("Dũng", "Không thể giao cho Trương Văn Nam")

    def about(conn: Connection) -> None:
        unit = conn.execute(select(units.c.id).where(units.c.code == "TNMT")).scalar_one()
        conn.execute(update(cases).values(about_unit_id=unit))

    await town.database.write(about)
    await town.say("Dũng", "Phan Văn Hùng, Huỳnh Thị Ngọc; 15/01")  # of the unit it is about
    assert "Không thể giao cho Huỳnh Thị Ngọc" in town.unread("Dũng")[-1].text


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Nguyễn Thị Kiều; 15/01", "ít nhất 2 người"),
        ("Nguyễn Thị Kiều, Huỳnh Thị Ngọc", "ghi ngày phải xong"),
        ("Nguyễn Thị Kiều, Huỳnh Thị Ngọc; 04/01", "ghi ngày phải xong"),
        ("Nguyễn Thị Kiều, ông Không Ai; 15/01", "Không có cán bộ nào tên “khong ai”"),
    ],
)
async def test_a_line_that_does_not_do_says_why_and_may_be_typed_again(
    office: Town, line: str, answer: str
) -> None:
    town = office
    code = code_in(await filed(town, town.stranger("Dân", "zalo"), MATTER))
    await _asked(town, "Dũng", code)
    await town.say("Dũng", line)
    await town.hears("Dũng", answer)
    await town.say("Dũng", LINE)
    await town.hears("Dũng", "Trưởng ban: Nguyễn Thị Kiều")


async def test_only_leaders_form_a_team_and_only_the_team_sees_it(office: Town) -> None:
    town = office
    await _formed(town)
    for name in town.people:
        town.unread(name)
    await town._turn("Nam", pressed="team:card:1")
    await town.hears("Nam", "Không tìm thấy nội dung này")
    await town._turn("Hùng", pressed="order:form:1")
    assert not any("Ban xác minh" in m.text for m in town.unread("Hùng"))
    await town._turn("Ngọc", pressed="team:found:1:yes")  # a member, not the head
    await town.hears("Ngọc", "hết hiệu lực")
    await town._turn("Kiều", pressed="team:found:1:yes")  # before the minutes
    await town.hears("Kiều", "nộp biên bản trước")
    await town._turn("Kiều", pressed="team:paper:1:ruling")
    await town.hears("Kiều", "hết hiệu lực")

    def none(conn: Connection) -> int:
        return len(conn.execute(select(case_teams)).all())

    assert await town.database.read(none) == 1


async def test_a_team_hears_of_its_day_and_a_leader_of_its_delay(office: Town) -> None:
    town = office
    _, code = await _formed(town)
    await town.until("2021-01-15 07:00")
    for name in town.people:
        town.unread(name)
    await town.until("2021-01-15 08:00")
    assert any(f"Ban xác minh {code}" in m.text and "hôm nay là hạn" in m.text for m in town.unread("Kiều"))
    assert not any("Ban xác minh" in m.text for m in town.unread("Dũng"))
    await town.until("2021-01-18 08:00")
    for name in ("Kiều", "Dũng"):
        assert any("quá hạn 1 ngày làm việc" in m.text and code in m.text for m in town.unread(name)), name
    await town.until("2021-01-20 08:00")
    assert not any("quá hạn" in m.text and "Ban xác minh" in m.text for m in town.unread("Dũng"))


PEOPLE = st.builds(
    lambda number, unit_ids: Person(
        number, "A", "anh", tuple(Membership(unit, "", "", "", "official", "") for unit in unit_ids)
    ),
    st.integers(1, 6),
    st.sets(st.integers(1, 6), max_size=3),
)


@given(PEOPLE, st.sets(st.integers(1, 6)), st.sets(st.integers(1, 6)))
def test_a_stake_is_a_unit_or_a_hand_in_it(person: Person, unit_ids: set[int], person_ids: set[int]) -> None:
    tied = has_stake(person, Stakes(unit_ids, person_ids))
    assert tied == (person.id in person_ids or not person.unit_ids.isdisjoint(unit_ids))
    assert not has_stake(person, Stakes((), ()))


def test_names_as_people_type_them() -> None:
    assert read_names("anh Hùng, chị  Lan ; 15/01") == ["hung", "lan"]
    assert is_named("hung", "Phan Văn Hùng")
    assert is_named("phan van hung", "Phan Văn Hùng")
    assert not is_named("van", "Phan Văn Hùng")


async def _proposed(town: Town, channel: str) -> str:
    code = code_in(await filed(town, town.stranger("Dân", channel), QUIET))
    official = "Tài" if channel == "zalo" else "Yến"
    await taken(town, official, "Tài", "Yến")
    for label in ("Khác", "Trường hợp đặc biệt", "Đề nghị xác minh"):
        await town.press(official, label)
    town.unread(official)
    await town.say(official, "x")
    await town.hears(official, "Xin nhắn lý do")
    await town.say(official, "có liên quan người của đơn vị, cần người ngoài xem")
    await wait(town)
    await town.hears(official, "Đã đề nghị", code, "thứ Năm 07/01")
    await town.hears("Dũng", code, "đề nghị lập ban xác minh", "có liên quan người của đơn vị", "Không cần")
    return code


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_handles_proposes_a_team_and_leaders_decide_in_three_days(
    office: Town, channel: str
) -> None:
    town = office
    code = await _proposed(town, channel)

    def asked(name: str) -> int:
        return sum("chưa quyết định" in m.text and code in m.text for m in town.unread(name))

    await town.until("2021-01-06 17:00")
    assert asked("Dũng") == 0
    await town.until("2021-01-07 08:00")
    assert (asked("Dũng"), asked("Châu")) == (1, 1)
    await town.until("2021-01-11 07:00")
    for name in town.people:
        town.unread(name)
    await town.until("2021-01-11 08:00")  # the chairman, on Monday, in the week's one card
    cards = [m for m in town.unread("Dũng") if code in m.text]
    assert len(cards) == 1
    assert "chào" in cards[0].text.lower()
    assert f"Đề nghị lập ban xác minh {code}, chờ từ 04/01: chưa quyết định" in cards[0].text
    assert asked("Châu") == 0
    await town.until("2021-01-18 08:00")  # … of each week
    assert sum(code in m.text and "chưa quyết định" in m.text for m in town.unread("Dũng")) == 1
    await town.say("Dũng", code)
    await town.press("Dũng", "Gộp, chia, xác minh")
    assert "có liên quan người của đơn vị" in town.unread("Dũng")[-1].text
    await town.press("Dũng", "Không cần")
    await wait(town)
    await town.hears("Dũng", f"{code} không lập ban xác minh")
    official = "Tài" if channel == "zalo" else "Yến"
    assert any("không lập ban xác minh" in m.text for m in town.unread(official))
    await town.until("2021-01-25 08:00")
    assert asked("Dũng") == 0
    await town._turn("Dũng", pressed="order:noteam:1")
    assert any("đã thay đổi" in m.text for m in town.unread("Dũng"))


async def test_a_team_that_is_formed_ends_the_proposal(office: Town) -> None:
    town = office
    await _proposed(town, "telegram")
    await town.press("Dũng", "Lập ban xác minh")
    await town.say("Dũng", LINE)
    await town.press("Dũng", "Quyết định")
    await wait(town)
    town.unread("Dũng")
    await town.until("2021-01-07 08:00")
    assert not any("đề nghị lập ban" in m.text for m in town.unread("Dũng"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_violation_without_a_decision_is_a_leader_s_on_its_day_and_then_weekly(
    office: Town, channel: str
) -> None:
    town = office
    leader = "Dũng" if channel == "telegram" else "Châu"
    await _formed(town, leader)
    await town.press("Ngọc", "Nộp biên bản")
    await town.say("Ngọc", "BB 3/BB-XM 04/01")
    await wait(town)
    await town.press("Kiều", "Có vi phạm")
    await wait(town)
    for name in town.people:
        town.unread(name)

    def reminded(name: str) -> list[str]:
        return [m.text for m in town.unread(name) if "kết luận có vi phạm" in m.text]

    await town.until("2021-01-08 17:00")
    assert reminded(leader) == []
    await town.until("2021-01-11 08:00")  # five working days after the finding
    assert ["hôm nay là hạn ra quyết định xử lý" in text for text in reminded(leader)] == [True]
    await town.until("2021-01-18 08:00")
    late = reminded(leader)
    assert ["quá hạn 5 ngày làm việc" in text for text in late] == [True]
    await town.press(leader, "Ghi quyết định xử lý")
    await town.say(leader, "QĐ 20/QĐ-UBND 18/01")
    await town.until("2021-01-26 08:00")
    assert reminded(leader) == []
