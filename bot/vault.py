"""Words that may be a denunciation: in memory only, for a quarter of an hour, never written."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.chat import Clock

LIFETIME = timedelta(minutes=15)


class Vault:
    """Keeps withheld words by the key of their turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._words: dict[str, tuple[str, datetime]] = {}

    def keep(self, key: str, words: str) -> None:
        """Keeps words and forgets those whose time is over."""
        self._forget_old()
        self._words[key] = (words, self._clock.now() + LIFETIME)

    def take(self, key: str) -> str | None:
        """Gives words back once; None when they are gone."""
        self._forget_old()
        found = self._words.pop(key, None)
        return found[0] if found else None

    def _forget_old(self) -> None:
        now = self._clock.now()
        for key in [key for key, (_, until) in self._words.items() if until <= now]:
            del self._words[key]
