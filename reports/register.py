"""The register (sổ tiếp nhận) as Word, Excel and CSV; what a citizen typed stays text in each.

The values are those of ``handlers.register.values``; a row that its reader may not see has a number only.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from locales import Wording
from reports import layout, workbook

COLUMNS = {  # in Excel, with widths in characters
    "number": 6, "at": 17, "code": 8, "track": 12, "kind": 22, "words": 50, "place": 24, "unit": 24,
    "due": 12, "state": 20, "answered": 17, "answer": 50, "rating": 18,
}  # fmt: skip
PRINTED = {  # on paper, with widths in millimetres: 252 across
    "number": 11, "at": 22, "code": 16, "kind": 28, "words": 66, "place": 28, "unit": 29,
    "due": 22, "result": 30,
}  # fmt: skip
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not allowed in XML 1.0
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Get = Callable[[str], bytes]


def register_xlsx(values: Mapping[str, Any], get: Get) -> bytes:
    """An .xlsx, A4 landscape, one page wide; every cell is text, so nothing in it is ever a formula."""
    put = _wording(values)
    file = io.BytesIO()
    with workbook.opened(file, title=put("title"), author=values["office"]["name"]) as book:
        sheet = workbook.sheet(book, put("sheet"))
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        sheet.set_header("&C&P", {"scale_with_doc": False})
        font = {"font_name": layout.FONT, "font_size": 11}
        centre = book.add_format({**font, "bold": True, "align": "center"})
        plain = book.add_format({**font, "align": "center", "italic": True})
        head = book.add_format(
            {**font, "bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        text = book.add_format({**font, "border": 1, "valign": "top", "text_wrap": True})
        last = len(COLUMNS) - 1
        for row, (left, right) in enumerate(((put("issuer"), put("nation")), ("", put("motto")))):
            sheet.merge_range(row, 0, row, 5, left, centre)
            sheet.merge_range(row, 6, row, last, right, centre)
        sheet.merge_range(3, 0, 3, last, put("title"), centre)
        sheet.merge_range(4, 0, 4, last, put("at"), plain)
        for column, (name, width) in enumerate(COLUMNS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(6, column, put(f"column_{name}"), head)
        for at, line in enumerate(_lines(values, tuple(COLUMNS)), 7):
            for column, words in enumerate(line):
                sheet.write_string(at, column, words, text)
        sheet.freeze_panes(7, 0)
        sheet.repeat_rows(6)
        sheet.autofilter(6, 0, 6 + len(values["rows"]), last)
    return file.getvalue()


def register_docx(values: Mapping[str, Any], get: Get) -> bytes:
    """A .docx to print, A4 landscape, with the national heading and the columns of the register's form."""
    from docx import Document  # lxml: loads on first use

    put = _wording(values)
    document = Document()
    layout.page(document, landscape=True)
    left, right = layout.grid(document, [110, 142]).rows[0].cells
    layout.fill(left, put("issuer").upper(), bold=True, size=13)
    layout.fill(right, put("nation"), bold=True, size=13)
    layout.fill(right, put("motto"), bold=True, size=14)
    layout.line(document, "", after=0)
    layout.line(document, put("title"), bold=True, align="center", after=0)
    layout.line(document, put("at"), italic=True, align="center", after=12)
    lines = list(_lines(values, tuple(PRINTED)))
    table = layout.grid(document, list(PRINTED.values()), style="Table Grid", rows=1 + len(lines))
    grid = table._cells  # a cell at a time costs the square of the rows
    width = len(PRINTED)
    for column, name in enumerate(PRINTED):
        layout.fill(grid[column], put(f"column_{name}"), bold=True, size=layout.TINY)
    for at, line in enumerate(lines, 1):
        for column, words in enumerate(line):
            align = "center" if column in (0, 1, 2, 7) else "left"
            layout.fill(grid[at * width + column], words, size=layout.TINY, align=align)
    layout.keep_rows(table, heads=1)
    return layout.finished(document, title=put("title"), author=values["office"]["name"])


def register_csv(values: Mapping[str, Any], get: Get) -> bytes:
    """A CSV that a spreadsheet opens as UTF-8; a cell that would be a formula begins with an apostrophe."""
    put = _wording(values)
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow([put(f"column_{name}") for name in COLUMNS])
    for line in _lines(values, tuple(COLUMNS)):
        table.writerow([f"'{words}" if words.startswith(_FORMULA) else words for words in line])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _wording(values: Mapping[str, Any]) -> Callable[..., str]:
    wording = Wording(ZoneInfo(values["zone"]), values["office"])
    period = wording.label("summary_period", values["period"])

    def put(key: str, **facts: object) -> str:
        known = {"period": period, "at": values["at"], "scope": values["scope"], **facts}
        return wording.label(f"register_{key}", known)

    return put


def _lines(values: Mapping[str, Any], columns: tuple[str, ...]) -> Iterator[list[str]]:
    """The rows as words, in these columns."""
    wording = Wording(ZoneInfo(values["zone"]), values["office"])
    for row in values["rows"]:
        if "code" not in row:
            hidden = wording.label("register_hidden", {})
            yield [
                str(row["number"]) if name == "number" else hidden if name == "words" else ""
                for name in columns
            ]
            continue
        yield [_cell(wording, row, name) for name in columns]


def _cell(wording: Wording, row: Mapping[str, Any], name: str) -> str:
    if name == "words" and row["emptied"]:
        return wording.label("register_emptied", {})
    if name in ("number", "code", "kind", "words", "place", "unit", "answer"):
        return _UNPRINTABLE.sub(" ", str(row[name]))
    if name == "answered" and row["answered"] is None:
        return ""
    known = {
        key: value for key, value in row.items() if key != "words"
    }  # that name is a function of the texts
    return wording.label(f"register_value_{name}", known)
