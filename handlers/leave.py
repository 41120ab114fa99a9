"""/nghi: who is away from when to when, and who stands in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from db import audience, dialogs, leave, outbox, people, rungs, staff
from db import tasks as tasks_db
from db.dialogs import Dialog
from domain import sentences
from domain.calendar import DAY, Calendar
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.words import fold
from handlers import calendar
from handlers.desk import Desk

LONGEST = timedelta(days=60)
OFFERED = 6
BACK = ("het nghi", "bo nghi", "huy nghi", "khong nghi nua", "di lam lai", "da di lam lai")
"""Words without "nghỉ" in front that end a leave."""
_END = re.compile(r"^(thoi|het|bo|huy|khong nghi( nua)?|di lam( lai)?)$")
_SPAN = re.compile(r"(?<![\d/])(\d{1,2})\s*(-|–|den|toi|,|va)\s*(\d{1,2})\s*/\s*(\d{1,2})")
_TODAY = re.compile(r"\b(?:sang|chieu) nay\b")
_UNTIL = re.compile(r"\b(?:den|toi)\b|\s-\s|–|(?=\bhet (?:tuan|thang)\b)")
_COUNT = re.compile(r"(?<!thu )(?<![\d/])\b(?:trong )?(\d{1,2})\s+ngay\b(?! nua)(?: lam viec)?")
_WEEK = re.compile(r"\btuan (sau|toi|nay)\b")
_NO_DAY = re.compile(
    r"(?:phep |om )?(?:(?:tu|ngay) )?(?:phep|om|benh|bu|ca ngay|\d{1,2} ngay\b.*|\d{1,2}/\d.*)"
)
_DEPUTY = (
    re.compile(r"\b((?:anh|dong chi|chi)\s+[^,.;\d]{2,60}?)\s+(?:lam thay|truc thay|thay)\b"),
    re.compile(r"(?:^|[,.;])\s*([^,.;\d]{2,60}?)\s+(?:lam thay|truc thay|thay)\b"),
    re.compile(r"\b(?:nho|giao cho|giao|thay la)\s+([^,.;\d]{2,60})"),
)
_ADDRESS = re.compile(r"^(?:(?:anh|chi|dong chi|co|chu|em|ong|ba)\s+)+")


def run(desk: Desk, turn: Turn, rest: str) -> list[Reply] | None:
    """Notes a leave in one sentence, shows the one that stands, or ends it."""
    if calendar.listens(desk, turn.text):  # "nghỉ 10/2, Tết" after /lich closes the office, not one desk
        return None
    words = turn.text.strip().removeprefix("/")
    if fold(words).startswith(BACK):
        return [_ended(desk)] if fold(words).removesuffix(" a").removesuffix(" roi") in BACK else None
    said = words.split(maxsplit=1)[1] if rest and " " in words else ""
    if not said:
        return [_standing(desk)]
    if _END.match(fold(said)):
        return [_ended(desk)]
    said = unicodedata.normalize("NFC", said)
    plain = sentences.plain(said)  # as long as the text, so that places agree
    spans = [match.span(1) for form in _DEPUTY if (match := form.search(plain))]
    name = said[slice(*spans[0])].strip() if spans else ""
    rest = said.replace(name, ",", 1) if name else said  # "chị Mai thay" names no day
    from_day, to_day = _days(rest, desk.today, desk.calendar)
    if from_day is None or to_day is None:
        if not turn.text.startswith("/") and not _NO_DAY.fullmatch(sentences.plain(said).strip(" .")):
            return None
        raise RuleError("leave_no_day")
    if to_day < desk.today:
        raise RuleError("leave_past", day=to_day)
    if to_day < from_day:
        raise RuleError("leave_order", from_day=from_day, to_day=to_day)
    if to_day - from_day > LONGEST:
        raise RuleError("leave_long", from_day=from_day, to_day=to_day)
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
    replaced = leave.add(desk.conn, desk.person.id, from_day, to_day, deputy_id, desk.now)
    _over(desk, replaced, still=deputy_id)
    _tell(desk, "leave_told", deputy_id, from_day, to_day)
    for each in leave.for_whom(desk.conn, desk.person.id, from_day, to_day):
        _tell(desk, "leave_deputy_off", each.person_id, from_day, to_day)
    unit_id = desk.person.memberships[0].unit_id
    gap = leave.between(desk.conn, deputy_id, from_day, to_day) if deputy_id else None
    if deputy_id is None:
        begins = max(from_day, desk.today)
        stands_in = audience.instead(desk.conn, desk.person.id, unit_id, begins)
        deputy = tasks_db.called(desk.conn, stands_in, desk.today)
    return Reply(
        "leave_noted",
        {
            "called": desk.person.called,
            "from_day": from_day,
            "to_day": to_day,
            "deputy": deputy,
            "named": deputy_id is not None,
            "gap": [gap.from_day, gap.to_day] if gap else None,
            "back": desk.calendar.forward(to_day + DAY),
        },
    )


def _ended(desk: Desk) -> Reply:
    """Ends the present and coming leaves."""
    ended = leave.cancel(desk.conn, desk.person.id, desk.today, desk.now)
    _over(desk, ended)
    return Reply("leave_cancelled" if ended else "leave_none")


def _over(desk: Desk, ended: Sequence[leave.Leave], still: int | None = None) -> None:
    """Who stood in hears that it is over, unless they ``still`` do, and what went to them comes now."""
    for each in ended:
        rungs.recall(desk.conn, desk.person.id, each.back(desk.calendar), desk.now)
        if each.deputy_id != still:
            _tell(desk, "leave_off", each.deputy_id, each.from_day, each.to_day)


def _tell(desk: Desk, key: str, other_id: int | None, from_day: date, to_day: date) -> None:
    account = people.account_of(desk.conn, other_id) if other_id else None
    if account is None:
        return
    called = tasks_db.called(desk.conn, other_id, desk.today)
    facts = {"who": desk.person.called, "called": called, "from_day": from_day, "to_day": to_day}
    moment = desk.calendar.office_moment(desk.now)
    outbox.post(desk.conn, account.id, Reply(key, facts), desk.now, priority=outbox.REMINDER, due_at=moment)


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


def _days(words: str, today: date, calendar: Calendar) -> tuple[date | None, date | None]:
    """The first and last day: "10/5 đến 14/5", "10-14/5", "từ mai đến thứ 6", "3 ngày từ mai", "đến 22/1".

    One day alone is both; with an end alone a leave begins today; days that are counted are working days.
    """
    words = _TODAY.sub("hom nay", sentences.plain(words))
    if match := _SPAN.search(words):
        last = sentences.find_day(f"{match[3]}/{match[4]}", today)
        least = last.day - 1 if last and match[2] in (",", "va") else 1  # "12 và 13/1", not "12, 20/1"
        if last is not None and least <= int(match[1]) <= last.day:
            return last.replace(day=int(match[1])), last
    for match in _UNTIL.finditer(words):
        if (last := sentences.find_day(words[match.end() :], today)) is not None:
            return _until(words[: match.start()], words[match.end() :], last, today)
    count = _COUNT.search(words)
    rest = f"{words[: count.start()]} , {words[count.end() :]}" if count else words
    first = sentences.spot_day(rest, today)
    if first is None:
        return _week(words, today) if count is None else (None, None)
    second = sentences.find_day(rest[first.end :], today)
    if second is None and count and int(count[1]) > 1:
        second = calendar.add(calendar.forward(first.day), int(count[1]) - 1)
    return first.day, second or first.day


def _until(before: str, after: str, last: date, today: date) -> tuple[date | None, date | None]:
    first = sentences.find_day(before, today)
    if first is None:
        return (None, None) if re.search(r"\d", before) else (today, last)
    later = sentences.find_day(after, first)  # "thứ 2 đến thứ 4": the one after that Monday
    return first, later if last < first and later and later >= first else last


def _week(words: str, today: date) -> tuple[date | None, date | None]:
    """A whole week, as far as it is still to come."""
    if (match := _WEEK.search(words)) is None:
        return None, None
    monday = today - DAY * today.weekday() + DAY * (0 if match[1] == "nay" else 7)
    friday = monday + DAY * 4
    return (max(monday, today), friday) if today <= friday else (None, None)


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
