"""The file of answers says what is wrong with it, by entry and reason, before anything starts."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli.root import congvu
from bot.committee import load_answers
from domain.answers import LONGEST, read_answers
from domain.errors import RuleError
from locales import templates

FILE = resources.files("data") / "phuoc_long" / "answers.toml"
UNITS = ("TN", "MC")
ENTRY = {
    "id": "gio",
    "topic": "lien-he",
    "title": "Giờ làm việc",
    "asked": ["mấy giờ làm việc"],
    "text": "{hours}",
    "source": "",
    "in_force_from": date(2020, 1, 1),
    "unit": "TN",
    "checked_by": "",
}
GOOD: dict[str, Any] = {
    "desk": {"name": "Hỏi đáp", "unit": "TN", "days": 3},
    "topics": [{"id": "lien-he", "name": "Liên hệ"}],
    "answers": [ENTRY],
}


def refused(data: dict[str, Any]) -> dict[str, object]:
    with pytest.raises(RuleError) as no:
        read_answers(data, {}, UNITS)
    assert no.value.key == "answers_broken"
    assert f"answers_{no.value.facts['reason']}" in templates()
    return no.value.facts


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": "Giờ"}, "id"),
        ({"topic": "khac"}, "topic"),
        ({"title": ""}, "title"),
        ({"title": "x" * 41}, "title"),
        ({"asked": []}, "asked"),
        ({"asked": ["…"]}, "asked"),
        ({"text": " "}, "text"),
        ({"text": "chữ " * (LONGEST + 1)}, "long"),
        ({"text": "gọi {so_dien_thoai}"}, "place"),
        ({"text": "gọi {"}, "place"),
        ({"text": "theo Luật Hộ tịch"}, "source"),
        ({"in_force_from": "2020"}, "dates"),
        ({"in_force_until": date(2019, 1, 1)}, "dates"),
        ({"unit": "XX"}, "unit"),
        ({"offers": "beer"}, "offers"),
        ({"colour": "red"}, "field"),
        ({"needs": "làm việc"}, "words"),
        ({"unless": ["…"]}, "words"),
        ({"needs": ["mở cửa"]}, "barred"),
        ({"unless": ["làm việc"]}, "barred"),
    ],
)
def test_a_wrong_entry_is_named_with_its_reason(change: dict[str, object], reason: str) -> None:
    facts = refused({**GOOD, "answers": [{**ENTRY, **change}]})
    assert (facts["entry"], facts["reason"]) == (change.get("id", "gio"), reason)


@pytest.mark.parametrize("name", sorted(set(ENTRY) - {"id"}))
def test_a_missing_part_is_named(name: str) -> None:
    entry = {key: value for key, value in ENTRY.items() if key != name}
    assert refused({**GOOD, "answers": [entry]}) == {"entry": "gio", "reason": "missing", "value": name}


def test_one_id_may_have_one_answer_at_a_time() -> None:
    later = {**ENTRY, "in_force_from": date(2025, 7, 1)}
    assert refused({**GOOD, "answers": [ENTRY, later]})["reason"] == "twice"
    first = {**ENTRY, "in_force_until": date(2025, 6, 30)}
    both = read_answers({**GOOD, "answers": [first, later]}, {}, UNITS)
    assert len(both.in_force(date(2025, 6, 30))) == len(both.in_force(date(2025, 7, 1))) == 1


@pytest.mark.parametrize(("desk", "reason"), [({"days": 0}, "days"), ({"unit": "XX"}, "unit")])
def test_the_promise_must_be_one(desk: dict[str, object], reason: str) -> None:
    assert refused({**GOOD, "desk": {**GOOD["desk"], **desk}})["reason"] == reason


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text("[[answers", encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_answers(tmp_path)
    assert no.value.facts["reason"] == "toml"


def test_a_committee_without_answers_has_none(tmp_path: Path) -> None:
    assert load_answers(tmp_path).entries == ()


def test_what_ships_speaks_of_law_with_its_source_and_has_about_thirty_answers_in_force() -> None:
    answers = read_answers(tomllib.loads(FILE.read_text(encoding="utf-8")), {}, _units())
    assert 30 <= len(answers.in_force(date(2021, 3, 1))) <= 50
    assert all(not each.checked_by for each in answers.entries)
    topics = {topic.id for topic in answers.topics}
    assert topics == {each.topic for each in answers.in_force(date(2021, 3, 1))}
    assert all(len(answers.in_force(date(2021, 3, 1), topic)) <= 9 for topic in topics)


def test_a_broken_entry_stops_the_service_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (resources.files("data") / "phuoc_long").iterdir():
        if file.name.endswith(".toml"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    text = FILE.read_text(encoding="utf-8").replace('unit = "TUP"', 'unit = "XX"', 1)
    (tmp_path / "answers.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("CONGVU_COMMITTEE", str(tmp_path))
    done = CliRunner().invoke(congvu, ["answers", "check"])
    assert done.exit_code == 1
    assert "khai-sinh" in done.output
    assert "XX" in done.output
    assert "Traceback" not in done.output


def test_a_limit_that_is_not_the_law_s_is_named(tmp_path: Path) -> None:
    for file in (resources.files("data") / "phuoc_long").iterdir():
        if file.name.endswith(".toml"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    text = FILE.read_text(encoding="utf-8").replace('limit = "du_lieu_tra_loi"', 'limit = "mai"', 1)
    (tmp_path / "answers.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_answers(tmp_path)
    assert no.value.facts == {"entry": "kenh-nay", "reason": "limit", "value": "mai"}
    assert "answers_limit" in templates()


def _units() -> list[str]:
    data = tomllib.loads((resources.files("data") / "phuoc_long" / "committee.toml").read_text("utf-8"))
    return [unit["code"] for unit in data["units"]]
