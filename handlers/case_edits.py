"""A message edited after its case was filed: a new version, shown to whoever works on the case."""

from __future__ import annotations

from db import audit, case_versions, cases
from domain.cases import LONGEST, UNANSWERED
from domain.chat import Reply, Turn
from domain.errors import RuleError
from handlers import case_followup, case_privacy
from handlers.desk import Desk


def edited(desk: Desk, turn: Turn) -> list[Reply]:
    """Takes the new wording while the case is open; the words before stay for audit."""
    words = turn.text.strip()
    old = case_versions.find(desk.conn, desk.account.id, turn.message_id)
    if old is None or not words:
        return [Reply("edit_too_late")]
    case = cases.access_own(desk.conn, old.case_id, desk.account.id)
    words = case_privacy.kept(case, words)
    if words == old.words:
        return []
    if case.state not in UNANSWERED:
        raise RuleError("case_edit_closed", code=case.code)
    if len(words) > LONGEST:
        raise RuleError("case_too_long", most=LONGEST)
    urgent = desk.committee.screening.is_emergency
    replies = [Reply("emergency")] if urgent(words) and not urgent(old.words) else []
    case_versions.edit(desk.conn, old, words, desk.now)
    audit.record(desk.conn, "case", case.id, "edited", desk.now, version=old.number + 1)
    case = cases.access_own(desk.conn, case.id, desk.account.id)
    case_followup.tell_officials(desk, case, words, "case_card_edited")
    return [
        *replies,
        Reply("case_edited", {"code": case.code, "told": words}, slot=f"case-edited:{case.id}", wait=2),
    ]
