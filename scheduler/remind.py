"""placeholder: see the contract in the work split."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from domain.calendar import Calendar
from domain.committee import Committee
from scheduler.deliver import LookAgain


def run(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> None:
    """Materialises missing rungs and posts the cards that are due."""


def next_due(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> datetime | None:
    """The next moment at which :func:`run` would do something."""
    return None


def look_again(committee: Committee) -> Mapping[str, LookAgain]:
    """How queued cards are worded anew just before sending."""
    return {}
