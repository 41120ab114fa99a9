"""How well typed words are understood: each against what was meant, as a table of hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.questions import ANSWER, CHOOSE, DOUBT, MATTER, UNKNOWN, Understood

KINDS = ("question", UNKNOWN, MATTER)


@dataclass(frozen=True, slots=True)
class Measured:
    """One typed text, what it meant (an answer's id, ``unknown`` or ``matter``) and what became of it.

    ``outcome`` is ``right``, ``offered`` (among the choices), ``asked`` (back, nothing lost) or ``wrong``.
    """

    said: str
    meant: str
    outcome: str
    got: str

    @property
    def kind(self) -> str:
        """The line of the table it belongs to."""
        return self.meant if self.meant in (UNKNOWN, MATTER) else "question"


def measured(said: str, meant: str, understood: Understood) -> Measured:
    """Compares what a text was taken for with what it meant."""
    ids = [each.answer.id for each in understood.found]
    kind = understood.kind
    got = ids[0] if kind == ANSWER else kind
    if got == meant:
        outcome = "right"
    elif kind == CHOOSE and (meant in ids or meant == UNKNOWN):
        outcome = "offered"
    elif kind in (DOUBT, UNKNOWN) or (kind == CHOOSE and meant == MATTER):
        outcome = "asked"
    else:
        outcome = "wrong"
    return Measured(said, meant, outcome, got)


def counted(all_of: Sequence[Measured], kind: str) -> dict[str, int]:
    """One line of the table: how many texts of a kind ended how."""
    mine = [each.outcome for each in all_of if each.kind == kind]
    return {"count": len(mine), **{name: mine.count(name) for name in ("right", "offered", "asked", "wrong")}}
