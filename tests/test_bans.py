"""Whoever floods is kept off for a while: with a reason, an end, an appeal, and never from an emergency."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.cli.words import sentence
from bot.committee import load_quota
from db.models import account_bans, events
from domain.errors import RuleError
from tests.citizens import CHANNELS, QUIET, code_in, filed, wait
from tests.talk import Town
from tests.test_privacy_modes import NONE, SEALED, hidden

LEADER = "Dũng"


async def at_work(town: Town) -> None:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)


async def _press_ban(town: Town, code: str) -> None:
    """The chairman opens a case and presses [Chặn người gửi]."""
    for name in town.people:
        town.unread(name)
    await town.say(LEADER, code)
    await wait(town)
    town.unread(LEADER)
    await town.press(LEADER, "Khác")
    more = town.unread(LEADER)[-1].choices
    if "Chặn người gửi" not in more:
        await town.press(LEADER, "Trường hợp đặc biệt")
        town.unread(LEADER)
    await town.press(LEADER, "Chặn người gửi")


async def banned(town: Town, code: str, citizen: str) -> None:
    """The chairman keeps the sender of a case off for seven days."""
    await _press_ban(town, code)
    asked = await town.hears(LEADER, "trong bao lâu", "7 ngày", "30 ngày")
    assert citizen not in asked.text
    await town.press(LEADER, "7 ngày")
    await town.hears(LEADER, "Xin nhắn lý do")
    await town.say(LEADER, "xấu")
    await town.hears(LEADER, "lý do rõ ràng")
    await town.say(LEADER, "Gửi cùng một nội dung hai mươi lần")
    await town.hears(LEADER, "Đã chặn người gửi mã", "11/01")
    await wait(town)


def _bans(conn: Connection) -> list[Any]:
    return list(conn.execute(select(account_bans)).all())


def _events(conn: Connection) -> list[str]:
    query = select(events.c.action).where(events.c.subject == "ban").order_by(events.c.id)
    return list(conn.execute(query).scalars())


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_ban_is_told_appealed_and_lifted(town: Town, channel: str) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await banned(town, code, citizen)
    news = await town.hears(citizen, "11/01", "hai mươi lần", "Đề nghị xem lại")
    assert len(news.text.split()) <= 70
    await town.say(citizen, "cho tha rong can nguoi o kp3 Thac Mo")
    await town.hears(citizen, "chưa được nhận", "hai mươi lần")
    await town.say(citizen, "lai rac truoc cho")
    assert town.unread(citizen) == []  # said once, not after each
    await town.say(citizen, "chay nha o kp3 Thac Mo")
    await town.hears(citizen, "114")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã")
    await town.say(citizen, f"{code} dem qua van on")
    await wait(town)
    assert "chưa được nhận" not in town.unread(citizen)[-1].text
    await town._turn(citizen, pressed=f"ban:appeal:{(await town.database.read(_bans))[0].id}", message_id="")
    await town.hears(citizen, "trong một tin")
    for name in town.people:
        town.unread(name)
    await town.say(citizen, "May cua toi bi loi gui lap, xin bo chan")
    await town.hears(citizen, "Đã chuyển đề nghị")
    await wait(town)
    leader = next(name for name in town.people if any("bỏ chặn" in h.text for h in town.unread(name)))
    await town.press(leader, "Bỏ chặn")
    await town.hears(leader, "Đã bỏ chặn")
    await wait(town)
    await town.hears(citizen, "đã bỏ chặn")
    await town.say(citizen, "rac truoc cho phuong Thac Mo")
    await wait(town)
    await town.hears(citizen, "Đồng ý và gửi")
    assert await town.database.read(_events) == ["banned", "ban_appealed", "ban_lifted"]


async def test_a_ban_ends_by_itself(town: Town) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", "telegram")
    await banned(town, code_in(await filed(town, citizen, QUIET)), citizen)
    town.unread(citizen)
    await town.until("2021-01-11 09:00")
    town.unread(citizen)
    await town.say(citizen, "rac truoc cho phuong Thac Mo")
    await wait(town)
    await town.hears(citizen, "Đồng ý và gửi")


async def test_who_is_nobodys_business_may_not_ban(town: Town) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await wait(town)
    for name in ("Tài", citizen):
        await town._turn(name, pressed="case:ban:1", message_id="")
        assert "trong bao lâu" not in town.unread(name)[-1].text
    for pressed in ("ban:lift:1", "ban:appeal:1", "ban:lift:x", "ban:x"):
        await town._turn(citizen, pressed=pressed, message_id="")
        await town.hears(citizen, "hết hiệu lực")
    assert await town.database.read(_bans) == []


async def test_a_sealed_sender_is_kept_off_without_being_known(town: Town) -> None:
    await at_work(town)
    citizen = town.stranger("Lê Văn Kín", "zalo")
    code = code_in(await hidden(town, citizen, SEALED, QUIET))
    await banned(town, code, citizen)  # what the chairman reads names nobody
    await town.hears(citizen, "hai mươi lần", "Đề nghị xem lại")
    await town.press(citizen, "Đề nghị xem lại")
    await town.hears(citizen, "trong một tin")
    for name in town.people:
        town.unread(name)
    await town.say(citizen, "Toi la Nguyen Van A, so 0912345678, xin bo chan")
    await town.hears(citizen, "Đã chuyển đề nghị")
    await wait(town)
    cards = [heard.text for name in town.people for heard in town.unread(name) if "bỏ chặn" in heard.text]
    assert cards
    assert not [text for text in cards if "0912345678" in text]


async def test_a_sender_without_contact_cannot_be_kept_off(town: Town) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", "telegram")
    code = code_in(await hidden(town, citizen, NONE, QUIET))
    await _press_ban(town, code)
    await town.hears(LEADER, "không để lại liên hệ", "không chặn được")
    await town._turn(LEADER, pressed="case:bandays:1:7", message_id="")
    await town.hears(LEADER, "hết hiệu lực")
    assert await town.database.read(_bans) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("ban_days = [1, 31]", "ở mục “ban_days”: “31” không được, thời gian chặn từ 1 đến 30 ngày"),
        ("ban_days = [0]", "“0” không được"),
        ("ban_days = []", "cần là danh sách 1 đến 4 số ngày"),
        ("ban_days = 7", "cần là danh sách"),
        ("messages = 0", "ở mục “messages”: “0” cần là số nguyên từ 1"),
        ("massages = 30", "ở mục “massages”: không có mục này"),
        ("messages = ", "không đọc được"),
    ],
)
def test_a_limit_that_cannot_be_is_named_at_start(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "quota.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_quota(file)
    assert words in sentence(no.value)


async def test_a_ban_that_stays_says_until_when_and_is_asked_about_once(either_town: Town) -> None:
    town = either_town
    await at_work(town)
    citizen = town.stranger("Dân", "zalo")
    await banned(town, code_in(await filed(town, citizen, QUIET)), citizen)
    await town.press(citizen, "Đề nghị xem lại")
    for name in town.people:
        town.unread(name)
    await town.say(citizen, "Toi chi gui hai lan")
    await wait(town)
    leader = next(name for name in town.people if any("bỏ chặn" in h.text for h in town.unread(name)))
    assert leader != "Trần Quốc Dũng"  # who set it is not asked where somebody else is
    await town.press(leader, "Giữ nguyên")
    await town.hears(leader, "Đã giữ nguyên")
    await wait(town)
    town.unread(citizen)
    await town.say(citizen, "rac truoc cho phuong Thac Mo")
    stopped = await town.hears(citizen, "chưa được nhận", "11/01")
    assert "Đề nghị xem lại" not in stopped.text  # once is enough
    await town._turn(citizen, pressed="ban:appeal:1", message_id="")
    await town.hears(citizen, "chỉ gửi được một lần")
    await town.until("2021-01-11 08:30")
    town.unread(citizen)
    await town.say(citizen, "rac truoc cho phuong Thac Mo")
    await wait(town)
    await town.hears(citizen, "Đồng ý và gửi")
    assert await town.database.read(_events) == ["banned", "ban_appealed", "ban_kept"]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_whoever_says_that_it_is_wrong_is_asked_for_their_words(town: Town, channel: str) -> None:
    await at_work(town)
    citizen = town.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await banned(town, code, citizen)
    town.unread(citizen)
    await town.say(citizen, "rác nữa nè")
    town.unread(citizen)
    await town.say(citizen, "tôi không đồng ý, tôi đâu có phá")
    await town.hears(citizen, "nhắn")
    await town.say(citizen, "Tôi chỉ phản ánh rác thật")
    await town.hears(citizen, "Đã chuyển")
