"""Which answers to citizens are looked at on the spot: a draw that nobody foresees and anybody can repeat.

Each month has a secret seed, made before the month's first draw and shown when the month is over.  Whoever
then has the seed, the codes and the days of the answers finds the same ones (features-citizen, row 42).
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256

PER_HUNDRED = 5


def is_drawn(seed: str, code: str, answered_on: date) -> bool:
    """Whether an answer is among the five in a hundred: SHA-256 of "seed:code:YYYY-MM-DD", first 8 bytes."""
    digest = sha256(f"{seed}:{code}:{answered_on.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < PER_HUNDRED
