"""Counting by Civil Code 147-148 and what an edit does to deadlines, whatever the days off."""

from __future__ import annotations

import os
import time as clock
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.committee import shipped_calendar
from domain.calendar import DAY, OFF, WORKED, Calendar
from domain.calendar_words import ORDINARY, read_edit
from domain.errors import RuleError
from domain.terms import BACK, DAYS, FORWARD, Term, moved
from handlers.calendar_edit import after
from tests.talk import ZONE, local
from tests.test_calendar import NEAR, calendars

SHIPPED = shipped_calendar(ZONE)
COUNTS = st.integers(0, 15)


@given(calendars(), COUNTS, st.lists(st.tuples(NEAR, NEAR), max_size=3))
def test_no_deadline_ends_on_a_closed_day(
    given_: tuple[Calendar, date], count: int, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    calendar, day = given_
    spans = tuple((day + start, day + start + length) for start, length in pauses)
    for term in (Term(BACK, day), Term(FORWARD, day), Term(DAYS, day, count + 1, spans)):
        assert calendar.is_working(term.ends(calendar))
    assert calendar.is_working(calendar.days_after(day, count))
    assert calendar.is_working(calendar.months_after(day, count))


@given(calendars(), NEAR, COUNTS)
def test_a_later_event_never_has_an_earlier_end(
    given_: tuple[Calendar, date], later: timedelta, count: int
) -> None:
    calendar, day = given_
    for term in (Term(BACK, day), Term(FORWARD, day), Term(DAYS, day, count)):
        assert term.ends(calendar) <= Term(term.rule, day + later, count).ends(calendar)
    assert calendar.days_after(day, count) <= calendar.days_after(day + later, count)
    assert calendar.months_after(day, count) <= calendar.months_after(day + later, count)
    assert Term(DAYS, day, count).ends(calendar) <= Term(DAYS, day, count + 1).ends(calendar)


@given(calendars(), COUNTS, NEAR, NEAR)
def test_a_pause_adds_exactly_its_length(
    given_: tuple[Calendar, date], count: int, start: timedelta, length: timedelta
) -> None:
    calendar, day = given_
    plain = Term(DAYS, day, count + 1).ends(calendar)
    first, last = day + start, day + start + length
    paused = Term(DAYS, day, count + 1, ((first, last),)).ends(calendar)
    assert calendar.between(plain, paused) == calendar.between(first, last)


@given(calendars(), st.sets(NEAR, min_size=1, max_size=6), COUNTS)
def test_more_days_off_move_deadlines_one_way_only(
    given_: tuple[Calendar, date], shifts: set[timedelta], count: int
) -> None:
    calendar, day = given_
    stricter = after(calendar, dict.fromkeys((day + shift for shift in shifts), OFF))
    assert Term(BACK, day).ends(stricter) <= Term(BACK, day).ends(calendar)
    assert Term(FORWARD, day).ends(stricter) >= Term(FORWARD, day).ends(calendar)
    assert Term(DAYS, day, count).ends(stricter) >= Term(DAYS, day, count).ends(calendar)


@given(calendars(), st.dictionaries(NEAR, st.sampled_from((OFF, WORKED, ORDINARY)), min_size=1), COUNTS)
def test_an_edit_that_is_undone_leaves_every_deadline_where_it_was(
    given_: tuple[Calendar, date], edit: dict[timedelta, str], count: int
) -> None:
    calendar, day = given_
    kinds = {day + shift: kind for shift, kind in edit.items()}
    was = {
        each: OFF if each in calendar.closed else WORKED if each in calendar.worked else ORDINARY
        for each in kinds
    }
    calendar = after(calendar, was)  # a day that is both off and worked is neither in the table
    changed = after(calendar, kinds)
    for term in (Term(BACK, day), Term(FORWARD, day), Term(DAYS, day, count + 1)):
        today = min(term.ends(calendar), term.ends(changed)) - DAY
        there = moved(term, term.ends(calendar), today, changed)
        assert there == term.ends(changed)
        assert moved(term, there, today, after(changed, was)) == term.ends(calendar)


@given(calendars(), NEAR, COUNTS, st.sampled_from((BACK, FORWARD, DAYS)))
def test_an_edit_makes_nobody_late(
    given_: tuple[Calendar, date], ahead: timedelta, count: int, rule: str
) -> None:
    calendar, today = given_
    due_on = today + ahead
    day = moved(Term(rule, today - timedelta(days=count), count), due_on, today, calendar)
    assert day >= today
    assert calendar.is_working(day)
    past = today - timedelta(days=count + 1)
    assert moved(Term(rule, past, 0), past, today, calendar) >= past


def test_terms_of_months_end_on_the_same_day_or_the_months_last() -> None:
    assert SHIPPED.months_after(date(2021, 1, 29), 1) == date(2021, 3, 1)  # 28/02 is a Sunday
    assert SHIPPED.months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert SHIPPED.months_after(date(2021, 10, 31), 4) == date(2022, 2, 28)
    assert SHIPPED.months_after(date(2021, 12, 15), 12) == date(2022, 12, 15)
    assert SHIPPED.months_after(date(2021, 1, 10), 1) == date(2021, 2, 17)  # 10/02 lies in Tết


def test_terms_of_days_do_not_count_the_first_and_end_on_a_working_day() -> None:
    assert SHIPPED.days_after(date(2021, 1, 4), 10) == date(2021, 1, 14)
    assert SHIPPED.days_after(date(2021, 1, 4), 5) == date(2021, 1, 11)  # 09/01 is a Saturday
    assert SHIPPED.add(date(2021, 2, 9), 1) == date(2021, 2, 17)
    assert SHIPPED.between(date(2021, 2, 9), date(2021, 2, 17)) == 1


def test_the_rungs_of_the_specification_stand_by_the_shipped_calendar() -> None:
    assert SHIPPED.back(date(2021, 1, 31)) == date(2021, 1, 29)
    assert SHIPPED.back(date(2021, 5, 30)) == SHIPPED.back(date(2021, 5, 28)) == date(2021, 5, 28)
    assert [SHIPPED.add(date(2021, 1, 29), n) for n in (1, 3, 5)] == [
        date(2021, 2, 1), date(2021, 2, 3), date(2021, 2, 5),
    ]  # fmt: skip


@pytest.mark.skipif(not hasattr(clock, "tzset"), reason="the machine's zone cannot be set here")
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati", "Asia/Ho_Chi_Minh"])
def test_a_minute_to_midnight_is_still_today_wherever_the_machine_stands(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", zone)
    clock.tzset()
    try:
        assert SHIPPED.today(local("2021-03-28 23:59")) == date(2021, 3, 28)
        assert SHIPPED.today(datetime(2021, 3, 28, 16, 59, 59, tzinfo=UTC)) == date(2021, 3, 28)
        assert SHIPPED.today(datetime(2021, 3, 28, 17, 0, tzinfo=UTC)) == date(2021, 3, 29)
        offsets = {
            SHIPPED.at(date(2021, month, 1), local("2021-01-01 07:30").time()).utcoffset()
            for month in range(1, 13)
        }
        assert offsets == {timedelta(hours=7)}  # no summer time
    finally:
        monkeypatch.undo()
        clock.tzset()


def test_a_service_saturday_counts_for_no_deadline_and_rests_in_a_holiday() -> None:
    saturday = date(2021, 1, 9)
    assert SHIPPED.next_service(6, date(2021, 1, 4)) == saturday
    assert SHIPPED.next_service(6, saturday) == saturday
    assert not SHIPPED.is_working(saturday)
    assert SHIPPED.add(date(2021, 1, 8), 1) == date(2021, 1, 11)
    assert SHIPPED.is_holiday(date(2021, 2, 13))  # within Tết, though nobody entered it
    assert SHIPPED.next_service(6, date(2021, 2, 8)) == date(2021, 2, 20)
    assert not SHIPPED.is_holiday(date(2021, 9, 11))


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("nghỉ 10/2 đến 12/2, Tết", {"10/2": OFF, "11/2": OFF, "12/2": OFF}, "Tết"),
        ("nghi tu 10/2 den het 12/2: Tet", {"10/2": OFF, "11/2": OFF, "12/2": OFF}, "Tet"),
        ("nghỉ Tết từ ngày 10-12/2", {"10/2": OFF, "11/2": OFF, "12/2": OFF}, "Tết"),
        ("làm bù thứ 7 8/5 thay 29/4", {"8/5": WORKED, "29/4": OFF}, ""),
        ("nghỉ thứ Năm 29/4, làm bù thứ bảy 8/5", {"29/4": OFF, "8/5": WORKED}, ""),
        ("nghỉ 1/9, 2/9 Quốc khánh", {"1/9": OFF, "2/9": OFF}, "Quốc khánh"),
        ("bỏ nghỉ ngày 24/2", {"24/2": ORDINARY}, ""),
        ("không nghỉ 24/2", {"24/2": ORDINARY}, ""),
        ("nghỉ ngày 5 tháng 3 năm 2021 vì bão", {"5/3": OFF}, "bão"),
    ],
)
def test_sentences_of_the_clerk(text: str, expected: dict[str, str], note: str) -> None:
    said = read_edit(text, date(2021, 1, 4))
    assert said is not None
    assert {f"{day.day}/{day.month}": kind for day, kind in said.kinds.items()} == expected
    assert {day.year for day in said.kinds} == {2021}
    assert said.note == note


def test_a_day_without_a_year_is_the_next_one() -> None:
    said = read_edit("nghỉ 10/2 đến 16/2, Tết", date(2026, 12, 20))
    assert said is not None
    assert min(said.kinds) == date(2027, 2, 10)


@given(st.text(alphabet="nghỉ làmbùđếnthay0123456789/-., ", max_size=40))
def test_any_sentence_is_read_or_refused_by_name(text: str) -> None:
    said, refused = None, ""
    try:
        said = read_edit(text, date(2021, 1, 4), OFF)
    except RuleError as no:
        refused = no.key
    assert refused.startswith("calendar_") if refused else said is None or said.kinds
