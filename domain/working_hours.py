"""Counting working hours: morning and afternoon of working days, the lunch between them not counted."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from domain.calendar import CLOSES, DAY, OPENS, Calendar

SLOTS = ((OPENS, time(11, 30)), (time(13, 30), CLOSES))


def hours_after(calendar: Calendar, start: datetime, hours: float) -> datetime:
    """The moment at which so many working hours have passed since ``start``."""
    left = timedelta(hours=hours)
    day = calendar.today(start)
    while True:
        if calendar.is_working(day):
            for opens, closes in SLOTS:
                begin = max(calendar.at(day, opens), start)
                end = calendar.at(day, closes)
                if begin < end and left <= end - begin:
                    return begin + left
                left -= max(end - begin, timedelta(0))
        day += DAY


def hours_between(calendar: Calendar, start: datetime, end: datetime) -> float:
    """The working hours from one moment to a later one."""
    passed = timedelta(0)
    day = calendar.today(start)
    while day <= calendar.today(end):
        if calendar.is_working(day):
            for opens, closes in SLOTS:
                first, last = max(calendar.at(day, opens), start), min(calendar.at(day, closes), end)
                passed += max(last - first, timedelta(0))
        day += DAY
    return passed / timedelta(hours=1)
