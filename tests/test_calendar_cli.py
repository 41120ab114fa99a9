"""``congvu calendar``, as whoever keeps the machine types it."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import Connection, select

import bot.cli.calendar as commands
from bot.committee import bring_in, committee_folder
from db.engine import Database
from db.models import events
from tests.talk import local
from tests.test_cli import Office, office
from tests.test_web import prepared

__all__ = ["office"]


@pytest.fixture
def kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with a database and the shipped calendar, on 04/01/2021."""
    monkeypatch.setattr(commands, "now", lambda: local("2021-01-04 08:00"))
    monkeypatch.setattr(commands, "today", lambda settings: date(2021, 1, 4))
    asyncio.run(prepared(office.settings))
    run(office, lambda conn: bring_in(conn, committee_folder()))
    return office


def run(office: Office, work: object) -> object:
    async def inside() -> object:
        database = Database(office.settings.database_url)
        try:
            return await database.write(work)  # type: ignore[arg-type]
        finally:
            await database.close()

    return asyncio.run(inside())


def test_days_are_listed_edited_and_recorded(kept: Office) -> None:
    listed = kept.types("calendar", "list")
    assert "Lịch năm 2021: 11 ngày\n" in listed.output
    assert "Nghỉ 10/02 đến 16/02/2021 · Tết Âm lịch" in listed.output
    assert "CHƯA XÁC NHẬN" in kept.types("calendar", "list", "2027").output
    added = kept.types("calendar", "add", "nghỉ 5/3, kỷ niệm", "--yes")
    assert "Nghỉ thứ Sáu 05/03/2021 · kỷ niệm" in added.output
    assert "Đã ghi 1 ngày, đổi 0 hạn." in added.output
    assert "kỷ niệm" in kept.types("calendar", "list", "2021").output
    assert "Đã ghi 1 ngày" in kept.types("calendar", "remove", "05/03/2021", "--yes").output
    refused = kept.types("calendar", "remove", "05/03/2021", "--yes")
    assert refused.exit_code == 1
    assert "vốn đã là ngày làm việc" in refused.output

    def actions(conn: Connection) -> list[tuple[str, object]]:
        found = conn.execute(select(events).where(events.c.subject == "calendar").order_by(events.c.id))
        return [(each.action, each.fields["kind"]) for each in found]

    assert run(kept, actions) == [("day_set", "off"), ("day_set", "ordinary")]


def test_nothing_is_written_without_a_yes(kept: Office) -> None:
    assert "Không ghi gì." in kept.types("calendar", "add", "nghỉ 5/3", answer="n\n").output
    assert "05/03" not in kept.types("calendar", "list").output
    for words, answer in (
        (("add", "nghỉ"), "Chưa thấy ngày nào trong câu. Ví dụ: congvu calendar add"),
        (("add", "nghỉ 31/2"), "Không có ngày 31/2"),
        (("add", "nghỉ thứ 7 6/3"), "vốn đã là ngày nghỉ"),
        (("confirm", "2030"), "chưa có ngày nghỉ nào"),
        (("service", "XX", "7", "07:30-11:30"), "Không có đơn vị mã XX"),
        (("service", "MC", "7", "11:30-07:30"), "không phải là khoảng giờ"),
        (("suggest", "2028", "--tet", "01/05/2028", "--gio-to", "04/04/2028"), "mùng Một Tết phải từ"),
    ):
        refused = kept.types("calendar", *words)
        assert refused.exit_code == 1, refused.output
        assert answer in refused.output


def test_a_year_is_suggested_written_and_confirmed_by_a_person(kept: Office) -> None:
    shown = kept.types(
        "calendar", "suggest", "2022", "--tet", "01/02/2022", "--gio-to", "10/04/2022", "--yes"
    )
    assert shown.exit_code == 1  # the shipped year says the same already
    wanted = ("calendar", "suggest", "2028", "--tet", "26/01/2028", "--gio-to", "04/04/2028")
    assert "Không ghi gì." in kept.types(*wanted, answer="n\n").output
    written = kept.types(*wanted, answer="y\n").output
    assert "Giỗ Tổ Hùng Vương" in written
    assert "Đã ghi" in written
    assert "CHƯA XÁC NHẬN" in kept.types("calendar", "list", "2028").output
    assert "Đã xác nhận lịch năm 2028" in kept.types("calendar", "confirm", "2028").output
    assert "CHƯA XÁC NHẬN" not in kept.types("calendar", "list", "2028").output


def test_a_check_names_what_is_doubtful(kept: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    good = kept.types("calendar", "check")
    assert good.exit_code == 0
    assert "Lịch đã xác nhận" in good.output
    monkeypatch.setattr(commands, "today", lambda settings: date(2026, 11, 2))
    bad = kept.types("calendar", "check")
    assert bad.exit_code == 1
    assert "Lịch năm 2027 chưa được xác nhận" in bad.output


def test_a_unit_opens_on_saturday_mornings_and_no_deadline_counts_them(kept: Office) -> None:
    assert "thứ 7 07:30-11:30" in kept.types("calendar", "service", "mc", "7", "07:30-11:30").output
    assert "tiếp dân thêm thứ 7 07:30–11:30" in kept.types("calendar", "list").output
    assert "không tiếp dân thêm" in kept.types("calendar", "service", "MC", "7").output
    assert "tiếp dân" not in kept.types("calendar", "list").output


@pytest.mark.parametrize("name", ["list", "add", "remove", "suggest", "confirm", "service", "check"])
def test_each_command_explains_itself(kept: Office, name: str) -> None:
    shown = kept.types("calendar", name, "--help")
    assert shown.exit_code == 0
    assert "congvu calendar" in shown.output or "calendar" in shown.output
