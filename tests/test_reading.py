"""Messages the way people type them: taken for what they are, and no denunciation for anything else."""

from __future__ import annotations

from collections import Counter

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.root import congvu
from bot.committee import committee_folder, load_committee, load_samples
from domain.reading import (
    BEFORE,
    IN_PASSING,
    Sample,
    Score,
    area_read,
    category_read,
    denouncing_asked,
    read_as,
    scores,
)
from domain.tracks import DENUNCIATION, READ_AS, TRACKS
from domain.words import fold
from tests.citizens import wait
from tests.talk import ZONE, Town
from tests.test_cases_denunciation import found_in

OFFICE = load_committee(committee_folder(), ZONE)
KNOWN = [sample for sample in load_samples() if sample.track in READ_AS]
UNSEEN = load_samples("messages_unseen.toml")
REPORTS = [sample.text for sample in load_samples() if sample.track == "bao_cao"]


def _scores(samples: list[Sample] | tuple[Sample, ...]) -> dict[str, Score]:
    read = ((sample.track, read_as(OFFICE, sample.text)) for sample in samples)
    return {score.track: score for score in scores(read)}


def test_there_are_enough_messages_of_every_kind() -> None:
    assert len(KNOWN) >= 60
    assert {sample.track for sample in KNOWN} == set(READ_AS) == {sample.track for sample in UNSEEN}


@pytest.mark.parametrize("track", READ_AS)
def test_nine_of_ten_known_messages_of_a_track_are_found(track: str) -> None:
    score = _scores(KNOWN)[track]
    assert score.recall >= 0.9, [s.text for s in KNOWN if s.track == track != read_as(OFFICE, s.text)]


def test_no_known_denunciation_is_taken_for_something_else_and_ordinary_matters_raise_no_alarm() -> None:
    score = _scores(KNOWN)[DENUNCIATION]
    assert score.missed == 0
    assert score.precision >= 0.95


def test_most_denunciations_never_seen_before_are_asked_about() -> None:
    """Nearly half before a word is kept; of the rest most have the choice in the review."""
    asked = Counter(denouncing_asked(OFFICE, s.text) for s in UNSEEN if s.track == DENUNCIATION)
    assert asked[BEFORE] >= 0.4 * asked.total()
    assert asked[IN_PASSING] <= 0.15 * asked.total()
    assert _scores(UNSEEN)[DENUNCIATION].precision >= 0.8


def test_other_matters_never_seen_before_are_seldom_stopped() -> None:
    asked = Counter(denouncing_asked(OFFICE, s.text) for s in UNSEEN if s.track != DENUNCIATION)
    assert asked[BEFORE] <= 0.05 * asked.total()
    assert asked[IN_PASSING] >= 0.3 * asked.total()


@pytest.mark.parametrize("track", READ_AS)
def test_what_was_never_seen_before_is_read_better_than_by_chance(track: str) -> None:
    assert _scores(UNSEEN)[track].recall >= 0.33


@pytest.mark.parametrize("text", REPORTS)
def test_what_an_official_reports_is_no_denunciation(text: str) -> None:
    assert read_as(OFFICE, text) != DENUNCIATION


def test_categories_and_areas_are_read() -> None:
    sorted_ = [sample for sample in KNOWN if sample.category]
    assert sum(category_read(OFFICE, s.text) == s.category for s in sorted_) >= 0.9 * len(sorted_)
    assert [s.text for s in (*KNOWN, *UNSEEN) if area_read(OFFICE, s.text) != s.area] == []


@given(st.text(max_size=200))
def test_any_text_is_read_as_one_of_the_tracks(text: str) -> None:
    assert read_as(OFFICE, text) in READ_AS


def test_every_case_track_is_one_that_words_are_read_as() -> None:
    assert set(TRACKS) < set(READ_AS)


async def test_no_denunciation_of_the_list_reaches_the_disk(town: Town) -> None:
    known = [sample.text for sample in KNOWN if sample.track == DENUNCIATION][::3]
    for number, text in enumerate(known):
        citizen = town.stranger(f"Dân {number}", ("telegram", "zalo")[number % 2])
        await town.say(citizen, text)
        await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    await wait(town)
    town.quiet()
    await town.database.forget_deleted_words()
    kept = b"".join(path.read_bytes() for path in town.folder.rglob("*") if path.is_file()).decode("latin-1")
    folded = fold(kept)
    assert [text for text in known if text in kept or fold(text) in folded] == []
    assert found_in(town.folder, b"dia chinh") == []


def test_the_table_is_printed_and_one_text_is_explained() -> None:
    table = CliRunner().invoke(congvu, ["reading", "--wrong"]).output
    assert "tố cáo" in table
    assert "messages_unseen.toml" in table
    one = CliRunner().invoke(congvu, ["reading", "o ga kp5 long thuy"]).output
    assert one.strip() == "phản ánh · Đường, vỉa hè, cầu cống · khu phố 5, phường Long Thủy"


@pytest.mark.parametrize(
    ("text", "track"),
    [
        ("bao giờ hỏi cũng kêu về coi trên mạng", "phan_anh"),  # "always", no question
        ("đêm nào quán cũng hát tới khuya", "phan_anh"),
        ("cho em hỏi xây nhà cấp 4 có cần xin phép không ạ", "hoi_dap"),  # a word of the field, asked about
        ("cho em hỏi sao đèn đường hư hoài không ai sửa", "phan_anh"),
        ("đường hư nặng, cần gấp", "phan_anh"),  # urgent, no wish to meet
        ("tôi cần gặp chủ tịch phường", "tiep_dan"),
        ("hôm qua nhánh cây rớt xuống suýt trúng người", "phan_anh"),
        ("bếp nhà bên khói đen bốc ra mù mịt", "khan_cap"),
    ],
)
def test_what_looks_like_something_else(text: str, track: str) -> None:
    assert read_as(OFFICE, text) == track


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dien duong hu o khu pho 2", "dien"),  # as the South calls a street lamp
        ("chó thả không rọ mõm rượt người đi đường", "anninh"),
        ("nộp hồ sơ cấp đổi sổ đỏ hai tháng chưa có", "thutuc"),
        ("cán bộ hách dịch với dân", "thaido"),
    ],
)
def test_kinds_by_the_words_of_every_day(text: str, code: str) -> None:
    assert category_read(OFFICE, text) == code
