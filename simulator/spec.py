"""Checks requests against the description of the Bot API that ships as ``bot_api.json``."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

BASIC: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "True": bool,
    "Float": (int, float),
}


class Spec:
    """The methods and types of the Bot API that a request may use."""

    def __init__(self) -> None:
        file = resources.files("simulator") / "bot_api.json"
        described = json.loads(file.read_text(encoding="utf-8"))
        self._methods: dict[str, dict[str, str]] = described["methods"]
        self._types: dict[str, dict[str, str] | list[str]] = described["types"]

    def knows(self, method: str) -> bool:
        """Whether there is such a method."""
        return method in self._methods

    def read_form(self, method: str, form: dict[str, str]) -> dict[str, Any]:
        """A form's fields as values: everything but a plain string is JSON in a form."""
        fields = self._methods[method]
        return {
            name: value if _type(fields.get(name, "String")) in ("String", "InputFile") else _decode(value)
            for name, value in form.items()
        }

    def faults(self, method: str, values: dict[str, Any]) -> list[str]:
        """What is wrong with a request; nothing when it is right."""
        return self._fields(values, self._methods[method], method)

    def _fields(self, values: object, fields: dict[str, str], at: str) -> list[str]:
        if not isinstance(values, dict):
            return [f"{at}: {type(values).__name__} is not an object"]
        faults = [
            f"{at}.{name}: missing" for name, kind in fields.items() if kind[0] == "!" and name not in values
        ]
        for name, value in values.items():
            if name not in fields:
                faults.append(f"{at}.{name}: not in the description")
                continue
            limit = fields[name].partition(";")[2]
            faults += self._value(value, _type(fields[name]), f"{at}.{name}") or _beyond(
                value, limit, f"{at}.{name}"
            )
        return faults

    def _value(self, value: object, kind: str, at: str) -> list[str]:
        if kind.startswith("["):
            if not isinstance(value, list):
                return [f"{at}: not an array"]
            return [
                fault for i, item in enumerate(value) for fault in self._value(item, kind[1:-1], f"{at}[{i}]")
            ]
        options = kind.split("|")
        if len(options) > 1:
            return min((self._value(value, option, at) for option in options), key=len)
        if kind == "InputFile":
            return [] if isinstance(value, str) else [f"{at}: not a file"]
        if kind in BASIC:
            right = isinstance(value, BASIC[kind]) and isinstance(value, bool) == (
                kind in ("Boolean", "True")
            )
            return [] if right else [f"{at}: {type(value).__name__} is not {kind}"]
        described = self._types[kind]
        if isinstance(described, list):
            return min((self._value(value, option, at) for option in described), key=len)
        return self._fields(value, described, at)


def _type(kind: str) -> str:
    return kind.lstrip("!").partition(";")[0]


def _decode(value: str) -> object:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _beyond(value: object, limit: str, at: str) -> list[str]:
    """Texts are counted in UTF-16 units, as Telegram does."""
    if not limit or not isinstance(value, (str, list)):
        return []
    allowed, unit = limit.split(" ")
    low, high = (int(end) for end in allowed.split("-"))
    if isinstance(value, list):
        size = len(value)
    else:
        size = len(value.encode()) if unit == "bytes" else len(value.encode("utf-16-le")) // 2
    return [] if low <= size <= high else [f"{at}: {size} {unit}, allowed {allowed}"]
