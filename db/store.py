"""Bytes of files, kept by their SHA-256 in a folder beside the database."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

LENT = "lent"  # the folder of what was drawn for one message; copies of the files leave it out
LENT_SECONDS = 3600.0


class Store:
    """A folder of files; what is written is on the disk before its row says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keeps bytes and returns their SHA-256; the same bytes are kept once."""
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{name}.{secrets.token_hex(4)}.part")
            with partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        return name

    def lend(self, data: bytes) -> str:
        """Keeps bytes drawn for one message, for as long as a channel needs to fetch them."""
        name = hashlib.sha256(data).hexdigest()
        path = self._lent(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{name}.{secrets.token_hex(4)}.part")
        partial.write_bytes(data)
        partial.replace(path)
        return name

    def take_back(self, older_than: float = LENT_SECONDS) -> None:
        """Erases what was lent longer ago, by the machine's clock as the files' own times are."""
        for path in (self._folder / LENT).glob("*"):
            with suppress(FileNotFoundError):  # another process takes it back too
                if path.stat().st_mtime < time.time() - older_than:
                    path.unlink()

    def get(self, sha256: str) -> bytes:
        """The bytes of a stored or lent file; raises FileNotFoundError."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return self._lent(sha256).read_bytes()

    def remove(self, sha256: str) -> None:
        """Erases bytes that no row needs any more."""
        self._path(sha256).unlink(missing_ok=True)

    def _lent(self, sha256: str) -> Path:
        return self._folder / LENT / self._path(sha256).name

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise FileNotFoundError(sha256)
        return self._folder / sha256[:2] / sha256
