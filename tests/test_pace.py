"""The pace holds in every second, however calls last and clocks jump."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.pace import SECOND, Pace

START = datetime(2021, 1, 4, tzinfo=UTC)
LIMIT = 5
ONE_WAY = 0.005  # seconds that a call needs at least, there and back alike


def ms(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=20, max_size=40))
def test_no_second_has_more_arrivals_than_the_limit(slower: list[tuple[int, int]]) -> None:
    delays = [(0.0, 0.0)] + [
        (there / 1000, back / 1000) for there, back in slower
    ]  # once the fastest is known
    pace, now, arrivals = Pace(LIMIT), START, list[datetime]()
    under_way: list[tuple[datetime, int, datetime]] = []
    for number, (there, back) in enumerate(delays):
        while not pace.has_room(now):
            landing = under_way[0][0] if under_way else None
            free = pace.free_at(now) or now + SECOND
            now = max(now, min(moment for moment in (landing, free) if moment is not None))
            while under_way and under_way[0][0] <= now:
                landed, account, began = heapq.heappop(under_way)
                pace.landed(account, began, landed, group=False)
        pace.leaves(now)
        arrivals.append(now + ms(ONE_WAY + there))
        heapq.heappush(under_way, (now + ms(2 * ONE_WAY + there + back), number, now))
    arrivals.sort()
    for first, last in zip(arrivals, arrivals[LIMIT:], strict=False):
        assert last - first >= SECOND


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 400)), max_size=40), st.integers(1, 3))
def test_a_place_is_free_at_the_moment_that_was_named_and_not_before(
    calls: list[tuple[int, int]], processes: int
) -> None:
    pace, now = Pace(LIMIT), START
    for number, (pause, lasts) in enumerate(calls):
        now += ms(pause / 1000)
        if pace.has_room(now):
            pace.leaves(now)
            pace.landed(number, now - ms(lasts / 1000), now, group=False)
    pace.share = processes
    if (free := pace.free_at(now)) is None:
        assert pace.has_room(now)
        return
    assert not pace.has_room(now)
    assert not pace.has_room(now, free - now - ms(0.000001))
    assert pace.has_room(now, free - now)
    assert pace.has_room(free)


def test_a_steady_network_lets_the_limit_be_used_to_the_full() -> None:
    pace, now, sent = Pace(30), START, 0
    while now < START + 60 * SECOND:
        if pace.has_room(now):
            pace.leaves(now)
            pace.landed(sent, now, now + ms(0.05), group=False)
            sent += 1
        else:
            now = max(pace.free_at(now) or now, now + ms(0.001))
    assert sent >= 60 * 30 * 0.99


def test_a_clock_put_back_by_an_hour_does_not_stop_the_sending_for_an_hour() -> None:
    pace, now = Pace(LIMIT), START
    for number in range(4 * LIMIT):
        now += SECOND
        assert pace.has_room(now)
        pace.leaves(now)
        pace.landed(number, now, now + ms(0.01), group=False)
    back = now - timedelta(hours=1)
    pace.leaves(now)
    pace.landed(99, now, back, group=False)  # put back during the call
    assert (pace.free_at(back) or back) <= back + SECOND
    assert pace.has_room(back + SECOND)
    assert pace.chats(back + SECOND) == ({}, {})


def test_a_clock_put_forward_forgets_what_is_long_ago() -> None:
    pace = Pace(LIMIT)
    for number in range(LIMIT):
        pace.leaves(START)
        pace.landed(number, START, START + ms(0.01), group=False)
    assert not pace.has_room(START + ms(0.02))
    assert pace.has_room(START + timedelta(days=1))
