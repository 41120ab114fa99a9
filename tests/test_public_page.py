"""``congvu public``: a page of what was approved, without anybody in it, that gives way to doubts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from bot.cli.root import congvu
from bot.committee import committee_folder
from db import migrate
from tests.citizens import GREEN, code_in, filed, taken, wait
from tests.talk import Town

WORDS = (
    "Tôi tên Nguyễn Văn Mít, CCCD 070 123 456 789, đèn đường hỏng trước số nhà 45, hẻm 12/3A gần chợ, "
    "xe 93P1-123.45 và 93A-123.45 đậu chắn, gọi 0912 345 678 hoặc +84.987.654.321, "
    "chuyển tiền vào 1234 5678 90123, thư mit@gmail.com, zalo.me/0912345678"
)
ANSWER = "Sáng 04/01 đã thay bóng mới gần chợ, hỏng lại xin gọi anh Kiều 0933 222 111 hoặc đến nhà 7."
PRIVATE = (
    "Mít", "070 123", "456 789", "nhà 45", "12/3A", "93P1", "93A-1", "123.45", "0912", "987.654", "5678",
    "90123", "gmail", "zalo.me", "0933", "nhà 7",
)  # fmt: skip


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which commands are typed, with a committee that has a public list."""
    monkeypatch.chdir(tmp_path)
    copytree(str(committee_folder()), tmp_path / "committee")
    file = tmp_path / "committee" / "committee.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("public_list = false", "public_list = true"), encoding="utf-8")
    monkeypatch.setenv("CONGVU_COMMITTEE", str(tmp_path / "committee"))
    monkeypatch.setenv("CONGVU_DATABASE_URL", f"sqlite:///{tmp_path / 'congvu.db'}")
    return tmp_path


async def public(folder: Path) -> Result:
    """Types the command, whose event loop is its own."""
    return await asyncio.to_thread(
        CliRunner().invoke, congvu, ["public", "--html", str(folder / "page.html")]
    )


async def published(town: Town) -> str:
    """A case that is answered, well and approved for the public; its code."""
    town.app.committee = replace(town.app.committee, public_list=True)

    def migrated(conn: Connection) -> None:
        conn.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        conn.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrate.head()}')")  # noqa: S608

    await town.database.write(migrated)
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, WORDS))
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    await town.send("Kiều", GREEN, caption=ANSWER)
    await wait(town, 20)
    await town.press(citizen, "Ổn")
    await town.press(citizen, "Cho đăng công khai")
    await wait(town)
    return code


async def test_the_page_holds_what_was_approved_without_a_person_and_gives_way_to_three_doubts(
    office: Town, typed: Path
) -> None:
    town, file = office, typed / "page.html"
    code = await published(town)
    assert (await public(typed)).exit_code == 0
    assert "Chưa có phản ánh nào" in file.read_text(encoding="utf-8")  # wished, not approved yet
    await town.press("Kiều", "Đăng")
    await wait(town)
    result = await public(typed)
    assert f"Đã ghi {file}: 1 phản ánh." in result.output
    page = file.read_text(encoding="utf-8")
    assert code in page
    assert "đèn đường hỏng" in page
    assert "đã thay bóng mới gần chợ" in page
    assert [private for private in PRIVATE if private in page] == []
    assert "<img" not in page
    for number in range(3):
        doubter = town.stranger(f"Người {number}", "zalo")
        await town.say(doubter, "cong khai")
        await town.press(doubter, f"Báo sai {code}")
    await public(typed)
    assert code not in file.read_text(encoding="utf-8")


async def test_without_a_public_list_no_page_is_written(
    office: Town, typed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONGVU_COMMITTEE")
    result = await public(typed)
    assert result.exit_code != 0
    assert not (typed / "page.html").exists()
