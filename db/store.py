"""Bytes of files, kept by their SHA-256 in a folder beside the database."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path


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

    def get(self, sha256: str) -> bytes:
        """The bytes of a stored file; raises FileNotFoundError."""
        return self._path(sha256).read_bytes()

    def remove(self, sha256: str) -> None:
        """Erases bytes that no row needs any more."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise FileNotFoundError(sha256)
        return self._folder / sha256[:2] / sha256
