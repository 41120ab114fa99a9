"""Which two matters a person is asked about: a symmetric, bounded measure, blind to how words are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.similar import (
    NEAR_METRES,
    Telling,
    is_alike,
    is_near,
    may_be_one,
    metres,
    overlap,
    priority,
)

HOLES = ("o ga", "o voi")
WORDS = st.lists(
    st.sampled_from(
        [
            "ổ",
            "gà",
            "to",
            "đường",
            "xe",
            "té",
            "rác",
            "hôi",
            "đèn",
            "hư",
            "ngập",
            "nước",
            "tối",
            "toi",
            "qua",
            "xin",
        ]
    ),
    max_size=12,
).map(" ".join)
PLACES = st.sampled_from(
    ["", "ấp 5", "ap 3", "gần nhà văn hoá", "trước chợ", "khu phố 2", "kp 2", "đường Lê Lợi"]
)
PINS = st.none() | st.tuples(st.floats(11.7, 11.9), st.floats(106.9, 107.1))


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    pin = draw(PINS)
    return Telling(
        draw(st.sampled_from(["duong", "rac"])),
        draw(WORDS),
        draw(PLACES),
        draw(st.sampled_from(["", "kp1", "kp2"])),
        draw(st.sampled_from(["", "Thác Mơ", "Long Thủy"])),
        pin[0] if pin else None,
        pin[1] if pin else None,
    )


@given(tellings(), tellings())
def test_it_does_not_matter_who_came_first(one: Telling, other: Telling) -> None:
    assert may_be_one(one, other, NEAR_METRES, HOLES) == may_be_one(other, one, NEAR_METRES, HOLES)
    assert overlap(one.words, other.words) == overlap(other.words, one.words)


@given(WORDS, WORDS)
def test_the_overlap_is_a_share_and_a_text_is_like_itself(one: str, other: str) -> None:
    assert 0 <= overlap(one, other) <= 1
    assert overlap(one, one) in (0, 1)
    if overlap(one, other) == 1:
        assert overlap(one, one) == 1


@given(WORDS, WORDS, st.randoms(use_true_random=False))
def test_accents_case_order_and_repeats_change_nothing(one: str, other: str, chance: object) -> None:
    from random import Random

    assert isinstance(chance, Random)
    words = one.upper().split() * 2
    chance.shuffle(words)
    assert overlap(" ".join(words), other) == overlap(one, other)
    assert overlap(one + " xin cho toi", other) == overlap(one, other)


@given(tellings(), tellings())
def test_two_pins_alone_decide_where(one: Telling, other: Telling) -> None:
    pins = (one.latitude, one.longitude, other.latitude, other.longitude)
    if None in pins:
        return
    away = metres(*pins)  # type: ignore[arg-type]
    assert is_near(one, other, NEAR_METRES) == (away <= NEAR_METRES)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("duong ap 5 o ga to, toi qua 2 xe te", "Ổ gà ngay ấp 5 sâu lắm", True),
        ("o ga truoc cho", "ổ gà to trước chợ, xe té hoài", True),
        ("o ga kp3 gan truong", "ổ gà khu phố 5 gần trường", False),
        ("o ga ap 5", "via he ap 5 bi lan chiem het roi khong ai di duoc", False),
        ("o ga to lam", "o ga sau lam", False),  # nobody said where
        ("o ga gan cau", "o ga gan cho", False),
        ("ngap tren duong Le Loi sau mua", "nuoc ngap tren duong lê lợi tới đầu gối", True),
    ],
)
def test_as_people_type(one: str, other: str, same: bool) -> None:
    phrases = ("o ga", "via he", "ngap")
    assert may_be_one(Telling("duong", one), Telling("duong", other), NEAR_METRES, phrases) == same


def test_a_place_and_a_kind_of_its_own() -> None:
    here = Telling("duong", "o ga", latitude=11.8, longitude=107.0)
    assert may_be_one(here, Telling("duong", "", latitude=11.801, longitude=107.0), NEAR_METRES)  # 111 m
    assert not may_be_one(here, Telling("duong", "", latitude=11.802, longitude=107.0), NEAR_METRES)
    assert not may_be_one(here, Telling("rac", "", latitude=11.8, longitude=107.0), NEAR_METRES)
    assert not is_alike(Telling("duong", ""), Telling("duong", "o ga"))
    assert is_near(Telling("a", "", area="Thác Mơ"), Telling("a", "", area="Thác Mơ"), 1)
    assert not is_near(Telling("a", "", "gan cho", ward="TM"), Telling("a", "", "gan cho", ward="LT"), 1)
    assert not is_near(Telling("a", "", "ap 5", area="Thác Mơ"), Telling("a", "", "ap 3", area="Thác Mơ"), 1)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert 111_000 < metres(11, 107, 12, 107) < 111_400
    assert metres(11.8, 107, 11.8, 107) == 0


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_people_are_never_less_pressing(one: int, other: int) -> None:
    assert priority(min(one, other)) <= priority(max(one, other)) <= 2
