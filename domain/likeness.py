"""Which of the known messages a text is most like: naive Bayes over its words and neighbouring pairs.

A second ear beside the lists of words: it knows what nobody put on a list, learns from every message
that a committee adds to ``data/messages.toml``, and can be followed by hand.  It never decides alone.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

_SMOOTHING = 0.3  # how much a word that a track never had counts
_FEWEST = 6
_PRIOR = 0.3  # how much it counts that a track has more messages than another


@dataclass(frozen=True)
class Likeness:
    """What was learnt: how many messages a track has, and in how many of them each feature stands."""

    messages: Mapping[str, int] = field(default_factory=dict)
    features: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def shares(self, folded: str) -> dict[str, float]:
        """How likely each track is for a folded text; the shares add up to one."""
        seen = _features(folded) & self.known
        weights = {track: self._weight(track, seen) for track in self.messages}
        most = max(weights.values(), default=0.0)
        relative = {track: math.exp(weight - most) for track, weight in weights.items()}
        whole = sum(relative.values())
        return {track: share / whole for track, share in relative.items()}

    def is_like(self, folded: str, track: str, share: float) -> bool:
        """Whether a text is at least so likely of a track; a few words say too little."""
        return len(folded.split()) >= _FEWEST and self.shares(folded).get(track, 0.0) >= share

    def _weight(self, track: str, seen: set[str]) -> float:
        counts = self.features[track]
        whole = sum(counts.values()) + _SMOOTHING * len(self.known)
        words = sum(math.log((counts.get(each, 0) + _SMOOTHING) / whole) for each in seen)
        return _PRIOR * math.log(self.messages[track]) + words


def learn(samples: Iterable[tuple[str, str]]) -> Likeness:
    """Learns from pairs of a track and a folded text."""
    messages: Counter[str] = Counter()
    features: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for track, folded in samples:
        messages[track] += 1
        features[track].update(_features(folded))
    return Likeness(messages, features, frozenset(each for counts in features.values() for each in counts))


def _features(folded: str) -> set[str]:
    words = folded.split()
    return {*words, *(f"{one} {two}" for one, two in pairwise(["^", *words, "$"]))}
