"""Whether two matters may be one and the same: near each other, of one kind, told in some of the same words.

Nothing here decides for a person; it only finds what is worth asking about (features-citizen, rows 8 and 43).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from domain.words import fold, has_words

NEAR_METRES = 150  # between two people who report the same thing
AGAIN_METRES = 100  # between an answered matter and the same trouble come back
OPEN_DAYS = 30  # an older open matter is not offered
AGAIN_DAYS = 60  # after the answer
MOST_OFFERED = 3
ENOUGH = 0.5  # of the shorter one's telling words
PRIORITY = (3, 10)  # people beside the sender from which a matter is urgent, and very urgent

_EARTH = 6_371_000.0
_FILLER = frozenset(
    re.findall(
        r"\w+",
        "a ad ah anh ba bi bo cac cai can chi cho chua co con cua cung da dang day de den di dc do "
        "duoc e em gap gi giup hay hom ko khong la lai lam len luon may minh moi mong mot nao nay nen "
        "nghi nguoi nha nhe nhieu nhung nua ong qua rat roi sao sap se thay the thi toi trong va van "
        "ve vi voi vua vui xin ubnd oi nhanh",
    )
)
_NUMBERED = r"ap|kp|khu pho|to|thon|hem|ngo|ngach|so nha|km"  # one of several: "ap 5" is not "ap 3"
_LANDMARK = (
    r"cho|truong|cau|chua|nha tho|nha van hoa|tram y te|cong vien|nga ba|nga tu|benh vien|ubnd|ben xe|"
    r"buu dien|san bong|nghia trang"
)
_MARK = re.compile(
    rf"\b(?:({_NUMBERED}) ?(\d+\w*)|(?:gan|truoc|sau|canh|doi dien|sat) ({_LANDMARK})|tren duong (\w+ \w+))\b"
)
_ROAD = re.compile(rf"\bduong (?!(?:{_NUMBERED})\b)(\w+ \w+)\b")


@dataclass(frozen=True, slots=True)
class Telling:
    """What is compared of a matter.

    ``area`` is the khu phố, ấp or thôn and ``ward`` the ward or commune, both empty when unknown.
    """

    category: str
    words: str
    place: str = ""
    area: str = ""
    ward: str = ""
    latitude: float | None = None
    longitude: float | None = None


def overlap(one: str, other: str) -> float:
    """The share of the shorter one's telling words that the other one has too, from 0 to 1."""
    mine, theirs = _telling(one), _telling(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / min(len(mine), len(theirs))


def is_alike(one: Telling, other: Telling, phrases: Sequence[str] = ()) -> bool:
    """Whether two texts tell of the same thing.

    They do if both name one of the category's own phrases ("o ga"), and do not if they name different
    ones.  Where one names none, at least half of the shorter one's words must stand in the other.  A
    matter without words is judged by its pin alone.
    """
    a, b = fold(one.words), fold(other.words)
    if not a or not b:
        return one.latitude is not None and other.latitude is not None
    named = [{phrase for phrase in phrases if has_words(text, phrase)} for text in (a, b)]
    if all(named):
        return bool(named[0] & named[1])
    return overlap(one.words, other.words) >= ENOUGH


def is_near(one: Telling, other: Telling, within: int) -> bool:
    """Whether two matters are in one place: two pins decide, else the area, else the place words."""
    if (
        one.latitude is not None
        and one.longitude is not None
        and other.latitude is not None
        and other.longitude is not None
    ):
        return metres(one.latitude, one.longitude, other.latitude, other.longitude) <= within
    mine, theirs = _marks(one), _marks(other)
    for kind in mine.keys() & theirs.keys() - {""}:
        if not mine[kind] & theirs[kind]:
            return False
    if one.ward and other.ward and one.ward != other.ward:
        return False
    if one.area and other.area:
        return one.area == other.area
    return any(mine[kind] & theirs[kind] for kind in mine.keys() & theirs.keys())


def may_be_one(one: Telling, other: Telling, within: int, phrases: Sequence[str] = ()) -> bool:
    """Whether a person should be asked if two matters are one."""
    return one.category == other.category and is_near(one, other, within) and is_alike(one, other, phrases)


def metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance between two points on the globe (haversine)."""
    a, b = radians(latitude), radians(other_latitude)
    across = sin((b - a) / 2) ** 2
    along = cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(across + along)))


def priority(others: int) -> int:
    """How pressing a matter is by the people who report it beside the sender: 0, 1 or 2."""
    return sum(others >= step for step in PRIORITY)


def _telling(text: str) -> frozenset[str]:
    """The words that tell what is wrong: neither filler nor where it is."""
    return frozenset(_MARK.sub(" ", fold(text)).split()) - _FILLER


def _marks(telling: Telling) -> dict[str, set[str]]:
    """The place words of a matter by kind; "" holds the landmarks, of which there may be several."""
    found: dict[str, set[str]] = {}
    for text in (fold(telling.place), fold(telling.words)):
        for kind, number, landmark, road in _MARK.findall(text):
            if kind:
                found.setdefault("kp" if kind == "khu pho" else kind, set()).add(number)
            else:
                found.setdefault("", set()).add(landmark or road)
    found.setdefault("", set()).update(_ROAD.findall(fold(telling.place)))
    return found
