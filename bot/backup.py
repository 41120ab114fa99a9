"""A copy of the database, checked, and of the files that it names."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.config import Settings, SettingsError

PAGES_A_STEP = 256

Progress = Callable[[int, int], None]
"""Called with (done, all) pages."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished copy."""

    path: Path
    size: int
    files: int


def make_backup(settings: Settings, now: datetime, progress: Progress | None = None) -> Backup:
    """Copies the running database and checks that the copy can be restored; keeps the newest ``backup_keep``.

    Raises :class:`SettingsError` for PostgreSQL, which has its own tool, and for a copy that failed or is
    broken, of which nothing is left.
    """
    source = database_file(settings)
    if source is None:
        raise SettingsError("cli_backup_postgres")
    folder = settings.backup_dir
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"congvu-{now.astimezone(settings.zone):%Y%m%d-%H%M%S}.db"
    partial = path.with_suffix(".part")
    try:
        _copy(source, partial, progress)
        if not _restores(partial):
            raise SettingsError("cli_backup_broken")
        partial.replace(path)
    except sqlite3.Error as no:
        raise SettingsError("cli_backup_failed", reason=str(no)) from no
    finally:
        partial.unlink(missing_ok=True)  # what is left of a copy that failed must not fill the disk
    copied = _copy_files(settings.files_dir, folder / "files")
    for old in sorted(folder.glob("congvu-*.db"))[: -settings.backup_keep]:
        old.unlink()
    return Backup(path, path.stat().st_size, copied)


def _copy(source: Path, partial: Path, progress: Progress | None) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(partial)) as copy:
        if progress is None:
            live.backup(copy)
        else:
            live.backup(
                copy, pages=PAGES_A_STEP, progress=lambda _status, left, all_: progress(all_ - left, all_)
            )
        copy.execute("PRAGMA journal_mode=DELETE")


def _restores(path: Path) -> bool:
    """Opens a copy as a restored database would be: whole, with no loose end, and with people in it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as restored:
            whole = restored.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            loose = restored.execute("PRAGMA foreign_key_check").fetchone()
            restored.execute("SELECT count(*) FROM people").fetchone()
    except sqlite3.DatabaseError:
        return False
    return whole and loose is None


def last_backup(settings: Settings) -> Path | None:
    """The newest copy."""
    return max(settings.backup_dir.glob("congvu-*.db"), default=None)


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    scheme, _, path = settings.database_url.partition(":///")
    return Path(path) if scheme.startswith("sqlite") else None


def _copy_files(source: Path, target: Path) -> int:
    """Copies the files that the target has not: a file's name is the sum of its bytes."""
    copied = 0
    for file in source.glob("??/*"):
        goal = target / file.parent.name / file.name
        if file.suffix == ".part" or goal.exists():
            continue
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, goal.with_suffix(".part"))
        goal.with_suffix(".part").replace(goal)
        copied += 1
    return copied
