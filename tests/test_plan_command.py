"""``congvu import-plan`` shows the plan, asks, writes, and says no in words."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.cli.root import congvu
from db import migrate
from db.engine import Database
from db.models import metadata, plans
from tests.plan_files import SOURCE, write_text

FILE = str(SOURCE)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated, empty database that the settings name; no other setting is read."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'town.db'}"
    monkeypatch.setenv("CONGVU_DATABASE_URL", url)

    async def prepare() -> None:
        await migrate.upgrade(url)
        database = Database(url)
        await database.write(metadata.create_all)
        await database.close()

    asyncio.run(prepare())
    return url


def _run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(congvu, ["import-plan", *arguments], input=answer)


def _kept(url: str) -> list[tuple[int, int, str]]:
    async def read() -> list[tuple[int, int, str]]:
        database = Database(url)
        query = select(plans.c.year, plans.c.version, plans.c.state).order_by(plans.c.id)
        try:
            return await database.read(lambda conn: [tuple(row) for row in conn.execute(query)])
        finally:
            await database.close()

    return asyncio.run(read())


def test_a_dry_run_needs_neither_settings_nor_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONGVU_DATABASE_URL", "nonsense")
    result = _run(FILE, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "5 mục tiêu, 21 nhiệm vụ, 3 biện pháp" in result.output
    codes = [line.split()[0] for line in result.output.splitlines() if line.startswith("D-")]
    assert codes[:6] == ["D-01", "D-02", "D-06", "D-07", "D-09", "D-12"]
    assert sorted(codes) == [f"D-{n:02}" for n in range(1, 28)]
    assert list(tmp_path.iterdir()) == []


def test_the_plan_is_written_once_and_again_changes_nothing(url: str) -> None:
    first = _run(FILE, "--effective-from", "2021-01-01", "--yes")
    assert first.exit_code == 0, first.output
    assert "có hiệu lực từ 01/01/2021" in first.output
    assert "Đã ghi kế hoạch năm 2021, bản số 1" in first.output
    again = _run(FILE, "--yes")
    assert "không có gì thay đổi" in again.output
    assert _kept(url) == [(2021, 1, "active")]


def test_a_changed_plan_shows_what_changes_and_asks_first(url: str, tmp_path: Path) -> None:
    _run(FILE, "--yes")
    changed = str(write_text(tmp_path, ("Tháng 05/2021\tDanh mục", "Tháng 06/2021\tDanh mục")))
    refused = _run(changed, answer="\nn\n")
    assert "sửa: KH4.1, hạn 31/05/2021 → 30/06/2021 (thời gian, cách tính hạn)" in refused.output
    assert "Không ghi gì." in refused.output
    assert _kept(url) == [(2021, 1, "active")]
    _run(changed, answer="\ny\n")
    assert _kept(url) == [(2021, 1, "replaced"), (2021, 2, "active")]


def test_a_broken_file_is_refused_with_row_and_reason_and_nothing_is_written(
    url: str, tmp_path: Path
) -> None:
    broken = str(write_text(tmp_path, ("\tTháng 05/2021\tDanh mục", "\tlúc nào đó\tDanh mục")))
    result = _run(broken, "--yes")
    assert result.exit_code == 1
    assert "dòng 67" in result.output
    assert "không hiểu thời gian hoàn thành: “lúc nào đó”" in result.output
    assert _kept(url) == []


def test_the_day_of_effect_is_asked_and_the_signing_is_the_default(url: str) -> None:
    result = _run(FILE, answer="hôm qua\n01/02/2021\ny\n")
    assert "[31/05/2021]" in result.output
    assert "hôm qua không phải là ngày" in result.output
    assert "có hiệu lực từ 01/02/2021" in result.output
    assert _kept(url) == [(2021, 1, "active")]


def test_another_year_is_a_draft(url: str) -> None:
    result = _run(FILE, "--year", "2022", "--yes")
    assert "bản nháp" in result.output
    assert "28/01/2022" in result.output
    assert _kept(url) == [(2022, 1, "draft")]


def test_a_changed_plan_keeps_its_day_of_effect_and_says_how_much_changed(url: str, tmp_path: Path) -> None:
    _run(FILE, "--yes", "--effective-from", "01/01/2021")
    changed = str(write_text(tmp_path, ("Tháng 05/2021\tDanh mục", "Tháng 06/2021\tDanh mục")))
    asked = _run(changed, answer="\ny\n")
    assert "[01/01/2021]" in asked.output
    assert "bản số 2: thêm 0 việc, sửa 1 dòng" in asked.output


def test_who_reads_only_the_head_of_a_long_preview_hears_of_no_trouble() -> None:
    code = "from bot.cli import main; main()"
    words = [sys.executable, "-c", code, "import-plan", FILE, "--dry-run"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"}
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
