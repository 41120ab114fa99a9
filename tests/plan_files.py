"""The shipped plan, changed or in another kind of file, for the tests of the import."""

from __future__ import annotations

import itertools
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import openpyxl

import plans
from bot.committee import committee_folder, load_units, shipped_calendar
from domain.plan import Plan

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FOLDER = committee_folder()
SOURCE = FOLDER / "plan-2021.txt"
TEXT = SOURCE.read_text(encoding="utf-8")
UNITS = load_units(FOLDER)
CALENDAR = shipped_calendar(ZONE)


def read(source: Path | None = None, year: int | None = None) -> Plan:
    """The plan of a file, or the shipped one."""
    return plans.read_file(source or SOURCE, UNITS, CALENDAR, year)


def write_text(folder: Path, *changes: tuple[str, str]) -> Path:
    """The shipped plan with pieces of its text replaced, each of which must be there."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "plan.txt"
    path.write_text(text, encoding="utf-8")
    return path


def _blocks() -> list[list[list[str]]]:
    """Runs of lines: paragraphs have one cell, tables have rows of several."""
    lines = [line.replace("*", "").strip("# \r") for line in TEXT.splitlines()]
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("----")]
    return [list(run) for _, run in itertools.groupby(rows, key=lambda cells: len(cells) > 1)]


def write_word(folder: Path) -> Path:
    """The same plan as Word has it; a table goes over a page as two tables."""
    document = docx.Document()
    for run in _blocks():
        if len(run[0]) == 1:
            for cells in run:
                document.add_paragraph(cells[0])
            continue
        table = document.add_table(rows=0, cols=len(run[0]))
        for cells in run:
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
    path = folder / "plan.docx"
    document.save(str(path))
    return path


def write_excel(folder: Path) -> Path:
    """The same plan as a sheet has it: numbers are numbers, and the last table is on a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for run in _blocks():
        for cells in run:
            number = cells[0].rstrip(".")
            sheet.append([int(number) if number.isdecimal() else cells[0], *cells[1:]])
    path = folder / "plan.xlsx"
    book.save(str(path))
    return path
