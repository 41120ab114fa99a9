"""The key that stamps receipts: a file of this office alone, made by ``congvu migrate``.

The database keeps no more than a mark of it, so that a copy of the database cannot make receipts and a
process with another key does not start.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from sqlalchemy import Connection

from bot.config import SettingsError
from db import receipts

LENGTH = 32


def read_key(path: Path) -> bytes:
    """The key; raises :class:`SettingsError` when the file is gone or is no key."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise SettingsError("stamp_key_missing", path=str(path)) from None
    except ValueError:
        key = b""
    if len(key) != LENGTH:
        raise SettingsError("stamp_key_broken", path=str(path))
    return key


def ensure_key(conn: Connection, path: Path, *, anew: bool = False) -> None:
    """Makes the key where there is none yet, readable by its owner alone.

    A lost or foreign one is refused, because receipts given out could not be checked any more, unless
    ``anew`` says that this is meant.
    """
    known = receipts.key_mark(conn)
    if not path.exists():
        if known and not anew:
            raise SettingsError("stamp_key_lost", path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(LENGTH) + "\n")
    mark = _mark(read_key(path))
    if known not in ("", mark) and not anew:
        raise SettingsError("stamp_key_other", path=str(path))
    if mark != known:
        receipts.set_key_mark(conn, mark)


def check_key(conn: Connection, path: Path, key: bytes) -> None:
    """Raises :class:`SettingsError` when the database's receipts were stamped with another key."""
    if receipts.key_mark(conn) not in ("", _mark(key)):
        raise SettingsError("stamp_key_other", path=str(path))


def _mark(key: bytes) -> str:
    return hashlib.sha256(b"mark of the stamp's key\n" + key).hexdigest()[:16]
