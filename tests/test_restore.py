"""Last night's copy put back: people go on where they were, and what was not sent leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.backup import make_backup
from bot.config import load_settings
from db.models import files
from tests.citizens import BROWN, POTHOLE, code_in, filed, taken, wait
from tests.talk import Town


async def test_the_copy_of_last_night_is_the_service_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    for folder in (there, here):
        folder.mkdir()
    town = await Town(there, "2021-01-04 07:25").open()
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, POTHOLE, picture=BROWN))
    await taken(town, "Kiều", "Nam")
    await town.until("2021-01-04 22:00")
    town.unread(citizen)
    await town.press("Kiều", "Hỏi người dân")
    town.unread("Kiều")
    await town.say("Kiều", "Chỗ nào gần chợ?")  # the citizen hears of it at seven, if at all
    for name, value in {
        "DATABASE_URL": f"sqlite:///{there / 'congvu.db'}",
        "FILES_DIR": there / "files",
        "BACKUP_DIR": tmp_path / "copies",
    }.items():
        monkeypatch.setenv(f"CONGVU_{name}", str(value))
    made = make_backup(load_settings(), town.clock.now())
    await town.close()

    shutil.copy(made.path, here / "congvu.db")
    shutil.copytree(tmp_path / "copies" / "files", here / "files")
    again = Town(here, "2021-01-04 22:10")
    again.people, again.ids, again.turns = town.people, town.ids, town.turns
    again.fake.update(town.fake)  # the phones know nothing of it
    for channel in again.fake.values():
        channel.town = again
    await again.until("2021-01-05 07:30")
    await again.hears(citizen, code, "Chỗ nào gần chợ?")
    await again.say(citizen, "gần cổng sau")
    await wait(again)
    assert any("gần cổng sau" in each.text for each in again.unread("Kiều"))
    [sha256] = await again.database.read(
        lambda conn: conn.execute(select(files.c.sha256).where(files.c.subject == "case")).scalars().all()
    )
    assert again.app.store.get(sha256)
    await again.close()
