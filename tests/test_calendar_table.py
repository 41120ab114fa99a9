"""Every shipped day against the table of the specification, typed here as it stands there."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bot.committee import shipped_calendar
from domain.holidays import suggested
from tests.talk import ZONE, local

CALENDAR = shipped_calendar(ZONE)
# Year: weekdays off at Tết, other weekdays off, swaps (off, worked Saturday).
TABLE = {
    2021: ("10-12/2, 15-16/2", "1/1; 21/4; 30/4; 3/5; 2/9, 3/9", ""),
    2022: ("31/1-4/2", "3/1; 11/4; 2/5, 3/5; 1/9, 2/9", ""),
    2023: ("20/1, 23-26/1", "2/1; 1/5, 2/5, 3/5; 1/9, 4/9", ""),
    2024: ("8-9/2, 12-14/2", "1/1; 18/4; 30/4, 1/5; 2/9, 3/9", "29/4 → 4/5"),
    2025: ("27-31/1", "1/1; 7/4; 30/4, 1/5; 1/9, 2/9", "2/5 → 26/4"),
    2026: ("16-20/2", "1/1; 27/4; 30/4, 1/5; 1/9, 2/9; 24/11", "2/1 → 10/1; 31/8 → 22/8"),
    2027: ("4-5/2, 8-10/2", "1/1; 16/4; 30/4; 3/5; 2/9, 3/9; 24/11", ""),
}
# First day of the lunar year, tenth day of its third month.
LUNAR = {
    2021: ((12, 2), (21, 4)),
    2022: ((1, 2), (10, 4)),
    2023: ((22, 1), (29, 4)),
    2024: ((10, 2), (18, 4)),
    2025: ((29, 1), (7, 4)),
    2026: ((17, 2), (26, 4)),
    2027: ((6, 2), (16, 4)),
}
TO_COME = date(2026, 11, 24), date(2027, 11, 24)  # wanted by a resolution, not decided


def days(year: int, text: str) -> set[date]:
    """The days of a cell: "23-26/1" and "31/1-4/2" are spans."""
    found: set[date] = set()
    for part in re.split(r"[;,]", text):
        ends = [each.split("/") for each in part.strip().split("-")]
        month = int(ends[-1][1])
        first = date(year, int(ends[0][1]) if len(ends[0]) > 1 else month, int(ends[0][0]))
        last = date(year, month, int(ends[-1][0]))
        found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found


def swaps(year: int) -> list[tuple[date, date]]:
    """Days off and the Saturdays worked for them."""
    pairs = [part.split("→") for part in TABLE[year][2].split(";") if part]
    return [(days(year, off).pop(), days(year, worked).pop()) for off, worked in pairs]


@pytest.mark.parametrize("year", TABLE)
def test_the_shipped_days_are_those_of_the_table(year: int) -> None:
    tet, other, _ = TABLE[year]
    off = days(year, tet) | days(year, other) | {off for off, _ in swaps(year)}
    assert {day for day in CALENDAR.closed if day.year == year} == off
    assert {day for day in CALENDAR.worked if day.year == year} == {worked for _, worked in swaps(year)}
    first = date(year, 1, 1)
    for day in (first + timedelta(days=n) for n in range(366)):
        if day.year == year:
            expected = day in CALENDAR.worked or (day.weekday() < 5 and day not in off)
            assert CALENDAR.is_working(day) == expected, day


def test_only_years_that_were_decided_are_confirmed() -> None:
    assert CALENDAR.confirmed_years == {2021, 2022, 2023, 2024, 2025, 2026}
    assert CALENDAR.is_unsure(date(2027, 1, 4))


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (date(2024, 4, 29), date(2024, 5, 4)),
        (date(2025, 5, 2), date(2025, 4, 26)),
        (date(2026, 1, 2), date(2026, 1, 10)),
        (date(2026, 8, 31), date(2026, 8, 22)),
    ],
)
def test_a_swap_closes_a_weekday_and_opens_a_saturday(off: date, worked: date) -> None:
    assert not CALENDAR.is_working(off)
    assert CALENDAR.is_working(worked)
    assert worked.weekday() == 5
    assert CALENDAR.add(worked - timedelta(days=1), 1) == worked  # it is counted
    opens = CALENDAR.office_moment(local(f"{worked} 06:00"))
    assert opens == local(f"{worked} 07:30")  # officials are written to
    assert CALENDAR.office_moment(local(f"{off} 09:00")) > local(f"{off} 23:59")


@pytest.mark.parametrize("year", TABLE)
def test_what_is_suggested_is_what_was_decided_but_for_swaps(year: int) -> None:
    """Our own rules and two lunar days give every year of the table; a library is not needed for it."""
    (tet_day, tet_month), (gio_to_day, gio_to_month) = LUNAR[year]
    found = suggested(year, date(year, tet_month, tet_day), date(year, gio_to_month, gio_to_day))
    tet, other, _ = TABLE[year]
    assert set(found) == (days(year, tet) | days(year, other)) - set(TO_COME)
    assert {day for day, feast in found.items() if feast == "tet"} == days(year, tet)
