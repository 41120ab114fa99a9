"""What a year's days off will most likely be (Labour Code 2019, articles 111-112); a clerk confirms them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.calendar import DAY

BEFORE_TET = 2
TET_DAYS = 5


def suggested(year: int, tet: date, gio_to: date) -> dict[date, str]:
    """The likely days off from Monday to Friday, each with the feast it is for.

    ``tet`` is the first day of the lunar year and ``gio_to`` the tenth of its third month.  A feast on a
    weekend is made up for on the next working day (111.3).  Swapped Saturdays are decided case by case
    and cannot be suggested.
    """
    feasts = {date(year, 1, 1): "new_year"}
    feasts |= {tet + (n - BEFORE_TET) * DAY: "tet" for n in range(TET_DAYS)}
    feasts |= {gio_to: "gio_to", date(year, 4, 30): "reunification", date(year, 5, 1): "labour"}
    national = date(year, 9, 2)
    with_before, with_after = (national - DAY, national), (national, national + DAY)
    chosen = with_after if _longest(with_after) > _longest(with_before) else with_before
    feasts |= dict.fromkeys(chosen, "national")
    return {day: feast for day, feast in sorted(_made_up(feasts).items()) if day.weekday() < 5}


def _made_up(feasts: dict[date, str]) -> dict[date, str]:
    found = dict(feasts)
    for day, feast in sorted(feasts.items()):
        if day.weekday() < 5:
            continue
        free = day
        while free in found or free.weekday() >= 5:
            free += DAY
        found[free] = feast
    return found


def _longest(feasts: Iterable[date]) -> int:
    """The days in a row without work that feasts make with what makes up for them and their weekend."""
    off = set(_made_up(dict.fromkeys(feasts, "")))
    first = last = min(off)
    while first - DAY in off or (first - DAY).weekday() >= 5:
        first -= DAY
    while last + DAY in off or (last + DAY).weekday() >= 5:
        last += DAY
    return (last - first).days + 1
