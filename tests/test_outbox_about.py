"""Messages of before the column came say which case or team they tell of, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, insert, select

from db import migrate
from db.engine import Database
from db.models import outbox
from tests.conftest import new_postgres

NOW = datetime(2021, 1, 4, tzinfo=UTC)
MESSAGES: tuple[tuple[str, dict[str, object], str], ...] = (
    ("case-card:7", {"case": 7}, "case:7"),
    ("case-team:3", {"team": 3}, "team:3"),
    ("case-card:9", {}, "case:9"),
    ("case_draft", {}, ""),
    ("case-digest", {"kind": "case_digest", "cases": [1, 2]}, ""),
)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_what_was_sent_before_is_found_too(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if engine == "postgresql":
        url = await new_postgres(request.getfixturevalue("postgres_folder"))
    await migrate.upgrade(url, "0031")

    def fill(conn: Connection) -> None:
        then = MetaData()
        then.reflect(conn, only=["outbox"])  # and what it refers to, as it all was then
        people, accounts = then.tables["people"], then.tables["accounts"]
        conn.execute(insert(people).values(id=1, name="", address="", created_at=NOW))
        chat = {"channel": "zalo", "external_id": "z", "preferred": True}
        conn.execute(insert(accounts).values(id=1, person_id=1, created_at=NOW, **chat))
        of_all = {"account_id": 1, "priority": 1, "state": "sent", "attempts": 0, "message_id": "m"}
        of_all |= {"channel": "zalo", "edits": "", "captioned": False, "repeats": False, "error": ""}
        for slot, card, _ in MESSAGES:
            row = {**of_all, "slot": slot, "card": card, "due_at": NOW, "created_at": NOW}
            conn.execute(insert(then.tables["outbox"]).values(**row))

    database = Database(url)
    await database.write(fill)
    await database.close()
    await migrate.upgrade(url)
    database = Database(url)
    found = await database.read(
        lambda conn: list(conn.execute(select(outbox.c.about).order_by(outbox.c.id)).scalars())
    )
    await database.close()
    assert found == [about for _, _, about in MESSAGES]
