"""Excel workbooks of ours: A4 landscape, one page wide; nothing that somebody typed is ever a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from reports.layout import MADE_AT

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


def opened(file: io.BytesIO, *, title: str, author: str) -> Workbook:
    """A workbook to be closed, which writes it; its own stamp is no moment of somebody's export."""
    import xlsxwriter  # loads on first use

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": title, "author": author, "created": MADE_AT})
    return book


def sheet(book: Workbook, name: str) -> Worksheet:
    """A sheet of this name."""
    made = book.add_worksheet(name)
    made.set_landscape()
    made.set_paper(9)  # A4
    made.fit_to_pages(1, 0)
    return made
