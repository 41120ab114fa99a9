"""Every text a citizen can be shown has its English, with the same facts and the same marks.

What citizens read is told apart by rule, so that a new text cannot be forgotten: see :func:`_for_citizens`.
Papers of the office stay in Vietnamese: the receipt as a file, the form of a grievance, the public page.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import ClassVar

import pytest
from jinja2 import Environment, StrictUndefined, meta

from bot.committee import committee_folder, load_committee
from domain.words import fold
from handlers import case_adopt, case_receipt
from handlers.commands import COMMANDS
from locales import templates
from tests.citizens import BROWN, CHANNELS, QUIET, code_in, pin_in
from tests.talk import ZONE, Town, typed_choices
from tests.test_short_messages import Reader, lives_to_the_last_word

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
    "case_unit*", "case_people_*", "welcome_back", "joined", "menu_official",
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
TYPED = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})*\b")
SIGNS = {"PIN", "PDF", "MB", "UBND"}
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
MARKS = ("<b>", "</b>", "part(", "|luc", "dichvucong.gov.vn")
NUMBER = re.compile(r"\d{2,}|[2-9]")  # of hours, signs, telephones; 0 and 1 make plurals


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


def test_both_say_the_same_facts_and_numbers_with_the_same_marks() -> None:
    apart = [
        key
        for key, vietnamese, english in PAIRS
        if _facts(english) != _facts(vietnamese)
        or sorted(NUMBER.findall(english)) != sorted(NUMBER.findall(vietnamese))
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
        "96c72c981c5d",
    ]


def test_what_the_texts_ask_to_type_is_understood() -> None:
    office = load_committee(committee_folder(), ZONE)
    screening = office.screening
    known = {word for command in COMMANDS for word in (command.name, *command.words)}
    spoken = office.spoken
    known |= case_adopt.WORDS | case_receipt.WORDS | {*spoken.agrees}
    known |= {fold(words) for words in (*spoken.good, *spoken.bad, *spoken.partly)}
    typed = {
        words for _, _, english in PAIRS for words in TYPED.findall(english.replace("ABCDE", "…"))
    } - SIGNS
    typed |= {label for line in templates("en")["menu_citizen"].splitlines() for label in line.split(" · ")}
    unknown = set(map(fold, typed)) - known
    assert {
        words
        for words in unknown
        if not (screening.may_be_denunciation(words) or screening.may_be_grievance(words))
    } == set()


def test_the_shipped_committee_says_its_kinds_and_hours_in_english() -> None:
    office = load_committee(committee_folder(), ZONE)
    told = {each.name for each in office.categories} | {each.name for each in office.reception_slots}
    told |= {said for each in office.categories for said in (each.notice, each.question) if said}
    told |= {office.answers.name, office.hours, office.emergency, office.phone}
    assert set(office.names["en"]) == told


class Resident(Reader):
    """A citizen who has chosen English."""

    longer: ClassVar[dict[str, int]] = {
        "Xin chào": 64,
        "Please check before you send": 71,  # as in Vietnamese
        "What kind of matter is this?": 90,
        "is not a signed complaint": 68,
        "Denounce (tố cáo) by a letter": 67,
    }

    async def arrives(self) -> None:
        for words in ("hello", "english"):
            await self.say(words)

    async def press_first(self) -> None:
        """Presses the first choice of the newest message, whatever it says."""
        newest = self.read[-1]
        await self.press(next(iter(newest.choices or typed_choices(newest.text))))

    def fallen_back(self) -> set[str]:
        """The keys that were said in Vietnamese to whoever has chosen English."""
        english = self.town.app.courier._composer._wordings["en"]
        return set(english._compiled) - set(templates("en"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_from_the_first_hello_to_the_last_word_of_a_leader(office: Town, channel: str) -> None:
    town, citizen = office, Resident(office, channel)
    await citizen.arrives()
    await citizen.say("help")
    await town.send(citizen.name, BROWN)
    await citizen.say("there is a big o ga in the road")
    await citizen.say("near the nha van hoa of ap 5")
    await citizen.press("Change")
    await citizen.press("Kind")
    await citizen.press("Roads, pavements, bridges, drains")
    await citizen.press("Agree and send")
    code = code_in(citizen.receipt("answers by"))
    await citizen.press("Receipt")
    for words in (code, "track", "my data"):
        await citizen.say(words)
    await citizen.press("Download")
    await citizen.say("my data")
    await citizen.press("Erase my contact")
    await citizen.press("Keep as it is")
    await citizen.say(code)
    await citizen.press("Withdraw")
    await citizen.press("Keep it")

    async def judges() -> None:
        await citizen.press("Only partly")
        await citizen.say("it comes off when it rains")

    await lives_to_the_last_word(citizen, code, "on the right side", judges, "Not all right")
    assert "last word of the Committee's leaders" in citizen.read[-1].text
    assert (citizen.fallen_back(), citizen.long) == (set(), [])


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_other_ways_to_come_with_something(office: Town, channel: str) -> None:
    town, citizen = office, Resident(office, channel)
    town.app.committee = replace(town.app.committee, public_list=True)
    await citizen.arrives()
    await citizen.say("kien nghi sua quy dinh ve ho so dat dai qua nhieu giay to")
    await citizen.press("Agree and send")
    for mode in ("Keep no contact", "Officials do not know who I am"):
        await citizen.say(QUIET)
        await citizen.press("Anonymous")
        await citizen.press(mode)
        await citizen.press("Agree and send")
    await citizen.say("toi muon to cao ong pho chu tich xa nhan hoi lo")
    await citizen.press("I want to denounce")
    receipt = citizen.receipt("nobody can find them again")
    code, pin = code_in(receipt), pin_in(receipt)
    for words in (code, f"{code} {pin}", f"{code} {pin} near the market", f"{code} {pin} PHIEU"):
        await citizen.say(words)
    for words in (
        "CONG KHAI",
        "XACMINH",
        "xacminh ABCDE 2345-6789",
        "7",
        "/nothing",
        "/baocao",
        "vao ABCD2345",
    ):
        await citizen.say(words)
    assert (citizen.fallen_back(), citizen.long) == (set(), [])


@pytest.mark.parametrize("channel", CHANNELS)
async def test_asking_and_being_received(office: Town, channel: str) -> None:
    citizen = Resident(office, channel)
    await citizen.arrives()
    await citizen.say("toi khong dong y quyet dinh thu hoi dat so 45")
    await citizen.press("Book the citizens' reception")
    await citizen.press_first()
    await citizen.say("khieu nai")
    await citizen.press("Complaint form")
    await citizen.say("cancel")
    await citizen.say("appointment")
    await citizen.press_first()
    await citizen.press("Change the time")
    await citizen.press_first()
    await citizen.press("Cancel the appointment")
    await citizen.press("Yes, cancel")
    await citizen.say("ask")
    await citizen.press_first()
    await citizen.press("Back")
    await citizen.say("lam khai sinh can giay to gi")
    await citizen.press("Ask an official")
    await citizen.press("Agree and send")
    assert (citizen.fallen_back(), citizen.long) == (set(), [])
