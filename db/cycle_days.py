"""Open turns of standing rows computed anew from their period, after the calendar changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, update

from db import audit, cycles, rungs
from db.deadlines import Move
from db.models import cycles as table
from db.models import plan_rows
from db.models import rungs as laid
from domain.calendar import Calendar
from domain.cycles import OPEN, Cycle, Window, window_of
from domain.ladders import Ladder


@dataclass(frozen=True, slots=True)
class Shift:
    """An open turn and its days by a calendar."""

    cycle: Cycle
    window: Window

    @property
    def moves(self) -> bool:
        """Whether the day moves on which the answer is due."""
        return self.window.due_on != self.cycle.due_on


def shifts(conn: Connection, calendar: Calendar, ladders: Mapping[str, Ladder], today: date) -> list[Shift]:
    """The open turns whose days a calendar would change; a due day that would be over by now stays."""
    open_ids = conn.execute(select(table.c.id, table.c.closes_on).where(table.c.state == OPEN)).all()
    closes = {row.id: row.closes_on for row in open_ids}
    found = []
    for cycle in cycles.of(conn, closes, today):
        window = window_of(cycle.kind, cycle.period, calendar, ladders)
        opens = cycle.opens_on if cycle.opens_on <= today else window.opens_on
        due = window.due_on if window.due_on >= today else cycle.due_on
        now = Window(cycle.period, opens, due, max(window.closes_on, due))
        if (now.opens_on, now.due_on, now.closes_on) != (cycle.opens_on, cycle.due_on, closes[cycle.id]):
            found.append(Shift(cycle, now))
    return found


def told(conn: Connection, found: Iterable[Shift], today: date) -> list[Move]:
    """The moves that somebody hears of: of turns that are already asked about."""
    return [
        Move(
            "cycle",
            each.cycle.id,
            each.cycle.title or _measure(conn, each.cycle.row_code),
            each.cycle.due_on,
            each.window.due_on,
            each.window.due_on,
            each.cycle.unit_id,
            each.cycle.assignee_id,
        )
        for each in found
        if each.moves and each.cycle.opens_on <= today
    ]


def apply(conn: Connection, found: Iterable[Shift], now: datetime, *, actor_id: int | None = None) -> None:
    """Moves turns in the caller's transaction; one whose due day moves gets its rungs anew."""
    for each in found:
        number, window = each.cycle.id, each.window
        values = {"opens_on": window.opens_on, "due_on": window.due_on, "closes_on": window.closes_on}
        conn.execute(update(table).where(table.c.id == number).values(**values, moves=table.c.moves + 1))
        rungs.supersede(conn, "cycle", number)
        days = {"due_on": window.due_on, "was": each.cycle.due_on}
        audit.record(conn, "cycle", number, "calendar_moved", now, actor_id=actor_id, **days)


def relay(conn: Connection, ladders: Mapping[str, Ladder], calendar: Calendar, today: date) -> None:
    """Lets the pending rungs of open turns fall on their days by the changed calendar."""
    pending = select(laid.c.id, laid.c.rung, laid.c.due_at, laid.c.subject_id)
    pending = pending.where(laid.c.subject == "cycle", laid.c.state == "pending")
    rows = conn.execute(pending).all()
    turns = {each.id: each for each in cycles.of(conn, {row.subject_id for row in rows}, today)}
    for row in rows:
        turn = turns[row.subject_id]
        moments = ladders[turn.kind].laid(turn.due_on, calendar, turn.opens_on)
        moment = next((at for rung, at in moments if rung.name == row.rung), row.due_at)
        if moment != row.due_at:
            conn.execute(update(laid).where(laid.c.id == row.id).values(due_at=moment))


def _measure(conn: Connection, row_code: str) -> str:
    query = select(plan_rows.c.text).where(plan_rows.c.code == row_code).order_by(plan_rows.c.id.desc())
    return str(conn.execute(query.limit(1)).scalar() or row_code)
