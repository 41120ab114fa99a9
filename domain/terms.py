"""A deadline as the facts it follows from, so that it can be computed anew when the calendar changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.calendar import Calendar

BACK = "back"  # the day, or the last working day before it: periods and dates of a plan
FORWARD = "forward"  # the day, or the next working day: legal terms (Civil Code 148)
DAYS = "days"  # so many working days after an event


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline's rule and what it applies to.

    ``day`` is the day that was meant or, for ``DAYS``, the event's, which is not counted; ``count`` are
    the working days after it.  ``stood`` holds the spans in which the clock stood, first and last day.
    """

    rule: str
    day: date
    count: int = 0
    stood: tuple[tuple[date, date], ...] = ()

    def ends(self, calendar: Calendar) -> date:
        """The last day, by a calendar."""
        if self.rule == BACK:
            return calendar.back(self.day)
        if self.rule == FORWARD:
            return calendar.forward(self.day)
        due_on = calendar.add(self.day, self.count)
        for first, last in self.stood:
            due_on = calendar.add(due_on, max(0, calendar.between(first, last)))
        return calendar.forward(due_on)


def moved(term: Term, due_on: date, today: date, calendar: Calendar) -> date:
    """The day on which a deadline that stands at ``due_on`` should stand by a calendar.

    Nobody becomes late by an edit: a deadline still ahead falls on a working day from today on, and one
    that is over only ever moves later.
    """
    day = term.ends(calendar)
    if day >= today:
        return day
    if due_on >= today:
        return calendar.forward(max(term.day, today)) if term.rule == BACK else calendar.forward(today)
    return max(day, due_on)
