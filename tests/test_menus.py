"""Several cards and questions in one chat: nothing is out of reach and nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from db import dialogs
from domain.chat import PLAIN, Button, Choice, Display
from domain.periods import from_key
from handlers.summary_lists import MOST, figured, opened
from handlers.summary_scope import Scope
from scheduler.compose import ROW_SIGNS, readable, typed_lines
from tests.citizens import code_in, filed, wait
from tests.talk import Town, typed_choices
from tests.work import add_task

POTHOLE = "o ga truoc cho, xe te"
LAMP = "den duong hu truoc tram y te"


async def morning(town: Town) -> None:
    """Nam (Zalo, roads) finds his morning card the next day."""
    await add_task(town, "Báo cáo tháng", date(2021, 1, 6), "Trương Văn Nam", "QLDT")
    await town.until("2021-01-05 07:45")
    for name in town.people:
        town.unread(name)


async def test_without_buttons_the_words_of_an_earlier_card_still_choose(town: Town) -> None:
    await town.until("2021-01-05 06:00")
    citizen = town.stranger("Dân", "zalo")
    code = code_in(await filed(town, citizen, POTHOLE))
    await morning(town)
    await town.say("Nam", "1")  # the morning card came last: its number
    assert any("nhắn số, ngày văn bản" in m.text for m in town.unread("Nam"))
    await town.say("Nam", "nhan xu ly")
    assert any(f"{code}: đang xử lý" in m.text for m in town.unread("Nam"))
    await wait(town)
    await town.hears(citizen, code, "đã nhận xử lý")


@pytest.mark.parametrize("typed", ["1 nhan xu ly", "1. Nhận xử lý"])
async def test_a_number_with_the_words_of_an_earlier_card_means_the_words(town: Town, typed: str) -> None:
    await town.until("2021-01-05 06:00")
    code = code_in(await filed(town, town.stranger("Dân", "zalo"), POTHOLE))
    await morning(town)
    await town.say("Nam", typed)
    assert any(f"{code}: đang xử lý" in m.text for m in town.unread("Nam"))


async def test_only_the_last_three_menus_are_remembered(town: Town) -> None:
    account = 1

    def show(conn: Connection, number: int) -> None:
        choices = [[f"case:take:{number}", f"nhan {number}", False]]
        dialogs.saw_menu(conn, account, choices, f"m{number}", town.clock.now())

    for number in (1, 2, 3, 4, 3):
        await town.database.write(show, number)
    menu = await town.database.read(dialogs.menu, account)
    assert menu is not None
    assert [choice.label for choice in menu.choices] == ["nhan 3"]
    assert [choice.label for choice in menu.earlier] == ["nhan 4", "nhan 2"]


async def test_a_case_code_shows_the_case_while_a_task_waits_for_its_proof(town: Town) -> None:
    await town.until("2021-01-05 06:00")
    code = code_in(await filed(town, town.stranger("Dân", "zalo"), POTHOLE))
    await morning(town)
    await town.say("Nam", "1")
    town.unread("Nam")
    await town.say("Nam", code.lower())
    await town.hears("Nam", f"Phản ánh {code}", "1. Nhận xử lý")
    await town.say("Nam", "BC 12/BC-UBND 5/1")
    assert any("đã nộp" in m.text for m in town.unread("Nam"))


async def test_an_official_s_draft_outlives_a_report(town: Town) -> None:
    await morning(town)
    await town.say("Nam", "duong truoc nha toi bi ngap nuoc")
    await wait(town)
    await town.press("Nam", "Gửi phản ánh")
    await wait(town)
    town.unread("Nam")
    await town.say("Nam", "① Xong")
    assert any("nhắn số, ngày văn bản" in m.text for m in town.unread("Nam"))
    await town.say("Nam", "BC 12/BC-UBND 5/1")
    await wait(town)
    town.unread("Nam")
    await town.say("Nam", "Đồng ý và gửi")
    await wait(town)
    await town.hears("Nam", "UBND đã nhận, mã")


async def test_a_draft_under_a_question_ends_with_its_day_and_its_files(town: Town) -> None:
    now = town.clock.now()
    account = 1
    draft = {"words": [["", "ngap"]], "files": [], "place": ""}

    def fill(conn: Connection) -> None:
        dialogs.open_dialog(conn, account, dialogs.DRAFT, draft, now)
        dialogs.open_dialog(conn, account, "task_evidence", {"task": 1}, now)
        dialogs.open_dialog(conn, account, "task_extend", {"task": 1}, now, lifetime=dialogs.LIFETIME / 2)

    await town.database.write(fill)
    half = now + dialogs.LIFETIME / 2
    below = await town.database.read(dialogs.current, account, half)
    assert below is not None
    assert (below.kind, below.data["words"]) == (dialogs.DRAFT, [["", "ngap"]])
    ended = await town.database.write(dialogs.expire, now + dialogs.LIFETIME)
    assert [dialog.kind for _, dialog in ended] == ["task_extend", dialogs.DRAFT]
    assert await town.database.read(dialogs.current, account, now) is None


async def test_what_is_erased_includes_a_draft_under_a_question(town: Town) -> None:
    await morning(town)
    await town.say("Nam", "duong truoc nha toi bi ngap nuoc")
    await wait(town)
    await town.press("Nam", "Gửi phản ánh")
    await wait(town)
    await town.say("Nam", "① Xong")
    town.unread("Nam")
    await town.say("Nam", "dulieu")
    await town.hears("Nam", "bản nháp chưa gửi")
    await town._turn("Nam", pressed="data:forget")
    await town.hears("Nam", "Đã xoá bản nháp")
    await town.say("Nam", "dulieu")
    assert "bản nháp" not in town.unread("Nam")[-1].text


LABELS = st.sampled_from(["① Xong", "② Xong", "③ Xong", "Báo ③", "Báo ④", "Xem ①", "Xem ②", "Đã nhận"])


@given(st.lists(LABELS, unique=True, max_size=8))
def test_numbered_choices_share_a_line_and_each_keeps_its_number(labels: list[str]) -> None:
    lines = typed_lines(labels)
    assert typed_choices("\n".join(lines)) == {label: number for number, label in enumerate(labels, 1)}
    assert len(lines) <= len(labels)


def test_a_row_of_tasks_is_one_line() -> None:
    labels = ["① Xong", "② Xong", "Báo ③", "Báo ④", "Đã nhận"]
    assert typed_lines(labels) == ["1–2. ①–② Xong", "3–4. Báo ③–④", "5. Đã nhận"]


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=4))
def test_no_button_beside_another_is_cut_on_a_small_phone(labels: list[str]) -> None:
    row = tuple(Button(label, f"a:{at}") for at, label in enumerate(labels))
    shown = readable(row, PLAIN)
    assert [button for each in shown for button in each] == list(row)
    assert all(
        len(button.label) * len(each) <= ROW_SIGNS for each in shown for button in each if len(each) > 1
    )
    assert readable(row, Display(large=True)) == tuple((button,) for button in row)
    assert len(shown) == (1 if max(map(len, labels)) * len(labels) <= ROW_SIGNS else len(labels))


@given(st.integers(0, 15), st.integers(1, 2))
def test_no_screen_of_figures_has_more_than_six_choices_and_each_is_on_one(
    count: int, ways_back: int
) -> None:
    scope = Scope(from_key("2021-11"))
    choices = [Choice("figure", f"bc:2021-11:list:{n}") for n in range(count)]
    back = [Choice("back", f"bc:2021-11:home:{n}") for n in range(ways_back)]
    seen: list[Choice] = []
    number = 1
    while number:
        shown = [c for row in figured(scope, choices, number, ("quality",), back) for c in row]
        assert len(shown) <= MOST
        assert shown[-ways_back:] == back
        seen += [choice for choice in shown if choice.label == "figure"]
        more = [
            int(choice.action.rsplit(":", 1)[1]) for choice in shown if choice.label not in ("figure", "back")
        ]
        number = more[0] if more and more[0] > 1 else 0  # after the last the first
    assert seen == choices


@given(st.integers(0, 40), st.integers(0, 20))
def test_a_page_of_lines_to_open_has_room_for_turning_and_the_way_back(count: int, number: int) -> None:
    scope = Scope(from_key("2021-11"))
    page = opened(range(count), number)
    turning = [choice for row in page.turning(scope.action, "list", "late") for choice in row]
    a_reminder = page.number == 1
    assert len(page.rows) + len(turning) + a_reminder + 1 <= MOST
