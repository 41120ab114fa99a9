"""Tasks of the plan: their states, how early or late they are, and what may be done with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.calendar import Calendar

ASSIGNED = "assigned"
ACCEPTED = "accepted"
IN_PROGRESS = "in_progress"
AWAITING = "awaiting_confirmation"
RETURNED = "returned"
CONFIRMED = "confirmed"
PAUSED = "paused"
CANCELLED = "cancelled"

OPEN = (ASSIGNED, ACCEPTED, IN_PROGRESS, RETURNED)
"""States in which the assignee has something to do."""
CLOSED = (CONFIRMED, CANCELLED)

EARLY = "early"
ON_TIME = "on_time"
LATE = "late"
OVERDUE = "overdue"
DUE_SOON = "due_soon"
IN_TIME = "in_time"
UNDATED = "undated"

SOON = 5
"""Working days before the due day from which a task is due soon."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as people see it; ``assignee`` is how that person is called."""

    id: int
    code: str
    row_code: str
    title: str
    expected: str
    unit_id: int
    unit_name: str
    parent_id: int | None
    is_parent: bool
    assignee_id: int | None
    assignee: str
    state: str
    due_on: date | None
    original_due_on: date | None
    schedule: int
    retro: bool
    percent: int
    blocked_by: str
    created_at: datetime
    submitted_at: datetime | None
    confirmed_at: datetime | None
    grown_from: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the assignee still has something to do."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Decision:
    """A report (``kind`` "s") or a wish for more time ("e") that waits for, or got, a decision.

    ``by`` is who did it for the reporter, who was away.  ``reason`` is why a report was returned or more
    time is wished for, ``refusal`` why more time was not given.
    """

    kind: str
    id: int
    task: Task
    reporter_id: int
    reporter: str
    confirmer_id: int | None
    confirmer: str
    at: datetime
    state: str
    document: str = ""
    document_date: date | None = None
    words: str = ""
    files: int = 0
    evidence_by: datetime | None = None
    from_day: date | None = None
    to_day: date | None = None
    reason: str = ""
    refusal: str = ""
    by_id: int | None = None
    by: str = ""
    account_id: int | None = None
    message_id: str = ""

    @property
    def ref(self) -> str:
        """The short name by which cards and buttons speak of it: "s12"."""
        return f"{self.kind}{self.id}"

    @property
    def lacks(self) -> tuple[str, ...]:
        """What the report does not show yet: ``evidence``, ``later`` (promised) or ``document_date``."""
        if self.kind != "s":
            return ()
        if self.evidence_by is not None:
            return ("later",)
        if not self.document and not self.files and "http" not in self.words:
            return ("evidence",)
        return ("document_date",) if self.document and self.document_date is None else ()


def timing(due_on: date | None, today: date, submitted_on: date | None, calendar: Calendar) -> str:
    """Where a task stands against a due day: done early, on time or late; else overdue, due soon or in time.

    ``submitted_on`` is the local day of the submission that counts, None while there is none.  Early
    is before the due day.  The due day may be the original or the extended one.
    """
    if due_on is None:
        return UNDATED
    if submitted_on is not None:
        if submitted_on < due_on:
            return EARLY
        return ON_TIME if submitted_on == due_on else LATE
    if today > due_on:
        return OVERDUE
    return DUE_SOON if calendar.between(today, due_on) <= SOON else IN_TIME


def last_early_day(due_on: date, calendar: Calendar) -> date:
    """The last working day on which a report is still early."""
    return calendar.add(due_on, -1)


def urgency(task: Task) -> tuple[date, int]:
    """Sorts tasks: the longest overdue first, those without a day last."""
    return (task.due_on or date.max, task.id)
