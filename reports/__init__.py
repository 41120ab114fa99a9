"""Report values as pictures and files.  Heavy libraries load on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Drawing = Callable[[Mapping[str, object], Callable[[str], bytes]], bytes]
"""Draws bytes from JSON values; the second argument gives stored files by SHA-256."""

DRAWINGS: dict[str, Drawing] = {}
