"""L-PA: a citizen's matter at half, four fifths and the whole of its time, then weekly for the leaders."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, insert, update

from db.models import cases
from tests.talk import Town, local
from tests.test_ladders import CALENDAR, LADDERS
from tests.test_remind import moments


async def file_case(town: Town, code: str, due_on: date, handler: str | None = None) -> None:
    """A matter for the department of economy, received now."""

    def work(conn: Connection) -> None:
        unit = conn.exec_driver_sql("SELECT id FROM units WHERE code = 'KT'").scalar()
        conn.execute(
            insert(cases).values(
                code=code, pin_hash="", track="phan_anh", state="received", words="ổ gà", category="duong",
                unit_id=unit,
                handler_id=town.ids[handler] if handler else None, due_on=due_on,
                received_at=town.clock.now(),
            )
        )  # fmt: skip

    await town.database.write(work)


def test_the_shares_of_five_working_days_over_a_weekend() -> None:
    laid = LADDERS["case"].laid(date(2021, 1, 14), CALENDAR, date(2021, 1, 7))
    assert {rung.name: moment for rung, moment in laid} == {
        "50%": local("2021-01-12 07:30"),
        "80%": local("2021-01-13 07:30"),
        "100%": local("2021-01-14 07:30"),
        "week": local("2021-01-18 07:30"),
    }


async def test_an_unanswered_case_climbs_and_is_then_weekly_never_daily(town: Town) -> None:
    await town.until("2021-01-07 10:00")
    await file_case(town, "7K4M2", date(2021, 1, 14), "Phùng Thị Nga")
    await file_case(town, "8X2P3", date(2021, 1, 14), "Phùng Thị Nga")
    await town.until("2021-02-01 09:00")
    heard = town.unread("Nga")
    assert [f"{m.at:%d/%m %H:%M}" for m in heard if m.at] == ["12/01 07:30", "13/01 07:30", "14/01 07:30"]
    assert "2 phản ánh chưa trả lời: 7K4M2 (14/01), 8X2P3 (14/01)" in heard[0].text
    assert moments(town, "Sơn") == ["13/01 07:30", "14/01 07:30"]  # the head, from four fifths on (row 30)
    late = town.unread("Dũng")
    assert [f"{m.at:%d/%m}" for m in late if m.at] == ["18/01", "25/01", "01/02"]
    assert "2 phản ánh chưa trả lời, đều quá hạn: 7K4M2 (trễ 2 ngày), 8X2P3 (trễ 2 ngày)." in late[0].text
    town.quiet()


@pytest.mark.parametrize("who", ["Nga", "Sơn"])  # Zalo, Telegram
async def test_the_card_names_the_matter_says_how_long_and_opens_it(town: Town, who: str) -> None:
    await town.until("2021-01-07 10:00")
    holder = {"Nga": "Phùng Thị Nga", "Sơn": "Hà Văn Sơn"}[who]
    await file_case(town, "7K4M2", date(2021, 1, 14), holder)
    await town.until("2021-01-13 09:00")
    half, most = town.unread(who)
    assert "① Phản ánh 7K4M2 (Đường, vỉa hè, cầu cống), hạn 14/01. Còn 2 ngày làm việc." in half.text
    assert "Còn 1 ngày làm việc." in most.text
    await town.press(who, "Xem 7K4M2")
    await town.hears(who, "7K4M2", "ổ gà")
    assert not most.edited  # the card of the day stays above
    await file_case(town, "8X2P3", date(2021, 1, 14), holder)
    await town.until("2021-01-14 09:00")
    await town.hears(who, "2 phản ánh chưa trả lời: 7K4M2 (hôm nay), 8X2P3 (hôm nay).")
    await town.press(who, "Xem 2 phản ánh")
    await town.hears(who, "Việc dân đang mở: 2", "8X2P3")


async def test_what_is_answered_asked_or_moved_is_not_reminded_of(town: Town) -> None:
    await town.until("2021-01-07 10:00")
    for code in ("AAAA2", "BBBB2", "CCCC2"):
        await file_case(town, code, date(2021, 1, 14), "Phùng Thị Nga")
    await town.until("2021-01-11 10:00")

    def change(conn: Connection) -> None:
        conn.execute(update(cases).where(cases.c.code == "AAAA2").values(state="answered"))
        conn.execute(update(cases).where(cases.c.code == "BBBB2").values(state="asked"))
        conn.execute(update(cases).where(cases.c.code == "CCCC2").values(due_on=date(2021, 1, 21)))

    await town.database.write(change)
    await town.until("2021-01-22 10:00")
    heard = town.unread("Nga")
    assert all("CCCC2" in m.text and "AAAA2" not in m.text and "BBBB2" not in m.text for m in heard)
    assert [f"{m.at:%d/%m}" for m in heard if m.at] == ["14/01", "19/01", "21/01"]


async def test_without_a_handler_the_head_hears_and_the_next_handler_only_of_what_is_to_come(
    town: Town,
) -> None:
    await town.until("2021-01-07 10:00")
    await file_case(town, "7K4M2", date(2021, 1, 14))
    await town.until("2021-01-12 10:00")
    assert moments(town, "Sơn") == ["12/01 07:30"]
    taken = update(cases).values(handler_id=town.ids["Phùng Thị Nga"], state="working")
    await town.database.write(lambda conn: conn.execute(taken) and None)
    await town.until("2021-01-15 10:00")
    assert moments(town, "Nga") == ["13/01 07:30", "14/01 07:30"]
    assert moments(town, "Sơn") == ["13/01 07:30", "14/01 07:30"]
