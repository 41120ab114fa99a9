"""What a handler has before it while it deals with one turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from domain.calendar import Calendar
from domain.chat import Turn
from domain.committee import Committee
from domain.people import Account, Person


@dataclass(frozen=True, slots=True)
class Desk:
    """The open transaction, the moment, who speaks from which account, and the committee's data.

    ``withheld`` gives back, for a quarter of an hour, a turn that was kept out of the database
    because it may be a denunciation; None when it is gone.  ``stamp_key`` makes the stamps of receipts.
    ``takes_documents`` says whether files can go where the person speaks.
    """

    conn: Connection
    now: datetime
    person: Person
    account: Account
    committee: Committee
    calendar: Calendar
    withheld: Callable[[str], Turn | None]
    stamp_key: bytes
    takes_documents: bool = True

    @property
    def today(self) -> date:
        """The local day."""
        return self.calendar.today(self.now)


def of_nobody(conn: Connection, now: datetime, committee: Committee, calendar: Calendar) -> Desk:
    """The desk of what happens because of the time, or of bytes that arrived: nobody speaks."""
    return Desk(conn, now, Person(0, "", ""), Account(0, 0, "", ""), committee, calendar, lambda _: None, b"")
