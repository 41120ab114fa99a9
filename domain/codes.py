"""Case codes that do not count up and catch typing errors, and the PIN that goes with them.

A code is five signs of a 32-letter alphabet without 0, O, 1 and I: four random ones and a check sign.
The check is one Reed-Solomon symbol over GF(32): the signs, weighted by powers of the generator, add
up to nothing.  It catches every single wrong sign and every two signs that changed places.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 5
PIN_LENGTH = 6
_FIELD = 0b100101  # x^5 + x^2 + 1 is primitive over GF(2)
_BETWEEN = re.compile(r"[\s.\-]+")
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_COST = {"n": 2**13, "r": 8, "p": 1, "dklen": 32}


def new_code() -> str:
    """A random code with its check sign."""
    return with_check("".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1)))


def with_check(signs: str) -> str:
    """The four signs with the fifth that makes the sum nothing."""
    return signs + ALPHABET[_sum(signs + ALPHABET[0])]


def tidy(text: str) -> str:
    """What a person typed as a code would be printed: "7k4m-2" -> "7K4M2"."""
    return _BETWEEN.sub("", text).upper()


def is_code(text: str) -> bool:
    """Whether a tidied text is a code without a typing error."""
    return bool(_CODE.fullmatch(text)) and _sum(text) == 0


def looks_like_code(text: str) -> bool:
    """Whether a tidied text was meant as a code: five letters and figures, at least one a figure."""
    return (
        len(text) == LENGTH
        and text.isascii()
        and text.isalnum()
        and any(sign.isdigit() for sign in text)
        and any(sign.isalpha() for sign in text)
    )


def new_pin() -> str:
    """A random PIN of six figures."""
    return f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}d}"


def hash_pin(pin: str) -> str:
    """A PIN as it is kept: salt and scrypt, in hexadecimal."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(pin, salt).hex()}"


def is_pin(pin: str, kept: str) -> bool:
    """Whether the PIN is the kept one; none kept takes as long, so that time tells nothing."""
    salt, _, known = (kept or f"{bytes(16).hex()}${bytes(32).hex()}").partition("$")
    return hmac.compare_digest(_scrypt(pin, bytes.fromhex(salt)).hex(), known) and bool(kept)


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, **_COST)


def _sum(signs: str) -> int:
    """The weighted sum over GF(32) by Horner's rule; the last sign has weight one."""
    total = 0
    for sign in signs:
        total = _times_generator(total) ^ ALPHABET.index(sign)
    return total


def _times_generator(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & 0b100000 else value


def code_in(text: str) -> tuple[str, str] | None:
    """The first code in a text and the words after it; None if there is none."""
    words = text.split()
    at = next((n for n, word in enumerate(words) if is_code(tidy(word))), None)
    return None if at is None else (tidy(words[at]), " ".join(words[at + 1 :]).strip(" ,.;:-"))
