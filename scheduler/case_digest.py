"""The evening's message about cases that changed after their sender had heard enough for a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import cases, followers
from db.outbox import Due
from domain.cases import ASKED, JOINED, OPEN, RECEIVED, WORKING
from domain.chat import Choice, Reply
from domain.committee import Committee
from scheduler.deliver import LookAgain

KIND = "case_digest"


def look_again(committee: Committee) -> LookAgain:
    """Words the message anew; None if what it was about has been answered, asked or taken away meanwhile."""
    kinds = committee.category_names

    def reworded(conn: Connection, due: Due, now: datetime) -> Reply | None:
        today = calendar_db.load(conn, committee.zone).today(now)
        lines, choices = [], []
        for case_id in due.card["cases"]:
            case = cases.get(conn, int(case_id))
            if case is None or case.account_id != due.account_id:
                continue
            lead = followers.lead(conn, case)
            if lead.state not in OPEN or case.state == ASKED:
                continue  # these have a message of their own
            state = case.state
            if state == JOINED:
                state = RECEIVED if lead.state == RECEIVED else WORKING
            known = {"code": case.code, "track": case.track, "kind": kinds.get(case.category, "")}
            lines.append({**known, "state": state, "due": lead.due_on, "late": lead.due_on < today})
            choices.append((Choice("case_code", f"case:show:{case.id}", {"code": case.code}),))
        if not lines:
            return None
        return Reply("case_digest", {"cases": lines}, tuple(choices), slot=due.reply.slot)

    return reworded
