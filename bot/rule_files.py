"""The files that hold rules: what changed in them since the last start goes into the log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from importlib.resources.abc import Traversable

from sqlalchemy import Connection

from bot.committee import committee_folder
from db import audit, log_book


def fingerprints(folder: Traversable) -> dict[str, str]:
    """Each file of rules by name: the committee's own, and under ``data/`` those that all share.

    Only names that we ship count: an office's own file names may hold anything, and the log holds no names.
    """
    shared = resources.files("data")
    ours = ("", folder, committee_folder()), ("data/", shared, shared)
    return {
        prefix + file.name: hashlib.sha256((place / file.name).read_bytes()).hexdigest()[:16]
        for prefix, place, shipped in ours
        for file in sorted(shipped.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml") and (place / file.name).is_file()
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
