"""Eight free messages within 48 hours of a person's last one: Zalo's rule for an Official Account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.window import ZALO_OA, Window

HEARD = datetime(2021, 1, 4, 1, 0, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=9))


@given(st.integers(0, 20), MOMENTS)
def test_the_window_is_open_for_eight_messages_and_48_hours(sent: int, later: timedelta) -> None:
    is_open = ZALO_OA.is_open(HEARD, sent, HEARD + later)
    if is_open:
        assert sent < 8
        assert later < timedelta(hours=48)
    if sent < 8 and later < timedelta(hours=47, minutes=55):
        assert is_open


@given(st.integers(0, 20), st.integers(0, 20), MOMENTS, MOMENTS)
def test_it_never_opens_by_itself(sent: int, more: int, at: timedelta, later: timedelta) -> None:
    if ZALO_OA.is_open(HEARD, sent + more, HEARD + at + later):
        assert ZALO_OA.is_open(HEARD, sent, HEARD + at)


@given(st.lists(st.tuples(MOMENTS, st.booleans()), max_size=40))
def test_whatever_happens_no_more_than_eight_leave_between_two_messages_of_a_person(
    steps: list[tuple[timedelta, bool]],
) -> None:
    now, heard_at, sent, moments = HEARD, HEARD, 0, list[datetime]()
    for pause, writes in steps:
        now += pause / 20
        if writes:
            heard_at, sent, moments = now, 0, []
        elif ZALO_OA.is_open(heard_at, sent, now):
            sent += 1
            moments.append(now)
        assert len(moments) <= 8
        assert all(moment - heard_at < timedelta(hours=48) for moment in moments)


@given(st.integers(0, 10**6), MOMENTS)
def test_without_a_number_the_hours_alone_count(sent: int, later: timedelta) -> None:
    window = Window(None, timedelta(hours=48))
    assert window.is_open(HEARD, sent, HEARD + later) == (later < timedelta(hours=48))


def test_who_was_heard_at_an_unknown_moment_is_left_to_the_platform() -> None:
    assert Window(1, timedelta(hours=1)).is_open(None, 0, HEARD)
