"""Changes the calendar, moves the open deadlines with it and tells the people whose dates moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import calendar_news, cycle_days, deadlines, outbox, people
from db.deadlines import Move
from domain.calendar import OFF, WORKED, Calendar
from domain.chat import Choice, Reply
from domain.committee import Committee

GATHER = timedelta(minutes=5)
"""How long news of moved dates waits for further edits, which may move them back."""
SLOT = "calendar-moved"


@dataclass(frozen=True, slots=True)
class Edit:
    """Days and what becomes of them (off, worked, ordinary), with the reason and the document behind it."""

    kinds: Mapping[date, str]
    note: str = ""
    source: str = ""


def after(calendar: Calendar, kinds: Mapping[date, str]) -> Calendar:
    """The calendar as an edit would leave it."""
    days = frozenset(kinds)
    return replace(
        calendar,
        closed=calendar.closed - days | {day for day, kind in kinds.items() if kind == OFF},
        worked=calendar.worked - days | {day for day, kind in kinds.items() if kind == WORKED},
    )


def preview(
    conn: Connection, edit: Edit, calendar: Calendar, committee: Committee, today: date
) -> list[Move]:
    """The deadlines that an edit would move, without moving any."""
    changed = after(calendar, edit.kinds)
    shifts = cycle_days.shifts(conn, changed, committee.ladders, today)
    moves = deadlines.moves(conn, changed, today, committee.reception_days)
    return moves + cycle_days.told(conn, shifts, today)


def change(
    conn: Connection,
    edit: Edit,
    calendar: Calendar,
    committee: Committee,
    now: datetime,
    *,
    actor_id: int | None = None,
) -> list[Move]:
    """Writes an edit, moves what it moves and queues the news, all in the caller's transaction."""
    calendar_db.edit(conn, edit.kinds, now, note=edit.note, source=edit.source, actor_id=actor_id)
    changed = after(calendar, edit.kinds)
    today = changed.today(now)
    moves = deadlines.moves(conn, changed, today, committee.reception_days)
    shifts = cycle_days.shifts(conn, changed, committee.ladders, today)
    deadlines.apply(conn, moves, changed, now, actor_id=actor_id)
    cycle_days.apply(conn, shifts, now, actor_id=actor_id)
    deadlines.relay(conn, committee.ladders, changed)
    cycle_days.relay(conn, committee.ladders, changed, today)
    moves += cycle_days.told(conn, shifts, today)
    calendar_news.hold(conn, changed, now)
    _tell_officials(conn, moves, changed, now)
    for move in moves:
        if move.account_id is not None:
            _tell_citizen(conn, move, changed, now)
    return moves


def _tell_officials(conn: Connection, moves: Iterable[Move], calendar: Calendar, now: datetime) -> None:
    today = calendar.today(now)
    told: dict[int, list[Move]] = {}
    for move in moves:
        unit = people.members(conn, move.unit_id, today) if move.subject not in ("task", "cycle") else []
        for person_id in [move.person_id] if move.person_id else unit:
            told.setdefault(person_id, []).append(move)
    for person_id, mine in told.items():
        account = people.account_of(conn, person_id)
        if account is None:
            continue
        before = calendar_news.unsent(conn, account.id, SLOT).get("items", [])
        items = _joined(before, [_item(move) for move in mine])
        if not items:
            calendar_news.drop(conn, account.id, SLOT)
            continue
        facts = {"person": people.person(conn, person_id, today).called, "items": items}
        has_tasks = any(item["of"].startswith(("task", "cycle")) for item in items)
        choices = ((Choice("calendar_moved_tasks", "task:list"),),) if has_tasks else ()
        reply = Reply("calendar_moved", facts, choices, slot=SLOT)
        due_at = calendar.office_moment(now + GATHER)
        outbox.post(conn, account.id, reply, now, priority=outbox.REMINDER, due_at=due_at)


def _tell_citizen(conn: Connection, move: Move, calendar: Calendar, now: datetime) -> None:
    assert move.account_id is not None
    slot = f"case-date:{move.id}"
    before = calendar_news.unsent(conn, move.account_id, slot)
    was = before.get("was", move.was.isoformat())
    if was == move.day.isoformat():
        calendar_news.drop(conn, move.account_id, slot)
        return
    unit = people.unit(conn, move.unit_id).name
    facts = {"code": move.name, "unit": unit, "was": was, "day": move.day}
    key = "calendar_appointment_moved" if move.subject == "appointment" else "calendar_case_moved"
    reply = Reply(key, facts, slot=slot, card={"case": move.id})
    due_at = calendar.citizen_moment(now + GATHER)
    outbox.post(conn, move.account_id, reply, now, priority=outbox.ESCALATION, due_at=due_at)


def _item(move: Move) -> dict[str, Any]:
    ref = f"{move.subject}:{move.id}"
    return {"of": ref, "name": move.name, "was": move.was.isoformat(), "day": move.day.isoformat()}


def _joined(before: Iterable[Mapping[str, Any]], new: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """News not sent yet and the newest, each thing once, from its first day to its last; none that stayed."""
    found: dict[str, dict[str, Any]] = {item["of"]: dict(item) for item in before}
    for item in new:
        first = found.get(item["of"], item)["was"]
        found[item["of"]] = {**item, "was": first}
    return [item for item in found.values() if item["was"] != item["day"]]
