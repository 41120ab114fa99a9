"""Says, day by day and with arithmetic of its own, who must hear of what in a year.

It knows the rules from the specification and nothing of the scheduler.  Everybody is one of three
kinds: ``good`` (in time), ``late`` and ``silent``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

ONE = timedelta(days=1)
SUBMITS, CONFIRMS = time(9), time(10)
Push = tuple[int, date, str]  # person, day, "07:30" or "15:30"


@dataclass
class Days:
    """The office's days: weekdays that are not off."""

    off: frozenset[date]

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.off

    def before(self, day: date) -> date:
        """The day or the last working day before it."""
        return day if self.works(day) else self.before(day - ONE)

    def after(self, day: date) -> date:
        """The day or the next working day."""
        return day if self.works(day) else self.after(day + ONE)

    def plus(self, day: date, count: int) -> date:
        """So many working days later, or earlier."""
        while count:
            day += ONE if count > 0 else -ONE
            count -= (1 if count > 0 else -1) if self.works(day) else 0
        return day

    def monday(self, day: date) -> date:
        """The first working day of the next week that has one."""
        monday = day + ONE * (7 - day.weekday())
        first = self.after(monday)
        return first if first < monday + 7 * ONE else self.monday(monday)

    def mondays(self, day: date, until: date) -> Iterator[date]:
        """The first working days of the weeks that follow."""
        while (day := self.monday(day)) <= until:
            yield day


@dataclass
class Job:
    """A dated task in one pair of hands, from ``begin`` on; ``done`` is when it was handed in."""

    holder: int
    due: date
    begin: datetime
    head: int
    parts: list[Job] = field(default_factory=list)
    is_parent: bool = False
    done: datetime | None = None
    ended: datetime | None = None  # given to somebody else


@dataclass
class Turn:
    """What one unit has to say about one row in one period."""

    kind: str  # period | week | subplan | report
    holder: int
    head: int
    opens: date
    due: date
    closes: date
    answered: date | None = None


@dataclass
class World:
    """Who is who."""

    days: Days
    chairman: int
    office: int
    leads: list[int]
    leaders: list[int]
    first: date
    last: date


def period_turn(days: Days, first: date, after: date, kind: str) -> tuple[date, date]:
    """When a period opens and when its answer is due."""
    last = days.before(after - ONE)
    return days.after(first), days.plus(last, -3) if kind == "period" else last


def job_pushes(world: World, job: Job) -> set[Push]:
    """Everything one task makes people hear at 07:30 and 15:30."""
    days, due, found = world.days, job.due, set[Push]()

    def say(person: int, day: date, hour: str = "07:30", silent_since: datetime | None = None) -> None:
        at = datetime.combine(day, time.fromisoformat(hour))
        if at < job.begin or day > world.last or (job.ended and at >= job.ended):
            return
        if not _is_done(job, at):
            found.add((person, day, hour))

    if job.is_parent:
        say(world.office, days.before(due - ONE))
        say(job.holder, due)
        say(world.office, days.plus(due, 1))
    else:
        for early in (7, 3, 1, 0):
            say(job.holder, days.before(due - early * ONE))
        say(job.holder, due, "15:30")
        say(job.holder, days.plus(due, 1))
        say(job.head, days.plus(due, 1))
        say(job.head, days.plus(due, 3))
        say(world.office, days.plus(due, 3))
    fifth = days.plus(due, 5)
    say(world.chairman, fifth)
    start = fifth if datetime.combine(fifth, time(7, 30)) >= job.begin else job.begin.date()
    for monday in days.mondays(start, world.last):
        say(world.chairman, monday)
    return found


def new_job_pushes(world: World, job: Job, kind: str) -> set[Push]:
    """A new task in the morning; silence about it goes to the holder and the head."""
    found = set[Push]()
    day = job.begin.date()
    if job.begin.time() <= time(7, 30):
        found.add((job.holder, day, "07:30"))
    if kind == "silent":
        found.add((job.holder, world.days.plus(day, 1), "07:30"))
        if job.head != job.holder:
            found.add((job.head, world.days.plus(day, 2), "07:30"))
    return found


def turn_pushes(world: World, turn: Turn) -> set[Push]:
    """Everything one turn of a standing row makes people hear."""
    days, found = world.days, set[Push]()

    def say(person: int, day: date) -> None:
        silent = turn.answered is None or day <= turn.answered
        if silent and world.first <= day <= world.last and day < turn.closes:
            found.add((person, day, "07:30"))

    if turn.kind == "report":
        for early in (10, 5, 2, 0):
            say(turn.holder, days.before(turn.due - early * ONE))
        say(world.chairman, days.plus(turn.due, 1))
        for monday in days.mondays(days.plus(turn.due, 1), world.last):
            say(world.chairman, monday)
        return found
    say(turn.holder, turn.opens)
    if turn.kind == "period":
        for early in (5, 1, 0):
            say(turn.holder, days.before(turn.due - early * ONE))
        say(turn.head, days.plus(turn.due, 2))
        say(world.chairman, days.plus(turn.due, 4))
    return found


def inspection_pushes(world: World, month: date, held: date | None) -> set[Push]:
    """A month in which no inspection is recorded, or none before ``held``."""
    days = world.days
    after = (month + 31 * ONE).replace(day=1)
    found = {(person, days.after(month), "07:30") for person in (*world.leads, *world.leaders)}
    for number in (10, 20):
        found |= {(person, days.before(month.replace(day=number)), "07:30") for person in world.leads}
    found.add((world.chairman, days.plus(days.before(after - ONE), -3), "07:30"))
    return {push for push in found if push[1] <= min(world.last, held or world.last)}


def visit_pushes(world: World, held: date) -> set[Push]:
    """An inspection whose minutes and findings nobody writes before the fifth working day."""
    days = world.days
    asked = [(person, days.plus(held, count)) for count in (2, 3) for person in world.leads]
    asked.append((world.chairman, days.plus(held, 4)))
    return {(person, day, "07:30") for person, day in asked if day <= world.last}


def handed_in(days: Days, kind: str, due: date, begin: datetime) -> datetime | None:
    """When a person of a kind hands a task in: at the third day before, two working days late, or never."""
    if kind == "silent":
        return None
    day = days.plus(due, 2) if kind == "late" else days.before(due - 3 * ONE)
    if datetime.combine(day, SUBMITS) <= begin:
        day = days.plus(begin.date(), 1)
    return datetime.combine(day, SUBMITS)


def answered(days: Days, kind: str, turn: str, due: date, opens: date) -> date | None:
    """On which day a person of a kind answers for a standing row; week and plan are never answered."""
    if kind == "silent" or turn in ("week", "subplan"):
        return None
    day = days.plus(due, 1) if kind == "late" else days.before(due - (2 if turn == "report" else 1) * ONE)
    return max(day, opens)


def _is_done(job: Job, at: datetime) -> bool:
    if job.is_parent:
        return all(part.done is not None and part.done < at for part in job.parts)
    return job.done is not None and job.done < at
