"""Conversation C: one word asks, the picture carries the text, each figure opens its rows."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, insert, select

from db import staff
from db.models import cycles, decisions, people, tasks
from tests.reporting import Book, at
from tests.talk import Town

CHAIRMAN, DEPUTY = "Dũng", "Châu"  # on Telegram, on Zalo
LINES = 12
CAPTION = 1024


async def november(town: Town) -> None:
    at(town, "2021-11-25 07:35")
    await Book(town).november()


def words(text: str) -> int:
    return len([word for word in text.split() if any(c.isalnum() for c in word)])


@pytest.mark.parametrize(
    ("leader", "typed"),
    [(CHAIRMAN, "bc"), (DEPUTY, "bc"), (CHAIRMAN, "báo cáo"), (CHAIRMAN, "/baocao"), (DEPUTY, "Bao cao")],
)
async def test_one_word_brings_one_picture_with_the_figures(town: Town, leader: str, typed: str) -> None:
    await november(town)
    await town.say(leader, typed)
    heard = await town.hears(
        leader,
        "Tháng 11/2021, đến 07:35 ngày 25/11",
        "Cần đồng chí quyết định: 1 · Quá hạn: 3",
        "Nhiệm vụ: xong 41/50 (trước hạn 40, đúng hạn 0, quá hạn 1); chưa xong 9 (trong hạn 6, quá hạn 3)",
        "🟡 MT1 trước hạn 80 %; mục tiêu 90 % – kế hoạch 96 %, cao nhất còn có thể 92 %",
        "⚪ MT2 quán triệt 100 %: chưa có số liệu",
        "⚪ MT3 trước hẹn 40 %, đúng hẹn 60 %: chưa có số liệu",
        "🔴 MT4 quy trình 0/5 · kiểm tra 10/11 tháng (thiếu T4)",
        "🔴 MT5 phản ánh quá hạn 1",
        "Phản ánh: nhận 23, trả lời 19 (đúng hạn 18), quá hạn chưa trả lời 1",
        "Kiểm tra đột xuất tháng này: đã thực hiện",
        "Ngoại lệ: không có",
    )
    assert [(kind, name) for kind, name, _ in heard.uploads] == [("photo", "baocao.png")]
    assert heard.uploads[0][2].startswith(b"\x89PNG")
    said = heard.text.split("\n1. ")[0]
    assert len(said.splitlines()) <= LINES
    assert len(said) <= CAPTION
    assert words(said) <= 120
    town.quiet()


async def test_the_chairman_gives_a_late_task_a_new_day_in_two_taps_and_a_sentence(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc")
    first = await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Quá hạn 3")
    late = await town.hears(
        CHAIRMAN,
        "Quá hạn chưa xong: 3",
        "1. Nạo cống tổ 4 · QLDT · anh Nam · trễ 4 ngày · vướng: chờ vốn",
        "2. Kiểm đếm bãi rác · TNMT · anh Bình · trễ 3 ngày",
        "3. Lịch đối thoại · VP · chị Mai · trễ 2 ngày",
        "Nhắc cả 3",
        "‹ Tổng hợp",
    )
    assert late is first, "the first message is edited in place"
    assert len(late.text) <= CAPTION
    await town.press(CHAIRMAN, "1")
    await town.hears(
        CHAIRMAN,
        "1. Nạo cống tổ 4",
        "Phòng Quản lý đô thị · anh Nam",
        "Hạn 19/11/2021",
        "trễ 4 ngày làm việc",
        "Vướng: chờ vốn",
    )
    await town.say(CHAIRMAN, "thu 6 phai xong")
    asked = await town.hears(CHAIRMAN, "Giao anh Nam việc 1, xong chậm nhất thứ Sáu 26/11?", "Giao", "Sửa")
    assert words(asked.text) <= 60
    await town.press(CHAIRMAN, "Sửa")
    await town.hears(CHAIRMAN, "Việc 1: đồng chí nhắn hạn mới")
    await town.say(CHAIRMAN, "3/12")
    await town.hears(CHAIRMAN, "Giao anh Nam việc 1, xong chậm nhất thứ Sáu 03/12?")
    await town.press(CHAIRMAN, "Giao")
    await town.hears(
        CHAIRMAN, "Đã giao anh Nam: Nạo cống tổ 4, xong chậm nhất thứ Sáu 03/12", "hạn gốc 19/11"
    )
    await town.until("2021-11-25 16:00")
    assert any("Nạo cống tổ 4" in heard.text for heard in town.unread("Trương Văn Nam"))

    def due(conn: Connection) -> tuple[date, date]:
        row = conn.execute(select(tasks).where(tasks.c.title == "Nạo cống tổ 4")).one()
        return row.due_on, row.original_due_on

    assert await town.database.read(due) == (date(2021, 12, 3), date(2021, 11, 19))


async def test_on_zalo_the_same_goes_by_numbers_and_short_messages(town: Town) -> None:
    await november(town)
    await town.say(DEPUTY, "bc")
    await town.hears(DEPUTY, "Quá hạn: 3", "2. Quá hạn 3")
    await town.say(DEPUTY, "2")
    late = await town.hears(
        DEPUTY, "Quá hạn chưa xong: 3", "1. Nạo cống tổ 4 · QLDT · anh Nam · trễ 4 ngày", "4. Nhắc cả 3"
    )
    assert late.uploads == []
    assert late.text.count("Nạo cống tổ 4") == 1
    await town.say(DEPUTY, "1")
    await town.hears(DEPUTY, "1. Nạo cống tổ 4", "Giao hạn mới")
    await town.say(DEPUTY, "thu 6 phai xong")
    await town.hears(DEPUTY, "Giao anh Nam việc 1, xong chậm nhất thứ Sáu 26/11?", "1. Giao", "2. Sửa")
    await town.say(DEPUTY, "1")
    await town.hears(DEPUTY, "Đã giao anh Nam")


async def test_a_sentence_without_a_day_or_with_a_past_one_is_asked_again(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc")
    await town.press(CHAIRMAN, "Quá hạn 3")
    await town.press(CHAIRMAN, "2")
    town.unread(CHAIRMAN)
    await town.say(CHAIRMAN, "lam nhanh len")
    await town.hears(CHAIRMAN, "Chưa rõ ngày cho việc 2")
    await town.say(CHAIRMAN, "24/11/2021")
    await town.hears(CHAIRMAN, "Ngày 24/11/2021 đã qua")
    await town.say(CHAIRMAN, "28/11")
    await town.hears(CHAIRMAN, "chậm nhất thứ Sáu 26/11", "Chủ nhật 28/11 là ngày nghỉ")
    await town.press(CHAIRMAN, "Giao")
    await town.hears(CHAIRMAN, "Đã giao anh Bình")
    await town.say(CHAIRMAN, "thứ 6")
    assert not any("Giao anh" in heard.text for heard in town.unread(CHAIRMAN)), "the dialog is over"


async def test_everybody_on_the_list_is_reminded_once(town: Town) -> None:
    await november(town)
    at(town, "2021-11-25 09:00")
    await town.say(CHAIRMAN, "bc")
    await town.press(CHAIRMAN, "Quá hạn 3")
    await town.press(CHAIRMAN, "Nhắc cả 3")
    town.unread(CHAIRMAN)
    await town.press(CHAIRMAN, "‹ Tổng hợp")
    await town.hears(CHAIRMAN, "Quá hạn: 3")
    await town.press(CHAIRMAN, "Quá hạn 3")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Nhắc cả 3")
    await town.hears(CHAIRMAN, "Hôm nay đã nhắc")


async def test_every_figure_of_the_matrix_opens_as_many_rows(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN)
    for label, count in (
        ("Trước hạn 40", 40),
        ("Xong quá hạn 1", 1),
        ("Chưa xong, trong hạn 6", 6),
        ("Chưa xong, quá hạn 3", 3),
        ("Trả lời đúng hạn 18", 18),
        ("Trả lời quá hạn 1", 1),
        ("Đang xử lý 3", 3),
        ("Quá hạn chưa trả lời 1", 1),
    ):
        if label in ("Trả lời đúng hạn 18", "Trả lời quá hạn 1", "Đang xử lý 3", "Quá hạn chưa trả lời 1"):
            await town.press(CHAIRMAN, "Phản ánh")
            await town.hears(CHAIRMAN, "Nhận 23")
        await town.press(CHAIRMAN, "Chi tiết")
        await town.hears(CHAIRMAN, label)
        await town.press(CHAIRMAN, label)
        heard = await town.hears(CHAIRMAN, f": {count}")
        assert len(heard.text) <= CAPTION
        rows = set()
        while True:
            rows |= {line for line in heard.text.splitlines() if line[0].isdigit()}
            assert len(heard.choices) <= 6
            if "Trang sau ›" not in heard.choices:
                break
            await town.press(CHAIRMAN, "Trang sau ›")
            heard = await town.hears(CHAIRMAN)
            assert len(heard.text) <= CAPTION
        assert len(rows) == count, label
        await town.press(CHAIRMAN, "‹ Tổng hợp")
        await town.hears(CHAIRMAN, "xong 41/50")


async def test_objectives_and_units_open_in_place_and_lead_back(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc")
    first = await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Mục tiêu")
    goals = await town.hears(CHAIRMAN, "MT1", "MT5", "🔴 không còn khả năng hoặc quá hạn", "đối thoại 100 %")
    assert goals is first
    assert "⚪ chưa đủ số liệu để đánh giá" in goals.text
    assert len(goals.text) <= CAPTION
    await town.press(CHAIRMAN, "‹ Tổng hợp")
    await town.hears(CHAIRMAN, "Cần đồng chí quyết định")
    await town.press(CHAIRMAN, "Chi tiết")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Theo đơn vị")
    units = await town.hears(CHAIRMAN, "Phòng Quản lý đô thị: xong 8/9")
    lines = [line for line in units.text.splitlines() if line[0].isdigit()]
    assert len(units.choices) <= 6
    while "Trang sau ›" in units.choices:
        await town.press(CHAIRMAN, "Trang sau ›")
        units = await town.hears(CHAIRMAN)
        assert len(units.choices) <= 6
        lines += [line for line in units.text.splitlines() if line[0].isdigit()]
    assert any("Phòng Nội vụ - LĐTB&XH: xong 8/14" in line for line in lines)
    await town.press(CHAIRMAN, "‹ Trang trước")
    await town.hears(CHAIRMAN)
    done, total = zip(*(line.split("xong ")[1].split(",")[0].split("/") for line in lines), strict=True)
    assert (sum(map(int, done)), sum(map(int, total))) == (41, 50), "units add up to the committee"
    await town.press(CHAIRMAN, "1")
    await town.hears(CHAIRMAN, "Tháng 11/2021 · ", "Quá hạn: 1")
    await town.press(CHAIRMAN, "‹ Tổng hợp")
    await town.hears(CHAIRMAN, "xong 41/50")


async def test_a_question_of_the_plan_is_decided_by_its_default(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc")
    await town.press(CHAIRMAN, "Cần quyết định 1")
    await town.hears(CHAIRMAN, "Cần đồng chí quyết định: 1", "1. D-01: 90 % và 96 %")
    await town.press(CHAIRMAN, "1")
    await town.hears(CHAIRMAN, "D-01 · MT1", "Mặc định: 90 là cam kết", "Dùng mặc định")
    await town.press(CHAIRMAN, "Dùng mặc định")
    await town.hears(CHAIRMAN, "D-01: đã chọn mặc định")
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "Cần đồng chí quyết định: 0")

    def answer(conn: Connection) -> str:
        return str(conn.execute(select(decisions.c.answer).where(decisions.c.code == "D-01")).scalar_one())

    assert await town.database.read(answer) == "90 là cam kết, 96 là phấn đấu"


async def test_a_wish_for_more_time_and_a_reopened_matter_wait_for_the_leader(town: Town) -> None:
    at(town, "2021-11-26 09:00")
    book = Book(town)
    await book.write(
        book.task("NV", "Phan Văn Hùng", date(2021, 11, 30), title="Báo cáo quý"),
        book.wish("T1", date(2021, 12, 3), date(2021, 11, 25)),
        book.case("QLDT", date(2021, 11, 2), date(2021, 11, 30), state="reopened"),
    )
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "Cần đồng chí quyết định: 2")
    await town.press(CHAIRMAN, "Cần quyết định 2")
    await town.hears(
        CHAIRMAN,
        "1. Anh Hùng xin gia hạn đến 03/12: Báo cáo quý, chờ số liệu",
        "2. Phản ánh C0002 (QLDT): người dân chưa đồng ý",
    )
    await town.press(CHAIRMAN, "1")
    await town.hears(CHAIRMAN, "Báo cáo quý")


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ("/baocao quý 2", "Quý II/2021, "),
        ("/baocao quy 2", "Quý II/2021, "),
        ("bc q2", "Quý II/2021, "),
        ("báo cáo tháng 5", "Tháng 05/2021, "),
        ("/baocao 5/2021", "Tháng 05/2021, "),
        ("bc 2021", "Năm 2021, "),
        ("/baocao phòng nội vụ", "Tháng 11/2021 · Phòng Nội vụ - LĐTB&XH, "),
        ("/baocao phong noi vu quy 4", "Quý IV/2021 · Phòng Nội vụ - LĐTB&XH, "),
        ("bc năm 2021 NV", "Năm 2021 · Phòng Nội vụ - LĐTB&XH, "),
        ("bc bộ phận 01 cửa", "Tháng 11/2021 · Bộ phận một cửa, "),
        ("bc phường Thác Mơ", "Tháng 11/2021 · UBND phường Thác Mơ, "),
    ],
)
async def test_a_period_or_a_unit_is_asked_for_in_words(town: Town, typed: str, heading: str) -> None:
    await november(town)
    await town.say(CHAIRMAN, typed)
    await town.hears(CHAIRMAN, heading)
    town.quiet()


async def test_what_is_due_today_can_be_on_time_but_no_longer_early(town: Town) -> None:
    at(town, "2021-11-26 09:00")
    book = Book(town)
    await book.write(
        book.plan(),
        book.task("NV", "Lan", date(2021, 11, 24), done=date(2021, 11, 23)),
        book.task("NV", "Lan", date(2021, 11, 26)),
        book.task("NV", "Lan", date(2021, 11, 26), waiting=date(2021, 11, 25)),
        book.task("NV", "Lan", date(2021, 11, 29)),
    )
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "trong hạn 3, quá hạn 0", "🔴 MT1 trước hạn 25 %", "cao nhất còn có thể 75 %")


async def test_words_that_are_no_period_get_examples(town: Town) -> None:
    await town.say(CHAIRMAN, "/baocao tháng 13")
    await town.hears(CHAIRMAN, "Chưa rõ kỳ báo cáo", "bc quý 2")
    await town.say(CHAIRMAN, "bc phòng vũ trụ")
    await town.hears(CHAIRMAN, 'Chưa rõ "bc phòng vũ trụ"', "bc phòng nội vụ")
    await town.say(CHAIRMAN, "bc phường")
    await town.hears(CHAIRMAN, "Xin chọn đơn vị", "UBND phường Thác Mơ")
    await town.press(CHAIRMAN, "UBND phường Long Thủy")
    await town.hears(CHAIRMAN, "UBND phường Long Thủy")
    town.quiet()


async def test_before_there_is_a_plan_the_report_says_so(town: Town) -> None:
    await town.say(CHAIRMAN, "bc")
    heard = await town.hears(
        CHAIRMAN,
        "không có việc đến hạn trong kỳ",
        "Chưa nhập kế hoạch năm 2021",
        "Phản ánh: không phát sinh",
        "Kiểm tra đột xuất: chưa có kế hoạch của năm",
    )
    assert heard.uploads
    assert "Quá hạn 0" not in heard.choices
    await town.say(CHAIRMAN, "bc 2020")
    year = await town.hears(CHAIRMAN, "Kiểm tra đột xuất: chưa có kế hoạch của năm")
    assert "thiếu" not in year.text, "nobody missed what no plan asked for"


async def test_more_units_than_fit_are_said_to_be_more(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc phòng")
    asked = await town.hears(CHAIRMAN, "hoặc nhắn rõ tên (còn 4 đơn vị khác)", "Phòng Nội vụ - LĐTB&XH")
    assert len(asked.choices) <= 6
    await town.say(CHAIRMAN, "bc phòng quản lý đô thị")
    await town.hears(CHAIRMAN, "Phòng Quản lý đô thị", "xong 8/9")


async def test_a_head_sees_the_own_unit_and_no_other(town: Town) -> None:
    await november(town)
    await town.say("Phan Văn Hùng", "bc")
    own = await town.hears("Phan Văn Hùng", "Phòng Nội vụ - LĐTB&XH", "xong 8/14")
    assert "đồng chí quyết định" not in own.text
    assert "MT4" not in own.text
    assert "Kiểm tra" not in own.text
    assert "Mục tiêu" not in own.choices
    await town.say("Phan Văn Hùng", "bc phòng quản lý đô thị")
    await town.hears("Phan Văn Hùng", "dành cho lãnh đạo UBND", "Phòng Nội vụ - LĐTB&XH")
    town.quiet()


async def test_others_are_refused_politely(town: Town) -> None:
    await november(town)
    await town.say("Lan", "bc")
    await town.hears("Lan", "dành cho lãnh đạo và trưởng đơn vị", "chị Lan nhắn VIEC")
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "bc")
    await town.hears(citizen, "dành cho lãnh đạo UBND thị xã Phước Long", "Ông/Bà")
    town.quiet()


async def test_a_pressed_figure_asks_for_rights_anew(town: Town) -> None:
    await november(town)
    await town.say("Phan Văn Hùng", "bc")
    heard = await town.hears("Phan Văn Hùng")
    action = heard.choices["Chi tiết"]
    for forged in (
        "bc:2021-11:home",
        "bc:2021-11:units",
        "bc:2021-11:do",
        action.replace(":cells", ":goals"),
        action.replace(":cells", ":task:1"),
        action.replace(":cells", ":give:1:20211203"),
        action.replace(":cells", ":list:people"),
        "bc:2021-11.1:home",
        "bc:nonsense:home",
        "bc",
        "bc:2021-11",
        action.replace(":cells", ":list:x"),
        action.replace(":cells", ":nudge:early"),
    ):
        await town._turn("Phan Văn Hùng", pressed=forged, message_id=heard.message_id)
        await town.hears("Phan Văn Hùng", "Nút này")
    await town._turn("Lan", pressed=action, message_id="m1")
    await town.hears("Lan", "Nút này")
    town.quiet()


async def test_parents_are_not_counted_twice_and_past_tasks_stand_apart(town: Town) -> None:
    at(town, "2021-01-20 09:00")
    book = Book(town)
    due = date(2021, 1, 29)
    await book.write(
        book.plan(),
        book.task("UB", "Dũng", due, title="cha"),
        book.task("NV", "Lan", due, parent="T1", done=date(2021, 1, 18)),
        book.task("QLDT", "Kiều", due, parent="T1"),
        book.task("KT", "Nga", due, state="cancelled"),
        book.task("VP", "Mai", date(2021, 1, 8), retro=True, state="confirmed"),
        book.task(
            "VP", "Mai", date(2021, 1, 8), retro=True, done=date(2021, 1, 19), evidence=date(2021, 1, 7)
        ),
        book.task("TNMT", "Bình", None),
    )
    await town.say(CHAIRMAN, "bc")
    await town.hears(
        CHAIRMAN,
        "xong 2/3 (trước hạn 2",
        "chưa xong 1 (trong hạn 1, quá hạn 0); nhập bổ sung 1",
        "Quá hạn: 0",
    )
    await town.press(CHAIRMAN, "Chi tiết")
    await town.hears(
        CHAIRMAN, "1 việc thường xuyên, biện pháp theo dõi (BP) hoặc việc chưa có ngày", "Nhập bổ sung 1"
    )


async def test_what_is_late_from_an_earlier_month_stays_in_sight(town: Town) -> None:
    at(town, "2021-11-26 09:00")
    book = Book(town)
    await book.write(
        book.task("NV", "Lan", date(2021, 10, 20), title="việc tháng Mười"),
        book.task("NV", "Lan", date(2021, 11, 20)),
    )
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "Quá hạn: 2 (1 từ kỳ trước)", "quá hạn 1)")
    await town.press(CHAIRMAN, "Quá hạn 2")
    await town.hears(CHAIRMAN, "1. việc tháng Mười")


async def test_a_report_handed_in_on_time_is_not_overdue_while_it_waits(town: Town) -> None:
    at(town, "2021-11-26 09:00")
    book = Book(town)
    await book.write(book.task("NV", "Lan", date(2021, 11, 22), waiting=date(2021, 11, 19)))
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "chưa xong 1 (trong hạn 1, quá hạn 0)")


async def test_a_planned_inspection_is_never_counted(town: Town) -> None:
    at(town, "2021-11-10 09:00")
    book = Book(town)
    await book.write(book.plan(), book.inspection(date(2021, 11, 25), recorded=date(2021, 11, 1)))
    await town.say(CHAIRMAN, "bc")
    heard = await town.hears(CHAIRMAN, "Kiểm tra đột xuất tháng này: chưa có", "kiểm tra 0/10 tháng")
    assert "25/11" not in heard.text


async def test_people_and_messages_that_are_not_reached_are_named(town: Town) -> None:
    await november(town)
    channel, chat = town._who("Lan")
    channel.blocked.add(chat)
    await town.say("Lan", "bc")
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "Ngoại lệ: 2 (1 người chưa liên lạc được, 1 tin không đến)")
    await town.press(CHAIRMAN, "Ngoại lệ 2")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Chưa liên lạc được 1")
    await town.hears(CHAIRMAN, "1. Nguyễn Thị Lan · NV")
    await town.press(CHAIRMAN, "‹ Ngoại lệ")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Tin không đến 1")
    await town.hears(CHAIRMAN, "1. chị Lan · NV · 1 tin")


async def test_the_word_draft_follows_at_once_and_zalo_says_where_to_get_it(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Bản Word")
    await town.hears(CHAIRMAN, "Đang lập bản Word tháng 11/2021")
    file = await town.hears(CHAIRMAN, "Dự thảo báo cáo tháng 11/2021")
    assert [(kind, name) for kind, name, _ in file.uploads] == [("document", "Du-thao-bao-cao-2021-11.docx")]
    await town.say(DEPUTY, "bc")
    await town.hears(DEPUTY)
    await town.press(DEPUTY, "Bản Word")
    await town.hears(DEPUTY, "Zalo không nhận tệp Word", "Telegram", "1. ‹ Tổng hợp")
    town.quiet()
    await town.say(DEPUTY, "1")
    back = await town.hears(DEPUTY, "Cần đồng chí quyết định")
    assert back.uploads == []


async def test_a_task_whose_holder_left_is_an_exception_and_can_be_given_on(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    await book.write(
        book.plan(),
        book.task("NV", "Lan", date(2021, 11, 30), title="Sổ tay"),
        book.task("NV", "Phan Văn Hùng", date(2021, 11, 30)),
    )
    lan = await town.database.read(
        lambda conn: conn.execute(select(people.c.id).where(people.c.name == "Nguyễn Thị Lan")).scalar_one()
    )
    await town.database.write(staff.end_posts, lan, date(2021, 11, 24))
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "Ngoại lệ: 1 việc chưa có người giữ")
    await town.press(CHAIRMAN, "Chi tiết")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Chưa xong, trong hạn 2")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Nhắc cả 2")
    await town.hears(CHAIRMAN, "Đã nhắc 1 việc", "1 việc chưa có người giữ, không nhắc được")
    await town.press(CHAIRMAN, "‹ Tổng hợp")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Ngoại lệ 1")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Chưa có người giữ 1")
    await town.hears(CHAIRMAN, "Việc chưa có người giữ: 1", "1. Sổ tay · NV · chị Lan · hạn 30/11")
    await town.press(CHAIRMAN, "1")
    await town.hears(CHAIRMAN, "Phòng Nội vụ - LĐTB&XH · chị Lan", "Giao người khác")
    await town.press(CHAIRMAN, "Giao người khác")
    await town.hears(CHAIRMAN, "anh Hùng")
    await town.press(CHAIRMAN, "anh Hùng")
    await town.hears(CHAIRMAN, "do anh Hùng làm")
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "Ngoại lệ: không có")


async def test_who_reminds_a_list_is_not_reminded(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    await book.write(
        book.plan(),
        book.task("UB", "Dũng", date(2021, 11, 22)),
        book.task("NV", "Lan", date(2021, 11, 22)),
    )
    await town.say(CHAIRMAN, "bc")
    await town.press(CHAIRMAN, "Quá hạn 2")
    town.unread(CHAIRMAN)
    await town.press(CHAIRMAN, "Nhắc 1 việc")
    await town.hears(CHAIRMAN, "Đã nhắc 1 việc")
    await town.until("2021-11-25 09:05")
    assert not any("Lãnh đạo nhắc" in heard.text for heard in town.unread(CHAIRMAN))
    assert any("Lãnh đạo nhắc" in heard.text for heard in town.unread("Lan"))


async def test_a_task_moved_out_of_a_month_is_still_spoken_of(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    await book.write(
        book.plan(),
        book.task("NV", "Lan", date(2021, 12, 3), original=date(2021, 11, 30)),
        book.task("NV", "Lan", date(2021, 11, 29)),
    )
    await town.say(CHAIRMAN, "bc")
    await town.hears(CHAIRMAN, "xong 0/1")
    await town.press(CHAIRMAN, "Chi tiết")
    await town.hears(CHAIRMAN, "1 việc hạn gốc trong kỳ đã được gia hạn sang kỳ sau")


async def test_reports_of_standing_rows_are_counted_and_listed(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    due = date(2021, 11, 26)
    await book.write(book.plan(), book.task("NV", "Lan", None, title="Tuyên truyền"))

    def turns(conn: Connection) -> None:
        task = conn.execute(select(tasks.c.id, tasks.c.unit_id)).one()
        days = {"opens_on": date(2021, 11, 22), "due_on": due, "closes_on": date(2021, 12, 22)}
        for code, task_id, state in (("KH3.1", task.id, "open"), ("BP1", None, "answered")):
            row = {
                "kind": "period",
                "row_code": code,
                "task_id": task_id,
                "period": "2021-11",
                "state": state,
            }
            conn.execute(insert(cycles).values(**row, unit_id=task.unit_id, **days))

    await town.database.write(turns)
    await town.say(CHAIRMAN, "bc")
    await town.press(CHAIRMAN, "Mục tiêu")
    await town.hears(CHAIRMAN, "Việc thường xuyên, biện pháp (BP) trong kỳ: đã báo 1/2")
    await town.press(CHAIRMAN, "‹ Tổng hợp")
    await town.press(CHAIRMAN, "Chi tiết")
    await town.press(CHAIRMAN, "Việc thường xuyên 2")
    heard = town.unread(CHAIRMAN)[-1].text
    assert "1. KH3.1 Tuyên truyền · NV · chưa báo, hạn 26/11" in heard
    assert "2. BP1 · NV · đã báo" in heard


async def test_a_matter_unanswered_since_an_earlier_month_stays_in_sight(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    await book.write(
        book.plan(),
        book.case("QLDT", date(2021, 10, 4), date(2021, 10, 11), state="received"),
        book.case("QLDT", date(2021, 10, 4), date(2021, 10, 11), answered=date(2021, 10, 8)),
    )
    await town.say(CHAIRMAN, "bc")
    await town.hears(
        CHAIRMAN, "Phản ánh: không phát sinh; kỳ trước quá hạn chưa trả lời 1", "MT5 phản ánh quá hạn 1"
    )
    await town.press(CHAIRMAN, "Phản ánh")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Chi tiết")
    await town.hears(CHAIRMAN)
    await town.press(CHAIRMAN, "Kỳ trước chưa trả lời 1")
    listed = await town.hears(CHAIRMAN, "Phản ánh kỳ trước quá hạn chưa trả lời: 1", "1. C0001")
    assert "C0001" in listed.choices  # it opens below
    await town.say(CHAIRMAN, "bc tháng 10")
    october = await town.hears(CHAIRMAN, "nhận 2, trả lời 1 (đúng hạn 1), quá hạn chưa trả lời 1")
    assert "kỳ trước" not in october.text


async def test_what_waits_for_its_confirmer_is_not_called_late(town: Town) -> None:
    at(town, "2021-11-26 09:00")
    book = Book(town)
    await book.write(book.task("NV", "Phan Văn Hùng", date(2021, 11, 22), waiting=date(2021, 11, 19)))
    await town.say(CHAIRMAN, "bc")
    await town.press(CHAIRMAN, "Cần quyết định 1")
    await town.press(CHAIRMAN, "1")
    opened = town.unread(CHAIRMAN)[-1].text
    assert "Chờ xác nhận" in opened
    assert "trễ" not in opened, "the delay is the confirmer's"


@pytest.mark.parametrize("leader", [CHAIRMAN, DEPUTY])
async def test_a_day_and_a_week_are_reports_like_any_other(town: Town, leader: str) -> None:
    """Spec row 41: by day, week, month or period, of all or of one unit; each number opens its list."""
    await november(town)  # Thursday 25/11
    await town.say(leader, "bc hôm nay")
    await town.hears(leader, "Ngày 25/11/2021, đến", "Nhiệm vụ: không có việc đến hạn trong kỳ")
    await town.say(leader, "bc tuần này")
    await town.hears(
        leader,
        "Tuần từ 22/11/2021, đến",
        "xong 40/42 (trước hạn 40, đúng hạn 0, quá hạn 0); chưa xong 2 (trong hạn 0, quá hạn 2)",
        "Phản ánh: nhận 3, trả lời 0",
    )
    await town.press(leader, "Chi tiết")
    await town.hears(leader, "Tuần từ 22/11/2021: 42 nhiệm vụ", "Chưa xong, quá hạn 2")
    await town.press(leader, "Chưa xong, quá hạn 2")
    await town.hears(leader, "Chưa xong, quá hạn: 2", "Kiểm đếm bãi rác", "Lịch đối thoại")
    await town.press(leader, "‹ Tổng hợp")
    await town.hears(leader, "Tuần từ 22/11/2021, đến", "xong 40/42")
    await town.say(leader, "bc 24/11/2021 văn phòng")
    await town.hears(leader, "Ngày 24/11/2021 · Văn phòng", "xong 8/8")
    await town.say(leader, "bc ngày 31/2")
    await town.hears(leader, "Chưa rõ kỳ báo cáo", "bc hôm nay, bc tuần này")
    await town.say(leader, "bc kỳ sau nữa")
    await town.hears(leader, 'Chưa rõ "bc kỳ sau nữa"')  # in their own words


@pytest.mark.parametrize("leader", [CHAIRMAN, DEPUTY])
async def test_a_page_of_the_report_is_asked_for_in_words(town: Town, leader: str) -> None:
    await november(town)
    await town.say(leader, "bc quá hạn")
    await town.hears(leader, "Quá hạn chưa xong: 3", "Nạo cống tổ 4", "Nhắc cả 3", "‹ Tổng hợp")
    await town.say(leader, "bc phản ánh tháng 11")
    await town.hears(leader, "Phản ánh tháng 11/2021", "Nhận 23")
    await town.say(leader, "bc quá hạn phòng tài nguyên")
    await town.hears(leader, "Quá hạn chưa xong: 1", "Kiểm đếm bãi rác")
    await town.say(leader, "bc mục tiêu")
    await town.hears(leader, "Mục tiêu chất lượng năm 2021")
    await town.say("Nam", "bc quá hạn")  # a head: of the own unit
    await town.hears("Nam", "Quá hạn chưa xong: 1", "Nạo cống tổ 4")
    await town.say("Nam", "bc mục tiêu")
    await town.hears("Nam", 'Chưa rõ "bc mục tiêu"')


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ("bc phản ánh quá hạn", "Quá hạn chưa trả lời 1: QLDT 1"),
        ("bc cần quyết định", "Cần đồng chí quyết định: 1"),
        ("bc chất lượng", "Chất lượng trả lời tháng 11/2021"),
        ("bc chi tiết 24/11", "Ngày 24/11/2021: 40 nhiệm vụ"),
        ("bc việc thường xuyên", "Báo cáo việc thường xuyên, biện pháp: 0"),
        ("bc xuất tệp", "Xuất số liệu phản ánh tháng 11/2021"),
    ],
)
async def test_every_page_with_a_name_is_asked_for_by_it(town: Town, typed: str, heading: str) -> None:
    await november(town)
    await town.say(CHAIRMAN, typed)
    await town.hears(CHAIRMAN, heading)
    town.quiet()


async def test_on_zalo_a_list_asked_for_in_words_says_each_line_once(town: Town) -> None:
    await november(town)
    await town.say(DEPUTY, "bc quá hạn")
    late = await town.hears(DEPUTY, "Quá hạn chưa xong: 3", "3. Lịch đối thoại", "4. Nhắc cả 3")
    assert late.text.count("Nạo cống tổ 4") == 1


async def test_the_way_back_from_a_task_leads_to_its_page_of_the_list(town: Town) -> None:
    await november(town)
    await town.say(CHAIRMAN, "bc")
    await town.press(CHAIRMAN, "Chi tiết")
    await town.press(CHAIRMAN, "Chưa xong, trong hạn 6")
    await town.press(CHAIRMAN, "Trang sau ›")
    town.unread(CHAIRMAN)
    await town.press(CHAIRMAN, "5")
    await town.hears(CHAIRMAN, "5. Việc T")
    await town.press(CHAIRMAN, "‹ Danh sách")
    await town.hears(CHAIRMAN, "trang 2/2", "5. Việc T")


async def test_a_period_without_matters_says_so_instead_of_shares_of_nothing(town: Town) -> None:
    at(town, "2021-11-25 09:00")
    book = Book(town)
    await book.write(book.case("QLDT", date(2021, 10, 4), date(2021, 10, 11), state="received"))
    await town.say(CHAIRMAN, "bc phản ánh")
    told = await town.hears(CHAIRMAN, "Trong kỳ không phát sinh phản ánh", "Quá hạn chưa trả lời 1: QLDT 1")
    assert "Nhận 0" not in told.text
    await town.press(CHAIRMAN, "Chất lượng")
    quality = await town.hears(CHAIRMAN, "chưa có phản ánh nào đến hạn trả lời")
    assert "0/0" not in quality.text
