"""A plain strip of colour: what goes out in place of a picture that cannot be drawn."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 360, 40  # Telegram takes no picture longer than twenty times its height
COLOUR = bytes((0xE3, 0xE6, 0xEB))


def plain_png() -> bytes:
    """A PNG of one colour, made without any library of pictures."""
    lines = (b"\0" + COLOUR * WIDTH) * HEIGHT
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
