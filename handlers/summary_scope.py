"""What a report on the screen is about, who may see it, and its first page."""

from __future__ import annotations

from dataclasses import dataclass

from db import decisions as decisions_db
from db import figures, people, plan_questions
from db import summary as summary_db
from db.people import Unit
from domain import periods
from domain.chat import Choice, Reply, Rows, Turn
from domain.errors import RuleError
from domain.people import LEADER
from domain.periods import Period
from domain.summary import Summary
from handlers.desk import Desk


@dataclass(frozen=True, slots=True)
class Scope:
    """A period of the committee or of one unit; ``key`` carries it in actions."""

    period: Period
    unit: Unit | None = None

    @property
    def key(self) -> str:
        """2021-11, or 2021-11.7 for the unit with id 7."""
        return f"{self.period.key}.{self.unit.id}" if self.unit else self.period.key

    @property
    def unit_ids(self) -> frozenset[int] | None:
        """The units whose rows count; None for all."""
        return frozenset({self.unit.id}) if self.unit else None

    @property
    def facts(self) -> dict[str, object]:
        """What a heading says of it."""
        period = self.period
        return {
            "period": {"kind": period.kind, "year": period.year, "number": period.number},
            "unit": self.unit.name if self.unit else "",
        }

    def action(self, *parts: object) -> str:
        """The action of a choice within this report."""
        return ":".join(["bc", self.key, *map(str, parts)])

    def back(self) -> tuple[Choice, ...]:
        """The way back to the first page."""
        return (Choice("summary_back", self.action("home")),)


def scope_of(desk: Desk, key: str) -> Scope:
    """The report an action belongs to; raises ``button_gone`` if this person may not see it now."""
    period, _, unit_id = key.partition(".")
    unit = people.unit(desk.conn, int(unit_id)) if unit_id.isdecimal() else None
    if not desk.person.has(LEADER) and (unit is None or unit.id not in desk.person.headed_unit_ids):
        raise RuleError("button_gone")
    return Scope(periods.from_key(period), unit)


def take(desk: Desk, scope: Scope) -> Summary:
    """The figures of a report; of the committee's with the decisions that wait for this leader."""
    waiting = count_decisions(desk, scope) if scope.unit is None else 0
    return figures.figures(
        desk.conn, scope.period, desk.now, desk.calendar, scope.unit, viewer=desk.person, decisions=waiting
    )


def count_decisions(desk: Desk, scope: Scope) -> int:
    """How many things wait for this leader's word."""
    plan = summary_db.plan_of(desk.conn, scope.period.year)
    return (
        len(decisions_db.waiting_for(desk.conn, desk.person, desk.today))
        + len(summary_db.cases_reopened(desk.conn, desk.calendar, viewer=desk.person))
        + len(plan_questions.undecided(desk.conn, plan.id) if plan else ())
    )


def home(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The first page again, in place."""
    summary = take(desk, scope)
    return [Reply("summary", summary.facts(), home_choices(desk, scope, summary), edits=turn.message_id)]


def home_choices(desk: Desk, scope: Scope, summary: Summary) -> Rows:
    """The choices of the first page; a zero has nothing to open."""
    urgent: list[Choice] = []
    if summary.decisions:
        urgent.append(Choice("summary_decide", scope.action("do"), {"n": summary.decisions}))
    if summary.overdue:
        urgent.append(Choice("summary_overdue", scope.action("list", "all_overdue"), {"n": summary.overdue}))
    cells = Choice("summary_cells", scope.action("cells"))
    citizens = Choice("summary_citizens", scope.action("citizens"))
    if scope.unit is not None:
        whole = Scope(scope.period).back() if desk.person.has(LEADER) else ()
        return tuple(row for row in (tuple(urgent), (citizens, cells, *whole)) if row)
    goals = Choice("summary_goals", scope.action("goals"))
    last = [Choice("summary_word", scope.action("word"))]
    if summary.exceptions:
        last.insert(
            0, Choice("summary_exceptions_open", scope.action("exceptions"), {"n": summary.exceptions})
        )
    return tuple(row for row in (tuple(urgent), (goals, citizens), (cells, *last)) if row)


def drawing_values(desk: Desk, summary: Summary) -> dict[str, object]:
    """What a picture or file is drawn from: the facts of the text, and the committee's names."""
    office = {"name": desk.committee.name, "place": desk.committee.place, "parent": desk.committee.parent}
    return {**summary.facts(), "office": office, "zone": str(desk.committee.zone)}
