"""The picture and the Word draft say the same figures as the chat; looked at, and read again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from db.codec import plain
from domain.figures import CaseFigures, TaskFigures
from domain.objectives import Inspections, Promise, Target, judge
from domain.periods import Period
from domain.summary import Summary
from locales import Wording
from reports import DRAWINGS, chart, typeset
from reports.plain import HEIGHT, WIDTH
from tests.reporting import PROMISES
from tests.talk import ZONE

OFFICE = {"name": "UBND thị xã Phước Long", "place": "Phước Long", "parent": "UBND tỉnh Bình Phước"}
TASKS = TaskFigures(40, 0, 1, 6, 3, may_be_early=6, moved=1, early_by_original=38)
CASES = CaseFigures(answered=18, answered_late=1, waiting=3, unanswered=1)
HELD = Inspections((1, 2, 3, 5, 6, 7, 8, 9, 10, 11), (4,), this_month=True)
UNITS = (
    ("NV", "Phòng Nội vụ - LĐTB&XH", TaskFigures(8, 0, 0, 6, 0)),
    ("QLDT", "Phòng Quản lý đô thị", TaskFigures(32, 0, 1, 0, 3)),
)


def summary() -> Summary:
    promises = [
        Promise(number, f"Mục tiêu {number}", tuple(Target(**target) for target in targets))  # type: ignore[arg-type]
        for number, targets in enumerate(PROMISES, 1)
    ]
    return Summary(
        Period("month", 2021, 11),
        datetime(2021, 11, 26, 0, 35, tzinfo=UTC),
        TASKS,
        CASES,
        HELD,
        judge(promises, TASKS, CASES, HELD),
        UNITS,
        decisions=2,
    )


def values(of: Summary) -> dict[str, Any]:
    """As they come out of the outbox."""
    stored = json.dumps(plain({**of.facts(), "office": OFFICE, "zone": str(ZONE)}))
    return dict(json.loads(stored))


def draw(name: str, of: Summary) -> bytes:
    return DRAWINGS[name](values(of), lambda sha256: b"")


def bare(of: Summary) -> Summary:
    return replace(
        of, tasks=TaskFigures(), cases=CaseFigures(), inspections=Inspections(), objectives=(), units=()
    )


def test_the_picture_is_a_png_a_phone_wide_and_the_same_each_time() -> None:
    png = draw("summary_chart", summary())
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert width == 1080
    assert 1200 < height < 2400
    assert png == draw("summary_chart", summary())


@pytest.mark.parametrize("kind", ["bare", "unit", "year", "no_stretch"])
def test_every_kind_of_report_can_be_drawn(kind: str) -> None:
    whole = summary()
    one = {
        "bare": bare(whole),
        "unit": replace(whole, unit_name="Phòng Nội vụ - LĐTB&XH", objectives=(), units=UNITS[:1]),
        "year": replace(whole, period=Period("year", 2021)),
        "no_stretch": replace(
            whole, objectives=judge([Promise(1, "", (Target("done_early", 90),))], TASKS, CASES, HELD)
        ),
    }[kind]
    assert draw("summary_chart", one).startswith(b"\x89PNG")
    assert draw("summary_word", one).startswith(b"PK")


def test_a_picture_that_cannot_be_drawn_holds_no_words_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Path, inputs: object, form: str) -> bytes:
        raise typeset.DrawingFailed("no such letter")

    monkeypatch.setattr(chart, "typeset", fail)
    plain = draw("summary_chart", summary())
    assert plain.startswith(b"\x89PNG")
    width, height = (int.from_bytes(plain[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (WIDTH, HEIGHT)
    assert width / height < 20, "Telegram refuses longer ones"


def test_words_of_data_are_drawn_as_words_never_as_markup() -> None:
    odd = ("X", '#set page(fill: red) *x* $y$ <b> "Ủy ban"', TaskFigures(1))
    assert draw("summary_chart", replace(summary(), units=(odd, *UNITS))).startswith(b"\x89PNG")


@pytest.mark.parametrize("words", ['#set text(font: "Arial")\nẬ', "#nothing", "#pagebreak()"])
def test_a_font_that_is_not_ours_a_mistake_or_a_second_page_is_never_sent(tmp_path: Path, words: str) -> None:
    source = tmp_path / "x.typ"
    source.write_text(words, encoding="utf-8")
    with pytest.raises(typeset.DrawingFailed):
        typeset.typeset(source, {}, "png")


def _numbers(node: Any) -> Iterator[str]:
    """Every word of the picture."""
    if isinstance(node, dict):
        for item in node.values():
            yield from _numbers(item)
    elif isinstance(node, list):
        for item in node:
            yield from _numbers(item)
    elif node is not None:
        yield str(node)


def test_chat_picture_and_word_tell_the_same_figures() -> None:
    facts = values(summary())
    wording = Wording(ZONE, OFFICE)
    chat = wording.say("summary", facts).plain
    assert "xong 41/50 (trước hạn 40, đúng hạn 0, quá hạn 1); chưa xong 9 (trong hạn 6, quá hạn 3)" in chat
    picture = chart.page(facts, wording)
    assert picture["tasks"]["title"] == "Nhiệm vụ: xong 41/50"
    cells = {key: cell["n"] for key, cell in picture["tasks"]["cells"].items()}
    assert cells == {"early": 40, "on_time": 0, "late": 1, "in_time": 6, "overdue": 3}
    assert picture["early"]["title"] == "Trước hạn 80 %"
    assert [mark["label"] for mark in picture["early"]["marks"]] == ["mục tiêu 90 %", "kế hoạch 96 %"]
    shown = " | ".join(_numbers(picture))
    assert "cao nhất còn có thể 92 %" in shown
    assert "Phản ánh: nhận 23, trả lời 19" in shown
    assert "10/11 tháng (thiếu T4)" in shown
    assert [each["light"] for each in picture["objectives"]] == ["yellow", "grey", "grey", "red", "red"]


def test_the_word_draft_has_the_decrees_layout_the_same_figures_and_nothing_signed() -> None:
    document = docx.Document(io.BytesIO(draw("summary_word", summary())))
    section = document.sections[0]
    millimetres = [round(length.mm) for length in (section.page_width, section.page_height) if length]
    assert millimetres == [210, 297]
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(m.mm) for m in margins if m] == [20, 15, 20, 30]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert section.first_page_header.paragraphs[0].text == ""
    assert document.styles["Normal"].font.name == "Times New Roman"
    head, matrix, goals, foot = document.tables
    assert "w:tblHeader" in goals.rows[0]._tr.xml
    assert all("w:cantSplit" in row._tr.xml for row in goals.rows)
    left, right = (cell.text for cell in head.rows[0].cells)
    assert "THỊ XÃ PHƯỚC LONG" in left
    assert "Số: ……/BC-UBND" in left
    assert "DỰ THẢO" in left
    assert right.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert "Phước Long, ngày …… tháng …… năm ……" in right
    rows = [[cell.text for cell in row.cells] for row in matrix.rows[2:]]
    assert rows[-1] == ["Tổng cộng", "50", "40", "0", "1", "6", "3"]
    sums = [sum(int(row[at]) for row in rows[:-1]) for at in range(1, 7)]
    assert sums == [int(cell) for cell in rows[-1][1:]]
    assert "Trước hạn 80 %; mục tiêu 90 % – kế hoạch 96 %" in goals.rows[1].cells[2].text
    assert [row.cells[3].text for row in goals.rows[1:]] == [
        "còn có thể đạt", "chưa đủ số liệu", "chưa đủ số liệu", "không đạt", "không đạt",
    ]  # fmt: skip
    body = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "BÁO CÁO" in body
    assert "Đã hoàn thành 41/50 nhiệm vụ" in body
    assert "tính theo hạn gốc, tỷ lệ trước hạn là 76 %" in body
    assert "Tiếp nhận 23 phản ánh, góp ý; đã trả lời 19 (đúng hạn 18, quá hạn 1)" in body
    assert "Đã thực hiện 10/11 tháng; chưa thực hiện: tháng 4" in body
    assert body.rstrip().endswith("./.")
    assert foot.rows[0].cells[1].text == "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
    assert foot.rows[0].cells[0].text.startswith("Nơi nhận:")
