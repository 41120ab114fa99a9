"""The only place that knows APScheduler: a handful of ticks with fixed ids, and no truth of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger()

TICK_SECONDS = 20
BACKUP_HOUR = 2

Job = Callable[[], Awaitable[object]]


def make_scheduler(zone: ZoneInfo, tick: Job, backup: Job) -> AsyncIOScheduler:
    """A scheduler with our jobs, not started."""
    scheduler = AsyncIOScheduler(
        timezone=zone,
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    every = IntervalTrigger(seconds=TICK_SECONDS, timezone=zone)
    nightly = CronTrigger(hour=BACKUP_HOUR, minute=0, timezone=zone)
    scheduler.add_job(tick, every, id="tick", replace_existing=True)
    scheduler.add_job(backup, nightly, id="backup", replace_existing=True)
    scheduler.add_listener(_went_wrong, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    return scheduler


@asynccontextmanager
async def ticking(zone: ZoneInfo, tick: Job, backup: Job) -> AsyncIterator[None]:
    """Runs the jobs for as long as the context lasts."""
    scheduler = make_scheduler(zone, tick, backup)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _went_wrong(event: JobExecutionEvent) -> None:
    error = type(event.exception).__name__ if event.exception else "missed"
    log.error("job_failed", job=event.job_id, error=error, trace=getattr(event, "traceback", None))
