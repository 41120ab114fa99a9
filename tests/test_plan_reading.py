"""The signed plan of 2021 is read whole, from text, Word and Excel; a broken file is refused with its row."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import RuleError
from domain.plan import Plan, jobs, real_units
from plans.deadlines import read_deadline
from plans.parties import Parties
from plans.reading import numbers
from tests.plan_files import CALENDAR, SOURCE, TEXT, UNITS, read, write_excel, write_text, write_word

DEPARTMENTS = [unit.code for unit in UNITS if unit.kind == "department"]
COMMUNES = [unit.code for unit in UNITS if unit.kind == "commune"]


def test_the_plan_has_five_objectives_twenty_one_rows_and_three_measures() -> None:
    plan = read()
    assert [one.number for one in plan.objectives] == [1, 2, 3, 4, 5]
    assert [sum(row.objective == n for row in plan.rows) for n in range(1, 6)] == [5, 4, 5, 4, 3]
    assert [row.code for row in plan.measures] == ["BP1", "BP2", "BP3"]
    assert (plan.year, plan.signed_on, plan.draft) == (2021, date(2021, 5, 31), False)


@pytest.mark.parametrize("write", [write_word, write_excel])
def test_word_and_excel_say_the_same_as_the_text(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    plan, text = read(write(tmp_path)), read()
    assert plan.objectives == text.objectives
    assert [(row.code, row.text, row.expected, row.responsible, row.deadline) for row in plan.rows] == [
        (row.code, row.text, row.expected, row.responsible, row.deadline) for row in text.rows
    ]
    assert plan.measures == text.measures
    assert [one.code for one in plan.findings] == [one.code for one in text.findings]


def test_a_text_in_decomposed_letters_and_with_windows_lines_is_the_same_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(b"\xef\xbb\xbf" + unicodedata.normalize("NFD", TEXT).replace("\n", "\r\n").encode())
    assert read(path).rows == read().rows
    assert len(read(path).findings) == 27


def test_a_table_that_a_page_breaks_goes_on_with_its_numbers() -> None:
    rows = {row.code: row for row in read().rows}
    assert rows["KH2.4"].text == "Đánh giá hiệu quả sau tuyên truyền"
    assert rows["KH5.3"].expected == "Các quyết định/biên bản xử lý"


def test_a_row_that_a_page_breaks_is_put_together(tmp_path: Path) -> None:
    broken = write_text(tmp_path, ("danh sách tham dự\n", "danh sách\n\n\t\t\t\ttham dự\n"))
    assert read(broken).rows == read().rows


@pytest.mark.parametrize(
    ("code", "responsible"),
    [
        ("KH1.1", ("UB", *DEPARTMENTS)),
        ("KH1.3", tuple(DEPARTMENTS)),
        ("KH2.2", ("UB", "NV")),
        ("KH2.3", ("NV", *[code for code in DEPARTMENTS if code != "NV"])),
        ("KH3.1", ("VP", *DEPARTMENTS)),
        ("KH3.3", ("ISO", *DEPARTMENTS, "MC")),
        ("KH3.5", ("UB", *COMMUNES)),
        ("KH4.3", ("NV", "UB")),
        ("KH5.1", ("UB", "VP", *DEPARTMENTS)),
        ("KH5.2", ("TN", "UB")),
    ],
)
def test_units_written_together_are_told_apart(code: str, responsible: tuple[str, ...]) -> None:
    row = next(row for row in read().rows if row.code == code)
    assert real_units(row.responsible, UNITS) == responsible


def test_both_readings_of_a_target_are_kept() -> None:
    targets = {
        (one.number, target.measure): (target.commit, target.stretch, target.unit)
        for one in read().objectives
        for target in one.targets
    }
    assert targets == {
        (1, "done_early"): (90, 96, "%"),
        (2, "informed"): (100, None, "%"),
        (3, "procedures_early"): (40, None, "%"),
        (3, "procedures_on_time"): (60, None, "%"),
        (4, "processes"): (5, None, "count"),
        (4, "inspections"): (1, None, "per_month"),
        (5, "dialogues_held"): (100, None, "%"),
        (5, "violations_handled"): (100, None, "%"),
        (5, "cases_overdue"): (0, None, "count"),
    }


def test_known_slips_are_corrected_and_the_original_stays_beside() -> None:
    rows = {row.code: row for row in read().rows}
    assert "Nắm rõ" in rows["KH1.1"].expected
    assert "Năm rõ" in rows["KH1.1"].original["expected"]
    assert rows["KH5.2"].expected == "Sổ tiếp nhận thông tin"
    assert rows["KH5.2"].original["expected"] == "Số tiếp nhận thông tin"
    assert "cổng thông tin" in read().objectives[2].text
    assert "công thông tin" in read().objectives[2].original


def test_every_row_has_the_deadline_it_says() -> None:
    found = {row.code: (row.deadline.kind, row.deadline.due_on) for row in read().rows}
    fixed = {code: due for code, (kind, due) in found.items() if kind == "fixed"}
    assert fixed == {
        "KH1.1": date(2021, 1, 29),
        "KH1.2": date(2021, 1, 29),
        "KH2.1": date(2021, 3, 31),
        "KH2.2": date(2021, 3, 31),
        "KH4.1": date(2021, 5, 31),
        "KH4.2": date(2021, 5, 31),
    }
    kinds = {kind: [code for code, (one, _) in found.items() if one == kind] for kind, _ in found.values()}
    assert kinds["after"] == ["KH1.3", "KH2.4"]
    assert kinds["by_plan"] == ["KH1.4", "KH2.3"]
    assert kinds["on_event"] == ["KH3.4"]
    assert len(kinds["recurring"]) == 10
    assert [row.deadline.after for row in read().rows if row.deadline.after] == ["KH1.2", "KH2.3"]


def test_the_same_plan_for_another_year_is_a_draft_with_its_dates_moved() -> None:
    plan = read(year=2022)
    due = {row.code: row.deadline.due_on for row in plan.rows if row.deadline.due_on}
    assert (plan.year, plan.draft, plan.signed_on) == (2022, True, None)
    assert due["KH1.1"] == date(2022, 1, 28)  # 29–30/01 is a weekend and Monday 31/01 is Tết
    assert due["KH4.1"] == date(2022, 5, 31)
    assert plan.title == "MỤC TIÊU CHẤT LƯỢNG NĂM 2022"
    assert plan.rows[0].deadline.text == "Tháng 01/2022"
    assert plan.rows[0].original["deadline"] == "Tháng 01/2021"


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("Tháng 5", "fixed", date(2021, 5, 31)),
        ("tháng 05 năm 2021", "fixed", date(2021, 5, 31)),
        ("Quý IV/2021", "fixed", date(2021, 12, 31)),
        ("Quý 2", "fixed", date(2021, 6, 30)),
        ("6 tháng đầu năm 2021", "fixed", date(2021, 6, 30)),
        ("Trước ngày 15/6/2021", "fixed", date(2021, 6, 15)),
        ("Chậm nhất 20/06/2021", "fixed", date(2021, 6, 18)),
        ("Trong năm 2021", "fixed", date(2021, 12, 31)),
        ("Hàng quý", "recurring", None),
        ("Quý/lần", "recurring", None),
        ("01 lần/tháng", "recurring", None),
        ("Sau 5 ngày làm việc", "after", None),
        ("Theo kế hoạch riêng", "by_plan", None),
        ("Khi có yêu cầu", "on_event", None),
    ],
)
def test_deadlines_as_offices_write_them(text: str, kind: str, day: date | None) -> None:
    deadline = read_deadline(text, 2021, 0, CALENDAR, "KH1.1")
    assert deadline is not None
    assert (deadline.kind, deadline.due_on) == (kind, day)


@pytest.mark.parametrize("text", ["Tháng 13/2021", "Quý V", "31/02/2021", "sớm", "Tháng 5-6", "…"])
def test_a_deadline_nobody_understands_is_not_guessed(text: str) -> None:
    assert read_deadline(text, 2021, 0, CALENDAR, "") is None


@given(st.integers(2021, 2027), st.integers(1, 12))
def test_a_month_is_due_on_its_last_working_day(year: int, month: int) -> None:
    deadline = read_deadline(f"Tháng {month:02}/{year}", year, 0, CALENDAR, "")
    assert deadline is not None
    assert deadline.due_on is not None
    assert deadline.period_end is not None
    assert (deadline.period_end + timedelta(days=1)).day == 1
    assert deadline.period_end.month == month
    assert CALENDAR.is_working(deadline.due_on)
    after = deadline.due_on + timedelta(days=1)
    while after <= deadline.period_end:
        assert not CALENDAR.is_working(after)
        after += timedelta(days=1)


@given(st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True), st.data())
def test_names_are_told_apart_in_any_order_whatever_stands_between(units: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    cell = ""
    for unit in units:
        name = data.draw(st.sampled_from([unit.name, *unit.aliases]))
        name = data.draw(st.sampled_from([name, name.upper(), name.lower()]))
        cell += name + data.draw(st.sampled_from([" ", ", ", "; ", " và ", " - ", "\n"]))
    assert [party.target for party in Parties(UNITS).split(cell)] == [unit.code for unit in units]


def test_a_slip_of_typing_still_finds_the_unit_and_a_stranger_is_shown() -> None:
    parties = Parties(UNITS).split("Phòng Tư phap; Hội Chữ thập đỏ và Bn chỉ đạo ISO")
    assert [(party.target, party.spelled) for party in parties] == [
        ("TUP", "Phòng Tư phap"),
        ("", "Hội Chữ thập đỏ"),
        ("ISO", "Bn chỉ đạo ISO"),
    ]


def test_every_task_has_one_unit_and_a_leaders_row_is_their_part() -> None:
    found = jobs(read(), UNITS)
    codes = [job.code for job in found]
    assert len(codes) == len(set(codes))
    assert [job.code for job in found if job.row == "KH1.1"] == [
        "2021-KH1.1",
        *(f"2021-KH1.1-{code}" for code in DEPARTMENTS),
    ]
    assert [(job.code, job.unit, job.parent) for job in found if job.row == "KH2.1"] == [
        ("2021-KH2.1-NV", "NV", "")
    ]
    assert [(job.code, job.unit) for job in found if job.row == "KH4.3"] == [
        ("2021-KH4.3", "NV"),
        ("2021-KH4.3-NV", "NV"),
        ("2021-KH4.3-UB", "UB"),
    ]


ROW = next(line for line in TEXT.splitlines() if "quán triệt tư tưởng" in line)
LINE = 1 + TEXT[: TEXT.index(ROW)].count("\n")


@pytest.mark.parametrize(
    ("broken", "reason", "line"),
    [
        (ROW.replace("\tQuý I/2021", ""), "plan_columns", LINE),
        (ROW.replace("Quý I/2021", "lúc nào đó"), "plan_deadline_unknown", LINE),
        (ROW.replace("Phòng Nội vụ - LĐT&XH", ""), "plan_cell_empty", LINE),
        (ROW.replace("1.", "3."), "plan_number_order", LINE),
        (ROW.replace("1.", "a."), "plan_row_number", LINE),
        (ROW.replace("\t", "   "), "plan_stray_row", LINE),
        ("", "plan_number_order", LINE + 1),
    ],
)
def test_a_broken_row_is_refused_with_its_place_and_reason(
    tmp_path: Path, broken: str, reason: str, line: int
) -> None:
    with pytest.raises(RuleError) as refused:
        read(write_text(tmp_path, (ROW, broken)))
    assert (refused.value.key, refused.value.facts["reason"], refused.value.facts["row"]) == (
        "plan_refused",
        reason,
        line,
    )


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("plan.txt", b"", "plan_no_rows"),
        ("plan.txt", b"\xff\xfe\x00", "plan_file_encoding"),
        ("plan.txt", "Xin chào".encode(), "plan_no_rows"),
        ("plan.docx", b"PK\x03\x04 nothing", "plan_file_damaged"),
        ("plan.xlsx", b"", "plan_file_damaged"),
        ("plan.pdf", b"%PDF-1.4", "plan_file_kind"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RuleError) as refused:
        read(path)
    assert refused.value.facts["reason"] == reason


def test_a_word_file_under_an_excel_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(write_word(tmp_path).read_bytes())
    with pytest.raises(RuleError):
        read(path)


def _read_or_reason(path: Path) -> Plan | str:
    try:
        return read(path)
    except RuleError as refused:
        return refused.key


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 400))
def test_whatever_is_cut_out_the_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, at: int, length: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "cut.txt"
    path.write_text(TEXT[:at] + TEXT[at + length :], encoding="utf-8")
    found = _read_or_reason(path)
    assert found == "plan_refused" or all(row.responsible and row.text for row in found.rows)  # type: ignore[union-attr]


@pytest.mark.parametrize("write", [write_word, write_excel])
def test_a_damaged_office_file_is_read_or_refused_in_words(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    path, dice = write(tmp_path), random.Random(7)
    whole = path.read_bytes()
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(3):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path.write_bytes(data[: dice.choice([len(data), dice.randrange(len(data))])])
        found = _read_or_reason(path)
        assert found == "plan_refused" or len(found.rows) == 21  # type: ignore[union-attr]


def test_reading_leaves_the_signatory_out() -> None:
    assert "Thụy" in SOURCE.read_text(encoding="utf-8")
    assert "Thụy" not in repr(read())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("đạt 95,5% hồ sơ", {"number_1": (95.5, "%")}),
        (
            "Phấn đấu 90 % các chỉ tiêu, ít nhất 3 sáng kiến",
            {"done_early": (90, "%"), "number_1": (3, "count")},
        ),
        ("theo Nghị định 61/2018/NĐ-CP ngày 23/4/2018", {}),
        ("02 lần / tháng", {"inspections": (2, "per_month")}),
    ],
)
def test_numbers_are_read_as_offices_write_them(text: str, found: dict[str, tuple[float, str]]) -> None:
    assert numbers(text) == found


SHEET: list[list[Any]] = [
    ["MỤC TIÊU CHẤT LƯỢNG NĂM 2026"],
    ["STT", "Nội dung", "Trách nhiệm", "Thời gian", "Kết quả"],
    ["Mục tiêu 1: Quán triệt 100% cán bộ"],
    [1, "Soạn tài liệu", "Phòng Tư pháp", date(2026, 4, 30), "Tài liệu"],
    [2, "Phát tài liệu", "Văn phòng", "Quý II/2026"],
    ["Mục tiêu 2: Thực hiện 100% các hội nghị đối thoại"],
    [1, "Tổ chức đối thoại", "Văn phòng\nPhòng Tư pháp", "Hàng quý", "Biên bản"],
    ["Người lập biểu", "Chánh Văn phòng"],
]


def test_one_table_for_all_objectives_with_real_dates_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in SHEET[:-1]:
        book.active.append(row)
    book.create_sheet("Ký").append(SHEET[-1])
    book.save(str(tmp_path / "sheet.xlsx"))
    found = {row.code: (row.deadline.due_on, row.responsible) for row in read(tmp_path / "sheet.xlsx").rows}
    assert found == {
        "KH1.1": (date(2026, 4, 29), ("TUP",)),
        "KH1.2": (date(2026, 6, 30), ("VP",)),
        "KH2.1": (None, ("VP", "TUP")),
    }


def test_word_counts_its_own_lists_and_tables_for_signatures_are_no_rows(tmp_path: Path) -> None:
    document = docx.Document()
    head = document.add_table(rows=1, cols=2).rows[0].cells
    head[0].text, head[1].text = "ỦY BAN NHÂN DÂN", "Phước Long, ngày 5 tháng 1 năm 2026"
    document.add_paragraph("MỤC TIÊU CHẤT LƯỢNG NĂM 2026")
    for text in ("Quán triệt 100% cán bộ.", "Thực hiện 100% các hội nghị đối thoại."):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("KẾ HOẠCH THỰC HIỆN")
    document.add_paragraph("1. Mục tiêu 1: Quán triệt 100% cán bộ")
    table = document.add_table(rows=0, cols=5)
    for cells in (SHEET[1], ["", "Soạn tài liệu", "Phòng Tư pháp", "Tháng 4/2026", "Tài liệu"]):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = str(text)
    heading = table.add_row().cells
    heading[0].merge(heading[4]).text = "Mục tiêu 2: Thực hiện 100% các hội nghị đối thoại"
    for cell, text in zip(table.add_row().cells, SHEET[6], strict=True):
        cell.text = str(text)
    document.add_paragraph("")
    sign = document.add_table(rows=1, cols=2).rows[0].cells
    sign[0].text, sign[1].text = "Nơi nhận:", "CHỦ TỊCH"
    document.save(str(tmp_path / "word.docx"))
    plan = read(tmp_path / "word.docx")
    assert [(one.number, one.text) for one in plan.objectives] == [
        (1, "Quán triệt 100% cán bộ."),
        (2, "Thực hiện 100% các hội nghị đối thoại."),
    ]
    assert [(row.code, row.text) for row in plan.rows] == [
        ("KH1.1", "Soạn tài liệu"),
        ("KH2.1", "Tổ chức đối thoại"),
    ]
    assert plan.signed_on == date(2026, 1, 5)
