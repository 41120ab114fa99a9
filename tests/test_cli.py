"""The command line, as a person in an office types it."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from bot.cli.root import COMMANDS, congvu
from bot.config import PREFIX, Settings
from db import migrate
from tests.conftest import new_postgres
from tests.platform import Platform, standing_in
from tests.test_telegram_edge import TOKEN
from tests.test_web import prepared, settings_in

ROSTER = """Họ và tên;Xưng hô;Đơn vị;Vai trò;Chức vụ
Trần Quốc Dũng;đồng chí;UBND thị xã;lãnh đạo;Chủ tịch
Phạm Thị Lan;chị;Phòng Nội vụ;trưởng đơn vị;Trưởng phòng
Hứa Văn Tâm;anh;TM;cán bộ;
"""


class Office:
    """A folder with settings in a .env, where commands are typed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = settings_in(folder)
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}

    def set(self, **values: str) -> None:
        """Adds settings."""
        with (self.folder / ".env").open("a", encoding="utf-8") as file:
            file.writelines(f"{PREFIX}{name.upper()}={value}\n" for name, value in values.items())

    def types(self, *words: str, answer: str = "") -> Result:
        """Runs a command in this process."""
        return CliRunner().invoke(congvu, list(words), input=answer)

    def process(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a command as a process of its own, as the console script does."""
        code = "from bot.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=self.folder,
            env={**self.env, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    office = Office(tmp_path)
    office.set(
        database_url=office.settings.database_url,
        files_dir=str(office.settings.files_dir),
        stamp_key_file=str(office.settings.stamp_key_file),
        backup_dir=str(office.settings.backup_dir),
    )
    return office


@pytest.fixture
def staffed(office: Office) -> Office:
    """An office with a database and a roster of three."""
    asyncio.run(prepared(office.settings))
    (office.folder / "ds.csv").write_text(ROSTER, encoding="utf-8-sig")
    assert office.types("people", "import", "ds.csv", "--yes").exit_code == 0
    return office


def test_the_help_is_vietnamese_and_names_every_command(office: Office) -> None:
    shown = office.process("--help")
    assert shown.returncode == 0
    assert [line.split()[0] for line in shown.stdout.split("Lệnh:\n")[1].splitlines()] == list(COMMANDS)
    assert re.search(r"Usage|Options|Commands|Show|Error", shown.stdout) is None
    assert "Cách dùng: congvu [TUỲ CHỌN] LỆNH" in shown.stdout


@pytest.mark.parametrize(
    "words",
    [[name] for name in COMMANDS] + [["people", name] for name in ("list", "add", "end", "import", "invite")],
)
def test_each_command_has_complete_vietnamese_help(office: Office, words: list[str]) -> None:
    shown = office.types(*words, "--help")
    assert shown.exit_code == 0
    options = re.findall(r"^  (-\S.*)$", shown.output, re.MULTILINE)
    assert options
    for line in options:
        assert len(re.split(r"\s{2,}", line.strip())) > 1 or line.strip().startswith("--"), line
    assert re.search(r"\b(TEXT|INTEGER|PATH|DIRECTORY|FILE)\b", shown.output) is None


def test_mistakes_are_said_in_vietnamese(office: Office) -> None:
    assert "Lỗi: Không có lệnh 'chay'." in office.process("chay").stderr
    assert "Lỗi: Thiếu tham số 'TỆP'." in office.process("people", "import").stderr
    assert "không phải là thời điểm" in office.process("demo", "--at", "hôm qua").stderr


def test_a_service_without_a_token_does_not_start(office: Office) -> None:
    refused = office.process("run")
    assert refused.returncode == 1
    assert "CONGVU_TELEGRAM_TOKEN" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_roster_is_shown_and_then_written(office: Office) -> None:
    asyncio.run(prepared(office.settings))
    (office.folder / "ds.csv").write_text(ROSTER, encoding="utf-8-sig")
    asked = office.types("people", "import", "ds.csv", answer="n\n")
    assert "2. Phạm Thị Lan · NV · trưởng đơn vị · Trưởng phòng" in asked.output
    assert "3 dòng, 3 người mới." in asked.output
    assert office.types("people", "list").output == "Chưa có ai trong danh sách.\n"
    assert "Đã ghi 3 dòng." in office.types("people", "import", "ds.csv", answer="y\n").output
    again = office.types("people", "import", "ds.csv", "--yes")
    assert "3 dòng, 0 người mới." in again.output
    assert len(office.types("people", "list").output.splitlines()) == 3


def test_the_same_roster_is_read_from_excel(office: Office) -> None:
    asyncio.run(prepared(office.settings))
    book = Workbook()
    for line in ROSTER.splitlines():
        book.active.append(line.split(";"))  # type: ignore[union-attr]
    book.save(office.folder / "ds.xlsx")
    assert "Đã ghi 3 dòng." in office.types("people", "import", "ds.xlsx", "--yes").output
    assert "Hứa Văn Tâm · UBND phường Thác Mơ · cán bộ · chưa vào" in office.types("people", "list").output


def test_a_roster_with_mistakes_is_refused_row_by_row_and_nothing_is_written(office: Office) -> None:
    asyncio.run(prepared(office.settings))
    wrong = ROSTER + "Ai đó;ngài;Phòng Lạ;vua;\n;anh;NV;cán bộ;\nPhạm Thị Lan;chị;NV;head;Trưởng phòng\n"
    (office.folder / "ds.csv").write_text(wrong, encoding="utf-8")
    refused = office.types("people", "import", "ds.csv", "--yes")
    assert refused.exit_code == 1
    for problem in (
        "3 dòng sai",
        "Dòng 5: không có đơn vị này: Phòng Lạ",
        "Dòng 5: không có vai trò này: vua",
        "Dòng 5: xưng hô phải là anh, chị hoặc đồng chí: ngài",
        "Dòng 6: thiếu họ và tên",
        "Dòng 7: trùng với dòng trên: Phạm Thị Lan",
    ):
        assert problem in refused.output
    assert office.types("people", "list").output == "Chưa có ai trong danh sách.\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ds.csv", "Tên,Đơn vị\nA,NV\n".encode(), "thiếu cột Họ và tên"),
        ("ds.csv", b"", "Tệp không có người nào"),
        ("ds.csv", b"\xff\xfe\x00", "Không đọc được ds.csv"),
        ("ds.xlsx", b"not a workbook", "Không đọc được ds.xlsx"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(office: Office, name: str, content: bytes, said: str) -> None:
    (office.folder / name).write_bytes(content)
    refused = office.types("people", "import", name)
    assert refused.exit_code == 1
    assert said in refused.output


def test_a_person_is_added_and_ends(staffed: Office) -> None:
    added = staffed.types("people", "add", "--name", "Lê Văn Hùng", "--address", "anh", "--unit", "nv")
    number = re.search(r"số (\d+)", added.output)
    assert number is not None
    assert "Lê Văn Hùng" in staffed.types("people", "list", "--unit", "NV").output
    ended = staffed.types("people", "end", number[1], "--on", "01/02/2020")
    assert "ngày cuối" in ended.output
    assert "Lê Văn Hùng" not in staffed.types("people", "list").output
    assert "Không có người nào số 999" in staffed.types("people", "end", "999").output


def test_invitations_are_printed_once_and_on_a_sheet(staffed: Office) -> None:
    made = staffed.types("people", "invite", "--all", "--sheet", "thu-moi.html")
    codes = re.findall(r"mã ([2-9A-HJ-NP-Z]{8})", made.output)
    assert len(set(codes)) == 3
    sheet = (staffed.folder / "thu-moi.html").read_text(encoding="utf-8")
    assert all(f"VAO {code}" in sheet for code in codes)
    assert "<svg" not in sheet  # the bot's name is not known without a token
    with closing(sqlite3.connect(staffed.folder / "congvu.db")) as database:
        dump = "\n".join(database.iterdump())
    assert not any(code in dump for code in codes)
    assert "Xin cho biết số" in staffed.types("people", "invite").output


async def test_the_sheet_holds_the_bots_link_where_its_name_is_known(
    office: Office,
) -> None:
    await prepared(office.settings)
    async with standing_in(Platform()) as platform:
        office.set(telegram_token=TOKEN, telegram_api_url=platform.address)
        await asyncio.to_thread(
            office.types, "people", "add", "--name", "Hứa Văn Tâm", "--address", "anh", "--unit", "TM"
        )
        await asyncio.to_thread(office.types, "people", "invite", "--all", "--sheet", "a.html")
    sheet = (office.folder / "a.html").read_text(encoding="utf-8")
    assert sheet.count("<svg") == 1
    assert "quét mã" in sheet


def test_migrate_brings_units_and_days_off_and_may_run_again(office: Office) -> None:
    asyncio.run(prepared(office.settings))
    for _ in range(2):
        assert re.search(r"21 đơn vị, lịch có năm \d{4}–\d{4}", office.types("migrate").output)


def test_a_backup_is_whole_and_only_the_newest_are_kept(staffed: Office) -> None:
    staffed.set(backup_keep="2")
    folder = staffed.settings.backup_dir
    file = staffed.settings.files_dir / "ab" / ("ab" * 32)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"picture")
    for name in ("congvu-20200101-020000.db", "congvu-20200102-020000.db"):
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"")
    assert "thêm 1 tệp), bản sao nguyên vẹn." in staffed.types("backup").output
    kept = sorted(path.name for path in folder.glob("*.db"))
    assert len(kept) == 2
    assert kept[0] == "congvu-20200102-020000.db"
    with closing(sqlite3.connect(folder / kept[1])) as copy:
        assert copy.execute("SELECT count(*) FROM people").fetchone() == (3,)
    assert (folder / "files" / "ab" / file.name).read_bytes() == b"picture"


def test_a_backup_goes_to_a_folder_beside_as_the_defaults_say(
    staffed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(staffed.folder)
    staffed.set(backup_dir="congvu-data/backups")
    assert "bản sao nguyên vẹn." in staffed.types("backup").output
    assert len(list((staffed.folder / "congvu-data" / "backups").glob("congvu-*.db"))) == 1


def test_a_choice_that_is_missing_is_asked_for_in_our_language() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import bot.cli; bot.cli.main()", "register"], capture_output=True, check=False
    )
    assert "Chọn một trong:" in told.stderr.decode()
    assert b"Choose" not in told.stderr


def test_a_backup_of_nothing_or_of_postgresql_says_what_to_do(office: Office) -> None:
    assert "congvu migrate" in office.types("backup").output
    office.set(database_url="postgresql://a:b@127.0.0.1/c")
    assert "pg_dump" in office.types("backup").output


def test_a_backup_that_fails_says_why_in_a_sentence_and_leaves_nothing_behind(office: Office) -> None:
    (office.folder / "broken.db").write_bytes(b"no database" * 500)
    office.set(database_url=f"sqlite:///{office.folder / 'broken.db'}")
    failed = office.types("backup")
    assert "Không sao lưu được (file is not a database)" in failed.output
    assert failed.exit_code == 1
    assert not list(office.settings.backup_dir.iterdir())


def test_the_doctor_finds_what_is_wrong(staffed: Office) -> None:
    staffed.set(zalo_token="7:hush-zalo-token")
    found = staffed.types("doctor")
    assert found.exit_code == 1
    assert "hush" not in found.output
    assert "CONGVU_ZALO_TOKEN = **********" in found.output
    assert "✗ 3 cán bộ chưa liên lạc được" in found.output
    assert "✗ Chưa có bản sao lưu" in found.output
    staffed.types("backup")
    assert "✓ Sao lưu gần nhất: congvu-" in staffed.types("doctor").output
    assert "✓ Nhật ký nguyên vẹn" in found.output
    with closing(sqlite3.connect(staffed.folder / "congvu.db")) as database, database:
        database.execute("UPDATE events SET seal = 7 WHERE id = 1")
    assert "✗ Nhật ký: có dòng ghi vào khối 7 không tồn tại" in staffed.types("doctor").output


async def test_the_doctor_tries_the_platform_itself(office: Office) -> None:
    await prepared(office.settings)
    async with standing_in(Platform()) as platform:
        office.set(telegram_token=TOKEN, telegram_api_url=platform.address)
        told = await asyncio.to_thread(office.types, "doctor", "--live")
        assert "✗ telegram: cần --chat" in told.output
        tried = await asyncio.to_thread(office.types, "doctor", "--live", "--chat", "1001")
    assert "✓ Telegram: token đúng, bot tên congvu_bot" in tried.output
    assert "✓ Telegram: sửa tin tại chỗ" in tried.output
    # The stand-in takes everything, which the real platform does not: the doctor must notice.
    assert "✗ Telegram: nút có mã dài 65 byte bị từ chối: KHÔNG" in tried.output
    assert "✗ Telegram: lần bấm quá cũ được báo rõ ràng: KHÔNG" in tried.output
    assert "✓ Telegram: gỡ tin đã gửi" in tried.output
    assert "Telegram, cần một người thử: bấm nút" in tried.output


@pytest.mark.parametrize("public", ["https://bot.example.vn", ""])
async def test_the_doctor_shows_zalo_a_picture_where_there_is_a_public_address(
    office: Office, public: str
) -> None:
    await prepared(office.settings)
    async with standing_in(Platform(results={"sendPhoto": {"message_id": "p1"}})) as platform:
        office.set(zalo_token="7:hush-zalo-token", zalo_api_url=platform.address, public_url=public)
        tried = await asyncio.to_thread(office.types, "doctor", "--live", "--zalo-chat", "c1")
    assert ("✓ Zalo: lấy được ảnh" in tried.output) == bool(public)
    assert [call["photo"].startswith(f"{public}/f/") for call in platform.of("sendPhoto")] == [True] * bool(
        public
    )
    assert "Zalo, cần một người thử" in tried.output


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_the_tables_and_the_migrations_say_the_same(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    if engine == "postgresql":
        url = await new_postgres(request.getfixturevalue("postgres_folder"))
    await migrate.upgrade(url)
    assert await migrate.current(url) == migrate.head()
    assert await migrate.differences(url) == []


def test_one_person_is_refused_in_a_sentence_that_names_the_units(office: Office) -> None:
    asyncio.run(prepared(office.settings))
    person = ("people", "add", "--name", "Lê Văn A", "--address", "anh", "--role", "head", "--unit")
    refused = office.types(*person, "phòng lạ")
    assert refused.exit_code == 1
    assert "Không có đơn vị này: phòng lạ" in refused.output
    assert "NV Phòng Nội vụ - LĐTB&XH" in refused.output
    assert "Dòng" not in refused.output, "nobody gave a file"
    assert "phòng" in office.types(*person, "phòng").output, "more than one unit is none"
    assert office.types(*person, "noi vu").exit_code == 0
    listed = office.types("people", "list", "--unit", "Nội vụ").output
    assert "Lê Văn A · Phòng Nội vụ - LĐTB&XH" in listed
    assert "Không có đơn vị này: ZZ" in office.types("people", "list", "--unit", "ZZ").output


def test_a_sheet_that_cannot_be_written_leaves_no_codes_behind(staffed: Office) -> None:
    refused = staffed.types("people", "invite", "--all", "--sheet", str(staffed.folder / "no" / "to.html"))
    assert refused.exit_code == 1
    assert "Không đọc hoặc không ghi được" in refused.output
    assert "mã" not in refused.output
    with closing(sqlite3.connect(staffed.folder / "congvu.db")) as database:
        assert database.execute("SELECT count(*) FROM invitations").fetchone() == (0,)


@pytest.mark.parametrize("command", [["people", "list"], ["doctor"], ["migrate"]])
def test_a_database_that_is_none_is_said_in_one_sentence(staffed: Office, command: list[str]) -> None:
    (staffed.folder / "congvu.db").write_bytes(b"no database at all, " * 400)
    for side in ("congvu.db-wal", "congvu.db-shm"):
        (staffed.folder / side).unlink(missing_ok=True)
    refused = staffed.process(*command)
    assert refused.returncode == 1
    assert "Không dùng được cơ sở dữ liệu" in refused.stderr
    assert "Traceback" not in refused.stderr
