"""Reads a plain table from the first sheet of an Excel file or from a CSV file."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException


def read_table(path: Path) -> list[list[str]]:
    """The rows as texts, blank ones left out; raises ValueError for a file that is neither."""
    try:
        rows = _excel(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, UnicodeDecodeError, csv.Error) as no:
        raise ValueError("not a table") from no
    return [row for row in rows if any(row)]


def _excel(path: Path) -> list[list[str]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        return [
            ["" if cell is None else str(cell).strip() for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
    finally:
        book.close()


def _csv(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # Excel writes semicolons where the comma is decimal.
    return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=delimiter)]
