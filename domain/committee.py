"""One committee's own data: its names, addresses, categories of citizens' matters and legal limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from domain.answer_templates import AnswerTemplate
from domain.answers import Answers
from domain.areas import Areas
from domain.asking import Asking
from domain.case_terms import CaseTerms
from domain.ladders import Ladder, Rhythm
from domain.quota import Quota
from domain.reception import Slot
from domain.retention import Retention
from domain.routing import Routing
from domain.screening import Screening
from domain.spoken import Spoken
from domain.tracks import Signs


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of matter citizens write about: which unit answers it, in how many working days."""

    code: str
    name: str
    unit: str  # unit code
    days: int
    words: tuple[str, ...]  # folded: no accents, lower case
    field_work: bool = True  # closing needs an after-photo
    about_staff: bool = False  # whoever it names does not see it
    personal: bool = False  # concerns one person: never shown to another one who writes of the same
    notice: str = ""  # a sentence shown in the review
    question: str = ""  # asked once, if it was not said; nobody has to answer


@dataclass(frozen=True, slots=True)
class LegalLimit:
    """A limit of law as data, so that a legal officer can correct it."""

    code: str
    value: int
    unit: str  # ngày | ngày làm việc
    source: str  # law and article
    in_force_from: str
    checked_by: str


@dataclass(frozen=True, slots=True)
class Committee:
    """Everything of the committee that is not in the database."""

    name: str  # UBND thị xã Phước Long
    place: str  # Phước Long: for the date line of a letter
    address: str
    phone: str
    hours: str
    reception_place: str  # where đơn are handed in, and when
    reception_days: tuple[int, ...]  # ISO weekdays of the citizens' reception
    parent: str  # the superior body, for letterheads
    zone: ZoneInfo
    categories: tuple[Category, ...] = ()
    limits: dict[str, LegalLimit] = field(default_factory=dict)
    quota: Quota = field(default_factory=Quota)
    areas: Areas = field(default_factory=Areas)
    emergency: str = "113, 114, 115"
    public_list: bool = False  # whether answered matters may be shown to everybody
    conflict_units: tuple[str, ...] = ()  # who gets what is about officials: the first that is not concerned
    screening: Screening = field(default_factory=Screening)
    signs: Signs = field(default_factory=Signs)
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)  # unit code -> other names
    ladders: dict[str, Ladder] = field(default_factory=dict)
    rhythms: dict[int, Rhythm] = field(default_factory=dict)  # by the plan's year
    routing: Routing = field(default_factory=lambda: Routing(""))
    terms: CaseTerms = field(default_factory=CaseTerms)
    retention: Retention = field(default_factory=Retention)
    templates: tuple[AnswerTemplate, ...] = ()
    reception_slots: tuple[Slot, ...] = ()
    answers: Answers = field(default_factory=Answers)
    asking: Asking = field(default_factory=Asking)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language: our words there
    spoken: Spoken = field(default_factory=Spoken)

    def slot_words(self, code: str) -> str:
        """The name and hours of a slot of a reception day: "sáng 07:30–11:30"; empty for none."""
        slot = next((slot for slot in self.reception_slots if slot.code == code), None)
        return f"{slot.name} {slot.hours}" if slot else ""

    def question_kind(self, answer_id: str) -> Category:
        """How a question to an official is handled: by the unit of its answer, or by the desk.

        In the desk's days, or in those that the law gives for it.
        """
        answers = self.answers
        found = next((each for each in answers.entries if each.id == answer_id), None)
        unit = (found.unit if found else answers.unit) or self.categories[-1].unit
        days = self.limits[found.limit].value if found and found.limit else answers.days
        return Category("", answers.name, unit, days, (), field_work=False)

    @property
    def category_names(self) -> dict[str, str]:
        """The name of each kind of matter, by its code."""
        return {kind.code: kind.name for kind in self.categories}

    @property
    def field_words(self) -> tuple[str, ...]:
        """The words of the categories that are work in the field, folded."""
        return tuple(words for kind in self.categories if kind.field_work for words in kind.words)
