"""What only a reader could see of one document: notes that ship with it, tied to its words."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from typing import Any

from domain.plan import Finding


def apply_notes(fingerprint: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Numbers the findings D-01 …; a document with notes gets them in the notes' order.

    A note with ``rule`` gives a general finding its number and may correct its owner, default or
    place; one that no rule found is left out.  What the notes do not know comes after them.
    """
    rest, numbered = list(found), []
    for note in _notes_of(fingerprint):
        finding = _noted(note, rest)
        if finding is not None:
            numbered.append(finding)
    first = max((int(finding.code[2:]) for finding in numbered), default=0) + 1
    return (*numbered, *(replace(one, code=f"D-{n:02}") for n, one in enumerate(rest, first)))


def _notes_of(fingerprint: str) -> list[dict[str, Any]]:
    for folder in resources.files("data").iterdir():
        file = folder / "plan-notes.toml"
        if folder.is_dir() and file.is_file():
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            if data["fingerprint"] == fingerprint:
                return list(data["notes"])
    return []


def _noted(note: dict[str, Any], rest: list[Finding]) -> Finding | None:
    """The finding of a note; the general one it speaks of is taken out of ``rest``."""
    words = {key: note[key] for key in ("place", "problem", "default", "more", "owner") if key in note}
    if "rule" not in note:
        return Finding("", (), {}, asked_first=note.get("asked_first", False), code=note["code"], **words)
    within = note.get("within", "")
    for finding in rest:
        if finding.rule == note["rule"] and (not within or within in finding.places):
            rest.remove(finding)
            return replace(finding, code=note["code"], **words)
    return None
