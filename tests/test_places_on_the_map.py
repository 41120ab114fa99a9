"""A place on the map: pasted, typed, sent as a pin, or said by a picture; on our ground or elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import Connection, select

from bot.attachments import checked
from db.models import cases, dialogs
from domain.areas import Area, Areas, Elsewhere
from domain.chat import Place, Turn
from domain.ground import holds, read_outline
from domain.map_links import is_short_link, located
from tests.citizens import BROWN, CHANNELS, wait
from tests.talk import Town

INSIDE, OUTSIDE, NEIGHBOURS = (11.812, 106.985), (10.776, 106.7), (11.65, 106.95)
BOX = ((11.72, 106.88), (11.92, 107.10))
WARD = ((11.80, 106.97), (11.82, 106.97), (11.82, 107.0), (11.80, 107.0))
KP5 = ((11.81, 106.98), (11.82, 106.99))
AREAS = Areas(
    (
        Area("LT", "phường Long Thủy", outline=WARD),
        Area("LT-khupho5", "khu phố 5", "LT", outline=KP5),
        Area("TM", "phường Thác Mơ"),
    ),
    (Elsewhere("huyện Phú Riềng", "UBND huyện Phú Riềng", ("phu rieng",), ((11.5, 106.8), (11.72, 107.1))),),
    BOX,
)


def _said(text: str) -> tuple[Place | None, str]:
    turn = located(Turn("zalo", "c", "k", text=text))
    return turn.place, turn.text


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("https://maps.google.com/?q=11.812,106.985", Place(11.812, 106.985), ""),
        ("o ga day https://www.google.com/maps?q=11.812,106.985&z=17", Place(11.812, 106.985), "o ga day"),
        ("https://www.google.com/maps/@11.8120,106.9850,17z", Place(11.812, 106.985), ""),
        ("https://www.google.com/maps/place/Ch%E1%BB%A3+Th%C3%A1c+M%C6%A1/@11.8,106.9,17z/data=!3d11.812!4d106.985",
         Place(11.812, 106.985, "Chợ Thác Mơ"), ""),
        ("https://www.google.com/maps/search/?api=1&query=11.812%2C106.985", Place(11.812, 106.985), ""),
        ("maps.google.com/?q=11.812,106.985", Place(11.812, 106.985), ""),
        ("https://maps.apple.com/?ll=11.812,106.985&q=Nha", Place(11.812, 106.985), ""),
        ("https://openstreetmap.org/?mlat=11.812&mlon=106.985#map=9/1.8/6.9", Place(11.812, 106.985), ""),
        ("https://www.openstreetmap.org/#map=17/11.812/106.985", Place(11.812, 106.985), ""),
        ("geo:11.812,106.985?z=17", Place(11.812, 106.985), ""),
        ("vi tri 11.812, 106.985 nha", Place(11.812, 106.985), "vi tri nha"),
        ("11°48'43.2\"N 106°59'6\"E", Place(11.812, 106.985), ""),
        ("11°48′43,2″B 106°59′6″Đ", Place(11.812, 106.985), ""),
    ],
)  # fmt: skip
def test_a_place_is_read_from_a_link_or_degrees(text: str, place: Place, rest: str) -> None:
    found, left = _said(text)
    assert found is not None
    assert (found.latitude, found.longitude) == pytest.approx((place.latitude, place.longitude))
    assert (found.title, left) == (place.title, rest)


@pytest.mark.parametrize(
    "text",
    [
        "https://maps.app.goo.gl/AbCd123",
        "https://example.com/?q=11.812,106.985",
        "https://google.com.evil.example/maps?q=11.812,106.985",
        "tien nuoc 11.50, 2 thang",
        "so 12.5, 34",
        "https://maps.google.com/?q=111.812,106.985",
        "2.300.000 d",
        "",
    ],
)
def test_what_names_no_place_stays_words(text: str) -> None:
    assert _said(text) == (None, text)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    located(Turn("zalo", "c", "k", text=text))
    is_short_link(text)


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(0.01, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_box_and_the_polygon_of_its_corners_hold_the_same_points(
    south: float, west: float, size: float, up: float, right: float
) -> None:
    box = ((south, west), (south + size, west + size))
    polygon = ((south, west), (south + size, west), (south + size, west + size), (south, west + size))
    for share in (0.01 + 0.98 * up, 1.5 + up, -0.5 - up):
        point = (south + size * share, west + size * (0.01 + 0.98 * right))
        assert holds(box, *point) == holds(polygon, *point) == (0 < share < 1)


@pytest.mark.parametrize(
    "points", [[[1, 2]], [[1]], [[91, 0], [0, 0]], "box", [["a", "b"], [1, 2]], [[True, 1], [2, 3]], 5]
)
def test_what_is_no_outline_is_refused(points: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_outline(points)


def test_a_point_lies_in_the_smallest_area_or_elsewhere() -> None:
    def at(*point: float) -> tuple[str, str | None]:
        found = AREAS.at(*point)
        return found.sure.code if found.sure else "", found.elsewhere.name if found.elsewhere else None

    assert at(11.815, 106.985) == ("LT-khupho5", None)
    assert at(11.805, 106.995) == ("LT", None)
    assert at(11.75, 106.9) == ("", None)  # ours, in no area that is drawn
    assert at(*NEIGHBOURS) == ("", "huyện Phú Riềng")
    assert at(*OUTSIDE) == ("", "")
    assert replace(AREAS, outline=(), all=()).at(*OUTSIDE).elsewhere is None  # nobody drew a line


def _where(conn: Connection) -> list[Any]:
    return [(row.latitude, row.longitude, row.area) for row in conn.execute(select(cases))]


def _drafts(conn: Connection) -> list[Any]:
    return list(conn.execute(select(dialogs.c.data)).scalars())


@pytest.fixture
def mapped(town: Town) -> Town:
    """A town whose neighbour and one of whose wards are drawn on the map."""
    areas = town.app.committee.areas
    drawn = tuple(replace(area, outline=WARD if area.code == "LT" else ()) for area in areas.all)
    theirs = tuple(
        replace(each, outline=((11.5, 106.8), (11.72, 107.1)) if each.name == "huyện Phú Riềng" else ())
        for each in areas.neighbours
    )
    town.app.committee = replace(town.app.committee, areas=Areas(drawn, theirs, BOX))
    return town


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_pasted_link_is_the_place_and_its_ward_is_known(mapped: Town, channel: str) -> None:
    citizen = mapped.stranger("Dân", channel)
    await mapped.send(citizen, BROWN)
    await mapped.say(citizen, "o ga to o day https://maps.google.com/?q=11.812,106.985")
    await wait(mapped)
    asked = await mapped.hears(citizen, "o ga to o day", "có vị trí", "phường Long Thủy")
    assert "http" not in asked.text
    assert "Gần chỗ nào" not in asked.text
    await mapped.press(citizen, "Đồng ý và gửi")
    await wait(mapped)
    assert await mapped.database.read(_where) == [(11.812, 106.985, "LT")]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_short_link_is_kept_as_the_place_for_officials_to_open(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "https://maps.app.goo.gl/AbCd123")
    await wait(town)
    await town.hears(citizen, "https://maps.app.goo.gl/AbCd123", "Có việc gì ở đó?")
    await town.say(citizen, "o ga to qua")
    await wait(town)
    asked = await town.hears(citizen, "o ga to qua")
    assert "Gần chỗ nào" not in asked.text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("point", "words"), [(OUTSIDE, "ngoài địa bàn"), (NEIGHBOURS, "UBND huyện Phú Riềng")]
)
async def test_a_pin_elsewhere_is_told_whose_it_is_and_nothing_is_kept(
    mapped: Town, channel: str, point: tuple[float, float], words: str
) -> None:
    citizen = mapped.stranger("Dân", channel)
    await mapped.say(citizen, "o ga to")
    await mapped.pin(citizen, *point)
    await wait(mapped)
    asked = await mapped.hears(citizen, words, "Vẫn gửi ở đây")
    assert len(asked.text.split()) <= 70
    await mapped.press(citizen, "Đúng, ở huyện Phú Riềng" if point == NEIGHBOURS else "Đúng, ở ngoài địa bàn")
    await wait(mapped)
    await mapped.hears(citizen, "UBND", "không lưu gì")
    assert await mapped.database.read(_drafts) == []
    assert await mapped.database.read(_where) == []


async def test_a_copy_is_kept_for_whoever_wants_it_and_a_new_pin_mends_a_wrong_one(mapped: Town) -> None:
    one, other = mapped.stranger("Một", "telegram"), mapped.stranger("Hai", "zalo")
    for citizen in (one, other):
        await mapped.say(citizen, "o ga to")
        await mapped.pin(citizen, *OUTSIDE)
        await wait(mapped)
        await mapped.hears(citizen, "ngoài địa bàn")
    await mapped.press(one, "Vẫn gửi ở đây")
    await wait(mapped)
    await mapped.press(one, "Đồng ý và gửi")
    await mapped.pin(other, *INSIDE)
    await wait(mapped)
    await mapped.hears(other, "phường Long Thủy", "Đồng ý và gửi")
    assert await mapped.database.read(_where) == [(*OUTSIDE, "")]


async def test_an_emergency_is_not_asked_where_it_lies(mapped: Town) -> None:
    citizen = mapped.stranger("Dân", "telegram")
    await mapped.say(citizen, "cháy nhà rồi")
    await mapped.pin(citizen, *OUTSIDE)
    await wait(mapped)
    assert any("Đồng ý và gửi" in heard.choices for heard in mapped.unread(citizen))


def photo(latitude: float, longitude: float) -> bytes:
    """A JPEG that says where it was taken, as a phone writes it."""

    def parts(degrees: float) -> tuple[float, float, float]:
        whole, rest = divmod(abs(degrees) * 3600, 3600)
        minutes, seconds = divmod(rest, 60)
        return whole, minutes, round(seconds, 4)

    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N" if latitude >= 0 else "S", parts(latitude)
    gps[3], gps[4] = "E" if longitude >= 0 else "W", parts(longitude)
    made = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 10, 10)).save(made, "JPEG", exif=exif)
    return made.getvalue()


@given(st.floats(-89, 89), st.floats(-179, 179))
def test_what_a_picture_says_of_its_place_is_read_and_is_no_longer_in_it(
    latitude: float, longitude: float
) -> None:
    kept = checked(photo(latitude, longitude))
    if kept.place is not None:  # the zeros of a camera without a fix are no place
        assert (kept.place.latitude, kept.place.longitude) == pytest.approx((latitude, longitude), abs=1e-5)
    assert checked(kept.data).place is None
    assert b"Exif" not in kept.data


@pytest.mark.parametrize(
    "gps",
    [{}, {1: "N", 2: (11, 48, 43)}, {1: "N", 2: (11, 48), 3: "E", 4: (1, 2)}, {2: (0, 0, 0), 4: (0, 0, 0)}],
)
def test_half_a_place_in_a_picture_is_none(gps: dict[int, Any]) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Máy"
    exif.get_ifd(0x8825).update(gps)
    made = io.BytesIO()
    Image.new("RGB", (40, 30)).save(made, "JPEG", exif=exif)
    assert checked(made.getvalue()).place is None


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_place_of_a_picture_is_offered_and_taken_with_one_tap(mapped: Town, channel: str) -> None:
    citizen = mapped.stranger("Dân", channel)
    await mapped.send(citizen, photo(*INSIDE))
    await mapped.say(citizen, "o ga to qua")
    await wait(mapped)
    heard = mapped.unread(citizen)
    assert len(heard) == 1
    assert "gần phường Long Thủy. Dùng vị trí này?" in heard[0].text
    assert "Gần chỗ nào" not in heard[0].text
    await mapped.press(citizen, "Dùng vị trí của ảnh")
    await wait(mapped)
    told = (await mapped.hears(citizen, "vị trí")).text
    assert "Dùng vị trí của ảnh" not in told
    await mapped.press(citizen, "Đồng ý và gửi")
    await wait(mapped)
    ((latitude, longitude, area),) = await mapped.database.read(_where)
    assert (latitude, longitude) == pytest.approx(INSIDE, abs=1e-5)
    assert area == "LT"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_place_of_a_picture_is_not_kept_by_whoever_does_not_take_it(
    mapped: Town, channel: str
) -> None:
    citizen = mapped.stranger("Dân", channel)
    await mapped.send(citizen, photo(*INSIDE))
    await mapped.say(citizen, "o ga to qua truoc cho")
    await wait(mapped)
    await mapped.hears(citizen, "Dùng vị trí này?", "Dùng vị trí của ảnh")
    await mapped.press(citizen, "Đồng ý và gửi")
    await wait(mapped)
    assert await mapped.database.read(_where) == [(None, None, "")]
    assert await mapped.database.read(_drafts) == []
    kept = b"".join(path.read_bytes() for path in (mapped.folder / "files").rglob("*") if path.is_file())
    assert b"Exif" not in kept


async def test_a_pin_of_ones_own_is_not_asked_against_a_picture(mapped: Town) -> None:
    citizen = mapped.stranger("Dân", "telegram")
    await mapped.say(citizen, "o ga to qua")
    await mapped.pin(citizen, *INSIDE)
    await mapped.send(citizen, photo(11.75, 106.9))
    await wait(mapped)
    heard = mapped.unread(citizen)
    assert not any("Dùng vị trí" in each.text for each in heard)


async def test_a_picture_taken_elsewhere_is_asked_about_like_a_pin(mapped: Town) -> None:
    citizen = mapped.stranger("Dân", "zalo")
    await mapped.send(citizen, photo(*OUTSIDE))
    await mapped.say(citizen, "o ga to qua")
    await wait(mapped)
    await mapped.hears(citizen, "Ảnh có ghi chỗ chụp.")
    await mapped.press(citizen, "Dùng vị trí của ảnh")
    await wait(mapped)
    await mapped.hears(citizen, "ngoài địa bàn", "Vẫn gửi ở đây")
