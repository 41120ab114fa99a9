"""The JSON for other systems: Open311's names, and nothing that is not everybody's to know."""

from __future__ import annotations

import asyncio
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from db.engine import Database
from db.models import cases, events, public_copies, units
from tests.talk import ZONE
from tests.test_cli import Office, office, staffed  # noqa: F401  the fixtures

FIELDS = {  # GET Service Requests of GeoReport v2, as its page lists them
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip
SECRET = "bí mật của dân"
AT = datetime(2021, 3, 1, 8, 30, tzinfo=ZONE)


def fill(conn: Connection) -> None:
    """One public matter and one of each kind that nobody else may read."""
    unit = conn.execute(select(units.c.id).where(units.c.code == "QLDT")).scalar_one()
    shown: dict[str, Any] = {
        "pin_hash": "", "track": "phan_anh", "state": "answered", "category": "duong", "words": SECRET,
        "place": SECRET, "area": "LT", "latitude": 11.8, "longitude": 106.9, "unit_id": unit,
        "received_at": AT, "due_on": date(2021, 3, 8), "answered_at": AT.replace(day=5), "answer": SECRET,
    }  # fmt: skip
    hidden: tuple[dict[str, Any], ...] = (
        {"privacy": "sealed"}, {"privacy": "none"}, {"about_unit_id": unit}, {"state": "removed"},
        {"state": "withdrawn"}, {"track": "khieu_nai", "state": "guided"}, {"track": "hoi_dap"},
        {"received_at": AT.replace(year=2020)}, {"category": "thaido"},
    )  # fmt: skip
    running: dict[str, Any] = {"state": "working", "answered_at": None}
    for number, more in enumerate(({}, running, *hidden)):
        conn.execute(insert(cases).values(code=f"C{number:04}", **{**shown, **more}))
    conn.execute(
        insert(public_copies).values(
            case_id=1, state="shown", words="ổ gà trước chợ", answer="Đã vá.", at=AT, approved_by=None
        )
    )


async def filled(url: str) -> None:
    database = Database(url)
    await database.write(fill)
    await database.close()


@pytest.fixture
def made(staffed: Office) -> list[dict[str, Any]]:  # noqa: F811
    """What the command writes of those."""
    asyncio.run(filled(staffed.settings.database_url))
    written = staffed.types(
        "open311", "--period", "2021", "--why", "report", "--requests", "r.json", "--services", "s.json"
    )
    assert written.exit_code == 0, written.output
    return list(json.loads(Path("r.json").read_text(encoding="utf-8")))


def test_the_fields_are_those_of_georeport_and_hold_what_is_public(made: list[dict[str, Any]]) -> None:
    assert [set(each) for each in made] == [FIELDS, FIELDS]
    first, second = made
    assert (first["service_request_id"], first["status"]) == ("C0000", "closed")
    assert (first["description"], first["status_notes"]) == ("ổ gà trước chợ", "Đã vá.")
    assert first["requested_datetime"] == "2021-03-01T08:30:00+07:00"
    assert first["expected_datetime"].startswith("2021-03-08T")
    assert first["agency_responsible"] == "Phòng Quản lý đô thị"
    assert (first["address"], first["address_id"]) == ("phường Long Thủy", "LT")
    assert (second["status"], second["description"]) == ("open", None)
    services = json.loads(Path("s.json").read_text(encoding="utf-8"))
    assert first["service_code"] in {each["service_code"] for each in services}
    assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} == set(
        services[0]
    )


def test_nothing_private_is_in_it_and_who_took_it_why_is_on_record(
    made: list[dict[str, Any]],
    staffed: Office,  # noqa: F811
) -> None:
    text = json.dumps(made, ensure_ascii=False)
    assert SECRET not in text
    assert "11.8" not in text
    assert {each["service_request_id"] for each in made} == {"C0000", "C0001"}

    async def exported() -> dict[str, Any]:
        database = Database(staffed.settings.database_url)
        query = select(events.c.fields).where(events.c.action == "exported")
        found = await database.read(lambda conn: conn.execute(query).scalar_one())
        await database.close()
        return dict(found)

    assert asyncio.run(exported()) | {"period": ""} == {
        "period": "", "form": "json", "rows": 2, "by": "machine", "why": "report",
    }  # fmt: skip
    assert "--why" in staffed.types("open311", "--requests", "r.json").output
    assert "Chưa rõ kỳ" in staffed.types(
        "open311", "--period", "linh tinh", "--why", "report", "--requests", "r.json"
    ).output  # fmt: skip
