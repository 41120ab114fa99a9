"""What somebody hostile, clumsy or unlucky does: the whole set, here or where the table says it is tested."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from telegram import Update

from bot.telegram import turn_of
from db.models import accounts, cases, dialogs, memberships
from domain.chat import Turn
from tests.citizens import BROWN, CHANNELS, code_in, filed, taken, wait
from tests.talk import Town
from tests.test_telegram_edge import CHAT, message

HERE = Path(__file__).parent
SET = {
    "display names": ("hostile", "a_display_name_changes_nothing"),
    "markdown, html, jinja": ("hostile", "hostile_words_are_shown_as_they_are_everywhere"),
    "the limit of 4,096 signs": (
        "telegram_edge",
        "a_text_beyond_the_limit_comes_in_pieces_and_the_last_has_the_buttons",
    ),
    "a text as long as the platform allows": ("hostile", "a_text_of_4096_signs_is_kept_whole"),
    "an album with a broken file": (
        "message_kinds",
        "an_album_with_a_broken_file_keeps_the_others_and_says_so_once",
    ),
    "an edit during a step": ("hostile", "an_edit_during_a_step_changes_the_draft_and_keeps_the_step"),
    "the same update twice": ("delivery", "the_same_update_twice_is_answered_once"),
    "two buttons at once": ("hostile", "two_buttons_at_once_have_one_outcome"),
    "two officials at once": ("hostile", "two_officials_at_once_give_one_handler"),
    "an old button": ("hostile", "an_old_button_after_the_case_moved_says_so"),
    "blocked in the middle": ("hostile", "a_citizen_who_blocks_the_bot_stops_nothing"),
    "429": ("delivery", "a_flood_answer_makes_the_channel_rest_and_loses_nothing"),
    "a restart between commit and send": ("crash", "a_kill_at_a_named_point_loses_nothing"),
    "a minute to midnight, Tết": ("hostile", "a_minute_before_tet_the_days_are_counted_right"),
    "a swapped working day": (
        "calendar_rules",
        "a_service_saturday_counts_for_no_deadline_and_rests_in_a_holiday",
    ),
    "an officer who was removed": (
        "hostile",
        "an_official_removed_between_opening_and_pressing_sees_nothing",
    ),
    "an officer and a case about them": (
        "privacy_about",
        "an_official_named_in_full_does_not_hear_of_it_and_the_leaders_do",
    ),
    "guessing codes": (
        "cases_lookup",
        "a_wrong_code_and_a_wrong_pin_are_answered_alike_and_tries_are_counted",
    ),
    "formulas in an export": ("register_files", "a_table_of_plain_text_cannot_become_formulas_either"),
    "bombs, svg, polyglots": ("attachments", "what_is_not_kept_has_a_reason"),
    "tokens in logs": ("logs", "a_secret_is_stars_in_an_event_a_message_and_an_exception"),
    "words and numbers in logs": ("hostile", "no_words_and_no_telephone_number_reach_a_log"),
    "private words in groups, lists, counts, files": ("privacy_fuzz", "private_never_leaks"),
    "what the night will empty": ("retention", "what_is_over_is_emptied_and_the_rest_stays_whole"),
    "last night's copy": ("restore", "the_copy_of_last_night_is_the_service_as_it_was"),
    "made up buttons": ("hostile", "a_made_up_button_changes_nothing"),
    "a reply to somebody else's message": (
        "hostile",
        "a_reply_to_a_message_of_somebody_else_is_a_new_matter",
    ),
}
HOSTILE = (
    "{{ config }} <b>o ga</b> & <script>x</script> *_[a](b)` (#id1) \u202e\u200f {% raw %} =HYPERLINK(1)"
)
NAMES = ["(#id1)", "*_[", "\u202eabc\u200f", "🙂" * 64, "{{ config }}", "<b>x</b>", "\u0000", "=HYPERLINK(1)"]


@pytest.fixture
async def morning(town: Town) -> Town:
    await town.until("2021-01-04 08:00")
    for name in town.people:
        town.unread(name)
    return town


@pytest.mark.parametrize("what", SET)
def test_each_of_the_set_has_its_test(what: str) -> None:
    file, name = SET[what]
    text = (HERE / f"test_{file}.py").read_text(encoding="utf-8")
    assert re.search(rf"^(?:async )?def test_{name}\(", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_a_display_name_changes_nothing(name: str) -> None:
    who = {"id": 1001, "is_bot": False, "first_name": name, "last_name": name, "username": name}
    plain = message(text="o ga truoc cho")
    named = message(text="o ga truoc cho", chat={**CHAT, "first_name": name})
    named["message"]["from"] = who
    assert turn_of(Update.de_json(named, None)) == turn_of(Update.de_json(plain, None))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_hostile_words_are_shown_as_they_are_everywhere(morning: Town, channel: str) -> None:
    town, citizen = morning, morning.stranger("Dân", channel)
    await town.say(citizen, HOSTILE)
    await wait(town)
    await town.hears(citizen, HOSTILE[:60])
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    receipt = await town.hears(citizen, "UBND đã nhận, mã")
    await town.hears("Nam", HOSTILE)
    await town.press("Nam", "Nhận xử lý")
    await town.press("Nam", "Hỏi người dân")
    await town.say("Nam", f"Chỗ nào? {HOSTILE}")
    await wait(town)
    assert any(HOSTILE in each.text for each in town.unread(citizen))
    town.unread("Nam")
    await town.say(citizen, f"tra loi {HOSTILE}")
    await wait(town)
    assert any(HOSTILE in each.text for each in town.unread("Nam"))
    assert code_in(receipt)


async def test_a_text_of_4096_signs_is_kept_whole(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    long = ("đường hư 🧪 " * 500)[:4096].strip()
    await filed(town, citizen, long)

    def words(conn: Connection) -> str:
        return str(conn.execute(select(cases.c.words)).scalar_one())

    assert await town.database.read(words) == long
    assert all(len(each.text) <= 4096 for each in town.unread("Nam"))


async def test_an_edit_during_a_step_changes_the_draft_and_keeps_the_step(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town._turn(citizen, text="o ga truoc cho", message_id="e1")
    await wait(town)
    await town.press(citizen, "Sửa")
    await town.press(citizen, "Địa điểm")
    await town._turn(citizen, text="o voi truoc cho", message_id="e1", edit=True)
    await town.say(citizen, "Trước trường Nguyễn Huệ")
    await wait(town)

    def draft(conn: Connection) -> Any:
        return conn.execute(select(dialogs.c.data)).scalar_one()

    data = await town.database.read(draft)
    assert [text for _, text in data["words"]] == ["o voi truoc cho"]
    assert data["place"] == "Trước trường Nguyễn Huệ"


def _states(conn: Connection) -> list[str]:
    return list(conn.execute(select(cases.c.state)).scalars())


async def _at_once(town: Town, *pressed: tuple[str, str, str]) -> None:
    """Presses buttons of people before any of them is answered."""
    turns = []
    for number, (name, action, message_id) in enumerate(pressed):
        channel, chat = town._who(name)
        key = f"once{number}"
        turns.append(Turn(channel.name, chat, key, pressed=action, message_id=message_id))
    await asyncio.gather(*(town.app.receive(turn) for turn in turns))
    await town.settle()
    await wait(town)


@pytest.mark.parametrize(
    "order", [("Đồng ý và gửi", "Thôi"), ("Thôi", "Đồng ý và gửi"), ("Đồng ý và gửi",) * 2]
)
async def test_two_buttons_at_once_have_one_outcome(morning: Town, order: tuple[str, str]) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.say(citizen, "o ga truoc cho")
    await wait(town)
    review = await town.hears(citizen, "o ga truoc cho")
    await _at_once(town, *((citizen, review.choices[label], review.message_id) for label in order))
    assert await town.database.read(_states) == ([] if order[0] == "Thôi" else ["received"])
    assert any("đã bỏ, hoặc đã tự xoá" in each.text for each in town.unread(citizen))


async def test_two_officials_at_once_give_one_handler(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await filed(town, citizen, "loa keo karaoke on ao moi dem o to 3")
    card = await town.hears("Yến", "karaoke")
    action = card.choices["Nhận xử lý"]
    await _at_once(town, ("Cao Thị Yến", action, card.message_id), ("Mai Văn Tài", action, ""))

    def handlers(conn: Connection) -> list[int | None]:
        return list(conn.execute(select(cases.c.handler_id)).scalars())

    (handler,) = await town.database.read(handlers)
    assert handler in (town.ids["Cao Thị Yến"], town.ids["Mai Văn Tài"])


async def test_an_old_button_after_the_case_moved_says_so(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await filed(town, citizen, "o ga truoc cho")
    card = await town.hears("Kiều", "o ga truoc cho")

    def elsewhere(conn: Connection) -> None:
        one = select(memberships.c.unit_id).where(memberships.c.person_id == town.ids["Mai Văn Tài"])
        conn.execute(update(cases).values(unit_id=one.scalar_subquery()))

    await town.database.write(elsewhere)
    await _at_once(town, ("Nguyễn Thị Kiều", card.choices["Nhận xử lý"], card.message_id))
    heard = town.unread("Kiều")
    assert heard
    assert await town.database.read(_states) == ["received"]


async def test_an_official_removed_between_opening_and_pressing_sees_nothing(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await filed(town, citizen, "o ga truoc cho zqxw")
    card = await town.hears("Kiều", "o ga truoc cho")

    def removed(conn: Connection) -> None:
        mine = memberships.c.person_id == town.ids["Nguyễn Thị Kiều"]
        conn.execute(update(memberships).where(mine).values(until=memberships.c.since))

    await town.database.write(removed)
    for label in ("Nhận xử lý", "Xem ảnh, tệp (1)"):
        if label in card.choices:
            await _at_once(town, ("Nguyễn Thị Kiều", card.choices[label], card.message_id))
    assert not any("zqxw" in each.text for each in town.unread("Kiều"))
    assert await town.database.read(_states) == ["received"]


async def test_a_citizen_who_blocks_the_bot_stops_nothing(morning: Town) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await filed(town, citizen, "loa keo karaoke on ao moi dem o to 3")
    _, chat = town._who(citizen)
    town.fake["telegram"].blocked.add(chat)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã nhắc nhở và lập biên bản hai quán, cấm mở sau 22 giờ.")
    await wait(town, 20)
    assert await town.database.read(_states) == ["answered"]

    def dead(conn: Connection) -> bool:
        query = select(accounts.c.dead_since).where(accounts.c.external_id == chat)
        return conn.execute(query).scalar_one() is not None

    assert await town.database.read(dead)


async def test_a_minute_before_tet_the_days_are_counted_right(town: Town) -> None:
    await town.jump("2021-02-09 23:59")  # the holiday is from the 10th to the 16th
    citizen = town.stranger("Dân", "telegram")
    receipt = await filed(town, citizen, "o ga truoc cho")
    assert "thứ Ba 23/02" in receipt.text  # the 17th, 18th, 19th, 22nd, 23rd


async def test_no_words_and_no_telephone_number_reach_a_log(
    morning: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town, citizen = morning, morning.stranger("Dân", "telegram")
    await town.send(citizen, b"<svg>zqxw</svg>", caption="o ga zqxw 0912345678 truoc cho")
    await town.send(citizen, BROWN)
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town._turn(citizen, pressed="case:zqxw:0912345678", message_id="zqxw")
    said = "".join(capsys.readouterr())
    assert "zqxw" not in said
    assert "0912345678" not in said
    assert chat_of(town, citizen) not in said


def chat_of(town: Town, name: str) -> str:
    """The account's id on its channel."""
    return town._who(name)[1]


@pytest.mark.parametrize(
    "verb",
    ["take", "answer", "ask", "return", "move", "redo", "files", "post", "nophoto", "show", "more",
     "withdraw", "gone", "card", "rate", "to", "sheet", "attach", "send", "setkind", "area", "day"],
)  # fmt: skip
async def test_a_made_up_button_changes_nothing(morning: Town, verb: str) -> None:
    town, sender, other = morning, morning.stranger("Dân", "telegram"), morning.stranger("Lạ", "telegram")
    await filed(town, sender, "o ga truoc cho zqxw")
    for action in (
        f"case:{verb}:1",
        f"case:{verb}:1:good",
        f"case:{verb}",
        f"case:{verb}:x",
        f"case:{verb}:-1:'",
    ):
        await town._turn(other, pressed=action, message_id="m1")
    await wait(town)
    heard = town.unread(other)
    assert heard
    assert not any("zqxw" in each.text or "thử lại sau" in each.text for each in heard)
    assert await town.database.read(_states) == ["received"]


async def test_a_reply_to_a_message_of_somebody_else_is_a_new_matter(morning: Town) -> None:
    town, one, other = morning, morning.stranger("Một", "telegram"), morning.stranger("Hai", "telegram")
    receipt = await filed(town, one, "o ga truoc cho")
    await town.say(other, "(#id1) rac do day via he", reply_to=receipt.message_id)
    await wait(town)
    await town.hears(other, "(#id1) rac do day via he", "Đồng ý và gửi")

    def words(conn: Connection) -> list[str]:
        return list(conn.execute(select(cases.c.words)).scalars())

    assert await town.database.read(words) == ["o ga truoc cho"]
