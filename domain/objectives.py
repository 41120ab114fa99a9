"""The light of each objective, computed from the figures; never set by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.dossiers import DossierFigures
from domain.figures import CaseFigures, TaskFigures
from domain.verification import Violations

GREEN, YELLOW, RED, GREY = "green", "yellow", "red", "grey"
LIGHTS = (RED, YELLOW, GREY, GREEN)  # an objective shows the first of these among its measures

DONE_EARLY = "done_early"
PROCESSES = "processes"
INSPECTIONS = "inspections"
CASES_OVERDUE = "cases_overdue"
VIOLATIONS = "violations_handled"
PROCEDURES_EARLY, PROCEDURES_ON_TIME = "procedures_early", "procedures_on_time"
NO_DATA = "no_data"
WITHOUT_FIGURES = frozenset(  # promises that nothing feeds yet
    {"informed", "dialogues_held"}
)


@dataclass(frozen=True, slots=True)
class Inspections:
    """Months of the plan's year with and without a completed inspection; planned ones never appear.

    ``missing`` are months that ended without one: two in May do not repay April.
    """

    held: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    this_month: bool = False

    @property
    def months(self) -> int:
        """Months that can be judged."""
        return len(self.held) + len(self.missing)


def count_inspections(days: Iterable[date], since: date, until: date, today: date) -> Inspections:
    """The months from ``since`` to ``until`` of one year; the running one counts when it is held or over."""
    held = {day.month for day in days if since <= day <= min(until, today) and day.year == until.year}
    first = since.month if since.year == until.year else 1
    ended = [m for m in range(first, until.month + 1) if (until.year, m) < (today.year, today.month)]
    if since > until:
        ended = []
    return Inspections(
        tuple(sorted(held)), tuple(m for m in ended if m not in held), this_month=until.month in held
    )


@dataclass(frozen=True, slots=True)
class Target:
    """What the plan promises: ``commit`` on the signed page, ``stretch`` where the annex asks for more."""

    measure: str
    commit: float | None = None
    stretch: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """An objective of the plan."""

    number: int
    text: str
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A target beside its figure; shares are shares of one, targets as the plan writes them."""

    key: str
    light: str
    commit: float | None = None
    stretch: float | None = None
    unit: str = ""
    value: float | None = None
    best: float | None = None
    of: int | None = None
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective with its measures; its light is the worst of theirs, so grey hides behind no green."""

    number: int
    text: str
    measures: tuple[Measure, ...]

    @property
    def light(self) -> str:
        """Red, yellow, grey, green: the first that one of the measures has."""
        return worst(measure.light for measure in self.measures)


def worst(lights: Iterable[str]) -> str:
    """The first of red, yellow, grey, green; grey when there is none."""
    return min(lights, key=LIGHTS.index, default=GREY)


def share_light(figures: TaskFigures, commit: float | None) -> str:
    """The light of "``commit`` per cent done early": green met, yellow reachable, red out of reach.

    Grey without a target, without tasks, or while nothing has been done or missed.
    """
    if commit is None or not figures.total:
        return GREY
    if 100 * (figures.early + figures.may_be_early) < commit * figures.total:
        return RED
    if 100 * figures.early >= commit * figures.total:
        return GREEN
    return YELLOW if figures.done or figures.overdue else GREY


def judge(
    promises: Iterable[Promise],
    tasks: TaskFigures,
    cases: CaseFigures,
    inspections: Inspections,
    violations: Violations = Violations(),  # noqa: B008 - frozen: none verified
    dossiers: DossierFigures = DossierFigures(),  # noqa: B008 - frozen: none known
) -> tuple[Objective, ...]:
    """The plan's objectives with what is known of them today.

    A promise made twice is judged once, in the last objective that makes it.
    """
    promises = tuple(promises)
    last = {target.measure: promise.number for promise in promises for target in promise.targets}
    return tuple(
        Objective(
            promise.number,
            promise.text,
            tuple(
                _measure(target, tasks, cases, inspections, violations, dossiers)
                for target in promise.targets
                if last[target.measure] == promise.number
            )
            or (Measure(NO_DATA, GREY),),
        )
        for promise in promises
    )


def _measure(
    target: Target,
    tasks: TaskFigures,
    cases: CaseFigures,
    inspections: Inspections,
    violations: Violations,
    dossiers: DossierFigures,
) -> Measure:
    commit, stretch, unit = target.commit, target.stretch, target.unit
    if target.measure == DONE_EARLY:
        light = share_light(tasks, commit)
        return Measure(DONE_EARLY, light, commit, stretch, unit, tasks.share, tasks.best, tasks.total)
    if target.measure == INSPECTIONS:
        light = RED if inspections.missing else GREEN if inspections.held else GREY
        held, months = len(inspections.held), inspections.months
        return Measure(
            INSPECTIONS, light, commit, stretch, unit, held, None, months, missing=inspections.missing
        )
    if target.measure == CASES_OVERDUE:
        light = RED if cases.unanswered else GREEN if cases.received else GREY
        return Measure(CASES_OVERDUE, light, commit, stretch, unit, cases.unanswered, None, cases.received)
    if target.measure == VIOLATIONS:  # of the verified ones (plan finding D-18); none is no 0 %
        pending = violations.verified - violations.ruled
        light = YELLOW if pending else GREEN if violations.verified else GREY
        return Measure(VIOLATIONS, light, commit, stretch, unit, violations.ruled, None, violations.verified)
    if target.measure in (PROCEDURES_EARLY, PROCEDURES_ON_TIME):
        return _procedures(target, dossiers)
    if target.measure == PROCESSES:  # counted by hand until the register of processes exists
        return Measure(PROCESSES, GREY, commit, stretch, unit, 0)
    key = target.measure if target.measure in WITHOUT_FIGURES else NO_DATA
    return Measure(key, GREY, commit, stretch, unit)


def _procedures(target: Target, dossiers: DossierFigures) -> Measure:
    """MT3: so many per cent early, none late; the second share is the rest, not a target to hit (D-05)."""
    is_early = target.measure == PROCEDURES_EARLY
    count = dossiers.early if is_early else dossiers.early + dossiers.on_time
    if not dossiers.total:
        light = GREY
    elif is_early:
        light = GREEN if 100 * count >= (target.commit or 0) * dossiers.total else YELLOW
    else:
        light = RED if count < dossiers.total else GREEN
    share = count / dossiers.total if dossiers.total else None
    return Measure(
        target.measure, light, target.commit, target.stretch, target.unit, share, None, dossiers.total
    )
