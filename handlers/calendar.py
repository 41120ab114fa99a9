"""/lich: the calendar as it stands, edited in a sentence that is read back, and its years confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from db import calendar as calendar_db
from db import dialogs
from db.dialogs import Dialog
from domain.calendar import DAY, OFF, WORKED, Calendar
from domain.calendar_words import ORDINARY, read_edit, says_edit
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.people import ADMIN, HEAD, LEADER, OFFICE, Person
from domain.periods import YEAR, Period
from domain.sentences import plain
from handlers.calendar_edit import Edit, change, preview
from handlers.desk import Desk

KIND = "calendar"
LIFETIME = timedelta(hours=1)
SHOWN = 12
_SAME = ("", "nghi", "lam viec", "nghi le", "thang nay")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})(?: (?:nam )?(20\d\d))?")
_STANDS_IN = re.compile(r"\bthay\b(?!\s*(?:ngay\s*|thu \w+\s*)?\d)")
_YEAR = re.compile(r"(?:nam )?(20\d\d)|nam (nay|sau|toi)")


def may_edit(person: Person) -> bool:
    """Whether a person keeps the calendar: an administrator or the head of the office."""
    heads_office = any(post.unit_kind == OFFICE and post.role == HEAD for post in person.memberships)
    return heads_office or person.has(ADMIN)


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """/lich, alone, with a month or year, or with an edit: "/lich nghỉ 10/2 đến 16/2, Tết"."""
    slash = turn.text.strip().startswith("/")
    said = re.sub(r"^\s*\S+\s*", "", turn.text, count=1)
    month, year = _MONTH.fullmatch(rest), _YEAR.fullmatch(rest)
    if not (rest in _SAME or says_edit(said) or month or year or rest in ("thang sau", "thang toi")):
        return [Reply("calendar_how")] if slash else None
    if not (may_edit(desk.person) or desk.person.has(LEADER)):
        return [Reply("calendar_not_yours", {"person": desk.person.called})]
    if says_edit(said):
        return _propose(desk, said, "")
    if year:
        return [_year(desk, int(year[1] or desk.today.year + (year[2] != "nay")))]
    if month:
        if not 1 <= int(month[1]) <= 12:
            raise RuleError("calendar_no_such_month", month=month[1])
        return [_months(desk, date(int(month[2] or desk.today.year), int(month[1]), 1))]
    day = desk.today.replace(day=1)
    return [_months(desk, day if rest in _SAME else day + 31 * DAY)]


def on_text(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """A sentence after the calendar was shown or a kind of edit was chosen."""
    kind = str(dialog.data.get("kind", ""))
    if turn.edit or turn.reply_to or not turn.text or not (kind or says_edit(turn.text)):
        return None
    return _propose(desk, turn.text, kind)


def listens(desk: Desk, text: str) -> bool:
    """Whether words without a slash answer the calendar: it was shown last, and nobody is to stand in."""
    if text.strip().startswith("/") or not may_edit(desk.person) or _STANDS_IN.search(plain(text)):
        return False
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    return dialog is not None and dialog.kind == KIND


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice ``cal:verb:…``; rights are looked at anew."""
    if not (may_edit(desk.person) or desk.person.has(LEADER)):
        raise RuleError("button_gone")
    match arguments:
        case ["show"]:
            return [_months(desk, desk.today, edits=turn.message_id)]
        case ["year", year] if year.isdecimal():
            return [_year(desk, int(year), edits=turn.message_id)]
    if not may_edit(desk.person):
        raise RuleError("button_gone")
    match arguments:
        case ["add", "off" | "worked" | "ordinary" as kind]:
            dialogs.open_dialog(desk.conn, desk.account.id, KIND, {"kind": kind}, desk.now, lifetime=LIFETIME)
            return [Reply("calendar_ask", {"kind": kind}, edits=turn.message_id)]
        case ["save", token]:
            return _save(desk, turn, token)
        case ["drop"]:
            dialogs.close(desk.conn, desk.account.id)
            return [Reply("calendar_dropped", edits=turn.message_id)]
        case ["confirm", year] if year.isdecimal():
            return _confirm(desk, turn, int(year))
    raise RuleError("button_gone")


def lines(entries: Iterable[calendar_db.Entry]) -> list[dict[str, Any]]:
    """Days as a person reads them: neighbours of one kind and reason as a span, weekends between bridged."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        last = found[-1] if found else None
        same = last and (last["kind"], last["note"]) == (entry.kind, entry.note)
        if last and same and entry.kind != WORKED and _joins(last["last"], entry.day):
            last["last"] = entry.day
        else:
            found.append({"kind": entry.kind, "first": entry.day, "last": entry.day, "note": entry.note})
    return found


def _joins(last: date, day: date) -> bool:
    between = (last + n * DAY for n in range(1, (day - last).days))
    return all(each.weekday() >= 5 for each in between)


def _months(desk: Desk, day: date, *, edits: str = "") -> Reply:
    """A month and the next; whoever may edit can go on in a sentence."""
    first = day.replace(day=1)
    second = (first + 31 * DAY).replace(day=1)
    last = (second + 31 * DAY).replace(day=1) - DAY
    unsure = sorted(year for year in {first.year, last.year} if year not in desk.calendar.confirmed_years)
    choices = [[Choice("calendar_year", f"cal:year:{year}", {"year": year})] for year in unsure]
    if may_edit(desk.person):
        choices = [*_edit_choices(), *choices]
        if dialogs.current(desk.conn, desk.account.id, desk.now) is None:
            dialogs.open_dialog(desk.conn, desk.account.id, KIND, {"kind": ""}, desk.now, lifetime=LIFETIME)
    found = lines(calendar_db.entries(desk.conn, first, last))
    facts = {
        "months": [first, second],
        "days": found[:SHOWN],
        "more": len(found[SHOWN:]),
        "services": services(desk),
        "unsure": unsure,
        "editor": may_edit(desk.person),
    }
    return Reply("calendar", facts, tuple(map(tuple, choices)), edits=edits)


def _year(desk: Desk, year: int, *, edits: str = "") -> Reply:
    if not 2000 <= year < 2100:
        raise RuleError("button_gone")
    whole = Period(YEAR, year)
    found = lines(calendar_db.entries(desk.conn, whole.first, whole.last))
    confirmed = year in desk.calendar.confirmed_years
    choices: list[list[Choice]] = []
    if may_edit(desk.person):
        choices = _edit_choices()
        if found and not confirmed:
            choices.insert(0, [Choice("calendar_confirm", f"cal:confirm:{year}", {"year": year})])
    facts = {"year": year, "days": found, "confirmed": confirmed, "editor": may_edit(desk.person)}
    return Reply("calendar_of_year", facts, tuple(map(tuple, choices)), edits=edits)


def _edit_choices() -> list[list[Choice]]:
    return [
        [Choice("calendar_add_off", "cal:add:off"), Choice("calendar_add_worked", "cal:add:worked")],
        [Choice("calendar_take_out", "cal:add:ordinary")],
    ]


def services(desk: Desk) -> list[dict[str, Any]]:
    """The next day and the hours of each unit that serves citizens besides the office's days."""
    return [
        {
            "unit": each.unit_name,
            "day": desk.calendar.next_service(each.weekday, desk.today),
            "hours": f"{each.opens:%H:%M}–{each.closes:%H:%M}",
        }
        for each in calendar_db.service_days(desk.conn)
    ]


def _propose(desk: Desk, text: str, kind: str) -> list[Reply]:
    """Reads an edit back with what it would move; nothing is written yet."""
    if not may_edit(desk.person):
        return [Reply("calendar_not_yours", {"person": desk.person.called})]
    said = read_edit(text, desk.today, kind)
    if said is None:
        return [Reply("calendar_ask", {"kind": kind or OFF})]
    edit = Edit(changing(desk.calendar, said.kinds), said.note, said.source)
    moves = preview(desk.conn, edit, desk.calendar, desk.committee, desk.today)
    data = {
        "kind": kind,
        "kinds": {day.isoformat(): each for day, each in edit.kinds.items()},
        "note": edit.note,
        "source": edit.source,
    }
    dialogs.open_dialog(desk.conn, desk.account.id, KIND, data, desk.now, lifetime=LIFETIME)
    facts = {
        **_told(edit),
        "tasks": sum(move.subject in ("task", "cycle") for move in moves),
        "cases": sum(move.subject not in ("task", "cycle") for move in moves),
    }
    choices = ((Choice("calendar_save", f"cal:save:{_token(data)}"), Choice("calendar_drop", "cal:drop")),)
    return [Reply("calendar_sure", facts, choices)]


def changing(calendar: Calendar, kinds: Mapping[date, str]) -> dict[date, str]:
    """Those days that an edit would really change; raises ``calendar_already`` when there are none."""
    found = {}
    for day, kind in kinds.items():
        now = WORKED if day in calendar.worked else OFF if day in calendar.closed else ORDINARY
        needless = kind == WORKED and now == ORDINARY and calendar.is_working(day)
        if kind != now and not needless:
            found[day] = kind
    if not any(kind != OFF or day.weekday() < 5 or day in calendar.worked for day, kind in found.items()):
        day = min(kinds)
        raise RuleError("calendar_already", day=day, works=calendar.is_working(day))
    return dict(sorted(found.items()))


def _save(desk: Desk, turn: Turn, token: str) -> list[Reply]:
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != KIND or "kinds" not in dialog.data or _token(dialog.data) != token:
        raise RuleError("button_gone")
    kinds = {date.fromisoformat(day): str(kind) for day, kind in dialog.data["kinds"].items()}
    edit = Edit(changing(desk.calendar, kinds), str(dialog.data["note"]), str(dialog.data["source"]))
    moves = change(desk.conn, edit, desk.calendar, desk.committee, desk.now, actor_id=desk.person.id)
    dialogs.close(desk.conn, desk.account.id)
    facts = {
        **_told(edit),
        "tasks": sum(move.subject in ("task", "cycle") for move in moves),
        "cases": sum(move.subject not in ("task", "cycle") for move in moves),
    }
    return [Reply("calendar_saved", facts, edits=turn.message_id)]


def _confirm(desk: Desk, turn: Turn, year: int) -> list[Reply]:
    whole = Period(YEAR, year)
    if not calendar_db.entries(desk.conn, whole.first, whole.last):
        raise RuleError("calendar_year_empty", year=year)
    calendar_db.confirm(desk.conn, year, desk.now, actor_id=desk.person.id)
    return [Reply("calendar_confirmed", {"year": year}, edits=turn.message_id)]


def _told(edit: Edit) -> dict[str, Any]:
    entries = [calendar_db.Entry(day, kind, "", "") for day, kind in sorted(edit.kinds.items())]
    return {"days": lines(entries), "note": edit.note, "source": edit.source}


def _token(data: Mapping[str, Any]) -> str:
    """Ties a button to the edit it was shown with."""
    return str(crc32(repr((sorted(data["kinds"].items()), data["note"], data["source"])).encode()))


DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {KIND: on_text}
