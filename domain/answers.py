"""Answers to what citizens often ask: data that an office edits, and the finding of one by its words.

A question is compared with the ways in which people ask for each answer: the share of their weighted words
and neighbouring pairs that both have (Tversky's index).  A word weighs more the fewer answers it is in, so
"khai sinh" decides and "làm" hardly counts.  Words typed without accents fit any; other accents count half.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from string import Formatter
from typing import Any

from domain.errors import RuleError
from domain.words import fold, has_words

LONGEST = 50  # words of an answer, so that with its source it stays a short message
LONGEST_TITLE = 40  # signs: it is a button's label
PLACES = frozenset(
    ("address", "phone", "hours", "reception_place", "reception_days", "emergency", "open_also")
)  # fmt: skip
"""What a text may take from the committee's own data, in braces."""
OFFERS = ("", "appointment", "dossier", "nothing")
"""What can be done besides reading: an appointment, a look-up, nothing; else an official is asked."""
SURE, MAYBE = 0.55, 0.38  # from which share an answer is given, or offered to choose
NEAR = 0.85  # of the best share: as likely as the best
MOST = 3  # answers offered to choose from
_REST_OF_QUESTION, _REST_OF_WAY = 0.25, 0.6  # how much weighs what only one side has
_LAW = re.compile(r"\b(luat|nghi dinh|thong tu|quyet dinh so|dieu \d+)\b")
_TOKEN = re.compile(r"[^\W_]+")
_ID = re.compile(r"[a-z0-9-]{2,24}")

_FIELDS = {
    "id", "topic", "title", "asked", "text", "source", "in_force_from", "in_force_until", "unit",
    "checked_by", "offers", "limit", "needs", "unless",
}  # fmt: skip

_OPTIONAL = {"in_force_until", "offers", "limit", "needs", "unless"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading under which answers are shown."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the ways to ask for it, its words and law, and the unit that knows more.

    Several may have one ``id``, each in force in its own time.  ``offers`` is what can be done besides;
    ``limit`` the limit of law, if any, within which an official answers what is asked on.  ``needs`` are
    folded words one of which a question for it has, ``unless`` those that make it another's: "mấy giờ"
    alone asks for nobody's hours, and "chợ mấy giờ" not for ours.
    """

    id: str
    topic: str
    title: str
    asked: tuple[str, ...]
    text: str
    source: str
    in_force_from: date
    in_force_until: date | None
    unit: str
    checked_by: str
    offers: str = ""
    limit: str = ""
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def may_be_meant(self, folded: str) -> bool:
        """Whether a folded question, written out, may ask for it."""
        needed = not self.needs or any(has_words(folded, phrase) for phrase in self.needs)
        return needed and not any(has_words(folded, phrase) for phrase in self.unless)

    def is_in_force(self, day: date) -> bool:
        """Whether it may be said on this day."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer and how much of its words the question has, 0 to 1."""

    answer: Answer
    share: float


@dataclass(frozen=True)
class Answers:
    """A committee's answers; ``days`` and ``unit`` are the promise for a question nobody foresaw."""

    topics: tuple[Topic, ...] = ()
    entries: tuple[Answer, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)  # how people shorten words -> the words
    name: str = ""
    days: int = 3
    unit: str = ""

    def in_force(self, day: date, topic: str = "") -> list[Answer]:
        """The answers of a day, all or those of a topic."""
        return [a for a in self.entries if a.is_in_force(day) and topic in ("", a.topic)]

    def get(self, answer_id: str, day: date) -> Answer | None:
        """The answer of an id on a day."""
        return next((a for a in self.entries if a.id == answer_id and a.is_in_force(day)), None)

    def find(self, question: str, day: date) -> list[Found]:
        """What may be meant, the likeliest first; answers with nothing in common are left out."""
        asked = self._signs(question)
        folded = self._folded(question)
        found = []
        for answer in self.in_force(day):
            if self._known[answer].isdisjoint(asked) or not answer.may_be_meant(folded):
                continue
            share = max(self._share(asked, way) for way in self._ways[answer])
            found.append(Found(answer, share))
        return sorted(found, key=lambda each: (-each.share, each.answer.id))

    def covers(self, question: str, answer: Answer) -> float:
        """The share of a question's words that stand in the ways to ask for an answer, 0 to 1."""
        words = [plain for plain, _ in self._syllables(question)]
        return sum(word in self._known[answer] for word in words) / len(words) if words else 0.0

    @cached_property
    def _known(self) -> Mapping[Answer, frozenset[str]]:
        return {answer: frozenset().union(*ways) for answer, ways in self._ways.items()}

    def names(self, words: str) -> bool:
        """Whether folded words are a part of a way to ask for an answer: "xay nha" is no complaint then."""
        return any(words in known for known in self._known.values())

    @cached_property
    def _ways(self) -> Mapping[Answer, tuple[Mapping[str, str], ...]]:
        return {a: tuple(self._signs(way) for way in (a.title, *a.asked)) for a in self.entries}

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        ids = {answer.id for answer in self.entries}
        having: dict[str, set[str]] = {}
        for answer, ways in self._ways.items():
            for way in ways:
                for sign in way:
                    having.setdefault(sign, set()).add(answer.id)
        return {sign: math.log(1 + len(ids) / len(of)) for sign, of in having.items()}

    def _share(self, asked: Mapping[str, str], way: Mapping[str, str]) -> float:
        weights = self._weights
        both = sum(weights[s] * _likeness(asked[s], marks) for s, marks in way.items() if s in asked)
        rest_of_way = sum(weights[s] for s in way) - both
        rest_of_question = sum(weights[s] for s in asked if s in weights and s not in way)
        whole = both + _REST_OF_QUESTION * rest_of_question + _REST_OF_WAY * rest_of_way
        return both / whole if whole else 0.0

    def _folded(self, text: str) -> str:
        return " ".join(plain for plain, _ in self._syllables(text))

    def _signs(self, text: str) -> Mapping[str, str]:
        """The words of a text and its pairs of neighbours, each with its accents."""
        words = self._syllables(text)
        pairs = [(f"{a} {b}", f"{x} {y}" if x or y else "") for (a, x), (b, y) in pairwise(words)]
        return dict([*words, *pairs])

    def _syllables(self, text: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for token in _TOKEN.findall(unicodedata.normalize("NFC", text).lower()):
            if written := self.typed.get(token):
                found += [(word, "") for word in written.split()]
            else:
                found.append((fold(token), _marks(token)))
        return [each for each in found if each[0]]


def likely(found: Sequence[Found]) -> list[Found]:
    """Those of :meth:`Answers.find` that are worth a choice: near the best one, three at most."""
    return [each for each in found if each.share >= MAYBE and each.share >= NEAR * found[0].share][:MOST]


def read_answers(data: Mapping[str, Any], typed: Mapping[str, str], units: Iterable[str]) -> Answers:
    """The answers of a file; raises ``answers_broken`` with the entry and the reason."""
    units = set(units)
    desk = data.get("desk", {})
    if not isinstance(desk.get("days"), int) or not 1 <= desk["days"] <= 60:
        raise _broken("desk", "days", desk.get("days", ""))
    if desk.get("unit") not in units:
        raise _broken("desk", "unit", desk.get("unit", ""))
    topics = [Topic(str(t.get("id", "")), str(t.get("name", ""))) for t in data.get("topics", ())]
    for topic in topics:
        if not _ID.fullmatch(topic.id) or not topic.name or [t.id for t in topics].count(topic.id) > 1:
            raise _broken(topic.id or "topics", "topic", topic.name)
    entries: list[Answer] = []
    for number, entry in enumerate(data.get("answers", ()), 1):
        name = str(entry.get("id") or number)
        if no := _reason(entry, units, {topic.id for topic in topics}):
            raise _broken(name, *no)
        answer = Answer(
            id=entry["id"],
            topic=entry["topic"],
            title=entry["title"],
            asked=tuple(entry["asked"]),
            text=entry["text"].strip(),
            source=entry["source"],
            in_force_from=entry["in_force_from"],
            in_force_until=entry.get("in_force_until"),
            unit=entry["unit"],
            checked_by=entry["checked_by"],
            offers=entry.get("offers", ""),
            limit=str(entry.get("limit", "")),
            needs=tuple(map(fold, entry.get("needs", ()))),
            unless=tuple(map(fold, entry.get("unless", ()))),
        )
        if wrong := [way for way in answer.asked if not answer.may_be_meant(fold(way))]:
            raise _broken(name, "barred", wrong[0])
        if any(_overlap(answer, other) for other in entries if other.id == answer.id):
            raise _broken(name, "twice", "")
        entries.append(answer)
    return Answers(
        tuple(topics), tuple(entries), dict(typed), str(desk.get("name", "")), desk["days"], desk["unit"]
    )


def _reason(entry: Mapping[str, Any], units: set[str], topics: set[str]) -> tuple[str, object] | None:
    """What is wrong with an entry, and the value that is; None if nothing is."""
    if unknown := sorted(set(entry) - _FIELDS):
        return "field", unknown[0]
    if missing := sorted(_FIELDS - _OPTIONAL - set(entry)):
        return "missing", missing[0]
    if not _ID.fullmatch(str(entry["id"])):
        return "id", entry["id"]
    if entry["topic"] not in topics:
        return "topic", entry["topic"]
    if not entry["title"] or len(entry["title"]) > LONGEST_TITLE:
        return "title", entry["title"]
    if not entry["asked"] or not _are_words(entry["asked"]):
        return "asked", ""
    if wrong := [name for name in ("needs", "unless") if not _are_words(entry.get(name, []))]:
        return "words", wrong[0]
    if not isinstance(entry["text"], str) or not entry["text"].strip():
        return "text", ""
    if len(entry["text"].split()) > LONGEST:
        return "long", len(entry["text"].split())
    if strange := _strange_place(entry["text"]):
        return "place", strange
    if not entry["source"] and _LAW.search(fold(entry["text"])):
        return "source", ""
    since, until = entry["in_force_from"], entry.get("in_force_until")
    if not isinstance(since, date) or not (until is None or (isinstance(until, date) and until >= since)):
        return "dates", until or since
    if entry["unit"] not in units:
        return "unit", entry["unit"]
    return ("offers", entry["offers"]) if entry.get("offers", "") not in OFFERS else None


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and fold(each) for each in value)


def _strange_place(text: str) -> str:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return "{"
    return next((name or "{}" for name in names if name not in PLACES), "")


def _overlap(one: Answer, other: Answer) -> bool:
    return other.is_in_force(one.in_force_from) or one.is_in_force(other.in_force_from)


def _broken(entry: str, reason: str, value: object) -> RuleError:
    return RuleError("answers_broken", entry=entry, reason=reason, value=str(value))


def _likeness(typed: str, wanted: str) -> float:
    return 1.0 if not typed.strip() or not wanted.strip() or typed == wanted else 0.5


def _marks(token: str) -> str:
    apart = unicodedata.normalize("NFD", token)
    return "".join(sorted(sign for sign in apart if unicodedata.combining(sign) or sign == "đ"))
