"""What somebody else looks at again after a task was confirmed: was it done, and did it help?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.tasks import Task

VERIFY, EFFECT = "verify", "effect"
"""Kinds, and the names of their ladders: the result of something that came up (L-VIỆC), a finding (L-KT)."""
OPEN, GOOD, PARTLY, BAD = "open", "good", "partly", "bad"
ANSWERS = (GOOD, PARTLY, BAD)


@dataclass(frozen=True, slots=True)
class Check:
    """A look that is due; ``never`` are the people who did the work or confirmed it."""

    id: int
    kind: str
    task: Task
    due_on: date
    begins_on: date
    state: str
    words: str
    never: tuple[int, ...]
