"""Small real pictures for tests."""

from __future__ import annotations

import struct
import zlib


def png(red: int, green: int, blue: int, *, width: int = 30, height: int = 40) -> bytes:
    """A PNG of one colour."""
    rows = b"".join(b"\0" + bytes((red, green, blue)) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
