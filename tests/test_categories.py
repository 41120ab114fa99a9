"""Kinds of matter as data: tried at the start, with a sentence for the citizen and a question asked once."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest

from bot.committee import committee_folder, load_committee
from domain.categories import MOST, read_categories
from domain.committee import Category
from domain.errors import RuleError
from domain.reading import category_read
from locales import templates
from tests.citizens import CHANNELS, wait
from tests.talk import ZONE, Town

GOOD: dict[str, Any] = {
    "code": "rac",
    "name": "Rác",
    "unit": "TNMT",
    "days": 3,
    "words": ["rác", "đổ … suối"],
}
LAST: dict[str, Any] = {"code": "khac", "name": "Việc khác", "unit": "TN", "days": 7, "words": []}
UNITS = ("TNMT", "TN")


def test_words_are_folded_and_the_rest_is_optional() -> None:
    rubbish, _ = read_categories([{**GOOD, "question": "Ở đâu?", "notice": "Xin cảm ơn."}, LAST], UNITS)
    assert rubbish.words == ("rac", "do … suoi")
    assert (rubbish.question, rubbish.notice) == ("Ở đâu?", "Xin cảm ơn.")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"colour": "red"}, "field"),
        ({"code": "khieu_nai"}, "code"),
        ({"code": "Rác"}, "code"),
        ({"code": "khac"}, "twice"),
        ({"name": "x" * 41}, "name"),
        ({"unit": "XYZ"}, "unit"),
        ({"days": 0}, "days"),
        ({"days": "3"}, "days"),
        ({"words": "rac"}, "words"),
        ({"words": ["!"]}, "words"),
        ({"words": []}, "empty"),
        ({"personal": "yes"}, "switch"),
        ({"question": "Ở đâu"}, "question"),
        ({"notice": "lời " * 26}, "notice"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RuleError) as no:
        read_categories([{**GOOD, **change}, LAST], UNITS)
    assert no.value.facts["reason"] == reason
    assert f"categories_{reason}" in templates()


def test_a_missing_field_the_count_and_the_last_one_are_checked() -> None:
    for entries, reason in (
        ([{"code": "rac"}, LAST], "missing"),
        ([], "count"),
        ([GOOD] * (MOST + 1), "count"),
        ([LAST, GOOD], "empty"),
        ([GOOD, {**LAST, "words": ["x"]}], "last"),
    ):
        with pytest.raises(RuleError) as no:
            read_categories(entries, UNITS)
        assert no.value.facts["reason"] == reason
        assert f"categories_{reason}" in templates()


def test_the_shipped_file_is_right() -> None:
    data = tomllib.loads((committee_folder() / "committee.toml").read_text(encoding="utf-8"))
    codes = [unit["code"] for unit in data["units"]]
    assert read_categories(data["categories"], codes) == load_committee(committee_folder(), ZONE).categories


def _with(town: Town, code: str, **said: str) -> None:
    def changed(kind: Category) -> Category:
        return replace(kind, notice=said["notice"], question=said["question"]) if kind.code == code else kind

    kinds = tuple(changed(kind) for kind in town.app.committee.categories)
    town.app.committee = replace(town.app.committee, categories=kinds)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_kinds_notice_is_shown_and_its_question_asked_once(town: Town, channel: str) -> None:
    _with(town, "rac", notice="Xe gom rác chạy thứ Ba, thứ Sáu.", question="Rác để từ ngày nào?")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "dong rac truoc cho, phuong Thac Mo")
    await wait(town)
    await town.hears(citizen, "Xe gom rác chạy", "Rác để từ ngày nào?", "Đồng ý và gửi")
    await town.say(citizen, "tu hom kia")
    await wait(town)
    heard = await town.hears(citizen, "tu hom kia")
    assert "từ ngày nào" not in heard.text
    await town.press(citizen, "Đồng ý và gửi")  # no answer is needed to send
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")


async def test_whoever_does_not_answer_the_question_sends_all_the_same(town: Town) -> None:
    _with(town, "on", notice="", question="Ồn vào giờ nào?")
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "loa keo karaoke o to 3")
    await town.say(citizen, "on qua")  # in the same burst: the question was not read yet
    await wait(town)
    await town.hears(citizen, "on qua", "Ồn vào giờ nào?")
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("den duong hu truoc tram y te, toi thui", "dien"),
        ("duong hu truoc tram y te", "duong"),
        ("đường đầy rác", "rac"),
        ("via he bi lan chiem ban hang", "duong"),
        ("cay do truoc cong truong hoc", "dien"),
        ("cống nghẹt bốc mùi hôi thối", "duong"),
        ("nhà hàng xóm nuôi gà bật nhạc to từ 5 giờ sáng", "on"),
    ],
)
def test_a_longer_phrase_of_another_kind_stands_before_a_shorter_one(words: str, code: str) -> None:
    committee = load_committee(committee_folder(), ZONE)
    assert category_read(committee, words) == code
