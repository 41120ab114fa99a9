"""/sotiepnhan: the register of a period as a file to print or to reckon with, each export on record."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from db import people
from db import register as register_db
from db.register import Row
from domain import periods
from domain.calendar import Calendar
from domain.chat import Choice, Picture, Reply, Rows, Turn
from domain.committee import Committee
from domain.errors import RuleError
from domain.people import Person
from domain.periods import YEAR, Period, around
from domain.sight import reads_all
from handlers import exports
from handlers.desk import Desk

MOST_ROWS = 2_000  # of a file that goes out through a chat
FORMS = {"docx": "register_word", "xlsx": "register_excel", "csv": "register_csv_button"}


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """Offers the register of a period, this year's when none is named; a head is offered the unit's list.

    None when the words were no period but a sentence that begins like the command.
    """
    period, more = periods.read(rest, desk.today) if rest else (around(YEAR, desk.today), "")
    if more:
        if turn.text.startswith("/"):
            raise RuleError("summary_period_unknown")
        return None
    return [_offer(desk, period, "")]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Makes the file once it is said what for; who took which period in which form and why is recorded."""
    form, key, why = (*arguments, "", "", "")[:3]
    if form == "offer":
        return [_offer(desk, periods.from_key(key), turn.message_id)]
    if form not in FORMS:
        raise RuleError("button_gone")
    period, units = periods.from_key(key), _units(desk.person)
    if not desk.takes_documents:
        return [_offer(desk, period, turn.message_id)]
    if not why:
        back = Choice("register_back", f"register:offer:{key}")
        return [exports.ask(turn, f"register:{form}:{key}", form, back)]
    first, last = span(desk.calendar, period)
    count = register_db.count(desk.conn, first, last, reader=desk.person, unit_ids=units)
    if count > MOST_ROWS:
        raise RuleError("register_too_many", count=count, most=MOST_ROWS)
    rows = register_db.rows(desk.conn, first, last, reader=desk.person, unit_ids=units)
    known = _facts(desk, period, units)
    exports.record(
        desk, "register", period.year, why,
        period=period.key, form=form, rows=len(rows), unit_ids=sorted(units or ()),
    )  # fmt: skip
    drawn = values(desk.committee, period, desk.now, rows, scope=str(known["scope"]))
    stem = "danh-sach-phan-anh" if units is not None else "so-tiep-nhan"
    file = Picture("document", f"{stem}-{period.key}.{form}", drawing=f"register_{form}", values=drawn)
    return [
        Reply("register_soon", known, _choices(period), edits=turn.message_id),
        Reply("register_file", known, pictures=(file,)),
    ]


def span(calendar: Calendar, period: Period) -> tuple[datetime, datetime]:
    """The first moment of a period and the first after it."""
    midnight = time(0, 0)
    return calendar.at(period.first, midnight), calendar.at(period.last + timedelta(days=1), midnight)


def values(
    committee: Committee, period: Period, now: datetime, rows: list[Row], *, scope: str = ""
) -> dict[str, object]:
    """What ``reports.register`` draws; a row its reader may not see is a number."""
    kinds = committee.category_names
    return {
        "zone": committee.zone.key,
        "office": {"name": committee.name},
        "period": {"kind": period.kind, "year": period.year, "number": period.number},
        "at": now,
        "scope": scope,
        "rows": [_drawn(committee, row, kinds.get(row.category, "")) for row in rows],
    }


def _offer(desk: Desk, period: Period, shown_in: str) -> Reply:
    units = _units(desk.person)
    if not desk.takes_documents:  # before it is asked what for: nothing goes out, nothing is on record
        return Reply("register_elsewhere", _facts(desk, period, units), edits=shown_in)
    count = register_db.count(desk.conn, *span(desk.calendar, period), reader=desk.person, unit_ids=units)
    known = {**_facts(desk, period, units), "count": count}
    if count == 0:
        return Reply("register_empty", known, edits=shown_in)
    return Reply("register_offer", known, _choices(period), edits=shown_in)


def _choices(period: Period) -> Rows:
    return (tuple(Choice(label, f"register:{form}:{period.key}") for form, label in FORMS.items()),)


def _drawn(committee: Committee, row: Row, kind: str) -> dict[str, object]:
    if not row.is_seen:
        return {"number": row.number}
    return {
        "number": row.number,
        "at": row.received_at,
        "code": row.code,
        "track": row.track,
        "kind": kind,
        "words": row.words,
        "place": row.place if row.emptied_on else _place(committee, row),
        "unit": row.unit_name,
        "due": row.due_on,
        "state": row.state,
        "answered": row.answered_at,
        "answer": row.answer,
        "rating": row.rating,
        "emptied": row.emptied_on is not None,
    }


def _place(committee: Committee, row: Row) -> str:
    """Where it is: as it was typed or sent, and the area it was matched to."""
    area = committee.areas.name(row.area) if row.area else ""
    return ", ".join(part for part in (row.place, area) if part)


def _units(person: Person) -> frozenset[int] | None:
    """The units whose list a head may have; None for the whole register; raises for others."""
    if reads_all(person):
        return None
    if not person.headed_unit_ids:
        raise RuleError("register_not_for_you")
    return person.headed_unit_ids


def _facts(desk: Desk, period: Period, units: frozenset[int] | None) -> dict[str, object]:
    names = [people.unit(desk.conn, unit_id).name for unit_id in sorted(units or ())]
    shown = {"kind": period.kind, "year": period.year, "number": period.number}
    return {"period": shown, "scope": ", ".join(names)}
