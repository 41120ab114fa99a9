"""How much one person may send, so that nobody drowns the others (``data/quota.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from domain.errors import RuleError

MOST_BAN_DAYS = 30
MOST_BANS = 4  # choices of how long


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

    @property
    def window(self) -> timedelta:
        """The time in which messages are counted."""
        return timedelta(minutes=self.minutes)


def read_quota(data: Mapping[str, Any]) -> Quota:
    """The limits of a file; raises ``quota_broken`` with the entry's name and the reason."""
    known = {field.name for field in fields(Quota)}
    for name, value in data.items():
        if name not in known:
            raise RuleError("quota_broken", name=name, reason="unknown", value="")
        if name != "ban_days":
            if type(value) is not int or value < 1:
                raise RuleError("quota_broken", name=name, reason="number", value=str(value))
            continue
        if not isinstance(value, list) or not 0 < len(value) <= MOST_BANS:
            raise RuleError("quota_broken", name=name, reason="list", value=str(value))
        for day in value:
            if type(day) is not int or not 0 < day <= MOST_BAN_DAYS:
                raise RuleError("quota_broken", name=name, reason="days", value=str(day))
    return Quota(**{**data, "ban_days": tuple(data.get("ban_days", Quota().ban_days))})
