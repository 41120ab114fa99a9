"""Verification teams that officials proposed and no leader has decided about yet (plan row KH5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from db import case_timers
from db.models import case_messages, cases
from db.models import case_timers as table
from db.sight import visible_to
from domain.cases import OPEN
from domain.people import Person

WAITING = (case_timers.VERIFY, case_timers.VERIFY_WEEKLY)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case, and since when its proposal waits."""

    id: int
    code: str
    since: datetime


def waiting(conn: Connection, case_ids: Iterable[int], viewer: Person | None) -> list[Proposal]:
    """Those of some cases for which a proposal waits, as far as an official may see them."""
    since = (
        select(func.max(case_messages.c.at))
        .where(case_messages.c.case_id == cases.c.id, case_messages.c.kind == "verify")
        .scalar_subquery()
    )
    waits = cases.c.id.in_(select(table.c.case_id).where(table.c.kind.in_(WAITING)))
    mine = (cases.c.id.in_(list(case_ids)), cases.c.state.in_(OPEN), waits, visible_to(viewer))
    query = select(cases.c.id, cases.c.code, since.label("since")).where(*mine).order_by(cases.c.id)
    return [Proposal(row.id, row.code, row.since) for row in conn.execute(query) if row.since is not None]
