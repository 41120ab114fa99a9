"""How long each step of a case may take, as the committee's data says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from domain.errors import RuleError


@dataclass(frozen=True, slots=True)
class CaseTerms:
    """The terms of ``handling.toml``; the defaults are ours, each committee may set its own."""

    accept_hours: int = 4  # working hours in which the unit takes a case, else it returns to the duty officer
    most_returns: int = 3  # the return that goes to the leaders instead
    question_days: int = 5  # working days for the citizen's answer; reminded at half and at the end
    extension_days: int = 3  # working days that the head may grant; more is the leaders' decision
    decide_days: int = 1  # working days until whoever decides about a later day hears again
    decide_above_days: int = 2  # working days until their superior hears of it
    review_days: int = 2  # working days in which a superior decides about a "chưa ổn"
    reminder_days: int = 3  # days after which the citizen is asked once more whether all is well
    rating_days: int = 15  # days in which "chưa ổn" may be said; then the case ends without an opinion
    reception_days: int = 3  # working days in which the reception says who came; then the appointment ends
    verify_days: int = 3  # working days in which a leader decides whether a team verifies (plan row KH5.2)
    ruling_days: int = 5  # working days in which a leader decides about a violation that was found (KH5.3)
    last_hours: int = 1  # working hours before the end of the last day: an answer without proof is flagged


def read_terms(data: Mapping[str, Any]) -> CaseTerms:
    """The terms of a file; raises ``handling_broken`` with the entry's name."""
    known = {field.name for field in fields(CaseTerms)}
    for name, value in data.items():
        if name not in known:
            raise RuleError("handling_broken", name=name, reason="unknown")
        if type(value) is not int or not 0 < value < 400:
            raise RuleError("handling_broken", name=name, reason="number")
    return CaseTerms(**data)
