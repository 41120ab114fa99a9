"""A line that says what is to be done and perhaps by when: "15/06 tập huấn đợt 1"."""

from __future__ import annotations

from datetime import date

from domain import sentences


def split(words: str, today: date) -> tuple[str, date | None]:
    """What is to be done, and the day; one without a year is never a past one."""
    spot = sentences.spot_day(words, today)
    if spot is None:
        return words.strip(), None
    title = " ".join(f"{words[: spot.start]} {words[spot.end :]}".split()).strip(" ,.:;-")
    day = spot.day
    if day < today and str(day.year) not in words:
        day = day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
    return title, day
