"""Turns and replies as JSON columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from domain.chat import Choice, Incoming, Picture, Place, Reply, Turn


def plain(value: object) -> Any:
    """A value as JSON: dates and moments become ISO 8601 strings."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def turn_to_json(turn: Turn) -> dict[str, Any]:
    """A turn as a JSON object."""
    return asdict(turn)


def turn_from_json(data: Mapping[str, Any]) -> Turn:
    """The turn of a JSON object."""
    place = data.get("place")
    return Turn(
        **{
            **data,
            "files": tuple(Incoming(**item) for item in data.get("files", ())),
            "place": Place(**place) if place else None,
        }
    )


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """The part of a reply that is erased after delivery: words' facts, choices, pictures, menu."""
    return {
        "key": reply.key,
        "facts": plain(reply.facts),
        "choices": [
            [
                {"label": c.label, "action": c.action, "facts": plain(c.facts), "takes_text": c.takes_text}
                for c in row
            ]
            for row in reply.choices
        ],
        "pictures": [plain(asdict(picture)) for picture in reply.pictures],
        "menu": reply.menu,
    }


def reply_from_json(data: Mapping[str, Any]) -> Reply:
    """The reply of a JSON object made by :func:`reply_to_json`."""
    return Reply(
        key=data["key"],
        facts=data["facts"],
        choices=tuple(tuple(Choice(**choice) for choice in row) for row in data["choices"]),
        pictures=tuple(Picture(**picture) for picture in data["pictures"]),
        menu=data["menu"],
    )
