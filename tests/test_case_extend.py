"""A later day has a reason the citizen reads and somebody who decided; the first promise stays and counts."""

from __future__ import annotations

from datetime import date

import pytest

from domain.figures import ANSWERED, ANSWERED_LATE, CaseRow
from tests.citizens import CHANNELS, POTHOLE, QUIET, code_in, filed, taken, wait
from tests.talk import Town
from tests.test_case_handover import case_row, hush

WHY = "chờ nhà thầu giao nắp cống mới"


async def wished(town: Town, official: str, line: str) -> None:
    await town.press(official, "Khác")
    await town.press(official, "Xin lùi hẹn")
    town.unread(official)
    await town.say(official, line)
    await wait(town)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_few_days_are_granted_by_the_head_and_the_citizen_reads_day_and_reason(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, POTHOLE))  # due on Monday 11/01
    await taken(town, "Kiều", "Nam")
    hush(town)
    await wished(town, "Kiều", f"14/1 {WHY}")
    await town.hears(
        "Kiều", f"Đã gửi anh Nam xin lùi {code} đến thứ Năm 14/01", "vẫn giữ đến khi có quyết định"
    )
    await town.hears("Nam", f"Chị Kiều xin lùi hẹn {code} từ 11/01 đến thứ Năm 14/01: {WHY}")
    assert not town.unread(citizen)
    await town.press("Nam", "Cho lùi hẹn")
    await wait(town)
    await town.hears("Nam", f"Đã cho lùi {code}")
    await town.hears(citizen, code, "chưa xong kịp ngày hẹn 11/01", WHY, "Hẹn mới: thứ Năm 14/01")
    [told] = town.unread("Kiều")  # once, and by whom
    assert f"{code}: anh Nam cho lùi hẹn đến thứ Năm 14/01; đã báo người dân lý do." in told.text
    assert "Trả lời" in told.choices
    row = await case_row(town)
    assert (row["due_on"], row["promised_on"]) == (date(2021, 1, 14), date(2021, 1, 11))
    await town.say(citizen, code)
    await town.hears(citizen, "thứ Năm 14/01 (hẹn lần đầu 11/01)")
    await town.until("2021-01-12 20:00")
    assert not any("quá hạn" in m.text for m in town.unread(citizen))
    await town.until("2021-01-15 08:00")
    assert any("đã quá hạn 14/01" in m.text for m in town.unread(citizen))


async def test_day_and_reason_may_come_apart_and_both_are_needed(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await wished(town, "Kiều", WHY)
    await town.hears("Kiều", "xin nhắn ngày hẹn mới")
    await town.say("Kiều", "8/1")
    await town.hears("Kiều", "Ngày mới cần sau ngày hẹn 11/01/2021")
    await town.say("Kiều", "13/1")
    await town.hears("Kiều", "Đã gửi anh Nam")
    hush(town)
    await wished(town, "Kiều", "16/1 bận")  # a Saturday
    await town.hears("Kiều", "hẹn mới thứ Hai 18/01", "lý do", "ít nhất 20 ký tự")
    await town.say("Kiều", WHY)
    await town.hears("Kiều", "Đã gửi đồng chí", "thứ Hai 18/01")


async def test_many_days_a_second_time_and_the_head_s_own_wish_are_a_leader_s(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE))
    await taken(town, "Kiều", "Nam")
    hush(town)
    await wished(town, "Kiều", f"20/1 {WHY}")
    assert not town.unread("Nam")
    await town.hears("Dũng", code, "thứ Tư 20/01")
    await town._turn("Nam", pressed="case:grant:1")
    await town.hears("Nam", "do lãnh đạo UBND quyết định")
    await town._turn("Kiều", pressed="case:grant:1")
    await town.press("Dũng", "Cho lùi hẹn")
    await wait(town)
    hush(town)
    await wished(town, "Kiều", f"21/1 {WHY}")
    await town.hears("Dũng", code, "thứ Năm 21/01")


@pytest.mark.parametrize("head", ["Nam", "Tài"])
async def test_a_refusal_says_why_and_the_day_stays(office: Town, head: str) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    official, words = ("Kiều", POTHOLE) if head == "Nam" else ("Yến", QUIET)
    code = code_in(await filed(town, citizen, words))
    await taken(town, official, head)
    due = (await case_row(town))["due_on"]
    hush(town)
    await wished(town, official, f"12/1 {WHY}")
    hush(town)
    await town.press(head, "Không cho")
    await town.hears(head, "vì sao không cho lùi hẹn?")
    await town.say(head, "Kho còn nắp cống, lấy dùng ngay")
    await town.hears(head, f"Đã báo chị {official}; {code} giữ hẹn")
    await wait(town)
    why = "chưa cho lùi hẹn, lý do: “Kho còn nắp cống, lấy dùng ngay”. Trả lời chậm nhất"
    await town.hears(official, f"{code}: anh {head} {why}")
    assert not town.unread(citizen)
    assert (await case_row(town))["due_on"] == due
    await town._turn(head, pressed="case:grant:1")
    await town.hears(head, "đã thay đổi")


async def test_what_was_answered_meanwhile_is_put_off_no_more(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await wished(town, "Yến", f"11/1 {WHY}")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    hush(town)
    await town._turn("Tài", pressed="case:grant:1")
    await town.hears("Tài", "đã thay đổi")


async def test_a_wish_nobody_decides_about_is_heard_of_again_then_by_the_superior(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE))  # due on Monday 11/01
    await taken(town, "Kiều", "Nam")
    await town.until("2021-01-07 09:00")
    hush(town)
    await wished(town, "Kiều", f"14/1 {WHY}")
    await town.hears("Nam", code, "xin lùi hẹn")
    await town.until("2021-01-08 07:40")  # the next working morning
    assert any("chưa ai quyết định" in m.text and code in m.text for m in town.unread("Nam"))
    assert not any("chưa ai quyết định" in m.text for name in ("Dũng", "Châu") for m in town.unread(name))
    await town.until("2021-01-11 07:40")
    assert not any("chưa ai quyết định" in m.text for m in town.unread("Nam"))
    assert any("chưa ai quyết định" in m.text and WHY in m.text for m in town.unread("Dũng"))
    assert not town.unread(citizen)
    await town.until("2021-01-12 08:00")  # the promised day passed undecided
    assert any("đã quá hạn 11/01" in m.text for m in town.unread(citizen))
    await town.until("2021-01-13 08:00")
    hush(town)
    await town.say("Nam", "cho lui hen")  # it still is for whoever was asked first; newer numbers are below
    await wait(town)
    await town.hears("Nam", f"Đã cho lùi {code}")
    await town.hears(citizen, "Hẹn mới: thứ Năm 14/01")
    await town.until("2021-01-14 08:00")
    assert not any("chưa ai quyết định" in m.text for n in ("Nam", "Dũng") for m in town.unread(n))


async def test_nobody_is_reminded_of_a_wish_that_was_decided(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await wished(town, "Kiều", f"14/1 {WHY}")
    await town.press("Nam", "Cho lùi hẹn")
    hush(town)
    await town.until("2021-01-07 08:00")
    assert not any("chưa ai quyết định" in m.text for n in ("Nam", "Dũng") for m in town.unread(n))


def test_an_answer_counts_by_the_first_promise() -> None:
    first, moved = date(2021, 1, 11), date(2021, 1, 14)
    row = CaseRow(1, "ABCDE", "", 1, "", "", "answered", date(2021, 1, 4), moved, moved, promised_on=first)
    assert row.cell(moved) == ANSWERED_LATE
    early = CaseRow(1, "ABCDE", "", 1, "", "", "answered", date(2021, 1, 4), moved, first, promised_on=first)
    assert early.cell(moved) == ANSWERED


async def test_on_postgres_too(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    await filed(town, town.stranger("Dân", "telegram"), POTHOLE)
    await taken(town, "Kiều", "Nam")
    await wished(town, "Kiều", f"14/1 {WHY}")
    await town.press("Nam", "Cho lùi hẹn")
    assert (await case_row(town))["due_days"] == 8
