"""How long, and how often, a platform lets us answer somebody who has written to us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """So many messages within so long after a person's last one; their next message opens it anew.

    Without a number any number will do.
    """

    messages: int | None
    within: timedelta

    def is_open(self, heard_at: datetime | None, sent: int, now: datetime) -> bool:
        """Whether one more may leave to whoever was heard last at ``heard_at`` and was sent so many since.

        Where that moment is not known any more (after thirty days, or of somebody who left no trace) the
        platform decides: it refuses by itself what comes later than its longest term.
        """
        if heard_at is None:
            return True
        return (self.messages is None or sent < self.messages) and now - heard_at < self.within


ON_THE_WAY = timedelta(minutes=5)  # a message is the platform's for a while before it is ours
ZALO_OA = Window(8, timedelta(hours=48) - ON_THE_WAY)
"""Zalo's Official Account: eight free messages within 48 hours (row 25).

Its rules of 2026 are said to count the hours alone, so a committee may set another number.
"""
