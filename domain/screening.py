"""Finds words of denunciation (tố cáo), grievance (khiếu nại) and emergency before anything is stored."""

from __future__ import annotations

from domain.words import fold, has_words


def may_be_denunciation(text: str) -> bool:
    """Whether the text may be a tố cáo, so that it must not be written down."""
    return has_words(fold(text), "to cao")
