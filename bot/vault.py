"""Turns whose words may be a denunciation: in memory only, for a quarter of an hour, never written."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.chat import Clock, Turn

LIFETIME = timedelta(minutes=15)


class Vault:
    """Keeps withheld turns, words and files together, by their key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[Turn, datetime]] = {}

    def keep(self, turn: Turn) -> None:
        """Keeps a turn and forgets those whose time is over."""
        self._forget_old()
        self._kept[turn.key] = (turn, self._clock.now() + LIFETIME)

    def take(self, key: str) -> Turn | None:
        """Gives a turn back once; None when it is gone."""
        self._forget_old()
        found = self._kept.pop(key, None)
        return found[0] if found else None

    def _forget_old(self) -> None:
        now = self._clock.now()
        for key in [key for key, (_, until) in self._kept.items() if until <= now]:
            del self._kept[key]
