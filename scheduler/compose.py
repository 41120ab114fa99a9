"""Puts a reply into words, buttons and pictures as a channel can carry them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from db.store import Store
from domain.chat import Button, Channel, Display, Outgoing, Reply, Text, Upload
from domain.words import fold
from locales import LANGUAGES, Wording
from reports import DRAWINGS

_CIRCLED = re.compile("[①-⑳]")
Buttons = tuple[tuple[Button, ...], ...]
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


def readable(row: tuple[Button, ...], display: Display) -> Buttons:
    """A row of buttons as a small phone shows it whole: one beside the other, else one below the other.

    A phone gives each button of a row the same width and cuts what does not fit; large ones always have a
    row of their own (spec row 23).
    """
    widest = max((len(button.label) for button in row), default=0)
    beside = not display.large and widest * len(row) <= ROW_SIGNS
    return (row,) if beside else tuple((button,) for button in row)


class Composer:
    """Words replies for channels; ``wordings`` are by language."""

    def __init__(self, wordings: Mapping[str, Wording], store: Store) -> None:
        self._wordings = wordings
        self._store = store

    async def compose(
        self, channel: Channel, reply: Reply, display: Display, *, edit: bool = False, repeats: bool = False
    ) -> Outgoing:
        """The message; one that may have arrived before says so first."""
        wording = self._wording(display)
        text = wording.say(_key(wording, channel, reply, edit=edit), reply.facts)
        if repeats and text.plain:
            first = wording.say("repeated", {}).plain + "\n"
            text = Text(first + text.plain, tuple((at + len(first), length) for at, length in text.bold))
        buttons: Buttons = ()
        menu: tuple[tuple[str, ...], ...] = ()
        if channel.has_buttons:
            rows = (
                tuple(Button(wording.label(c.label, c.facts), c.action) for c in r) for r in reply.choices
            )
            buttons = tuple(each for row in rows for each in readable(row, display))
            if reply.menu:
                words = wording.say(f"menu_{reply.menu}", {}).plain
                menu = tuple(tuple(line.split(" · ")) for line in words.splitlines())
        else:
            text = replace(text, plain="\n".join([text.plain, *_typed_choices(wording, reply)]))
        return Outgoing(text, buttons, await self._uploads(channel, reply), menu, display.large)

    def menu_of(self, reply: Reply, display: Display) -> list[list[Any]]:
        """The choices of a reply as the row that remembers the last menu."""
        wording = self._wording(display)
        return [
            [choice.action, fold(wording.label(choice.label, choice.facts)), choice.takes_text]
            for row in reply.choices
            for choice in row
        ]

    def _wording(self, display: Display) -> Wording:
        return self._wordings.get(display.language) or self._wordings[LANGUAGES[0]]

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


def _key(wording: Wording, channel: Channel, reply: Reply, *, edit: bool) -> str:
    """The key of what to say: of the text for a channel without edits or documents where there is one."""
    spelled = not channel.has_buttons and any(
        wording.has(f"{choice.label}_typed") for row in reply.choices for choice in row
    )  # The numbered choices say the lines: they are not said twice.
    if (spelled or (edit and not channel.has_edits)) and wording.has(f"{reply.key}_short"):
        return f"{reply.key}_short"
    is_file = not channel.takes_documents and any(p.kind == "document" for p in reply.pictures)
    return f"{reply.key}_no_file" if is_file and wording.has(f"{reply.key}_no_file") else reply.key


def _typed_choices(wording: Wording, reply: Reply) -> list[str]:
    """The numbered lines of a reply, each of the key with ``_typed`` added where there is one."""
    labels = [
        wording.label(f"{c.label}_typed" if wording.has(f"{c.label}_typed") else c.label, c.facts)
        for row in reply.choices
        for c in row
    ]
    menu = [wording.say(f"menu_{reply.menu}_typed", {}).plain] if reply.menu else []
    return [*typed_lines(labels), *menu]
