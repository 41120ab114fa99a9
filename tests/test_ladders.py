"""Ladder L-HẠN on the plan's own dates, with the calendar of 2021."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from importlib import resources

import pytest

from bot.committee import load_ladders
from domain.calendar import Calendar
from domain.ladders import first_working_day, next_week, week_name
from tests.talk import ZONE, local

_DAYS = tomllib.loads((resources.files("data") / "calendar.toml").read_text(encoding="utf-8"))
CALENDAR = Calendar(
    ZONE,
    closed=frozenset(date.fromisoformat(day) for day, entry in _DAYS.items() if entry["kind"] == "off"),
    worked=frozenset(date.fromisoformat(day) for day, entry in _DAYS.items() if entry["kind"] == "worked"),
)
LADDERS = load_ladders()


def laid(due: date) -> dict[str, datetime]:
    return {rung.name: moment for rung, moment in LADDERS["deadline"].laid(due, CALENDAR)}


def test_january_2021_falls_on_the_days_of_the_specification() -> None:
    assert laid(date(2021, 1, 29)) == {
        "T-7": local("2021-01-22 07:30"),
        "T-3": local("2021-01-26 07:30"),
        "T-1": local("2021-01-28 07:30"),
        "T0": local("2021-01-29 07:30"),
        "T0-pm": local("2021-01-29 15:30"),
        "+1": local("2021-02-01 07:30"),
        "+3": local("2021-02-03 07:30"),
        "+5": local("2021-02-05 07:30"),
    }


def test_the_first_quarter_moves_a_sunday_rung_back_to_friday() -> None:
    rungs = laid(date(2021, 3, 31))
    assert [rungs[name].date() for name in ("T-7", "T-3", "T-1", "T0")] == [
        date(2021, 3, 24),
        date(2021, 3, 26),
        date(2021, 3, 30),
        date(2021, 3, 31),
    ]


def test_may_has_two_rungs_on_one_friday() -> None:
    rungs = laid(date(2021, 5, 31))
    assert rungs["T-7"] == local("2021-05-24 07:30")
    assert rungs["T-3"] == rungs["T-1"] == local("2021-05-28 07:30")


@pytest.mark.parametrize(
    ("after", "first"),
    [
        (date(2021, 2, 5), date(2021, 2, 8)),
        (date(2021, 2, 8), date(2021, 2, 17)),  # Tết takes Monday and Tuesday
        (date(2021, 2, 17), date(2021, 2, 22)),
        (date(2020, 12, 31), date(2021, 1, 4)),
    ],
)
def test_the_weekly_rung_comes_on_the_first_working_day_of_a_week(after: date, first: date) -> None:
    assert next_week(after, CALENDAR) == first


def test_the_first_working_day_of_a_month_may_be_its_fourth() -> None:
    assert first_working_day(date(2021, 1, 20), CALENDAR) == date(2021, 1, 4)


def test_a_week_is_named_by_iso() -> None:
    assert week_name(date(2021, 1, 3)) == "2020-W53"


@pytest.mark.parametrize("due", [date(2021, 6, 30), date(2021, 9, 30), date(2021, 12, 31)])
def test_every_rung_stands_on_a_working_day_at_a_written_hour(due: date) -> None:
    for name, moment in laid(due).items():
        assert CALENDAR.is_working(moment.date()), name
        assert f"{moment:%H:%M}" == ("15:30" if name == "T0-pm" else "07:30")
