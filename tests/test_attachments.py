"""What is kept of a file: by its content, a picture without what hides in or behind it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.attachments import KEPT_TYPES, MOST_PIXELS, Unfit, checked
from tests.pictures import png

BROWN = png(90, 80, 70)
WORD = "word/document.xml"


def _jpeg(**more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 10, 10)).save(made, "JPEG", **more)
    return made.getvalue()


def _docx(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("_rels/.rels", "<Relationships/>")
        for name, data in parts.items():
            packed.writestr(name, data)
    return made.getvalue()


def _with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Máy của Lan"
    exif.get_ifd(0x8825)[1] = "N"
    return _jpeg(exif=exif)


def _huge_png() -> bytes:
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    body = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return (
        b"\x89PNG\r\n\x1a\n" + body + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    )


@pytest.mark.parametrize(
    "data", [BROWN, _jpeg(), b"%PDF-1.4 x", b"OggS" + b"\0" * 60], ids=["png", "jpeg", "pdf", "ogg"]
)
def test_what_is_only_itself_is_kept_as_it_came(data: bytes) -> None:
    assert checked(data).data == data


def test_a_picture_loses_the_place_and_the_phone_it_was_taken_with() -> None:
    kept = checked(_with_exif())
    assert kept.mime == "image/jpeg"
    assert b"Lan" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as shown:
        assert not shown.getexif()
        assert shown.size == (40, 30)


@pytest.mark.parametrize(
    "data",
    [
        _jpeg() + b"PK\x03\x04 hidden",
        _jpeg() + b"<script>alert(1)</script> hidden",
        BROWN + b"hidden",
        _jpeg(comment=b"hidden <?php"),
        BROWN[:33]
        + struct.pack(">I", 6)
        + b"tEXthidden"
        + struct.pack(">I", zlib.crc32(b"tEXthidden"))
        + BROWN[33:],
    ],
    ids=["zip", "script", "after png", "comment", "png text"],
)
def test_what_hides_in_or_behind_a_picture_is_gone(data: bytes) -> None:
    assert b"hidden" not in checked(data).data


@pytest.mark.parametrize("kind", ["WEBP", "GIF"])
def test_other_pictures_become_one_that_every_phone_shows(kind: str) -> None:
    made = io.BytesIO()
    Image.new("RGB", (9, 9), (1, 2, 3)).save(made, kind)
    assert checked(made.getvalue()).mime == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (b"<?xml version='1.0'?><svg/>", "type"),
        (b"<!doctype html><script>x</script>", "type"),
        (b"MZ\x90\0" + b"\0" * 80, "type"),
        (b"\x7fELF" + b"\0" * 80, "type"),
        (_docx({})[:0] + b"PK\x03\x04" + b"\0" * 80, "type"),
        (b"Rar!\x1a\x07\0" + b"\0" * 80, "type"),
        (b"", "type"),
        (b"x", "type"),
        (_huge_png(), "pixels"),
        (b"\xff\xd8\xff\xe1" + b"\0" * 200, "broken"),
        (BROWN[:40], "broken"),
        (b"%PDF-1.4" + b"x" * (20 * 1024 * 1024), "size"),
    ],
)  # fmt: skip
def test_what_is_not_kept_has_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unfit) as unfit:
        checked(data)
    assert unfit.value.reason == reason


def test_a_word_document_is_kept_and_a_bomb_or_a_program_in_one_is_not() -> None:
    good = _docx({WORD: b"<w:document/>"})
    assert checked(good).data == good
    for parts, reason in (
        ({WORD: b"\0" * (220 * 1024 * 1024)}, "size"),
        ({WORD: b"x", "word/vbaProject.bin": b"x"}, "type"),
        ({WORD: b"x", **{f"word/{n}.xml": b"" for n in range(5001)}}, "size"),
    ):
        with pytest.raises(Unfit) as unfit:
            checked(_docx(parts))
        assert unfit.value.reason == reason


def test_the_limit_of_pixels_is_that_of_the_drawing_library_or_less() -> None:
    assert Image.MAX_IMAGE_PIXELS is not None
    assert MOST_PIXELS <= Image.MAX_IMAGE_PIXELS


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF0000WEBP", b"PK\x03\x04"]),
)
def test_any_bytes_are_judged_without_an_error(data: bytes, start: bytes) -> None:
    with suppress(Unfit):
        assert checked(start + data).mime in KEPT_TYPES
