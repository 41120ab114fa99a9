"""Telegram's edge over HTTP: updates as the platform sends them, calls as it takes them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Update

from bot.config import Settings, SettingsError
from bot.telegram import TelegramChannel, turn_of
from domain.chat import Button, Incoming, Later, Never, Outgoing, Place, Text, Turn, Upload
from tests.platform import BLOCKED, FLOOD, Platform, bad, standing_in

TOKEN = "123456:AAE-aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PHOTO = Upload("photo", "a.jpg", b"\xff\xd8\xff\xe0 picture", "")
PDF = Upload("document", "kh.pdf", b"%PDF-1.4", "")
HELLO = Outgoing(Text("Xin chào"))
FROM = {"id": 1001, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
CHAT = {"id": 1001, "first_name": "Lan", "type": "private"}
GROUP = {"id": -100200, "title": "Tổ 4", "type": "supergroup"}


def message(number: int = 1, chat: dict[str, Any] = CHAT, **content: Any) -> dict[str, Any]:
    """An update with a message."""
    inside = {"message_id": 50 + number, "from": FROM, "chat": chat, "date": 1609721100, **content}
    return {"update_id": 9000 + number, "message": inside}


def press(number: int, data: str) -> dict[str, Any]:
    """An update with a pressed button."""
    card = {"message_id": 44, "chat": CHAT, "date": 1609721000, "text": "Việc ①"}
    query = {"id": "4382", "from": FROM, "message": card, "chat_instance": "-77", "data": data}
    return {"update_id": 9000 + number, "callback_query": query}


def sizes(*widths: int) -> list[dict[str, Any]]:
    """The sizes of one photo, as Telegram lists them."""
    return [
        {"file_id": f"f{w}", "file_unique_id": f"u{w}", "width": w, "height": w, "file_size": w * 10}
        for w in widths
    ]


def sent_file(**more: Any) -> dict[str, Any]:
    """What every kind of file has."""
    return {"file_id": "F", "file_unique_id": "U", "file_size": 500, **more}


def understood(update: dict[str, Any]) -> Turn | None:
    """The turn of a raw update."""
    return turn_of(Update.de_json(update, None))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "/start K7M2"}, {"text": "/start K7M2"}),
        ({"photo": sizes(90, 1280, 320), "caption": "ổ gà"},
         {"text": "ổ gà", "files": (Incoming("photo", "f1280", "", 12800),)}),
        ({"photo": sizes(90), "media_group_id": "13"},
         {"files": (Incoming("photo", "f90", "", 900),), "album": "13"}),
        ({"document": sent_file(file_name="KH 45.pdf")},
         {"files": (Incoming("document", "F", "KH 45.pdf", 500),)}),
        ({"video": sent_file(width=9, height=9, duration=3)}, {"files": (Incoming("video", "F", "", 500),)}),
        ({"video_note": sent_file(length=9, duration=3)}, {"files": (Incoming("video", "F", "", 500),)}),
        ({"voice": sent_file(duration=3)}, {"files": (Incoming("voice", "F", "", 500),)}),
        ({"audio": sent_file(duration=3)}, {"files": (Incoming("audio", "F", "", 500),)}),
        ({"sticker": sent_file(width=9, height=9, is_animated=False, is_video=False, type="regular")},
         {"files": (Incoming("sticker", "F", "", 500),)}),
        ({"animation": sent_file(width=9, height=9, duration=1), "document": sent_file()},
         {"files": (Incoming("video", "F", "", 500),)}),
        ({"location": {"latitude": 11.8, "longitude": 106.9}}, {"place": Place(11.8, 106.9)}),
        ({"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "Chợ", "address": "x"},
          "location": {"latitude": 1.0, "longitude": 2.0}}, {"place": Place(1.0, 2.0, "Chợ")}),
        ({"contact": {"phone_number": "0912345678", "first_name": "B"}}, {"unsupported": True}),
        ({"text": "xong", "reply_to_message": {"message_id": 44, "chat": CHAT, "date": 1}},
         {"text": "xong", "reply_to": "44"}),
    ],
)  # fmt: skip
def test_a_message_becomes_a_turn(content: dict[str, Any], expected: dict[str, Any]) -> None:
    assert understood(message(**content)) == Turn("telegram", "1001", "u9001", message_id="51", **expected)


def test_an_edited_message_is_a_turn_that_says_so() -> None:
    update = message(text="sửa")
    update["edited_message"] = {**update.pop("message"), "edit_date": 1609721200}
    assert understood(update) == Turn("telegram", "1001", "u9001", "sửa", message_id="51", edit=True)


def test_a_pressed_button_names_the_card() -> None:
    expected = Turn("telegram", "1001", "u9002", pressed="task:done:12", message_id="44")
    assert understood(press(2, "task:done:12")) == expected


def test_a_group_is_not_private_and_its_service_messages_are_nobodys_word() -> None:
    said = understood(message(chat=GROUP, text="/baocao@congvu_bot"))
    assert said is not None
    assert not said.private
    assert understood(message(chat=GROUP, new_chat_members=[FROM])) is None


class Edge:
    """A channel on a stand-in, and the turns it handed over."""

    def __init__(self, platform: Platform, **settings: Any) -> None:
        self.platform = platform
        self.turns: list[Turn] = []
        self.fail = 0
        self.came = asyncio.Event()
        self.settings = Settings(telegram_token=TOKEN, telegram_api_url=platform.address, **settings)  # type: ignore[arg-type]
        self.channel = TelegramChannel(self.settings, [("start", "Bắt đầu"), ("baocao", "Báo cáo")])

    async def receive(self, turn: Turn) -> None:
        if self.fail:
            self.fail -= 1
            raise OSError("disk full")
        self.turns.append(turn)
        self.came.set()

    async def heard(self, count: int) -> None:
        """Waits until so many turns were handed over."""
        async with asyncio.timeout(10):
            while len(self.turns) < count:
                self.came.clear()
                await self.came.wait()


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with standing_in(Platform()) as platform:
        yield platform


@pytest.fixture
async def edge(platform: Platform) -> AsyncIterator[Edge]:
    edge = Edge(platform)
    yield edge
    await edge.channel.close()


async def test_polling_moves_on_only_after_the_turn_is_stored(edge: Edge) -> None:
    edge.fail = 1
    edge.platform.push(message(1, text="một"), message(2, text="hai"))
    async with edge.channel.receiving(edge.receive):
        await edge.heard(2)
        await edge.platform.called("getUpdates", 3)
    offsets = [int(call.get("offset") or 0) for call in edge.platform.of("getUpdates")]
    assert [turn.text for turn in edge.turns] == ["một", "hai"]
    assert offsets[:2] == [0, 0]  # the first batch failed, so the same was asked for again
    assert offsets[-1] == 9003


async def test_the_menu_of_commands_is_set_at_the_start(edge: Edge) -> None:
    async with edge.channel.receiving(edge.receive):
        (call,) = edge.platform.of("setMyCommands")
    assert json.loads(call["commands"])[1] == {"command": "baocao", "description": "Báo cáo"}


async def test_a_pressed_button_stops_spinning_once_it_is_stored(edge: Edge) -> None:
    edge.platform.push(press(1, "case:ok:7"))
    async with edge.channel.receiving(edge.receive):
        (call,) = await edge.platform.called("answerCallbackQuery")
    assert call["callback_query_id"] == "4382"
    assert [turn.pressed for turn in edge.turns] == ["case:ok:7"]


async def test_an_old_query_that_cannot_be_answered_is_stored_all_the_same(edge: Edge) -> None:
    edge.platform.faults["answerCallbackQuery"] = [bad("query is too old")]
    edge.platform.push(press(1, "case:ok:7"))
    async with edge.channel.receiving(edge.receive):
        await edge.platform.called("answerCallbackQuery")
    assert len(edge.turns) == 1


async def test_a_refused_token_is_named(edge: Edge) -> None:
    edge.platform.faults["getMe"] = [(401, {"error_code": 401, "description": "Unauthorized"})]
    with pytest.raises(SettingsError) as refused:
        async with edge.channel.receiving(edge.receive):
            pass
    assert refused.value.facts == {"name": "CONGVU_TELEGRAM_TOKEN"}


async def test_a_platform_that_is_down_at_the_start_is_tried_again(edge: Edge) -> None:
    edge.platform.faults["getMe"] = [(502, "bad gateway")]
    edge.platform.push(message(text="có ai không"))
    async with edge.channel.receiving(edge.receive):
        await edge.heard(1)
    assert edge.turns[0].text == "có ai không"


async def test_a_webhook_is_set_with_a_secret_and_only_that_secret_is_let_in(platform: Platform) -> None:
    edge = Edge(platform, public_url="https://example.invalid")
    body = json.dumps(message(text="chào")).encode()
    async with edge.channel.receiving(edge.receive):
        (call,) = platform.of("setWebhook")
        assert call["url"] == "https://example.invalid" + edge.channel.webhook_path
        assert await edge.channel.webhook(body, {}) == 403
        assert await edge.channel.webhook(body, {HEADER: "sai"}) == 403
        assert edge.turns == []
        assert await edge.channel.webhook(body, {HEADER: call["secret_token"]}) == 200
        assert await edge.channel.webhook(b"{", {HEADER: call["secret_token"]}) == 400
    assert [turn.text for turn in edge.turns] == ["chào"]
    assert platform.of("getUpdates") == []
    await edge.channel.close()


async def test_bold_is_counted_in_utf16_and_buttons_are_rows(edge: Edge) -> None:
    text = Text("🧪 Quá hạn: 3", ((2, 7),))
    rows = ((Button("Xong", "task:done:1"), Button("Vướng", "task:stuck:1")),)
    assert await edge.channel.send("1001", Outgoing(text, rows, menu=(("Việc",),))) == "101"
    (call,) = edge.platform.of("sendMessage")
    assert json.loads(call["entities"]) == [{"type": "bold", "offset": 3, "length": 7}]
    assert "parse_mode" not in call
    buttons = json.loads(call["reply_markup"])["inline_keyboard"]
    assert [[b["callback_data"] for b in row] for row in buttons] == [["task:done:1", "task:stuck:1"]]


async def test_the_permanent_menu_is_a_keyboard_that_stays(edge: Edge) -> None:
    await edge.channel.send("1001", Outgoing(Text("Chào"), menu=(("Việc của tôi", "Báo cáo"), ("Trợ giúp",))))
    keyboard = json.loads(edge.platform.of("sendMessage")[0]["reply_markup"])
    assert keyboard["is_persistent"]
    assert [[b["text"] for b in row] for row in keyboard["keyboard"]] == [
        ["Việc của tôi", "Báo cáo"], ["Trợ giúp"],
    ]  # fmt: skip
    await edge.channel.send("1001", Outgoing(Text("Chào"), menu=(("Trợ giúp",),), large=True))
    tall = json.loads(edge.platform.of("sendMessage")[1]["reply_markup"])
    assert (keyboard["resize_keyboard"], tall.get("resize_keyboard", False)) == (True, False)


async def test_a_picture_carries_the_words(edge: Edge) -> None:
    await edge.channel.send("1001", Outgoing(Text("Tháng 11"), uploads=(PHOTO,)))
    (call,) = edge.platform.of("sendPhoto")
    assert (call["photo"], call["caption"]) == (PHOTO.data, "Tháng 11")
    assert edge.platform.of("sendMessage") == []


async def test_words_too_long_for_a_caption_follow_the_picture(edge: Edge) -> None:
    words = "dài " * 300
    rows = ((Button("Xong", "a"),),)
    await edge.channel.send("1001", Outgoing(Text(words), rows, (PHOTO,)))
    assert [name for name, _ in edge.platform.calls] == ["sendPhoto", "sendMessage"]
    assert "caption" not in edge.platform.of("sendPhoto")[0]
    assert "reply_markup" in edge.platform.of("sendMessage")[0]


async def test_several_pictures_are_an_album_and_documents_follow(edge: Edge) -> None:
    await edge.channel.send("1001", Outgoing(Text("Trước và sau"), (), (PHOTO, PDF, PHOTO)))
    assert [name for name, _ in edge.platform.calls] == ["sendMediaGroup", "sendDocument", "sendMessage"]
    assert len(json.loads(edge.platform.of("sendMediaGroup")[0]["media"])) == 2


async def test_eleven_pictures_are_an_album_of_ten_and_one(edge: Edge) -> None:
    await edge.channel.send("1001", Outgoing(Text("Ảnh"), (), (PHOTO,) * 11))
    assert [name for name, _ in edge.platform.calls] == ["sendMediaGroup", "sendPhoto", "sendMessage"]


async def test_a_text_beyond_the_limit_comes_in_pieces_and_the_last_has_the_buttons(edge: Edge) -> None:
    words = "\n".join(f"dòng {n} 🧪" for n in range(700))
    await edge.channel.send("1001", Outgoing(Text(words), ((Button("Xong", "a"),),)))
    calls = edge.platform.of("sendMessage")
    assert "\n".join(call["text"] for call in calls) == words
    assert all(len(call["text"].encode("utf-16-le")) // 2 <= 4096 for call in calls)
    assert ["reply_markup" in call for call in calls] == [False] * (len(calls) - 1) + [True]


async def test_an_edit_replaces_words_and_takes_the_buttons_away(edge: Edge) -> None:
    assert await edge.channel.edit("1001", "44", Outgoing(Text("Đã nộp")), captioned=False) is None
    (call,) = edge.platform.of("editMessageText")
    assert (call["text"], call["message_id"]) == ("Đã nộp", "44")
    assert "reply_markup" not in call


async def test_an_edit_of_a_picture_changes_its_caption(edge: Edge) -> None:
    await edge.channel.edit("1001", "44", Outgoing(Text("Quá hạn")), captioned=True)
    assert edge.platform.of("editMessageCaption")[0]["caption"] == "Quá hạn"


async def test_an_edit_that_changes_nothing_is_a_success(edge: Edge) -> None:
    edge.platform.faults["editMessageText"] = [bad("message is not modified")]
    assert await edge.channel.edit("1001", "44", HELLO, captioned=False) is None


async def test_an_edit_of_a_vanished_message_is_sent_anew(edge: Edge) -> None:
    edge.platform.faults["editMessageText"] = [bad("message to edit not found")]
    assert await edge.channel.edit("1001", "44", HELLO, captioned=False) == "101"


async def test_an_edit_finds_the_words_above_or_below_the_picture(edge: Edge) -> None:
    edge.platform.faults["editMessageCaption"] = [bad("there is no caption in the message to edit")]
    assert await edge.channel.edit("1001", "44", HELLO, captioned=True) is None
    assert edge.platform.of("editMessageText")[0]["text"] == "Xin chào"


@pytest.mark.parametrize(("fault", "seconds"), [(FLOOD, 3.0), ((500, "oops"), None), ((502, "<html>"), None)])
async def test_what_may_work_later_is_later(
    edge: Edge, fault: tuple[int, Any], seconds: float | None
) -> None:
    edge.platform.faults["sendMessage"] = [fault]
    with pytest.raises(Later) as later:
        await edge.channel.send("1001", HELLO)
    assert later.value.seconds == seconds


@pytest.mark.parametrize(
    ("fault", "dead"),
    [(BLOCKED, True), (bad("chat not found"), True), (bad("message is too long"), False)],
)
async def test_what_will_not_work_is_never(edge: Edge, fault: tuple[int, Any], dead: bool) -> None:
    edge.platform.faults["sendMessage"] = [fault]
    with pytest.raises(Never) as never:
        await edge.channel.send("1001", HELLO)
    assert never.value.dead is dead


async def test_a_group_that_has_another_id_now_says_which(edge: Edge) -> None:
    told = {"error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat"}
    edge.platform.faults["sendMessage"] = [(400, {**told, "parameters": {"migrate_to_chat_id": -1009001}})]
    with pytest.raises(Never) as never:
        await edge.channel.send("-9001", HELLO)
    assert (never.value.dead, never.value.moved) == (False, "-1009001")


async def test_a_platform_that_does_not_answer_is_later() -> None:
    channel = TelegramChannel(Settings(telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:9"), [])  # type: ignore[arg-type]
    with pytest.raises(Later):
        await channel.send("1001", HELLO)
    await channel.close()


async def test_a_file_is_downloaded_by_its_id(edge: Edge) -> None:
    edge.platform.results["getFile"] = sent_file(file_path="photos/1.jpg")
    edge.platform.files["photos/1.jpg"] = PHOTO.data
    assert await edge.channel.fetch("f1280") == PHOTO.data
    assert edge.platform.of("getFile")[0]["file_id"] == "f1280"


async def test_a_file_beyond_the_platforms_limit_is_never(edge: Edge) -> None:
    edge.platform.faults["getFile"] = [bad("file is too big")]
    with pytest.raises(Never):
        await edge.channel.fetch("f1280")
