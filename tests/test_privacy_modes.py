"""Three ways to send: with a name, unknown to officials, without any contact."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.committee import committee_folder, load_committee
from db.models import accounts, cases, dialogs, events, files, inbox, menus, metadata, outbox
from locales import templates
from tests.citizens import BROWN, CHANNELS, GREEN, code_in, filed, pin_in, taken, wait
from tests.talk import ZONE, Heard, Town

WORDS = "loa keo on ao o to 3, goi toi 0912 345 678"
SEALED, NONE = "Cán bộ không biết tôi là ai", "Không để lại liên hệ"
OFFICIALS = ("Yến", "Tài")


async def hidden(town: Town, citizen: str, mode: str, words: str = WORDS, picture: bytes = b"") -> Heard:
    """Files a matter in a mode and returns the receipt."""
    if picture:
        await town.send(citizen, picture)
    await town.say(citizen, words)
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Ẩn danh")
    await town.hears(citizen, SEALED, NONE, "vẫn biết tài khoản này", "xin tự xoá tin trên máy")
    await town.press(citizen, mode)
    await wait(town)
    kept = "Ẩn danh với cán bộ" if mode == SEALED else "không lưu tài khoản"
    review = await town.hears(citizen, kept)  # what was chosen is said before it is sent
    assert "345" not in review.text
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    return await town.hears(citizen, "UBND đã nhận, mã")


def everything(conn: Connection) -> str:
    """Every row of every table, as text."""
    return "\n".join(
        f"{table.name} {dict(row)}"
        for table in metadata.sorted_tables
        for row in conn.execute(select(table)).mappings()
    )


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_name_is_given_only_by_who_wants_to(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    await town.say(citizen, "loa keo on ao o to 3")
    await wait(town)
    for label in ("Sửa", "Tên, điện thoại"):
        await town.press(citizen, label)
        town.unread(citizen)
    await town.say(citizen, "Bé Ba, 0912 345 678")
    await wait(town)
    assert "Bé Ba" in town.unread(citizen)[-1].text
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears("Yến", "Người gửi: Bé Ba, 0912 345 678")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_sealed_sender_hears_news_and_no_official_learns_who_it_is(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await hidden(town, citizen, SEALED, picture=BROWN))
    for name in OFFICIALS:
        card = await town.hears(name, code, "Người gửi ẩn danh", "•••")
        assert "345" not in card.text
        assert citizen not in str(card)
    await town.press("Yến", "Nhận xử lý")
    await wait(town)
    await town.hears(citizen, code, "đã nhận xử lý")
    await town.say(citizen, f"{code} so moi 0912 345 679")
    await wait(town)
    said = "\n".join(m.text for m in town.unread("Yến"))
    assert "so moi •••" in said
    assert "679" not in said

    def rows(conn: Connection) -> str:
        kept = [*conn.execute(select(files.c.name)).scalars(), *conn.execute(select(cases.c.words)).scalars()]
        return " ".join(kept)

    assert await town.database.read(rows) == "loa keo on ao o to 3, goi toi •••".join((" ", ""))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_without_contact_nothing_ties_the_account_to_the_case(
    either_town: Town, channel: str, tmp_path: Path
) -> None:
    town = either_town
    await town.until("2021-01-04 08:10")
    citizen = town.stranger("Dân", channel)
    receipt = await hidden(town, citizen, NONE, picture=BROWN)
    code, pin = code_in(receipt), pin_in(receipt)
    assert "Không lưu tài khoản" in receipt.text
    assert not receipt.choices

    def ties(conn: Connection) -> list[object]:
        account = conn.execute(
            select(accounts.c.id).where(accounts.c.external_id == f"{channel}-Dân")
        ).scalar_one()
        case = conn.execute(select(cases)).one()
        assert case.account_id is None
        assert case.received_at.astimezone(town.committee.zone).isoformat() == "2021-01-04T00:00:00+07:00"
        assert not conn.execute(select(files.c.id).where(files.c.account_id.is_not(None))).all()
        assert [f.state for f in conn.execute(select(files))] == ["stored"]
        mine = conn.execute(select(outbox).where(outbox.c.account_id == account)).mappings().all()
        return [
            *conn.execute(select(dialogs).where(dialogs.c.account_id == account)),
            *conn.execute(select(menus).where(menus.c.account_id == account)),
            *[row for row in mine if row["card"] or row["key"] or row["reply"] or "case" in row["slot"]],
            *conn.execute(select(inbox).where(inbox.c.chat == f"{channel}-Dân")),
            *[e for e in conn.execute(select(events)) if e.at != case.received_at and e.action == "received"],
        ]

    assert await town.database.read(ties) == []
    rows = await town.database.read(everything)
    assert pin not in rows
    await town.say(citizen, "tra cuu")
    await town.hears(citizen, "Chưa có phản ánh nào")
    await town.say(citizen, code)
    await town.hears(citizen, "kèm số bí mật")
    assert await town.database.read(ties) != [], "the question for the PIN, for a quarter of an hour"
    await town.say(citizen, pin)
    await town.hears(citizen, code, "Đã chuyển đơn vị xử lý", "Trả lời, bổ sung")
    assert await town.database.read(ties) == []


@pytest.mark.parametrize("mode", [SEALED, NONE])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_disk_forgets_what_was_covered_and_who_got_the_receipt(
    office: Town, channel: str, mode: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    receipt = await hidden(town, citizen, mode)
    await town.settle()
    data = b"".join(p.read_bytes() for p in town.folder.rglob("congvu.db*"))
    assert b"0912 345" not in data, "the draft's words"
    if mode == NONE:
        assert pin_in(receipt).encode() not in data, "the receipt"
        account, code = f"{channel}-Dân".encode(), code_in(receipt).encode()
        parts = data.split(code)
        assert not [1 for before, after in pairwise(parts) if account in before[-400:] + after[:400]]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_asked_back_waits_at_the_code_and_is_answered_there(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    receipt = await hidden(town, citizen, NONE)
    code, pin = code_in(receipt), pin_in(receipt)
    await town.hears("Yến", "không để lại liên hệ")
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Hỏi người dân")
    await wait(town)
    await town.say("Yến", "Loa ở quán nào ạ?")
    await wait(town)
    town.unread("Yến")
    assert town.unread(citizen) == []
    other = town.stranger("Máy khác", channel)
    await town.say(other, f"{code} {pin}")
    await town.hears(other, "Loa ở quán nào ạ?", "nhắn mã, số bí mật rồi nội dung")
    await town.send(other, GREEN, caption=f"{code} {pin} quan Hoa Mai")
    await town.hears(other, "Đã chuyển nội dung vừa nhắn", code)
    await wait(town)
    assert any("quan Hoa Mai" in m.text for m in town.unread("Yến"))
    await town.press("Yến", "Trả lời")
    await wait(town)
    await town.say(
        "Yến", "Tối 04/01 tổ kiểm tra đã lập biên bản, chủ quán Hoa Mai cam kết tắt loa sau 22 giờ."
    )
    await wait(town)
    town.unread("Yến")
    await town.say(other, f"{code} {pin}")
    await town.hears(other, "cam kết tắt loa", "ỔN, CHƯA ỔN")
    for words in ("ông ấy còn mở nhạc", "on the right side of the market", "on dinh roi moi noi"):
        await town.say(other, f"{code} {pin} {words}")
        await town.hears(other, "cam kết tắt loa", "ỔN, CHƯA ỔN")  # no opinion: it is asked for again
    await town.say(other, f"{code} {pin} chua on, van mo loa")
    await town.hears(other, "Xin lỗi Ông/Bà", "lãnh đạo xem lại")
    await wait(town)
    assert any("van mo loa" in m.text for m in town.unread("Tài"))
    for name in town.people:
        town.unread(name)
    await town.say(other, f"{code} {pin} rút lại")
    await town.hears(other, f"Đã rút lại {code}")


async def test_right_tries_leave_no_counter_and_wrong_ones_are_limited(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    receipt = await filed(town, citizen, "loa keo on ao o to 3")
    code, pin = code_in(receipt), pin_in(receipt)
    other = town.stranger("Khác", "telegram")
    for _ in range(8):
        await town.say(other, f"{code} {pin}")
        await town.hears(other, "Đã chuyển đơn vị xử lý")
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    for _ in range(5):
        await town.say(other, f"{code} {wrong} gần chợ")
        await town.hears(other, "chưa đúng")
    await town.say(other, f"{code} {pin} gần chợ")
    await town.hears(other, "quá số lần")


def test_a_notice_that_changed_has_a_new_version() -> None:
    """Whoever changes the notice raises ``thong_bao_phien_ban`` in ``data/legal.toml``, then this."""
    version = load_committee(committee_folder(), ZONE).limits["thong_bao_phien_ban"].value
    known = hashlib.sha256(templates()["case_consent"].encode()).hexdigest()[:12]
    assert (known, version) == ("399edfe94ef9", 2)
