"""The ticks: when they really fire, in the office's zone."""

from __future__ import annotations

from datetime import timedelta

from scheduler.timetable import make_scheduler
from tests.talk import ZONE, local


async def nothing() -> None:
    """A job."""


async def test_two_jobs_with_fixed_ids_are_never_dropped_for_being_late_and_never_run_twice_at_once() -> None:
    scheduler = make_scheduler(ZONE, nothing, nothing)
    scheduler.start(paused=True)
    jobs = {job.id: (job.coalesce, job.misfire_grace_time, job.max_instances) for job in scheduler.get_jobs()}
    scheduler.shutdown(wait=False)
    assert jobs == {"tick": (True, None, 1), "backup": (True, None, 1)}


def test_the_copy_is_made_at_two_in_the_morning_of_the_office() -> None:
    backup = make_scheduler(ZONE, nothing, nothing).get_job("backup")
    assert backup.trigger.get_next_fire_time(None, local("2021-01-04 07:25")) == local("2021-01-05 02:00")


def test_a_tick_comes_every_twenty_seconds() -> None:
    tick = make_scheduler(ZONE, nothing, nothing).get_job("tick")
    first = tick.trigger.get_next_fire_time(None, local("2021-01-04 07:25"))
    assert tick.trigger.get_next_fire_time(first, first) - first == timedelta(seconds=20)
