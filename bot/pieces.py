"""Cuts a text that is too long for a platform at a paragraph, else a line, else a word."""

from __future__ import annotations

from domain.chat import Text


def units(text: str) -> int:
    """The length of a text in UTF-16 units, in which the platforms count."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: Text, limit: int) -> list[Text]:
    """Pieces of at most ``limit`` UTF-16 units; what was bold stays bold."""
    pieces, at = [], 0
    while units(text.plain[at:]) > limit:
        end = at + _fitting(text.plain[at:], limit)
        pieces.append(_part(text, at, end))
        at = end
    whole = [*pieces, _part(text, at, len(text.plain))]
    return [piece for piece in whole if piece.plain] or [text]


def _fitting(rest: str, limit: int) -> int:
    longest = limit
    while units(rest[:longest]) > limit:
        longest -= 1
    for mark in ("\n\n", "\n", " "):
        found = rest.rfind(mark, 1, longest + 1)
        if found > longest // 2:
            return found
    return longest


def _part(text: Text, start: int, end: int) -> Text:
    piece = text.plain[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    bold = tuple(
        (max(at, start) - start, min(at + length, end) - max(at, start))
        for at, length in text.bold
        if min(at + length, end) > max(at, start)
    )
    return Text(text.plain[start:end], bold)
