"""Citizens' matters of a period as Word, Excel, PDF: the figures of the chat, by unit, by kind, a list.

The values are those of ``handlers.summary_cases.values_of``: no words, names or numbers of citizens.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from locales import Wording
from reports import layout, workbook
from reports.typeset import typeset

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LINES = {  # each figure, with the figure of which it is a share
    "received": "", "acknowledged": "received", "all_answered": "received", "answered": "fallen_due",
    "confirmed": "fallen_due", "answered_late": "fallen_due", "waiting": "", "unanswered": "fallen_due",
    "before": "", "ended": "", "median": "", "rated": "answered_once", "good": "rated", "partly": "rated",
    "bad": "rated", "reopened": "answered_once", "bare": "answered_once", "hasty": "answered_once",
    "last_hour": "answered_once", "moved": "received", "soon": "received",
    "identities": "", "undelivered": "",
    "drawn": "", "drawn_true": "drawn", "drawn_untrue": "drawn",
}  # fmt: skip
GROUPED = (
    "received", "answered", "answered_late", "waiting", "unanswered", "ended", "rated", "good", "reopened",
)  # fmt: skip
ROWS = ("code", "kind", "unit", "area", "at", "due", "done", "cell", "rating", "marks")
TABLES = (("units", "unit_name"), ("kinds", "kind_name"))
Get = Callable[[str], bytes]
Put = Callable[..., str]
Cell = str | int


def courses_xlsx(values: Mapping[str, Any], get: Get) -> bytes:
    """An .xlsx of four sheets; counts are numbers, all else is text, so nothing in it is ever a formula."""
    put = _wording(values)
    file = io.BytesIO()
    with workbook.opened(file, title=put("title"), author=values["office"]["name"]) as book:
        font = {"font_name": layout.FONT, "font_size": 11, "border": 1, "valign": "top", "text_wrap": True}
        head, body = book.add_format({**font, "bold": True}), book.add_format(font)
        for name, columns, lines in _sheets(values, put):
            sheet = workbook.sheet(book, name)
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
            for column, words in enumerate(columns):
                sheet.set_column(column, column, 44 if column == 0 and name != put("sheet_rows") else 16)
                sheet.write_string(0, column, words, head)
            for at, line in enumerate(lines, 1):
                for column, cell in enumerate(line):
                    write = sheet.write_number if isinstance(cell, int) else sheet.write_string
                    write(at, column, cell, body)
    return file.getvalue()


def courses_docx(values: Mapping[str, Any], get: Get) -> bytes:
    """A .docx to print, A4 landscape."""
    from docx import Document  # lxml: loads on first use

    put = _wording(values)
    document = Document()
    layout.page(document, landscape=True)
    layout.line(document, values["office"]["name"].upper(), bold=True, align="center", after=0)
    layout.line(document, put("title"), bold=True, align="center", after=0)
    for key in ("unit", "at"):
        if words := put(key):
            layout.line(document, words, align="center", italic=key == "at")
    for name, columns, lines in _sheets(values, put):
        _table(document, name, columns, lines)
    return layout.finished(document, title=put("title"), author=values["office"]["name"])


def courses_pdf(values: Mapping[str, Any], get: Get) -> bytes:
    """A PDF of A4, landscape."""
    return _typeset(values, "pdf")


def courses_picture(values: Mapping[str, Any], get: Get) -> bytes:
    """The figures and the units as one PNG, where files cannot go."""
    return _typeset(values, "png")


def _typeset(values: Mapping[str, Any], form: Literal["png", "pdf"]) -> bytes:
    put = _wording(values)
    tables = [
        {"name": name, "columns": columns, "cells": [str(cell) for line in lines for cell in line]}
        for name, columns, lines in _sheets(values, put)
    ]
    page = {
        "picture": form == "png",
        "office": values["office"]["name"].upper(),
        "title": put("title"),
        "notes": [words for key in ("unit", "at") if (words := put(key))],
        "tables": tables[:2] if form == "png" else tables,
    }
    with resources.as_file(resources.files("reports") / "courses.typ") as source:
        return typeset(source, {"data": json.dumps(page)}, form)


def _table(
    document: WordDocument, name: str, columns: Sequence[str], lines: Sequence[Sequence[Cell]]
) -> None:
    layout.line(document, name, bold=True)
    first = 90 if len(columns) < 10 else 20
    widths = [first] + [(252 - first) // (len(columns) - 1)] * (len(columns) - 1)
    table = layout.grid(document, widths, style="Table Grid", rows=1 + len(lines))
    grid = table._cells  # a cell at a time costs the square of the rows
    for at, line in enumerate((columns, *lines)):
        for column, cell in enumerate(line):
            align = "center" if isinstance(cell, int) else "left"
            layout.fill(
                grid[at * len(columns) + column], str(cell), size=layout.TINY, bold=at == 0, align=align
            )
    layout.keep_rows(table, heads=1)
    layout.line(document, "", after=0)


def _sheets(values: Mapping[str, Any], put: Put) -> Iterator[tuple[str, list[str], Sequence[Sequence[Cell]]]]:
    """The tables of a file: their names, columns and lines."""
    yield (
        put("sheet_figures"),
        [put(f"column_{c}") for c in ("line", "n", "share")],
        list(_figures(values["facts"], put)),
    )
    for name, first in TABLES:
        columns = [put(f"column_{column}") for column in (first, *GROUPED)]
        lines = [[line["name"], *(line[column] for column in GROUPED)] for line in values[name]]
        yield put(f"sheet_{name}"), columns, lines
    lines = [[_cell(put, row, column) for column in ROWS] for row in values["rows"]]
    yield put("sheet_rows"), [put(f"column_{column}") for column in ROWS], lines


def _figures(facts: Mapping[str, Any], put: Put) -> Iterator[Sequence[Cell]]:
    for key, whole in LINES.items():
        n = facts[key]
        share = put("share", n=n, of=facts[whole]) if whole and facts[whole] else ""
        yield put(f"line_{key}"), put("none") if n is None else n, share
    for spot in facts["spots"]:
        yield put("line_spot", **spot), spot["people"], ""
    for each in facts["seeds"]:
        yield put("line_seed", month=each["month"]), each["seed"], ""


def _cell(put: Put, row: Mapping[str, Any], column: str) -> str:
    if column in ("at", "due", "done"):
        day = row[{"at": "received", "due": "due", "done": "answered"}[column]]
        return put("day", day=day)
    if column == "cell":
        return put(f"column_{row['cell']}")
    if column == "rating":
        return put(f"line_{row['rating']}") if row["rating"] else ""
    if column == "marks":
        return "; ".join(put(f"line_{mark}") for mark in row["marks"])
    return str(row[column])


def _wording(values: Mapping[str, Any]) -> Put:
    wording, facts = Wording(ZoneInfo(values["zone"]), values["office"]), values["facts"]
    period = wording.label("summary_period", facts["period"])

    def put(key: str, **known: object) -> str:
        return wording.label(
            f"courses_{key}", {"period": period, "unit": facts["unit"], "at": facts["at"], **known}
        )

    return put
