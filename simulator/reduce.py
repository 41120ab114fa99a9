"""Makes ``bot_api.json`` from aiogram's description of the Bot API: the methods a chat bot needs, no prose.

``python -m simulator.reduce schema.json > simulator/bot_api.json``, where ``schema.json`` is
``.butcher/schema/schema.json`` of aiogram's source distribution.  A field is written as
``"!String;1-4096 characters"``: required, its type, its limit; ``|`` parts a choice, ``[ ]`` is an array.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

METHODS = (
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage", "sendPhoto",
    "sendDocument", "sendMediaGroup", "editMessageText", "editMessageCaption", "editMessageReplyMarkup",
    "deleteMessage", "answerCallbackQuery", "getFile", "setMyCommands", "getMyCommands", "sendChatAction",
)  # fmt: skip
BASIC = ("Integer", "String", "Boolean", "True", "Float", "InputFile")
LEFT_OUT = "InputRichMessage"  # rich pages: sixty types that no method above needs


def reduce(schema: dict[str, Any]) -> dict[str, Any]:
    """The reduced description, with every type that the methods lead to."""
    known = {child["name"]: child for group in schema["items"] for child in group["children"]}
    methods = {name: _fields(known[name]) for name in METHODS}
    types: dict[str, Any] = {}
    wanted = set().union(*(_named(fields) for fields in methods.values()))
    while wanted:
        name = wanted.pop()
        if name in types or name in BASIC:
            continue
        types[name] = _fields(known[name]) if known[name]["annotations"] else _members(known[name])
        wanted |= _named(types[name])
    return {"version": "Bot API 10.3", "methods": methods, "types": dict(sorted(types.items()))}


def _fields(item: dict[str, Any]) -> dict[str, str]:
    return {
        field["name"]: "!" * field["required"] + _type(field["type"]) + _limit(field["description"])
        for field in item["annotations"]
        if LEFT_OUT not in field["type"]
    }


def _type(prose: str) -> str:
    if prose.startswith("Array of "):
        return f"[{_type(prose.removeprefix('Array of '))}]"
    return "|".join(re.split(r"\s+or\s+|\s+and\s+|,\s*", prose))


def _limit(prose: str) -> str:
    if found := re.search(r"(\d+-\d+ (?:characters|bytes))", prose):
        return f";{found[1]}"
    found = re.search(r"must include (\d+-\d+ items)", prose)
    return f";{found[1]}" if found else ""


def _members(item: dict[str, Any]) -> list[str] | dict[str, str]:
    links = re.findall(r'#([a-z0-9]+)"[^>]*>([A-Z]\w+)<', item["html_description"])
    return sorted({name for _, name in links}) or {}


def _named(part: object) -> set[str]:
    values = list(part.values()) if isinstance(part, dict) else part
    return set(re.findall(r"[A-Z]\w+", json.dumps(values)))


def _lines(reduced: dict[str, Any]) -> str:
    """JSON with one line a method or type, so that a change can be read."""
    parts = [f'"version": {json.dumps(reduced["version"])}']
    for group in ("methods", "types"):
        inner = ",\n".join(f"{json.dumps(name)}: {json.dumps(item)}" for name, item in reduced[group].items())
        parts.append(f'"{group}": {{\n{inner}\n}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.write(_lines(reduce(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
