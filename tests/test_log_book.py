"""The log is closed by seals: whatever is changed, added or taken out behind them is found and named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.rule_files import fingerprints, note
from db import audit, chain, erasure, migrate
from db.chain import Broken
from db.engine import Database
from db.models import accounts, cases, events, outbox, seals
from tests.citizens import CHANNELS, QUIET, code_in, filed, taken, wait
from tests.conftest import new_postgres
from tests.talk import Town
from tests.test_privacy_modes import SEALED, hidden

ADMIN, LEADER = "Bùi Đức Anh", "Trần Quốc Dũng"
TRIGGERS = {"events_stay": "events", "events_kept": "events", "seals_stay": "seals", "seals_kept": "seals"}


def _unguarded(conn: Connection) -> None:
    """What whoever owns the database can do first."""
    for trigger, table in TRIGGERS.items():
        on = "" if conn.dialect.name == "sqlite" else f" ON {table}"
        conn.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{on}"))


async def _three_seals(town: Town) -> None:
    """A morning under three seals."""
    citizen = town.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await town.until("2021-01-04 08:20")
    await taken(town, "Yến", "Tài", citizen)
    await town.until("2021-01-04 08:40")
    await town.say("Yến", "/tim loa keo")
    await town.until("2021-01-04 09:00")
    assert len(await town.database.read(lambda conn: conn.execute(select(seals)).all())) >= 3


async def _broken(town: Town) -> Broken | None:
    return await town.database.read(chain.check)


def _old(conn: Connection) -> int:
    """The number of a seal over events and messages, with others after it."""
    full = select(seals.c.number).where(seals.c.events > 0, seals.c.messages > 0).order_by(seals.c.number)
    return int(conn.execute(full.limit(1)).scalar_one())


def _event(conn: Connection) -> int:
    return int(conn.execute(select(events.c.id).where(events.c.seal == _old(conn)).limit(1)).scalar_one())


def _message(conn: Connection) -> int:
    return int(conn.execute(select(outbox.c.id).where(outbox.c.seal == _old(conn)).limit(1)).scalar_one())


def _change(conn: Connection) -> None:
    conn.execute(update(events).where(events.c.id == _event(conn)).values(action="answered"))


def _take_out(conn: Connection) -> None:
    conn.execute(delete(events).where(events.c.id == _event(conn)))


def _add(conn: Connection) -> None:
    old = _old(conn)
    at = conn.execute(select(seals.c.at).where(seals.c.number == old)).scalar_one()
    conn.execute(
        insert(events).values(at=at, subject="case", subject_id=1, action="taken", fields={}, seal=old)
    )


def _unseal(conn: Connection) -> None:
    conn.execute(update(events).where(events.c.id == _event(conn)).values(seal=None))


def _change_message(conn: Connection) -> None:
    its = select(outbox.c.account_id).where(outbox.c.id == _message(conn)).scalar_subquery()
    other = conn.execute(select(accounts.c.id).where(accounts.c.id != its).limit(1)).scalar_one()
    conn.execute(update(outbox).where(outbox.c.id == _message(conn)).values(account_id=other))


def _take_out_message(conn: Connection) -> None:
    conn.execute(delete(outbox).where(outbox.c.id == _message(conn)))


def _take_out_seal(conn: Connection) -> None:
    conn.execute(delete(seals).where(seals.c.number == _old(conn)))


def _take_out_newest_seal(conn: Connection) -> None:
    newest = conn.execute(select(seals.c.number).order_by(seals.c.number.desc()).limit(1)).scalar_one()
    conn.execute(delete(seals).where(seals.c.number == newest))


WAYS: dict[str, tuple[Callable[[Connection], None], str]] = {
    "an event is changed": (_change, "changed"),
    "an event is taken out": (_take_out, "changed"),
    "an event is added": (_add, "changed"),
    "an event is unsealed": (_unseal, "changed"),
    "a message is changed": (_change_message, "changed"),
    "a message is taken out": (_take_out_message, "changed"),
    "a seal is taken out": (_take_out_seal, "gone"),
    "the newest seal is taken out": (_take_out_newest_seal, "unknown"),
}


async def test_whatever_is_done_to_what_was_sealed_is_found_and_named(either_town: Town) -> None:
    town = either_town
    await _three_seals(town)
    assert await _broken(town) is None
    await town.database.write(_unguarded)
    newest, old = await town.database.read(chain.last), await town.database.read(_old)
    assert newest is not None
    assert old < newest.number
    for way, (tamper, why) in WAYS.items():

        def tampered(conn: Connection, tamper: Callable[[Connection], None] = tamper) -> Broken | None:
            with conn.begin_nested() as only_tried:
                tamper(conn)
                found = chain.check(conn)
                only_tried.rollback()
            return found

        found = await town.database.write(tampered)
        assert found is not None, way
        place = newest.number if why == "unknown" else old
        assert (found.number, found.why) == (place, why), way
    assert await _broken(town) is None


async def test_an_entry_dated_back_is_found_though_it_is_sealed_like_any_other(either_town: Town) -> None:
    town = either_town
    await _three_seals(town)

    def back(conn: Connection) -> None:
        long_ago = town.clock.now() - timedelta(days=3)
        audit.record(conn, "case", 1, "identity_granted", long_ago, actor_id=1)

    await town.database.write(back)
    found = await _broken(town)
    assert found is not None
    assert found.why == "back"
    await town.until("2021-01-04 09:30")
    sealed = await _broken(town)
    assert sealed is not None
    assert (sealed.number, sealed.why) == (found.number, "back")


async def test_the_database_refuses_to_change_the_log(either_town: Town) -> None:
    town = either_town
    await _three_seals(town)
    for tamper in (_change, _take_out, _unseal, _take_out_seal):
        with pytest.raises(DBAPIError, match="the log is kept"):
            await town.database.write(tamper)
    assert await _broken(town) is None


async def test_a_migrated_database_refuses_too_and_seals_what_was_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    await migrate.upgrade(url, "0028")
    database = Database(url)
    at = Town(tmp_path, "2021-01-04 08:00").clock.now()
    row = {"at": at.isoformat(), "subject": "case", "subject_id": 1, "action": "received", "fields": "{}"}

    def before(conn: Connection) -> None:
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        conn.execute(text(f"INSERT INTO events ({names}) VALUES ({values})"), row)  # noqa: S608

    await database.write(before)
    await migrate.upgrade(url)
    sealed = await database.write(chain.seal, at)
    assert sealed is not None
    assert sealed.events == 1
    with pytest.raises(DBAPIError, match="the log is kept"):
        await database.write(lambda conn: conn.execute(delete(events)))
    assert await database.read(chain.check) is None
    await database.close()


async def _triggers(database: Database) -> set[str]:
    def read(conn: Connection) -> set[str]:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if conn.dialect.name == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        return {str(name) for name in conn.execute(text(names)).scalars()}

    return await database.read(read)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_after_every_migration_the_log_is_kept_whatever_a_table_went_through(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    wanted = set(TRIGGERS)
    if engine == "postgresql":
        url = await new_postgres(request.getfixturevalue("postgres_folder"))
        wanted -= {"seals_stay"}
    script = ScriptDirectory.from_config(migrate._config())
    revisions = [each.revision for each in reversed(list(script.walk_revisions()))]
    await migrate.upgrade(url, "0028")
    database = Database(url)
    for revision in revisions[revisions.index("0028") + 1 :]:
        await migrate.upgrade(url, revision)
        assert await _triggers(database) >= wanted, f"{revision} builds a table anew without its triggers"
    await database.write(_unguarded)
    assert not await _triggers(database) & wanted
    await migrate.upgrade(url)  # nothing to do but this
    assert await _triggers(database) >= wanted
    await database.close()


async def test_what_commits_late_and_out_of_order_is_sealed_all_the_same(either_town: Town) -> None:
    """Several processes write at once: an event may become visible after younger ones were sealed."""
    town = either_town
    if town.database.is_sqlite:  # has one writer, and nothing out of order
        return
    late, now = create_async_engine(town.database.url), town.clock.now()

    def happens(conn: Connection) -> None:
        audit.record(conn, "case", 1, "taken", now)

    async with late.connect() as slow, slow.begin():
        await slow.run_sync(happens)
        await asyncio.gather(*(town.database.write(happens) for _ in range(5)))
        first = await town.database.write(chain.seal, now)
    second = await town.database.write(chain.seal, now + chain.EVERY)
    assert first is not None and second is not None  # noqa: PT018
    assert (first.events, second.events) == (5, 1)
    assert await _broken(town) is None
    await late.dispose()


async def test_a_long_log_is_sealed_in_pieces_one_tick_after_another(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "MOST", 3)
    now = town.clock.now()

    def several(conn: Connection) -> None:
        for number in range(7):
            audit.record(conn, "case", number, "taken", now)

    await town.database.write(several)
    made = [await town.database.write(chain.seal, now) for _ in range(4)]
    assert [each.events if each else 0 for each in made] == [3, 3, 1, 0]
    assert await _broken(town) is None


@pytest.mark.parametrize("channel", CHANNELS)
async def test_leaders_read_who_did_what_and_that_the_log_is_whole(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Lê Văn Kín", channel)
    code = code_in(await hidden(town, citizen, SEALED, QUIET))
    leader = LEADER if channel == "telegram" else "Châu"
    await town.say(leader, "/baocao")
    await wait(town)
    # Zalo carries no file: there the figures go out as a picture.
    taken_out = ("Bản Word",) if channel == "telegram" else ("Phản ánh", "Xuất tệp", "Báo cáo cấp trên")
    for label in taken_out:
        await town.press(leader, label)
        await wait(town)
    await town.say(leader, "/tim loa keo")
    await town.until("2021-01-04 08:30")
    for name in town.people:
        town.unread(name)
    await town.say(leader, "nhật ký")
    page = await town.hears(leader, "Nhật ký 7 ngày qua", "Nguyên vẹn", "Xuất tệp 1", "Tìm kiếm 1")
    assert len(page.text.split()) <= 70
    await town.press(leader, "Xuất tệp 1")
    await town.hears(leader, "docx" if channel == "telegram" else "png")
    await town.press(leader, "Quay lại")
    await town.hears(leader, "Nguyên vẹn")
    assert code not in page.text
    newest = await town.database.read(chain.last)
    assert newest is not None
    await town.say(leader, f"/nhatky {newest.number}")
    await town.hears(leader, f"Khối {newest.number}", newest.short)
    await town.say(leader, "/nhatky 99999")
    await town.hears(leader, "Không có khối này")


async def test_nobody_else_reads_it(town: Town) -> None:
    await town.say("Lan", "/nhatky")
    await town.hears("Lan", "Chưa có lệnh này")
    for name in ("Lan", town.stranger("Dân", "zalo")):
        await town._turn(name, pressed="log:search", message_id="")
        assert "Tìm kiếm" not in town.unread(name)[-1].text
    await town._turn(ADMIN, pressed="log:x", message_id="")
    await town.hears(ADMIN, "hết hiệu lực")


async def test_the_night_finds_what_was_changed_and_tells_the_keepers(town: Town) -> None:
    await _three_seals(town)
    await town.database.write(_unguarded)
    await town.database.write(_change)
    for name in town.people:
        town.unread(name)
    await town.say(ADMIN, "/nhatky")
    old = await town.database.read(_old)
    await town.hears(ADMIN, "KHÔNG CÒN NGUYÊN VẸN", f"khối {old} bị sửa", "ghi từ")
    town.clock.at += timedelta(days=1)
    await town.app.tick()
    await town.app.settle()
    told = [heard.text for heard in town.unread(ADMIN)]
    assert any(f"không còn nguyên vẹn ở khối {old}" in words for words in told)
    await town.say(ADMIN, "/hethong")
    await town.hears(ADMIN, "KHÔNG CÒN NGUYÊN VẸN")
    await town.say(ADMIN, "/nhatky")  # the day is over, the place is named all the same
    await town.hears(ADMIN, f"khối {old} bị sửa")


async def test_changed_rules_are_recorded_by_file_when_the_service_starts(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "ubnd"
    folder.mkdir()
    (folder / "routing.toml").write_text('duty = "TN"', encoding="utf-8")
    now = town.clock.now()
    first = fingerprints(folder)
    assert {"routing.toml", "data/ladders.toml", "data/quota.toml"} <= set(first)
    assert await town.database.write(note, first, now) == []
    (folder / "routing.toml").write_text('duty = "VP"', encoding="utf-8")
    (folder / "answers.toml").write_text("", encoding="utf-8")
    (folder / "Nguyễn Văn An 0912345678.toml").write_text("", encoding="utf-8")  # no name gets into the log
    changed = fingerprints(folder)
    assert await town.database.write(note, changed, now) == ["answers.toml", "routing.toml"]
    assert await town.database.write(note, changed, now) == []  # the next start with the same
    await town.say(LEADER, "/nhatky")
    await town.press(LEADER, "Quy tắc, quyền 2")
    await town.hears(LEADER, "quyền\n07:25", "máy chủ: đổi tệp answers.toml, routing.toml", "ghi nhận")


async def test_who_is_forgotten_and_what_is_erased_break_no_seal(either_town: Town) -> None:
    town = either_town
    await town.until("2021-01-04 08:00")
    one, other = town.stranger("Một", "telegram"), town.stranger("Hai", "zalo")
    await filed(town, one, QUIET)
    code = code_in(await filed(town, other, "rac do day via he kp2 thac mo"))
    await town.until("2021-01-04 08:30")
    for name in town.people:
        town.unread(name)
    await town.say(one, "/dulieu")
    await town.press(one, "Xoá liên hệ của tôi")
    await town.press(one, "Đồng ý xoá")
    await wait(town)

    def erased(conn: Connection) -> None:
        case = conn.execute(select(cases.c.id).where(cases.c.code == code)).scalar_one()
        erasure.erase(conn, case)

    await town.database.write(erased)
    assert await _broken(town) is None
    await town.until("2021-01-04 09:00")
    assert await _broken(town) is None
