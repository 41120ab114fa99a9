"""Codes that catch typing errors, PINs that are kept as hashes, and what counts as an answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.cases import is_substantial, reception_days, resumed_due
from domain.codes import (
    ALPHABET,
    hash_pin,
    is_code,
    is_pin,
    looks_like_code,
    new_code,
    new_pin,
    tidy,
    with_check,
)

SIGNS = st.text(alphabet=ALPHABET, min_size=4, max_size=4)
CALENDAR = Calendar(ZoneInfo("Asia/Ho_Chi_Minh"), closed=frozenset({date(2021, 2, 10), date(2021, 2, 11)}))


@given(SIGNS)
def test_a_code_has_five_signs_and_passes_its_own_check(signs: str) -> None:
    code = with_check(signs)
    assert len(code) == 5
    assert is_code(code)


@given(SIGNS, st.integers(0, 4), st.sampled_from(ALPHABET))
def test_every_single_wrong_sign_is_caught(signs: str, at: int, wrong: str) -> None:
    code = with_check(signs)
    typed = code[:at] + wrong + code[at + 1 :]
    assert is_code(typed) == (typed == code)


@given(SIGNS, st.integers(0, 4), st.integers(0, 4))
def test_every_two_signs_that_changed_places_are_caught(signs: str, one: int, other: int) -> None:
    typed = list(code := with_check(signs))
    typed[one], typed[other] = typed[other], typed[one]
    assert is_code("".join(typed)) == ("".join(typed) == code)


def test_codes_do_not_count_up_and_hold_no_confusing_sign() -> None:
    codes = [new_code() for _ in range(200)]
    assert codes != sorted(codes)
    assert not set("".join(codes)) & set("01OI")


def test_a_code_may_be_typed_in_small_letters_with_gaps() -> None:
    assert tidy(" 7k4m-2 ") == "7K4M2"
    assert looks_like_code("7K4M2")
    assert not looks_like_code("DUONG")
    assert not is_code("DUONG")


def test_a_pin_is_kept_as_a_salted_hash() -> None:
    pin = new_pin()
    kept = hash_pin(pin)
    assert len(pin) == 6
    assert pin not in kept
    assert kept != hash_pin(pin)
    assert is_pin(pin, kept)
    assert not is_pin("000000" if pin != "000000" else "111111", kept)
    assert not is_pin(pin, "")


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("Đã tiếp nhận và sẽ xem xét xử lý theo quy định", False),
        ("Cảm ơn ý kiến phản ánh của ông bà", False),
        ("Đã xử lý xong", False),
        ("Đã vá ổ gà sáng nay, mặt đường bằng phẳng", True),
        ("Lịch cắt điện gửi tổ dân phố trước 3 ngày", True),
    ],
)
def test_an_answer_says_more_than_a_stock_phrase(text: str, enough: bool) -> None:
    assert is_substantial(text) == enough


@given(st.dates(date(2021, 1, 1), date(2021, 3, 1)), st.integers(0, 20), st.integers(0, 20))
def test_a_pause_moves_the_due_date_by_the_working_days_waited(due: date, start: int, waited: int) -> None:
    due = CALENDAR.forward(due)
    paused = datetime(2021, 1, 4, 3, tzinfo=UTC) + timedelta(days=start)
    now = paused + timedelta(days=waited)
    moved = resumed_due(CALENDAR, due, paused, now)
    assert CALENDAR.between(due, moved) == CALENDAR.between(paused.date(), now.date())
    assert CALENDAR.is_working(moved)


@given(st.dates(date(2021, 1, 1), date(2021, 3, 1)))
def test_reception_days_are_ahead_and_worked(today: date) -> None:
    days = reception_days(CALENDAR, (2, 4), today)
    assert len(days) == 4
    assert all(day > today and day.isoweekday() in (2, 4) and CALENDAR.is_working(day) for day in days)
