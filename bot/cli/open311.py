"""``congvu open311``: citizens' matters as JSON for other systems, in the fields of Open311 GeoReport v2.

https://wiki.open311.org/GeoReport_v2/ : *Service List* and *Service Requests*.  Fields whose content could
lead to a person (coordinates, pictures, the sender's words) are there and null.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from bot.cli.office import in_database, now, today
from bot.cli.words import say
from bot.committee import committee_folder, load_committee
from bot.config import load_settings
from db import audit, open_requests
from db import calendar as calendar_db
from db.open_requests import OpenRequest
from domain import periods
from domain.calendar import CLOSES, Calendar
from domain.cases import DONE
from domain.committee import Category, Committee
from domain.errors import RuleError
from domain.words import fold
from handlers.exports import PURPOSES
from handlers.register import span
from locales import Wording

FILE = say("cli_file_metavar")
_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("open311", help=say("cli_open311_help"), options_metavar=say("cli_usage_options"))
@click.option("--period", "asked", default="", metavar=say("cli_words"), help=say("cli_register_period"))
@click.option("--why", type=click.Choice(PURPOSES), required=True, help=say("cli_register_why"))
@click.option("--services", type=_FILE, metavar=FILE, help=say("cli_open311_services"))
@click.option("--requests", type=_FILE, metavar=FILE, required=True, help=say("cli_open311_requests"))
def open311(asked: str, why: str, services: Path | None, requests: Path) -> None:
    """Writes the matters of a period, this year's where none is named, and the kinds there are."""
    settings = load_settings()
    committee = load_committee(committee_folder(settings.committee), settings.zone)
    period, more = periods.read(fold(asked) or str(today(settings).year), today(settings))
    if more:
        raise RuleError("summary_period_unknown")
    kinds = {kind.code: kind for kind in committee.categories if not (kind.personal or kind.about_staff)}

    def take(conn: Connection) -> list[dict[str, Any]]:
        calendar = calendar_db.load(conn, settings.zone)
        wording = Wording(settings.zone, {"name": committee.name})
        found = open_requests.received(conn, *span(calendar, period), kinds)
        audit.record(
            conn, "open311", period.year, "exported", now(),
            period=period.key, form="json", rows=len(found), by="machine", why=why,
        )  # fmt: skip
        return [_request(each, kinds[each.category], committee, calendar, wording) for each in found]

    made = in_database(settings, take)
    _write(requests, made)
    if services is not None:
        _write(services, [_service(kind) for kind in kinds.values()])
    click.echo(say("cli_register_written", path=str(requests), count=len(made)))


def _service(kind: Category) -> dict[str, Any]:
    return {
        "service_code": kind.code,
        "service_name": kind.name,
        "description": kind.notice or kind.name,
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(kind.words),
        "group": "",
    }


def _request(
    each: OpenRequest, kind: Category, committee: Committee, calendar: Calendar, wording: Wording
) -> dict[str, Any]:
    moments = [moment for moment in (each.received_at, each.answered_at, each.closed_at) if moment]
    return {
        "service_request_id": each.code,
        "status": "closed" if each.state in DONE else "open",
        "status_notes": each.answer or wording.label(f"register_state_{each.state}", {}),
        "service_name": kind.name,
        "service_code": kind.code,
        "description": each.words or None,
        "agency_responsible": each.unit_name,
        "service_notice": kind.notice or None,
        "requested_datetime": each.received_at.astimezone(calendar.zone).isoformat(timespec="seconds"),
        "updated_datetime": max(moments).astimezone(calendar.zone).isoformat(timespec="seconds"),
        "expected_datetime": calendar.at(each.due_on, CLOSES).isoformat(timespec="seconds"),
        "address": committee.areas.name(each.area) or None,
        "address_id": each.area or None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
