"""Whether a message asks for information or tells of a thing to be put right; perhaps both, or neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.words import fold, has_words, without

ASKS = "asks"
COMPLAINS = "complains"
BOTH = "both"
NEITHER = "neither"


@dataclass(frozen=True)
class Asking:
    """The words that ask and those that complain (``data/asking.toml``), folded."""

    asks: tuple[str, ...] = ()
    complains: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()  # what is asked about, not complained of: "mấy giờ cúp điện"
    ends: tuple[str, ...] = ()
    never: tuple[str, ...] = ()  # with "…": what looks like a question and asks nothing
    opens: tuple[str, ...] = ()  # how somebody begins who comes to ask
    polite: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)  # how people shorten words -> the words

    def of(self, text: str, field_words: Iterable[str] = ()) -> str:
        """``asks``, ``complains``, ``both`` or ``neither``; ``field_words`` name things in the field."""
        written = self._written_out(text)
        folded = without(written, self.never)
        asks = text.rstrip(" .!)").endswith("?") or self._ends_open(folded) or _has_any(folded, self.asks)
        told = without(written, self.announced)
        complains = _has_any(told, self.complains)
        if not (self._ends_open(folded) and self._opens(written)):
            complains = complains or _has_any(told, field_words)
        if asks:
            return BOTH if complains else ASKS
        return COMPLAINS if complains else NEITHER

    def _written_out(self, text: str) -> str:
        words = text.lower().replace("?", " ").split()
        return fold(" ".join(self.typed.get(word.strip(".,!;:"), word) for word in words))

    def _opens(self, folded: str) -> bool:
        words = folded.split()
        while words and words[0] in self.polite:
            words.pop(0)
        return any(" ".join(words).startswith(f"{opening} ") for opening in self.opens)

    def _ends_open(self, folded: str) -> bool:
        words = folded.split()
        while words and words[-1] in self.polite:
            words.pop()
        return len(words) > 1 and words[-1] in self.ends


def _has_any(folded: str, phrases: Iterable[str]) -> bool:
    return any(has_words(folded, phrase) for phrase in phrases)
