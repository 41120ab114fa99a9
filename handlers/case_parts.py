"""A case for several units: each has a part with a day of its own, the citizen one code and one answer."""

from __future__ import annotations

from datetime import date, timedelta

from db import cases, dialogs, parts, people
from db.cases import Case
from db.dialogs import Dialog
from domain import case_states
from domain.cases import CLOSED, DONE, SPLIT
from domain.chat import Choice, Reply, Turn, few
from domain.errors import RuleError
from domain.people import COMMITTEE, ISO_UNIT
from domain.sentences import spot_day
from domain.words import fold
from handlers import case_cards, case_draft, case_moves, case_units, case_waits
from handlers.desk import Desk

KIND = "case_parts"
LIFETIME = timedelta(minutes=30)
FEWEST, MOST = 2, 4


def choices(desk: Desk, case: Case) -> list[Choice]:
    """Whether this person may give the case to several units."""
    may = case_moves.can(desk, case, "split") and not case.part_of
    return [Choice("case_split", f"order:split:{case.id}")] if may else []


def begin(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Giao nhiều đơn vị]: the units are chosen one after another, or typed with a day each."""
    _must_be_whole(desk, case)
    if not case_draft.aside(desk, KIND, {"case": case.id, "units": {}, "card": turn.message_id}, LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    return [_ask(desk, case, {}, turn.message_id)]


def toggle(desk: Desk, turn: Turn, case: Case, more: str) -> list[Reply]:
    """A unit is added, or taken out again; the page it was chosen on stays."""
    code, _, page = more.partition(".")
    chosen = _chosen(desk, case)
    if chosen.pop(code, None) is None:
        chosen[code] = ""
    return [_keep(desk, case, chosen, turn.message_id, page)]


def turn_page(desk: Desk, turn: Turn, case: Case, page: str) -> list[Reply]:
    """[Đơn vị khác]: the next few units."""
    return [_ask(desk, case, _chosen(desk, case), turn.message_id, page)]


def on_units(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Units typed by code or name, with commas between them and perhaps a day each: "QLDT 08/01, TNMT"."""
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    named = [_named(desk, piece) for piece in turn.text.replace(";", ",").split(",") if fold(piece)]
    known = {fold(name): unit for unit in _units(desk) for name in (unit.code, unit.name)}
    if turn.edit or turn.files or not named or not any(word in known for word, _ in named):
        dialogs.close(desk.conn, desk.account.id)
        return None
    unknown = [word for word, _ in named if word not in known]
    if unknown:
        return [Reply("case_split_unknown", {"names": unknown})]
    chosen = dict(dialog.data["units"])
    for word, day in named:
        unit = known[word]
        if day is not None and not desk.today <= (day := desk.calendar.back(day)) <= case.due_on:
            raise RuleError("case_part_day", unit=unit.name, code=case.code, last=case.due_on)
        chosen[unit.code] = day.isoformat() if day else chosen.get(unit.code, "")
    return [_keep(desk, case, chosen, dialog.data["card"])]


def split(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Giao]: a part for each unit, due on its own day, else a working day before the citizen's answer."""
    _must_be_whole(desk, case)
    days = _chosen(desk, case)
    chosen = [unit for unit in _units(desk) if unit.code in days]
    if len(chosen) < FEWEST:
        raise RuleError("case_split_few", fewest=FEWEST)
    for unit in chosen:
        if not case_cards.reachable(desk, people.members(desk.conn, unit.id, desk.today)):
            raise RuleError("case_unit_unreachable", unit=unit.name)
    dialogs.close(desk.conn, desk.account.id)
    case = case_moves.make(desk, case, "split", ("units",), handler_id=desk.person.id)
    for unit in chosen:
        part = parts.add(desk.conn, case, unit.id, _due(desk, case, days[unit.code]), desk.now)
        case_waits.begin(desk, part)
        case_cards.tell_unit(desk, part)
    case_cards.update_cards(desk, case)
    case_cards.tell_citizen(desk, case, "case_news_split")
    return [case_cards.card(desk, case, desk.person, edits=turn.message_id)]


def gather(desk: Desk, part: Case) -> Case | None:
    """The whole case, answered now, if this was its last open part; else None."""
    whole = parts.whole(desk.conn, part)
    if whole.id == part.id or whole.state != SPLIT:
        return None
    found = [each for each in parts.of(desk.conn, whole.id) if each.state != CLOSED]
    if any(each.state not in DONE for each in found):
        case_cards.update_cards(desk, whole)
        return None
    answer = "\n".join(f"{each.unit_name}: {each.answer}" for each in found if each.answer)
    whole = case_moves.make_by_clock(
        desk,
        whole,
        "gather",
        answer=answer,
        answered_at=desk.now,
        answered_by=None,
        handler_id=None,
        rating="",
    )
    end(desk, whole)
    case_cards.update_cards(desk, whole)
    return whole


def end(desk: Desk, whole: Case) -> None:
    """The parts end with the case."""
    for part in parts.of(desk.conn, whole.id):
        if case_states.find(part.track, part.state, "end_part", (case_states.CLOCK,)):
            open_still = part.state not in DONE
            ended = case_moves.make_by_clock(desk, part, "end_part", closed_at=desk.now, paused_at=None)
            if open_still:
                case_cards.update_cards(desk, ended)


def _must_be_whole(desk: Desk, case: Case) -> None:
    case_moves.check(desk, case, "split")
    if case.part_of:
        raise RuleError("case_split_part", code=case.code)


def _named(desk: Desk, piece: str) -> tuple[str, date | None]:
    """A unit as it was typed, folded, and the day behind it."""
    spot = spot_day(piece, desk.today)
    words = piece[: spot.start] + piece[spot.end :] if spot else piece
    return fold(words), spot.day if spot else None


def _due(desk: Desk, case: Case, day: str) -> date:
    """The day of a part: the one that was typed, else a working day before the whole's."""
    if day:
        return date.fromisoformat(day)
    return max(desk.calendar.add(case.due_on, -1), min(desk.today, case.due_on))


def _chosen(desk: Desk, case: Case) -> dict[str, str]:
    """The codes of the units, with the day that was typed for each."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != KIND or dialog.data["case"] != case.id:
        raise RuleError("button_gone")
    return dict(dialog.data["units"])


def _keep(desk: Desk, case: Case, chosen: dict[str, str], shown: str, page: str = "0") -> Reply:
    if len(chosen) > MOST:
        raise RuleError("case_split_many", most=MOST)
    data = {"case": case.id, "units": chosen, "card": shown}
    dialogs.open_dialog(desk.conn, desk.account.id, KIND, data, desk.now, lifetime=LIFETIME)
    return _ask(desk, case, chosen, shown, page)


def _ask(desk: Desk, case: Case, chosen: dict[str, str], shown: str, page: str = "0") -> Reply:
    units = _units(desk)
    likely = case_units.likely(desk, case, units)
    buttons = [
        Choice(
            "case_split_in" if unit.code in chosen else "case_unit",
            f"order:unit:{case.id}:{unit.code}.{page}",
            {"name": unit.name},
        )
        for unit in (*likely, *(unit for unit in units if unit.code in chosen and unit not in likely))
    ]
    more = f"order:units:{case.id}"
    # Nothing changes its number while units are chosen: one typed by an older list means the same.
    rows = [*few(buttons, page, lambda n: f"{more}:{n}", a_page=3, label="case_units_more")]
    rows.append((Choice("case_back", f"order:card:{case.id}"),))
    if len(chosen) >= FEWEST:
        rows.append((Choice("case_split_yes", f"order:dosplit:{case.id}"),))
    named = [{"unit": unit.name, "day": chosen[unit.code] or None} for unit in units if unit.code in chosen]
    facts = {"code": case.code, "chosen": named, "most": MOST, "due": _due(desk, case, "")}
    return Reply("case_split_ask", facts, tuple(rows), edits=shown)


def _units(desk: Desk) -> list[people.Unit]:
    return [u for u in people.all_units(desk.conn) if u.kind not in (COMMITTEE, ISO_UNIT)]
