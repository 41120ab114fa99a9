"""What is over is emptied after those responsible knew of it; what is open or held back stays whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from bot.cli.root import congvu
from bot.cli.words import sentence
from bot.committee import load_retention
from db import calendar as calendar_db
from db.models import accounts, case_retention, cases, events, files, receipts
from domain.calendar import Calendar
from domain.errors import RuleError
from domain.retention import Retention, Rule, read_retention
from scheduler import retention
from tests.citizens import BROWN, CHANNELS, GREEN, code_in, filed, pin_in, taken, wait
from tests.pictures import png
from tests.talk import ZONE, Heard, Town, local
from tests.test_privacy_modes import everything

WORDS = "o ga rat to truoc cho Thac Mo, nha ba Sau bi be ong nuoc"
HEAD, HANDLER, LEADER = "Nam", "Kiều", "Dũng"


def short(town: Town, months: int = 1) -> None:
    """Matters are kept for a month."""
    town.app.committee = replace(town.app.committee, retention=Retention((Rule(months),), 14))


async def ended(town: Town, citizen: str, after: bytes = GREEN) -> Heard:
    """A matter with a picture that was answered and found good; returns the receipt."""
    receipt = await filed(town, citizen, WORDS, picture=BROWN)
    await taken(town, HANDLER, HEAD)
    town.unread(citizen)
    await town.press(HANDLER, "Trả lời")
    await wait(town)
    await town.send(HANDLER, after, caption="Sáng nay đã vá xong, mời ông bà xem ảnh.")
    await wait(town, 20)
    await town.press(citizen, "Ổn")
    await wait(town)
    for name in (citizen, HANDLER, HEAD):
        town.unread(name)
    return receipt


def state_of(conn: Connection, code: str) -> Any:
    return conn.execute(select(cases).where(cases.c.code == code)).one()


def stored(conn: Connection) -> set[str]:
    return set(conn.execute(select(files.c.sha256).where(files.c.state == "stored")).scalars())


def emptied(conn: Connection) -> set[str]:
    query = select(cases.c.code).join(events, events.c.subject_id == cases.c.id)
    return set(conn.execute(query.where(events.c.subject == "case", events.c.action == "emptied")).scalars())


async def test_what_is_over_is_emptied_and_the_rest_stays_whole(either_town: Town) -> None:
    town = either_town
    short(town)
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    over, held, late = [town.stranger(f"Dân {n}", channel) for n, channel in enumerate((*CHANNELS, "zalo"))]
    receipt = await ended(town, over)
    code, pin = code_in(receipt), pin_in(receipt)
    other = code_in(await ended(town, held, png(20, 120, 90)))
    working = code_in(await filed(town, late, "den duong hong truoc truong hoc Thac Mo"))
    pictures = await town.database.read(stored)
    assert len(pictures) == 3  # the same before, each its own after
    await town.until("2021-01-22 07:31")
    await town.hears(HEAD, "2 hồ sơ việc dân", "Nhờ anh Nam", "Từ đêm 05/02/2021", "Xem, giữ lại")
    await town.press(HEAD, "Xem, giữ lại")
    await town.hears(HEAD, f"{code} Đường, vỉa hè, cầu cống: từ 05/02/2021", f"LUU TRU {code} đang thanh tra")
    await town.say(HEAD, f"LUU TRU {other}")
    await town.hears(HEAD, "kèm lý do")
    await town.say(HEAD, f"luu tru {other} dang thanh tra")
    await town.hears(HEAD, f"Đã giữ lại {other}: nội dung không bị xoá cho đến khi có người thôi giữ.")
    await town.until("2021-02-06 01:59")
    calendar = await town.database.read(calendar_db.load, ZONE)
    night = local("2021-02-06 02:00")
    would = await town.database.read(retention.over, night, town.app.committee, calendar, 100)
    assert await town.database.read(emptied) == set()
    await town.until("2021-02-06 02:01")
    assert {each.code for each in would} == await town.database.read(emptied) == {code}
    left = await town.database.read(state_of, code)
    assert (left.state, left.category, left.rating, left.words, left.account_id) == (
        "closed",
        "duong",
        "good",
        "",
        None,
    )
    assert left.emptied_on == date(2021, 2, 6)
    for whole in (other, working):
        assert (await town.database.read(state_of, whole)).words
    gone = pictures - await town.database.read(stored)
    assert len(gone) == 1
    with pytest.raises(FileNotFoundError):
        town.app.store.get(gone.pop())
    kept = await town.database.read(lambda conn: len(conn.execute(select(receipts)).all()))
    assert kept == 3
    for name in (over, HEAD, HANDLER, LEADER):
        town.unread(name)
    await town.say(over, f"{code} {pin}")
    await town.hears(over, "Đã kết thúc", "Nội dung, ảnh đã xoá theo thời hạn lưu.")
    await town.say(HEAD, code)
    await town.hears(HEAD, f"{code}: Đường, vỉa hè, cầu cống", "đã xoá ngày 06/02/2021 theo thời hạn lưu")
    await town.say(HEAD, f"LUU TRU {code} kiện ra toà")
    await town.hears(HEAD, "đã hết thời hạn lưu, nội dung xoá ngày 06/02/2021")
    await town.say(LEADER, "/hethong")
    await town.hears(LEADER, "đã xoá nội dung 1 hồ sơ trong 30 ngày, đang giữ lại 1")
    await town.say(HEAD, "luu tru")
    await town.hears(HEAD, "Đang giữ lại", f"{other}: dang thanh tra", f"Thôi giữ {other}")
    await town.press(HEAD, f"Thôi giữ {other}")
    await town.hears(HEAD, "hệ thống sẽ báo lại trước khi xoá")
    await town.until("2021-03-10 08:00")
    assert await town.database.read(emptied) == {code, other}
    assert "ba Sau" not in await town.database.read(everything)
    assert await town.database.read(stored) == set()


async def test_a_service_that_slept_empties_nothing_of_which_nobody_was_told(office: Town) -> None:
    town = office
    short(town)
    code = code_in(await ended(town, town.stranger("Dân", "zalo")))
    await town.jump("2021-12-06 08:00")
    await town.hears(HEAD, "1 hồ sơ việc dân", "Từ đêm 20/12/2021")
    assert await town.database.read(emptied) == set()
    await town.until("2021-12-21 02:01")
    assert await town.database.read(emptied) == {code}


async def test_of_what_a_head_may_not_see_the_leaders_hear(office: Town) -> None:
    town = office
    short(town)
    code = code_in(await ended(town, town.stranger("Dân", "telegram")))

    def about_them(conn: Connection) -> None:
        about = update(cases).where(cases.c.code == code)
        conn.execute(about.values(about_unit_id=cases.c.unit_id))

    await town.database.write(about_them)
    await town.until("2021-01-22 07:31")
    assert not [m for m in town.unread(HEAD) if "hồ sơ việc dân" in m.text]
    told = [m for name in ("Dũng", "Châu", "Thành") for m in town.unread(name) if "hồ sơ việc dân" in m.text]
    assert len(told) == 1
    await town.say(HEAD, "/luutru")
    await town.hears(HEAD, "Không có hồ sơ nào sắp hết thời hạn lưu.")
    await town.say(HEAD, f"/luutru {code} đang thanh tra")
    assert code not in town.unread(HEAD)[-1].text


async def test_with_nobody_to_tell_nothing_is_emptied(office: Town) -> None:
    town = office
    short(town)
    await ended(town, town.stranger("Dân", "zalo"))
    await town.database.write(lambda conn: conn.execute(update(accounts).values(dead_since=town.clock.now())))
    await town.until("2021-04-01 08:00")
    assert await town.database.read(emptied) == set()
    assert await town.database.read(lambda conn: conn.execute(select(case_retention)).all()) == []


@pytest.mark.parametrize("name", ["Kiều", "Dân"])
async def test_whoever_answers_for_nothing_cannot_hold_back(office: Town, name: str) -> None:
    town = office
    code = code_in(await ended(town, town.stranger("Dân", "zalo")))
    await town.say(name, f"/luutru {code} đang thanh tra")
    await town.hears(name, "dành cho trưởng đơn vị" if name == "Kiều" else "Chưa có lệnh này")
    assert await town.database.read(lambda conn: conn.execute(select(case_retention)).all()) == []


async def test_a_sentence_that_begins_like_the_command_is_none(office: Town) -> None:
    await office.say(HEAD, "lưu trữ hồ sơ phòng đã làm xong")
    await wait(office)
    await office.hears(HEAD, "Đây là báo cáo việc được giao hay phản ánh gửi UBND?")


async def test_the_citizen_reads_the_time_of_the_rules(office: Town) -> None:
    citizen = office.stranger("Dân", "zalo")
    await filed(office, citizen, WORDS)
    await office.say(citizen, "du lieu")
    await office.hears(citizen, "Lưu tối đa 5 năm sau kết thúc.")


CALENDAR = Calendar(ZoneInfo("Asia/Ho_Chi_Minh"), closed=frozenset({date(2026, 2, 17), date(2026, 4, 30)}))


@given(st.dates(date(2021, 1, 1), date(2035, 1, 1)), st.integers(1, 240))
def test_the_cutoff_is_the_last_day_whose_term_is_over(day: date, months: int) -> None:
    last = CALENDAR.months_before(day, months)
    assert CALENDAR.months_after(last, months) < day
    assert CALENDAR.months_after(last + timedelta(days=1), months) >= day


def test_the_rules_that_ship_keep_everything_for_some_time() -> None:
    rules = load_retention(["duong"])
    assert (rules.shortest, rules.longest, rules.warn_days) == (12, 60, 14)


RULE = {"years": 5, "source": "x"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"rules": [RULE]}, "warn_days cần là"),
        ({"warn_days": True, "rules": [RULE]}, "warn_days cần là"),
        ({"warn_days": 14, "rules": []}, "quy tắc cuối cùng"),
        ({"warn_days": 14, "rules": [{**RULE, "track": "gop_y"}]}, "ở quy tắc 1: quy tắc cuối cùng"),
        (
            {"warn_days": 14, "rules": [{**RULE, "years": 0}]},
            "years cần là số năm từ 1 đến 99, không phải “0”",
        ),
        ({"warn_days": 14, "rules": [RULE, {**RULE, "track": "x"}]}, "ở quy tắc 2: không có loại “x”"),
        ({"warn_days": 14, "rules": [{**RULE, "category": "x"}]}, "không có loại việc “x”"),
        ({"warn_days": 14, "rules": [{**RULE, "note": "x"}]}, "không có mục “note”"),
        ({"warn_days": 14, "rules": [{"years": 5}]}, "thiếu source"),
    ],
)
def test_a_broken_file_is_named_by_rule_and_reason(data: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleError) as no:
        read_retention(data, ["gop_y", "hoi_dap"], ["duong"])
    assert said in sentence(no.value)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "retention.toml").write_text("warn_days = = 1", encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_retention([], tmp_path / "retention.toml")
    assert "không đọc được" in sentence(no.value)


def test_the_command_prints_the_rules_and_the_dry_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(congvu, ["migrate"]).exit_code == 0
    done = CliRunner().invoke(congvu, ["retention", "--at", "2027-01-01T02:00+07:00"])
    assert done.exit_code == 0, done.output
    assert "hoi_dap: 1 năm · Thông tư 07/2014/TT-TTCP" in done.output
    assert "mọi việc còn lại: 5 năm" in done.output
    assert "chưa có cán bộ pháp chế kiểm tra" in done.output
    assert "Không có hồ sơ nào sẽ bị xoá nội dung." in done.output
