"""What an official sees to be a denunciation is erased everywhere; a grievance goes to its own track."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from db.erasure import STAY
from db.models import cases, counters, files, metadata, receipts
from tests.citizens import BROWN, CHANNELS, code_in, filed, pin_in, taken, wait
from tests.talk import Heard, Town

WORDS = "ong Truong Van Ti o to dan pho nhan qua cua nha thau khi lam cong"
GONE = "{}: nội dung đã xoá, không xử lý ở đây. Xin xoá các tin, ảnh còn lại của mã này trên máy."
SECRETS = ("Truong Van Ti", "qua cua nha thau", "ba con deu biet", "to may")


def traces(folder: Path, secrets: tuple[str, ...]) -> list[str]:
    """The files of the bot that hold one of these words, in any encoding we know."""
    found = []
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        spelled = [(word, word.encode(code)) for word in secrets for code in ("utf-8", "utf-16-le")]
        found += [f"{path.name}: {word}" for word, signs in spelled if signs in data]
    return found


async def test_messages_about_a_case_are_found_without_reading_all(town: Town) -> None:
    def plan(conn: Connection) -> str:
        query = "EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE about IN ('case:1', 'team:2') AND about <> ''"
        return str(conn.exec_driver_sql(query).all())

    assert "ix_outbox_about" in await town.database.read(plan)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_denunciation_seen_by_an_official_leaves_one_number(
    office: Town, channel: str, tmp_path: Path
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    receipt = await filed(town, citizen, WORDS, picture=BROWN)
    code, pin = code_in(receipt), pin_in(receipt)
    await taken(town, "Đức", "Bích")
    await town.say(citizen, f"{code} ba con deu biet")
    await wait(town)
    await town.press("Đức", "Hỏi người dân")
    await wait(town)
    await town.say("Đức", "Xin cho biết to may ạ?")
    await wait(town)
    for name in town.people:
        town.unread(name)
    assert traces(tmp_path, SECRETS)
    await town.say("Đức", code)
    await wait(town)
    await town.press("Đức", "Khác")
    await wait(town)
    await town.press("Đức", "Có thể là tố cáo")
    await wait(town)
    assert "xoá hẳn, không khôi phục được" in town.unread("Đức")[-1].text
    await town.press("Đức", "Đúng, xoá hẳn")
    await wait(town)
    assert "nội dung đã xoá" in town.unread("Đức")[-1].text
    assert any("nội dung đã xoá" in m.text for m in town.unread("Bích"))
    told = "\n".join(m.text for m in town.unread(citizen))
    assert "đã xoá khỏi hệ thống" in told
    assert "tố cáo" in told

    def left(conn: Connection) -> dict[str, object]:
        case = conn.execute(select(cases)).one()
        return {
            "account": case.account_id,
            "words": case.words + case.place + case.answer,
            "files": conn.execute(select(files)).all(),
            "salt": conn.execute(select(receipts.c.salt)).scalar_one(),
            "count": conn.execute(
                select(counters.c.value).where(counters.c.name == "denunciations_sealed")
            ).scalar(),
        }

    assert await town.database.read(left) == {
        "account": None,
        "words": "",
        "files": [],
        "salt": "",
        "count": 1,
    }
    await town.settle()
    assert traces(tmp_path, SECRETS) == []
    assert not [p for p in (tmp_path / "files").rglob("*") if p.is_file() and p.read_bytes() == BROWN]
    await town.say(citizen, "tra cuu")
    await town.hears(citizen, "Chưa có phản ánh nào")
    await town.say(citizen, f"{code} {pin}")
    await town.hears(citizen, "Nội dung đã xoá")
    await town.say("Đức", code)
    await wait(town)
    assert "Truong Van Ti" not in "\n".join(m.text for m in town.unread("Đức"))
    await town.say("Trần Quốc Dũng", "bc")
    await wait(town)
    assert "nhận 1" not in "\n".join(m.text for m in town.unread("Trần Quốc Dũng"))


def test_every_table_that_points_to_cases_is_emptied_or_named() -> None:
    pointing = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "cases"
    }
    assert set(STAY) <= pointing


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_grievance_seen_by_an_official_is_offered_its_own_way(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "phong do thi phat nha toi vo ly, xay co mot met"))
    await town.until("2021-01-04 09:00")
    holder = next(name for name in town.people if any(code in m.text for m in town.unread(name)))
    await town.press(holder, "Khác")
    await wait(town)
    await town.press(holder, "Có thể là khiếu nại")
    await wait(town)
    offered = await town.hears(citizen, code, "không phải là đơn", "vẫn đang tính", "Đặt lịch tiếp công dân")
    assert len(offered.text.split()) < 75
    await town.press(citizen, "Đặt lịch tiếp công dân")
    await town.hears(citizen, "chưa phải đơn khiếu nại", "thứ Ba 05/01, sáng")
    await town.press(citizen, "thứ Ba 05/01, sáng")
    await wait(town)
    await town.hears(citizen, "thứ Ba 05/01", code, "chưa phải đơn khiếu nại")
    await town.say(citizen, code)
    await town.hears(citizen, "Lịch hẹn khiếu nại, chưa phải đơn")


def of_case(town: Town, name: str, code: str) -> list[Heard]:
    """What a chat holds of a case, that was not taken away."""
    channel, chat = town._who(name)
    return [m for m in channel.chats[chat] if code in f"{m.text}{m.uploads}" and m.deleted is None]


async def test_cards_and_pictures_leave_officials_chats_and_zalo_is_asked_to(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, WORDS, picture=BROWN))
    await wait(town)
    for name in ("Đức", "Bích"):
        await town.say(name, code)
        await wait(town)
    await town.press("Đức", "Xem ảnh, tệp (1)")
    await wait(town)
    assert [m for m in of_case(town, "Đức", code) if m.uploads]
    for name in ("Đức", "Bích"):
        town.unread(name)
    await town.say("Dũng", code)
    await wait(town)
    for label in ("Khác", "Có thể là tố cáo", "Đúng, xoá hẳn"):
        await town.press("Dũng", label)
        await wait(town)
    await town.settle()
    assert [m.text.splitlines()[0] for m in of_case(town, "Dũng", code)] == [GONE.format(code)]
    assert [m.text for m in of_case(town, "Đức", code)] == [GONE.format(code)]
    assert [m.text for m in town.unread("Bích")] == [GONE.format(code)]


@pytest.mark.parametrize("order", ["team", "parts"])
async def test_what_a_team_or_several_units_have_of_it_goes_too(office: Town, order: str) -> None:
    town, citizen = office, office.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, WORDS))
    await town.say("Dũng", code)
    await town.press("Dũng", "Gộp, chia, xác minh")
    if order == "team":
        await town.press("Dũng", "Lập ban xác minh")
        await town.say("Dũng", "Nguyễn Thị Kiều, Huỳnh Thị Ngọc; 15/01")
        await town.press("Dũng", "Quyết định")
        await town.press("Kiều", "Nộp biên bản")
        await town.send("Kiều", BROWN, caption="BB 3/BB-XM 04/01")
    else:
        await town.press("Dũng", "Giao nhiều đơn vị")
        await town.say("Dũng", "QLDT, TNMT")
        await town.press("Dũng", "Giao")
    await wait(town)
    assert of_case(town, "Kiều", code)
    if order == "team":
        await town.say("Dũng", code)
        await wait(town)
    who = "Dũng" if order == "team" else "Kiều"
    for label in ("Khác", "Có thể là tố cáo", "Đúng, xoá hẳn"):
        await town.press(who, label)
        await wait(town)
    await town.settle()
    assert not [m for m in of_case(town, "Kiều", code) if "qua cua nha thau" in m.text]
    assert traces(town.folder, SECRETS) == []
    assert not [p for p in (town.folder / "files").rglob("*") if p.is_file() and p.read_bytes() == BROWN]


async def test_the_sender_may_keep_it_a_report_and_the_clock_runs_on(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await filed(town, citizen, "loa keo on ao o to 3"))
    await taken(town, "Yến", "Tài")
    town.unread(citizen)
    await town.press("Yến", "Khác")
    await town.press("Yến", "Trường hợp đặc biệt")
    await wait(town)
    await town.press("Yến", "Có thể là khiếu nại")
    await wait(town)
    await town.hears(citizen, code, "Đây là phản ánh")
    await town.press(citizen, "Đây là phản ánh")
    await town.hears(citizen, code, "Đang xử lý")
