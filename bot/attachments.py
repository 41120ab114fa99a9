"""What may be kept of a file that somebody sent: judged by its content, never by its name.

A picture is kept as it came only if it holds nothing but the picture; else it is drawn anew, without
where and with what it was taken, without what hides behind it (``features-citizen.md``, row 46).
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import filetype

from domain.chat import Place

if TYPE_CHECKING:
    from PIL import Image

LARGEST_FILE = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 4096
SMALLEST_SIDE = 320
_SHOWN = (b"\xff\xd8\xff", b"\x89PNG")
MOST_PARTS = 5000
LARGEST_UNPACKED = 200 * 1024 * 1024

DRAWN_ANEW = frozenset({"image/webp", "image/gif"})
PICTURES = frozenset({"image/jpeg", "image/png"}) | DRAWN_ANEW
PACKED = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
KEPT_TYPES = PICTURES | PACKED | {
    "video/mp4", "video/quicktime", "video/webm", "video/3gpp",
    "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/x-wav", "audio/m4a",
    "application/pdf", "application/msword", "application/vnd.ms-excel",
}  # fmt: skip

_GPS = 0x8825  # the part of EXIF that says where, and what is read of it
_NORTH_SOUTH, _LATITUDE, _EAST_WEST, _LONGITUDE = 1, 2, 3, 4
_CAMERA, _TAKEN = 0x8769, 0x9003  # the part that says how, and when the picture was taken
_PNG_PARTS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"pHYs"})
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_PARTS = _JPEG_FRAMES | {0xC4, 0xDB, 0xDD, 0xE0}  # tables, restart, JFIF


class Unfit(Exception):
    """A file that is not kept; ``reason`` is ``type``, ``size``, ``pixels`` or ``broken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Checked:
    """Bytes that may be kept and shown.

    ``place`` and ``taken`` are where and when a picture said it was taken, by the camera's own clock;
    neither is in it any longer.
    """

    data: bytes
    mime: str
    place: Place | None = None
    taken: datetime | None = None


def checked(data: bytes) -> Checked:
    """The file as it may be kept; raises :class:`Unfit`."""
    if len(data) > LARGEST_FILE:
        raise Unfit("size")
    kind = filetype.guess(data[:8192])
    if kind is None or kind.mime not in KEPT_TYPES:
        raise Unfit("type")
    if kind.mime in PICTURES:
        return _picture(data, kind.mime)
    if kind.mime in PACKED:
        _look_inside(data)
    return Checked(data, kind.mime)


def _picture(data: bytes, mime: str) -> Checked:
    size = _bare_size(data, mime)
    if size is None:
        return _drawn_anew(data)
    if size[0] * size[1] > MOST_PIXELS:
        raise Unfit("pixels")
    return _drawn_anew(data) if max(size) > LONGEST_SIDE else Checked(data, mime)


def _drawn_anew(data: bytes) -> Checked:
    from PIL import Image, ImageOps  # only here: most pictures come bare from the platform

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Unfit("pixels")
            place, taken = _place(opened.getexif()), _taken(opened.getexif())
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clear = Image.new("RGB", upright.size, "white")
            shown = upright.convert("RGBA")
            clear.paste(shown, mask=shown.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, struct.error) as no:
        raise Unfit("broken") from no
    drawn = io.BytesIO()
    clear.save(drawn, "JPEG", quality=90)
    return Checked(drawn.getvalue(), "image/jpeg", place, taken)


def fitting(data: bytes, most: int) -> bytes:
    """A picture in at most so many bytes, as a JPEG and smaller by and by where it has to be."""
    from PIL import Image

    side = LONGEST_SIDE
    while (len(data) > most or not data.startswith(_SHOWN)) and side > SMALLEST_SIDE:
        with Image.open(io.BytesIO(data)) as opened:
            small = opened.convert("RGB")
        small.thumbnail((side, side))
        drawn = io.BytesIO()
        small.save(drawn, "JPEG", quality=85)
        data, side = drawn.getvalue(), side * 3 // 4
    return data


def _place(said: Image.Exif) -> Place | None:
    """Where a camera took a picture; None for none, half of one, and the zeros of one without a fix."""
    try:
        gps = said.get_ifd(_GPS)
        latitude = _degrees(gps, _LATITUDE, _NORTH_SOUTH, "S")
        longitude = _degrees(gps, _LONGITUDE, _EAST_WEST, "W")
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, ArithmeticError, struct.error):
        return None  # a picture is good without it
    if not Place(latitude, longitude).is_on_earth or (latitude, longitude) == (0, 0):
        return None
    return Place(round(latitude, 6), round(longitude, 6))


def _degrees(gps: Mapping[int, Any], value: int, side: int, negative: str) -> float:
    whole, minutes, seconds = (float(part) for part in gps[value])
    size = whole + minutes / 60 + seconds / 3600
    return -size if str(gps.get(side, "")).strip("\0 ").upper() == negative else size


def _taken(said: Image.Exif) -> datetime | None:
    """The moment of a picture as its camera wrote it down: local time, without a zone."""
    try:
        words = str(said.get_ifd(_CAMERA).get(_TAKEN, "")).strip("\0 ")
        return datetime.strptime(words, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - a camera knows of no zone
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error):
        return None  # a picture is good without it


def _bare_size(data: bytes, mime: str) -> tuple[int, int] | None:
    """Width and height of a picture that holds nothing else; None if it does, or is broken."""
    try:
        if mime == "image/png":
            return _bare_png(data)
        return _bare_jpeg(data) if mime == "image/jpeg" else None
    except (struct.error, IndexError):
        return None


def _bare_png(data: bytes) -> tuple[int, int] | None:
    at, size = 8, None
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name = data[at + 4 : at + 8]
        if name not in _PNG_PARTS:
            return None
        if name == b"IHDR":
            size = struct.unpack_from(">II", data, at + 8)
        at += 12 + length
        if name == b"IEND":
            return size if at == len(data) else None
    return None


def _bare_jpeg(data: bytes) -> tuple[int, int] | None:
    at, size = 2, None
    while data[at] == 0xFF:
        mark = data[at + 1]
        (length,) = struct.unpack_from(">H", data, at + 2)
        if mark == 0xDA:  # the picture itself follows, up to the end mark
            return size if data.find(b"\xff\xd9", at) == len(data) - 2 else None
        if mark not in _JPEG_PARTS:
            return None
        if mark in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = (width, height)
        at += 2 + length
    return None


def _look_inside(data: bytes) -> None:
    """A packed document must unpack to a sane size and carry no programs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as no:
        raise Unfit("broken") from no
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Unfit("size")
    if any(part.filename.lower().endswith(("vbaproject.bin", ".exe", ".js", ".zip")) for part in parts):
        raise Unfit("type")
