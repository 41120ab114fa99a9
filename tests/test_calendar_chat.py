"""/lich: looking, editing in a sentence, and who hears of it."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from db import calendar as calendar_db
from db import people
from db import tasks as tasks_db
from db.models import calendar_days, cases, events, extensions, outbox, plan_rows, rungs, tasks
from tests.citizens import CHANNELS, code_in, filed, taken
from tests.talk import ZONE, Town
from tests.work import add_task

HEAD = "Tùng"  # of the office, on Telegram
ADMIN = "Anh"


@pytest.fixture
async def office(town: Town) -> Town:
    await town.until("2021-01-04 08:00")
    hush(town)
    return town


def hush(town: Town) -> None:
    for name in town.people:
        town.unread(name)


async def row(town: Town, task_id: int) -> dict[str, object]:
    def work(conn: Connection) -> dict[str, object]:
        return dict(conn.execute(select(tasks).where(tasks.c.id == task_id)).mappings().one())

    return await town.database.read(work)


async def save(town: Town, who: str, text: str) -> None:
    """An edit, read back and written."""
    await town.say(who, text)
    await town.hears(who, "Ghi vào lịch")
    await town.press(who, "Ghi vào lịch")
    await town.hears(who, "Đã ghi")


async def test_the_calendar_shows_this_month_and_the_next(office: Town) -> None:
    await office.say(HEAD, "/lich")
    card = await office.hears(HEAD, "01/2021 và 02/2021", "Nghỉ 10/02 đến 16/02 (Tết Âm lịch)")
    assert set(card.choices) == {"Thêm ngày nghỉ", "Thêm ngày làm bù", "Bỏ"}
    await office.say("Dũng", "lịch 2/2021")  # a leader looks and edits nothing
    assert not (await office.hears("Dũng", "02/2021 và 03/2021")).choices
    await office.say("Lan", "lịch")
    await office.hears("Lan", "do Chánh Văn phòng và quản trị giữ. Chị Lan cần")
    await office.say(ADMIN, "lịch 2024")
    await office.hears(ADMIN, "Lịch năm 2024", "Nghỉ thứ Hai 29/04", "Làm bù thứ Bảy 04/05")
    await office.say(ADMIN, "lịch 13")
    await office.hears(ADMIN, "Không có tháng 13")
    await office.say("Lan", "lịch họp tuần này ở đâu vậy anh")  # no word about the calendar
    await office.until("2021-01-04 08:01")
    await office.hears("Lan", "báo cáo việc được giao hay phản ánh")
    office.quiet()


@pytest.mark.parametrize("who", [HEAD, "Anh"])
async def test_a_sentence_is_read_back_written_and_logged(office: Town, who: str) -> None:
    await office.say(who, "/lich làm bù thứ 7 8/5 thay 29/4 theo TB 12/TB-UBND")
    card = await office.hears(
        who, "Làm bù: thứ Bảy 08/05/2021", "Nghỉ: thứ Năm 29/04/2021", "TB 12/TB-UBND", "Không hạn nào đổi"
    )
    assert await office.database.read(lambda conn: len(calendar_db.entries(conn, *MAY))) == 1
    action = card.choices["Ghi vào lịch"]
    await office.press(who, "Ghi vào lịch")
    await office.hears(who, "Đã ghi")

    def logged(conn: Connection) -> list[tuple[int, dict[str, object], int | None]]:
        found = conn.execute(select(events).where(events.c.action == "day_set").order_by(events.c.id))
        return [(each.subject_id, each.fields, each.actor_id) for each in found]

    actor = next(number for name, number in office.ids.items() if name.split()[-1] == who)
    assert await office.database.read(logged) == [
        (20210429, {"day": "2021-04-29", "kind": "off", "was": ""}, actor),
        (20210508, {"day": "2021-05-08", "kind": "worked", "was": ""}, actor),
    ]
    await office._turn(who, pressed=action, message_id=card.message_id)
    await office.hears(who, "hết hiệu lực")
    office.quiet()


MAY = (date(2021, 5, 1), date(2021, 5, 31))


@pytest.mark.parametrize("who", [HEAD])
async def test_a_button_asks_for_the_days_and_a_wrong_day_loses_nothing(office: Town, who: str) -> None:
    await office.say(who, "/lich")
    await office.hears(who, "Lịch làm việc")
    await office.press(who, "Thêm ngày nghỉ")
    await office.hears(who, "Nhắn ngày nghỉ và lý do")
    for wrong, answer in (
        ("31/2", "Không có ngày 31/2"),
        ("thứ 3 5/3", "05/03/2021 là thứ Sáu"),
        ("16/3 đến 10/3", "sớm hơn ngày đầu"),
        ("1/3 đến 30/4", "tối đa 31 ngày"),
        ("ngày lễ", "Nhắn ngày nghỉ và lý do"),
        ("thứ 7 6/3", "Thứ Bảy 06/03/2021 vốn đã là ngày nghỉ"),
        ("5/3/2031", "xa quá"),
    ):
        await office.say(who, wrong)
        await office.hears(who, answer)
    await office.say(who, "5/3, kỷ niệm")
    await office.hears(who, "Nghỉ: thứ Sáu 05/03/2021", "kỷ niệm")
    await office.press(who, "Thôi")
    await office.hears(who, "lịch giữ nguyên")
    assert not await office.database.read(
        lambda conn: calendar_db.entries(conn, date(2021, 3, 1), date(2021, 3, 31))
    )
    office.quiet()


async def test_after_the_calendar_was_shown_a_sentence_means_the_office(office: Town) -> None:
    await office.say(HEAD, "/lich")
    await office.hears(HEAD, "Lịch làm việc")
    await office.say(HEAD, "nghỉ 5/3, kỷ niệm")
    await office.hears(HEAD, "Ghi vào lịch", "Nghỉ: thứ Sáu 05/03/2021")
    await office.press(HEAD, "Ghi vào lịch")
    await office.hears(HEAD, "Đã ghi")
    office.quiet()


async def test_a_day_counted_from_an_event_is_counted_anew_until_somebody_decides_another(
    office: Town,
) -> None:
    task = await add_task(office, "Sau khi có góp ý", date(2021, 1, 11), "Nguyễn Thị Lan", state="accepted")

    def counted(conn: Connection) -> None:
        values = {"due_rule": "days", "wished_on": date(2021, 1, 4), "due_days": 5}
        conn.execute(update(tasks).where(tasks.c.id == task).values(**values))

    await office.database.write(counted)
    await save_quietly(office, "/lich nghỉ 6/1")
    assert (await row(office, task))["due_on"] == date(2021, 1, 12)

    def decided(conn: Connection) -> None:
        tasks_db.set_due(conn, conn.execute(select(tasks).where(tasks.c.id == task)).one(), date(2021, 1, 20))

    await office.database.write(decided)
    await save_quietly(office, "/lich nghỉ 7/1")
    assert (await row(office, task))["due_on"] == date(2021, 1, 20)
    await save_quietly(office, "/lich nghỉ 20/1")
    assert (await row(office, task))["due_on"] == date(2021, 1, 19)


async def test_the_plan_is_read_anew_by_the_changed_calendar(office: Town) -> None:
    task = await add_task(office, "Quý I", date(2021, 1, 29), "Nguyễn Thị Lan", row="KH1.1")

    def period(conn: Connection) -> None:
        conn.execute(update(plan_rows).values(deadline={"period_end": "2021-01-31"}))

    await office.database.write(period)
    await save_quietly(office, "/lich làm bù thứ bảy 30/1")
    moved = await row(office, task)
    assert (moved["due_on"], moved["wished_on"]) == (date(2021, 1, 30), date(2021, 1, 31))
    days = await office.database.read(lambda conn: conn.execute(select(plan_rows.c.due_on)).scalars().all())
    assert days == [date(2021, 1, 30)]  # the same plan imported again moves nothing


async def test_an_older_card_does_not_write_a_newer_sentence(office: Town) -> None:
    await office.say(HEAD, "/lich nghỉ 5/3")
    old = (await office.hears(HEAD, "05/03/2021")).choices["Ghi vào lịch"]
    await office.say(HEAD, "/lich nghỉ 8/3")
    await office.hears(HEAD, "08/03/2021")
    await office._turn(HEAD, pressed=old)
    await office.hears(HEAD, "hết hiệu lực")
    march = date(2021, 3, 1), date(2021, 3, 31)
    assert not await office.database.read(lambda conn: calendar_db.entries(conn, *march))


async def test_whoever_lost_the_post_or_never_had_it_changes_nothing(office: Town) -> None:
    await office.say("Lan", "/lich nghỉ 5/3")
    await office.hears("Lan", "do Chánh Văn phòng")
    await office._turn("Lan", pressed="cal:add:off")
    await office.hears("Lan", "hết hiệu lực")
    await office._turn("Dũng", pressed="cal:confirm:2027")
    await office.hears("Dũng", "hết hiệu lực")
    citizen = office.stranger("Dân", "zalo")
    await office._turn(citizen, pressed="cal:show")
    await office.hears(citizen, "hết hiệu lực")
    office.quiet()


async def test_a_day_off_moves_the_task_and_its_person_hears_once(office: Town) -> None:
    task = await add_task(office, "Kế hoạch tuyên truyền", date(2021, 1, 29), "Nguyễn Thị Lan")
    other = await add_task(office, "Việc không đổi", date(2021, 1, 27), "Nguyễn Thị Lan")
    await office.until("2021-01-05 08:00")
    hush(office)
    await office.say(HEAD, "/lich nghỉ 28/1 đến 29/1, bão")
    await office.hears(HEAD, "Nghỉ: 28/01 đến 29/01/2021", "Đổi hạn: 1 việc")
    assert (await row(office, task))["due_on"] == date(2021, 1, 29)  # only read back
    await office.press(HEAD, "Ghi vào lịch")
    await office.hears(HEAD, "Đã đổi hạn 1 việc")
    moved = await row(office, task)
    assert (moved["due_on"], moved["original_due_on"]) == (date(2021, 1, 27), date(2021, 1, 27))
    assert (moved["wished_on"], moved["schedule"]) == (date(2021, 1, 29), 2)
    assert (await row(office, other))["schedule"] == 1
    office.quiet()
    await office.until("2021-01-05 08:06")
    card = await office.hears("Lan", "lịch nghỉ vừa đổi", "Kế hoạch tuyên truyền: 29/01 → thứ Tư 27/01")
    assert "Việc không đổi" not in card.text
    await office.press("Lan", "Việc của tôi")
    await office.hears("Lan", "Kế hoạch tuyên truyền")

    def pending(conn: Connection) -> set[tuple[str, int]]:
        query = select(rungs).where(rungs.c.subject_id == task, rungs.c.subject == "task")
        return {(each.rung, each.schedule) for each in conn.execute(query) if each.state == "pending"}

    laid = await office.database.read(pending)
    assert {schedule for _, schedule in laid} == {2}
    assert ("T0", 2) in laid
    office.quiet()


async def test_a_reminder_whose_day_is_closed_now_comes_the_working_day_before(office: Town) -> None:
    task = await add_task(office, "Kế hoạch", date(2021, 1, 11), "Nguyễn Thị Lan", state="accepted")
    await office.until("2021-01-05 08:00")
    hush(office)

    async def moments() -> dict[str, str]:
        def work(conn: Connection) -> dict[str, str]:
            query = select(rungs).where(rungs.c.subject_id == task, rungs.c.state == "pending")
            return {each.rung: f"{each.due_at.astimezone(ZONE):%d/%m}" for each in conn.execute(query)}

        return await office.database.read(work)

    before = await moments()
    assert (before["T-1"], before["+1"], before["+3"]) == ("08/01", "12/01", "14/01")
    await save_quietly(office, "/lich nghỉ 8/1")
    assert (await moments())["T-1"] == "07/01"
    await save_quietly(office, "/lich nghỉ 13/1")
    assert (await moments())["+3"] == "15/01"  # the third working day, as the ladder says
    assert (await row(office, task))["schedule"] == 1
    await save_quietly(office, "/lich bỏ 8/1")
    await save_quietly(office, "/lich bỏ 13/1")
    assert await moments() == before
    await save_quietly(office, "/lich nghỉ 8/1")
    await office.until("2021-01-07 08:00")
    await office.hears("Lan", "Kế hoạch", "11/01")
    office.quiet()


async def test_an_edit_taken_back_before_anybody_heard_is_not_told(office: Town) -> None:
    task = await add_task(office, "Kế hoạch", date(2021, 1, 29), "Nguyễn Thị Lan")
    await office.until("2021-01-05 20:00")
    hush(office)
    await save(office, HEAD, "/lich nghỉ 29/1, bão")
    await save(office, HEAD, "/lich bỏ 29/1")
    assert (await row(office, task))["due_on"] == date(2021, 1, 29)
    await office.until("2021-01-06 12:00")
    await office.hears("Hùng", "Kế hoạch, hạn 29/01, chưa bấm nhận")  # the two days ran on, edits or not
    office.quiet()


async def test_two_edits_in_the_evening_are_one_card_in_the_morning(office: Town) -> None:
    await add_task(office, "Kế hoạch", date(2021, 1, 29), "Nguyễn Thị Lan")
    await office.until("2021-01-05 20:00")
    hush(office)
    await save(office, HEAD, "/lich nghỉ 29/1")
    await save(office, HEAD, "/lich nghỉ 28/1")
    await office.until("2021-01-06 07:29")
    office.quiet()
    await office.until("2021-01-06 12:00")
    await office.hears("Lan", "Kế hoạch: 29/01 → thứ Tư 27/01")
    await office.hears("Hùng", "Kế hoạch, hạn 27/01, chưa bấm nhận")
    office.quiet()


async def test_what_was_handed_in_early_stays_early(office: Town) -> None:
    due_on = date(2021, 1, 29)
    task = await add_task(office, "Kế hoạch", due_on, "Nguyễn Thị Lan", state="awaiting_confirmation")
    await save_quietly(office, "/lich nghỉ 29/1")
    assert (await row(office, task))["due_on"] == due_on
    await save_quietly(office, "/lich bỏ 29/1")
    assert (await row(office, task))["schedule"] == 1


async def test_a_closed_task_and_an_answered_case_stay_as_they_are(office: Town) -> None:
    done = await add_task(office, "Xong", date(2021, 1, 29), "Nguyễn Thị Lan", state="confirmed")
    gone = await add_task(office, "Huỷ", date(2021, 1, 29), "Nguyễn Thị Lan", state="cancelled")
    citizen = office.stranger("Dân", "zalo")
    code = code_in(await filed(office, citizen, "loa keo karaoke on ao moi dem o to 3"))

    def answered(conn: Connection) -> None:
        conn.execute(update(cases).where(cases.c.code == code).values(state="answered"))

    await office.database.write(answered)
    due = await case_due(office, code)
    hush(office)
    await office.say(HEAD, "/lich nghỉ 6/1, 29/1")
    await office.hears(HEAD, "Không hạn nào đổi")
    await office.press(HEAD, "Ghi vào lịch")
    hush(office)
    assert [(await row(office, each))["due_on"] for each in (done, gone)] == [date(2021, 1, 29)] * 2
    assert await case_due(office, code) == due


async def test_a_citizen_whose_date_came_back_in_the_night_hears_nothing(office: Town) -> None:
    citizen = office.stranger("Dân", "telegram")
    await filed(office, citizen, "loa keo karaoke on ao moi dem o to 3")
    await office.until("2021-01-04 22:00")
    hush(office)
    await save(office, HEAD, "/lich nghỉ 6/1")
    await save(office, HEAD, "/lich bỏ 6/1")
    await office.until("2021-01-05 07:29")
    assert not office.unread(citizen)


async def test_an_edit_moves_tasks_and_cases_alike_on_both_engines(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    hush(town)
    task = await add_task(town, "Kế hoạch", date(2021, 1, 6), "Nguyễn Thị Lan", state="accepted")
    citizen = town.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, "loa keo karaoke on ao moi dem o to 3"))
    due = await case_due(town, code)
    await save_quietly(town, "/lich nghỉ 6/1, bão")
    assert (await row(town, task))["due_on"] == date(2021, 1, 5)
    later = await case_due(town, code)
    assert later == date(2021, 1, 8)
    town.unread(citizen)
    await town.until("2021-01-04 09:00")
    assert any("06/01 → thứ Ba 05/01" in heard.text for heard in town.unread("Lan"))
    await town.hears(citizen, code, f"{later:%d/%m}", f"{due:%d/%m}")

    def keep(conn: Connection) -> list[calendar_db.ServiceDay]:
        unit = people.unit_by_code(conn, "MC")
        assert unit is not None
        calendar_db.set_service(conn, unit.id, 6, (time(7, 30), time(11, 30)), town.clock.now())
        assert calendar_db.confirm(conn, 2027, town.clock.now())
        assert not calendar_db.confirm(conn, 2027, town.clock.now())
        return calendar_db.service_days(conn)

    assert [(each.unit_code, each.closes) for each in await town.database.write(keep)] == [
        ("MC", time(11, 30))
    ]
    assert 2027 in (await town.database.read(lambda conn: calendar_db.load(conn, ZONE))).confirmed_years


async def test_nobody_becomes_late_because_today_was_declared_a_day_off(office: Town) -> None:
    task = await add_task(office, "Kế hoạch", date(2021, 1, 29), "Nguyễn Thị Lan")
    await office.until("2021-01-29 09:00")
    hush(office)
    await save(office, HEAD, "/lich nghỉ 29/1, bão")
    assert (await row(office, task))["due_on"] == date(2021, 2, 1)
    await office.until("2021-01-30 12:00")
    office.quiet()  # the day is closed now: what there is to say waits
    await office.until("2021-02-01 07:31")
    assert any("29/01 → thứ Hai 01/02" in heard.text for heard in office.unread("Lan"))


async def test_an_extended_task_keeps_its_first_day(office: Town) -> None:
    task = await add_task(office, "Kế hoạch", date(2021, 1, 29), "Nguyễn Thị Lan")

    def extend(conn: Connection) -> None:
        conn.execute(
            update(tasks)
            .where(tasks.c.id == task)
            .values(due_on=date(2021, 3, 5), wished_on=date(2021, 3, 5))
        )

    await office.database.write(extend)
    await office.until("2021-01-05 08:00")
    hush(office)
    await save(office, HEAD, "/lich nghỉ 5/3")
    moved = await row(office, task)
    assert (moved["due_on"], moved["original_due_on"]) == (date(2021, 3, 4), date(2021, 1, 29))


async def test_a_wish_for_a_day_that_is_closed_now_means_the_working_day_before(office: Town) -> None:
    task = await add_task(office, "Kế hoạch", date(2021, 1, 29), "Nguyễn Thị Lan", state="in_progress")
    await office.until("2021-01-05 08:00")
    await office.say("Lan", "xin gia hạn đến 5/3, chờ số liệu")
    await office.press("Lan", "Gửi anh Hùng")
    await save_quietly(office, "/lich nghỉ 5/3")

    def wished(conn: Connection) -> object:
        return conn.execute(select(extensions.c.to_day).where(extensions.c.task_id == task)).scalar()

    assert await office.database.read(wished) == date(2021, 3, 4)


async def save_quietly(town: Town, text: str) -> None:
    hush(town)
    await save(town, HEAD, text)
    hush(town)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_citizen_hears_of_a_moved_date_and_not_at_night(office: Town, channel: str) -> None:
    citizen = office.stranger("Dân", channel)
    code = code_in(await filed(office, citizen, "loa keo karaoke on ao moi dem o to 3"))
    due = await case_due(office, code)
    hush(office)
    office.unread(citizen)
    await office.until("2021-01-04 22:30")
    hush(office)
    await save(office, HEAD, "/lich nghỉ 6/1")
    later = await case_due(office, code)
    assert later > due
    await office.until("2021-01-05 06:59")
    assert not office.unread(citizen)
    await office.until("2021-01-05 07:01")
    await office.hears(citizen, code, "do lịch nghỉ thay đổi", f"{later:%d/%m}", f"{due:%d/%m}")
    await office.until("2021-01-05 08:00")
    heard = [message.text for name in office.ids for message in office.unread(name)]
    assert any(code in text and "lịch nghỉ vừa đổi" in text for text in heard)
    await save_quietly(office, "/lich bỏ 6/1")
    assert await case_due(office, code) == due  # exactly undone


async def case_due(town: Town, code: str) -> date:
    def due(conn: Connection) -> date | None:
        return conn.execute(select(cases.c.due_on).where(cases.c.code == code)).scalar()

    found = await town.database.read(due)
    assert found is not None
    return found


async def test_a_pause_and_a_day_off_each_add_their_length_and_can_be_undone(office: Town) -> None:
    citizen = office.stranger("Dân", "zalo")
    code = code_in(await filed(office, citizen, "loa keo karaoke on ao moi dem o to 3"))
    assert await case_due(office, code) == date(2021, 1, 7)
    await taken(office, "Yến", "Tài")
    await office.press("Yến", "Hỏi người dân")
    await office.say("Yến", "Quán tên là gì, mấy giờ thì mở loa?")
    await office.until("2021-01-04 09:00")
    office.unread(citizen)
    await save_quietly(office, "/lich nghỉ 6/1")
    await office.until("2021-01-05 09:00")
    assert not office.unread(citizen)  # while the clock stands no date is promised
    await office.say(citizen, "quan Hoa Mai, 20 gio")
    await office.until("2021-01-05 10:00")
    assert await case_due(office, code) == date(2021, 1, 11)  # the 6th is off, the 5th was waited
    assert any("11/01" in heard.text for heard in office.unread(citizen))
    await save_quietly(office, "/lich bỏ 6/1")
    assert await case_due(office, code) == date(2021, 1, 8)  # the pause alone is left


async def test_an_appointment_on_a_closed_day_goes_to_the_next_reception(office: Town) -> None:
    citizen = office.stranger("Dân", "telegram")
    await office.say(citizen, "toi muon khieu nai quyet dinh thu hoi dat so 12")
    await office.press(citizen, "Đặt lịch tiếp công dân")
    shown = office.unread(citizen)[-1]
    label = next(iter(shown.choices))
    await office.press(citizen, label)
    office.unread(citizen)

    def appointment(conn: Connection) -> date:
        found = conn.execute(select(cases.c.due_on)).scalar()
        assert isinstance(found, date)
        return found

    agreed = await office.database.read(appointment)
    hush(office)
    await save_quietly(office, f"/lich nghỉ {agreed:%d/%m/%Y}")
    moved = await office.database.read(appointment)
    assert moved > agreed
    assert moved.isoweekday() in office.committee.reception_days
    await office.until("2021-01-04 09:00")
    await office.hears(citizen, f"{agreed:%d/%m} cơ quan nghỉ", f"{moved:%d/%m}")
    await save_quietly(office, f"/lich bỏ {agreed:%d/%m/%Y}")
    assert await office.database.read(appointment) == agreed


async def test_what_waits_for_monday_waits_longer_when_monday_is_closed(office: Town) -> None:
    await office.until("2021-01-08 17:30")
    citizen = office.stranger("Dân", "zalo")
    code = code_in(await filed(office, citizen, "loa keo karaoke on ao moi dem o to 3"))
    hush(office)
    await save(office, HEAD, "/lich nghỉ 11/1")

    def waits(conn: Connection) -> set[datetime]:
        query = select(outbox.c.due_at).where(outbox.c.state == "waiting", outbox.c.key.like("case:%:card:%"))
        return set(conn.execute(query).scalars())

    assert {moment.astimezone(ZONE).isoformat() for moment in await office.database.read(waits)} == {
        "2021-01-12T07:30:00+07:00"
    }
    await office.until("2021-01-11 23:00")
    for name in office.people:
        if name != citizen:
            assert not office.unread(name)
    await office.until("2021-01-12 07:31")
    assert any(code in heard.text for heard in office.unread("Yến"))


async def test_a_deadline_in_a_year_nobody_confirmed_says_so(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2026-11-30 07:00").open()
    try:
        await add_task(town, "Kế hoạch", date(2026, 12, 30), "Nguyễn Thị Lan", state="in_progress")
        await town.until("2026-11-30 08:00")
        hush(town)
        await town.say("Lan", "xin gia hạn đến 15/1, chờ số liệu")
        await town.hears("Lan", "đến 15/01", "Lịch nghỉ năm 2027 chưa được xác nhận")
        await town.say("Lan", "đến 31/12, chờ số liệu")
        assert "chưa được xác nhận" not in (await town.hears("Lan", "đến 31/12")).text
    finally:
        await town.close()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_citizen_reads_on_which_saturday_the_one_stop_is_open(office: Town, channel: str) -> None:
    citizen = office.stranger("Dân", channel)
    await office.say(citizen, "giờ làm việc")
    assert "mở thêm" not in (await office.hears(citizen, "Giờ làm việc")).text

    def open_saturdays(conn: Connection) -> None:
        unit = people.unit_by_code(conn, "MC")
        assert unit is not None
        calendar_db.set_service(conn, unit.id, 6, (time(7, 30), time(11, 30)), office.clock.now())

    await office.database.write(open_saturdays)
    await office.say(citizen, "giờ làm việc")
    await office.hears(citizen, "mở thêm thứ Bảy 09/01, 07:30–11:30")
    await office.say(HEAD, "/lich")
    await office.hears(HEAD, "tiếp dân thêm thứ Bảy 09/01")
    calendar = await office.database.read(lambda conn: calendar_db.load(conn, ZONE))
    assert calendar.add(date(2021, 1, 8), 1) == date(2021, 1, 11)


async def test_on_zalo_numbers_do_what_buttons_do(town: Town) -> None:
    def promote(conn: Connection) -> None:
        unit = people.unit_by_code(conn, "VP")
        assert unit is not None
        people.add_membership(conn, town.ids["Đặng Thị Mai"], unit.id, "admin", "", date(2020, 1, 1))

    await town.database.write(promote)
    await town.until("2021-01-04 08:00")
    hush(town)
    await town.say("Mai", "lich")
    await town.hears("Mai", "1. Thêm ngày nghỉ")
    await town.say("Mai", "2")
    await town.hears("Mai", "Nhắn ngày làm bù")
    await town.say("Mai", "thu 7 8/5 thay 29/4")
    await town.hears("Mai", "Làm bù: thứ Bảy 08/05/2021", "1. Ghi vào lịch")
    await town.say("Mai", "1")
    await town.hears("Mai", "Đã ghi")
    days = await town.database.read(lambda conn: conn.execute(select(calendar_days.c.day)).scalars().all())
    assert date(2021, 5, 8) in days
    town.quiet()


async def test_in_december_the_office_is_asked_for_a_year_nobody_confirmed(tmp_path: Path) -> None:
    town = await Town(tmp_path, "2026-11-30 07:00").open()
    try:
        await town.until("2026-12-01 07:29")
        hush(town)
        await town.until("2026-12-01 12:00")
        card = await town.hears(HEAD, "lịch nghỉ năm 2027 mới là tính trước", "Xem lịch năm 2027")
        town.quiet()
        await town.until("2026-12-06 12:00")
        town.quiet()
        await town.until("2026-12-07 12:00")  # asked again each week
        await town.hears(HEAD, "lịch nghỉ năm 2027")
        await town._turn(HEAD, pressed=card.choices["Xem lịch năm 2027"], message_id=card.message_id)
        await town.hears(HEAD, "Lịch năm 2027 (chưa xác nhận)", "04/02 đến 10/02")
        await town.press(HEAD, "Đúng, xác nhận lịch 2027")
        await town.hears(HEAD, "Đã xác nhận lịch năm 2027")
        await town.until("2026-12-31 12:00")
        town.quiet()
        calendar = await town.database.read(lambda conn: calendar_db.load(conn, ZONE))
        assert not calendar.is_unsure(date(2027, 6, 1))
        assert calendar.is_unsure(date(2028, 1, 3))
    finally:
        await town.close()
