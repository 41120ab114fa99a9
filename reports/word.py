"""The report as a Word draft in the layout of Decree 30/2020/NĐ-CP; number, date and signature stay blank."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from locales import Wording

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

FONT = "Times New Roman"  # named, not shipped: the reader's machine has it
BODY, SMALL, TINY = 14, 12, 11
CELLS = ("early", "on_time", "late", "in_time", "overdue")
MADE_AT = datetime(2021, 1, 1)  # noqa: DTZ001  the file's own stamp; the same values give the same bytes


def summary_word(values: Mapping[str, Any], get: Callable[[str], bytes]) -> bytes:
    """A .docx of a report, from the values of ``handlers.summary_scope.drawing_values``."""
    from docx import Document  # lxml: loads on first use

    document = Document()
    wording = Wording(ZoneInfo(values["zone"]), values["office"])

    def word(key: str, **facts: object) -> str:
        return wording.label(key, facts)

    period = wording.label("summary_period", values["period"])
    _page(document)
    _head(document, word, values)
    _line(document, word("word_title"), bold=True, align="center", after=0)
    _line(document, word("word_subject", period=period), bold=True, align="center", after=0)
    _line(document, word("word_at", at=values["at"]), italic=True, align="center", after=12)
    _tasks(document, word, values)
    _objectives(document, word, wording, values["objectives"])
    _line(document, word("word_cases_title"), bold=True)
    older = {name: values[name] for name in ("grievances", "cases_before")}
    _body(document, word("word_cases", **values["cases"], **older))
    _line(document, word("word_inspections_title"), bold=True)
    _body(document, word("word_inspections", **values["inspections"]))
    _line(document, word("word_exceptions_title"), bold=True)
    _body(
        document, word("word_exceptions", **{k: values[k] for k in ("unheld", "unreachable", "undelivered")})
    )
    _foot(document, word)
    document.core_properties.created = document.core_properties.modified = MADE_AT
    document.core_properties.title = word("word_subject", period=period)
    document.core_properties.author = values["office"]["name"]
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: WordDocument) -> None:
    """A4 upright, margins 20-30-20-15 mm, page number centred on top from the second page on."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = number.add_run()
        run.font.size = Pt(BODY)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _head(document: WordDocument, word: Callable[..., str], values: Mapping[str, Any]) -> None:
    """The issuer with the blank number on the left, the national heading with the blank date on the right."""
    table = _grid(document, [68, 97])
    left, right = table.rows[0].cells
    _cell(left, word("word_issuer_1"), bold=True, size=13)
    _cell(left, word("word_issuer_2", name=values["office"]["name"]).upper(), bold=True, size=13)
    _cell(left, word("word_issuer_line"), size=8)
    _cell(left, word("word_number"), size=13)
    _cell(left, word("word_draft"), bold=True, size=13)
    _cell(right, word("word_nation"), bold=True, size=13)
    _cell(right, word("word_motto"), bold=True, size=14)
    _cell(right, word("word_motto_line"), size=8)
    _cell(right, word("word_date", place=values["office"]["place"]), italic=True, size=14)
    _line(document, "", after=0)


def _tasks(document: WordDocument, word: Callable[..., str], values: Mapping[str, Any]) -> None:
    """The matrix: a row a unit, and the committee's row that is their sum."""
    tasks = values["tasks"]
    _line(document, word("word_tasks_title"), bold=True)
    apart = ("undated", "moved_out", "standing", "standing_said")
    _body(document, word("word_tasks", **tasks, **{name: values[name] for name in apart}))
    if not tasks["total"]:
        return
    table = _grid(document, [59, 17, 18, 18, 18, 17, 18], style="Table Grid", rows=2)
    top, second = table.rows
    for at, key in ((0, "unit"), (1, "total")):
        _cell(top.cells[at].merge(second.cells[at]), word(f"word_column_{key}"), bold=True, size=SMALL)
    _cell(top.cells[2].merge(top.cells[4]), word("word_column_done"), bold=True, size=SMALL)
    _cell(top.cells[5].merge(top.cells[6]), word("word_column_open"), bold=True, size=SMALL)
    for at, key in enumerate(CELLS, 2):
        _cell(second.cells[at], word(f"word_column_{key}"), bold=True, size=SMALL)
    for unit in (*values["units"], {**tasks, "name": word("word_all_units")}):
        last = unit["name"] == word("word_all_units")
        row = table.add_row().cells  # type: ignore[no-untyped-call]
        _cell(row[0], unit["name"], size=SMALL, align="left", bold=last)
        for at, key in enumerate(("total", *CELLS), 1):
            _cell(row[at], str(unit[key]), size=SMALL, bold=last)
    _keep_rows(table, heads=2)
    _line(document, "", after=0)


def _objectives(
    document: WordDocument,
    word: Callable[..., str],
    wording: Wording,
    objectives: Sequence[Mapping[str, Any]],
) -> None:
    _line(document, word("word_objectives_title"), bold=True)
    if not objectives:
        _body(document, word("word_no_plan"))
        return
    table = _grid(document, [14, 66, 55, 30], style="Table Grid")
    for at, key in enumerate(("number", "objective", "result", "light")):
        _cell(table.rows[0].cells[at], word(f"word_column_{key}"), bold=True, size=SMALL)
    for each in objectives:
        row = table.add_row().cells  # type: ignore[no-untyped-call]
        _cell(row[0], str(each["number"]), size=SMALL)
        _cell(row[1], each["text"].removesuffix("./."), size=SMALL, align="left")
        for measure in each["measures"]:
            said = wording.label(f"summary_measure_{measure['key']}", measure)
            _cell(row[2], said[:1].upper() + said[1:], size=SMALL, align="left")
        _cell(row[3], wording.label(f"chart_light_{each['light']}", {}), size=SMALL)
    _keep_rows(table, heads=1)
    _line(document, "", after=0)


def _foot(document: WordDocument, word: Callable[..., str]) -> None:
    """Where it goes on the left; who signs, with nothing signed, on the right."""
    _line(document, "", after=0)
    left, right = _grid(document, [80, 85]).rows[0].cells
    _cell(left, word("word_to"), bold=True, italic=True, size=SMALL, align="left")
    for line in ("word_to_1", "word_to_2", "word_to_3"):
        _cell(left, word(line), size=TINY, align="left")
    _cell(right, word("word_signed_for"), bold=True, size=BODY)
    _cell(right, word("word_signed_by"), bold=True, size=BODY)


def _grid(document: WordDocument, widths: Sequence[int], *, style: str | None = None, rows: int = 1) -> Table:
    """A table with columns of these widths in millimetres."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    table: Table = document.add_table(rows=rows, cols=len(widths), style=style)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _keep_rows(table: Table, *, heads: int) -> None:
    """No row is broken by a page, and the first ones stand again on each."""
    from docx.oxml.parser import OxmlElement

    for number, row in enumerate(table.rows):
        for mark in ("w:cantSplit", "w:tblHeader")[: 2 if number < heads else 1]:
            row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _cell(
    cell: _Cell, text: str, *, size: int, bold: bool = False, italic: bool = False, align: str = "center"
) -> None:
    """Adds a paragraph to a cell; the empty one that each cell begins with is used first."""
    first = cell.paragraphs[0]
    paragraph = first if len(cell.paragraphs) == 1 and not first.text else cell.add_paragraph()
    _format(paragraph, text, size=size, bold=bold, italic=italic, align=align, after=0)


def _line(
    document: WordDocument,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    after: int = 6,
) -> None:
    _format(document.add_paragraph(), text, size=BODY, bold=bold, italic=italic, align=align, after=after)


def _body(document: WordDocument, text: str) -> None:
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    _format(paragraph, text, size=BODY, align="justify", after=6)


def _format(
    paragraph: Paragraph,
    text: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    after: int = 0,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.__members__[align.upper()]
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(0), Pt(after)
