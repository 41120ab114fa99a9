"""An inspection that took place and was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """``minutes`` is the number of its minutes; ``issued_at`` is when its findings were sent out."""

    id: int
    held_on: date
    unit_id: int | None
    unit_name: str
    minutes: str
    issued_at: datetime | None
    findings: int

    @property
    def lacks_minutes(self) -> bool:
        """Whether the minutes are still to be written."""
        return not self.minutes and self.issued_at is None
