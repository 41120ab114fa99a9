"""Report values as pictures and files.  Heavy libraries load on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reports.apology import apology
from reports.before_after import before_after
from reports.chart import summary_chart
from reports.courses import courses_docx, courses_pdf, courses_picture, courses_xlsx
from reports.grievance_form import grievance_form
from reports.my_data import my_data
from reports.receipt import receipt, receipt_picture
from reports.register import register_csv, register_docx, register_xlsx
from reports.word import summary_word

Drawing = Callable[[Mapping[str, Any], Callable[[str], bytes]], bytes]
"""Draws bytes from JSON values; the second argument gives stored files by SHA-256."""

DRAWINGS: dict[str, Drawing] = {
    "apology": apology,
    "before_after": before_after,
    "courses_docx": courses_docx,
    "courses_pdf": courses_pdf,
    "courses_xlsx": courses_xlsx,
    **dict.fromkeys(("courses_docx_picture", "courses_pdf_picture", "courses_xlsx_picture"), courses_picture),
    "grievance_form": grievance_form,
    "my_data": my_data,
    "receipt": receipt,
    "receipt_picture": receipt_picture,
    "register_csv": register_csv,
    "register_docx": register_docx,
    "register_xlsx": register_xlsx,
    "summary_chart": summary_chart,
    "summary_word": summary_word,
}
