"""The sheet by which the one-stop counter says sorry for a late dossier and names a new day, as a draft."""

from __future__ import annotations

from db import dossiers, late_dossiers
from db import tasks as tasks_db
from domain.chat import Choice, Picture, Reply, Turn
from domain.errors import RuleError
from domain.tasks import Task
from handlers.desk import Desk
from handlers.task_cards import number_in


def offers(task: Task) -> Choice | None:
    """[Phiếu xin lỗi (Word)] on the task that asks for one."""
    if not task.is_open or not late_dossiers.number_of(task.code):
        return None
    return Choice("apology_form", f"task:sorry:{task.id}")


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """The draft, for whoever may see the task; name, reason and new day are written in by hand."""
    task = tasks_db.access_task(desk.conn, number_in(arguments), acting=desk.person, today=desk.today)
    found = dossiers.get(desk.conn, late_dossiers.number_of(task.code))
    if found is None:
        raise RuleError("button_gone")
    dossier, _ = found
    values = {
        "zone": str(desk.committee.zone),
        "office": {"name": desk.committee.name, "place": desk.committee.place},
        "unit": task.unit_name,
        "number": dossier.number,
        "procedure": dossier.procedure,
        "due": dossier.due_on,
    }
    file = Picture("document", f"phieu-xin-loi-{dossier.number}.docx", drawing="apology", values=values)
    return [Reply("apology_sent", {"number": dossier.number}, pictures=(file,))]
