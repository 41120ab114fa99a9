"""The empty form of a đơn khiếu nại as a Word file, to be filled in and signed on paper."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from locales import templates


def grievance_form(values: Mapping[str, Any], stored: Callable[[str], bytes]) -> bytes:
    """A .docx with what a đơn must hold (Luật Khiếu nại 2011, Điều 8); ``office`` is who it is sent to."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    for line in templates()["grievance_form"].splitlines():
        mark, _, text = line.partition("|")
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text.replace("{office}", str(values.get("office", ""))))
        run.bold = mark in ("title", "center-bold")
        if mark.startswith(("title", "center")):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if mark == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_after = Pt(6)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
