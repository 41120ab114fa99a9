"""How much one person may send, so that nobody drowns the others (``data/quota.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MOST_BAN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits of row 22.  None holds for an emergency or for an answer to a question of ours.

    An album counts as one message; its pictures may be more than ``files`` but not more than ``album_files``.
    """

    messages: int = 30  # of a person in ``minutes``
    minutes: int = 10
    cases: int = 5  # new ones of a person in a day
    files: int = 10  # added to one case in an hour
    album_files: int = 20
    cases_of_all: int = 300  # new ones of everybody in an hour: the breaker
    ban_days: tuple[int, ...] = (1, 7, 30)  # for how long an account that floods may be kept off

    def __post_init__(self) -> None:
        object.__setattr__(self, "ban_days", tuple(day for day in self.ban_days if 0 < day <= MOST_BAN_DAYS))

    @property
    def window(self) -> timedelta:
        """The time in which messages are counted."""
        return timedelta(minutes=self.minutes)
