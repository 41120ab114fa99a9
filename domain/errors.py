"""The one error a rule raises when it says no."""

from __future__ import annotations


class RuleError(Exception):
    """Says no to a person in words: ``key`` is a text key, ``facts`` are what its template needs.

    The turn is rolled back and the person reads the text.  A missing row and a forbidden one
    raise the same key, so that nobody can probe for what exists.
    """

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts
