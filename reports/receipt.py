"""The receipt of a case as a sheet to print, and as a picture where files cannot go."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, Literal
from zoneinfo import ZoneInfo

from locales import Wording, cut
from reports.typeset import typeset

MOST_IN_A_PICTURE = 1_200  # characters of the citizen's words


def receipt(values: Mapping[str, Any], stored: Callable[[str], bytes]) -> bytes:
    """A PDF of A5, from the values of ``handlers.case_receipt``; it holds no PIN and no name."""
    return _drawn(values, "pdf")


def receipt_picture(values: Mapping[str, Any], stored: Callable[[str], bytes]) -> bytes:
    """The same as one PNG; very long words are cut."""
    return _drawn(values, "png")


def _drawn(values: Mapping[str, Any], form: Literal["png", "pdf"]) -> bytes:
    import segno

    wording = Wording(ZoneInfo(values["zone"]), values["office"])

    def put(key: str, **facts: object) -> str:
        return wording.label(f"receipt_{key}", facts)

    words = str(values["words"]) or put("words_gone")
    check = put("check", code=values["code"], stamp=values["stamp"])
    rows = [
        {"label": put(f"label_{name}"), "value": put(f"value_{name}", **values), "strong": strong}
        for name, strong in (("code", True), ("stamp", True), ("at", False), ("unit", False), ("due", True))
    ]
    if values["place"]:
        rows.append({"label": put("label_place"), "value": values["place"], "strong": False})
    if values["files"]:
        rows.append({"label": put("label_files"), "value": str(values["files"]), "strong": False})
    page = {
        "picture": form == "png",
        "office": put("office").upper(),
        "nation": wording.label("word_nation", {}),
        "motto": wording.label("word_motto", {}),
        "title": put("title"),
        "rows": rows,
        "qr": ["".join(str(int(m)) for m in row) for row in segno.make(check, error="m", micro=False).matrix],
        "words_title": put("words_title"),
        "words": cut(words, MOST_IN_A_PICTURE) if form == "png" and len(words) > MOST_IN_A_PICTURE else words,
        "notes": [put("note_check", check=check), put("note_follow", code=values["code"]), put("note_law")],
    }
    with resources.as_file(resources.files("reports") / "receipt.typ") as source:
        return typeset(source, {"data": json.dumps(page)}, form)
