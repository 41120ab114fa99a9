"""A typed place and the part of the committee's ground it is in, alone and on the way to a case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.committee import committee_folder, load_areas
from db.models import cases
from domain.areas import Area, Areas
from domain.words import fold
from tests.citizens import CHANNELS, wait
from tests.talk import Town

TOWN = load_areas(committee_folder())
WARD = Areas((Area("KP1", "khu phố 1"), Area("KP3", "khu phố 3"), Area("AP4", "ấp 4")))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("khu phố 5, phường Long Thủy", "LT-khupho5"),
        ("khu pho 5 long thuy", "LT-khupho5"),
        ("kp5 p.long thuy", "LT-khupho5"),
        ("KP 05 Long Thuỷ", "LT-khupho5"),
        ("k.phố 5 f long thuỷ", "LT-khupho5"),
        ("khu phố năm phường long thủy", "LT-khupho5"),
        ("kp5 longthuy", "LT-khupho5"),
        ("ấp 5 long thủy", "LT-khupho5"),  # an older word for the same
        ("p. phuoc binh", "PB"),
        ("phuocbinh ngap nuoc", "PB"),
        ("thac mo", "TM"),
        ("ổ gà ở Thác Mơ", "TM"),
        ("thon 3 xa phuoc tin", "PT-thon3"),
        ("ấp 3 phước tín", "PT-thon3"),
        ("x. Long Giang", "LG"),
        ("chợ Long Thủy", "LT"),
        ("kp 9 long thuy", "LT"),  # there is none: the ward at least
        ("đường Long Phước, phường Thác Mơ", "TM"),
    ],
)
def test_what_people_type_is_an_area(text: str, code: str) -> None:
    found = TOWN.find(text).sure
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "text", ["kp3", "ap 4", "gần nhà văn hoá", "", "o ga to", "nhà tôi ở hẻm 5", "số 5 Lê Lợi"]
)
def test_a_place_that_could_be_anywhere_is_none(text: str) -> None:
    assert TOWN.find(text).sure is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kp7", ["LP-khupho7", "PB-khupho7"]),
        ("thôn 4", ["PT-thon4", "LG-thon4"]),
        ("từ Thác Mơ đến Long Thủy", ["TM", "LT"]),
        ("đường Long Phước", ["LP"]),
        ("giáp ranh phường Thác Mơ và phường Long Thủy", ["TM", "LT"]),
    ],
)
def test_a_doubt_has_its_candidates(text: str, codes: list[str]) -> None:
    found = TOWN.find(text)
    assert [area.code for area in found.perhaps] == codes


@pytest.mark.parametrize(
    ("text", "code"), [("kp3", "KP3"), ("ap 4", "AP4"), ("khu phố 1", "KP1"), ("ấp 3", "KP3")]
)
def test_a_committee_of_one_ward_needs_no_name(text: str, code: str) -> None:
    found = WARD.find(text).sure
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ổ gà ở Đồng Xoài", "thành phố Đồng Xoài"),
        ("duong hu xa long ha", "huyện Phú Riềng"),
        ("rac o bu gia map", "huyện Bù Gia Mập"),
    ],
)
def test_a_neighbours_ground_is_named(text: str, name: str) -> None:
    found = TOWN.find(text).elsewhere
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "text", ["xe buýt đi Đồng Xoài không dừng ở phường Thác Mơ", "kp 7 gần quán Bù Nho", "rác"]
)
def test_a_neighbours_name_alone_is_not_its_ground(text: str) -> None:
    assert TOWN.find(text).elsewhere is None


@given(st.sampled_from(TOWN.all), st.text(alphabet="bcdeglmqrsuvy ,.", max_size=30))
def test_a_full_name_is_found_with_and_without_accents_in_any_company(area: Area, company: str) -> None:
    name = TOWN.name(area.code)
    for typed in (f"{company} {name}", f"{fold(name)}, {company}", f"{company}. {name.upper()}"):
        assert TOWN.find(typed).sure == area


@given(st.text(max_size=100))
def test_any_text_is_read_without_an_error(text: str) -> None:
    TOWN.find(text)


def _areas(conn: Connection) -> list[str]:
    return list(conn.execute(select(cases.c.area).order_by(cases.c.id)).scalars())


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_case_knows_its_area_without_a_question(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "o ga truoc cho, kp5 long thuy")
    await wait(town)
    await town.hears(citizen, "(khu phố 5, phường Long Thủy)")
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    assert await town.database.read(_areas) == ["LT-khupho5"]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_doubt_is_settled_with_one_tap(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "o ga truoc nha van hoa kp7")
    await wait(town)
    await town.hears(
        citizen, "Chỗ này ở đâu?", "khu phố 7, phường Long Phước", "khu phố 7, phường Phước Bình"
    )
    await town.press(citizen, "khu phố 7, phường Phước Bình")
    await town.hears(citizen, "phường Phước Bình")
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")
    assert await town.database.read(_areas) == ["PB-khupho7"]


async def test_a_doubt_may_stay_open(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "o ga truoc nha van hoa kp7")
    await wait(town)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    assert await town.database.read(_areas) == [""]


async def test_a_new_place_undoes_the_choice(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "o ga truoc nha van hoa kp7")
    await wait(town)
    await town.press(citizen, "khu phố 7, phường Phước Bình")
    await town.press(citizen, "Sửa")
    await town.press(citizen, "Địa điểm")
    await town.say(citizen, "chợ Thác Mơ")
    await wait(town)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    assert await town.database.read(_areas) == ["TM"]
