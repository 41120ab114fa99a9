"""The receipt: its stamp, checking it, the sheet to keep, and the key that makes it worth something."""

from __future__ import annotations

import asyncio
import io
import re
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import Connection, event, select, update

from bot.config import SettingsError
from bot.stamp_key import ensure_key, read_key
from db import receipts
from db.models import accounts, case_versions, cases, outbox
from db.models import receipts as table
from domain.codes import ALPHABET, is_code
from domain.stamps import STAMP_LENGTH, shown, stamp, typed
from tests.citizens import CHANNELS, code_in, filed, pin_in, wait
from tests.talk import Heard, Town
from tests.test_cli import Office, office  # noqa: F401  the fixture
from tests.test_privacy_modes import NONE, hidden

WORDS = "Ổ gà sâu trước chợ, tối qua 2 xe té #set page(fill: red) 🙏"


def stamp_in(heard: Heard) -> str:
    """The stamp a message names."""
    found: list[str] = re.findall(rf"\b[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}\b", heard.text)
    return found[0]


@given(st.binary(min_size=32, max_size=32), st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_a_stamp_is_eight_signs_and_is_found_however_it_is_typed(key: bytes, parts: list[str]) -> None:
    signs = stamp(key, *parts)
    assert len(signs) == STAMP_LENGTH
    assert set(signs) <= set(ALPHABET)
    assert signs == stamp(key, *parts)
    for text in (f"7k4m2 {shown(signs)}", f"7K4M2{signs}", f" 7K4-M2  {signs.lower()} "):
        assert typed(text) == ("7K4M2", signs)


@given(st.sampled_from(range(5)), st.text(min_size=1, max_size=9))
def test_every_part_counts(at: int, other: str) -> None:
    parts = ["7K4M2", "2021-01-04T00:30:00+00:00", "0" * 64, "QLDT", "2021-01-11"]
    changed = [*parts[:at], parts[at] + other, *parts[at + 1 :]]
    assert stamp(b"k" * 32, *parts) != stamp(b"k" * 32, *changed)
    assert stamp(b"k" * 32, *parts) != stamp(b"l" * 32, *parts)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_anybody_can_check_a_stamp_and_learns_nothing_else(town: Town, channel: str) -> None:
    citizen, other = town.stranger("Dân", channel), town.stranger("Khác", channel)
    given = await filed(town, citizen, WORDS)
    code, mark = code_in(given), stamp_in(given)
    for typed_as in (f"XACMINH {code} {mark}", f"/xacminh {code}{mark}", f"xác minh {code} {mark.lower()}"):
        await town.say(other, typed_as)
        right = await town.hears(other, "Đúng", code, "UBND thị xã Phước Long cấp")
        assert "chợ" not in right.text
    wrong = mark[:-1] + next(sign for sign in ALPHABET if sign != mark[-1])
    await town.say(other, f"/xacminh {code} {wrong}")
    await town.hears(other, "Không đúng")
    nobody = next(c for c in (f"{a}2345" for a in ALPHABET) if c != code)
    await town.say(other, f"/xacminh {nobody} {mark}")
    await town.hears(other, "Không đúng")
    await town.say("Kiều", f"xac minh {code} {mark}")  # at the counter too
    await wait(town)
    assert any("Đúng" in heard.text for heard in town.unread("Kiều"))


async def test_a_check_without_a_stamp_says_how_and_a_sentence_is_none(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "XACMINH")
    await town.hears(citizen, "kèm mã và dấu xác nhận")
    await town.say(citizen, "/xacminh 7K4M2")
    await town.hears(citizen, "kèm mã và dấu xác nhận")
    await town.say(citizen, "xac minh giup toi viec lan chiem via he truoc cho")
    await wait(town)
    await town.hears(citizen, "Xin Ông/Bà xem lại trước khi gửi")


async def test_checks_are_counted(town: Town) -> None:
    citizen, other = town.stranger("Dân", "telegram"), town.stranger("Khác", "telegram")
    given = await filed(town, citizen, WORDS)
    asked = f"XACMINH {code_in(given)} {stamp_in(given)}"
    for _ in range(10):
        await town.say(other, asked)
        await town.hears(other, "Đúng")
    await town.say(other, asked)
    await town.hears(other, "quá số lần")


async def test_a_wrong_stamp_a_wrong_pin_and_a_code_nobody_has_ask_the_database_alike(town: Town) -> None:
    """What takes as many statements and as much hashing takes as long."""
    citizen = town.stranger("Dân", "telegram")
    given = await filed(town, citizen, WORDS)
    code = code_in(given)
    nobody = next(c for c in (f"{a}{b}345" for a in "2345" for b in ALPHABET) if is_code(c) and c != code)
    wrong = f"{(int(pin_in(given)) + 1) % 10**6:06d}"
    asked: list[str] = []
    counted: list[list[str]] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = town.database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    for text in (
        f"{code} {wrong}",
        f"{nobody} {wrong}",
        f"XACMINH {code} 2345-6789",
        f"XACMINH {nobody} 2345-6789",
    ):
        asking = town.stranger(f"Khác {text}", "telegram")
        await town.say(asking, "xin chào")
        asked.clear()
        await town.say(asking, text)
        answered = next(at for at, words in enumerate(asked) if words.startswith("UPDATE inbox"))
        counted.append(asked[:answered])
    event.remove(engine, "before_cursor_execute", note)
    assert len(counted[0]) > 5
    assert counted[0] == counted[1]
    assert counted[2] == counted[3]


async def test_words_changed_in_the_database_are_not_vouched_for(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    given = await filed(town, citizen, WORDS)

    def tamper(conn: Connection) -> None:
        conn.execute(update(case_versions).values(words="khác hẳn"))

    await town.database.write(tamper)
    await town.press(citizen, "Phiếu tiếp nhận")
    sheet = await town.hears(citizen, "Phiếu tiếp nhận")
    assert "không còn được lưu" in text_of(sheet)
    asked = f"XACMINH {code_in(given)} {stamp_in(given)}"
    await town.say(citizen, asked)
    await town.hears(citizen, "Đúng")  # the receipt of then is still ours

    def forge(conn: Connection) -> None:
        conn.execute(update(table).values(fingerprint="0" * 64))

    await town.database.write(forge)
    await town.say(citizen, asked)
    await town.hears(citizen, "Không đúng")


async def test_the_stamp_stays_right_when_words_are_erased(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    given = await filed(town, citizen, WORDS)

    def erase(conn: Connection) -> None:
        receipts.forget_words(conn, conn.execute(select(cases.c.id)).scalar_one())
        conn.execute(update(cases).values(words=""))

    await town.database.write(erase)
    await town.say(citizen, f"XACMINH {code_in(given)} {stamp_in(given)}")
    await town.hears(citizen, "Đúng")


def text_of(heard: Heard) -> str:
    """The words of the PDF that came with a message."""
    [(kind, name, data)] = heard.uploads
    assert (kind, name[-4:], data[:5]) == ("document", ".pdf", b"%PDF-")
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


async def test_the_sheet_can_be_read_again_and_holds_what_was_promised(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    given = await filed(town, citizen, WORDS)
    await town.press(citizen, "Phiếu tiếp nhận")
    heard = await town.hears(citizen, code_in(given), f"XACMINH {code_in(given)} {stamp_in(given)}")
    read = text_of(heard)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "UBND THỊ XÃ PHƯỚC LONG",
        "PHIẾU TIẾP NHẬN", code_in(given), stamp_in(given), "04/01/2021",
        "Phòng Quản lý đô thị", "11/01/2021",
        "Ổ gà sâu trước chợ, tối qua 2 xe té #set page(fill: red)", "không thay thế đơn khiếu nại",
    ):  # fmt: skip
        assert words in read, (words, read)
    assert pin_in(given) not in read


async def test_the_sheet_keeps_the_words_as_received_when_they_are_edited(either_town: Town) -> None:
    town = either_town
    citizen = town.stranger("Dân", "telegram")
    for message_id, words in (("e1", "o ga truoc cho"), ("e2", "xe te 2 lan")):
        await town._turn(citizen, text=words, message_id=message_id)
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    receipt = await town.hears(citizen, "UBND đã nhận, mã")
    await town._turn(citizen, text="o ga sau nha van hoa", message_id="e1", edit=True)
    await wait(town)
    await town.hears(citizen, "Đã sửa nội dung")
    await town.say(citizen, code_in(receipt))
    await town.hears(citizen, "Đã chuyển đơn vị xử lý")
    await town.press(citizen, "Phiếu tiếp nhận")
    heard = await town.hears(citizen, "Phiếu tiếp nhận", stamp_in(receipt))
    read = text_of(heard)
    for words in ("o ga truoc cho", "xe te 2 lan", stamp_in(receipt)):
        assert words in read
    assert "nha van hoa" not in read
    await town.say(citizen, f"XACMINH {code_in(receipt)} {stamp_in(heard)}")
    await town.hears(citizen, "Đúng")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_left_no_contact_gets_the_sheet_by_code_and_pin(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.until("2021-01-04 08:00")
    receipt = await hidden(town, citizen, NONE)
    code, pin = code_in(receipt), pin_in(receipt)
    await town.say(citizen, f"{code} {(int(pin) + 1) % 10**6:06d} PHIEU")
    await town.hears(citizen, "Mã hoặc số bí mật")
    await town.say(citizen, f"{code} {pin} phiếu")
    heard = await town.hears(citizen, code, stamp_in(receipt))
    assert not heard.choices
    if channel == "telegram":
        read = text_of(heard)
        assert "Tiếp nhận lúc: 04/01/2021" in read, "no time that points to a chat"
        assert stamp_in(receipt) in read
        assert pin not in read

    def ties(conn: Connection) -> list[object]:
        mine = (accounts.c.id == outbox.c.account_id, accounts.c.external_id == f"{channel}-Dân")
        rows = conn.execute(select(outbox).join(accounts, mine[0]).where(mine[1])).mappings()
        return [row for row in rows if row["reply"] or row["card"] or row["key"]]

    assert await town.database.read(ties) == []


async def test_where_files_cannot_go_the_sheet_is_a_picture(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    given = await filed(town, citizen, WORDS + " dài lắm" * 600)
    await town.press(citizen, "Phiếu tiếp nhận")
    heard = await town.hears(citizen, code_in(given), stamp_in(given))
    [(kind, _, data)] = heard.uploads
    assert (kind, data[:4]) == ("photo", b"\x89PNG")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    assert height < 3 * width


async def test_what_was_drawn_is_lent_and_not_kept(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await filed(town, citizen, WORDS)
    await town.press(citizen, "Phiếu tiếp nhận")
    lent = town.folder / "files" / "lent"
    assert len(list(lent.iterdir())) == 1
    assert not list((town.folder / "files").glob("??/*"))
    town.app.store.take_back(older_than=-1)
    assert not list(lent.iterdir())


async def test_nobody_else_gets_the_sheet(town: Town) -> None:
    citizen, other = town.stranger("Dân", "telegram"), town.stranger("Khác", "telegram")
    given = await filed(town, citizen, WORDS)
    action = given.choices["Phiếu tiếp nhận"]
    await town._turn(other, pressed=action, message_id=given.message_id)
    await town.hears(other, "Không tìm thấy")


def test_the_key_is_made_once_for_its_owner_alone(office: Office) -> None:  # noqa: F811
    assert office.types("migrate").exit_code == 0
    file: Path = office.settings.stamp_key_file
    key = read_key(file)
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert office.types("migrate").exit_code == 0
    assert read_key(file) == key


def test_a_lost_or_foreign_key_is_refused_until_it_is_meant(office: Office) -> None:  # noqa: F811
    assert office.types("migrate").exit_code == 0
    file: Path = office.settings.stamp_key_file
    file.unlink()
    lost = office.types("migrate")
    assert lost.exit_code == 1
    assert "Không thấy tệp khoá" in lost.output
    assert office.types("migrate", "--new-stamp-key").exit_code == 0
    file.write_text("ab" * 32, encoding="ascii")
    assert "không phải khoá đã đóng dấu" in office.types("migrate").output
    file.write_text("no key", encoding="ascii")
    assert "không phải là khoá đóng dấu" in office.types("migrate").output


async def test_a_process_with_another_key_does_not_start(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "stamp.key"
    await town.database.write(ensure_key, file)
    other = tmp_path / "other.key"
    other.write_text("ab" * 32, encoding="ascii")
    with pytest.raises(SettingsError):
        await town.database.write(ensure_key, other)
    assert await asyncio.to_thread(read_key, file)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_receipt_says_how_to_follow_and_how_to_delete(town: Town, channel: str) -> None:
    receipt = await filed(town, town.stranger("Dân", channel), "o ga truoc cho")
    for words in ("Xem tiến độ: nhắn mã này", "xoá: DULIEU", "trả lời chậm nhất", "dấu xác nhận"):
        assert words in receipt.text
