"""Typst files as PDF or PNG, in our fonts alone."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Literal

PIXELS_PER_INCH = 144.0  # a page of 540 pt is 1080 pixels wide: a phone's width


class DrawingFailed(Exception):
    """Typst warned or failed: a missing font or letter must not go out as a hole."""


def typeset(source: Path, inputs: Mapping[str, str], form: Literal["png", "pdf"]) -> bytes:
    """A typst file with its inputs; a picture is one page.  Raises :class:`DrawingFailed` on any warning."""
    import typst  # 80 MB: loads on first use

    with resources.as_file(resources.files("reports") / "fonts") as fonts:
        try:
            made, warnings = typst.compile_with_warnings(
                str(source),
                root=str(source.parent),
                font_paths=[str(fonts)],
                ignore_system_fonts=True,
                format=form,
                ppi=PIXELS_PER_INCH if form == "png" else None,
                sys_inputs=dict(inputs),
            )
        except typst.TypstError as error:
            raise DrawingFailed(str(error)) from error
    if warnings:
        raise DrawingFailed(str(warnings[0]))
    if not isinstance(made, bytes):
        raise DrawingFailed("more than one page")
    return made
