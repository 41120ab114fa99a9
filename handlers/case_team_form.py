"""A leader forms a verification team of people without a stake in the case (plan row KH5.2)."""

from __future__ import annotations

from datetime import date, timedelta

from db import cases, dialogs, people, staff, teams
from db.cases import Case
from db.dialogs import Dialog
from domain import sentences
from domain.chat import Choice, Reply, Rows, Turn
from domain.errors import RuleError
from domain.people import Person
from domain.verification import FEWEST, has_stake, is_named, read_names
from handlers import case_cards, case_draft, case_moves, case_team, case_waits
from handlers.desk import Desk

FORM = "case_team"
LIFETIME = timedelta(minutes=30)


def begin(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Lập ban xác minh]: the names, the head first, and the day, in one line."""
    case_moves.check(desk, case, "form_team")
    if not case_draft.aside(desk, FORM, {"case": case.id, "card": turn.message_id}, LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    back = ((Choice("case_back", f"order:card:{case.id}"),),)
    example = desk.calendar.add(desk.today, 5)
    return [Reply("case_team_ask", {"code": case.code, "day": example}, back, edits=turn.message_id)]


def on_names(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Shows whom the line means and asks once; whoever has a stake in the case is named and refused."""
    if turn.edit or not turn.text.strip():
        return None
    case = cases.access_case(desk.conn, dialog.data["case"], acting=desk.person)
    case_moves.check(desk, case, "form_team")
    if "," not in turn.text and ";" not in turn.text:
        dialogs.close(desk.conn, desk.account.id)
        return None
    members = [_meant(desk, name) for name in read_names(turn.text)]
    members = list({each.id: each for each in members}.values())
    due_on = sentences.find_day(turn.text.split(";", 1)[-1], desk.today)
    if len(members) < FEWEST:
        raise RuleError("case_team_few", fewest=FEWEST)
    if due_on is None or due_on <= desk.today:
        raise RuleError("case_team_day")
    _must_be_free(desk, case, members)
    ids = [each.id for each in members]
    data = {**dialog.data, "members": ids, "due_on": due_on}
    dialogs.open_dialog(desk.conn, desk.account.id, FORM, data, desk.now, lifetime=LIFETIME)
    rows: Rows = (
        (Choice("case_team_yes", f"order:doform:{case.id}"),),
        (Choice("case_back", f"order:card:{case.id}"),),
    )
    facts = {**case_team.named(members), "code": case.code, "due": due_on}
    return [Reply("case_team_sure", facts, rows, edits=dialog.data["card"])]


def form(desk: Desk, turn: Turn, case: Case) -> list[Reply]:
    """[Quyết định]: the team is told; the citizen hears a new day if the old one cannot be kept."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if (
        dialog is None
        or dialog.kind != FORM
        or "members" not in dialog.data
        or dialog.data["case"] != case.id
    ):
        raise RuleError("button_gone")
    members = [people.person(desk.conn, each, desk.today) for each in dialog.data["members"]]
    due_on = date.fromisoformat(dialog.data["due_on"])
    _must_be_free(desk, case, members)
    dialogs.close(desk.conn, desk.account.id)
    answer_by = max(case.due_on, desk.calendar.add(due_on, case_team.answer_days(desk)))
    moved = answer_by != case.due_on
    case = case_moves.make(
        desk, case, "form_team", ("people", "day"), **case_team.until(desk, answer_by) if moved else {}
    )
    team = teams.form(desk.conn, case.id, [each.id for each in members], due_on, desk.person.id, desk.now)
    case_waits.begin(desk, case)
    for member in members:
        case_team.tell(desk, member.id, case_team.team_card(desk, team, case, member))
    case_cards.update_cards(desk, case)
    if moved:
        case_cards.tell_citizen(desk, case, "case_news_team")
    return [case_team.team_card(desk, team, case, desk.person, edits=turn.message_id)]


def _meant(desk: Desk, name: str) -> Person:
    """The one official whom a folded name means; raises ``case_team_unknown`` or ``case_team_several``."""
    known = {each.id: each for each in staff.members(desk.conn, desk.today)}
    found = [each for each in known.values() if is_named(name, each.name)]
    if not found:
        raise RuleError("case_team_unknown", name=name)
    if len(found) > 1:
        people_of = [{"name": each.name, "unit": each.unit_name} for each in found]
        raise RuleError("case_team_several", name=name, people=people_of)
    return people.person(desk.conn, found[0].id, desk.today)


def _must_be_free(desk: Desk, case: Case, members: list[Person]) -> None:
    stakes = teams.stakes(desk.conn, case)
    tied = [each.name for each in members if has_stake(each, stakes)]
    if tied:
        raise RuleError("case_team_conflict", names=tied)
    unreached = [each.name for each in members if people.account_of(desk.conn, each.id) is None]
    if unreached:
        raise RuleError("case_team_unreached", names=unreached)
