"""Conversation B and what else officials do with their tasks, on both channels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select

from db import decisions as decisions_db
from db import tasks as tasks_db
from db.models import events, extensions, submissions, tasks
from db.people import person
from domain.errors import RuleError
from tests.talk import Town
from tests.work import add_task

T = TypeVar("T")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


async def open_town(folder: Path, at: str) -> Town:
    return await Town(folder, at).open()


async def ask(town: Town, work: Callable[[Connection], T]) -> T:
    return await town.database.read(work)


async def state_of(town: Town, task_id: int) -> str:
    query = select(tasks.c.state).where(tasks.c.id == task_id)
    return str(await town.database.read(lambda conn: conn.execute(query).scalar_one()))


async def two_tasks(town: Town, who: str, unit: str) -> tuple[int, int]:
    first = await add_task(town, "Kế hoạch tuyên truyền", date(2020, 11, 27), who, unit, state="accepted")
    second = await add_task(town, "Báo cáo tháng 11", date(2020, 12, 1), who, unit, state="accepted")
    return first, second


async def test_conversation_b_on_telegram(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    first, second = await two_tasks(town, "Nguyễn Thị Lan", "NV")
    await town.until("2020-11-26 07:42")
    card = await town.hears(
        "Lan",
        "Chào chị Lan, hôm nay có 2 việc:",
        "① Kế hoạch tuyên truyền, hạn 27/11. Hôm nay là ngày cuối để được tính trước hạn.",
        "② Báo cáo tháng 11, hạn 01/12",
    )
    assert list(card.choices) == ["① Xong", "② Xong", "Vướng / xin gia hạn"]
    assert len(card.text.split()) <= 60
    before = town.turns
    await town.press("Lan", "① Xong")
    asked = await town.hears("Lan", "nhắn số, ngày văn bản hoặc gửi ảnh kết quả")
    assert asked is card
    assert "Bổ sung sau, chậm nhất 17:00 ngày 27/11" in asked.choices
    await town.say("Lan", "KH 45/KH-UBND 25/11")
    assert await town.hears("Lan", "đã nộp lúc 07:42, chờ anh Hùng xác nhận") is card
    assert town.turns - before == 2  # one tap, one line

    await town.say("Lan", "② cho toi 4/12, cho so lieu")
    await town.hears("Lan", "Xin gia hạn ②", "đến 04/12, lý do: cho so lieu?", "Gửi anh Hùng", "Sửa")
    await town.press("Lan", "Gửi anh Hùng")
    await town.hears("Lan", "Đã gửi anh Hùng: xin gia hạn ②")
    town.quiet()

    await town.until("2020-11-26 07:50")
    decide = await town.hears(
        "Hùng",
        "Chị Lan:",
        "đã nộp trước hạn, KH 45/KH-UBND ngày 25/11.",
        "xin gia hạn đến 04/12, cho so lieu.",
    )
    assert list(decide.choices) == ["Xác nhận ①", "Trả lại ①", "Cho gia hạn ②", "Không ②"]
    town.quiet()  # one card a reporter
    await town.press("Hùng", "Xác nhận ①")
    await town.press("Hùng", "Cho gia hạn ②")
    assert await town.hears("Hùng", "✓ ①") is decide
    assert not decide.choices
    assert await town.hears("Lan", "✓ ① Kế hoạch tuyên truyền: hoàn thành trước hạn.") is card
    assert "② Báo cáo tháng 11: hạn mới 04/12 (hạn gốc 01/12)." in card.text
    town.quiet()
    assert await state_of(town, first) == "confirmed"
    assert await state_of(town, second) == "accepted"
    await town.close()


async def test_conversation_b_on_zalo(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    first, second = await two_tasks(town, "Ngô Thị Thu", "TCKH")  # her head is on Zalo
    third, _ = await two_tasks(town, "Lý Văn Phúc", "TUP")  # he is on Zalo
    await town.until("2020-11-26 07:42")
    await town.hears("Phúc", "Chào anh Phúc", "1–2. ①–② Xong", "3. Vướng / xin gia hạn")
    await town.say("Phúc", "1")
    asked = await town.hears("Phúc", "① Kế hoạch tuyên truyền: nhắn số, ngày văn bản")
    assert "②" not in asked.text.splitlines()[0]  # one short line, not the card again
    await town.say("Phúc", "KH 45/KH-UBND 25/11")
    await town.hears("Phúc", "đã nộp lúc 07:42, chờ chị Hoa xác nhận")
    await town.say("Phúc", "2 xin gia han den 4/12 vi cho so lieu")
    await town.hears("Phúc", "Xin gia hạn ②", "1. Gửi chị Hoa")
    await town.say("Phúc", "1")
    await town.hears("Phúc", "Đã gửi chị Hoa")
    await town.hears("Thu", "hôm nay có 2 việc")
    await town.press("Thu", "① Xong")
    await town.say("Thu", "QĐ 7/QĐ-TCKH 24/11")
    await town.hears("Thu", "chờ anh Khải xác nhận")
    await town.until("2020-11-26 07:50")
    await town.hears("Hoa", "Anh Phúc:", "Xác nhận ①", "Cho gia hạn ②")
    await town.press("Hoa", "Xác nhận ①")
    await town.press("Hoa", "Cho gia hạn ②")
    await town.hears("Hoa", "✓ ①")
    await town.hears("Phúc", "✓ ① Kế hoạch tuyên truyền: hoàn thành trước hạn.")
    short = await town.hears("Phúc", "② Báo cáo tháng 11: hạn mới 04/12 (hạn gốc 01/12).")
    assert "①" not in short.text.splitlines()[0]
    await town.hears("Khải", "Chị Thu:", "1. Xác nhận ①", "2. Trả lại ①")
    await town.say("Khải", "2 thiếu danh sách")
    await town.hears("Khải", "đã trả lại, lý do: thiếu danh sách")
    await town.hears("Thu", "anh Khải trả lại, lý do: thiếu danh sách", "① Xong")
    assert await state_of(town, third) == "confirmed"
    assert await state_of(town, first) == "returned"
    assert await state_of(town, second) == "accepted"
    town.quiet("Dũng", "Châu", "Thành", "Lực")
    await town.close()


@pytest.mark.parametrize("who", ["Nguyễn Thị Lan", "Lý Văn Phúc"])
async def test_a_photo_is_a_report_and_an_album_stays_one(tmp_path: Path, who: str) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    unit = "NV" if who.endswith("Lan") else "TUP"
    task = await add_task(town, "Niêm yết thủ tục", date(2020, 11, 27), who, unit, state="accepted")
    await town.until("2020-11-26 07:42")
    await town.hears(who, "Niêm yết thủ tục")
    await town.press(who, "① Xong")
    await town.hears(who, "gửi ảnh kết quả")
    await town.send(who, JPEG)
    await town.send(who, JPEG)
    await town.hears(who, "đã nộp lúc 07:42")
    town.quiet()
    report = await ask(town, lambda conn: decisions_db.latest_report(conn, task, date(2020, 11, 26)))
    assert report is not None
    assert (report.files, report.lacks) == (2, ())
    await town.close()


async def test_proof_may_follow_and_is_asked_for_when_its_time_is_over(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    task = await add_task(
        town, "Niêm yết", date(2020, 11, 27), "Nguyễn Thị Lan", state="accepted", expected="Biên bản niêm yết"
    )
    await town.until("2020-11-26 07:40")
    town.unread("Lan")
    await town.press("Lan", "① Xong")
    await town.press("Lan", "Bổ sung sau, chậm nhất 17:00 ngày 27/11")
    await town.hears("Lan", "đã nộp lúc 07:40")
    await town.until("2020-11-26 08:00")
    await town.hears("Hùng", "Minh chứng hẹn 17:00 ngày 27/11", "Kế hoạch cần: Biên bản niêm yết")
    await town.press("Hùng", "Xác nhận ①")
    town.unread("Hùng")
    town.unread("Lan")
    await town.until("2020-11-30 08:00")
    await town.hears("Lan", "còn thiếu minh chứng, hẹn 17:00 ngày 27/11")
    await town.press("Lan", "Bổ sung ①")
    await town.hears("Lan", "nhắn số, ngày văn bản")
    await town.say("Lan", "BB 3/BB-NV 27/11")
    await town.hears("Lan", "Đã thêm minh chứng")
    assert await state_of(town, task) == "confirmed"
    await town.until("2020-12-01 08:00")
    assert not town.unread("Lan")
    await town.close()


async def test_words_without_proof_are_asked_about_and_lose_nothing(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    task = await add_task(town, "Họp thôn", date(2020, 11, 27), "Nguyễn Thị Lan", state="accepted")
    await town.until("2020-11-26 07:40")
    town.unread("Lan")
    await town.press("Lan", "① Xong")
    town.unread("Lan")
    await town.say("Lan", "ok")
    await town.hears("Lan", "Chưa thấy số văn bản")
    await town.say("Lan", "KH 45/KH-UBND ngày 25/11/2030")
    await town.hears("Lan", "Ngày 25/11/2030 chưa tới")
    await town.say("Lan", "hôm qua đã họp với bà con tổ 4")
    await town.hears("Lan", "Nộp như vậy", "hôm qua đã họp với bà con tổ 4")
    await town.press("Lan", "Nộp như vậy")
    await town.hears("Lan", "đã nộp lúc")
    assert await state_of(town, task) == "awaiting_confirmation"
    await town.close()


async def test_an_extension_needs_a_later_day_and_a_reason(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    await add_task(town, "Báo cáo", date(2020, 11, 30), "Nguyễn Thị Lan", state="accepted")
    await town.until("2020-11-26 09:00")
    town.unread("Lan")
    await town.say("Lan", "xin gia hạn đến 27/11 vì ốm")
    await town.hears("Lan", "không muộn hơn hạn đang có (30/11/2020)")
    await town.say("Lan", "xin gia hạn")
    await town.hears("Lan", "đến ngày nào, vì sao?")
    await town.say("Lan", "thứ 7 tuần sau")
    await town.hears("Lan", "đến 04/12: nhắn lý do")  # Saturday falls back to Friday
    await town.say("Lan", "chờ số liệu")
    await town.hears("Lan", "đến 04/12, lý do: chờ số liệu?")
    await town.press("Lan", "Sửa")
    await town.hears("Lan", "Nhắn lại ngày và lý do")
    await town.say("Lan", "7/12, chờ thẩm định")
    await town.hears("Lan", "đến 07/12, lý do: chờ thẩm định?")
    town.quiet("Dũng")
    await town.close()


async def test_an_obstacle_is_recorded_and_a_day_after_it_is_a_wish(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    task = await add_task(town, "Nạo cống", date(2020, 11, 27), "Nguyễn Thị Lan", state="accepted")
    await town.until("2020-11-26 07:40")
    town.unread("Lan")
    await town.say("Lan", "① được 60%, vướng mặt bằng")
    await town.hears("Lan", "được 60 %, vướng: mặt bằng", "nhắn ngày mới")
    await town.say("Lan", "4/12")
    await town.hears("Lan", "đến 04/12, lý do: mặt bằng?")
    row = await ask(town, lambda conn: conn.execute(select(tasks).where(tasks.c.id == task)).one())
    assert (row.percent, row.blocked_by, row.state) == (60, "mặt bằng", "in_progress")
    await town.close()


async def test_nobody_confirms_their_own_report(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2021-01-25 08:00")
    task = await add_task(town, "Kế hoạch chỉ tiêu", date(2021, 1, 29), "Phan Văn Hùng")
    await town.until("2021-01-25 08:10")
    town.unread("Hùng")
    await town.say("Hùng", "① KH 9/KH-NV 20/1")
    await town.hears("Hùng", "chờ đồng chí Trần Quốc Dũng xác nhận")
    await town.until("2021-01-25 08:20")
    await town.hears("Dũng", "Anh Hùng:", "đã nộp trước hạn")
    report = await ask(town, lambda conn: decisions_db.latest_report(conn, task, date(2021, 1, 25)))
    assert report is not None

    def own(conn: Connection) -> str:
        hung = person(conn, town.ids["Phan Văn Hùng"], date(2021, 1, 25))
        with pytest.raises(RuleError) as no:
            decisions_db.access(conn, report.ref, acting=hung, today=date(2021, 1, 25))
        return no.value.key

    assert await ask(town, own) == "task_gone"
    await town._turn("Hùng", pressed=f"task:ok:{report.ref}", message_id="m1")
    await town.hears("Hùng", "không thuộc phần của anh/chị")
    assert await state_of(town, task) == "awaiting_confirmation"
    await town.press("Dũng", "Xác nhận ①")
    assert await state_of(town, task) == "confirmed"
    await town.close()


async def test_the_chairmans_own_task_is_recorded_by_the_head_of_the_office(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2021-01-25 08:00")
    await add_task(town, "Quyết định phân giao", date(2021, 1, 29), "Trần Quốc Dũng", "UB")
    await town.until("2021-01-25 08:10")
    await town.hears("Dũng", "Đồng chí Trần Quốc Dũng có 1 việc mới")
    await town.say("Dũng", "① QĐ 15/QĐ-UBND 25/1")
    await town.hears("Dũng", "chờ anh Tùng xác nhận")
    await town.until("2021-01-25 08:20")
    await town.hears("Tùng", "QĐ 15/QĐ-UBND ngày 25/01")
    town.quiet()
    await town.close()


async def test_missing_and_forbidden_tasks_look_the_same(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2021-01-25 08:00")
    task = await add_task(town, "Việc của Nội vụ", date(2021, 1, 29), "Nguyễn Thị Lan")
    for action in (f"task:open:{task}", "task:open:999", f"task:done:{task}", "task:done:999", "task:ok:s99"):
        await town._turn("Thu", pressed=action, message_id="m0")
        await town.hears("Thu", "Việc này không còn, hoặc không thuộc phần của anh/chị")
    await town._turn("Thu", pressed="task:nonsense:1", message_id="m0")
    await town.hears("Thu", "hết hiệu lực")
    citizen = town.stranger("Dân", "telegram")
    await town._turn(citizen, pressed=f"task:open:{task}", message_id="m0")
    await town.hears(citizen, "hết hiệu lực")
    await town.close()


async def test_a_second_press_shows_the_state_and_changes_nothing(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    task = await add_task(town, "Niêm yết", date(2020, 11, 27), "Nguyễn Thị Lan", state="accepted")
    await town.until("2020-11-26 07:40")
    town.unread("Lan")
    done = f"task:done:{task}"
    await town.say("Lan", "① KH 1/KH-NV 25/11")
    card = await town.hears("Lan", "đã nộp lúc")
    await town._turn("Lan", pressed=done, message_id=card.message_id)
    await town.until("2020-11-26 07:50")
    decide = await town.hears("Hùng", "Xác nhận ①")
    confirm = decide.choices["Xác nhận ①"]
    await town.press("Hùng", "Xác nhận ①")
    await town._turn("Hùng", pressed=confirm, message_id=decide.message_id)
    assert await state_of(town, task) == "confirmed"
    confirmed = select(events.c.id).where(events.c.subject == "task", events.c.action == "confirmed")
    assert len(await ask(town, lambda conn: conn.execute(confirmed).all())) == 1
    await town.close()


async def test_a_list_shows_days_left_and_opens_a_task(town: Town) -> None:
    await town.say("Lan", "việc")
    await town.hears("Lan", "Chị Lan hiện không có việc nào đang chờ")
    await add_task(town, "Kế hoạch tuyên truyền", date(2021, 1, 29), "Nguyễn Thị Lan", expected="Kế hoạch")
    await add_task(town, "Hướng dẫn dịch vụ công", None, "Nguyễn Thị Lan")
    await add_task(town, "Báo cáo tuần", date(2021, 1, 8), "Phan Văn Hùng")
    await town.say("Lan", "/nhiemvu")
    await town.hears(
        "Lan",
        "① Kế hoạch tuyên truyền · hạn 29/01 · còn 19 ngày làm việc",
        "② Hướng dẫn dịch vụ công · không có hạn",
    )
    await town.press("Lan", "Cả đơn vị")
    await town.hears("Lan", "Việc của đơn vị: 3", "① Anh Hùng: Báo cáo tuần")
    await town.press("Lan", "Xem ②")
    await town.hears("Lan", "Hạn 29/01/2021 · còn 19 ngày", "Chưa nhận", "Kết quả cần có: Kế hoạch", "① Xong")
    town.quiet()


async def test_a_task_is_handed_to_somebody_else_by_the_head(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2021-01-25 08:00")
    task = await add_task(town, "Kế hoạch tuyên truyền", date(2021, 1, 29), "Nguyễn Thị Lan")
    await town.until("2021-01-25 08:10")
    await town.hears("Lan", "có 1 việc mới", "Đã nhận", "Đề nghị giao người khác")
    await town.press("Lan", "Đề nghị giao người khác")
    await town.hears("Lan", "Đã chuyển anh Hùng xem")
    await town.hears("Hùng", "Chị Lan đề nghị giao người khác", "anh Lực", "Giữ nguyên")
    await town.press("Hùng", "anh Lực")
    await town.hears("Hùng", "do anh Lực làm")
    await town.until("2021-01-25 08:20")
    await town.hears("Lực", "có 1 việc mới", "Kế hoạch tuyên truyền")
    row = await ask(town, lambda conn: conn.execute(select(tasks).where(tasks.c.id == task)).one())
    assert (row.assignee_id, row.schedule) == (town.ids["Hồ Văn Lực"], 2)
    await town.until("2021-01-26 08:00")
    assert not town.unread("Lan")
    await town.close()


async def test_a_parent_is_done_with_its_last_part(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2021-01-25 08:00")
    parent = await add_task(town, "Phân giao chỉ tiêu", date(2021, 1, 29), "Trần Quốc Dũng", "UB")
    parts = {
        "Lan": await add_task(
            town, "Chỉ tiêu Nội vụ", date(2021, 1, 29), "Nguyễn Thị Lan", parent=parent, state="accepted"
        ),
        "Thu": await add_task(
            town,
            "Chỉ tiêu Tài chính",
            date(2021, 1, 29),
            "Ngô Thị Thu",
            "TCKH",
            parent=parent,
            state="accepted",
        ),
    }
    await town.until("2021-01-25 08:10")
    for name, head in (("Lan", "Hùng"), ("Thu", "Khải")):
        await town.say(name, "① KH 1/KH 25/1")
        assert await state_of(town, parts[name]) == "awaiting_confirmation"
        await town.until(town.clock.at.replace(minute=town.clock.at.minute + 5))
        await town.press(head, "Xác nhận ①")
    row = await ask(town, lambda conn: conn.execute(select(tasks).where(tasks.c.id == parent)).one())
    last = await ask(
        town,
        lambda conn: conn.execute(select(tasks.c.submitted_at).where(tasks.c.id == parts["Thu"])).scalar(),
    )
    assert (row.state, row.submitted_at) == ("confirmed", last)
    await town.close()


async def test_a_leader_directs_and_the_original_day_stays(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2021-01-25 08:00")
    task = await add_task(town, "Nạo cống", date(2021, 1, 20), "Trương Văn Nam", "QLDT")
    await town.until("2021-01-25 08:10")
    town.unread("Nam")

    def give(conn: Connection) -> None:
        leader = person(conn, town.ids["Trần Quốc Dũng"], date(2021, 1, 25))
        tasks_db.direct(conn, task, date(2021, 1, 29), leader, town.clock.now())
        assert tasks_db.nudge(conn, [task], leader, town.clock.now()) == 1
        assert tasks_db.nudge(conn, [task], leader, town.clock.now()) == 0

    await town.database.write(give)
    await town.until("2021-01-25 08:20")
    await town.hears("Nam", "Nạo cống, hạn 29/01")
    row = await ask(town, lambda conn: conn.execute(select(tasks).where(tasks.c.id == task)).one())
    assert (row.due_on, row.original_due_on, row.schedule) == (date(2021, 1, 29), date(2021, 1, 20), 2)
    town.quiet()
    await town.close()


async def test_events_hold_no_words(tmp_path: Path) -> None:
    town = await open_town(tmp_path, "2020-11-26 07:25")
    await add_task(town, "Niêm yết", date(2020, 11, 27), "Nguyễn Thị Lan", state="accepted")
    await town.until("2020-11-26 07:40")
    await town.say("Lan", "① vướng chuyện bí mật của phòng")
    await town.say("Lan", "① xin gia hạn đến 4/12 vì chuyện bí mật")
    await town.press("Lan", "Gửi anh Hùng")
    rows = await ask(town, lambda conn: conn.execute(select(events.c.fields)).scalars().all())
    assert rows
    assert "bí mật" not in str(rows)
    wishes = await ask(town, lambda conn: conn.execute(select(extensions.c.reason)).scalars().all())
    assert wishes == ["chuyện bí mật"]
    assert not await ask(town, lambda conn: conn.execute(select(submissions.c.id)).all())
    await town.close()
