"""How citizens' matters went: what a share in time hides, where trouble comes together (rows 41 to 43).

Every figure is the number of matters that a rule picks, so each can be opened; officials cannot better
one of them without another one telling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median_low

from domain.cases import DONE
from domain.figures import (
    ANSWERED,
    CASE_CELLS,
    UNANSWERED,
    CaseFigures,
    CaseRow,
    count_cases,
)

HASTY_MINUTES = 10  # from the word to the answer
SOON_DAYS = 30  # from an answer to the same trouble in the same place
MOST_SPOTS = 3
SPOT_FROM = 2  # people who report one kind of matter in one area


@dataclass(frozen=True, slots=True)
class Course:
    """A matter with what happened to it."""

    row: CaseRow
    area: str = ""  # code of the area; empty where nobody knows
    rating: str = ""  # good | bad | partly
    took: int | None = None  # working days from the word to the answer
    acknowledged: bool = True  # the sender got code and date
    reopened: bool = False  # the citizen was not content with an answer
    bare: bool = False  # outdoor work answered without a picture of it, with a reason
    hasty: bool = False  # answered within minutes
    moved: bool = False  # its day was put off at the unit's wish
    soon: bool = False  # the trouble came back within a month
    last_hour: bool = False  # answered in the last hours of its last day, without a picture


MARKS: Mapping[str, Callable[[Course, date], bool]] = {
    "confirmed": lambda course, today: course.row.cell(today) == ANSWERED and course.rating == "good",
    "good": lambda course, today: course.rating == "good",
    "partly": lambda course, today: course.rating == "partly",
    "bad": lambda course, today: course.rating == "bad",
    "reopened": lambda course, today: course.reopened,
    "bare": lambda course, today: course.bare,
    "hasty": lambda course, today: course.hasty,
    "moved": lambda course, today: course.moved,
    "last_hour": lambda course, today: course.last_hour,
    "soon": lambda course, today: course.soon,
    "unsaid": lambda course, today: not course.acknowledged,
}
"""What may be true of a matter beside its cell; a matter may bear several."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One kind of matter in one area; ``people`` are those who report it, ``cases`` what is worked on."""

    category: str
    area: str
    cases: int
    people: int


@dataclass(frozen=True, slots=True)
class Group:
    """The matters of one unit or of one kind."""

    code: str
    cases: CaseFigures
    good: int
    rated: int
    reopened: int


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """Everything that is said of citizens' matters of a period."""

    cases: CaseFigures
    before: int = 0  # of earlier periods, past their day and not answered
    marks: tuple[tuple[str, int], ...] = ()
    answered_once: int = 0  # those that ever had an answer, whatever became of it
    median: int | None = None  # half of the answers took no more working days
    spots: tuple[Spot, ...] = ()
    overdue_units: tuple[tuple[str, int], ...] = ()  # unit codes, the one with most first
    units: tuple[Group, ...] = ()
    kinds: tuple[Group, ...] = ()

    @property
    def fallen_due(self) -> int:
        """Those whose day has come: what is late and unanswered is not in time either."""
        return self.cases.all_answered + self.cases.unanswered

    def facts(self) -> dict[str, object]:
        """The figures as JSON values for texts and files."""
        marks = dict(self.marks)
        rated = marks["good"] + marks["partly"] + marks["bad"]
        return {
            **{cell: getattr(self.cases, cell) for cell in CASE_CELLS},
            **marks,
            "received": self.cases.received,
            "all_answered": self.cases.all_answered,
            "acknowledged": self.cases.received - marks["unsaid"],
            "before": self.before,
            "overdue": self.cases.unanswered + self.before,
            "fallen_due": self.fallen_due,
            "in_time_share": _share(self.cases.answered, self.fallen_due),
            "rated": rated,
            "good_share": _share(marks["good"], rated),
            "answered_once": self.answered_once,
            "reopened_share": _share(marks["reopened"], self.answered_once),
            "median": self.median,
            "overdue_units": [{"code": code, "n": count} for code, count in self.overdue_units],
            "spots": [asdict(spot) for spot in self.spots],
        }


def count_courses(courses: Sequence[Course], before: Sequence[CaseRow], today: date) -> CourseFigures:
    """The figures of some matters on a day, with those of earlier periods that are late."""
    late = [course.row for course in courses if course.row.cell(today) == UNANSWERED]
    overdue = Counter(row.unit for row in (*late, *before))
    took = [course.took for course in courses if course.took is not None and course.row.state in DONE]
    return CourseFigures(
        cases=count_cases((course.row for course in courses), today),
        before=len(before),
        marks=tuple((mark, len(marked(courses, mark, today))) for mark in MARKS),
        answered_once=sum(course.took is not None for course in courses),
        median=median_low(took) if took else None,
        spots=spots(courses)[:MOST_SPOTS],
        overdue_units=tuple(sorted(overdue.items(), key=lambda each: (-each[1], each[0]))),
        units=_groups(courses, lambda course: course.row.unit, today),
        kinds=_groups(courses, lambda course: course.row.category, today),
    )


def marked(courses: Iterable[Course], mark: str, today: date) -> list[Course]:
    """Those of which something is true."""
    return [course for course in courses if MARKS[mark](course, today)]


def spots(courses: Iterable[Course]) -> tuple[Spot, ...]:
    """Where several people report the same kind of matter, most people first."""
    cases: Counter[tuple[str, str]] = Counter()
    people: Counter[tuple[str, str]] = Counter()
    for course in courses:
        if course.area and course.row.category:
            cases[course.row.category, course.area] += 1
            people[course.row.category, course.area] += 1 + course.row.others
    found = [Spot(*place, cases[place], count) for place, count in people.items() if count >= SPOT_FROM]
    return tuple(sorted(found, key=lambda spot: (-spot.people, -spot.cases, spot.category, spot.area)))


def in_spot(courses: Iterable[Course], category: str, area: str) -> list[Course]:
    """The matters of a kind in an area."""
    return [course for course in courses if (course.row.category, course.area) == (category, area)]


def is_hasty(seconds: float) -> bool:
    """Whether an answer came so fast that nobody can have looked."""
    return 0 <= seconds < 60 * HASTY_MINUTES


def _groups(courses: Sequence[Course], of: Callable[[Course], str], today: date) -> tuple[Group, ...]:
    found: dict[str, list[Course]] = {}
    for course in courses:
        found.setdefault(of(course), []).append(course)
    return tuple(_group(code, some, today) for code, some in sorted(found.items()))


def _group(code: str, courses: Sequence[Course], today: date) -> Group:
    rated = [course for course in courses if course.rating]
    return Group(
        code,
        count_cases((course.row for course in courses), today),
        good=len(marked(courses, "good", today)),
        rated=len(rated),
        reopened=len(marked(courses, "reopened", today)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
