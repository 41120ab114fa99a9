"""Days, documents and wishes as officials type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import sentences

TODAY = date(2020, 11, 26)  # a Thursday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4/12", date(2020, 12, 4)),
        ("4-12", date(2020, 12, 4)),
        ("04.12.2021", date(2021, 12, 4)),
        ("4/12/21", date(2021, 12, 4)),
        ("4/1", date(2021, 1, 4)),
        ("thứ 6", date(2020, 11, 27)),
        ("thu 6 phai xong", date(2020, 11, 27)),
        ("thứ sáu tuần sau", date(2020, 12, 4)),
        ("t6 tuan sau", date(2020, 12, 4)),
        ("thứ Năm", date(2020, 12, 3)),
        ("chủ nhật", date(2020, 11, 29)),
        ("mai", date(2020, 11, 27)),
        ("ngày mai nhé", date(2020, 11, 27)),
        ("hôm nay", TODAY),
        ("ngày 4 tháng 12", date(2020, 12, 4)),
        ("ngay 4 thang 12 nam 2021", date(2021, 12, 4)),
        ("ngày 4", date(2020, 12, 4)),
        ("cuối tháng", date(2020, 11, 30)),
        ("cuoi thang 12", date(2020, 12, 31)),
        ("hết tháng sau", date(2020, 12, 31)),
        ("cuối tuần", date(2020, 11, 27)),
        ("3 ngày nữa", date(2020, 11, 29)),
        ("thêm 2 tuần", date(2020, 12, 10)),
        ("31/2", None),
        ("60.5%", None),
        ("KH1.2", None),
        ("12/QĐ-UBND", None),
        ("12/2021/QĐ-UBND", None),
        ("tổ 4 ấp 5", None),
        ("mai vàng tết".replace("mai ", ""), None),
        ("", None),
    ],
)
def test_a_day_is_found_as_people_write_it(text: str, day: date | None) -> None:
    assert sentences.find_day(text, TODAY) == day


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_full_date_is_always_read_back(day: date, today: date) -> None:
    assert sentences.find_day(f"xong {day:%d/%m/%Y}.", today) == day


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-180, 180))
def test_a_day_without_a_year_is_the_nearest(today: date, shift: int) -> None:
    day = today + timedelta(days=shift)
    assert sentences.find_day(f"{day.day}/{day.month}", today) == day


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 360))
def test_a_documents_day_is_never_after_today(today: date, shift: int) -> None:
    day = today - timedelta(days=shift)
    if (day.month, day.day) == (2, 29):
        return
    assert sentences.find_day(f"{day.day}/{day.month}", today, past=True) == day


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    sentences.find_day(text, TODAY)
    sentences.find_document(text, TODAY)
    sentences.find_wish(text, TODAY)
    sentences.split_item(text)
    sentences.find_obstacle(text)


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("KH 45/KH-UBND 25/11", "KH 45/KH-UBND", date(2020, 11, 25)),
        ("kế hoạch số 45/KH-UBND ngày 25 tháng 11", "kế hoạch 45/KH-UBND", date(2020, 11, 25)),
        ("so 12/qd-ubnd ngay 3/2/2020", "12/QD-UBND", date(2020, 2, 3)),
        ("12/2020/QĐ-UBND", "12/2020/QĐ-UBND", None),
        ("cv 123 ngày 3/11", "CV 123", date(2020, 11, 3)),
        ("đã xong, BC 15", "BC 15", None),
    ],
)
def test_a_document_is_found_with_its_day(text: str, number: str, day: date | None) -> None:
    assert sentences.find_document(text, TODAY) == sentences.Document(number, day)


@pytest.mark.parametrize("text", ["4/12", "xong rồi", "được 60%", "cho tới 4/12, chờ số liệu"])
def test_no_document_is_made_up(text: str) -> None:
    assert sentences.find_document(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("cho toi 4/12, cho so lieu", date(2020, 12, 4), "cho so lieu"),
        ("xin gia han den 4/12 vi cho so lieu", date(2020, 12, 4), "cho so lieu"),
        ("Xin gia hạn đến thứ 6 tuần sau do thiếu người", date(2020, 12, 4), "thiếu người"),
        ("chờ số liệu nên xin gia hạn đến 4/12", date(2020, 12, 4), "chờ số liệu"),
        ("cho em xin đến 4/12 nhé, chờ vốn", date(2020, 12, 4), "chờ vốn"),
        ("xin thêm 3 ngày vì ốm", date(2020, 11, 29), "ốm"),
        ("xin gia hạn", None, ""),
    ],
)
def test_a_wish_for_more_time_is_understood(text: str, day: date | None, reason: str) -> None:
    assert sentences.find_wish(text, TODAY) == sentences.Wish(day, reason)


@pytest.mark.parametrize(
    ("text", "is_report"),
    [
        ("xong KH 4/BC-TCKH 5/11", True),
        ("12/DS-NV 13/11", True),
        ("BC 12/BC-NV ngày 20/11", True),
        ("xong rồi ạ", True),
        ("20/12, chờ QĐ 5/QĐ-UBND", False),
        ("đến 20/12 mới xong", False),
        ("20/12 mới xong được", False),
        ("cho tới 20/12, KH 4/KH-TC chưa ký", False),
        ("chờ QĐ 5/QĐ-UBND ký", False),
        ("chưa có số liệu", False),
    ],
)
def test_a_report_is_told_from_a_day_that_was_asked_for(text: str, is_report: bool) -> None:
    assert sentences.is_report(text, TODAY) is is_report


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("② cho tới 4/12", 2, "cho tới 4/12"),
        ("2. xong", 2, "xong"),
        ("việc 2 xong", 2, "xong"),
        ("①", 1, ""),
        ("25/11", None, "25/11"),
        ("45/KH-UBND", None, "45/KH-UBND"),
        ("đường ấp 5", None, "đường ấp 5"),
    ],
)
def test_the_number_of_an_item_is_split_off(text: str, number: int | None, rest: str) -> None:
    assert sentences.split_item(text) == (number, rest)


def test_an_obstacle_is_what_follows_the_word() -> None:
    assert sentences.find_obstacle("được 60%, vướng mặt bằng") == "mặt bằng"
    assert sentences.find_obstacle("đang chờ vốn") == "đang chờ vốn"
    assert sentences.find_obstacle("được 60%") == ""
    assert sentences.find_percent("được 60%") == 60
    assert sentences.find_percent("160%") is None
