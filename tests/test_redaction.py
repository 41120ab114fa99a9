"""What is covered in words that others read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.redaction import COVER, for_the_public, without_identity

NUMBERS = [
    "0912345678", "0912.345.678", "0912 345 678", "+84 912 345 678", "02713778899", "079123456789",
    "241234567", "19001234567", "1234 5678 9012", "3778899",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_a_person_is_covered(number: str) -> None:
    assert without_identity(f"goi {number} nhe") == f"goi {COVER} nhe"


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("Tôi tên Nguyễn Văn Bé, ở gần chợ", f"Tôi tên {COVER}, ở gần chợ"),
        ("em là Trần Thị Hoa nhà gần đó", f"em là {COVER} nhà gần đó"),
        ("Họ tên: Lê Văn Tám", f"Họ tên: {COVER}"),
        ("thư về be.nguyen@gmail.com nhé", f"thư về {COVER} nhé"),
        ("zalo.me/0912 hoặc @bebong", f"{COVER} hoặc {COVER}"),
        ("thu 10.000.000 đồng ngày 25-11-2026", "thu 10.000.000 đồng ngày 25-11-2026"),
        ("kế hoạch 2020-2025, thửa 12 tờ 45", "kế hoạch 2020-2025, thửa 12 tờ 45"),
        ("tôi là người dân ấp 5", "tôi là người dân ấp 5"),
    ],
)
def test_what_names_the_writer_is_covered_and_the_matter_stays(told: str, left: str) -> None:
    assert without_identity(told) == left


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("xe 93P1-123.45 đậu chắn", f"xe {COVER} đậu chắn"),
        ("xe 93A12345 chạy ẩu", f"xe {COVER} chạy ẩu"),
        ("trước số nhà 45 có ổ gà", f"trước số nhà {COVER} có ổ gà"),
        ("số 12/3A đường Lê Lợi", f"số {COVER} đường Lê Lợi"),
        ("số 45 đường Lê Lợi", f"số {COVER} đường Lê Lợi"),
        ("hẻm 12/3 ngập", f"hẻm {COVER} ngập"),
        ("mất điện từ ngày 12/3, ấp 5", "mất điện từ ngày 12/3, ấp 5"),
        ("gọi 0912345678 hay 241 234 567", f"gọi {COVER} hay {COVER}"),
    ],
)
def test_a_public_copy_shows_neither_plates_nor_houses(told: str, left: str) -> None:
    assert for_the_public(told) == left


words = st.text(alphabet=st.characters(categories=("L", "N", "Z", "P", "S", "M")), max_size=40)


@given(
    before=words,
    after=words,
    digits=st.from_regex(r"0[1-9][0-9]{7,9}", fullmatch=True),
    gap=st.sampled_from(["", " ", ".", "-"]),
)
def test_a_telephone_number_survives_in_no_surrounding(
    before: str, after: str, digits: str, gap: str
) -> None:
    typed = gap.join((digits[:4], digits[4:7], digits[7:]))
    for covered in (
        without_identity(f"{before} {typed} k {after}"),
        for_the_public(f"{before} {typed} k {after}"),
    ):
        assert digits not in re.sub(r"[ .\-]", "", covered)


@given(text=words)
def test_covering_again_changes_nothing(text: str) -> None:
    once = for_the_public(text)
    assert for_the_public(once) == once
