"""A ladder's file is checked at start; a rung added later fires for nothing that is past."""

from __future__ import annotations

import asyncio
import copy
import tomllib
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli.root import congvu
from bot.cli.words import sentence
from bot.committee import load_ladders
from db import migrate
from domain.errors import RuleError
from domain.ladders import NAMES, Rung, read_ladders, read_rhythm
from tests.talk import Town
from tests.test_remind import LAN, moments
from tests.work import add_task

GOOD = tomllib.loads((resources.files("data") / "ladders.toml").read_text(encoding="utf-8"))


def test_the_shipped_file_has_every_ladder() -> None:
    assert sorted(load_ladders()) == sorted(NAMES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tells": ["boss"]}, "thang “deadline”, bậc “T-3”: không biết “boss” là ai"),
        ({"tells": []}, "bậc “T-3”: chưa ghi báo cho ai"),
        ({"days": "ba"}, "bậc “T-3”: số ngày “ba” không hợp lệ"),
        ({"working_days": 1}, "bậc “T-3”: cần đúng một trong days, working_days, share"),
        ({"at": "noon"}, "bậc “T-3”: at chỉ nhận morning hoặc afternoon, không nhận “noon”"),
        ({"from": "yesterday"}, "bậc “T-3”: from chỉ nhận due hoặc begin"),
        ({"name": "T-7"}, "bậc “T-7”: tên bậc trống, dài quá 20 ký tự hoặc trùng"),
        ({"name": "snooze"}, "bậc “snooze”: tên “snooze” hệ thống đã dùng"),
        ({"tell": ["head"]}, "bậc “T-3”: không có mục “tell”"),
        ({"weekly": "yes"}, "bậc “T-3”: weekly chỉ nhận true hoặc false"),
    ],
)
def test_a_broken_rung_is_one_sentence_with_ladder_rung_and_reason(
    change: dict[str, Any], words: str
) -> None:
    data = copy.deepcopy(GOOD)
    data["deadline"]["rungs"][1] |= change
    with pytest.raises(RuleError) as no:
        read_ladders(data)
    assert words in sentence(no.value)


def test_a_missing_or_unknown_ladder_is_named() -> None:
    without = {name: entry for name, entry in GOOD.items() if name != "report"}
    with pytest.raises(RuleError) as no:
        read_ladders(without)
    assert "thang “report”: thiếu thang này" in sentence(no.value)
    with pytest.raises(RuleError) as no:
        read_ladders(GOOD | {"extra": {"rungs": []}})
    assert "thang “extra”: không có thang nào tên này" in sentence(no.value)


def test_a_file_that_is_no_toml_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "ladders.toml"
    file.write_text("[deadline\n", encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_ladders(file)
    assert "không đọc được" in sentence(no.value)


@pytest.mark.parametrize("data", [{"every": {"KH1.5": "fortnight"}}, {"after": {"KH1.3": 0}}])
def test_a_broken_rhythm_is_named_by_row(data: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as no:
        read_rhythm(data)
    assert "rhythm.toml" in sentence(no.value)


def test_the_service_does_not_start_with_a_broken_rhythm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = resources.files("data") / "phuoc_long"
    for name in ("committee.toml", "rhythm.toml"):
        (tmp_path / name).write_text((shipped / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "rhythm.toml").write_text('[2021.every]\n"KH3.2" = "sometimes"\n', encoding="utf-8")
    monkeypatch.setenv("CONGVU_COMMITTEE", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'x.db'}"
    asyncio.run(migrate.upgrade(url))
    monkeypatch.setenv("CONGVU_DATABASE_URL", url)
    monkeypatch.setenv("CONGVU_TELEGRAM_TOKEN", "1:x")
    result = CliRunner().invoke(congvu, ["run"])
    assert result.exit_code != 0
    assert "rhythm.toml" in result.output
    assert "Traceback" not in result.output


async def test_a_rung_added_to_the_file_later_does_not_fire_for_the_past(town: Town) -> None:
    await add_task(town, "Việc đã xếp", date(2021, 1, 29), LAN, state="accepted")
    await town.until("2021-01-22 12:00")
    assert moments(town, "Lan") == ["04/01 07:30", "22/01 07:30"]
    ladders = dict(town.app.committee.ladders)
    more = (Rung("T-9", ("assignee",), days=-9), Rung("T-2", ("assignee",), days=-2))
    ladders["deadline"] = replace(ladders["deadline"], rungs=more + ladders["deadline"].rungs)
    town.app.committee = replace(town.app.committee, ladders=ladders)
    await town.until("2021-01-27 12:00")
    assert moments(town, "Lan") == ["26/01 07:30"]  # what is laid stays as it is
    await add_task(town, "Việc mới", date(2021, 2, 1), LAN, state="accepted")
    await town.until("2021-01-29 07:00")
    heard = [m for m in town.unread("Lan") if "Việc mới" in m.text]
    # told when it came, then beside the other's T-1; T-9 and T-7 are past and stay so
    assert [f"{m.at:%d/%m}" for m in heard if m.at] == ["27/01", "28/01"]
