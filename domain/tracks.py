"""The ways a citizen's message may go, in one table, and the words by which one is told from another.

The law keeps them apart: the rules on phản ánh, kiến nghị do not govern khiếu nại and tố cáo (NĐ 20/2008,
article 1), so what may happen to a case is one table a track.  Nothing here decides against a person: a
track is shown in the review and can be changed there; whoever may denounce or complain is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.likeness import Likeness
from domain.words import has_any, spans, without, written_out

FIELD_REPORT = "phan_anh"
SUGGESTION = "gop_y"
PETITION = "kien_nghi"
GRIEVANCE = "khieu_nai"

DENUNCIATION = "to_cao"
EMERGENCY = "khan_cap"
QUESTION = "hoi_dap"
APPOINTMENT = "tiep_dan"  # of the citizens' reception, without a grievance
CHAT = "chao"
READ_AS = (
    FIELD_REPORT, SUGGESTION, PETITION, GRIEVANCE, DENUNCIATION, QUESTION, APPOINTMENT, EMERGENCY, CHAT,
)  # fmt: skip
"""What a message may be read as; the first four, a question and an appointment may become a case."""
_LIKE = 0.85  # from which share a text is like the known messages of a track
_SHORT_AD = 25  # words; whoever writes more may tell of something
_BEFORE_THANKS = 12  # signs, as of "da toi rat "


@dataclass(frozen=True, slots=True)
class Track:
    """A kind of case.

    ``answered``: an official answers it by a promised day, and it counts in the figures of cases.
    ``asks_place``: the review asks where it is.  ``picture``: closing asks for an after-picture where
    the category is field work.  ``promise`` is the entry of ``data/legal.toml`` that holds its working
    days; without one they are the category's.
    """

    code: str
    answered: bool = True
    asks_place: bool = False
    picture: bool = False
    promise: str = ""


TRACKS: Mapping[str, Track] = {
    track.code: track
    for track in (
        Track(FIELD_REPORT, asks_place=True, picture=True),
        Track(SUGGESTION),
        Track(PETITION, promise="kien_nghi_tra_loi"),
        Track(QUESTION),
        Track(APPOINTMENT, answered=False),
        Track(GRIEVANCE, answered=False),  # a pre-note with an appointment; no đơn
    )
}


@dataclass(frozen=True)
class Signs:
    """The words of each track, folded (``data/tracks.toml``); "…" in a phrase stands for up to five words.

    A ``kien_nghi`` needs both a rule (``rules``) and a wish to change it (``changes``).
    """

    suggests: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    greets: tuple[str, ...] = ()  # alone, or several of them and nothing else
    thanks: tuple[str, ...] = ()
    thanks_but: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()  # what may stand beside a greeting and says nothing by itself
    sells: tuple[str, ...] = ()  # advertising
    warns: tuple[str, ...] = ()  # the words of somebody who tells of it
    typed: Mapping[str, str] = field(default_factory=dict)  # how people shorten words -> the words
    likeness: Likeness = field(default_factory=Likeness)

    def written_out(self, text: str) -> str:
        """The text folded, with what people shorten written out; for matching, never for showing."""
        return written_out(text, self.typed)

    def case_track(self, text: str) -> str:
        """``kien_nghi``, ``gop_y`` or, for everything else, ``phan_anh``."""
        words = self.written_out(text)
        if has_any(words, self.rules) and has_any(words, self.changes):
            return PETITION
        if has_any(words, self.suggests):
            return SUGGESTION
        like = self.likeness.shares(words)
        return next((track for track in (PETITION, SUGGESTION) if like.get(track, 0) >= _LIKE), FIELD_REPORT)

    def wants_visit(self, text: str) -> bool:
        """Whether the person wants to be received."""
        return has_any(self.written_out(text), self.visits)

    def is_greeting(self, text: str) -> bool:
        """Whether a text is nothing but a greeting, thanks or a test of the line: "tối quá" is a matter."""
        words = self.written_out(text)
        if not words or (has_any(words, self.greets) and not without(words, (*self.greets, *self.fills))):
            return True
        return self._thanks_for(words)

    def _thanks_for(self, words: str) -> bool:
        """Whether a text begins with thanks for something done, and goes on to nothing else."""
        begins = any(start <= _BEFORE_THANKS for phrase in self.thanks for start, _ in spans(words, phrase))
        return begins and len(words.split()) <= _SHORT_AD and not has_any(words, self.thanks_but)

    def is_advertising(self, text: str) -> bool:
        """Whether a short text sells something, and tells nothing of others who do."""
        words = self.written_out(text)
        short = len(words.split()) <= _SHORT_AD
        return short and has_any(words, self.sells) and not has_any(words, self.warns)
