"""The town's clock: it runs at the machine's speed, some way off, and can be held and moved forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class TownClock:
    """Says the town's time.  ``keep`` is told each new offset (seconds from machine time), to be stored."""

    def __init__(self, offset: float, keep: Callable[[float], None]) -> None:
        self._offset = timedelta(seconds=offset)
        self._keep = keep
        self._held: datetime | None = None

    @classmethod
    def offset_of(cls, moment: datetime) -> float:
        """The offset with which it is ``moment`` now."""
        return (moment - datetime.now(UTC)).total_seconds()

    def now(self) -> datetime:
        """This moment in the town, aware, in UTC."""
        return self._held or datetime.now(UTC) + self._offset

    def hold(self) -> None:
        """Stops the clock until :meth:`release`; it can still be moved."""
        self._held = self.now()

    def release(self) -> None:
        """Lets the clock run on from where it stands."""
        if self._held is not None:
            self._move(self._held)
            self._held = None

    def advance_to(self, moment: datetime) -> None:
        """Moves forward to ``moment``, never back."""
        moment = max(moment.astimezone(UTC), self.now())
        if self._held is not None:
            self._held = moment
        self._move(moment)

    def _move(self, moment: datetime) -> None:
        seconds = self.offset_of(moment)
        self._offset = timedelta(seconds=seconds)
        self._keep(seconds)
