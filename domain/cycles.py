"""What standing rows of a plan report in each week, month or quarter, and when that is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain import periods
from domain.calendar import DAY, Calendar
from domain.ladders import Ladder, next_week, week_name
from domain.plan import BY_PLAN, RECURRING

PERIOD, WEEK, SUBPLAN, REPORT = "period", "week", "subplan", "report"
OPEN, ANSWERED, NOTHING, SILENT = "open", "answered", "nothing", "silent"


@dataclass(frozen=True, slots=True)
class Window:
    """One turn of a rhythm; it closes when the next is open and all was asked, a report
    when the next is due.
    """

    period: str
    opens_on: date
    due_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Cycle:
    """What one unit has to say about one row for one period; ``assignee`` is how that person is called."""

    id: int
    kind: str
    row_code: str
    task_id: int | None
    title: str
    unit_id: int
    unit_name: str
    period: str
    opens_on: date
    due_on: date
    state: str
    assignee_id: int | None
    assignee: str
    schedule: int
    words: str
    answered_at: datetime | None

    @property
    def sort(self) -> str:
        """Which line of a card it belongs to: ``report``, ``subplan`` or ``period``."""
        return self.kind if self.kind in (REPORT, SUBPLAN) else PERIOD

    @property
    def is_open(self) -> bool:
        """Whether nothing was said yet."""
        return self.state == OPEN


def window(kind: str, every: str, day: date, calendar: Calendar, ladders: Mapping[str, Ladder]) -> Window:
    """The turn that ``day`` lies in: ``every`` is ``week``, ``month`` or ``quarter``.

    A report is due on the period's last working day, what a standing row did some working days before.
    """
    if every == "week":
        monday = day - DAY * day.weekday()
        opens, last = next_week(monday - DAY, calendar), calendar.back(monday + 6 * DAY)
        return Window(week_name(monday), opens, last, next_week(monday, calendar))
    period = periods.around(every, day)
    last = calendar.back(period.last)
    due = last if kind != PERIOD else calendar.add(last, -ladders["period"].days)
    opens = calendar.forward(period.first)
    asked = max((moment.date() for _, moment in ladders[kind].laid(due, calendar, opens)), default=due)
    closes = max(calendar.forward(period.last + DAY), calendar.add(asked, 1))
    if kind == REPORT:
        closes = calendar.back(periods.around(every, period.last + DAY).last)
    return Window(period.key, opens, due, closes)


def window_of(kind: str, period: str, calendar: Calendar, ladders: Mapping[str, Ladder]) -> Window:
    """The turn of a period's key ("2021-q2", "2021-05", "2021-W22") by the calendar as it is now."""
    if "-W" in period:
        year, week = period.split("-W")
        return window(kind, "week", date.fromisocalendar(int(year), int(week), 1), calendar, ladders)
    named = periods.from_key(period)
    return window(kind, named.kind, named.first, calendar, ladders)


def turns(
    kind: str, every: str, today: date, calendar: Calendar, ladders: Mapping[str, Ladder]
) -> list[Window]:
    """The turn that today lies in and the one after it."""
    step = 7 * DAY if every == "week" else 31 * DAY if every == "month" else 92 * DAY
    first = today - DAY * today.weekday() if every == "week" else periods.around(every, today).first
    found = [window(kind, every, day, calendar, ladders) for day in (today, first + step)]
    return [one for one in found if one.opens_on <= one.due_on]  # a week off work has no turn


def rhythm_of(
    deadline_kind: str, row_code: str, named: str, every: Mapping[str, str]
) -> tuple[str, str] | None:
    """How a row is asked about: kind and frequency; None for a row that has no rhythm of its own.

    ``named`` is the frequency in the document itself; what the office decided comes first.
    """
    if deadline_kind == BY_PLAN:
        return SUBPLAN, "month"
    if deadline_kind != RECURRING:
        return None
    often = every.get(row_code) or {"year": "quarter", "day": "week"}.get(named, named) or "quarter"
    if often not in ("week", "month", "quarter"):
        return None
    return (WEEK if often == "week" else PERIOD), often
