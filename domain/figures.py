"""The cells of a report: in which one each task and each citizen's matter stands, and how many in each.

Every figure is the number of rows in a cell, so that each can be opened and all of them add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.cases import APPOINTED, DONE, WITHDRAWN

EARLY, ON_TIME, LATE = "early", "on_time", "late"  # done: before the due day, on it, after it
IN_TIME, OVERDUE = "in_time", "overdue"  # not done
RETRO, PAUSED = "retro", "paused"  # shown apart, in no total
DONE_CELLS = (EARLY, ON_TIME, LATE)
OPEN_CELLS = (IN_TIME, OVERDUE)
APART_CELLS = (RETRO, PAUSED)
TASK_CELLS = (*DONE_CELLS, *OPEN_CELLS, *APART_CELLS)

ANSWERED, ANSWERED_LATE, WAITING, UNANSWERED, ENDED = (
    "answered",
    "answered_late",
    "waiting",
    "unanswered",  # not answered and past the day
    "ended",  # withdrawn by the citizen, or shown the way of the law
)
CASE_CELLS = (ANSWERED, ANSWERED_LATE, WAITING, UNANSWERED, ENDED)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task without parts that is due in a period.

    ``done_on`` is the local day of the submission that was confirmed, ``waiting_on`` of one that
    still waits for its confirmation; ``evidence_on`` is the date of its document.
    """

    id: int
    title: str
    unit_id: int
    unit: str  # the unit's code
    who: str
    assignee_id: int | None
    state: str
    due_on: date
    original_due_on: date
    retro: bool = False
    done_on: date | None = None
    waiting_on: date | None = None
    evidence_on: date | None = None
    obstacle: str = ""

    @property
    def finished_on(self) -> date | None:
        """The day that counts as done; a task that was past when imported needs dated evidence."""
        if self.state != "confirmed":
            return None
        return self.evidence_on if self.retro else self.done_on

    def cell(self, today: date) -> str:
        """The one cell the task stands in.

        What was handed in by the due day and waits for the confirmer is open in time: the delay is
        not its author's.
        """
        if (done := self.finished_on) is not None:
            return _side(done, self.due_on)
        if self.retro:
            return RETRO
        if self.state == "paused":
            return PAUSED
        return IN_TIME if (self.waiting_on or today) <= self.due_on else OVERDUE

    def may_be_early(self, today: date) -> bool:
        """Whether an open task can still count as done before its due day."""
        return self.cell(today) == IN_TIME and (self.waiting_on or today) < self.due_on


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A citizen's matter received in a period, without its words."""

    id: int
    code: str
    category: str
    unit_id: int
    unit: str
    who: str
    state: str
    received_on: date
    due_on: date
    answered_on: date | None = None
    paused: bool = False
    others: int = 0  # people who reported the same
    again: bool = False  # the trouble was answered before and has come back
    promised_on: date | None = None  # before it was put off: by this day an answer counts

    def cell(self, today: date) -> str:
        """The one cell the matter stands in; one that was reopened waits again."""
        if self.state in (WITHDRAWN, *APPOINTED):
            return ENDED
        if self.state in DONE:
            promised = self.promised_on or self.due_on
            return ANSWERED if (self.answered_on or promised) <= promised else ANSWERED_LATE
        return WAITING if self.paused or today <= self.due_on else UNANSWERED


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """The matrix of tasks: done early, on time, late; open in time, overdue; two cells apart."""

    early: int = 0
    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    retro: int = 0
    paused: int = 0
    may_be_early: int = 0
    moved: int = 0  # tasks with a new due date
    early_by_original: int = 0  # done before the first due date they had

    @property
    def done(self) -> int:
        """Confirmed tasks."""
        return self.early + self.on_time + self.late

    @property
    def open(self) -> int:
        """Tasks that are not confirmed."""
        return self.in_time + self.overdue

    @property
    def total(self) -> int:
        """All that count."""
        return self.done + self.open

    @property
    def share(self) -> float | None:
        """Done early of all, as a share of one; None without tasks."""
        return self.early / self.total if self.total else None

    @property
    def best(self) -> float | None:
        """The share still reachable if every task that can be early will be."""
        return (self.early + self.may_be_early) / self.total if self.total else None

    @property
    def by_original(self) -> float | None:
        """The share done early by the due dates before any extension."""
        return self.early_by_original / self.total if self.total else None

    def __add__(self, other: TaskFigures) -> TaskFigures:
        return TaskFigures(
            self.early + other.early,
            self.on_time + other.on_time,
            self.late + other.late,
            self.in_time + other.in_time,
            self.overdue + other.overdue,
            self.retro + other.retro,
            self.paused + other.paused,
            self.may_be_early + other.may_be_early,
            self.moved + other.moved,
            self.early_by_original + other.early_by_original,
        )


def count_tasks(rows: Iterable[TaskRow], today: date) -> TaskFigures:
    """The matrix of some tasks on a day."""
    cells = dict.fromkeys(TASK_CELLS, 0)
    early, moved, original = 0, 0, 0
    for row in rows:
        cell = row.cell(today)
        cells[cell] += 1
        early += row.may_be_early(today)
        if cell not in APART_CELLS:
            done = row.finished_on
            moved += row.due_on != row.original_due_on
            original += done is not None and done < row.original_due_on
    return TaskFigures(**cells, may_be_early=early, moved=moved, early_by_original=original)


def count_units(rows: Sequence[TaskRow], today: date) -> dict[int, TaskFigures]:
    """The matrix of each unit that has a task, by unit id; they add up to the committee's."""
    mine: dict[int, list[TaskRow]] = {}
    for row in rows:
        mine.setdefault(row.unit_id, []).append(row)
    return {unit_id: count_tasks(some, today) for unit_id, some in mine.items()}


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Citizens' matters received: answered in time or late, waiting in time or overdue, ended apart."""

    answered: int = 0
    answered_late: int = 0
    waiting: int = 0
    unanswered: int = 0
    ended: int = 0

    @property
    def received(self) -> int:
        """All received."""
        return self.all_answered + self.waiting + self.unanswered + self.ended

    @property
    def all_answered(self) -> int:
        """Answered, in time or not."""
        return self.answered + self.answered_late


def count_cases(rows: Iterable[CaseRow], today: date) -> CaseFigures:
    """The cells of some matters on a day."""
    cells = dict.fromkeys(CASE_CELLS, 0)
    for row in rows:
        cells[row.cell(today)] += 1
    return CaseFigures(**cells)


def _side(done: date, due: date) -> str:
    if done == due:
        return ON_TIME
    return EARLY if done < due else LATE
