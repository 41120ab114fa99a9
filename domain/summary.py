"""Everything a report shows, taken at one moment, and the same as facts for words and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from domain.dossiers import Matters
from domain.figures import CaseFigures, TaskFigures
from domain.objectives import Inspections, Objective
from domain.periods import Period


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a report shows, taken at one moment; picture, chat and Word read it and nothing else."""

    period: Period
    at: datetime
    tasks: TaskFigures
    cases: CaseFigures
    inspections: Inspections
    objectives: tuple[Objective, ...] = ()
    units: tuple[tuple[str, str, TaskFigures], ...] = ()  # code, name, figures
    unit_name: str = ""  # empty: the whole committee
    running: bool = True  # whether the period holds today
    overdue_before: int = 0  # still open from earlier periods
    cases_before: int = 0  # received in earlier periods, past their day and not answered
    undated: int = 0  # open tasks without a due day, in no figure
    decisions: int = 0
    standing: int = 0  # reports that standing rows and follow-up measures ask for in the period
    standing_said: int = 0  # those that came
    silent: int = 0  # those whose period closed without a word
    silent_units: tuple[str, ...] = ()
    unplanned: tuple[tuple[tuple[int | None, str], int], ...] = ()  # objective, row: units without its plan
    unheard: int = 0  # things of which nobody could be told
    moved_out: int = 0  # first due in the period, now after it
    unheld: int = 0  # open tasks of nobody, or of somebody who left
    unreachable: int = 0
    undelivered: int = 0
    grievances: int = 0
    late: Matters = field(default_factory=Matters)  # late dossiers of the one-stop counter, as work
    identities: int = 0  # sealed senders whose identity was opened

    @property
    def overdue(self) -> int:
        """Open tasks past their day, with those of earlier periods."""
        return self.tasks.overdue + self.overdue_before

    @property
    def exceptions(self) -> int:
        """What a report names beside its figures."""
        without_plan = sum(count for _, count in self.unplanned)
        return self.silent + without_plan + self.unheard + self.unheld + self.unreachable + self.undelivered

    def facts(self) -> Mapping[str, object]:
        """The figures as JSON values (``at`` stays an aware moment) for texts, the picture and Word."""
        return {
            "period": asdict(self.period),
            "at": self.at,
            "unit": self.unit_name,
            "running": self.running,
            "tasks": _task_facts(self.tasks),
            "cases": {
                **asdict(self.cases),
                "received": self.cases.received,
                "all_answered": self.cases.all_answered,
            },
            "inspections": {
                **asdict(self.inspections),
                "months": self.inspections.months,
                "planned": bool(self.objectives),
            },
            "objectives": [
                {
                    "number": objective.number,
                    "text": objective.text,
                    "light": objective.light,
                    "unplanned": [
                        {"code": code, "units": count}
                        for (number, code), count in self.unplanned
                        if number == objective.number
                    ],
                    "measures": [asdict(measure) for measure in objective.measures],
                }
                for objective in self.objectives
            ],
            "units": [{"code": code, "name": name, **_task_facts(f)} for code, name, f in self.units],
            "overdue": self.overdue,
            "overdue_before": self.overdue_before,
            "cases_before": self.cases_before,
            "undated": self.undated,
            "decisions": self.decisions,
            "standing": self.standing,
            "standing_said": self.standing_said,
            "silent": self.silent,
            "silent_units": list(self.silent_units),
            "unplanned": sum(count for _, count in self.unplanned),
            "unheard": self.unheard,
            "exceptions": self.exceptions,
            "moved_out": self.moved_out,
            "unheld": self.unheld,
            "unreachable": self.unreachable,
            "undelivered": self.undelivered,
            "grievances": self.grievances,
            "identities": self.identities,
            "late": asdict(self.late),
        }


def _task_facts(figures: TaskFigures) -> dict[str, object]:
    return {
        **asdict(figures),
        "done": figures.done,
        "open": figures.open,
        "total": figures.total,
        "share": figures.share,
        "best": figures.best,
        "by_original": figures.by_original,
    }
