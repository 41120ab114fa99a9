"""The layout of an office's documents (Decree 30/2020/NĐ-CP, annex I), for python-docx."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

MADE_AT = datetime(2021, 1, 1)  # noqa: DTZ001  the file's own stamp; the same values give the same bytes
FONT = "Times New Roman"  # named, not shipped: the reader's machine has it
BODY, SMALL, TINY = 14, 12, 11


def page(document: WordDocument, *, landscape: bool = False) -> None:
    """A4, margins 20-30-20-15 mm, page number centred on top from the second page on."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
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


def grid(document: WordDocument, widths: Sequence[int], *, style: str | None = None, rows: int = 1) -> Table:
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


def keep_rows(table: Table, *, heads: int) -> None:
    """No row is broken by a page, and the first ones stand again on each."""
    from docx.oxml.parser import OxmlElement

    for number, row in enumerate(table.rows):
        for mark in ("w:cantSplit", "w:tblHeader")[: 2 if number < heads else 1]:
            row._tr.get_or_add_trPr().append(OxmlElement(mark))


def fill(
    cell: _Cell, text: str, *, size: int, bold: bool = False, italic: bool = False, align: str = "center"
) -> None:
    """Adds a paragraph to a cell; the empty one that each cell begins with is used first."""
    first = cell.paragraphs[0]
    paragraph = first if len(cell.paragraphs) == 1 and not first.text else cell.add_paragraph()
    _format(paragraph, text, size=size, bold=bold, italic=italic, align=align, after=0)


def line(
    document: WordDocument,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    after: int = 6,
) -> None:
    """Adds a line of its own."""
    _format(document.add_paragraph(), text, size=BODY, bold=bold, italic=italic, align=align, after=after)


def body(document: WordDocument, text: str) -> None:
    """Adds a paragraph of running text."""
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


def finished(document: WordDocument, *, title: str, author: str) -> bytes:
    """The file, with its properties; its own stamp is no moment of somebody's export."""
    properties = document.core_properties
    properties.created = properties.modified = MADE_AT
    properties.title, properties.author = title, author
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
