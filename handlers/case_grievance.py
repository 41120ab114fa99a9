"""Grievances (khiếu nại): a chat is no đơn, so the rights, the clock, the form and an appointment."""

from __future__ import annotations

from domain.cases import Draft
from domain.chat import Choice, Picture, Reply
from handlers import appointments, case_draft, case_filing
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
    """The next free slots of the citizens' reception; choosing one is the consent to the pre-note."""
    rows = appointments.slots(desk, f"case:day:{draft.token}")
    back = (Choice("case_drop", f"case:drop:{draft.token}"),)
    key = "case_grievance_choose" if rows else "appointment_full"
    return [Reply(key, {}, (*rows, back), edits=shown_in, slot=case_draft.SLOT)]


def chosen(desk: Desk, draft: Draft, day: str, slot: str, shown_in: str) -> list[Reply]:
    """Keeps the pre-note for a slot that was offered and still has room."""
    return case_filing.note_grievance(desk, draft, day, slot, shown_in)
