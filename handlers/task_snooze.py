"""[Nhắc lại sau]: shows the early reminders of a card once more this afternoon or tomorrow, twice at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db import audit, outbox, rungs
from db import tasks as tasks_db
from domain.calendar import AFTERNOON, OPENS
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.tasks import Task
from domain.work_cards import SNOOZED
from handlers.desk import Desk

MOST = 2
"""How often one rung may be put off."""


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Asks when, or puts the card's early reminders off; never past a due day, never an escalation."""
    card = outbox.card_of(desk.conn, desk.account.id, turn.message_id)
    when = {"pm": _this_afternoon(desk), "am": _tomorrow(desk)}
    if not arguments:
        choices = tuple(
            Choice(f"snooze_{name}", f"task:snooze:{name}")
            for name, moment in when.items()
            if _may_be_put_off(desk, card, moment)
        )
        if not choices:
            raise RuleError("snooze_enough")
        kept = {"snooze": list(card.get("items", ())), "rungs": dict(card.get("rungs", {}))}
        return [Reply("snooze_ask", {}, (choices,), card=kept)]
    moment = when.get(arguments[0])
    found = _may_be_put_off(desk, card, moment)
    if moment is None or not found:
        raise RuleError("snooze_enough")
    for task, period in found:
        rungs.add(
            desk.conn,
            "task",
            task.id,
            desk.person.id,
            "snooze",
            moment,
            period=period,
            schedule=task.schedule,
        )
        audit.record(desk.conn, "task", task.id, "snoozed", desk.now, actor_id=desk.person.id, until=moment)
    return [Reply("snooze_done", {"at": moment, "count": len(found)}, edits=turn.message_id)]


def _may_be_put_off(desk: Desk, card: Mapping[str, Any], moment: datetime | None) -> list[tuple[Task, str]]:
    """The person's own tasks of the card whose early reminder may come again then, with the number of it."""
    names = dict(card.get("rungs", {}))
    refs = [ref for ref in card.get("snooze", card.get("items", ())) if names.get(ref) in SNOOZED]
    found = []
    for task in tasks_db.tasks_of(desk.conn, [int(ref[1:]) for ref in refs], desk.today):
        if task.assignee_id != desk.person.id or not task.is_open or task.due_on is None or moment is None:
            continue
        before = rungs.snoozes(desk.conn, task.id, desk.person.id, task.schedule)
        name = names[f"t{task.id}"]
        base = before[-1].split("/")[0] if name == "snooze" and before else name
        times = sum(each.startswith(f"{base}/") for each in before)
        if times < MOST and desk.now < moment and desk.calendar.today(moment) <= task.due_on:
            found.append((task, f"{base}/{times + 1}"))
    return found


def _this_afternoon(desk: Desk) -> datetime:
    return desk.calendar.at(desk.today, AFTERNOON)


def _tomorrow(desk: Desk) -> datetime:
    return desk.calendar.at(desk.calendar.add(desk.today, 1), OPENS)
