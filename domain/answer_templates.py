"""Templates of answers: what stands around the one line that only the official can write.

An answer that says no more than its template is refused: formulaic answers are what citizens complain
about (``features-citizen.md``, row 33).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from domain.words import fold

STATES = ("answered", "referred")  # what an answer leads to, as in domain.cases
FACTS = frozenset(("result", "code", "kind", "place", "unit", "received", "due", "office"))
RESULT = "…"  # stands for the line that is still to be written
OWN_WORDS = 4  # words like "done already" are none


@dataclass(frozen=True, slots=True)
class AnswerTemplate:
    """A template of a kind of matter (all kinds when empty) for the answer that leads to a state."""

    name: str
    text: str  # Jinja, over FACTS; it names ``result``
    category: str = ""
    state: str = STATES[0]


def fitting(
    templates: tuple[AnswerTemplate, ...], category: str, state: str
) -> list[tuple[int, AnswerTemplate]]:
    """The templates for a case with their numbers, those of its own kind first."""
    found = [(n, each) for n, each in enumerate(templates) if each.state == state]
    own = [(n, each) for n, each in found if each.category == category]
    return own + [(n, each) for n, each in found if not each.category]


def is_bare(typed: str, template: str) -> bool:
    """Whether a typed text has hardly a word that does not stand in the filled template already."""
    own = Counter(fold(typed).split()) - Counter(fold(template).split())
    return own.total() < OWN_WORDS


def is_whole(typed: str, template: str) -> bool:
    """Whether a typed text is the filled template with the line in it, and not the line alone."""
    before = fold(template.split(RESULT)[0])
    return len(before.split()) > OWN_WORDS and before in fold(typed)
