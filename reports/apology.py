"""The sheet "xin lỗi và hẹn lại ngày trả kết quả" as a Word draft, to be filled in, signed, handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from locales import Wording
from reports import layout

BODY = ("body_1", "body_2", "body_3", "body_4", "body_5")


def apology(values: Mapping[str, Any], get: Callable[[str], bytes]) -> bytes:
    """A .docx, from the values of ``handlers.late_dossiers``; no name is known, so none stands in it."""
    from docx import Document  # lxml: loads on first use

    wording = Wording(ZoneInfo(values["zone"]), values["office"])

    def put(key: str) -> str:
        return wording.label(key, values)

    document = Document()
    layout.page(document)
    left, right = layout.grid(document, [68, 97]).rows[0].cells
    layout.fill(left, values["office"]["name"].upper(), size=13)
    layout.fill(left, values["unit"].upper(), bold=True, size=13)
    layout.fill(left, put("apology_number"), size=13)
    layout.fill(right, put("word_nation"), bold=True, size=13)
    layout.fill(right, put("word_motto"), bold=True, size=14)
    layout.fill(right, wording.label("word_date", {"place": values["office"]["place"]}), italic=True, size=14)
    layout.line(document, "", after=0)
    layout.line(document, put("apology_title"), bold=True, align="center")
    layout.line(document, put("apology_to"), align="center")
    for key in BODY:
        layout.body(document, put(f"apology_{key}"))
    layout.line(document, put("apology_signed"), bold=True, align="right")
    return layout.finished(document, title=put("apology_title"), author=values["office"]["name"])
