"""A place on the map that was typed or pasted: a link of a map service, or degrees.

A link is read, never opened: a short one ("maps.app.goo.gl/…") says nothing by itself and stays words.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, unquote_plus, urlsplit

from domain.chat import Place, Turn

_NUMBER = r"-?\d{1,3}\.\d{2,}"
_LINK = re.compile(
    r"(?:https?://|\b(?=(?:www\.|maps\.)?(?:google|apple|openstreetmap)\.))\S+|\bgeo:\S+", re.I
)
_MAPS = re.compile(
    r"^(?:www\.|maps\.|m\.)*(?:google\.com(?:\.vn)?|google\.[a-z]{2}|apple\.com|openstreetmap\.org|bing\.com|zalo\.me|here\.com)$",
    re.I,
)
_SHORT = re.compile(r"^\s*(?:https?://)?(?:maps\.app\.goo\.gl|goo\.gl/maps|g\.co/maps)/\S+\s*$", re.I)
_PIN = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
_VIEW = re.compile(rf"@({_NUMBER}),({_NUMBER})")
_HASH = re.compile(rf"map=\d+/({_NUMBER})/({_NUMBER})")
_PAIR = re.compile(rf"^\s*(?:loc:|geo:)?\s*({_NUMBER})\s*,\s*({_NUMBER})")
_TYPED = re.compile(rf"(?<![\d.,/])({_NUMBER})\s*[,;]\s*({_NUMBER})(?![\d/])")
_DEGREES = re.compile(
    r"(\d{1,2})\s*°\s*(\d{1,2})\s*['′’]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|'')?\s*([NSB])[\s,;]*"
    r"(\d{1,3})\s*°\s*(\d{1,2})\s*['′’]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|'')?\s*([EWD\u0110])",
    re.I,
)
_TITLED = re.compile(r"/place/([^/@?]+)")


def located(turn: Turn) -> Turn:
    """The turn with the place its words hold, which are taken out of them; unchanged if they hold none."""
    if turn.place is not None or not turn.text:
        return turn
    for link in _LINK.finditer(turn.text):
        if (place := _of_link(link[0])) is not None:
            return _with(turn, place, link[0])
    if (match := _DEGREES.search(turn.text)) is not None:
        north = _degrees(*match.group(1, 2, 3)) * (-1 if match[4].upper() == "S" else 1)
        east = _degrees(*match.group(5, 6, 7)) * (-1 if match[8].upper() == "W" else 1)
        return _with(turn, Place(north, east), match[0])
    if (match := _TYPED.search(_LINK.sub(" ", turn.text))) is not None and (
        place := _place(*match.groups())
    ) is not None:
        return _with(turn, place, match[0])
    return turn


def is_short_link(text: str) -> bool:
    """Whether a text is nothing but a link that only the map service can read."""
    return _SHORT.match(text) is not None


def _of_link(link: str) -> Place | None:
    if link.lower().startswith("geo:"):
        pair = _PAIR.match(link)
        return _place(*pair.groups()) if pair else None
    try:
        parts = urlsplit(link if "//" in link else f"https://{link}")
    except ValueError:
        return None
    if not _MAPS.match(parts.hostname or ""):
        return None
    titled = _TITLED.search(parts.path)
    title = unquote_plus(titled[1])[:80] if titled else ""
    asked = parse_qs(parts.query)
    if "mlat" in asked and "mlon" in asked:
        return _place(asked["mlat"][0], asked["mlon"][0])
    pairs = [
        _PAIR.match(value)
        for key in ("q", "query", "ll", "destination", "daddr", "center")
        for value in asked.get(key, ())
    ]
    found = _PIN.search(link) or next(filter(None, pairs), None) or _VIEW.search(link) or _HASH.search(link)
    return _place(found[1], found[2], title) if found else None


def _place(latitude: str, longitude: str, title: str = "") -> Place | None:
    named = "" if _PAIR.match(title) or "°" in title else title
    place = Place(float(latitude), float(longitude), named)
    return place if place.is_on_earth else None


def _degrees(whole: str, minutes: str, seconds: str) -> float:
    return int(whole) + int(minutes) / 60 + float(seconds.replace(",", ".")) / 3600


def _with(turn: Turn, place: Place, said: str) -> Turn:
    return replace(turn, place=place, text=" ".join(turn.text.replace(said, " ").split()))
