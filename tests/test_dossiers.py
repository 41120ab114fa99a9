"""One-stop dossiers: imported whole or not at all, looked up by the number on the receipt."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import Connection

from bot.cli.root import congvu
from db import dossiers
from db.models import dossiers as table
from domain.dossiers import Dossier, number_in
from tests.citizens import CHANNELS, wait
from tests.talk import Town

NUMBER = "000.00.12.H10-210104-0001"
HEAD = ["Mã hồ sơ", "Họ và tên", "Điện thoại", "Tên thủ tục", "Trạng thái", "Hẹn trả", "Ngày trả", "Đơn vị"]
ROW = [
    NUMBER,
    "Nguyễn Văn A",
    "0909123456",
    "Cấp giấy phép xây dựng",
    "Đang xử lý",
    "15/01/2021",
    "",
    "Quản lý đô thị",
]
LATE = Dossier(NUMBER, "Cấp giấy phép xây dựng", "working", date(2020, 12, 28), None, "Phòng Quản lý đô thị")


def imported(path: Path, *options: str, said: str = "") -> Result:
    return CliRunner().invoke(congvu, ["dossiers", "import", str(path), *options], input=said)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty, migrated database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONGVU_DATABASE_URL", f"sqlite:///{tmp_path / 'congvu.db'}")
    assert CliRunner().invoke(congvu, ["migrate"]).exit_code == 0
    return tmp_path


def csv_file(folder: Path, *rows: list[str]) -> Path:
    path = folder / "ho-so.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    return path


def test_a_file_is_shown_then_written_and_again_changes_nothing(machine: Path) -> None:
    path = csv_file(machine, HEAD, ROW, ["000.00.12.H10-210104-0002", *ROW[1:]])
    nothing = imported(path, said="n\n")
    assert "2 hồ sơ" in nothing.output
    assert "Không lưu các cột: Họ và tên, Điện thoại" in nothing.output
    assert "Nguyễn Văn A" not in nothing.output
    assert "Không ghi gì" in nothing.output
    assert "2 mới, 0 thay đổi, 0 như cũ" in imported(path, "--yes").output
    assert "0 mới, 0 thay đổi, 2 như cũ" in imported(path, "--yes").output
    path = csv_file(machine, HEAD, [*ROW[:4], "Đã trả kết quả", "15/01/2021", "14/01/2021", ROW[7]])
    assert "0 mới, 1 thay đổi, 0 như cũ" in imported(path, "--yes").output


def test_an_excel_file_is_read_with_its_dates(machine: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append([*ROW[:5], date(2021, 1, 15), None, ROW[7]])
    book.save(machine / "ho-so.xlsx")
    done = imported(machine / "ho-so.xlsx", "--yes")
    assert "1 mới" in done.output, done.output


def test_a_broken_file_writes_nothing_and_names_each_row(machine: Path) -> None:
    bad = [
        ["", *ROW[1:]],
        ["12345", *ROW[1:]],
        [*ROW[:4], "Hết rồi", *ROW[5:]],
        [*ROW[:5], "31/02/2021", "", ROW[7]],
        [*ROW[:3], "", *ROW[4:]],
        ROW,
        ROW,
    ]
    done = imported(csv_file(machine, HEAD, *bad), "--yes")
    assert done.exit_code == 1
    for words in (
        "6 dòng sai nên chưa ghi gì",
        "Dòng 2: thiếu mã",
        "Dòng 3: mã hồ sơ không đúng dạng",
        "Dòng 4: không hiểu trạng thái",
        "Dòng 5: ngày không đúng",
        "Dòng 6: thiếu tên thủ tục",
        "Dòng 8: mã hồ sơ đã có",
    ):
        assert words in done.output
    assert "1 mới" in imported(csv_file(machine, HEAD, ROW), "--yes").output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEAD], "không có hồ sơ nào"),
        ([["a", "b"], ["1", "2"]], "thiếu cột: Mã hồ sơ, Thủ tục, Trạng thái, Đơn vị"),
    ],
)
def test_a_file_without_what_is_needed_is_refused(machine: Path, rows: list[list[str]], said: str) -> None:
    done = imported(csv_file(machine, *rows), "--yes")
    assert done.exit_code == 1
    assert said in done.output


def test_no_column_could_hold_a_person() -> None:
    columns = {"number", "procedure", "state", "due_on", "returned_on", "unit", "seen_on"}
    assert set(table.c.keys()) == columns


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (NUMBER, NUMBER),
        ("ho so 000.00.12.h10-210104-0001 toi dau roi", NUMBER),
        ("H10.34 210105 0012", "H10.34-210105-0012"),
        ("H10–210105–0012", "H10-210105-0012"),
        ("0909 123456 789", ""),
        ("so 5 ngay 210105", ""),
        ("7K4M2 123456", ""),
        ("", ""),
    ],
)
def test_a_number_is_found_as_people_type_it(typed: str, number: str) -> None:
    assert number_in(typed) == number


@given(st.text(max_size=60))
def test_what_is_found_is_found_again(text: str) -> None:
    number = number_in(text)
    assert number_in(number) == number


@given(st.text(alphabet="0123456789ABH. -", max_size=40))
def test_numbers_are_printed_one_way(text: str) -> None:
    number = number_in(text)
    assert not number or number_in(number.lower().replace("-", " ")) == number


def put(conn: Connection) -> None:
    other = Dossier("000.00.12.H10-210104-0002", "Đăng ký hộ kinh doanh", "ready", None, None, "Tài chính")
    assert dossiers.put(conn, [LATE, other], date(2021, 1, 4)) == (2, 0, 0)
    assert dossiers.put(conn, [LATE], date(2021, 1, 5)) == (0, 0, 1)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_dossier_is_looked_up_and_unknown_numbers_sound_alike(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, f"hồ sơ {NUMBER} tới đâu rồi ad")
    await town.hears(citizen, "chưa có số liệu hồ sơ", "dichvucong.gov.vn", "Hỏi cán bộ")
    await town.database.write(put)
    await town.say(citizen, f"hồ sơ {NUMBER} tới đâu rồi ad")
    await town.hears(
        citizen,
        NUMBER,
        "Cấp giấy phép xây dựng",
        "Đang giải quyết, hẹn trả 28/12/2020",
        "quá hẹn 4 ngày làm việc",
        "Số liệu đến ngày 05/01/2021",
    )
    await town.say(citizen, f"/tracuu {NUMBER[:-1]}2")
    await town.hears(citizen, "Đã có kết quả")
    unknown = []
    for number in ("000.00.12.H10-210104-9999", "H99-200101-0001"):
        await town.say(citizen, number)
        unknown.append((await town.hears(citizen, "Chưa thấy hồ sơ này")).text)
    assert unknown[0] == unknown[1]


async def test_nobody_reads_through_the_numbers(either_town: Town) -> None:
    town = either_town
    await town.database.write(put)
    citizen = town.stranger("Dân", "zalo")
    for number in range(20):
        await town.say(citizen, f"000.00.12.H10-210104-{number:04}")
        town.unread(citizen)
    await town.say(citizen, NUMBER)
    await town.hears(citizen, "đã tra nhiều hồ sơ")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_from_a_late_dossier_to_an_official_with_the_number(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    await town.database.write(put)
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, NUMBER)
    town.unread(citizen)
    await town.press(citizen, "Hỏi cán bộ")
    await wait(town)
    await town.hears(citizen, f"Câu hỏi: {NUMBER}", "Đồng ý và gửi")
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận", "Bộ phận một cửa")


async def test_a_complaint_with_a_number_is_a_matter(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, f"hồ sơ {NUMBER} nộp 2 tháng rồi mà chưa có kết quả, cán bộ hành dân")
    await wait(town)
    await town.hears(citizen, NUMBER, "Đồng ý và gửi")
