"""One tick: everything the time asks for, in one transaction; running it again adds nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from db import calendar as calendar_db
from db import dialogs, files, inbox
from domain.committee import Committee
from scheduler import appointments, calendar_year, case_answers, case_digest, remind, retention
from scheduler.deliver import LookAgain


def run(conn: Connection, now: datetime, committee: Committee) -> None:
    """Materialises and takes what is due since whenever, never "what is due today"."""
    calendar = calendar_db.load(conn, committee.zone)
    remind.run(conn, now, committee, calendar)
    calendar_year.run(conn, now, calendar)
    appointments.run(conn, now, calendar)
    retention.run(conn, now, committee, calendar)
    for _, dialog in dialogs.expire(conn, now):
        if dialog.kind == "case_draft":
            files.drop(conn, list(dialog.data["files"]))
    inbox.tidy(conn, now)


def next_due(conn: Connection, now: datetime, committee: Committee) -> datetime | None:
    """The next moment at which :func:`run` would do something."""
    calendar = calendar_db.load(conn, committee.zone)
    moments = (
        remind.next_due(conn, now, committee, calendar),
        calendar_year.next_due(conn, now, calendar),
        appointments.next_due(conn, now, calendar),
        retention.next_due(conn, now, committee, calendar),
        dialogs.next_expiry(conn),
    )
    return min((moment for moment in moments if moment is not None), default=None)


def look_again(committee: Committee) -> Mapping[str, LookAgain]:
    """How each kind of queued card is worded anew just before it is sent."""
    return {
        **remind.look_again(committee),
        "case_answer": case_answers.look_again,
        case_digest.KIND: case_digest.look_again(committee),
        appointments.KIND: appointments.look_again,
    }


def office_facts(committee: Committee, language: str = "") -> Mapping[str, object]:
    """What every template may say of the committee, as ``office``; ``names``: in the language."""
    names = committee.names.get(language, {})
    facts = {
        "name": committee.name,
        "place": committee.place,
        "address": committee.address,
        "phone": committee.phone,
        "hours": committee.hours,
        "reception_place": committee.reception_place,
        "kept_months": committee.retention.longest,
        "emergency": committee.emergency,
        "numbers": ", ".join(re.findall(r"\d+", committee.emergency)),
    }
    return {name: names.get(str(fact), fact) for name, fact in facts.items()} | {"names": names}
