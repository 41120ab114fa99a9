"""/nghi: who is away from when to when, and who stands in."""

from __future__ import annotations

import re
from datetime import date, timedelta

from db import audience, dialogs, leave, outbox, people, staff
from db import tasks as tasks_db
from db.dialogs import Dialog
from domain import sentences
from domain.calendar import DAY
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.words import fold
from handlers import calendar
from handlers.desk import Desk

LONGEST = timedelta(days=60)
OFFERED = 6
_END = re.compile(r"^(thoi|het|bo|huy|khong nghi( nua)?|di lam( lai)?)$")
_SPAN = re.compile(r"(?<![\d/])(\d{1,2})\s*(?:-|–|den|toi)\s*(\d{1,2})\s*/\s*(\d{1,2})")
_DEPUTY = (
    re.compile(r"(?:^|[,.;])\s*([^,.;\d]{2,60}?)\s+(?:lam thay|truc thay|thay)\b"),
    re.compile(r"\b(?:nho|giao cho|giao|thay la)\s+([^,.;\d]{2,60})"),
)
_ADDRESS = re.compile(r"^(?:(?:anh|chi|dong chi|co|chu|em|ong|ba)\s+)+")


def run(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """Notes a leave in one sentence, shows the one that stands, or ends it."""
    if calendar.listens(desk, turn.text):  # "nghỉ 10/2, Tết" after /lich closes the office, not one desk
        return None
    words = turn.text.strip().removeprefix("/")
    said = words.split(maxsplit=1)[1] if rest and " " in words else ""
    if not said:
        return [_standing(desk)]
    if _END.match(fold(said)):
        ended = leave.cancel(desk.conn, desk.person.id, desk.today, desk.now)
        return [Reply("leave_cancelled" if ended else "leave_none")]
    from_day, to_day = _days(said, desk.today)
    if from_day is None or to_day is None:
        if not turn.text.startswith("/"):
            return None
        raise RuleError("leave_no_day")
    if to_day < desk.today:
        raise RuleError("leave_past", day=to_day)
    if to_day < from_day:
        raise RuleError("leave_order", from_day=from_day, to_day=to_day)
    if to_day - from_day > LONGEST:
        raise RuleError("leave_long", from_day=from_day, to_day=to_day)
    plain = sentences.plain(said)  # as long as the text, so that places agree
    spans = [match.span(1) for form in _DEPUTY if (match := form.search(plain))]
    name = said[slice(*spans[0])].strip() if spans else ""
    if not name:
        return [_note(desk, from_day, to_day, None)]
    found = _people(desk, name)
    if len(found) == 1:
        return [_note(desk, from_day, to_day, found[0].id)]
    if not found:
        raise RuleError("leave_nobody", name=name)
    data = {"from_day": from_day.isoformat(), "to_day": to_day.isoformat()}
    dialogs.open_dialog(desk.conn, desk.account.id, "leave", data, desk.now)
    rows = tuple(
        (Choice("leave_who", f"leave:by:{one.id}", {"name": one.name, "unit": one.unit_name}),)
        for one in found[:OFFERED]
    )
    return [Reply("leave_which", {"count": len(found)}, rows)]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """[Trịnh Thị Hoa · Phòng Tư pháp]: which of several people of the same name stands in."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    chosen = arguments[1] if len(arguments) > 1 and arguments[0] == "by" else ""
    if dialog is None or dialog.kind != "leave" or not chosen.isdigit() or not desk.person.is_official:
        raise RuleError("button_gone")
    dialogs.close(desk.conn, desk.account.id)
    from_day, to_day = (date.fromisoformat(dialog.data[key]) for key in ("from_day", "to_day"))
    return [_note(desk, from_day, to_day, int(chosen))]


def answer(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """A full name instead of a press; anything else is a new matter."""
    found = _people(desk, turn.text)
    dialogs.close(desk.conn, desk.account.id)
    if len(found) != 1:
        return None
    from_day, to_day = (date.fromisoformat(dialog.data[key]) for key in ("from_day", "to_day"))
    return [_note(desk, from_day, to_day, found[0].id)]


def _note(desk: Desk, from_day: date, to_day: date, deputy_id: int | None) -> Reply:
    if deputy_id == desk.person.id:
        raise RuleError("leave_self")
    deputy = tasks_db.called(desk.conn, deputy_id, desk.today)
    if deputy_id is not None:
        begins = max(from_day, desk.today)
        if not audience.is_here(desk.conn, deputy_id, begins):
            raise RuleError("leave_deputy_away", who=deputy)
    leave.add(desk.conn, desk.person.id, from_day, to_day, deputy_id, desk.now)
    account = people.account_of(desk.conn, deputy_id) if deputy_id else None
    if account:
        facts = {"who": desk.person.called, "called": deputy, "from_day": from_day, "to_day": to_day}
        moment = desk.calendar.office_moment(desk.now)
        told = Reply("leave_told", facts)
        outbox.post(desk.conn, account.id, told, desk.now, priority=outbox.REMINDER, due_at=moment)
    unit_id = desk.person.memberships[0].unit_id
    if deputy_id is None:
        stands_in = audience.instead(desk.conn, desk.person.id, unit_id, desk.today)
        deputy = tasks_db.called(desk.conn, stands_in, desk.today)
    return Reply(
        "leave_noted",
        {
            "called": desk.person.called,
            "from_day": from_day,
            "to_day": to_day,
            "deputy": deputy,
            "named": deputy_id is not None,
            "back": desk.calendar.forward(to_day + DAY),
        },
    )


def _standing(desk: Desk) -> Reply:
    """The leave that is noted, or how to note one."""
    now = leave.coming(desk.conn, desk.person.id, desk.today)
    facts = {
        "called": desk.person.called,
        "from_day": now.from_day if now else None,
        "to_day": now.to_day if now else None,
        "deputy": tasks_db.called(desk.conn, now.deputy_id, desk.today) if now else "",
    }
    return Reply("leave_how", facts)


def _days(words: str, today: date) -> tuple[date | None, date | None]:
    """The first and last day: "10/5 đến 14/5", "10-14/5", "mai"; one day alone is both."""
    if match := _SPAN.search(sentences.plain(words)):
        last = sentences.find_day(f"{match[2]}/{match[3]}", today)
        if last is not None and int(match[1]) <= last.day:
            return last.replace(day=int(match[1])), last
    first = sentences.spot_day(words, today)
    if first is None:
        return None, None
    second = sentences.find_day(words[first.end :], today)
    return first.day, second or first.day


def _people(desk: Desk, name: str) -> list[staff.Member]:
    """Whom a name means: in the person's own units first, else anywhere; each once."""
    wanted = _ADDRESS.sub("", fold(name)).split()
    if not wanted:
        return []
    found: dict[int, staff.Member] = {}
    for member in staff.members(desk.conn, desk.today):
        if fold(member.name).split()[-len(wanted) :] == wanted:
            found.setdefault(member.id, member)
    own = {post.unit_code for post in desk.person.memberships}
    near = [member for member in found.values() if member.unit in own and member.id != desk.person.id]
    return near or list(found.values())


DIALOGS = {"leave": answer}
