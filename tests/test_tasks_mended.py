"""What people say about their tasks in the words they really use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from db import roster, rungs
from db.models import tasks
from tests.talk import Town, local, typed_choices
from tests.test_tasks import open_town, state_of, two_tasks
from tests.work import add_task

LAN = "Nguyễn Thị Lan"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("xin thêm 5 ngày vì chờ số liệu", "03/02"),
        ("xin them 1 tuan, cho so lieu", "05/02"),
        ("xin gia hạn thêm 3 ngày làm việc vì chờ số liệu", "03/02"),
        ("gia hạn hai ngày vì chờ số liệu", "01/02"),
    ],
)
async def test_more_days_count_from_the_due_day(tmp_path: Path, words: str, day: str) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 07:40")
    town.unread("Lan")
    await town.say("Lan", words)
    await town.hears("Lan", f"(hạn 29/01) đến {day}, lý do:", "so lieu" if "lieu" in words else "chờ số liệu")
    await town.close()


async def test_an_item_may_be_named_within_a_sentence(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    await add_task(town, "Việc hai", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 07:40")
    town.unread("Lan")
    await town.say("Lan", "xin lui han viec 1 den het thang 2")
    await town.hears("Lan", "Xin gia hạn ① “Việc một” đến 26/02: nhắn lý do")
    await town.close()


async def test_a_decision_opened_from_a_list_has_the_number_one(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 07:40")
    await town.say("Lan", "① KH 1/KH-NV 4/1")
    town.unread("Lan")
    await town.until("2021-01-22 07:50")
    town.unread("Hùng")
    await town.say("Hùng", "/nhiemvu")
    await town.press("Hùng", "Xem ①")
    card = town.unread("Hùng")[-1]
    assert "Xác nhận ①" in card.choices
    assert "Xác nhận ②" not in card.choices
    await town.press("Hùng", "Xác nhận ①")
    await town.hears("Hùng", "✓ ①")
    await town.close()


async def test_what_waits_for_a_leader_comes_back_each_week(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    await add_task(town, "Kế hoạch", date(2021, 3, 31), "Phan Văn Hùng", state="accepted")
    await town.until("2021-01-04 08:00")
    await town.say("Hùng", "① KH 1/KH-NV 4/1")
    await town.until("2021-01-26 12:00")
    heard = [f"{m.at:%d/%m}" for m in town.unread("Dũng") if m.at and "Xác nhận" in " ".join(m.choices)]
    assert heard == ["04/01", "05/01", "06/01", "11/01", "18/01", "25/01"]
    await town.close()


async def parted(tmp_path: Path, day: date) -> Town:
    """A task of two units due on 29/01, one part of which was moved."""
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    whole = await add_task(town, "Kế hoạch", date(2021, 1, 29), "Võ Thanh Tùng", "VP", state="accepted")
    await add_task(town, "Kế hoạch", day, LAN, parent=whole, state="accepted")
    await add_task(town, "Kế hoạch", date(2021, 1, 29), "Ngô Thị Thu", "TCKH", parent=whole, state="accepted")
    return town


async def test_a_part_that_was_due_earlier_is_named_alone(tmp_path: Path) -> None:
    town = await parted(tmp_path, date(2021, 1, 11))
    await town.until("2021-01-19 12:00")
    await town.hears("Dũng", "còn 1/2 đơn vị chưa nộp (Phòng Nội vụ - LĐTB&XH, hạn 11/01)")
    await town.close()


async def test_a_part_that_has_more_time_is_not_counted(tmp_path: Path) -> None:
    town = await parted(tmp_path, date(2021, 2, 26))
    await town.until("2021-02-05 12:00")
    heard = [m.text for m in town.unread("Dũng")]
    assert heard
    assert "còn 1/2 đơn vị chưa nộp (Phòng T" in heard[-1], heard
    assert "Nội vụ" not in heard[-1]
    await town.close()


async def test_what_the_plan_asks_for_is_one_clause(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    expected = "- Nắm rõ quy định.\n- Kế hoạch được ban hành đúng hạn trong toàn huyện."
    await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN, state="accepted", expected=expected)
    await town.until("2021-01-22 07:40")
    await town.say("Lan", "① KH 1/KH-NV")
    await town.until("2021-01-22 07:50")
    card = await town.hears("Hùng", "Kế hoạch cần: Nắm rõ quy định; Kế hoạch được ban hành")
    assert card.text.endswith("…")
    await town.close()


async def test_cards_that_nobody_delivered_for_days_leave_as_one(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-22 07:25").open()
    await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    town.clock.at = local("2021-01-22 07:30")
    await town.app.tick()  # the card is queued, and nothing leaves
    await add_task(town, "Việc hai", date(2021, 2, 26), LAN, state="assigned")
    town.clock.at = local("2021-01-26 07:40")
    await town.app.tick()
    await town.app.settle()
    await town.until("2021-01-26 08:30")
    await town.hears("Lan", "Việc một", "Việc hai")
    assert not town.unread("Lan")
    await town.close()


async def test_a_moved_task_keeps_its_wait_for_an_acknowledgement(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-01-04 07:25").open()
    task_id = await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN)
    await town.until("2021-01-04 12:00")

    def move(conn: Connection) -> None:
        conn.execute(update(tasks).where(tasks.c.id == task_id).values(due_on=date(2021, 1, 28), schedule=2))
        rungs.supersede(conn, "task", task_id)

    await town.database.write(move)
    await town.until("2021-01-06 12:00")
    assert [f"{m.at:%d/%m}" for m in town.unread("Lan") if m.at] == ["04/01", "05/01"]
    await town.hears("Hùng", "Chị Lan: Kế hoạch, hạn 28/01, chưa bấm nhận")
    await town.close()


@pytest.mark.parametrize(("who", "head"), [("Lan", "Hùng"), ("Phúc", "Hoa")])  # Telegram, Zalo
async def test_proof_that_may_be_for_a_returned_task_is_asked_about(
    tmp_path: Path, who: str, head: str
) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    first, second = await two_tasks(
        town, *(("Nguyễn Thị Lan", "NV") if who == "Lan" else ("Lý Văn Phúc", "TUP"))
    )
    await town.until("2020-11-26 07:40")
    town.unread(who)
    await town.press(who, "① Xong")
    await town.say(who, "KH 45/KH-UBND 25/11")
    await town.say(who, "② cho toi 4/12, cho so lieu")
    await town.press(who, f"Gửi {'anh Hùng' if head == 'Hùng' else 'chị Hoa'}")
    await town.until("2020-11-26 07:45")
    await town.press(head, "Trả lại ①")
    await town.say(head, "chưa có phụ lục")
    await town.until("2020-11-26 07:50")
    await town.press(head, "Không ②")
    await town.say(head, "số liệu có sẵn rồi")
    await town.until("2020-11-26 07:55")
    town.unread(who)
    await town.say(who, "đã bổ sung, KH 46/KH-UBND 26/11")
    await town.hears(who, "nói về việc nào?", "Báo cáo tháng 11", "② Kế hoạch tuyên truyền (bị trả lại)")
    await town.press(who, "Việc ②")
    await town.hears(who, "đã nộp lúc 07:55")
    assert await state_of(town, first) == "awaiting_confirmation"
    assert await state_of(town, second) == "accepted"
    await town.close()


@pytest.mark.parametrize(
    ("head", "unit", "who"), [("Hùng", "NV", "Nguyễn Thị Lan"), ("Nam", "QLDT", "Nguyễn Thị Kiều")]
)
async def test_a_head_of_eight_may_give_a_task_to_each_of_them_by_name(
    tmp_path: Path, head: str, unit: str, who: str
) -> None:
    town = await open_town(tmp_path, "2021-01-25 08:00")
    added = [f"Lê Văn {name}" for name in ("An", "Bảo", "Cảnh", "Danh")] + ["Trần Văn Em", "Lê Quốc Em"]
    posts = [roster.RosterRow(name, "anh", unit, "official", "Chuyên viên") for name in added]
    await town.database.write(roster.add_rows, posts, date(2021, 1, 1), town.clock.now())
    task = await add_task(town, "Kế hoạch tuyên truyền", date(2021, 1, 29), who, unit)
    await town.until("2021-01-25 08:10")
    await town._turn(head, pressed=f"task:hand:{task}")
    seen: set[str] = set()
    for _ in range(3):
        page = town.unread(head)[-1]
        labels = list(page.choices) or list(typed_choices(page.text))
        assert len(labels) <= 6
        seen |= set(labels)
        await town.press(head, "Người khác ›")
    assert {"anh An", "anh Bảo", "anh Cảnh", "anh Danh", "Trần Văn Em", "Lê Quốc Em"} <= seen
    assert "anh Em" not in seen  # there are two of them
    await town.close()


@pytest.mark.parametrize(("who", "unit"), [("Nguyễn Thị Lan", "NV"), ("Lý Văn Phúc", "TUP")])
@pytest.mark.parametrize("before", ["1 vướng chưa có số liệu", "xin gia hạn"])
async def test_a_report_after_talk_of_an_obstacle_is_no_wish_for_a_day(
    town: Town, who: str, unit: str, before: str
) -> None:
    await add_task(town, "Việc một", date(2021, 1, 12), who, unit, state="accepted")
    await town.until("2021-01-05 08:00")
    await town.say(who, before)
    town.unread(who)
    await town.say(who, "xong KH 4/BC-NV 5/1")
    heard = town.unread(who)[-1].text
    assert "đã nộp" in heard or "Đã nhận" in heard, heard
    assert "không muộn hơn" not in heard


async def test_the_card_of_the_last_afternoon_says_so_once(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 5), "Nguyễn Thị Lan", state="accepted")
    await town.until("2021-01-05 15:31")
    card = town.unread("Lan")[-1].text
    assert "chiều nay là hạn cuối" in card
    assert "Hôm nay là hạn cuối" not in card
