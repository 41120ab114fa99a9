"""/tim: finds what was meant, in any spelling, within rights, and forgets what is erased."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.committee import committee_folder, load_committee
from db import cases as cases_db
from db import erasure, people, search
from db.models import cases, events, units
from db.sight import readable_by
from domain.case_states import STARTS, TABLES
from domain.cases import OPEN
from domain.people import Person
from domain.search import LONGEST, Query, read, short
from domain.words import fold
from locales import templates
from tests.citizens import CHANNELS, code_in, filed, taken, wait
from tests.talk import ZONE, Heard, Town

AREAS = load_committee(committee_folder(), ZONE).areas
UNITS = {
    "QLDT": ("Phòng Quản lý đô thị",),
    "VP": ("Văn phòng",),
    "NV": ("Phòng Nội vụ - LĐTB&XH", "Phòng Nội vụ"),
}


def meant(text: str) -> Query:
    return read(fold(text), UNITS, AREAS)


def test_a_query_is_read_as_people_type_it() -> None:
    assert meant("ổ gà") == Query(words=("o", "ga"))
    assert meant("quá hạn") == Query(overdue=True)
    assert meant("ổ gà quá hạn của tôi") == Query(words=("o", "ga"), overdue=True, mine=True)
    assert meant("chưa xong phòng nội vụ") == Query(states=OPEN, unit="NV")
    assert meant("phong quan ly do thi den duong") == Query(words=("den", "duong"), unit="QLDT")
    ward = next(area for area in AREAS.all if fold(area.name) == "phuong thac mo")
    found = meant("rác phường Thác Mơ")
    assert found.words == ("rac",)
    assert ward.code in found.areas
    assert meant("  ").is_empty


def test_every_state_has_a_short_name_in_a_list() -> None:
    lines = [line for table in TABLES.values() for line in table]
    states = {state for line in lines for state in (*line.states, line.to) if state} | set(STARTS.values())
    for stem in ("search_state_", "register_state_"):
        assert {state for state in states if f"{stem}{state}" not in templates()} == set()
    assert {track for track in TABLES if f"register_track_{track}" not in templates()} == set()


@settings(deadline=None)
@given(st.text(max_size=120))
def test_a_query_always_fits_a_button_and_stays_whole_words(text: str) -> None:
    folded = fold(text)
    kept = short(folded)
    assert len(f"search:50:{kept}".encode()) <= 64
    assert len(kept) <= LONGEST
    assert folded.startswith(kept)
    assert kept == folded or folded[len(kept)] == " " or " " not in folded[:LONGEST]
    assert len(meant(text).words) <= 8


@pytest.mark.parametrize("channel", CHANNELS)
async def test_words_are_found_with_and_without_accents_and_opened_by_a_tap(town: Town, channel: str) -> None:
    citizens = [town.stranger(name, "telegram") for name in ("Dân", "Bà con")]
    who = "Kiều Thị Oanh" if channel == "telegram" else "Trương Văn Nam"
    codes = [code_in(await filed(town, citizens[n % 2], f"Ổ gà sâu ở đường số {n}")) for n in range(6)]
    for name in town.people:
        town.unread(name)
    for typed in ("/tim ổ gà đường", "tim o ga duong", "tìm Ổ GÀ ĐƯỜNG"):
        await town.say(who, typed)
        heard = await town.hears(who, *reversed(codes[2:]), "Trang 1")
        assert codes[1] not in heard.text
        assert len(heard.text.split("Trang")[0].split()) <= 60
    await town.press(who, "Trang sau")
    heard = await town.hears(who, codes[1], codes[0], "Trang 2")
    await town.press(who, "Trang trước")
    await town.hears(who, codes[5], "Trang 1")
    await town.press(who, codes[5])
    await town.hears(who, codes[5])
    await town.say(who, "/tim xe lửa")
    await town.hears(who, "Không tìm thấy")
    await town.say(who, "/tim")
    await town.hears(who, "Ví dụ")
    await town.say(who, f"/tim {codes[0]}")
    await town.hears(who, codes[0])


async def test_state_lateness_unit_and_own_narrow_it(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", "telegram")
    first = code_in(await filed(town, citizen, "ổ gà trước chợ"))
    await taken(town, "Nguyễn Thị Kiều")
    second = code_in(await filed(town, citizen, "rác không gom trước chợ"))
    for name in town.people:
        town.unread(name)
    chairman = "Trần Quốc Dũng"

    async def finds(who: str, asked: str) -> list[str]:
        town.unread(who)
        await town.say(who, f"/tim {asked}")
        heard = town.unread(who)[-1]
        return [code for code in (first, second) if code in heard.text]

    assert await finds(chairman, "trước chợ") == [first, second]
    assert await finds(chairman, "đang xử lý") == [first]
    assert await finds(chairman, "chợ chưa nhận") == [second]
    assert await finds(chairman, "phòng tài nguyên và môi trường") == [second]
    assert await finds(chairman, "quá hạn") == []
    assert await finds(chairman, "của tôi") == []
    assert await finds("Nguyễn Thị Kiều", "của tôi") == [first]
    assert await finds("Nguyễn Thị Kiều", "chợ") == [first], "another unit's case is not hers to see"
    await town.until("2021-02-01 09:00")
    assert await finds(chairman, "chợ quá hạn") == [first, second]

    def searched(conn: Connection) -> list[dict[str, object]]:
        return list(conn.execute(select(events.c.fields).where(events.c.action == "searched")).scalars())

    noted = await town.database.read(searched)
    assert {"filters": ["overdue"], "words": 1, "found": 2} in noted
    assert "cho" not in str(noted)


async def test_what_was_added_and_answered_is_found_and_what_was_taken_back_is_not(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "ổ gà trước chợ"))
    await town.say(citizen, f"{code} cạnh tiệm vàng Kimhoa")
    await wait(town)
    for name in town.people:
        town.unread(name)
    await town.say("Trần Quốc Dũng", "/tim kimhoa")
    await town.hears("Trần Quốc Dũng", code)
    await town.press(citizen, "Đây là việc khác")
    await wait(town)
    town.unread("Trần Quốc Dũng")
    await town.say("Trần Quốc Dũng", "/tim kimhoa")
    await town.hears("Trần Quốc Dũng", "Không tìm thấy")
    await town.database.forget_deleted_words()


async def test_a_citizen_cannot_search(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await filed(town, citizen, "ổ gà trước chợ")
    await town.say(citizen, "/tim ổ gà")
    await town.hears(citizen, "Chưa có lệnh này")
    await town._turn(citizen, pressed="search:1:o ga", message_id="x")
    await town.hears(citizen, "hết hiệu lực")


WORDS = ("ổ gà", "đường", "rác", "chợ", "đèn", "hẻm 5", "Thác Mơ", "ngập", "nước", "bí mật", "tổ 3", "loa")


async def test_the_index_finds_what_reading_every_case_would_find(either_town: Town) -> None:
    """On both engines, for people of different rights, with cases about units and people among them."""
    town, dice = either_town, random.Random(7)

    def fill(conn: Connection) -> dict[int, str]:
        told = {}
        ids = list(conn.execute(select(units.c.id).where(units.c.kind == "department")).scalars())
        for _ in range(60):
            words = " ".join(dice.sample(WORDS, dice.randint(1, 6)))
            case = cases_db.create(
                conn, town.clock.now(), today=date(2021, 1, 4), pin_hash="", track="phan_anh", words=words,
                unit_id=dice.choice(ids), due_on=date(2021, 1, 11),
                about_unit_id=dice.choice([None, None, None, *ids]),
            )  # fmt: skip
            told[case.id] = words
        for case_id in dice.sample(sorted(told), 20):
            told[case_id] = " ".join(dice.sample(WORDS, 3))
            cases_db.change(conn, case_id, words=told[case_id])
        for case_id in dice.sample(sorted(told), 10):
            search.erase(conn, case_id)
            told[case_id] = ""
        return told

    told = await town.database.write(fill)

    def seen(conn: Connection, person: Person, query: Query) -> list[int]:
        return [found.id for found in search.find(conn, query, person, date(2021, 1, 4), limit=99)]

    def everything(conn: Connection, person: Person) -> list[int]:
        return list(
            conn.execute(select(cases.c.id).where(readable_by(person)).order_by(cases.c.id.desc())).scalars()
        )

    for name in ("Trần Quốc Dũng", "Thái Văn Đức", "Nguyễn Thị Kiều", "Võ Thanh Tùng"):
        person = await town.database.read(people.person, town.ids[name], date(2021, 1, 4))
        may_read = await town.database.read(everything, person)
        for _ in range(25):
            asked = tuple(fold(" ".join(dice.sample(WORDS, dice.randint(1, 2)))).split())
            expected = [n for n in may_read if set(asked) <= set(fold(told[n]).split())]
            assert await town.database.read(seen, person, Query(words=asked)) == expected
        assert await town.database.read(seen, person, Query(states=OPEN)) == may_read


async def test_a_page_goes_on_where_the_last_one_ended(either_town: Town) -> None:
    town = either_town

    def fill(conn: Connection) -> int:
        unit = conn.execute(select(units.c.id).where(units.c.code == "QLDT")).scalar_one()
        for n in range(9):
            cases_db.create(
                conn, town.clock.now(), today=date(2021, 1, 4), pin_hash="", track="phan_anh",
                words=f"ngập {n}", unit_id=unit, due_on=date(2021, 1, 11),
            )  # fmt: skip
        return int(unit)

    await town.database.write(fill)
    chairman = await town.database.read(people.person, town.ids["Trần Quốc Dũng"], date(2021, 1, 4))

    def page(conn: Connection, offset: int) -> list[str]:
        found = search.find(conn, Query(words=("ngap",)), chairman, date(2021, 1, 4), limit=4, offset=offset)
        return [each.words for each in found]

    pages = [await town.database.read(page, offset) for offset in (0, 4, 8)]
    assert [words for each in pages for words in each] == [f"ngập {n}" for n in range(8, -1, -1)]


async def test_erased_words_are_on_no_page_of_the_file(town: Town) -> None:
    """What is in the index only, and then erased, is nowhere in the database's files."""
    secret = "xylophonzz"

    def fill(conn: Connection) -> int:
        unit = conn.execute(select(units.c.id).where(units.c.code == "QLDT")).scalar_one()
        ids = []
        for n in range(40):
            case = cases_db.create(
                conn, town.clock.now(), today=date(2021, 1, 4), pin_hash="", track="phan_anh",
                words=f"ngập {n} {secret if n == 20 else 'nước'}", unit_id=unit, due_on=date(2021, 1, 11),
            )  # fmt: skip
            ids.append(case.id)
        return ids[20]

    case_id = await town.database.write(fill)
    await town.database.forget_deleted_words()
    assert held(town.folder, secret)
    await town.database.write(erasure.erase, case_id)
    await town.database.forget_deleted_words()
    assert not held(town.folder, secret)


def held(folder: Path, word: str) -> bool:
    # FTS5 keeps what a word has in common with the one before it only once, so its end is looked for too.
    return any(
        part.encode() in file.read_bytes() for file in folder.glob("congvu.db*") for part in (word, word[3:])
    )


async def test_the_counter_reads_a_case_out_and_that_is_on_record(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "ổ gà trước chợ"))
    for name in town.people:
        town.unread(name)
    await town.say("Oanh", code)
    heard: Heard = await town.hears("Oanh", code, "để đọc cho người dân", "Phòng Quản lý đô thị")
    assert "ổ gà" not in heard.text
    assert not heard.choices

    def read_out(conn: Connection) -> int:
        return len(conn.execute(select(events.c.id).where(events.c.action == "read_out")).all())

    assert await town.database.read(read_out) == 1
    await town.say("Hoa", code)  # of another department, not at the counter
    await town.hears("Hoa", "kèm số bí mật")
