"""A question finds its answer by meaning words, however it is typed, and a matter is not taken for one."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.root import congvu
from bot.committee import committee_folder, load_committee
from domain.answers import Answer, Answers
from domain.measured import KINDS, counted, measured
from domain.questions import ANSWER, DOUBT, MATTER, Understood, understand
from domain.words import fold

COMMITTEE = load_committee(committee_folder(), ZoneInfo("Asia/Ho_Chi_Minh"))
DAY = date(2021, 3, 1)
KNOWN = COMMITTEE.answers
IN_FORCE = KNOWN.in_force(DAY)
WAYS = [(answer, way) for answer in IN_FORCE for way in answer.asked]
POLITE = st.sampled_from(["", "xin chào ạ", "cho e hỏi xíu", "ad ơi", "chào UBND", "dạ"])


def taken(text: str, *, meant: bool = False, answers: Answers = KNOWN) -> Understood:
    return understand(text, DAY, answers, COMMITTEE.asking, COMMITTEE.field_words, meant=meant)


def test_typed_questions_are_answered_and_matters_are_not_swallowed() -> None:
    text = (resources.files("data") / "phuoc_long" / "questions.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    results = [measured(row["said"], row["meant"], taken(row["said"])) for row in rows]
    assert [each.said for each in results if each.outcome == "wrong"] == []
    questions, unknown, matters = (counted(results, kind) for kind in KINDS)
    assert questions["count"] >= 60
    assert questions["right"] >= 0.9 * questions["count"]
    assert unknown["count"] >= 4
    assert matters["right"] >= 0.9 * matters["count"] >= 20
    assert {row["meant"] for row in rows} >= {answer.id for answer in IN_FORCE} - {"to-cao"}


def test_of_questions_nobody_tuned_the_words_for_few_are_missed_and_no_matter_is_swallowed() -> None:
    text = (resources.files("data") / "phuoc_long" / "questions_unseen.csv").read_text("utf-8")
    results = [
        measured(row["said"], row["meant"], taken(row["said"])) for row in csv.DictReader(text.splitlines())
    ]
    questions, _, matters = (counted(results, kind) for kind in KINDS)
    assert questions["wrong"] <= 0.1 * questions["count"]
    assert matters["wrong"] == 0
    assert matters["count"] >= 12


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(WAYS), POLITE, POLITE)
def test_each_way_to_ask_finds_its_answer_first_whatever_polite_words_stand_around_it(
    way: tuple[Answer, str], before: str, after: str
) -> None:
    assert KNOWN.find(f"{before} {way[1]} {after}", DAY)[0].answer == way[0]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(WAYS))
def test_accents_may_be_left_out(way: tuple[Answer, str]) -> None:
    found = [each for each in KNOWN.find(fold(way[1]), DAY) if each.share == 1]
    assert way[0] in [each.answer for each in found]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.sampled_from(WAYS))
def test_shares_are_shares_and_unknown_words_add_nothing(noise: str, way: tuple[Answer, str]) -> None:
    found = KNOWN.find(noise, DAY)
    assert all(0 < each.share <= 1 for each in found)
    assert [each.share for each in found] == sorted((each.share for each in found), reverse=True)
    alone = KNOWN.find(way[1], DAY)[0].share
    assert KNOWN.find(f"{way[1]} xyzzy", DAY)[0].share <= alone


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), st.sampled_from(WAYS))
def test_the_order_of_the_file_decides_nothing(random: object, way: tuple[Answer, str]) -> None:
    shuffled = list(KNOWN.entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Answers(KNOWN.topics, tuple(shuffled), KNOWN.typed, KNOWN.name, KNOWN.days, KNOWN.unit)
    assert [f.answer for f in other.find(way[1], DAY)] == [f.answer for f in KNOWN.find(way[1], DAY)]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_taken_for_something(text: str) -> None:
    for meant in (False, True):
        understood = taken(text, meant=meant)
        assert understood.kind != MATTER or not meant
        assert understood.kind != ANSWER or len(understood.found) == 1


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("lam khai sinh can j", ANSWER),
        ("khai sinh", ANSWER),
        ("đường hư hoài sao không ai sửa?", MATTER),
        ("duong hu hoai sao khong ai sua", MATTER),
        ("làm khai sinh mà bị gắt gỏng thì sao?", DOUBT),
        ("cán bộ khai sinh gắt gỏng", MATTER),
        ("bé nhà em mấy tuổi thì đi nhà trẻ", "unknown"),
    ],
)
def test_questions_and_matters_are_told_apart_or_asked_about(typed: str, kind: str) -> None:
    assert taken(typed).kind == kind


@pytest.mark.parametrize(
    "asked",
    [
        "mấy giờ ủy ban mở cửa",
        "may gio lam viec",
        "ubnd may gio mo cua",
        "thứ 7 có làm việc không",
        "mấy giờ nghỉ trưa",
        "cơ quan nhà nước mấy giờ làm việc",
        "cho hoi may gio mot cua dong cua",
        "mấy giờ nhận hồ sơ",
        "chieu nay phuong co lam khong",
    ],
)
def test_whoever_asks_when_the_office_is_open_gets_its_hours(asked: str) -> None:
    understood = taken(asked)
    assert (understood.kind, understood.found[0].answer.id) == (ANSWER, "gio-lam-viec")


@pytest.mark.parametrize(
    "asked",
    [
        "Mấy giờ có nước lại",
        "may gio co nuoc",
        "bao giờ có điện lại",
        "mấy giờ cắt nước",
        "chiều nay mấy giờ có điện",
        "hom nay co cup dien khong",
        "mấy giờ cúp điện",
        "chủ nhật có nước không",
        "khu phố 3 mấy giờ có điện lại ạ",
        "xe rác mấy giờ tới",
        "mấy giờ đổ rác",
        "đèn đường mấy giờ tắt",
        "cho may gio mo cua",
        "trường học mấy giờ tan",
        "xe buýt mấy giờ chạy",
        "may gio tiem vac xin",
    ],
)
def test_hours_of_other_things_are_nobody_s_answer_and_no_complaint(asked: str) -> None:
    assert taken(asked).kind == "unknown"
    assert all(each.answer.id != "gio-lam-viec" for each in KNOWN.find(asked, DAY))


@pytest.mark.parametrize(
    "told",
    [
        "may gio roi ma chua co nuoc",
        "cúp điện hoài mấy giờ mới có",
        "3 ngày không ai lấy rác",
        "cắt điện gì mà ngày nào cũng cắt",
    ],
)
def test_an_outage_that_lasts_is_still_complained_of(told: str) -> None:
    assert taken(told).kind == MATTER


def test_other_accents_count_half() -> None:
    """ "thuê đất" is no "thuế đất"; without accents it may be either."""
    exact, bare, other = (
        next((f.share for f in KNOWN.find(text, DAY) if f.answer.id == "thue"), 0.0)
        for text in ("nộp thuế đất ở đâu", "nop thue dat o dau", "nộp thuê đất ở đâu")
    )
    assert exact == bare > other


def test_law_changes_with_its_day() -> None:
    before, after = KNOWN.get("tam-tru", date(2021, 6, 30)), KNOWN.get("tam-tru", date(2021, 7, 1))
    assert before is not None
    assert after is not None
    assert before.source != after.source
    assert KNOWN.get("xay-dung", date(2026, 1, 1)) is None


def test_the_table_of_hits_is_printed() -> None:
    done = CliRunner().invoke(congvu, ["answers", "measure", "--on", "01/03/2021"])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "questions.csv"
    assert [line.split()[-1] for line in lines[2:5]] == ["0", "0", "0"]
    assert "questions_unseen.csv" in lines


def test_a_question_can_be_tried() -> None:
    done = CliRunner().invoke(congvu, ["answers", "try", "may", "h", "lam", "viec"])
    assert "gio-lam-viec" in done.output.splitlines()[1]


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    done = CliRunner().invoke(congvu, ["answers", "measure", str(file)])
    assert done.exit_code == 1
    assert "said" in done.output
