"""What people say instead of pressing a choice: a number in words, consent, an opinion, "tới đâu rồi".

Nothing here acts; who asks knows which choices the person sees (``data/spoken.toml`` holds the words).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from domain.words import fold, has_any, without, written_out

GOOD, BAD, PARTLY = "good", "bad", "partly"
_WORD = re.compile(r"[^\W_]+")
_SHORT = 4  # words, in which a phrase of one word counts
_ABOUT_IT = 14  # words of a text about an appointment
_PRAISE = 10  # words, beyond which praise goes on to something else


@dataclass(frozen=True)
class Spoken:
    """The words; ``typed`` is how people shorten words."""

    before_number: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    agrees: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    withdraw_fills: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    appointment: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    appeals: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    own_data: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    progress_fills: tuple[str, ...] = ()
    progress_of: tuple[str, ...] = ()
    sent_before: tuple[str, ...] = ()
    wish_fills: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """The number that is all a text says: "1 nha", "so 1", "một"; 0 if it says something else."""
        alone = text.strip().strip(".!)").lower()
        if alone in self.numbers:
            return self.numbers[alone]
        said = [word for word in fold(text).split() if word not in self.fills]
        if not said or not said[-1].isdigit() or len(said[-1]) > 2:
            return 0
        before = " ".join(said[:-1])
        return int(said[-1]) if not before or before in self.before_number else 0

    def is_consent(self, text: str) -> bool:
        """Whether typed words mean [Đồng ý và gửi]: "ok gửi đi em"."""
        return self._is_one_of(text, self.agrees)

    def is_sending(self, text: str) -> bool:
        """Whether typed words say to send, and nothing else: "gửi đi em"; "ok" may be anything."""
        return self.is_consent(text) and has_any(fold(text), ("gui", "send"))

    def is_waiting(self, text: str) -> bool:
        """Whether somebody is not ready yet: "để tôi suy nghĩ"."""
        return self._is_one_of(text, self.waits)

    def is_cancel(self, text: str) -> bool:
        """Whether what was begun is given up: "thôi huỷ đi em"."""
        return self._is_one_of(text, self.cancels)

    def is_withdrawal(self, text: str) -> bool:
        """Whether what was sent is taken back: "em muốn rút lại"."""
        words = written_out(text, self.typed).split(" vi ")[0]  # a reason may follow
        left = without(words, self.withdraws)
        return left != words and not without(left, (*self.withdraw_fills, *self.fills))

    def is_mistake(self, text: str) -> bool:
        """Whether somebody says that something should not have been sent: "tôi gửi nhầm"."""
        return self._is_one_of(text, self.mistakes)

    def is_yes(self, text: str) -> bool:
        """Whether typed words answer "Ông/Bà có chắc không?" with yes."""
        return self._is_one_of(text, self.yes)

    def is_appeal(self, text: str) -> bool:
        """Whether somebody who is kept off says that it is wrong."""
        return has_any(written_out(text, self.typed), self.appeals)

    def compares(self, text: str) -> str:
        """``apart`` or ``same``, where a short text begins with whether others told of one's own matter."""
        words = written_out(text, self.typed).split()
        if len(words) > _ABOUT_IT:
            return ""
        while words and words[0] in self.fills and not _begins(words, self._compared):
            words = words[1:]
        if _begins(words, [phrase.split() for phrase in self.apart]):
            return "apart"
        return "same" if _begins(words, [phrase.split() for phrase in self.same]) else ""

    @cached_property
    def _compared(self) -> tuple[list[str], ...]:
        return tuple(phrase.split() for phrase in (*self.same, *self.apart))

    def is_about_appointment(self, text: str) -> bool:
        """Whether a short text of somebody who has an appointment is about it: "đổi qua thứ 3 được không"."""
        words = written_out(text, self.typed)
        return len(words.split()) <= _ABOUT_IT and has_any(words, self.appointment)

    def is_about_own_data(self, text: str) -> bool:
        """Whether somebody wants to see, correct or erase what is kept about them."""
        words = written_out(text, self.typed)
        return has_any(words, self.own_data) and has_any(words, self.own)

    def opinion(self, text: str) -> str:
        """``good``, ``bad`` or ``partly``, where words begin with what their writer thinks of an answer."""
        words = written_out(text, self.typed)
        typed = _typed_words(text)
        while typed and fold(typed[0]) in self.fills and not _begins(typed, self._judging):
            typed = typed[1:]
        if not typed or has_any(words, self.other):
            return ""
        size = {name: _begins(typed, phrases) for name, phrases in self._opinions.items()}
        best = max(size, key=lambda name: size[name])
        if best != GOOD or not size[best]:
            return best if size[best] else ""
        rest = fold(" ".join(typed[size[best] :]))
        if has_any(rest, self.but):
            return PARTLY
        return GOOD if len(typed) <= _PRAISE else ""

    def asks_progress(self, text: str) -> bool:
        """Whether a text only asks how far one's own matter is: "sao chưa thấy ai tới hết vậy"."""
        words = written_out(text, self.typed)
        left = without(words, self.progress)
        return left != words and not without(left, self._said_of_progress)

    def asks_progress_of_sent(self, text: str) -> bool:
        """Whether a text asks so, or for a lost code, of something that its writer says they have sent."""
        return self.asks_progress(text) and has_any(written_out(text, self.typed), self.sent_before)

    def asks_progress_of_something(self, text: str) -> bool:
        """Whether a text asks when or why not yet, whatever else it says."""
        return has_any(written_out(text, self.typed), self.progress_of)

    @cached_property
    def _said_of_progress(self) -> tuple[str, ...]:
        return (*self.progress_fills, *self.fills)

    @cached_property
    def _opinions(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        lists = {BAD: self.bad, PARTLY: self.partly, GOOD: self.good}
        return {name: tuple(_typed_words(phrase) for phrase in phrases) for name, phrases in lists.items()}

    @cached_property
    def _judging(self) -> tuple[tuple[str, ...], ...]:
        return tuple(phrase for phrases in self._opinions.values() for phrase in phrases)

    def _is_one_of(self, text: str, phrases: Sequence[str]) -> bool:
        words = written_out(text, self.typed)
        return words in phrases or without(words, self.fills) in phrases


def _typed_words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text).lower()))


def _begins(typed: Sequence[str], phrases: Iterable[Sequence[str]]) -> int:
    """How many words the longest phrase has that a text begins with; accents count where they are typed."""
    found = [
        len(phrase)
        for phrase in phrases
        if len(phrase) <= len(typed)
        and (len(phrase) > 1 or len(typed) <= _SHORT)
        and all(said in (word, fold(word)) for said, word in zip(typed, phrase, strict=False))
    ]
    return max(found, default=0)
