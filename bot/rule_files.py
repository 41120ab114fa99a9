"""The files that hold rules: what changed in them since the last start goes into the log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from importlib.resources.abc import Traversable

from sqlalchemy import Connection

from db import audit, log_book


def fingerprints(folder: Traversable) -> dict[str, str]:
    """Each file of rules by name: the committee's own, and under ``data/`` those that all share."""
    shared = resources.files("data")
    return {
        prefix + file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for prefix, place in (("", folder), ("data/", shared))
        for file in sorted(place.iterdir(), key=lambda file: file.name)
        if file.is_file() and file.name.endswith((".toml", ".csv"))
    }


def note(conn: Connection, files: Mapping[str, str], now: datetime) -> list[str]:
    """Records the files with the names of those that changed, came or went; nothing if none did.

    The first time all are recorded and none has changed.
    """
    known = log_book.rules(conn)
    if known == files:
        return []
    before = files if known is None else known
    changed = sorted(name for name in {*before, *files} if before.get(name) != files.get(name))
    audit.record(conn, "rules", 0, "rules_loaded", now, files=dict(files), changed=changed)
    return changed
