"""The stamp of a receipt: a few signs that only the office's key can make from what was promised."""

from __future__ import annotations

import hashlib
import hmac
import re

from domain.codes import ALPHABET, LENGTH, tidy

STAMP_LENGTH = 8
"""Forty bits: somebody who may guess ten times a day needs more than a hundred million years."""

_BITS = 5
_TYPED = re.compile(rf"[0-9A-Z]{{{LENGTH + STAMP_LENGTH}}}")


def stamp(key: bytes, *parts: str) -> str:
    """The stamp over these parts, as it is typed: signs that nobody takes for one another."""
    made = hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).digest()
    number = int.from_bytes(made[: STAMP_LENGTH * _BITS // 8], "big")
    return "".join(ALPHABET[number >> _BITS * at & 31] for at in reversed(range(STAMP_LENGTH)))


def shown(signs: str) -> str:
    """A stamp as it is printed, in two halves that cannot be taken for a code: "K7M4-2QXP"."""
    return f"{signs[:4]}-{signs[4:]}"


def typed(text: str) -> tuple[str, str] | None:
    """Code and stamp in what a person typed, whatever stands between; None if it is not both."""
    signs = tidy(text)
    return (signs[:LENGTH], signs[LENGTH:]) if _TYPED.fullmatch(signs) else None


def is_same(one: str, other: str) -> bool:
    """Whether two stamps are the same; a wrong one takes as long as the right one."""
    return hmac.compare_digest(one.encode(), other.encode())
