"""Periods: what people type, and what a period covers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import periods
from domain.errors import RuleError
from domain.periods import DAY, MONTH, QUARTER, WEEK, YEAR, Period
from domain.words import fold

TODAY = date(2021, 11, 26)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("typed", "period", "left"),
    [
        ("", Period(MONTH, 2021, 11), ""),
        ("quý 2", Period(QUARTER, 2021, 2), ""),
        ("quy 2", Period(QUARTER, 2021, 2), ""),
        ("Quý II/2020", Period(QUARTER, 2020, 2), ""),
        ("QUÝ IV", Period(QUARTER, 2021, 4), ""),
        ("q2", Period(QUARTER, 2021, 2), ""),
        ("q3 2022", Period(QUARTER, 2022, 3), ""),
        ("quý 1 năm 2021", Period(QUARTER, 2021, 1), ""),
        ("quý 4 năm ngoái", Period(QUARTER, 2020, 4), ""),
        ("tháng 5", Period(MONTH, 2021, 5), ""),
        ("thang 05/2021", Period(MONTH, 2021, 5), ""),
        ("tháng 12 năm trước", Period(MONTH, 2020, 12), ""),
        ("t5", Period(MONTH, 2021, 5), ""),
        ("5/2021", Period(MONTH, 2021, 5), ""),
        ("05-2021", Period(MONTH, 2021, 5), ""),
        ("5", Period(MONTH, 2021, 5), ""),
        ("2021", Period(YEAR, 2021), ""),
        ("năm 2020", Period(YEAR, 2020), ""),
        ("cả năm", Period(YEAR, 2021), ""),
        ("tháng này", Period(MONTH, 2021, 11), ""),
        ("tháng trước", Period(MONTH, 2021, 10), ""),
        ("quý trước", Period(QUARTER, 2021, 3), ""),
        ("năm ngoái", Period(YEAR, 2020), ""),
        ("năm", Period(YEAR, 2021), ""),
        ("quý", Period(QUARTER, 2021, 4), ""),
        ("hôm nay", Period(DAY, 2021, 1126), ""),
        ("hôm qua", Period(DAY, 2021, 1125), ""),
        ("ngày 5/1", Period(DAY, 2021, 105), ""),
        ("5/1/2021", Period(DAY, 2021, 105), ""),
        ("29/1", Period(DAY, 2021, 129), ""),
        ("24/11 phòng nội vụ", Period(DAY, 2021, 1124), "phong noi vu"),
        ("ngày 05/01/2020 phòng nội vụ", Period(DAY, 2020, 105), "phong noi vu"),
        ("tuần này", Period(WEEK, 2021, 1122), ""),
        ("tuần", Period(WEEK, 2021, 1122), ""),
        ("tuần trước", Period(WEEK, 2021, 1115), ""),
        ("tuần 2", Period(WEEK, 2021, 111), ""),
        ("tuan 53 nam 2020 van phong", Period(WEEK, 2020, 1228), "van phong"),
        ("phòng nội vụ năm", Period(YEAR, 2021), "phong noi vu"),
        ("tháng", Period(MONTH, 2021, 11), ""),
        ("phòng nội vụ", Period(MONTH, 2021, 11), "phong noi vu"),
        ("phòng nội vụ quý 2", Period(QUARTER, 2021, 2), "phong noi vu"),
        ("quý 2 phòng nội vụ", Period(QUARTER, 2021, 2), "phong noi vu"),
        ("5/2021 văn phòng", Period(MONTH, 2021, 5), "van phong"),
        ("năm 2021 xã Long Giang", Period(YEAR, 2021), "xa long giang"),
    ],
)
def test_a_period_is_read_with_and_without_accents(typed: str, period: Period, left: str) -> None:
    assert periods.read(fold(typed), TODAY) == (period, left)
    assert periods.read(fold(fold(typed)), TODAY) == (period, left)


@pytest.mark.parametrize(
    "typed",
    [
        "ngày 31/2",
        "ngày 0/1",
        "31/2",
        "tuần 54",
        "tuần 0",
        "quý 5",
        "quý 0",
        "tháng 13",
        "tháng 0",
        "13/2021",
        "q9",
        "t99",
        "0",
    ],
)
def test_a_period_that_no_year_has_is_refused(typed: str) -> None:
    with pytest.raises(RuleError, match="summary_period_unknown"):
        periods.read(fold(typed), TODAY)


@given(DAYS, st.sampled_from([DAY, WEEK, MONTH, QUARTER, YEAR]))
def test_a_period_holds_its_day_and_meets_the_one_before(day: date, kind: str) -> None:
    period = periods.around(kind, day)
    assert day in period
    assert periods.from_key(period.key) == period
    earlier = periods.before(period)
    assert earlier.last + timedelta(days=1) == period.first
    assert day not in earlier


@given(st.integers(2000, 2099))
def test_the_months_and_the_quarters_of_a_year_cover_it_once(year: int) -> None:
    days = {date(year, 1, 1) + timedelta(days=n) for n in range(366)} - {date(year + 1, 1, 1)}
    for kind, count in ((MONTH, 12), (QUARTER, 4)):
        parts = [Period(kind, year, number) for number in range(1, count + 1)]
        assert all(sum(day in part for part in parts) == 1 for day in days)


@pytest.mark.parametrize("key", ["", "21", "2021-13", "2021-00", "2021-q5", "2021-q0", "x", "2021-1-1"])
def test_a_key_that_is_no_period_is_a_dead_button(key: str) -> None:
    with pytest.raises(RuleError, match="button_gone"):
        periods.from_key(key)
