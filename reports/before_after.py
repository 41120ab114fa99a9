"""The pictures of before and after side by side, as one picture."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from locales import templates

FONTS = Path(__file__).parent / "fonts"
DOTS_AN_INCH = 144

_PAGE = """
#let words = json("words.json")
#set page(width: 640pt, height: auto, margin: 8pt, fill: white)
#set text(font: "Liberation Sans", size: 20pt, weight: "bold")
#let shown(word, file) = align(center, {
  word
  v(6pt, weak: true)
  image(file, height: 380pt, width: 100%, fit: "contain")
})
#grid(columns: (1fr, 1fr), gutter: 8pt, shown(words.before, "before"), shown(words.after, "after"))
"""


def before_after(values: Mapping[str, Any], stored: Callable[[str], bytes]) -> bytes:
    """A PNG of two stored pictures, whose SHA-256 are ``before`` and ``after``.

    A picture that cannot be drawn leaves the one of the result as it was sent.
    """
    import typst

    after = stored(str(values["after"]))
    words = {name: templates()[f"picture_{name}"] for name in ("before", "after")}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        try:
            (place / "before").write_bytes(stored(str(values["before"])))
        except FileNotFoundError:
            return after
        (place / "after").write_bytes(after)
        (place / "words.json").write_text(json.dumps(words), encoding="utf-8")
        (place / "page.typ").write_text(_PAGE, encoding="utf-8")
        try:
            drawn = typst.compile(
                place / "page.typ",
                format="png",
                ppi=DOTS_AN_INCH,
                font_paths=[FONTS],
                ignore_system_fonts=True,
            )
        except typst.TypstError:
            return after
    assert isinstance(drawn, bytes)
    return drawn
