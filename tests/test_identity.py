"""A sealed identity is opened by two people, once, with a reason, and its owner hears of it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select, update

from db import people
from db.models import cases, events, identity_openings, outbox, units
from domain.people import CUSTODIAN
from tests.citizens import CHANNELS, code_in, filed, taken, wait
from tests.talk import Town
from tests.test_privacy_modes import SEALED, hidden

REASON = "cần mời người gửi làm việc trực tiếp về quán karaoke"


@pytest.fixture
async def office(town: Town) -> Town:
    await town.until("2021-01-04 08:00")

    def appoint(conn: Connection) -> None:
        unit = conn.execute(select(units.c.id).where(units.c.code == "VP")).scalar_one()
        people.add_membership(
            conn, town.ids["Đặng Thị Mai"], unit, CUSTODIAN, "", town.clock.now().date().replace(day=1)
        )

    await town.database.write(appoint)
    for name in town.people:
        town.unread(name)
    return town


async def silence(town: Town) -> None:
    await wait(town)
    for name in town.people:
        town.unread(name)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_two_people_a_reason_one_look_and_the_sender_is_told(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await hidden(town, citizen, SEALED))
    await silence(town)
    await town.say("Mai", f"danhtinh {code} {REASON}")
    await town.hears("Mai", "Đã gửi lãnh đạo duyệt")
    await wait(town)
    for leader in ("Trần Quốc Dũng", "Lê Thị Minh Châu", "Nguyễn Văn Thành"):
        asked = await town.hears(leader, code, REASON, "Đồng ý mở")
        assert "karaoke on" not in asked.text
    await town.press("Lê Thị Minh Châu", "Đồng ý mở")
    await town.hears("Lê Thị Minh Châu", "đã đồng ý mở danh tính")
    await wait(town)
    await town.hears("Mai", "một lần", "Xem danh tính")
    assert town.unread(citizen) == []
    await town.press("Mai", "Xem danh tính")
    await wait(town)
    shown = await town.hears("Mai", f"{channel}-Dân", "tự ẩn sau 10 phút")
    assert "loa" not in shown.text
    told = await town.hears(citizen, code, "danh tính của Ông/Bà đã được mở", REASON)
    assert "Mai" not in told.text
    await town.hears("Trần Quốc Dũng", "đã được quyết định")
    await town.say("Mai", "1")
    assert not any(f"{channel}-Dân" in m.text for m in town.unread("Mai")), "once"
    await town.until("2021-01-04 08:30")
    assert any("đã hết giờ xem danh tính" in m.text for m in town.unread("Mai"))

    def left(conn: Connection) -> tuple[list[str], list[str]]:
        actions = conn.execute(select(events.c.action).where(events.c.action.like("identity%"))).scalars()
        words = [str(row) for row in conn.execute(select(outbox.c.reply).where(outbox.c.reply.is_not(None)))]
        return list(actions), [text for text in words if f"{channel}-Dân" in text]

    assert await town.database.read(left) == (["identity_asked", "identity_granted", "identity_opened"], [])
    await town.say("Trần Quốc Dũng", "/nhatky")
    await town.press("Trần Quốc Dũng", "Danh tính 3")
    opened = await town.hears("Trần Quốc Dũng", f"Đặng Thị Mai: đã mở mã {code}", "đồng ý cho mở")
    assert f"{channel}-Dân" not in opened.text
    await town.say("Trần Quốc Dũng", "bc")
    await wait(town)
    town.unread("Trần Quốc Dũng")
    await town.press("Trần Quốc Dũng", "Phản ánh")
    town.unread("Trần Quốc Dũng")
    await town.press("Trần Quốc Dũng", "Chi tiết")
    await town.hears("Trần Quốc Dũng", "Mở danh tính người gửi ẩn danh: 1 lần")


async def test_nobody_else_opens_it_and_unknown_codes_look_alike(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    sealed = code_in(await hidden(town, citizen, SEALED))
    named = code_in(await filed(town, town.stranger("Khác", "telegram"), "o ga truoc cho"))
    await silence(town)
    for typed in (named, "22222"):
        await town.say("Mai", f"/danhtinh {typed} {REASON}")
        await town.hears("Mai", "Không có danh tính niêm phong") if typed == named else town.unread("Mai")
    await town.say("Mai", f"/danhtinh {sealed} vì")
    await town.hears("Mai", "nói rõ lý do")
    await town.say("Yến", f"/danhtinh {sealed} {REASON}")
    await town.hears("Yến", "lệnh")

    def wishes(conn: Connection) -> int:
        return len(conn.execute(select(identity_openings)).all())

    assert await town.database.read(wishes) == 0


async def test_whoever_handles_the_case_lets_nothing_and_a_refusal_ends_it(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await hidden(town, citizen, SEALED))
    await silence(town)
    await town.say("Trần Quốc Dũng", code)
    await wait(town)
    await taken(town, "Trần Quốc Dũng")
    await silence(town)
    await town.say("Mai", f"danhtinh {code} {REASON}")
    await wait(town)
    assert town.unread("Trần Quốc Dũng") == []
    await town.press("Nguyễn Văn Thành", "Không")
    await wait(town)
    assert any("không đồng ý mở" in m.text for m in town.unread("Mai"))
    assert town.unread(citizen) == []


SETTLED = "yêu cầu mở danh tính này đã được quyết định, đồng chí không cần chọn nữa"


@pytest.mark.parametrize("choice", ["Đồng ý mở", "Không"])
async def test_once_a_leader_decided_the_others_are_asked_no_more(office: Town, choice: str) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await hidden(town, citizen, SEALED))
    await silence(town)
    await town.say("Mai", f"danhtinh {code} {REASON}")
    await wait(town)
    card = await town.hears("Trần Quốc Dũng", code, "Đồng ý mở")  # Telegram
    await town.hears("Lê Thị Minh Châu", code, "Đồng ý mở")  # Zalo
    await town.press("Nguyễn Văn Thành", choice)
    await silence(town)
    assert SETTLED in card.text
    assert card.choices == {}
    assert "Thành" not in card.text
    assert "từ chối" not in card.text
    await town.press("Lê Thị Minh Châu", "Đồng ý mở")
    await wait(town)
    [told] = town.unread("Lê Thị Minh Châu")
    assert SETTLED in told.text
    assert "Thành" not in told.text
    town.quiet()


async def test_on_zalo_no_message_is_pushed_when_another_leader_decided(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await hidden(town, citizen, SEALED))
    await silence(town)
    await town.say("Mai", f"danhtinh {code} {REASON}")
    await silence(town)
    await town.press("Trần Quốc Dũng", "Không")
    await wait(town)
    assert town.unread("Lê Thị Minh Châu") == []


async def test_the_card_of_a_wish_that_was_asked_anew_points_to_the_newer_one(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await hidden(town, citizen, SEALED))
    await silence(town)
    await town.say("Mai", f"danhtinh {code} {REASON}")
    await wait(town)
    first = town.unread("Trần Quốc Dũng")[-1]
    await town.say("Mai", f"danhtinh {code} {REASON}, lần hai")
    await silence(town)
    await town._turn("Trần Quốc Dũng", pressed=first.choices["Đồng ý mở"], message_id=first.message_id)
    await town.hears("Trần Quốc Dũng", "thay bằng yêu cầu mới")


async def test_whoever_the_case_is_about_by_now_loses_the_card_and_hears_nothing(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await hidden(town, citizen, SEALED))
    await silence(town)
    await town.say("Mai", f"danhtinh {code} {REASON}")
    await wait(town)
    card = await town.hears("Trần Quốc Dũng", code, "Đồng ý mở")

    def about(conn: Connection) -> None:
        concerned = update(cases).where(cases.c.code == code)
        conn.execute(concerned.values(about_person_id=town.ids["Trần Quốc Dũng"]))

    await town.database.write(about)
    await town.press("Lê Thị Minh Châu", "Đồng ý mở")
    await silence(town)
    assert card.deleted is not None
    assert SETTLED not in card.text


async def test_a_grant_ends_after_a_day(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    code = code_in(await hidden(town, citizen, SEALED))
    await town.say("Mai", f"danhtinh {code} {REASON}")
    await silence(town)
    await town.press("Lê Thị Minh Châu", "Đồng ý mở")
    await silence(town)
    await town.until("2021-01-05 09:00")
    town.unread("Mai")
    await town.press("Mai", "Xem danh tính")
    await wait(town)
    heard = " ".join(m.text for m in town.unread("Mai"))
    assert "hết hiệu lực" in heard
    assert "Dân" not in heard
