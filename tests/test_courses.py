"""/baocao, citizens' matters: each figure opens its list, a file says the same, and gaming shows."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import docx
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import Connection, insert, select, update

from db.models import case_extensions, cases, events, identity_openings, units
from domain.cases import DONE
from domain.courses import MARKS, MOST_SPOTS, Course, count_courses, in_spot, is_hasty, marked, spots
from domain.figures import ANSWERED, CaseRow
from tests.citizens import POTHOLE, QUIET, code_in, filed, taken, wait
from tests.talk import Heard, Town

CHAIRMAN = "Dũng"
TODAY = date(2021, 11, 26)
DAYS = st.dates(date(2021, 10, 1), date(2021, 12, 31))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    state = draw(st.sampled_from(["received", "working", "answered", "closed", "reopened", "withdrawn"]))
    received, answered = draw(DAYS), draw(DAYS) if state in ("answered", "closed") else None
    row = CaseRow(
        1, "C1", draw(st.sampled_from(["duong", "rac"])), 1, draw(st.sampled_from(["A", "B"])), "", state,
        received, draw(DAYS), answered, others=draw(st.integers(0, 3)),
    )  # fmt: skip
    return Course(
        row,
        area=draw(st.sampled_from(["", "kp1", "kp2"])),
        rating=draw(st.sampled_from(["", "good", "bad", "partly"])) if answered else "",
        took=draw(st.integers(0, 20)) if answered else None,
        acknowledged=draw(st.booleans()),
        reopened=draw(st.booleans()),
    )


@given(st.lists(courses(), max_size=12))
def test_every_figure_is_the_length_of_its_list(some: list[Course]) -> None:
    figures = count_courses(some, [], TODAY)
    facts = figures.facts()
    assert {mark: facts[mark] for mark in MARKS} == {m: len(marked(some, m, TODAY)) for m in MARKS}
    assert facts["received"] == len(some) == facts["acknowledged"] + facts["unsaid"]  # type: ignore[operator]
    assert facts["rated"] == sum(bool(course.rating) for course in some)
    for groups in (figures.units, figures.kinds):
        assert sum(group.cases.received for group in groups) == len(some)
        assert sum(group.good for group in groups) == facts["good"]
    for spot in figures.spots:
        assert len(in_spot(some, spot.category, spot.area)) == spot.cases
    assert len(figures.spots) == min(MOST_SPOTS, len(spots(some)))
    assert sum(n for _, n in figures.overdue_units) == facts["overdue"]


@given(st.lists(courses(), max_size=12))
def test_confirmed_is_part_of_in_time_and_silence_is_no_praise(some: list[Course]) -> None:
    for course in marked(some, "confirmed", TODAY):
        assert course.row.cell(TODAY) == ANSWERED
        assert course.rating == "good"
    figures = count_courses(some, [], TODAY)
    late = sum(c.row.cell(TODAY) == "unanswered" for c in some)
    assert figures.fallen_due == figures.cases.all_answered + late, "what nobody answered is not in time"


@given(st.lists(courses(), max_size=9))
def test_half_of_the_answers_took_no_longer_than_is_said(some: list[Course]) -> None:
    said = count_courses(some, [], TODAY).median
    took = [course.took or 0 for course in some if course.row.state in DONE]
    assert (said is None) == (not took)
    assert 2 * sum(days <= (said or 0) for days in took) >= len(took)


def test_ten_minutes_are_no_haste_and_a_clock_that_went_back_is_none_either() -> None:
    assert is_hasty(timedelta(minutes=9, seconds=59).total_seconds())
    assert not is_hasty(timedelta(minutes=10).total_seconds())
    assert not is_hasty(-1)


async def month(town: Town) -> dict[str, str]:
    """January 2021 as people made it; the codes of what they sent."""
    await town.until("2021-01-04 08:00")
    await _hush(town)
    one, two, three = (town.stranger(f"Dân {n}", "telegram") for n in range(3))
    codes = {"quick": code_in(await filed(town, one, POTHOLE))}
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    await town.say("Kiều", "Đã cho người ra vá xong ổ gà trước chợ")
    await wait(town)
    await town.press("Kiều", "Không có ảnh")
    await town.say("Kiều", "Máy ảnh hỏng, đã có biên bản nghiệm thu")
    await wait(town)
    await town.press(one, "Chưa ổn")
    await wait(town)
    await _hush(town)
    codes["well"] = code_in(await filed(town, two, QUIET))
    await taken(town, "Yến", "Tài")
    await town.until("2021-01-06 09:00")
    await _hush(town)
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Tổ 3 đã nhắc nhở, chủ quán cam kết tắt loa trước 21 giờ")
    await wait(town)
    await town.press(two, "Ổn")
    await wait(town)
    codes["late"] = code_in(await filed(town, three, "rac do day truoc cong ubnd phuong thac mo"))
    await town.until("2021-01-20 10:00")
    await _hush(town)
    return codes


async def _hush(town: Town) -> None:
    for name in town.people:
        town.unread(name)


async def page(town: Town, *labels: str, who: str = CHAIRMAN) -> Heard:
    """What is heard after these presses, the last of them."""
    for label in labels:
        town.unread(who)
        await town.press(who, label)
    return town.unread(who)[-1]


async def figure(town: Town, label: str) -> Heard:
    """The rows of a figure of the page of quality, which may have more figures than a screen holds."""
    quality = await page(town, "Chất lượng")
    while label not in quality.choices:
        assert len(quality.choices) <= 6
        quality = await page(town, "Số liệu khác ›")
    assert len(quality.choices) <= 6
    return await page(town, label)


async def test_the_page_of_citizens_matters_says_what_a_share_in_time_hides(either_town: Town) -> None:
    town = either_town
    codes = await month(town)
    await town.say(CHAIRMAN, "bc")
    first = await page(town, "Phản ánh")
    for words in (
        "Phản ánh tháng 01/2021",
        "Nhận 3 (đã báo nhận 3) · trả lời 1",
        "Đúng hạn 1/3 (33,3 %), trong đó dân xác nhận ổn 1",
        "Quá hạn chưa trả lời 2: ",
        "Một nửa được trả lời trong 2 ngày làm việc",
        "Dân đánh giá 2: ổn 1 (50 %) · phải mở lại 1 (50 %)",
    ):
        assert words in first.text, first.text
    assert len(first.text.split()) <= 90
    assert len(first.choices) <= 6
    quality = await page(town, "Chất lượng")
    assert "1 không có ảnh kết quả, 1 trả lời chưa đầy 10 phút" in quality.text
    for label, key in (("Đúng hạn và ổn 1", "well"), ("Chưa ổn 1", "quick"), ("Phải mở lại 1", "quick"),
                       ("Không ảnh 1", "quick"), ("Dưới 10 phút 1", "quick")):  # fmt: skip
        await page(town, "‹ Phản ánh")
        listed = await figure(town, label)
        assert codes[key] in listed.text
        assert listed.text.splitlines()[0].split(" · ")[0].endswith(": 1")
        assert sum(code in listed.text for code in codes.values()) == 1
        await page(town, "‹ Quay lại")


def _numbers(rows: list[list[Any]]) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in rows if row[0]}


async def test_a_file_opened_again_says_the_same_figures(town: Town) -> None:
    codes = await month(town)
    await town.say(CHAIRMAN, "bc")
    files: dict[str, bytes] = {}
    await page(town, "Phản ánh")
    for form in ("Word", "Excel", "PDF"):
        await page(town, "Xuất tệp")
        why = await page(town, form)
        assert f"Tệp {form} dùng để làm gì?" in why.text
        files[form] = (await page(town, "Kiểm tra, giám sát")).uploads[0][2]
        await page(town, "‹ Phản ánh")
    book = load_workbook(io.BytesIO(files["Excel"]))
    sheets = {s.title: [list(line) for line in s.iter_rows(values_only=True)] for s in book}
    figures = _numbers(sheets["Số liệu"])
    told = {
        "Tiếp nhận trong kỳ": "3",
        "Đã cấp mã, báo nhận cho người gửi": "3",
        "Đã trả lời": "1",
        "Đúng hạn và dân xác nhận ổn": "1",
        "Quá hạn chưa trả lời, nhận trong kỳ": "2",
        "Số ngày làm việc để trả lời (trung vị)": "2",
        "Phải mở lại": "1",
        "Trả lời không có ảnh kết quả": "1",
        "Trả lời chưa đầy 10 phút": "1",
    }
    assert {key: figures[key] for key in told} == told
    assert sum(int(str(line[1])) for line in sheets["Đơn vị"][1:]) == 3
    assert sum(int(str(line[1])) for line in sheets["Lĩnh vực"][1:]) == 3
    assert {line[0] for line in sheets["Danh sách"][1:]} == set(codes.values())
    assert {line[7] for line in sheets["Danh sách"][1:]} == {"Trả lời đúng hạn", "Quá hạn chưa trả lời"}
    document = docx.Document(io.BytesIO(files["Word"]))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert _numbers(tables[0]) == figures, "Word and Excel say the same"
    pages = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(files["PDF"])).pages).split())
    for key, n in told.items():
        assert f"{key} {n}" in pages
    for data in ("o ga truoc", "Dân 0", "moi dem o to 3"):
        assert not any(data in str(cell) for sheet in sheets.values() for line in sheet for cell in line)
        assert data not in pages

    await page(town, "‹ Tổng hợp")
    draft = docx.Document(io.BytesIO((await page(town, "Bản Word")).uploads[0][2]))
    said = " ".join(paragraph.text for paragraph in draft.paragraphs)
    assert "báo nhận 3/3" in said
    assert "Đúng hạn 1/3 (33,3 %), trong đó công dân xác nhận ổn 1" in said
    assert "phải mở lại 1; không có ảnh kết quả 1" in said
    assert "Bộ phận tiếp nhận thông tin 1." in said, "no short codes"

    def exported(conn: Connection) -> list[Any]:
        query = select(events.c.fields, events.c.actor_id).where(events.c.subject == "summary")
        return [(row.fields["form"], row.fields["why"], row.actor_id) for row in conn.execute(query)]

    who = town.ids["Trần Quốc Dũng"]
    assert await town.database.read(exported) == [(f, "check", who) for f in ("docx", "xlsx", "pdf")]


async def test_where_files_cannot_go_the_figures_go_as_a_picture(town: Town) -> None:
    await month(town)
    leader = "Lê Thị Minh Châu"  # on Zalo
    await town.say(leader, "bc")
    await page(town, "Phản ánh", who=leader)
    asked = await page(town, "Xuất tệp", who=leader)
    assert "Ảnh số liệu dùng để làm gì?" in asked.text  # no choice of files that cannot come
    town.unread(leader)
    await town.press(leader, "In, lưu sổ")
    said, sent = town.unread(leader)
    assert "Đang lập ảnh số liệu tháng 01/2021" in said.text
    assert "Cần tệp, xin lấy trên Telegram" in sent.text
    [(kind, _, data)] = sent.uploads
    assert kind == "photo"
    assert data.startswith(b"\x89PNG")


async def test_what_is_about_a_unit_is_in_no_figure_list_or_file_of_its_head(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    secret = code_in(await filed(town, town.stranger("Dân", "telegram"), "rac do day truoc cong cho"))
    open_one = code_in(await filed(town, town.stranger("Hai", "telegram"), "rac khong gom o to 3"))
    await _hush(town)

    def about(conn: Connection) -> None:
        unit = conn.execute(select(units.c.id).where(units.c.code == "TNMT")).scalar_one()
        conn.execute(update(cases).where(cases.c.code == secret).values(about_unit_id=unit))

    await town.database.write(about)
    head = "Ngọc"
    await town.say(head, "bc")
    told = await page(town, "Phản ánh", who=head)
    assert "Nhận 1 (" in told.text
    for label in ("Xuất tệp", "Excel"):
        await page(town, label, who=head)
    [(_, name, data)] = (await page(town, "Họp, điều hành", who=head)).uploads
    assert name == "phan-anh-TNMT-2021-01.xlsx", "told apart from that of the committee"
    book = load_workbook(io.BytesIO(data))
    cells = {str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line}
    assert open_one in cells
    assert secret not in cells
    await town.say(CHAIRMAN, "bc")
    assert "Nhận 2 (" in (await page(town, "Phản ánh")).text


def _fill(conn: Connection, town: Town) -> None:
    """A trouble that came back, one put off, four people at one place, an identity opened."""
    unit = conn.execute(select(units.c.id).where(units.c.code == "QLDT")).scalar_one()
    at = town.clock.now()
    known: dict[str, Any] = {
        "pin_hash": "", "track": "phan_anh", "state": "working", "category": "duong", "words": "ổ gà",
        "area": "LT", "unit_id": unit, "due_on": date(2021, 1, 29), "rating": "",
    }  # fmt: skip
    before = {"state": "answered", "answered_at": at - timedelta(days=10), "rating": "partly"}
    lines: tuple[dict[str, Any], ...] = (
        {"received_at": at - timedelta(days=12), **before},
        {"received_at": at, "again_of": 1},
        {"received_at": at, "again_of": 1, "area": ""},
        {"received_at": at, "joined_to": 2, "state": "joined"},
        {"received_at": at, "privacy": "sealed", "area": ""},
    )
    for number, more in enumerate(lines):
        conn.execute(insert(cases).values(code=f"C{number:04}", **{**known, **more}))
    who = town.ids["Trương Văn Nam"]
    conn.execute(
        insert(case_extensions).values(
            case_id=3, person_id=who, at=at, from_day=date(2021, 1, 15), to_day=date(2021, 1, 29),
            reason="chờ vật tư", state="granted",
        )
    )  # fmt: skip
    conn.execute(
        insert(identity_openings).values(
            case_id=5, custodian_id=who, reason="đối chất", asked_at=at, state="opened",
            approver_id=town.ids["Trần Quốc Dũng"], opened_at=at,
        )
    )  # fmt: skip


async def test_openings_and_unsent_messages_are_counted_and_open_their_lists(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-20 10:00")
    await town.database.write(_fill, town)
    await _hush(town)
    await town.say(CHAIRMAN, "bc")
    told = await page(town, "Phản ánh")
    assert "Nhiều nhất: phường Long Thủy (đường, vỉa hè, cầu cống) 3 người" in told.text
    assert "Mở danh tính 1 · tin không đến 0" in told.text
    assert "đã báo nhận 0" in told.text, "no register number, no message sent"
    quality = await page(town, "Chất lượng")
    assert "1 đã lùi hẹn, 2 tái diễn trong 30 ngày" in quality.text
    for label, codes in (
        ("Lùi hẹn 1", {"C0002"}),
        ("Tái diễn ≤ 30 ngày 2", {"C0001", "C0002"}),
        ("Mới được một phần 1", {"C0000"}),
        ("Chưa báo nhận được 4", {"C0000", "C0001", "C0002", "C0004"}),
    ):
        await page(town, "‹ Phản ánh")
        listed = (await figure(town, label)).text
        assert {f"C{n:04}" for n in range(5) if f"C{n:04}" in listed} == codes
        await page(town, "‹ Quay lại")
    await page(town, "‹ Phản ánh")
    opened = await figure(town, "Mở danh tính 1")
    assert "C0004" in opened.text
    assert "Trương Văn Nam xem, Trần Quốc Dũng cho phép" in opened.text
    await page(town, "‹ Phản ánh")
    places = await page(town, "Nơi nhiều phản ánh")
    assert "phường Long Thủy (đường, vỉa hè, cầu cống): 3 người, 2 việc" in places.text
    there = await page(town, "1")
    assert "C0000" in there.text
    assert "C0001" in there.text
    head = "Nam"
    await town.say(head, "bc")
    told = await page(town, "Phản ánh", who=head)
    assert "Mở danh tính" not in told.text, "for leaders alone"
    await town._turn(head, pressed="bc:2021-01:names")
    assert "C0004" not in town.unread(head)[-1].text
