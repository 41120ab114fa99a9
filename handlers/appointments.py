"""Appointments for the citizens' reception: for anybody who asks, and for a grievance's pre-note.

Choosing a slot is the consent to keep account and appointment.  One account has one appointment ahead on
a track; it is moved, not doubled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

from db import appointments, audit, cases, dialogs
from db.cases import Case
from db.dialogs import Dialog, Menu
from domain.cases import GUIDED, reception_days
from domain.chat import Choice, Reply, Rows, Turn, in_rows
from domain.codes import hash_pin, new_pin
from domain.errors import RuleError
from domain.reception import AHEAD, OFFERED, Slot, free
from domain.tracks import APPOINTMENT
from domain.wishes import wanted
from handlers import appointment_marks, case_cards, case_draft, case_moves, case_waits
from handlers.desk import Desk

KIND = "appointment_words"
LIFETIME = timedelta(minutes=30)
MOST_LISTED = 20
COUNTED = timedelta(days=30)
_OFFERS = re.compile(r"(.+):\d{4}-\d\d-\d\d:[^:]+")
LONGEST = 1000  # signs of what somebody wants to talk about


def begin(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/datlich: the next free slots, or the appointment there is."""
    return [_first(desk)]


def asked(desk: Desk, words: str, matter: Choice) -> list[Reply]:
    """The same for words that speak of being received; ``matter`` is for those who meant otherwise.

    A day that the words name is offered alone.
    """
    first = _first(desk)
    named = wanted(words, _free(desk), desk.today, desk.committee.spoken, alone=False)
    if named and first.key == "appointment_choose":
        first = replace(first, choices=(*_as_choices(named[:OFFERED], "meet:book"), first.choices[-1]))
    return [replace(first, choices=(*first.choices[:-1], (matter, *first.choices[-1])))]


def about_mine(desk: Desk, text: str) -> Reply | None:
    """The appointment ahead, for words that want it moved, given up or said again; the days they name."""
    spoken = desk.committee.spoken
    mine = appointments.of_account(desk.conn, desk.account.id, APPOINTMENT, desk.today)
    if mine is None or not spoken.is_about_appointment(text):
        return None
    found = wanted(text, _free(desk), desk.today, spoken, alone=False)
    if not found:
        return _first(desk)
    leave = (Choice("case_keep", f"case:show:{mine}"),)
    return Reply("appointment_which", {}, (*_as_choices(found[:OFFERED], f"meet:to:{mine}"), leave))


def listed(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/lichtiep: who comes when, by code, whose day has no mark yet, and the counts of a month."""
    found = appointments.standing(desk.conn, desk.person, MOST_LISTED)
    ended = appointments.ended(desk.conn, desk.today - COUNTED, desk.person)
    if not found and not any(ended.values()):
        return [Reply("appointment_list_none")]
    lines = [
        {**asdict(each), "slot": desk.committee.slot_words(each.slot), "over": each.day < desk.today}
        for each in found
    ]
    choices = [Choice("case_code", f"case:open:{each.case_id}", {"code": each.code}) for each in found]
    return [Reply("appointment_list", {"lines": lines, **ended}, in_rows(choices, 4))]


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; room, right and state are looked up anew."""
    match arguments:
        case ["days"]:
            return begin(desk, turn, "")
        case ["wish"]:
            return [_wished(desk, turn)]
        case ["no"]:
            _said(desk)  # nothing else is made of those words
            return [Reply("appointment_none_made", edits=turn.message_id)]
        case ["book", day, slot]:
            return _booked(desk, day, slot, turn.message_id)
        case ["again", number] if number.isdigit():
            case = _own(desk, int(number))
            back = f"case:show:{case.id}"
            return [_choose(desk, f"meet:to:{case.id}", back, edits=turn.message_id, again=True)]
        case ["to", number, day, slot] if number.isdigit():
            return _moved(desk, _own(desk, int(number)), day, slot, turn.message_id)
        case ["met" | "missed" as verb, number] if number.isdigit():
            return appointment_marks.mark(desk, turn, int(number), verb)
        case ["words", number] if number.isdigit():
            case = _own(desk, int(number))
            # A draft stays under it.
            dialogs.open_dialog(
                desk.conn, desk.account.id, KIND, {"case": case.id}, desk.now, lifetime=LIFETIME
            )
            return [Reply("appointment_words", {"code": case.code})]
    raise RuleError("button_gone")


def on_words(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """What the person wants to talk about, for whoever prepares the reception."""
    dialogs.close(desk.conn, desk.account.id)
    case = cases.access_own(desk.conn, int(dialog.data["case"]), desk.account.id)
    words = turn.text.strip()
    if turn.edit or turn.files or turn.place or not words or case.state != GUIDED:
        return None
    if len(words) > LONGEST:
        raise RuleError("case_too_long", most=LONGEST)
    cases.say(desk.conn, case.id, "reply", words, desk.now)
    case_cards.update_cards(desk, case)
    return [Reply("appointment_words_kept", {"code": case.code, "told": words})]


DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {KIND: on_words}


def slots(desk: Desk, stem: str) -> Rows:
    """The next slots with room left as choices, an action ``stem:day:slot`` each."""
    return _as_choices(_free(desk)[:OFFERED], stem)


def meant(desk: Desk, text: str, menu: Menu) -> list[tuple[date, Slot]] | None:
    """The slots with room left that fit a day or a part of one in words; None if the words say more.

    Those of the menu come first: after "thứ Năm" the next "sáng" is that day's.
    """
    room = _free(desk)
    shown = [each for each in room if any(c.action.endswith(_ending(*each)) for c in menu.choices)]
    spoken = desk.committee.spoken
    return wanted(text, shown, desk.today, spoken) or wanted(text, room, desk.today, spoken)


def stem_of(menu: Menu) -> str:
    """What the actions of offered slots begin with; empty if the menu offers none."""
    stems = [found[1] for each in menu.choices if (found := _OFFERS.match(each.action))]
    return stems[0] if stems else ""


def book(
    desk: Desk, track: str, day: str, slot: str, *, at: datetime | None = None, **values: Any
) -> tuple[Case, str]:
    """Takes a slot that still has room and returns the case and its PIN; raises ``case_day_gone``.

    ``values`` are further columns of the case; ``at`` is the moment it is filed under, by default now.
    """
    on, chosen = with_room(desk, day, slot)
    unit = case_cards.answering_unit(desk, desk.committee.categories[-1].unit)
    pin, filed_at = new_pin(), at or desk.now
    fixed = {"track": track, "category": "", "unit_id": unit.id, "due_on": on, "pin_hash": hash_pin(pin)}
    case = cases.create(desk.conn, filed_at, today=desk.today, **fixed, **values)
    appointments.put(desk.conn, case.id, chosen.code, filed_at)
    audit.record(desk.conn, "case", case.id, "guided", filed_at, unit_id=unit.id, due_on=on)
    case_waits.begin(desk, case)
    return case, pin


def choices(case: Case) -> tuple[Choice, ...]:
    """What may be done with an appointment that is ahead."""
    return (
        Choice("appointment_again", f"meet:again:{case.id}"),
        Choice("case_appointment_cancel", f"case:withdraw:{case.id}"),
    )


def noted(desk: Desk, case: Case, key: str, *, edits: str = "", **more: object) -> Reply:
    """An appointment as its owner sees it."""
    say = () if case.track != APPOINTMENT else ((Choice("appointment_say", f"meet:words:{case.id}"),),)
    known = {**case_cards.public(desk, case), **more}
    return Reply(key, known, (*say, choices(case)), edits=edits, card={"case": case.id})


def _first(desk: Desk) -> Reply:
    mine = appointments.of_account(desk.conn, desk.account.id, APPOINTMENT, desk.today)
    if mine is not None:
        return noted(desk, cases.access_own(desk.conn, mine, desk.account.id), "appointment_mine")
    return _choose(desk, "meet:book", "meet:no")


def _choose(desk: Desk, stem: str, back: str, *, edits: str = "", again: bool = False) -> Reply:
    offered = slots(desk, stem)
    leave = (Choice("case_keep" if again else "case_drop", back),)
    key = "appointment_choose_again" if again else "appointment_choose"
    return Reply(key if offered else "appointment_full", {}, (*offered, leave), edits=edits)


def _booked(desk: Desk, day: str, slot: str, shown_in: str) -> list[Reply]:
    if appointments.of_account(desk.conn, desk.account.id, APPOINTMENT, desk.today) is not None:
        return [_first(desk)]
    agreed = str(desk.committee.limits["thong_bao_phien_ban"].value)
    words, mine = _said(desk), desk.account.id
    case, pin = book(desk, APPOINTMENT, day, slot, account_id=mine, words=words, consent=agreed)
    case_cards.tell_unit(desk, case)
    return [noted(desk, case, "appointment_booked", edits=shown_in, pin=pin)]


def _said(desk: Desk) -> str:
    """The words with which the person asked to be received, if they did in words; kept with consent now."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != case_draft.ASKED or not dialog.data.get("visit"):
        return ""
    dialogs.close(desk.conn, desk.account.id)
    return str(dialog.data["text"])


def _moved(desk: Desk, case: Case, day: str, slot: str, shown_in: str) -> list[Reply]:
    on, chosen = with_room(desk, day, slot)
    case = case_moves.make(desk, case, "rebook", ("day",), due_on=on, due_from=None)
    appointments.put(desk.conn, case.id, chosen.code, desk.now)
    case_waits.begin(desk, case)
    case_cards.update_cards(desk, case)
    return [noted(desk, case, "appointment_moved", edits=shown_in)]


def with_room(desk: Desk, day: str, slot: str) -> tuple[date, Slot]:
    """The day and slot that were offered, if there still is room; raises ``case_day_gone``."""
    appointments.lock(desk.conn)
    for on, chosen in _free(desk):
        if (on.isoformat(), chosen.code) == (day, slot):
            return on, chosen
    raise RuleError("case_day_gone")


def _free(desk: Desk) -> list[tuple[date, Slot]]:
    known = desk.committee
    days = reception_days(desk.calendar, known.reception_days, desk.today, AHEAD)
    return free(days, known.reception_slots, appointments.taken(desk.conn))


def _ending(day: date, slot: Slot) -> str:
    return f":{day.isoformat()}:{slot.code}"


def _as_choices(found: Sequence[tuple[date, Slot]], stem: str) -> Rows:
    return tuple(
        (Choice("appointment_slot", f"{stem}{_ending(day, slot)}", {"day": day, "slot": slot.name}),)
        for day, slot in found
    )


def _wished(desk: Desk, turn: Turn) -> Reply:
    """The slots that fit words which name several or none; then those that have room are shown again."""
    menu = dialogs.menu(desk.conn, desk.account.id)
    stem = stem_of(menu) if menu else ""
    if menu is None or not stem:
        raise RuleError("button_gone")
    found = (meant(desk, turn.text, menu) or [])[:OFFERED]
    key = "appointment_which" if found else "appointment_not_then"
    name = "case_keep" if stem.startswith("meet:to") else "case_drop"
    leave = (Choice(name, menu.choices[-1].action),)
    return Reply(key, {}, (*(_as_choices(found, stem) or slots(desk, stem)), leave), edits=turn.message_id)


def _own(desk: Desk, case_id: int) -> Case:
    case = cases.access_own(desk.conn, case_id, desk.account.id)
    if case.state != GUIDED or case.due_on < desk.today:
        raise RuleError("case_not_open", code=case.code)
    return case
