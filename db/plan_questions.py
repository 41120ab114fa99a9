"""The contradictions of a plan that wait for a leader's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.models import decisions
from domain.words import fold

LEADERS = {"ct", "ld"}  # the chairman, the leaders; folded


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """A contradiction of the plan that a leader has not decided."""

    id: int
    code: str
    place: str
    problem: str
    default_answer: str


def undecided(conn: Connection, plan_id: int) -> list[PlanQuestion]:
    """The contradictions that change figures, belong to the leaders and are not decided."""
    rows = conn.execute(
        select(decisions)
        .where(
            decisions.c.plan_id == plan_id,
            decisions.c.asked_first,
            decisions.c.decided_at.is_(None),
        )
        .order_by(decisions.c.code)
    )
    return [
        PlanQuestion(r.id, r.code, r.place, r.problem, r.default_answer)
        for r in rows
        if LEADERS & set(fold(r.owner).split())
    ]


def decide_by_default(conn: Connection, question_id: int, *, by: int, now: datetime) -> str | None:
    """Takes the default answer of an undecided contradiction; its code, None if it is decided."""
    row = conn.execute(
        select(decisions).where(decisions.c.id == question_id, decisions.c.decided_at.is_(None))
    ).first()
    if row is None:
        return None
    conn.execute(
        decisions.update()
        .where(decisions.c.id == question_id)
        .values(answer=row.default_answer, decided_by=by, decided_at=now)
    )
    return str(row.code)
