"""Grievances (khiếu nại): a chat is no đơn, so the rights, the clock, the form and an appointment."""

from __future__ import annotations

from domain.cases import Draft, reception_days
from domain.chat import Choice, Picture, Reply
from domain.errors import RuleError
from handlers import case_draft, case_filing
from handlers.desk import Desk

FORM = "don-khieu-nai.docx"


def offer(desk: Desk, draft: Draft) -> Reply:
    """What the law asks for and what can be done here and now; nothing is filed yet."""
    limit = desk.committee.limits["khieu_nai_thoi_hieu"]
    token = draft.token
    return Reply(
        "case_grievance",
        {"days": limit.value, "day_kind": limit.unit, "source": limit.source},
        (
            (Choice("case_grievance_days", f"case:days:{token}"),),
            (Choice("case_grievance_form", f"case:form:{token}"),),
            (
                Choice("case_grievance_plain", f"case:plain:{token}"),
                Choice("case_drop", f"case:drop:{token}"),
            ),
        ),
        edits=case_draft.shown_in(desk, draft),
        slot=case_draft.SLOT,
        wait=1,
        card={"draft": token},
    )


def form(desk: Desk, draft: Draft) -> list[Reply]:
    """The form as a file; where files cannot go, the words say where the paper is."""
    paper = Picture("document", FORM, drawing="grievance_form", values={"office": desk.committee.name})
    return [Reply("case_grievance_form_sent", {}, pictures=(paper,))]


def days(desk: Desk, draft: Draft, shown_in: str) -> list[Reply]:
    """The next days of the citizens' reception; choosing one is the consent to the pre-note."""
    offered = reception_days(desk.calendar, desk.committee.reception_days, desk.today)
    rows = tuple(
        (Choice("case_day", f"case:day:{draft.token}:{day.isoformat()}", {"day": day}),) for day in offered
    )
    back = (Choice("case_drop", f"case:drop:{draft.token}"),)
    return [Reply("case_grievance_choose", {}, (*rows, back), edits=shown_in, slot=case_draft.SLOT)]


def chosen(desk: Desk, draft: Draft, day: str, shown_in: str) -> list[Reply]:
    """Keeps the pre-note for a day that was offered and is still ahead."""
    offered = reception_days(desk.calendar, desk.committee.reception_days, desk.today)
    if day not in {each.isoformat() for each in offered}:
        raise RuleError("case_day_gone")
    return case_filing.note_grievance(desk, draft, day, shown_in)
