"""Every text a citizen can be shown has its English, with the same facts and the same marks.

What citizens read is told apart by rule, so that a new text cannot be forgotten: see :func:`_for_citizens`.
Papers of the office stay in Vietnamese: the receipt as a file, the form of a grievance, the public page.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from jinja2 import Environment, StrictUndefined, meta

LOCALES = Path(__file__).parent.parent / "locales"
CITIZENS = (
    "appointments", "bans", "cases", "common", "core", "display", "files", "places", "privacy", "questions",
    "quota", "receipts",
)  # fmt: skip
"""Files of texts for citizens, but for what :data:`OFFICE` names; in the others a text of theirs says
"Ông/Bà" or is news of a case."""
OFFICE = (
    "*_broken", "reception_*", "cli_*", "help_lichtiep", "help_nhiemvu", "help_baocao", "help_danhtinh",
    "help_nhom", "register_*", "appointment_list", "appointment_list_none", "appointment_met",
    "appointment_missed", "appointment_early", "case_card_*", "case_ban", "ban_choose", "ban_days",
    "ban_nobody", "ban_reason", "ban_reason_words", "ban_set", "ban_appeal_card", "ban_lift", "ban_keep",
    "ban_decided", "case_take", "case_take_over", "case_taken_by", "case_return", "case_move",
    "case_move_*", "case_moved", "case_answer_*", "case_ask_*", "case_redo", "case_redo_given",
    "case_files", "case_file", "case_files_missing", "case_not_by_you", "case_nobody_to_ask", "case_own",
    "case_unit", "case_unit_unreachable", "welcome_back", "joined", "menu_official",
    "menu_official_typed", "official_hint", "unclear", "unclear_answer", "unclear_report*", "answers_*",
    "receipt_*", "case_sender", "case_about_*", "case_recuse", "case_recused", "case_erase_*",
    "case_grievance_mark", "identity_*", "groups", "group_*", "public_ask", "public_yes", "public_no",
    "public_decided",
)  # fmt: skip
PAPERS = ("apology_*", "public_page")
TERMS = (
    "đơn khiếu nại, đơn tố cáo", "đơn khiếu nại", "khiếu nại", "tố cáo", "đơn", "ngày làm việc", "ngày",
)  # fmt: skip
"""Terms of law that stand beside their English, and what the data say a day is."""
IN_VIETNAMESE = {
    "answer": "puts the days of the reception into an answer of the committee's file",
    "display_language": "asks in both languages",
    "display_vi": "the language names itself",
    "help_ngonngu": "likewise",
}
ACCENTED = re.compile(r"[à-ỹÀ-ỸđĐăĂơƠưƯ]")


def _texts(language: str) -> dict[str, dict[str, str]]:
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((LOCALES / language).glob("*.toml"))
    }


VIETNAMESE, ENGLISH = _texts("vi"), _texts("en")
PAIRS = [
    (key, VIETNAMESE[file].get(key, ""), text)
    for file, texts in ENGLISH.items()
    for key, text in texts.items()
]
MARKS = ("<b>", "</b>", "part(", "words(", "|thu_ngay", "|luc", "115", "dichvucong.gov.vn")


def _environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    for name in ("ngay", "ngay_ngan", "thu_ngay", "gio", "luc", "so", "phan_tram", "vong", "cat"):
        environment.filters[name] = str
    return environment


def _facts(text: str) -> set[str]:
    return meta.find_undeclared_variables(_environment().parse(text)) - {"office", "part", "words"}


def _named(key: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)


def _for_citizens(file: str, key: str, text: str) -> bool:
    """Whether a citizen may be shown this."""
    if file in CITIZENS:
        return not _named(key, OFFICE)
    return ("Ông/Bà" in text or key.startswith("case_news_")) and not _named(key, PAPERS + OFFICE)


def test_every_text_for_citizens_has_its_english() -> None:
    missing = [
        f"{file}: {key}"
        for file, texts in VIETNAMESE.items()
        for key, text in texts.items()
        if _for_citizens(file, key, text) and key not in ENGLISH.get(file, {})
    ]
    assert missing == [], "write it in locales/en, or name it in OFFICE if only officials read it"


def test_a_text_of_the_office_alone_has_no_english() -> None:
    english = {key for texts in ENGLISH.values() for key in texts}
    assert [key for key in english if _named(key, OFFICE + PAPERS)] == []
    known = [key for texts in VIETNAMESE.values() for key in texts]
    assert [pattern for pattern in OFFICE + PAPERS if not any(_named(key, [pattern]) for key in known)] == []


def test_english_texts_stand_in_the_files_and_the_order_of_the_vietnamese() -> None:
    for file, texts in ENGLISH.items():
        assert list(texts) == [key for key in VIETNAMESE.get(file, {}) if key in texts], file


def test_both_say_the_same_facts_with_the_same_marks() -> None:
    apart = [
        key
        for key, vietnamese, english in PAIRS
        if _facts(english) != _facts(vietnamese)
        or any(english.count(mark) != vietnamese.count(mark) for mark in MARKS)
    ]
    assert apart == []


def test_english_is_english_but_for_terms_of_law() -> None:
    left = {}
    for key, _, english in PAIRS:
        for term in TERMS:
            english = english.replace(term, "")
        if key not in IN_VIETNAMESE and ACCENTED.search(english):
            left[key] = english
    assert left == {}


def test_the_english_notice_is_that_of_the_version_people_agree_to() -> None:
    """Whoever changes the notice raises ``thong_bao_phien_ban`` and changes both languages."""
    notices = (
        VIETNAMESE["privacy"]["case_consent"].strip("\n"),
        ENGLISH["privacy"]["case_consent"].strip("\n"),
    )
    assert [hashlib.sha256(text.encode()).hexdigest()[:12] for text in notices] == [
        "399edfe94ef9",
        "f9e013e5dbea",
    ]
