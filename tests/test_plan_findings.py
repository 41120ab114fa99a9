"""What contradicts itself in a plan is found by general rules; a known document adds its reader's notes."""

from __future__ import annotations

from pathlib import Path

from bot.plan_import import worded
from domain.plan import Decision
from locales import Wording
from plans import fingerprint
from plans.blocks import read_blocks
from plans.document import read_document
from plans.notes import apply_notes
from tests.plan_files import SOURCE, ZONE, read, write_text

WORDING = Wording(ZONE, {})

FIRST = ["D-01", "D-02", "D-06", "D-07", "D-09", "D-12"]
PLACES = {
    "D-03": "MT1", "D-06": "KH2.4", "D-08": "KH1.4, KH2.3", "D-10": "KH4.1, KH4.2", "D-11": "KH4.3",
    "D-14": "BP2", "D-16": "MT5", "D-20": "KH2.2", "D-21": "BP1",
}  # fmt: skip
WORDS = {
    "D-01": ("90%", "96%"),
    "D-03": ("cải cách hành chính", "không có việc nào"),
    "D-07": ("10 việc",),
    "D-09": ("31/05/2021", "KH1.1, KH1.2, KH2.1, KH2.2 đã qua hạn", "KH4.1, KH4.2 đến hạn đúng ngày ký"),
    "D-16": ("đổi mới, sắp xếp tổ chức bộ máy",),
    "D-22": ("Phòng Nội vụ - LĐT&XH", "4 lần"),
    "D-23": ("mục tiêu 2, 5", "“Trách nhiệm thực hiện”, “Trách nhiệm”"),
    "D-24": ("“công thông tin” → “cổng thông tin” (4 chỗ)", "“Số tiếp nhận thông tin” → “Sổ tiếp nhận"),
}


def _decisions(path: Path | None = None) -> dict[str, Decision]:
    return {one.code: one for one in worded(read(path), WORDING)}


def test_the_plan_of_2021_has_its_twenty_seven_decisions() -> None:
    found = _decisions()
    assert list(found) == [f"D-{n:02}" for n in range(1, 28)]
    assert [code for code, one in found.items() if one.asked_first] == FIRST
    assert all(one.problem and one.default and one.owner and one.place for one in found.values())
    assert all(len(one.place) <= 100 and len(one.owner) <= 40 for one in found.values())


def test_each_decision_names_its_place_and_what_is_wrong_there() -> None:
    found = _decisions()
    assert {code: place for code, place in PLACES.items() if place not in found[code].place} == {}
    missing = [
        (code, word) for code, words in WORDS.items() for word in words if word not in found[code].problem
    ]
    assert missing == []


def test_notes_belong_to_the_document_they_were_made_for(tmp_path: Path) -> None:
    other = write_text(tmp_path, ("Danh mục quy trình nội bộ", "Danh mục quy trình"))
    assert "“Hoàn thành và về đích trước thời hạn”" in _decisions()["D-02"].problem
    assert not any("về đích trước thời hạn" in one.problem for one in _decisions(other).values())
    blocks = read_blocks(SOURCE.name, SOURCE.read_bytes())
    assert fingerprint(read_document(blocks)) != fingerprint(
        read_document(read_blocks(other.name, other.read_bytes()))
    )


def test_a_note_about_a_rule_says_nothing_when_the_rule_found_nothing() -> None:
    mark = fingerprint(read_document(read_blocks(SOURCE.name, SOURCE.read_bytes())))
    codes = [one.code for one in apply_notes(mark, ())]
    assert "D-01" not in codes
    assert "D-02" in codes


OTHER = """Xuân Hoà, ngày 10 tháng 3 năm 2026

MỤC TIÊU CHẤT LƯỢNG NĂM 2026

1. Phấn đấu 95% các chỉ tiêu hoàn thành trước thời hạn.
2. Xây dựng nếp sống văn minh đô thị.
3. Quán triệt 100% cán bộ.

KẾ HOẠCH THỰC HIỆN

1. Mục tiêu 1: Phấn đấu 97% các chỉ tiêu hoàn thành trước thời hạn

STT\tNội dung công việc\tTrách nhiệm\tThời gian\tKết quả
1\tGiao chỉ tiêu cho các đơn vị\tLãnh đạo UBND\tTháng 02/2026\tQuyết định
2\tTổng hợp kết quả\tVăn phòng\tHàng quý\tBáo cáo
3\tCông khai kết quả\tHội Nông dân, Văn phòng\tSau 3 ngày làm việc\tThông báo

Mục tiêu 3: Quán triệt 100% cán bộ

STT\tNội dung công việc\tTrách nhiệm\tThời gian\tKết quả
1\tSoạn tài liệu quán triệt\tPhòng Tư pháp\tTháng 4/2026\tTài liệu
2\tPhê duyệt tài liệu\tPhòng Tư pháp, Lãnh đạo UBND\tTháng 4/2026\tTài liệu
3\tKiểm tra việc quán triệt\tPhòng Tư phápp\tThường xuyên\tBiên bản
4\tĐánh giá\tHội Nông dân\tSau quán triệt\tBáo cáo

BIỆN PHÁP
1. Hàng quý các phòng chuyên môn báo cáo.
"""


def test_the_general_rules_find_their_cases_in_a_plan_nobody_has_read(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text(OTHER, encoding="utf-8")
    plan = read(path)
    assert [(one.rule, one.places) for one in plan.findings] == [
        ("two_numbers", ("MT1",)),
        ("no_number", ("MT2",)),
        ("no_row", ("MT2",)),
        ("relative_days", ("KH3.4",)),
        ("no_frequency", ("KH3.3",)),
        ("past_date", ("KH1.1",)),
        ("due_together", ("KH3.1", "KH3.2")),
        ("author_approves", ("KH3.2",)),
        ("unknown_unit", ("KH1.3", "KH3.4")),
        ("misspelt_unit", ("KH3.3",)),
    ]
    found = _decisions(path)
    assert list(found) == [f"D-{n:02}" for n in range(1, 11)]
    assert "95%" in found["D-01"].problem
    assert "97%" in found["D-01"].problem
    assert "“Hội Nông dân” (KH1.3)" in found["D-09"].problem
    rows = {row.code: row for row in plan.rows}
    assert rows["KH1.3"].responsible == ("VP",)
    assert rows["KH3.4"].responsible == ("VP",)  # nobody known: the office holds it until decided
    assert rows["KH1.2"].deadline.every == "quarter"
    assert rows["KH1.3"].deadline.days == 3


def test_a_plan_without_flaws_has_no_findings(tmp_path: Path) -> None:
    path = tmp_path / "clean.txt"
    path.write_text(
        "MỤC TIÊU CHẤT LƯỢNG NĂM 2026\n1. Quán triệt 100% cán bộ.\nKẾ HOẠCH THỰC HIỆN\n"
        "1. Mục tiêu 1: Quán triệt 100% cán bộ\n"
        "STT\tNội dung\tTrách nhiệm\tThời gian\tKết quả\n"
        "1\tSoạn tài liệu\tPhòng Tư pháp\tTháng 4/2026\tTài liệu\n",
        encoding="utf-8",
    )
    assert read(path).findings == ()
