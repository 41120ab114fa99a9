"""Puts a reply into words, buttons and pictures as a channel can carry them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from db.store import Store
from domain.chat import Button, Channel, Choice, Outgoing, Reply, Text, Upload
from domain.words import fold
from locales import Wording
from reports import DRAWINGS

_CIRCLED = re.compile("[①-⑳]")
ROW_SIGNS = 36  # that a phone of 320 points shows in one row of buttons


def typed_lines(labels: Sequence[str]) -> list[str]:
    """Choices as numbered lines; those that differ in a circled number alone share one: "1–3. ①–③ Xong"."""
    lines: list[str] = []
    first = 0
    for at in range(1, len(labels) + 1):
        if at < len(labels) and _follows(labels[at - 1], labels[at]):
            continue
        number, label = f"{first + 1}", labels[first]
        if at - first > 1:
            last = _CIRCLED.search(labels[at - 1])
            assert last is not None
            number, label = f"{number}–{at}", _CIRCLED.sub(rf"\g<0>–{last[0]}", label)
        lines.append(f"{number}. {label}")
        first = at
    return lines


def _follows(before: str, label: str) -> bool:
    """Whether a label is the one before with the next circled number in it."""
    one, other = _CIRCLED.search(before), _CIRCLED.search(label)
    if one is None or other is None or ord(other[0]) != ord(one[0]) + 1:
        return False
    return _CIRCLED.sub("", before) == _CIRCLED.sub("", label)


def readable(row: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    """A row of buttons as a small phone shows it whole: one beside the other, else one below the other.

    A phone gives each button of a row the same width and cuts what does not fit (spec row 23).
    """
    widest = max((len(button.label) for button in row), default=0)
    return (row,) if widest * len(row) <= ROW_SIGNS else tuple((button,) for button in row)


class Composer:
    """Words replies for channels."""

    def __init__(self, wording: Wording, store: Store) -> None:
        self._wording = wording
        self._store = store

    async def compose(
        self, channel: Channel, reply: Reply, *, edit: bool = False, repeats: bool = False
    ) -> Outgoing:
        """The message; one that may have arrived before says so first."""
        text = self._text(channel, reply, edit=edit)
        if repeats and text.plain:
            first = self._wording.say("repeated", {}).plain + "\n"
            text = Text(first + text.plain, tuple((at + len(first), length) for at, length in text.bold))
        buttons = tuple(
            each
            for row in reply.choices
            for each in readable(tuple(Button(self._wording.label(c.label, c.facts), c.action) for c in row))
        )
        if not channel.has_buttons:
            text = replace(text, plain="\n".join([text.plain, *self._typed_choices(reply)]))
            buttons = ()
        menu: tuple[tuple[str, ...], ...] = ()
        if reply.menu and channel.has_buttons:
            words = self._wording.say(f"menu_{reply.menu}", {}).plain
            menu = tuple(tuple(line.split(" · ")) for line in words.splitlines())
        return Outgoing(text, buttons, await self._uploads(channel, reply), menu)

    def menu_of(self, reply: Reply) -> list[list[Any]]:
        """The choices of a reply as the row that remembers the last menu."""
        return [
            [choice.action, fold(self._wording.label(choice.label, choice.facts)), choice.takes_text]
            for row in reply.choices
            for choice in row
        ]

    def _text(self, channel: Channel, reply: Reply, *, edit: bool) -> Text:
        key = reply.key
        if edit and not channel.has_edits and self._wording.has(f"{key}_short"):
            key = f"{key}_short"
        elif not channel.takes_documents and any(p.kind == "document" for p in reply.pictures):
            key = f"{key}_no_file" if self._wording.has(f"{key}_no_file") else key
        return self._wording.say(key, reply.facts)

    def _typed_choices(self, reply: Reply) -> list[str]:
        labels = [self._typed(choice) for row in reply.choices for choice in row]
        numbered = typed_lines(labels)
        if reply.menu:
            numbered.append(self._wording.say(f"menu_{reply.menu}_typed", {}).plain)
        return numbered

    def _typed(self, choice: Choice) -> str:
        """The label of a numbered choice: of the key with ``_typed`` added where there is one."""
        key = f"{choice.label}_typed"
        return self._wording.label(key if self._wording.has(key) else choice.label, choice.facts)

    async def _uploads(self, channel: Channel, reply: Reply) -> tuple[Upload, ...]:
        uploads = []
        for picture in reply.pictures:
            if picture.kind != "photo" and not channel.takes_documents:
                if f"{picture.drawing}_picture" not in DRAWINGS:
                    continue
                picture = replace(picture, kind="photo", drawing=f"{picture.drawing}_picture")
            if picture.drawing:
                draw = DRAWINGS[picture.drawing]
                data = await asyncio.to_thread(draw, picture.values, self._store.get)
                sha256 = await asyncio.to_thread(self._store.lend, data)
            else:
                sha256, data = picture.sha256, await asyncio.to_thread(self._store.get, picture.sha256)
            uploads.append(Upload(picture.kind, picture.name, data, sha256))
        return tuple(uploads)
