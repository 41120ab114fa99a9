"""The report as a Word draft in the layout of Decree 30/2020/NĐ-CP; number, date and signature stay blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from locales import Wording
from reports import layout
from reports.layout import BODY, SMALL, TINY

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

CELLS = ("early", "on_time", "late", "in_time", "overdue")


def summary_word(values: Mapping[str, Any], get: Callable[[str], bytes]) -> bytes:
    """A .docx of a report, from the values of ``handlers.summary_scope.drawing_values``."""
    from docx import Document  # lxml: loads on first use

    document = Document()
    wording = Wording(ZoneInfo(values["zone"]), values["office"])

    def word(key: str, **facts: object) -> str:
        return wording.label(key, facts)

    period = wording.label("summary_period", values["period"])
    layout.page(document)
    _head(document, word, values)
    layout.line(document, word("word_title"), bold=True, align="center", after=0)
    layout.line(document, word("word_subject", period=period), bold=True, align="center", after=0)
    layout.line(document, word("word_at", at=values["at"]), italic=True, align="center", after=12)
    _tasks(document, word, values)
    _objectives(document, word, wording, values["objectives"])
    layout.line(document, word("word_cases_title"), bold=True)
    older = {name: values[name] for name in ("grievances", "cases_before")}
    layout.body(document, word("word_cases", **values["cases"], **older))
    if courses := values.get("courses"):
        layout.body(document, word("word_courses", **courses))
    layout.line(document, word("word_inspections_title"), bold=True)
    layout.body(document, word("word_inspections", **values["inspections"]))
    layout.line(document, word("word_exceptions_title"), bold=True)
    told = ("unheld", "unreachable", "undelivered", "silent_units", "unheard", "unplanned", "objectives")
    rest = {name: values[name] for name in told}
    layout.body(document, word("word_exceptions", **rest))
    _foot(document, word)
    return layout.finished(
        document, title=word("word_subject", period=period), author=values["office"]["name"]
    )


def _head(document: WordDocument, word: Callable[..., str], values: Mapping[str, Any]) -> None:
    """The issuer with the blank number on the left, the national heading with the blank date on the right."""
    table = layout.grid(document, [68, 97])
    left, right = table.rows[0].cells
    layout.fill(left, word("word_issuer_1"), bold=True, size=13)
    layout.fill(left, word("word_issuer_2", name=values["office"]["name"]).upper(), bold=True, size=13)
    layout.fill(left, word("word_issuer_line"), size=8)
    layout.fill(left, word("word_number"), size=13)
    layout.fill(left, word("word_draft"), bold=True, size=13)
    layout.fill(right, word("word_nation"), bold=True, size=13)
    layout.fill(right, word("word_motto"), bold=True, size=14)
    layout.fill(right, word("word_motto_line"), size=8)
    layout.fill(right, word("word_date", place=values["office"]["place"]), italic=True, size=14)
    layout.line(document, "", after=0)


def _tasks(document: WordDocument, word: Callable[..., str], values: Mapping[str, Any]) -> None:
    """The matrix: a row a unit, and the committee's row that is their sum."""
    tasks = values["tasks"]
    layout.line(document, word("word_tasks_title"), bold=True)
    apart = ("undated", "moved_out", "standing", "standing_said")
    layout.body(document, word("word_tasks", **tasks, **{name: values[name] for name in apart}))
    if not tasks["total"]:
        return
    table = layout.grid(document, [59, 17, 18, 18, 18, 17, 18], style="Table Grid", rows=2)
    top, second = table.rows
    for at, key in ((0, "unit"), (1, "total")):
        layout.fill(top.cells[at].merge(second.cells[at]), word(f"word_column_{key}"), bold=True, size=SMALL)
    layout.fill(top.cells[2].merge(top.cells[4]), word("word_column_done"), bold=True, size=SMALL)
    layout.fill(top.cells[5].merge(top.cells[6]), word("word_column_open"), bold=True, size=SMALL)
    for at, key in enumerate(CELLS, 2):
        layout.fill(second.cells[at], word(f"word_column_{key}"), bold=True, size=SMALL)
    for unit in (*values["units"], {**tasks, "name": word("word_all_units")}):
        last = unit["name"] == word("word_all_units")
        row = table.add_row().cells  # type: ignore[no-untyped-call]
        layout.fill(row[0], unit["name"], size=SMALL, align="left", bold=last)
        for at, key in enumerate(("total", *CELLS), 1):
            layout.fill(row[at], str(unit[key]), size=SMALL, bold=last)
    layout.keep_rows(table, heads=2)
    layout.line(document, "", after=0)


def _objectives(
    document: WordDocument,
    word: Callable[..., str],
    wording: Wording,
    objectives: Sequence[Mapping[str, Any]],
) -> None:
    layout.line(document, word("word_objectives_title"), bold=True)
    if not objectives:
        layout.body(document, word("word_no_plan"))
        return
    table = layout.grid(document, [14, 66, 55, 30], style="Table Grid")
    for at, key in enumerate(("number", "objective", "result", "light")):
        layout.fill(table.rows[0].cells[at], word(f"word_column_{key}"), bold=True, size=SMALL)
    for each in objectives:
        row = table.add_row().cells  # type: ignore[no-untyped-call]
        layout.fill(row[0], str(each["number"]), size=SMALL)
        layout.fill(row[1], each["text"].removesuffix("./."), size=SMALL, align="left")
        for measure in each["measures"]:
            said = wording.label(f"summary_measure_{measure['key']}", measure)
            layout.fill(row[2], said[:1].upper() + said[1:], size=SMALL, align="left")
        layout.fill(row[3], wording.label(f"chart_light_{each['light']}", {}), size=SMALL)
    layout.keep_rows(table, heads=1)
    layout.line(document, "", after=0)


def _foot(document: WordDocument, word: Callable[..., str]) -> None:
    """Where it goes on the left; who signs, with nothing signed, on the right."""
    layout.line(document, "", after=0)
    left, right = layout.grid(document, [80, 85]).rows[0].cells
    layout.fill(left, word("word_to"), bold=True, italic=True, size=SMALL, align="left")
    for line in ("word_to_1", "word_to_2", "word_to_3"):
        layout.fill(left, word(line), size=TINY, align="left")
    layout.fill(right, word("word_signed_for"), bold=True, size=BODY)
    layout.fill(right, word("word_signed_by"), bold=True, size=BODY)
