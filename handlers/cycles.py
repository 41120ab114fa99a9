"""What a unit did about its standing rows: a tap and a line; dated lines of plans; things that came up."""

from __future__ import annotations

from db import audience, cycles, dialogs, task_upkeep
from db import tasks as tasks_db
from db.dialogs import Dialog
from domain import cycle_cards, dated_lines, sentences
from domain.chat import Choice, Reply, Turn, in_rows
from domain.cycles import NOTHING, REPORT, SUBPLAN, Cycle
from domain.errors import RuleError
from domain.people import LEADER
from domain.plan import ON_EVENT
from domain.tasks import Task
from domain.words import fold
from handlers.desk import Desk
from handlers.task_cards import acts, number_in

SHOWN = 4
WORDS_ENOUGH = 3
FINISHED = ("xong", "het", "het roi", "xong roi", "du roi")


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice ``cycle:verb:…``; only officials have any."""
    verb, *rest = arguments or [""]
    if not desk.person.is_official:
        raise RuleError("button_gone")
    if verb == "list":
        return [_list(desk, rest[0] if rest else "")]
    if verb == "open":
        return [_open(desk, number_in(rest), turn.message_id)]
    if verb == "event":
        return _press_event(desk, turn, number_in(rest))
    cycle = _own(desk, number_in(rest))
    if verb == "none" and cycle.kind not in (REPORT, SUBPLAN):
        cycles.answer(desk.conn, cycle, desk.person.id, desk.now, state=NOTHING)
        return [_list(desk, cycle.sort, turn.message_id, said=cycle.title)]
    if verb == "sign" and cycle.kind == REPORT:
        return _take(desk, cycle, "", turn.message_id)
    if verb not in ("did", "line"):
        raise RuleError("button_gone")
    if turn.text.strip():
        return _take(desk, cycle, turn.text.strip(), turn.message_id)
    return _ask(desk, cycle)


def answer_list(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """A number and a line after the list: which turn, and what was done."""
    number, rest = sentences.split_item(turn.text)
    ids = list(dialog.data["items"])
    if number is None or not 0 < number <= len(ids):
        dialogs.close(desk.conn, desk.account.id)
        return None
    cycle = _own(desk, int(ids[number - 1]))
    return _take(desk, cycle, rest, str(dialog.data["message"])) if rest else _ask(desk, cycle)


def answer_line(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The line that was asked for; lines of a plan go on until the person says that it is all."""
    if not turn.text.strip():
        return None
    data = dialog.data
    if data["kind"] == "event":
        return _take_event(desk, _standing(desk, int(data["task"])), turn.text)
    if data["kind"] == "subplan":
        return _take_line(desk, _standing(desk, int(data["task"])), turn.text, int(data["count"]))
    return _take(desk, _own(desk, int(data["cycle"])), turn.text.strip(), "")


def offers_event(desk: Desk, task: Task) -> Choice | None:
    """[Ghi việc phát sinh], for whoever holds a row that works "khi có phát sinh"."""
    may = acts(desk, task) and task.grown_from is None and not task.is_parent
    if may and task.is_open and task_upkeep.row_kind(desk.conn, task.id) == ON_EVENT:
        return Choice("event_add", f"cycle:event:{task.id}", takes_text=True)
    return None


def _list(desk: Desk, sort: str, edits: str = "", *, said: str = "") -> Reply:
    """The person's open turns of a sort with a button each; typed answers name them by number.

    ``said`` is the one just answered.
    """
    mine = [each for each in cycles.mine(desk.conn, desk.person.id, desk.today) if sort in ("", each.sort)]
    shown = mine[:SHOWN]
    dialogs.close(desk.conn, desk.account.id)
    if shown:
        data = {"items": [cycle.id for cycle in shown], "message": edits}
        dialogs.open_dialog(desk.conn, desk.account.id, "cycle_list", data, desk.now)
    items = [
        {
            "n": n,
            "kind": cycle.kind,
            "title": cycle.title,
            "period": cycle_cards.period_facts(cycle.period),
            "due_on": cycle.due_on,
            "figures": cycles.unit_figures(desk.conn, cycle.unit_id, cycle.due_on),
        }
        for n, cycle in enumerate(shown, 1)
    ]
    answers = [_choices(n, cycle) for n, cycle in enumerate(shown, 1)]
    # The first answer of every turn, then the second: where numbers are typed, ③ is number 3.
    columns = ([row[at] for row in answers if at < len(row)] for at in range(2))
    rows = tuple(row for column in columns for row in in_rows(column, 2))
    facts = {
        "said": said,
        "items": items,
        "count": len(mine),
        "more": len(mine) - len(shown),
        "called": desk.person.called,
    }
    return Reply("cycle_list", facts, rows, edits=edits)


def _open(desk: Desk, cycle_id: int, edits: str) -> Reply:
    """One turn: what is asked, until when, and the answers for whoever may give them."""
    found = cycles.of(desk.conn, [cycle_id], desk.today)
    if not found or not _may_see(desk, found[0]):
        raise RuleError("cycle_gone")
    cycle = found[0]
    acts_for = _holds(desk, cycle)
    facts = {
        "kind": cycle.kind,
        "title": cycle.title,
        "who": cycle.assignee,
        "unit": cycle.unit_name,
        "period": cycle_cards.period_facts(cycle.period),
        "due_on": cycle.due_on,
        "days": desk.calendar.between(desk.today, cycle.due_on),
        "open": cycle.is_open,
        "words": cycle.words,
        "figures": cycles.unit_figures(desk.conn, cycle.unit_id, cycle.due_on),
    }
    answers = _choices(0, cycle) if cycle.is_open and acts_for else ()
    back = (Choice("task_to_list", f"task:list:{'mine' if acts_for else 'unit'}:0"),)
    return Reply("cycle_detail", facts, tuple(row for row in (answers, back) if row), edits=edits)


def _may_see(desk: Desk, cycle: Cycle) -> bool:
    """Whoever sees the standing task; of a unit's report its people and those above."""
    if cycle.task_id is None:
        return cycle.unit_id in desk.person.unit_ids or desk.person.has(LEADER) or _holds(desk, cycle)
    try:
        tasks_db.access_task(desk.conn, cycle.task_id, acting=desk.person, today=desk.today)
    except RuleError:
        return False
    return True


def _holds(desk: Desk, cycle: Cycle) -> bool:
    return audience.acts_for(desk.conn, desk.person.id, cycle.assignee_id, desk.today)


def _choices(n: int, cycle: Cycle) -> tuple[Choice, ...]:
    if cycle.kind == REPORT:
        return (Choice("cycle_sign", f"cycle:sign:{cycle.id}", {"n": n}),)
    if cycle.kind == SUBPLAN:
        return (Choice("cycle_line", f"cycle:line:{cycle.id}", {"n": n}, takes_text=True),)
    return (
        Choice("cycle_did", f"cycle:did:{cycle.id}", {"n": n}, takes_text=True),
        Choice("cycle_nothing", f"cycle:none:{cycle.id}", {"n": n}),
    )


def _ask(desk: Desk, cycle: Cycle) -> list[Reply]:
    if cycle.kind == REPORT:
        return [_list(desk, REPORT)]
    kind = "subplan" if cycle.kind == SUBPLAN else "cycle"
    data = {"kind": kind, "cycle": cycle.id, "task": cycle.task_id, "count": 0}
    dialogs.open_dialog(desk.conn, desk.account.id, "cycle_line", data, desk.now)
    return [Reply("cycle_ask_line" if kind == "subplan" else "cycle_ask", {"title": cycle.title})]


def _take(desk: Desk, cycle: Cycle, words: str, edits: str) -> list[Reply]:
    if cycle.kind == SUBPLAN:
        return _take_line(desk, _standing(desk, cycle.task_id or 0), words, 0)
    if cycle.kind == REPORT:
        figures = cycles.unit_figures(desk.conn, cycle.unit_id, cycle.due_on)
        cycles.answer(desk.conn, cycle, desk.person.id, desk.now, words=words, figures=figures)
    elif len(words) < WORDS_ENOUGH:
        return _ask(desk, cycle)
    else:
        cycles.answer(desk.conn, cycle, desk.person.id, desk.now, words=words)
    return [_list(desk, cycle.sort, edits, said=cycle.title)]


def _take_line(desk: Desk, task: Task, words: str, count: int) -> list[Reply]:
    if fold(words) in FINISHED and count:
        dialogs.close(desk.conn, desk.account.id)
        return [Reply("cycle_line_done", {"count": count})]
    title, day = dated_lines.split(words, desk.today)
    if day is None:
        return [Reply("cycle_line_day")]
    due_on = desk.calendar.back(day)
    if due_on < desk.today:
        return [Reply("cycle_line_past", {"day": day})]
    if len(title) < WORDS_ENOUGH:
        return [Reply("cycle_line_words", {"day": day})]
    task_upkeep.add_line(desk.conn, task, title, due_on, desk.person.id, desk.now, desk.today)
    data = {"kind": "subplan", "cycle": 0, "task": task.id, "count": count + 1}
    dialogs.open_dialog(desk.conn, desk.account.id, "cycle_line", data, desk.now)
    return [Reply("cycle_line_added", {"title": title, "due_on": due_on})]


def _press_event(desk: Desk, turn: Turn, task_id: int) -> list[Reply]:
    task = _standing(desk, task_id)
    if turn.text.strip():
        return _take_event(desk, task, turn.text)
    data = {"kind": "event", "cycle": 0, "task": task.id, "count": 0}
    dialogs.open_dialog(desk.conn, desk.account.id, "cycle_line", data, desk.now)
    return [Reply("event_ask", {"title": task.title})]


def _take_event(desk: Desk, task: Task, words: str) -> list[Reply]:
    title, day = dated_lines.split(words, desk.today)
    if len(title) < WORDS_ENOUGH:
        return [Reply("event_words")]
    days = desk.committee.ladders["event"].days
    due_on = desk.calendar.back(day) if day else desk.calendar.add(desk.today, days)
    if due_on < desk.today:
        return [Reply("cycle_line_past", {"day": due_on})]
    task_upkeep.grow(desk.conn, task, title, due_on, desk.person.id, desk.now)
    dialogs.close(desk.conn, desk.account.id)
    return [Reply("event_added", {"title": title, "due_on": due_on})]


def _own(desk: Desk, cycle_id: int) -> Cycle:
    """An open turn the person answers for; raises ``cycle_gone``."""
    for cycle in cycles.of(desk.conn, [cycle_id], desk.today):
        if cycle.is_open and _holds(desk, cycle):
            return cycle
    raise RuleError("cycle_gone")


def _standing(desk: Desk, task_id: int) -> Task:
    task = tasks_db.access_own(desk.conn, task_id, acting=desk.person, today=desk.today)
    if not task.is_open:
        raise RuleError("cycle_gone")
    return task


DIALOGS = {"cycle_list": answer_list, "cycle_line": answer_line}
