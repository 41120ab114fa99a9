"""Reports and wishes for more time that wait for, or got, a decision; and the one gate to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from db import audience, people, rungs
from db.models import extensions, files, submissions
from db.models import rungs as rungs_table
from db.tasks import called, tasks_of
from domain.errors import RuleError
from domain.people import LEADER, Person
from domain.tasks import Decision


def by_ref(conn: Connection, ref: str, today: date) -> Decision:
    """A report or wish by its short name ("s12"); raises ``task_gone``."""
    table = {"s": submissions, "e": extensions}.get(ref[:1])
    if table is None or not ref[1:].isdigit():
        raise RuleError("task_gone")
    row = conn.execute(select(table).where(table.c.id == int(ref[1:]))).first()
    if row is None:
        raise RuleError("task_gone")
    return _decision(conn, ref[0], row, today)


def access(conn: Connection, ref: str, *, acting: Person, today: date) -> Decision:
    """A report or wish that this person may decide (:func:`place_of`).

    Raises ``task_gone`` for a missing and for a forbidden one alike.
    """
    found = by_ref(conn, ref, today)
    if place_of(conn, found, acting.id, today) is None:
        raise RuleError("task_gone")
    return found


def place_of(conn: Connection, each: Decision, person_id: int, today: date) -> int | None:
    """By whose right a person may decide: their own, or that of somebody on leave; None if by none.

    Nobody decides on what they did themselves or what was done in their name.
    """
    if person_id in (each.reporter_id, each.by_id):
        return None
    able = deciders(conn, each.reporter_id, each.by_id, each.task.unit_id, today)
    if person_id in able:
        return person_id
    absent = audience.absent_of(conn, person_id, today)
    return next((one for one in able if one in absent), None)


def deciders(conn: Connection, reporter_id: int, by_id: int | None, unit_id: int, today: date) -> list[int]:
    """Who stands above a report, the nearest first; never who did it (``by_id``) nor whoever is below them.

    Where that leaves nobody, as for the chairman's deputy, the leaders decide.
    """
    above = people.superiors(conn, reporter_id, unit_id, today)
    if by_id in (None, reporter_id):
        return above
    if by_id in above:
        above = above[above.index(by_id) + 1 :]
    return above or [one for one in people.holders(conn, LEADER, today) if one not in (reporter_id, by_id)]


def waiting_for(conn: Connection, person: Person, today: date) -> list[Decision]:
    """The reports and wishes for more time that wait for this person, the oldest first.

    They are those whose confirmer the person is or stands in for, and those that were brought up to
    them because the confirmer stayed silent.
    """
    mine = {person.id, *audience.absent_of(conn, person.id, today)}
    return [
        each
        for each in _waiting(conn, today)
        if (each.confirmer_id in mine or _was_told(conn, each, person.id))
        and place_of(conn, each, person.id, today) is not None
    ]


def latest_report(conn: Connection, task_id: int, today: date) -> Decision | None:
    """The last submission for a task."""
    row = conn.execute(
        select(submissions)
        .where(submissions.c.task_id == task_id, submissions.c.state != "replaced")
        .order_by(submissions.c.id.desc())
        .limit(1)
    ).first()
    return _decision(conn, "s", row, today) if row else None


def latest_extension(conn: Connection, task_id: int, today: date) -> Decision | None:
    """The last wish for more time for a task."""
    row = conn.execute(
        select(extensions)
        .where(extensions.c.task_id == task_id, extensions.c.state != "replaced")
        .order_by(extensions.c.id.desc())
        .limit(1)
    ).first()
    return _decision(conn, "e", row, today) if row else None


def confirmer_of(
    conn: Connection, reporter_id: int, by_id: int | None, unit_id: int, today: date
) -> int | None:
    """Who decides on a report: the nearest of the deciders, of those we can reach if there is one."""
    above = deciders(conn, reporter_id, by_id, unit_id, today)
    return next((each for each in above if people.account_of(conn, each)), above[0] if above else None)


def without_rungs(conn: Connection, today: date) -> list[Decision]:
    """Waiting reports and wishes with somebody to decide, for which no rungs are laid yet."""
    found: list[Decision] = []
    for kind, table in (("s", submissions), ("e", extensions)):
        laid = select(rungs_table.c.id).where(
            rungs_table.c.subject == subject_of(kind), rungs_table.c.subject_id == table.c.id
        )
        query = select(table).where(table.c.state == "waiting", ~laid.exists()).order_by(table.c.id)
        found += [_decision(conn, kind, row, today) for row in conn.execute(query).all()]
    return [each for each in found if each.confirmer_id]


def subject_of(kind: str) -> str:
    """The subject of the rungs of a decision of this kind."""
    return "submission" if kind == "s" else "extension"


def _was_told(conn: Connection, each: Decision, person_id: int) -> bool:
    return rungs.told(conn, subject_of(each.kind), each.id, person_id)


def _waiting(conn: Connection, today: date) -> list[Decision]:
    found: list[Decision] = []
    for kind, table in (("s", submissions), ("e", extensions)):
        rows = conn.execute(select(table).where(table.c.state == "waiting").order_by(table.c.id)).all()
        found += [_decision(conn, kind, row, today) for row in rows]
    return sorted(found, key=lambda each: (each.at, each.ref))


def _decision(conn: Connection, kind: str, row: Row[Any], today: date) -> Decision:
    task = tasks_of(conn, [row.task_id], today)[0]
    confirmer = row.decided_by or confirmer_of(conn, row.person_id, row.by_id, task.unit_id, today)
    facts: dict[str, Any] = {
        "id": row.id,
        "task": task,
        "reporter_id": row.person_id,
        "reporter": called(conn, row.person_id, today),
        "confirmer_id": confirmer,
        "confirmer": called(conn, confirmer, today),
        "at": row.at,
        "state": row.state,
        "reason": row.reason,
        "account_id": row.account_id,
        "message_id": row.message_id,
        "by_id": row.by_id,
        "by": called(conn, row.by_id, today),
    }
    if kind == "e":
        return Decision("e", from_day=row.from_day, to_day=row.to_day, refusal=row.refusal, **facts)
    count = select(func.count()).where(and_(files.c.subject == "submission", files.c.subject_id == row.id))
    return Decision(
        "s",
        document=row.document,
        document_date=row.document_date,
        words=row.words,
        files=int(conn.execute(count).scalar() or 0),
        evidence_by=row.evidence_by,
        **facts,
    )
