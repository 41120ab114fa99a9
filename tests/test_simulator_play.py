"""Moving the town's clock: nothing on the way is left out, nothing that waits is forgotten."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from db import outbox, people
from domain.chat import Reply
from simulator.clock import TownClock
from simulator.play import NotListening, Player
from simulator.town import Town
from tests import talk
from tests.talk import local

START = local("2021-01-04 07:25")


class Diary:
    """A service that has something to do at given moments and writes down when it did it."""

    def __init__(self, town: Town, *due: datetime) -> None:
        self.town = town
        self.due = sorted(due)
        self.done: list[tuple[datetime, datetime]] = []
        self.stuck_until = START

    async def tick(self) -> None:
        now = self.town.clock.now()
        while self.due and self.due[0] <= now and now >= self.stuck_until:
            self.done.append((self.due.pop(0), now))

    async def settle(self) -> None:
        await asyncio.sleep(0)

    async def next_due(self) -> datetime | None:
        return self.due[0] if self.due else None


@pytest.fixture
def still(tmp_path: Path) -> Town:
    return Town(tmp_path, START)


async def test_play_stops_at_each_due_moment_and_ends_at_the_goal(still: Town) -> None:
    moments = [START + timedelta(hours=hour) for hour in (1, 5, 30)]
    diary = Diary(still, *moments)
    await Player(still, diary).play(START + timedelta(hours=6))
    assert diary.done == [(moment, moment) for moment in moments[:2]]
    assert timedelta(0) <= still.clock.now() - (START + timedelta(hours=6)) < timedelta(minutes=1)


async def test_play_gets_past_something_that_cannot_be_done_yet(still: Town) -> None:
    diary = Diary(still, START)
    diary.stuck_until = START + timedelta(minutes=1)
    await Player(still, diary).play(START + timedelta(hours=1))
    ((_, done),) = diary.done
    assert timedelta(0) <= done - diary.stuck_until <= timedelta(seconds=1)


async def test_a_jump_is_an_outage_after_which_everything_is_caught_up_with(still: Town) -> None:
    goal = START + timedelta(days=3)
    diary = Diary(still, START + timedelta(hours=1), START + timedelta(hours=5))
    await Player(still, diary).jump(goal)
    assert [done >= goal for _, done in diary.done] == [True, True]


async def test_idle_waits_for_a_burst_but_not_for_tomorrow(still: Town) -> None:
    soon = still.clock.now() + timedelta(seconds=0.3)
    diary = Diary(still, soon, START + timedelta(days=1))
    await Player(still, diary).idle(5)
    assert [due for due, _ in diary.done] == [soon]


async def test_idle_waits_until_the_bot_has_taken_what_was_said(still: Town) -> None:
    with still.change():
        number = still.push("telegram", {}, 1)
    waiting = asyncio.create_task(Player(still, Diary(still)).idle(5))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    with still.change():
        still.confirm("telegram", number)
    await waiting


async def test_idle_and_play_give_up_on_a_bot_that_does_not_listen(
    still: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with still.change():
        still.push("telegram", {}, 1)
    player = Player(still, Diary(still))
    with pytest.raises(TimeoutError):
        await player.idle(0.1)
    monkeypatch.setattr("simulator.play.PATIENCE", 0.1)
    with pytest.raises(NotListening):
        await player.play(START + timedelta(hours=1))
    assert player.goal is None


@given(moves=st.lists(st.integers(-10_000, 10_000), max_size=8), held=st.booleans())
def test_the_clock_never_goes_back(moves: list[int], held: bool) -> None:
    kept: list[float] = []
    clock = TownClock(TownClock.offset_of(START), kept.append)
    if held:
        clock.hold()
    for seconds in moves:
        before = clock.now()
        clock.advance_to(START + timedelta(seconds=seconds))
        assert clock.now() >= max(before, START.astimezone(UTC) + timedelta(seconds=seconds))
    clock.release()
    assert len(kept) == len(moves) + held


class _HandClock(TownClock):
    """The conversation harness's clock, with the town's handle on it."""

    def __init__(self, hand: talk.HandClock) -> None:
        super().__init__(0, lambda _: None)
        self._hand = hand

    def now(self) -> datetime:
        return self._hand.now()

    def advance_to(self, moment: datetime) -> None:
        self._hand.at = max(self._hand.at, moment)

    def release(self) -> None:
        self._held = None


async def _a_busy_morning(town: talk.Town) -> None:
    """Everybody has a card at 07:30, one more comes soon after, some a little later."""

    def post(conn: Connection) -> None:
        for number, person_id in enumerate(town.ids.values()):
            account = people.account_of(conn, person_id)
            assert account is not None
            at = local("2021-01-04 07:30")
            outbox.post(conn, account.id, Reply("turn_failed"), at, due_at=at)
            if number % 9 == 0:
                outbox.post(conn, account.id, Reply("button_gone"), at, due_at=at + timedelta(seconds=40.5))

    await town.database.write(post)


def _heard(town: talk.Town) -> list[tuple[str, list[str]]]:
    return sorted(
        (chat, [message.text for message in heard])
        for channel in town.fake.values()
        for chat, heard in channel.chats.items()
    )


def _moments(town: talk.Town) -> list[datetime]:
    heard = (m for channel in town.fake.values() for chat in channel.chats.values() for m in chat)
    return sorted(message.at for message in heard if message.at is not None)


async def test_playing_is_the_same_as_running_every_tick(tmp_path: Path) -> None:
    goal = local("2021-01-04 07:31")
    played, ticked = (talk.Town(tmp_path / name, "2021-01-04 07:29:50") for name in ("played", "ticked"))
    for town in (played, ticked):
        await town.open()
        await _a_busy_morning(town)
    outside = Town(tmp_path / "outside", START)
    outside.clock = _HandClock(played.clock)
    await Player(outside, played.app).play(goal)
    for tenth in itertools.count(1):
        ticked.clock.at += timedelta(milliseconds=100)
        if tenth % 10 == 0:
            await ticked.app.tick()
        await ticked.app.settle()
        if ticked.clock.at >= goal:
            break
    assert len(_moments(played)) == 46 + 6
    assert _heard(played) == _heard(ticked)
    for early, late in zip(_moments(played), _moments(ticked), strict=True):
        assert timedelta(0) <= late - early < timedelta(seconds=1.5)
    for town in (played, ticked):
        await town.close()
