"""Rules of routing: the first that fits wins, nothing is left to nobody, a broken file is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path
from shutil import copytree
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.cli.root import congvu
from bot.cli.words import sentence
from bot.committee import committee_folder, load_committee
from db import cases
from db.models import events
from domain.errors import RuleError
from domain.routing import Matter, Routing, Rule, read_routing
from handlers import case_reroute
from tests.citizens import code_in, filed, wait
from tests.talk import Town

OFFICE_HEAD = "Võ Thanh Tùng"
UNITS, KINDS, AREAS = ("QLDT", "TN", "LT"), ("duong", "on"), ("LT", "LT-khupho5")
FILE = {
    "duty": "TN",
    "rules": [
        {"to": "LT", "categories": ["on"], "areas": ["LT"], "hours": ["22:00-06:00"], "why": "ban đêm"},
        {"to": "TN", "words": ["nhiều nơi"]},
        {"to": "category", "categories": ["duong"]},
    ],
}


def matter(**but: Any) -> Matter:
    return Matter(**{"category": "duong", "category_unit": "QLDT", "text": "o ga", "at": time(9), **but})


def routing(data: Any = FILE) -> Routing:
    return read_routing(data, UNITS, KINDS, AREAS)


@pytest.mark.parametrize(
    ("known", "unit", "number"),
    [
        ({}, "QLDT", 3),
        ({"text": "o ga NHIEU NOI"}, "TN", 2),
        ({"category": "on"}, "TN", 0),
        ({"category": "on", "areas": ("LT-khupho5", "LT"), "at": time(23)}, "LT", 1),
        ({"category": "on", "areas": ("LT",), "at": time(5, 59)}, "LT", 1),
        ({"category": "on", "areas": ("LT",), "at": time(6)}, "TN", 0),
        ({"category": "on", "areas": ("PB",), "at": time(23)}, "TN", 0),
    ],
)
def test_the_first_rule_that_fits_wins_else_the_duty_officer(
    known: dict[str, Any], unit: str, number: int
) -> None:
    found = routing().route(matter(**known))
    assert (found.unit, found.rule.number if found.rule else 0) == (unit, number)


def test_why_a_rule_did_not_fire_is_told() -> None:
    found = routing().route(matter(category="on", areas=("LT",)))
    assert [failed for _, failed in found.passed] == ["hour", "words", "category"]


_rules = st.builds(
    Rule,
    number=st.integers(1, 9),
    to=st.sampled_from([*UNITS, "category"]),
    categories=st.sets(st.sampled_from(KINDS)).map(tuple),
    areas=st.sets(st.sampled_from(AREAS)).map(tuple),
    hours=st.lists(st.tuples(st.times(), st.times()).filter(lambda span: span[0] != span[1]), max_size=2).map(
        tuple
    ),
    words=st.sets(st.sampled_from(["o ga", "rac"])).map(tuple),
)


@given(st.lists(_rules, max_size=6), st.sampled_from(KINDS), st.times(), st.text(max_size=20))
def test_nothing_is_ever_left_to_nobody(rules: list[Rule], kind: str, at: time, text: str) -> None:
    found = Routing("TN", tuple(rules)).route(matter(category=kind, at=at, text=text))
    assert found.unit in UNITS
    assert len(found.passed) + (found.rule is not None) <= len(rules)
    assert (found.rule is None) <= (found.unit == "TN")
    if found.rule is not None:
        assert rules.index(found.rule) <= len(found.passed)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"to": "XX"}, "ở quy tắc 1: to cần là mã một đơn vị hoặc category, không phải “XX”"),
        ({"to": "TN", "categories": ["duongg"]}, "không có loại việc “duongg”"),
        ({"to": "TN", "areas": ["ZZ"]}, "không có địa bàn “ZZ”"),
        ({"to": "TN", "hours": ["22h-6h"]}, "giờ “22h-6h” cần có dạng 22:00-06:00"),
        ({"to": "TN", "hours": ["22:00-22:00"]}, "giờ “22:00-22:00”"),
        ({"to": "TN", "words": "rác"}, "mục words cần là danh sách"),
        ({"to": "TN", "words": []}, "mục words trống"),
        ({"to": "TN", "words": ["?!"]}, "có từ trống"),
        ({"to": "TN", "category": ["on"]}, "không có mục “category”"),
    ],
)
def test_a_broken_rule_is_one_sentence_with_its_number_and_the_reason(
    rule: dict[str, Any], words: str
) -> None:
    with pytest.raises(RuleError) as no:
        routing({"duty": "TN", "rules": [rule]})
    assert words in sentence(no.value)


@pytest.mark.parametrize("data", [{}, {"duty": "XX"}, {"duty": "TN", "rule": []}])
def test_a_file_without_a_duty_officer_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as no:
        routing(data)
    assert no.value.facts["rule"] == 0


@pytest.mark.parametrize("content", ["accept_hours = 0", 'accept_hours = "ba"', "akzept_hours = 3"])
def test_a_broken_term_is_named_at_start(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "office"
    copytree(str(committee_folder()), folder)
    (folder / "handling.toml").write_text(content, encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_committee(folder, ZoneInfo("Asia/Ho_Chi_Minh"))
    assert content.split()[0] in sentence(no.value)


def test_the_dry_run_says_which_rule_fires_and_why() -> None:
    ran = CliRunner().invoke(congvu, ["routing", "o ga to o kp5 long thuy", "--at", "22:30"])
    assert ran.exit_code == 0, ran.output
    assert "Đường, vỉa hè, cầu cống · khu phố 5, phường Long Thủy · 22:30" in ran.output
    assert "Quy tắc 1 không khớp: không có từ nào" in ran.output
    assert "Quy tắc 2 → Phòng Quản lý đô thị" in ran.output
    for wrong, words in (("--at=25h", "không phải là giờ"), ("--category=x", "không có loại việc “x”")):
        refused = CliRunner().invoke(congvu, ["routing", "o ga", wrong])
        assert refused.exit_code == 2
        assert words in refused.output


async def test_a_filed_matter_goes_where_the_rules_say_and_its_event_names_the_rule(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    await filed(town, town.stranger("Dân", "telegram"), "rac nhieu noi o cho")
    assert "rac nhieu noi" in (await town.hears("Đức", "Nhận xử lý")).text

    def rules(conn: Connection) -> list[int]:
        found = conn.execute(select(events.c.fields).where(events.c.action == "received"))
        return [row.fields["rule"] for row in found]

    assert await town.database.read(rules) == [1]


def _changed(town: Town) -> None:
    """Noise goes to the department of internal affairs from now on."""
    rules = (Rule(1, "NV", words=("karaoke",)), *town.app.committee.routing.rules)
    changed = replace(town.app.committee, routing=replace(town.app.committee.routing, rules=rules))
    town.app.committee = changed


@pytest.mark.parametrize("answer", ["Chuyển 1 phản ánh", "Giữ nguyên"])
async def test_changed_rules_ask_before_anything_that_waits_is_moved(either_town: Town, answer: str) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    citizen, other = town.stranger("Dân", "telegram"), town.stranger("Bạn", "zalo")
    await filed(town, other, "karaoke on ao kp2 thac mo, gan cho")
    await town.press("Yến", "Nhận xử lý")  # what somebody has taken is not asked about
    code = code_in(await filed(town, citizen, "loa keo karaoke hem 12 long thuy sau 22 gio"))
    await wait(town)
    for name in town.people:
        town.unread(name)
    _changed(town)
    now = town.clock.now()
    await town.database.write(case_reroute.ask, ["answers.toml"], now, town.app.committee)
    await town.settle()
    town.quiet()
    await town.database.write(case_reroute.ask, ["routing.toml"], now, town.app.committee)
    await wait(town)
    await town.hears(OFFICE_HEAD, "Quy tắc phân việc đã đổi: 1", code, "Phòng Nội vụ")
    town.quiet()  # and nobody else, and nothing moved
    await town.press(OFFICE_HEAD, answer)
    await wait(town)
    found = await town.database.read(cases.by_code, code)
    assert found is not None
    if answer == "Giữ nguyên":
        await town.hears(OFFICE_HEAD, "vẫn ở đơn vị cũ")
        assert found.unit_name == "Phòng Văn hoá và Thông tin"
        return
    await town.hears(OFFICE_HEAD, "Đã chuyển 1 phản ánh")
    assert found.unit_name.startswith("Phòng Nội vụ")
    await town.hears(citizen, code, "Phòng Nội vụ")
    await town._turn(OFFICE_HEAD, pressed="reroute:all", message_id="")
    assert any("hết hiệu lực" in heard.text for heard in town.unread(OFFICE_HEAD))
    await town._turn("Lan", pressed="reroute:all", message_id="")
    assert any("hết hiệu lực" in heard.text for heard in town.unread("Lan"))
