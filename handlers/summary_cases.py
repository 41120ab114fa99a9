"""/baocao, citizens' matters: how they went, what a share in time hides, where trouble comes together.

The first page says the figures; each opens its matters, and the same figures go out as Word, Excel or PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from db import closing_checks, exceptions, people
from db import courses as courses_db
from db import summary as summary_db
from domain.chat import Choice, Picture, Reply, Turn, in_rows
from domain.courses import MARKS, Course, CourseFigures, Group, count_courses, in_spot, marked
from domain.errors import RuleError
from domain.figures import UNANSWERED, CaseRow
from domain.people import LEADER
from handlers import exports
from handlers.desk import Desk
from handlers.summary_lists import Page, case_line, figured, number_at, opened, opening, paged
from handlers.summary_scope import Scope

FORMS = ("docx", "xlsx", "pdf")
PICTURE = "png"  # where files cannot go
NAMED_UNITS = 3
DAY = timedelta(days=1)
MOST_ROWS = 2_000  # of a file that goes out through a chat


def front(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The figures of citizens' matters, with the ways to what is behind them."""
    choices = [
        Choice("summary_quality", scope.action("quality")),
        Choice("summary_spots", scope.action("spots")),
        Choice("summary_cells", scope.action("cells", "c")),
        Choice("summary_out", scope.action("out")),
    ]
    facts = facts_of(desk, scope, _figures(desk, *_taken(desk, scope)))
    return [Reply("summary_courses", facts, (*in_rows(choices, 2), scope.back()), edits=turn.message_id)]


def quality(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """What a share in time hides: each figure opens its matters."""
    facts = facts_of(desk, scope, _figures(desk, *_taken(desk, scope)))
    choices = [
        Choice(f"summary_mark_{mark}", scope.action("marked", mark), {"n": facts[mark]})
        for mark in MARKS
        if facts[mark]
    ]
    if scope.unit is None and facts["identities"]:
        choices.append(Choice("summary_mark_identities", scope.action("names"), {"n": facts["identities"]}))
    if scope.unit is None and facts["undelivered"]:
        choices.append(
            Choice("summary_cell_messages", scope.action("rest", "messages"), {"n": facts["undelivered"]})
        )
    rows = figured(scope, choices, number_at(arguments, 0), ("quality",), _back(scope))
    return [Reply("summary_quality_page", facts, rows, edits=turn.message_id)]


def spots(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The places with most reports of one kind; a number opens their matters."""
    facts = facts_of(desk, scope, _figures(desk, *_taken(desk, scope)))
    shown = facts["spots"]
    assert isinstance(shown, list)
    choices = [
        Choice("summary_row_spot", scope.action("spot", spot["category"], spot["code"]), spot)
        for spot in shown
    ]
    rows = (*in_rows(choices, 3), _back(scope))
    return [Reply("summary_spots_page", facts, rows, edits=turn.message_id)]


def marked_page(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The matters of which one thing is true."""
    mark = arguments[0] if arguments else ""
    if mark not in MARKS:
        raise RuleError("button_gone")
    courses, _ = _taken(desk, scope)
    found = [course.row for course in marked(courses, mark, desk.today)]
    head = {"mark": mark, "kind": "", "area": ""}
    return [_listed(desk, turn, scope, found, number_at(arguments, 1), head, "marked", mark)]


def spot_page(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The matters of one kind in one area."""
    category, area = (*arguments, "", "")[:2]
    courses, _ = _taken(desk, scope)
    found = [course.row for course in in_spot(courses, category, area)]
    head = {
        "mark": "spot",
        "kind": desk.committee.category_names.get(category, category),
        "area": _area(desk, area),
    }
    return [_listed(desk, turn, scope, found, number_at(arguments, 2), head, "spot", category, area)]


def names(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Which sealed senders were opened, when and by whom; never who they are."""
    if scope.unit is not None:
        raise RuleError("button_gone")
    found = courses_db.openings(desk.conn, scope.period, desk.calendar, viewer=desk.person)
    page = paged(found, number_at(arguments, 0))
    lines = [
        {"n": n, "code": each.code, "at": each.at, "custodian": each.custodian, "approver": each.approver}
        for n, each in page.rows
    ]
    rows = (*page.turning(scope.action, "names"), _back(scope))
    return [Reply("summary_identities", page.facts(scope, "", lines), rows, edits=turn.message_id)]


def out(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """The same figures as a file: which form, what for, and there it is."""
    form, why = (*arguments, "", "")[:2]
    if not desk.takes_documents:
        form = PICTURE
    if not form:
        choices = tuple(Choice(f"summary_out_{each}", scope.action("out", each)) for each in FORMS)
        return [Reply("summary_out_page", scope.facts, (choices, _back(scope)), edits=turn.message_id)]
    if form not in (*FORMS, PICTURE):
        raise RuleError("button_gone")
    if not why:
        return [exports.ask(turn, scope.action("out", form), form, _back(scope)[0])]
    courses, before = _taken(desk, scope)
    exports.record(
        desk, "summary", scope.period.year, why,
        period=scope.period.key, form=form, rows=len(courses), unit_ids=sorted(scope.unit_ids or ()),
    )  # fmt: skip
    values = values_of(desk, scope, courses, before)
    drawing = "courses_pdf_picture" if form == PICTURE else f"courses_{form}"
    kind = "photo" if form == PICTURE else "document"
    stem = "-".join(("phan-anh", *((scope.unit.code,) if scope.unit else ()), scope.period.key))
    file = Picture(kind, f"{stem}.{form}", drawing=drawing, values=values)
    return [
        Reply("summary_out_soon", {**scope.facts, "form": form}, (_back(scope),), edits=turn.message_id),
        Reply("summary_out_file", {**scope.facts, "form": form}, pictures=(file,)),
    ]


def draft_facts(desk: Desk, scope: Scope) -> dict[str, object]:
    """What the Word draft says of citizens' matters beside the cells: the figures of the first page."""
    return facts_of(desk, scope, _figures(desk, *_taken(desk, scope)))


def facts_of(desk: Desk, scope: Scope, figures: CourseFigures) -> dict[str, object]:
    """What chat and files say."""
    whole = scope.unit is None
    seen = whole and desk.person.has(LEADER)  # what is drawn is foreseen by nobody else
    opened = summary_db.identities_opened(desk.conn, scope.period, desk.calendar, viewer=desk.person)
    missed = exceptions.undelivered(desk.conn, scope.period, desk.calendar) if whole else []
    drawn = closing_checks.count(desk.conn, scope.period.first, scope.period.last, desk.person)
    kinds = desk.committee.category_names
    units = {unit.code: unit.name for unit in people.all_units(desk.conn)}
    named = [
        {
            "n": n,
            "category": spot.category,
            "kind": kinds.get(spot.category, spot.category),
            "code": spot.area,
            "area": _area(desk, spot.area),
            "cases": spot.cases,
            "people": spot.people,
        }
        for n, spot in enumerate(figures.spots, 1)
    ]
    return {
        **figures.facts(),
        **scope.facts,
        "at": desk.now,
        "spots": named,
        "overdue_units": [
            {"code": code, "name": units[code], "n": n} for code, n in figures.overdue_units[:NAMED_UNITS]
        ],
        "more_units": max(len(figures.overdue_units) - NAMED_UNITS, 0),
        "identities": opened if whole else 0,
        "undelivered": sum(each.count for each in missed),
        "drawn": sum(drawn.values()) if seen else 0,
        "drawn_true": drawn["true"] if seen else 0,
        "drawn_untrue": drawn["untrue"] if seen else 0,
        "seeds": _seeds(desk, scope) if seen else [],
    }


def values_of(
    desk: Desk, scope: Scope, courses: Sequence[Course], before: Sequence[CaseRow]
) -> dict[str, object]:
    """What ``reports.courses`` draws: the figures, by unit, by kind, and the matters without their words."""
    figures = _figures(desk, courses, before)
    units = {unit.code: unit.name for unit in people.all_units(desk.conn)}
    kinds = desk.committee.category_names
    return {
        "zone": str(desk.committee.zone),
        "office": {"name": desk.committee.name},
        "facts": facts_of(desk, scope, figures),
        "units": _groups(figures.units, units),
        "kinds": _groups(figures.kinds, kinds),
        "rows": [_drawn(desk, course, kinds) for course in courses[:MOST_ROWS]],
    }


def _figures(desk: Desk, courses: Sequence[Course], before: Sequence[CaseRow]) -> CourseFigures:
    return count_courses(courses, before, desk.today)


def _groups(groups: Sequence[Group], names: dict[str, str]) -> list[dict[str, object]]:
    lines = [
        {
            "name": names.get(group.code, group.code),
            "received": group.cases.received,
            "answered": group.cases.answered,
            "answered_late": group.cases.answered_late,
            "waiting": group.cases.waiting,
            "unanswered": group.cases.unanswered,
            "ended": group.cases.ended,
            "rated": group.rated,
            "good": group.good,
            "reopened": group.reopened,
        }
        for group in groups
    ]
    return sorted(lines, key=lambda line: str(line["name"]))


def _drawn(desk: Desk, course: Course, kinds: dict[str, str]) -> dict[str, object]:
    row = course.row
    return {
        "code": row.code,
        "kind": kinds.get(row.category, row.category),
        "unit": row.unit,
        "area": _area(desk, course.area),
        "received": row.received_on,
        "due": row.due_on,
        "answered": row.answered_on,
        "cell": row.cell(desk.today),
        "rating": course.rating,
        "marks": [mark for mark in MARKS if mark not in ("good", "partly", "bad", "confirmed")
                  and MARKS[mark](course, desk.today)],
    }  # fmt: skip


def _seeds(desk: Desk, scope: Scope) -> list[dict[str, str]]:
    """By what the draws of the months that are over can be repeated."""
    found = closing_checks.seeds(desk.conn, scope.period.first, min(desk.today, scope.period.last + DAY))
    return [{"month": month, "seed": seed} for month, seed in found]


def _taken(desk: Desk, scope: Scope) -> tuple[list[Course], list[CaseRow]]:
    """The matters of a period, and those of earlier ones that are late, as this person may see them."""
    period, viewer = scope.period, desk.person
    courses = courses_db.of_period(desk.conn, period, desk.calendar, scope.unit_ids, viewer=viewer)
    if desk.today not in period:
        return courses, []
    older = summary_db.cases_before(desk.conn, period.first, desk.calendar, scope.unit_ids, viewer=viewer)
    return courses, [row for row in older if row.cell(desk.today) == UNANSWERED]


def _listed(
    desk: Desk, turn: Turn, scope: Scope, found: list[CaseRow], number: int, head: dict[str, str], *view: str
) -> Reply:
    page: Page[CaseRow] = opened(found, number)
    kinds = desk.committee.category_names
    lines = [case_line(desk, row, n, kinds.get(row.category, "")) for n, row in page.rows]
    back = Choice("summary_back_quality", scope.action("quality" if view[0] == "marked" else "spots"))
    rows = (*opening(page), *page.turning(scope.action, *view), (back,))
    return Reply("summary_marked", {**page.facts(scope, "", lines), **head}, rows, edits=turn.message_id)


def _back(scope: Scope) -> tuple[Choice, ...]:
    return (Choice("summary_back_courses", scope.action("citizens")), *scope.back())


def _area(desk: Desk, code: str) -> str:
    return desk.committee.areas.name(code) or ""


VIEWS: dict[str, Callable[[Desk, Turn, Scope, list[str]], list[Reply]]] = {
    "citizens": front,
    "quality": quality,
    "spots": spots,
    "marked": marked_page,
    "spot": spot_page,
    "names": names,
    "out": out,
}
