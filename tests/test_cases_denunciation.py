"""Words that may be a denunciation reach no table, log or file of the bot."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from db.models import counters, dialogs
from tests.citizens import BROWN, CHANNELS, wait
from tests.talk import Town

WORDS = "Toi muon to cao ong Tranh nhan hoi lo 50 trieu zqxw"
MARK = b"zqxw"
DRAFT = "ong Tranh vykj lam duong sai"
DRAFT_MARK = b"vykj"


def found_in(folder: Path, mark: bytes) -> list[str]:
    """The files of a folder that hold some bytes, as text of any width."""
    wide = mark.decode().encode("utf-16-le")
    kept = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in kept if mark in (data := path.read_bytes()) or wide in data]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_question_is_neutral_and_the_words_are_nowhere(
    town: Town, channel: str, capsys: pytest.CaptureFixture[str]
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, WORDS)
    asked = await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo", "Không, đây là phản ánh", "Tôi muốn tố cáo")
    assert "dấu hiệu" not in asked.text
    assert found_in(town.folder, MARK) == []
    await town.press(citizen, "Tôi muốn tố cáo")
    await town.hears(
        citizen,
        "đơn có chữ ký",
        "Trụ sở tiếp công dân",
        "không gửi",
        "bảo vệ bí mật",
        "xin tự xoá tin trên máy",
    )
    await town.until("2021-01-04 08:00")
    assert found_in(town.folder, MARK) == []
    assert MARK.decode() not in "".join(capsys.readouterr())

    def counted(conn: Connection) -> list[tuple[str, int]]:
        return [(r.name, r.value) for r in conn.execute(select(counters.c.name, counters.c.value))]

    assert await town.database.read(counted) == [("denunciations_guided", 1)]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_draft_that_was_open_is_erased_from_the_disk(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, DRAFT)
    assert found_in(town.folder, DRAFT_MARK) != []  # the unsent review and the draft
    await town.say(citizen, WORDS)
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    assert found_in(town.folder, DRAFT_MARK) == []
    assert found_in(town.folder, MARK) == []
    await wait(town)
    town.quiet()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_suspicion_that_only_the_whole_draft_raises_erases_it_too(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "can bo dia chinh vykj")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "lay tien cua dan")
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    assert found_in(town.folder, DRAFT_MARK) == []
    await town.press(citizen, "Không, đây là phản ánh")
    await town.hears(citizen, "nhắn lại nội dung")
    await town.say(citizen, "can bo dia chinh vykj")
    await town.say(citizen, "lay tien cua dan")
    await wait(town)
    await town.hears(citizen, "can bo dia chinh vykj lay tien cua dan", "Đồng ý và gửi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_on_no_the_words_go_on_as_a_report(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "chau be to cao lam do bien bao truoc cho")
    town.unread(citizen)
    await town.press(citizen, "Không, đây là phản ánh")
    await wait(town)
    await town.hears(citizen, "chau be to cao lam do bien bao", "Đồng ý và gửi")
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "UBND đã nhận")
    await town.hears("Nam", "chau be to cao")


async def test_after_a_quarter_of_an_hour_they_are_asked_for_again(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, WORDS)
    town.unread(citizen)
    await town.until("2021-01-04 07:41")
    await town.press(citizen, "Không, đây là phản ánh")
    await town.hears(citizen, "nhắn lại nội dung phản ánh")
    assert found_in(town.folder, MARK) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_captions_and_edits_are_screened_as_well(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.send(citizen, BROWN, caption=WORDS)
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    await town._turn(citizen, text=WORDS, message_id="p9", edit=True)
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    assert found_in(town.folder, MARK) == []

    def drafts(conn: Connection) -> int:
        return len(conn.execute(select(dialogs)).all())

    assert await town.database.read(drafts) == 0


async def test_an_official_who_reports_on_handling_a_denunciation_goes_on_after_one_tap(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", "zalo")
    await town.say(citizen, "loa keo on ao o to 3")
    await wait(town)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.press("Tài", "Nhận xử lý")
    await town.press("Tài", "Trả lời")
    for name in ("Tài", "Yến", citizen):
        town.unread(name)
    await town.say("Tài", "Đã lập biên bản quán; đơn tố cáo gửi kèm đã chuyển Thanh tra")
    await town.hears("Tài", "Nếu Ông/Bà muốn tố cáo")
    await town.press("Tài", "Không, đây là phản ánh")
    await wait(town)
    await town.hears(citizen, "Đã lập biên bản quán")


async def test_no_money_received_is_no_denunciation(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "Chưa nhận tiền hỗ trợ")
    await wait(town)
    await town.hears(citizen, "Chính sách, trợ cấp", "Đồng ý và gửi")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_picture_comes_back_with_its_caption_when_it_was_a_report(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.send(citizen, BROWN, caption=WORDS)
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo")
    await town.press(citizen, "Không, đây là phản ánh")
    await wait(town)
    await town.hears(citizen, "xem lại trước khi gửi", "1 ảnh")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_review_says_how_to_denounce_where_an_office_is_spoken_of(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.send(citizen, BROWN)
    await town.say(citizen, "xet ho ngheo vykj khong dung nguoi")
    await wait(town)
    asked = await town.hears(citizen, "Tố cáo: xin không gửi", "Tôi muốn tố cáo", "Đồng ý và gửi")
    said = [line for line in asked.text.splitlines() if not line[:1].isdigit()]
    assert len(" ".join(said).split()) <= 65
    assert found_in(town.folder, DRAFT_MARK) != []
    await town.press(citizen, "Tôi muốn tố cáo")
    await town.hears(citizen, "đơn có chữ ký", "bảo vệ bí mật")
    await wait(town)
    town.quiet()
    assert found_in(town.folder, DRAFT_MARK) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_every_other_review_says_in_three_words_how_to_denounce(town: Town, channel: str) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "o ga truoc cong UBND vykj, xe te hoai")
    await wait(town)
    asked = await town.hears(citizen, "Tố cáo: nhắn TO CAO.", "Đồng ý và gửi")
    assert "Tôi muốn tố cáo" not in asked.text + str(asked.choices)
    await town.say(citizen, "TO CAO")
    await town.hears(citizen, "Nếu Ông/Bà muốn tố cáo", "bản đang soạn đã xoá", "Tôi muốn tố cáo")
    assert found_in(town.folder, DRAFT_MARK) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_matter_of_one_person_has_the_choice_even_if_no_office_is_named(
    town: Town, channel: str
) -> None:
    citizen = town.stranger("Dân", channel)
    await town.say(citizen, "nguoi ta vo nha toi lat tu roi mat 2 chi vang vykj")
    await wait(town)
    asked = await town.hears(citizen, "Đồng ý và gửi", "Tôi muốn tố cáo")
    assert "xin không gửi ở đây" not in asked.text
    await town.press(citizen, "Tôi muốn tố cáo")
    await town.hears(citizen, "đơn có chữ ký")
    assert found_in(town.folder, DRAFT_MARK) == []
