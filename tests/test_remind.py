"""Reminders climb their ladder: each rung once, merged after an outage, never outside office hours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from db import calendar as calendar_db
from db import inspections
from db.models import accounts, rungs, tasks
from db.models import inspections as inspections_table
from db.people import person
from scheduler import remind
from tests.talk import ZONE, Town, local
from tests.work import add_row, add_task

LAN = "Nguyễn Thị Lan"


def moments(town: Town, name: str) -> list[str]:
    """When a person heard something."""
    return [f"{m.at:%d/%m %H:%M}" for m in town.unread(name) if m.at]


async def test_the_ladder_of_january_tells_each_person_on_their_day(town: Town) -> None:
    await add_task(town, "Kế hoạch chỉ tiêu", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-02-28 12:00")
    assert moments(town, "Lan") == [
        "04/01 07:30", "22/01 07:30", "26/01 07:30", "28/01 07:30", "29/01 07:30",
        "29/01 15:30", "01/02 07:30",
    ]  # fmt: skip
    assert moments(town, "Hùng") == ["01/02 07:30", "03/02 07:30"]
    assert moments(town, "Tùng") == ["03/02 07:30"]
    assert moments(town, "Dũng") == ["05/02 07:30", "08/02 07:30", "17/02 07:30", "22/02 07:30"]
    town.quiet()


async def test_two_rungs_on_one_day_make_one_card_with_one_line(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-05-20 08:00").open()
    await add_task(town, "Danh mục quy trình", date(2021, 5, 31), LAN, state="accepted")
    await town.until("2021-05-28 12:00")
    heard = town.unread("Lan")
    assert [f"{m.at:%d/%m}" for m in heard if m.at] == ["20/05", "24/05", "28/05"]
    assert heard[-1].text.count("Danh mục quy trình") == 1
    assert "Hôm nay là ngày cuối để được tính trước hạn" in heard[-1].text
    await town.close()


async def test_a_new_task_is_told_at_once_in_hours_and_next_morning_otherwise(town: Town) -> None:
    await town.until("2021-01-04 10:12")
    await add_task(town, "Việc giữa buổi", date(2021, 1, 29), LAN)
    await town.until("2021-01-04 10:13")
    await town.hears("Lan", "Chị Lan có 1 việc mới", "Còn 19 ngày làm việc", "Đã nhận")
    await town.until("2021-01-08 18:00")
    town.unread("Lan")
    town.unread("Hùng")
    await add_task(town, "Việc tối thứ Sáu", date(2021, 1, 29), "Ngô Thị Thu", "TCKH")
    await town.until("2021-01-11 07:29")
    town.quiet()
    await town.until("2021-01-11 07:31")
    await town.hears("Thu", "hôm nay có 1 việc", "Việc tối thứ Sáu")


async def test_silence_about_a_new_task_goes_to_the_assignee_then_to_the_head(town: Town) -> None:
    await add_task(town, "Kế hoạch tuyên truyền", date(2021, 1, 29), LAN)
    await town.until("2021-01-07 12:00")
    assert moments(town, "Lan") == ["04/01 07:30", "05/01 07:30"]
    await town.hears("Hùng", "Chị Lan: Kế hoạch tuyên truyền, hạn 29/01, chưa bấm nhận")
    town.quiet()


async def test_one_tap_acknowledges_every_new_task_of_the_card(town: Town) -> None:
    for title in ("Việc một", "Việc hai"):
        await add_task(town, title, date(2021, 1, 29), LAN)
    await town.until("2021-01-04 07:40")
    await town.hears("Lan", "Việc một", "Việc hai")
    await town.press("Lan", "Đã nhận")
    heard = await town.hears("Lan", "Đã ghi nhận chị Lan nhận 2 việc")
    assert "Đã nhận" not in heard.choices
    await town.until("2021-01-08 12:00")
    town.quiet()


async def test_an_outage_ends_in_one_card_with_the_highest_rung(town: Town) -> None:
    for title, day in (("Việc một", 29), ("Việc hai", 28)):
        await add_task(town, title, date(2021, 1, day), LAN, state="accepted")
    await town.until("2021-01-04 08:00")
    town.unread("Lan")
    await town.jump("2021-01-30 03:00")  # a Saturday night: not now
    town.quiet()
    await town.until("2021-02-01 07:31")
    card = await town.hears("Lan", "Việc hai, hạn 28/01. Trễ 2 ngày", "Việc một, hạn 29/01. Trễ 1 ngày")
    assert card.text.index("Việc hai") < card.text.index("Việc một")
    await town.hears("Hùng", "Việc một", "Việc hai")
    town.quiet()


async def test_a_tick_at_any_minute_adds_nothing(town: Town) -> None:
    await add_task(town, "Kế hoạch", date(2021, 1, 8), LAN, state="accepted")
    await town.until("2021-01-05 07:30")
    count = len(town.unread("Lan"))
    for minute in range(0, 60, 7):
        town.clock.at = local(f"2021-01-05 07:{minute:02}") if minute > 30 else local("2021-01-05 07:30")
        await town.app.tick()
        await town.app.settle()
    assert count
    town.quiet()


async def test_next_due_is_never_past_once_a_run_is_done(town: Town) -> None:
    await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN)

    def after(conn: Connection) -> None:
        calendar = calendar_db.load(conn, ZONE)
        now = town.clock.now()
        remind.run(conn, now, town.committee, calendar)
        due = remind.next_due(conn, now, town.committee, calendar)
        assert due is None or due > now, (now, due)

    for moment in (
        "2021-01-04 07:25",
        "2021-01-09 10:00",
        "2021-01-29 16:59",
        "2021-02-12 08:00",
        "2021-02-17 07:30",
    ):
        town.clock.at = local(moment)
        await town.database.write(after)


async def test_a_changed_day_supersedes_the_old_rungs(town: Town) -> None:
    task = await add_task(town, "Kế hoạch", date(2021, 1, 8), LAN, state="accepted")
    await town.until("2021-01-04 12:00")
    town.unread("Lan")
    moved = update(tasks).where(tasks.c.id == task).values(due_on=date(2021, 1, 29), schedule=2)
    await town.database.write(lambda conn: conn.execute(moved) and None)
    await town.until("2021-01-22 12:00")
    assert moments(town, "Lan") == ["22/01 07:30"]


async def test_done_before_the_card_leaves_is_left_out_of_it(town: Town) -> None:
    first = await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    await add_task(town, "Việc hai", date(2021, 1, 29), LAN, state="accepted")
    town.clock.at = local("2021-01-04 07:30")
    await town.app.tick()
    done = update(tasks).where(tasks.c.id == first).values(state="confirmed")
    await town.database.write(lambda conn: conn.execute(done) and None)
    await town.app.settle()
    card = await town.hears("Lan", "hôm nay có 1 việc", "① Việc hai")
    assert "Việc một" not in card.text


async def test_a_card_that_misses_the_office_hours_comes_back_next_morning(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    town.clock.at = local("2021-01-04 16:59")
    await town.app.tick()
    town.clock.at = local("2021-01-04 17:05")  # delivery was held up
    await town.app.settle()
    town.quiet()
    await town.until("2021-01-05 08:00")
    await town.hears("Lan", "Việc một")
    town.quiet()


async def test_what_cannot_reach_a_person_ends_in_a_named_state_and_reaches_the_head(town: Town) -> None:
    gone = update(accounts).where(accounts.c.person_id == town.ids[LAN]).values(dead_since=town.clock.now())
    await town.database.write(lambda conn: conn.execute(gone) and None)
    await add_task(town, "Việc một", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-04 08:00")
    states = select(rungs.c.state).where(rungs.c.rung == "given").order_by(rungs.c.id)
    assert await town.database.read(lambda conn: list(conn.execute(states).scalars())) == [
        "unreachable",
        "told",
    ]
    await town.hears("Hùng", "Chị Lan (chưa liên lạc được): Việc một, hạn 29/01")


async def test_a_waiting_report_climbs_to_the_confirmers_superior(town: Town) -> None:
    await add_task(town, "Kế hoạch", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-05 08:00")
    town.unread("Lan")
    await town.say("Lan", "① KH 1/KH-NV 4/1")
    town.unread("Lan")
    await town.until("2021-01-08 12:00")
    assert moments(town, "Hùng") == ["05/01 08:01", "06/01 07:30", "07/01 07:30"]
    await town.hears("Dũng", "Chị Lan: Kế hoạch, hạn 29/01: đã nộp trước hạn", "Xác nhận ①")
    town.quiet()  # the assignee's own ladder rests
    await town.press("Dũng", "Xác nhận ①")
    await town.hears("Lan", "hoàn thành trước hạn")


async def test_a_returned_report_wakes_the_ladder_again(town: Town) -> None:
    await add_task(town, "Kế hoạch", date(2021, 1, 8), LAN, state="accepted")
    await town.until("2021-01-04 08:00")
    await town.say("Lan", "① KH 1/KH-NV 4/1")
    await town.until("2021-01-04 08:10")
    await town.press("Hùng", "Trả lại ①")
    await town.say("Hùng", "thiếu danh sách")
    town.unread("Hùng")
    town.unread("Lan")
    await town.until("2021-01-08 08:00")
    assert moments(town, "Lan") == ["05/01 07:30", "07/01 07:30", "08/01 07:30"]


async def test_leaders_get_one_card_for_many_late_tasks(town: Town) -> None:
    for number in range(8):
        await add_task(town, f"Việc số {number}", date(2021, 1, 4), LAN, state="accepted")
    await town.until("2021-01-11 12:00")
    assert moments(town, "Dũng") == ["11/01 07:30"]  # the fifth working day, which is a Monday
    assert moments(town, "Hùng") == ["05/01 07:30", "07/01 07:30"]
    assert moments(town, "Tùng") == ["07/01 07:30"]


async def test_a_long_card_is_cut_and_the_rest_is_one_press_away(town: Town) -> None:
    for number in range(9):
        title = f"Việc số {number} xây dựng kế hoạch tuyên truyền, quán triệt tư tưởng chính trị cho tập thể"
        await add_task(town, title, date(2021, 1, 29), LAN)
    await town.until("2021-01-04 07:31")
    card = await town.hears("Lan", "hôm nay có 9 việc", "và 5 việc khác", "Xem tất cả")
    assert len(card.text.split()) <= 75
    await town.press("Lan", "Xem tất cả")
    await town.hears("Lan", "Việc của chị Lan: 9", "Tiếp ›")
    for last in ("⑧ Việc số 7", "⑨ Việc số 8"):
        await town.press("Lan", "Tiếp ›")
        await town.hears("Lan", last)


async def test_the_inspection_prompt_comes_on_the_first_working_day_and_to_nobody_else(town: Town) -> None:
    await town.database.write(add_row, town, "KH4.3", None, "")
    await town.until("2021-01-20 12:00")
    for name in ("Lực", "Dũng", "Châu", "Thành"):
        heard = await town.hears(name, "Kiểm tra công vụ đột xuất tháng 01/2021: chưa ghi nhận đợt nào")
        assert heard.at == local("2021-01-04 07:30")
    assert moments(town, "Lực") == ["08/01 07:30", "20/01 07:30"]  # the 10th is a Sunday
    town.quiet()
    await town.press("Lực", "Đã kiểm tra")
    await town.hears("Lực", "Nhắn một dòng: đơn vị, ngày kiểm tra, số biên bản")
    await town.say("Lực", "Phòng Kinh tế")
    await town.hears("Lực", "Xin nhắn thêm ngày")
    await town.say("Lực", "Phòng Kinh tế, 25/1/2021, BB 03")
    await town.hears("Lực", "Chỉ ghi đợt kiểm tra đã làm")
    await town.say("Lực", "Phòng Kinh tế, 12/1, BB 03")
    await town.hears("Lực", "Đã ghi đợt kiểm tra ngày 12/01/2021")
    town.quiet()


async def test_a_month_without_an_inspection_reaches_the_chairman_three_working_days_before_its_end(
    town: Town,
) -> None:
    await town.database.write(add_row, town, "KH4.3", None, "")
    await town.until("2021-02-28 12:00")
    assert moments(town, "Dũng") == ["04/01 07:30", "26/01 07:30", "01/02 07:30", "23/02 07:30"]
    assert moments(town, "Lực")[3:] == ["01/02 07:30", "09/02 07:30", "19/02 07:30"]  # Tết, a Saturday


async def test_no_prompt_once_an_inspection_of_the_month_is_recorded(town: Town) -> None:
    await town.database.write(add_row, town, "KH4.3", None, "")
    held = insert(inspections_table).values(
        held_on=date(2021, 1, 3),
        words="x",
        recorded_by=town.ids["Hồ Văn Lực"],
        recorded_at=town.clock.now(),
        issued_at=town.clock.now(),
    )
    await town.database.write(lambda conn: conn.execute(held) and None)
    await town.until("2021-01-31 12:00")
    town.quiet()
    await town.until("2021-02-01 08:00")
    await town.hears("Lực", "tháng 02/2021")


async def test_an_official_cannot_record_an_inspection(town: Town) -> None:
    await town._turn("Lan", pressed="task:insp", message_id="m1")
    await town.hears("Lan", "không còn, hoặc không thuộc phần")

    def lan(conn: Connection) -> bool:
        return inspections.may_see(person(conn, town.ids[LAN], date(2021, 1, 4)))

    assert await town.database.read(lan) is False


async def test_past_tasks_are_asked_about_on_one_card(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2021-05-31 08:00").open()
    ids = [
        await add_task(town, title, date(2021, 1, 29), "Phan Văn Hùng", retro=True)
        for title in ("Việc cũ một", "Việc cũ hai", "Việc cũ ba")
    ]
    await town.until("2021-05-31 08:05")
    await town.hears("Tùng", "3 việc đã qua hạn khi nhập", "① Việc cũ một, hạn 29/01/2021", "Bỏ ③")
    await town.press("Tùng", "Đã xong ①")
    await town.hears("Tùng", "nhắn ngày xong và số văn bản")
    await town.say("Tùng", "KH 12/KH-NV 28/01/2021")
    await town.hears("Tùng", "① Việc cũ hai", "② Việc cũ ba")
    await town.press("Tùng", "Bỏ ①")
    await town.hears("Tùng", "① Việc cũ ba")
    await town.press("Tùng", "Chưa ①")
    await town.hears("Tùng", "Đã ghi xong các việc cũ")
    query = select(tasks.c.state, tasks.c.retro).where(tasks.c.id.in_(ids)).order_by(tasks.c.id)
    rows = await town.database.read(lambda conn: [tuple(row) for row in conn.execute(query).all()])
    assert rows == [("confirmed", True), ("cancelled", True), ("assigned", False)]
    await town.until("2021-05-31 09:00")
    await town.hears("Hùng", "Việc cũ ba, hạn 29/01")
    await town.close()


async def test_who_approves_is_told_when_the_input_is_ready(town: Town) -> None:
    first = await add_task(town, "Xây dựng kế hoạch", date(2021, 1, 29), LAN, row="KH2.1", state="accepted")
    await add_task(
        town, "Phê duyệt kế hoạch", date(2021, 1, 29), "Đặng Thị Mai", "VP", row="KH2.2", state="accepted"
    )
    await town.until("2021-01-05 08:00")
    for name in ("Lan", "Mai", "Lực", "Dũng", "Châu", "Thành"):
        town.unread(name)
    assert first
    await town.say("Lan", "① KH 1/KH-NV 4/1")
    await town.until("2021-01-05 08:10")
    await town.press("Hùng", "Xác nhận ①")
    await town.until("2021-01-05 08:20")
    await town.hears("Mai", "Phê duyệt kế hoạch", "Việc trước đã xong")


async def test_a_leader_decides_many_reports_on_one_card(town: Town) -> None:
    heads = {
        "Phan Văn Hùng": "NV",
        "Trịnh Thị Hoa": "TUP",
        "Huỳnh Thị Ngọc": "TNMT",
        "Lương Thị Hạnh": "GDDT",
        "Hà Văn Sơn": "KT",
    }
    for name, unit in heads.items():
        await add_task(town, f"Việc của {unit}", date(2021, 1, 29), name, unit, state="accepted")
    await town.until("2021-01-04 08:00")
    for name in heads:
        await town.say(name, "① KH 1/KH-UB 4/1")
        town.unread(name)
    await town.until("2021-01-04 08:10")
    card = await town.hears("Dũng", "Chờ đồng chí Trần Quốc Dũng quyết định", "và 1 việc khác")
    town.quiet("Tùng")
    for _ in range(5):
        await town.press("Dũng", next(label for label in card.choices if label.startswith("Xác nhận")))
    assert not [label for label in card.choices if label.startswith("Xác nhận")]
    query = select(tasks.c.state).where(tasks.c.state == "confirmed")
    assert len(await town.database.read(lambda conn: conn.execute(query).all())) == 5
