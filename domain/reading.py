"""What a message is taken for, and how well: the same rules that the conversation follows, measured.

The conversation asks a person suspected of denouncing or complaining and shows every other track in the
review; the figures say how often it would have been right without asking (``data/messages.toml``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.asking import ASKS, BOTH, COMPLAINS
from domain.cases import Draft, area_found, category_of
from domain.committee import Committee
from domain.tracks import (
    APPOINTMENT,
    CHAT,
    DENUNCIATION,
    EMERGENCY,
    FIELD_REPORT,
    GRIEVANCE,
    QUESTION,
    READ_AS,
    SUGGESTION,
    TRACKS,
)
from domain.words import has_any


@dataclass(frozen=True, slots=True)
class Sample:
    """A message as somebody typed it, and what it should be taken for; empty where nothing is expected."""

    text: str
    track: str
    category: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How one track was read: right, taken for it wrongly, and missed."""

    track: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of those taken for this track that belong to it."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of those of this track that were taken for it."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def read_as(committee: Committee, text: str) -> str:
    """The track a message is taken for before anybody was asked; dangers come first."""
    screening, signs = committee.screening, committee.signs
    if screening.may_be_denunciation(text):
        return DENUNCIATION
    if screening.is_emergency(text):
        return EMERGENCY
    if screening.may_be_grievance(text):
        return GRIEVANCE
    track = signs.case_track(text)
    if signs.wants_visit(text) and track != SUGGESTION:
        return APPOINTMENT
    if signs.is_greeting(text) or is_advertising(committee, text):
        return CHAT
    if committee.asking.of(text, committee.field_words) == ASKS:
        return QUESTION
    return track


BEFORE, IN_REVIEW, IN_PASSING = "before", "in_review", "in_passing"


def denouncing_asked(committee: Committee, text: str) -> str:
    """How a person is asked about denouncing: before anything is kept, or in the review."""
    if committee.screening.may_be_denunciation(text):
        return BEFORE
    read = read_as(committee, text)
    track = read if read in TRACKS else FIELD_REPORT
    draft = Draft("", track=track, words=(("", text),), warned=read == EMERGENCY)
    return IN_REVIEW if may_denounce(committee, draft) else IN_PASSING


def may_denounce(committee: Committee, draft: Draft) -> bool:
    """Whether the review of a draft offers the way of a denunciation beside consent.

    Where an office, public money or papers are spoken of, and in every report that concerns one person
    and no danger: no list foresees all words, and a tố cáo is never filed as something else unasked.
    """
    if draft.cleared or not draft.text:
        return False
    if committee.screening.touches_office(draft.text):
        return True
    personal = category_of(committee.categories, draft).personal
    return personal and draft.track == FIELD_REPORT and not draft.warned


def is_advertising(committee: Committee, text: str) -> bool:
    """Whether a text only advertises: it names nothing that people complain of, and does not complain."""
    public = [words for kind in committee.categories if not kind.personal for words in kind.words]
    if has_any(committee.signs.written_out(text), public):
        return False
    return committee.signs.is_advertising(text) and committee.asking.of(text) not in (BOTH, COMPLAINS)


def category_read(committee: Committee, text: str) -> str:
    """The category preselected for a message."""
    return category_of(committee.categories, Draft("", words=(("", text),))).code


def area_read(committee: Committee, text: str) -> str:
    """The area a message surely names; empty if none."""
    sure = area_found(committee.areas, Draft("", words=(("", text),))).sure
    return sure.code if sure else ""


def scores(read: Iterable[tuple[str, str]]) -> list[Score]:
    """The score of every track from pairs of what was expected and what was read."""
    pairs = Counter(read)
    return [
        Score(
            track,
            pairs[track, track],
            sum(count for (meant, taken), count in pairs.items() if taken == track != meant),
            sum(count for (meant, taken), count in pairs.items() if meant == track != taken),
        )
        for track in READ_AS
    ]
