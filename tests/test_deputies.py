"""While somebody is away a deputy answers in their place; nobody decides on their own report."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, select

from db.models import events, extensions, submissions, tasks
from tests.talk import Town
from tests.work import add_task

LAN, HUNG, LUC = "Nguyễn Thị Lan", "Phan Văn Hùng", "Hồ Văn Lực"
PAIRS = [(LAN, LUC, "NV", "anh Lực"), ("Trịnh Thị Hoa", "Lý Văn Phúc", "TUP", "anh Phúc")]
"""Who is away, who stands in: on Telegram, on Zalo."""


async def away(town: Town, who: str, until: str, deputy: str) -> None:
    await town.say(who, f"/nghi 5/1 đến {until}, {deputy} thay")
    await town.until("2021-01-05 07:00")
    for name in town.ids:
        town.unread(name)


async def rows(town: Town, query: object) -> list[tuple[object, ...]]:
    def read(conn: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in conn.execute(query).all()]  # type: ignore[call-overload]

    return await town.database.read(read)


@pytest.mark.parametrize(("absent", "deputy", "unit", "called"), PAIRS)
async def test_a_deputy_acknowledges_and_reports_in_the_name_of_who_is_away(
    town: Town, absent: str, deputy: str, unit: str, called: str
) -> None:
    await away(town, absent, "15/1", called)
    task = await add_task(town, "Việc một", date(2021, 1, 18), absent, unit)
    await town.until("2021-01-05 07:40")
    await town.hears(deputy, "(đang nghỉ): Việc một, hạn 18/01", "Đã nhận")
    await town.press(deputy, "Đã nhận")
    await town.hears(deputy, "nhận 1 việc")
    await town.press(deputy, "① Xong")
    await town.hears(deputy, "nhắn số, ngày văn bản")
    await town.say(deputy, "KH 1/KH-NV 4/1")
    await town.hears(deputy, f"{called} nộp thay lúc 07:40")
    found = await rows(town, select(submissions.c.person_id, submissions.c.by_id))
    assert found == [(town.ids[absent], town.ids[deputy])]
    said = await rows(town, select(events.c.actor_id, events.c.fields).where(events.c.action == "accepted"))
    assert said == [(town.ids[deputy], {"instead_of": town.ids[absent]})]
    await town.until("2021-01-05 07:50")
    head = HUNG if unit == "NV" else "Trần Quốc Dũng"  # who stands above the absent head
    await town.hears(head, f"{called} nộp thay trước hạn, KH 1/KH-NV")
    await town.press(head, "Xác nhận ①")
    await town.hears(head, "✓ ①")
    await town.hears(deputy, "✓ ① Việc một: hoàn thành trước hạn")
    assert (await rows(town, select(tasks.c.state).where(tasks.c.id == task))) == [("confirmed",)]
    town.quiet()


@pytest.mark.parametrize(("absent", "deputy", "unit", "called"), PAIRS)
async def test_a_deputy_asks_for_more_time_and_hears_why_not(
    town: Town, absent: str, deputy: str, unit: str, called: str
) -> None:
    await away(town, absent, "15/1", called)
    await add_task(town, "Việc một", date(2021, 1, 18), absent, unit)
    await town.until("2021-01-05 07:40")
    await town.hears(deputy, "Việc một")
    await town.say(deputy, "① xin gia hạn đến 22/1, chờ số liệu")
    await town.hears(deputy, "đến 22/01, lý do: chờ số liệu?")
    head = HUNG if unit == "NV" else "Trần Quốc Dũng"
    await town.press(deputy, "Gửi anh Hùng" if unit == "NV" else "Gửi đồng chí Trần Quốc Dũng")
    await town.hears(deputy, "Đã gửi")
    await town.until("2021-01-05 07:50")
    await town.hears(head, f"{called} thay mặt xin gia hạn đến 22/01")
    await town.press(head, "Không ①")
    await town.hears(head, "Chưa đồng ý gia hạn vì sao?")
    await town.say(head, "cần trước hội nghị")
    await town.hears(head, "không gia hạn, lý do: cần trước hội nghị")
    await town.hears(deputy, "chưa đồng ý gia hạn vì cần trước hội nghị; hạn vẫn là 18/01")
    found = await rows(town, select(extensions.c.person_id, extensions.c.by_id, extensions.c.refusal))
    assert found == [(town.ids[absent], town.ids[deputy], "cần trước hội nghị")]
    town.quiet()


async def test_a_deputy_confirms_what_the_absent_head_would_confirm(town: Town) -> None:
    await away(town, HUNG, "8/1", "chị Lan")
    task = await add_task(town, "Việc một", date(2021, 1, 15), LUC, state="accepted")
    await town.until("2021-01-08 07:40")
    town.unread("Lực")
    await town.say("Lực", "① KH 1/KH-NV 4/1")
    await town.hears("Lực", "đã nộp lúc 07:40")
    await town.until("2021-01-08 07:50")
    await town.hears("Lan", "Anh Lực:", "Xác nhận ①")
    await town.press("Lan", "Xác nhận ①")
    await town.hears("Lan", "✓ ①")
    await town.hears("Lực", "hoàn thành trước hạn")
    assert (await rows(town, select(tasks.c.state).where(tasks.c.id == task))) == [("confirmed",)]
    said = select(events.c.actor_id, events.c.fields).where(events.c.action == "decided_as_deputy")
    ((actor, fields),) = await rows(town, said)
    assert (actor, fields["instead_of"]) == (town.ids[LAN], town.ids[HUNG])  # type: ignore[index]
    await town.until("2021-01-12 09:00")
    assert not town.unread("Hùng"), "what was decided meanwhile does not wait for the return"


async def test_a_deputy_of_the_confirmer_never_decides_on_their_own_report(town: Town) -> None:
    await away(town, HUNG, "8/1", "chị Lan")
    await add_task(town, "Việc một", date(2021, 1, 15), LAN, state="accepted")
    await town.until("2021-01-08 07:40")
    town.unread("Lan")
    await town.say("Lan", "① KH 1/KH-NV 4/1")
    await town.hears("Lan", "đã nộp lúc 07:40")
    await town.until("2021-01-08 07:50")
    await town.hears("Dũng", "Chị Lan", "Xác nhận ①")
    assert not town.unread("Lan")
    await town._turn("Lan", pressed="task:ok:s1")
    await town.hears("Lan", "Việc này không còn")
    assert (await rows(town, select(submissions.c.state))) == [("waiting",)]


async def test_a_report_for_the_absent_head_goes_past_both_of_them(town: Town) -> None:
    await add_task(town, "Việc của phòng", date(2021, 1, 15), HUNG, state="accepted")
    await away(town, HUNG, "8/1", "chị Lan")
    await town.until("2021-01-08 07:40")
    await town.hears("Lan", "Anh Hùng (đang nghỉ): Việc của phòng")
    await town.say("Lan", "① KH 1/KH-NV 4/1")
    await town.hears("Lan", "chờ đồng chí Trần Quốc Dũng xác nhận")
    for name in (LAN, HUNG):
        await town._turn(name, pressed="task:ok:s1")
        await town.hears(name, "Việc này không còn")


async def test_without_a_deputy_the_superior_acts_and_another_one_confirms(town: Town) -> None:
    await town.say("Lan", "/nghi 5/1 đến 8/1")
    town.unread("Lan")
    await add_task(town, "Việc một", date(2021, 1, 15), LAN, state="accepted")
    await town.until("2021-01-08 07:40")
    await town.hears("Hùng", "Chị Lan (đang nghỉ): Việc một")
    town.unread("Hùng")
    await town.say("Hùng", "① KH 1/KH-NV 4/1")
    await town.hears("Hùng", "anh Hùng nộp thay lúc 07:40, chờ đồng chí Trần Quốc Dũng xác nhận")
    await town._turn("Hùng", pressed="task:ok:s1")
    await town.hears("Hùng", "Việc này không còn")


async def test_with_the_leave_the_right_ends_and_the_news_go_to_who_is_back(town: Town) -> None:
    task = await add_task(town, "Việc một", date(2021, 1, 15), LAN, state="accepted")
    await away(town, LAN, "8/1", "anh Lực")
    await town.until("2021-01-08 07:40")
    await town.hears("Lực", "Chị Lan (đang nghỉ): Việc một")
    await town.say("Lực", "① bổ sung sau")
    await town.hears("Lực", "anh Lực nộp thay lúc 07:40")
    await town.until("2021-01-11 08:00")
    for name in town.ids:
        town.unread(name)
    await town._turn("Lực", pressed=f"task:done:{task}")
    await town.hears("Lực", "do chị Lan báo cáo")
    await town.press("Hùng", "Trả lại ①")
    await town.hears("Hùng", "Trả lại vì sao?")
    await town.say("Hùng", "thiếu danh sách")
    await town.hears("Hùng", "thiếu danh sách")
    await town.hears("Lan", "anh Hùng trả lại, lý do: thiếu danh sách", "① Xong")
    assert not town.unread("Lực")


@pytest.mark.parametrize(("head", "words"), [("Hùng", "thấy đủ số liệu rồi"), ("Khải", "cần sớm")])
async def test_more_time_is_refused_with_a_reason_on_both_channels(town: Town, head: str, words: str) -> None:
    who, unit = (LAN, "NV") if head == "Hùng" else ("Ngô Thị Thu", "TCKH")
    await add_task(town, "Việc một", date(2021, 1, 15), who, unit, state="accepted")
    await town.until("2021-01-08 07:40")
    await town.hears(who, "Việc một")
    await town.say(who, "① xin gia hạn đến 22/1, chờ số liệu")
    await town.press(who, f"Gửi anh {head}")
    town.unread(who)
    await town.until("2021-01-08 07:50")
    await town.hears(head, "xin gia hạn đến 22/01, chờ số liệu")
    await town.press(head, "Không ①")
    await town.hears(head, "Chưa đồng ý gia hạn vì sao? Nhắn một dòng lý do")
    await town.say(head, "?")
    await town.hears(head, "Xin nhắn lý do")
    await town.say(head, words)
    await town.hears(head, f"không gia hạn, lý do: {words}")
    await town.hears(who, f"chưa đồng ý gia hạn vì {words}; hạn vẫn là 15/01", "① Xong")
    town.quiet()


async def test_a_returned_task_names_who_is_away_to_the_deputy(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 12), LAN, state="accepted")
    await town.until("2021-01-04 09:00")
    await town.say(LAN, "xong BC 1/BC-NV 4/1")
    await town.until("2021-01-04 09:05")
    await town.press(HUNG, "Trả lại ①")
    await town.say(HUNG, "thiếu phụ lục")
    await away(town, LAN, "6/1", "anh Lực")
    await town.until("2021-01-05 07:40")
    await town.hears(LUC, "① Chị Lan (đang nghỉ): Việc một, hạn 12/01: anh Hùng trả lại")


async def test_a_late_task_that_nobody_acknowledged_is_said_to_be_late(town: Town) -> None:
    await add_task(town, "Việc một", date(2021, 1, 4), LAN)
    await town.jump("2021-01-06 07:40")
    await town.hears(HUNG, "Chị Lan: Việc một, hạn 04/01, chưa bấm nhận, trễ 2 ngày làm việc.")
