"""Rules of the working calendar, whatever the days off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import CLOSES, OPENS, Calendar
from tests.talk import ZONE, local

DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 31))
NEAR = st.integers(0, 40).map(lambda shift: timedelta(days=shift))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """A calendar with days off and worked Saturdays around a day."""
    day = draw(DAYS)
    closed = frozenset(day + shift - timedelta(days=20) for shift in draw(st.sets(NEAR, max_size=9)))
    worked = frozenset(day + shift - timedelta(days=20) for shift in draw(st.sets(NEAR, max_size=4)))
    return Calendar(ZONE, closed, worked), day


@given(calendars())
def test_back_and_forward_land_on_the_nearest_working_day(given_: tuple[Calendar, date]) -> None:
    calendar, day = given_
    back, forward = calendar.back(day), calendar.forward(day)
    assert back <= day <= forward
    assert calendar.is_working(back)
    assert calendar.is_working(forward)
    between = [back + timedelta(days=n) for n in range(1, (forward - back).days)]
    assert not [each for each in between if calendar.is_working(each)]


@given(calendars(), st.integers(1, 15))
def test_adding_working_days_counts_them_and_can_be_undone(given_: tuple[Calendar, date], count: int) -> None:
    calendar, day = given_
    later = calendar.add(day, count)
    assert calendar.is_working(later)
    assert calendar.between(day, later) == count
    assert calendar.add(later, -count) == calendar.back(day)
    assert calendar.between(later, day) == -count


@given(calendars(), NEAR, NEAR)
def test_counts_of_neighbouring_spans_add_up(
    given_: tuple[Calendar, date], first: timedelta, second: timedelta
) -> None:
    calendar, day = given_
    middle, end = day + first, day + first + second
    assert calendar.between(day, middle) + calendar.between(middle, end) == calendar.between(day, end)


@given(calendars(), st.integers(0, 24 * 60 - 1))
def test_the_office_moment_is_the_first_open_minute_from_now(
    given_: tuple[Calendar, date], minute: int
) -> None:
    calendar, day = given_
    now = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZONE)
    moment = calendar.office_moment(now)
    shown = moment.astimezone(ZONE)
    assert moment >= now
    assert calendar.is_working(shown.date())
    assert OPENS <= shown.time() < CLOSES
    assert calendar.office_moment(moment) == moment
    if moment != now:
        assert shown.time() == OPENS
        assert calendar.between(calendar.today(now), shown.date()) <= 1


@given(calendars(), st.integers(0, 24 * 60 - 1))
def test_citizens_are_written_to_between_seven_and_twenty_one(
    given_: tuple[Calendar, date], minute: int
) -> None:
    calendar, day = given_
    now = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZONE)
    moment = calendar.citizen_moment(now).astimezone(ZONE)
    assert moment >= now
    assert 7 <= moment.hour < 21
    assert moment - now < timedelta(hours=11)


def test_five_in_the_afternoon_is_tomorrow() -> None:
    calendar = Calendar(ZONE, closed=frozenset({date(2021, 1, 5)}))
    assert calendar.office_moment(local("2021-01-04 16:59")) == local("2021-01-04 16:59")
    assert calendar.office_moment(local("2021-01-04 17:00")) == local("2021-01-06 07:30")
