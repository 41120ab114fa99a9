"""L-KT: an inspection is recorded once it was held; then minutes, findings, tasks, a look at the effect."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, func, select, update

from db.models import checks, events, inspections, memberships, tasks
from tests.talk import Town
from tests.test_cycles import Opens, only_standing_rows, opened  # noqa: F401

LUC = "Hồ Văn Lực"


async def lead(town: Town, channel: str) -> str:
    """The inspection lead: the one of the roster, or in their place somebody on Zalo."""
    if channel == "telegram":
        return LUC
    name = "Mai Văn Tài"  # heads Văn hoá, on Zalo
    ids = (memberships.c.person_id == town.ids[LUC], memberships.c.person_id == town.ids[name])

    def swap(conn: Connection) -> None:
        conn.execute(update(memberships).where(ids[0]).values(role="official"))
        conn.execute(update(memberships).where(ids[1]).values(role="inspection_lead"))

    await town.database.write(swap)
    return name


async def recorded(town: Town, who: str, words: str) -> None:
    await town._turn(who, pressed="task:insp")
    await town.hears(who, "đơn vị, ngày kiểm tra, số biên bản")
    await town.say(who, words)


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_an_inspection_from_the_visit_to_the_effect(town: Town, channel: str) -> None:
    who = await lead(town, channel)
    await town.until("2021-01-12 10:00")
    await recorded(town, who, "Phòng Kinh tế, 11/1")
    await town.hears(who, "Đã ghi đợt kiểm tra ngày 11/01/2021 tại Phòng Kinh tế", "Ghi biên bản")
    await town.until("2021-01-13 09:00")
    await town.hears(who, "Kiểm tra 11/01 tại Phòng Kinh tế: chưa có biên bản", "Ghi biên bản")
    await town.press(who, "Ghi biên bản")
    await town.hears(who, "nhắn số, ngày biên bản")
    await town.say(who, "để xem đã")
    await town.hears(who, "nhắn số, ngày biên bản")
    await town.say(who, "BB 03/BB-KT 13/1")
    await town.hears(who, "Đã ghi biên bản BB 03/BB-KT", "Ghi kết luận")
    await town.until("2021-01-14 09:00")
    await town.hears(who, "Kiểm tra 11/01 tại Phòng Kinh tế: chưa ra kết luận")
    await town.press(who, "Ghi kết luận")
    await town.hears(who, "nhắn từng kiến nghị kèm hạn")
    await town.say(who, "25/01 niêm yết lại thủ tục")
    await town.hears(who, "Đã giao Phòng Kinh tế: niêm yết lại thủ tục, hạn 25/01/2021")
    await town.say(who, "bổ sung phiếu kiểm soát")
    await town.hears(who, "bổ sung phiếu kiểm soát, hạn 28/01/2021")  # ten working days
    await town.say(who, "xong")
    await town.hears(who, "Đã ra kết luận", "2 kiến nghị")
    await town.until("2021-01-14 09:10")
    card = await town.hears("Sơn", "có 2 việc mới", "niêm yết lại thủ tục, hạn 25/01")
    assert card
    await town.say("Sơn", "① BB 1/BB-KT 14/1")
    await town.hears("Sơn", "đã nộp")
    await town.until("2021-01-14 09:20")
    await town.press("Dũng", "Xác nhận ①")
    for name in town.ids:
        town.unread(name)
    await town.until("2021-02-17 09:00")  # 30 days after 14/01 is a Saturday in Tết
    heard = [m for m in town.unread(who) if "có hiệu quả không" in m.text]
    assert [f"{m.at:%d/%m %H:%M}" for m in heard if m.at] == ["17/02 07:30"]
    assert "Khắc phục sau kiểm tra, Phòng Kinh tế: niêm yết lại thủ tục" in heard[0].text
    shown = heard[0].text + str(heard[0].choices)
    label = next(label for label in ("Chưa ①", "Chưa ②", "Chưa ③") if label in shown)
    town.unread("Sơn")
    await town.press(who, label)
    await town.hears(who, "chưa đạt ở điểm nào?")
    await town.say(who, "bảng niêm yết đã cũ")
    await town.hears(who, "chưa đạt, đã giao làm lại: bảng niêm yết đã cũ")
    await town.until("2021-02-17 09:10")
    await town.hears("Sơn", "niêm yết lại thủ tục, hạn 03/03", "trả lại, lý do: bảng niêm yết đã cũ")

    def states(conn: Connection) -> list[tuple[str, date, date]]:
        query = select(tasks.c.state, tasks.c.due_on, tasks.c.original_due_on).where(tasks.c.code == "KT-1-1")
        return [tuple(row) for row in conn.execute(query).all()]

    assert await town.database.read(states) == [("returned", date(2021, 3, 3), date(2021, 1, 25))]


async def test_without_minutes_and_findings_it_climbs_to_the_chairman(town: Town) -> None:
    await town.until("2021-01-12 10:00")
    await recorded(town, "Lực", "Phòng Kinh tế, 11/1")
    for name in town.ids:
        town.unread(name)
    await town.until("2021-01-18 09:00")
    heard = [f"{m.at:%d/%m}" for m in town.unread("Dũng") if m.at and "tại Phòng Kinh tế" in m.text]
    assert heard == ["15/01", "18/01"]
    assert not town.unread("Sơn"), "the inspected unit hears nothing before the findings are out"


async def test_a_visit_without_findings_is_closed_with_one_word(town: Town) -> None:
    await town.until("2021-01-12 10:00")
    await recorded(town, "Lực", "Phòng Kinh tế 11/1")
    await town.hears("Lực", "Chưa rõ đơn vị nào")
    await town.say("Lực", "phòng kinh tế")
    await town.hears("Lực", "Đã ghi đợt kiểm tra ngày 11/01/2021 tại Phòng Kinh tế")
    await town.press("Lực", "Ghi kết luận")
    await town.say("Lực", "không")
    town.unread("Lực")
    await town.until("2021-01-20 09:00")
    town.quiet("Sơn")
    assert not town.unread("Sơn")


async def test_nobody_else_hears_or_records_an_inspection(town: Town) -> None:
    await town.until("2021-01-12 10:00")
    await recorded(town, "Lực", "Phòng Kinh tế, 20/1")
    await town.hears("Lực", "chưa tới. Chỉ ghi đợt kiểm tra đã làm")
    assert not await town.database.read(lambda conn: conn.execute(select(inspections.c.id)).all())
    await town.say("Lực", "11/1")
    await town.hears("Lực")
    town.unread("Lực")
    await recorded(town, "Lực", "Phòng Kinh tế, 11/1, BB 03/BB-KT")
    town.unread("Lực")
    for action in ("visit:minutes:1", "visit:findings:1", "task:insp"):
        await town._turn("Sơn", pressed=action)
        await town.hears("Sơn", "Việc này không còn")
    await town.say("Sơn", "việc")
    assert "kiểm tra" not in (await town.hears("Sơn")).text.lower()


async def test_what_came_up_is_verified_by_somebody_without_a_part_in_it(opened: Opens) -> None:  # noqa: F811
    town = await opened()
    await only_standing_rows(town)
    await town.until("2021-01-04 08:00")

    def standing(conn: Connection) -> int:
        return int(conn.execute(select(tasks.c.id).where(tasks.c.code == "2021-KH3.4-MC")).scalar_one())

    number = await town.database.read(standing)
    await town._turn("Phượng", pressed=f"cycle:event:{number}", text="hồ sơ 123 trễ hẹn")
    await town.until("2021-01-05 08:00")
    for name in town.ids:
        town.unread(name)
    last = await town.database.read(lambda conn: conn.execute(select(func.max(tasks.c.id))).scalar_one())
    await town._turn("Phượng", pressed=f"task:done:{last}", text="TL 5/TL-MC 5/1")
    await town.until("2021-01-05 08:10")
    await town.press("Tùng", "Xác nhận ①")
    for name in town.ids:
        town.unread(name)
    await town.until("2021-01-05 08:20")
    await town.hears("Trang", "Thẩm tra, chị Phượng: hồ sơ 123 trễ hẹn, đã xong thật chưa? Chậm nhất 12/01")
    for name in ("Phượng", "Tùng"):  # who did it, who confirmed it
        await town._turn(name, pressed="check:good:1")
        await town.hears(name, "Việc này không còn")
    await town.until("2021-01-18 09:00")
    heard = {name: [m.at for m in town.unread(name) if "Thẩm tra" in m.text] for name in town.ids}
    assert {name: [f"{at:%d/%m}" for at in moments if at] for name, moments in heard.items() if moments} == {
        "Quách Thị Trang": ["12/01", "14/01"],  # the head of the office confirmed it: the next one hears
        "Trần Quốc Dũng": ["18/01"],
    }
    await town.press("Trang", "Đạt ①")
    await town.hears("Trang", "✓ ① hồ sơ 123 trễ hẹn: đạt")

    def state(conn: Connection) -> list[str]:
        said = select(events.c.action).where(events.c.action.like("check_%"))
        return [*conn.execute(select(checks.c.state)).scalars(), *conn.execute(said).scalars()]

    assert await town.database.read(state) == ["good", "check_good"]
