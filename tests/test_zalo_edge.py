"""Zalo's edge over HTTP: events as live bots recorded them, calls within what the platform takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.config import Settings, SettingsError
from bot.zalo import ZaloChannel, turn_of
from domain.chat import Incoming, Later, Never, Outgoing, Text, Turn, Upload
from tests.platform import Platform, standing_in

TOKEN = "1459232241454765289:aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"
WHO = "6ede9afa66b88fe6d6a9"
SENT = {"message_id": "82599fa32f56d00e8941", "date": 1749632637199}
PHOTO = Upload("photo", "a.jpg", b"\xff\xd8\xff\xe0", "ab" * 32)
HEADER = "X-Bot-Api-Secret-Token"
IDLE = (408, {"error_code": 408, "description": "Request timeout"})


def event(name: str, message_id: str = "2d758cb5e222177a4e35", **content: Any) -> dict[str, Any]:
    """An event as the platform sends it, flat."""
    return {
        "event_name": f"message.{name}.received",
        "message": {
            "message_id": message_id,
            "date": 1750316131602,
            "chat": {"id": WHO, "chat_type": "PRIVATE"},
            "from": {"id": WHO, "display_name": "Ted", "is_bot": False},
            **content,
        },
    }


@pytest.mark.parametrize("envelope", [lambda update: update, lambda update: {"ok": True, "result": update}])
@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (event("text", text="Xin chào"), {"text": "Xin chào"}),
        (event("image", photo_url="https://x/a.jpg", caption="ổ gà", message_type="CHAT_PHOTO"),
         {"text": "ổ gà", "files": (Incoming("photo", "https://x/a.jpg"),)}),
        (event("image", photo="https://x/a.jpg"), {"files": (Incoming("photo", "https://x/a.jpg"),)}),
        (event("voice", voice_url="https://x/a.aac"), {"files": (Incoming("voice", "https://x/a.aac"),)}),
        (event("sticker", sticker="bfe458bf64fa8da4d4eb", url="https://x/s.png"), {"unsupported": True}),
        (event("unsupported"), {"unsupported": True}),
    ],
)  # fmt: skip
def test_an_event_becomes_a_turn_in_either_envelope(
    envelope: Any, update: dict[str, Any], expected: dict[str, Any]
) -> None:
    turn = turn_of(envelope(update))
    assert turn is not None
    assert turn == Turn("zalo", WHO, turn.key, message_id="2d758cb5e222177a4e35", **expected)
    assert len(turn.key) <= 40


def test_the_same_event_has_the_same_key_and_another_has_another() -> None:
    text = event("text", text="a")
    events = [text, text, event("image", photo="x"), event("text", "ffff8cb5e222177a4e35", text="a")]
    turns = [turn_of(one) for one in events]
    keys = [turn.key for turn in turns if turn is not None]
    assert len(keys) == 4
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    "update",
    [
        {"event_name": "message.unsupported.received"},
        {},
        None,
        [],
        {"ok": True},
        event("reaction", emoji="x"),
    ],
)
def test_an_event_without_anybody_to_answer_is_left_alone(update: object) -> None:
    assert turn_of(update) is None


def test_a_group_is_not_private() -> None:
    turn = turn_of(event("text", text="@Bot bc", chat={"id": "g1", "chat_type": "GROUP"}))
    assert turn is not None
    assert (turn.chat, turn.private) == ("g1", False)


class ZaloPlatform(Platform):
    """Gives one update a poll, again and again if ``replay``; answers sends with an id."""

    replay = False

    async def result(self, method: str, values: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": "1459232241454765289", "account_name": "bot.VDKyGxQvc", "account_type": "BASIC"}
        if method == "getUpdates":
            return self.updates[0] if self.replay else self.updates.pop(0)
        return SENT if method.startswith("send") else {"url": "", "updated_at": 1}


class Edge:
    """A channel on a stand-in."""

    def __init__(self, platform: ZaloPlatform, **settings: Any) -> None:
        self.platform = platform
        self.turns: asyncio.Queue[Turn] = asyncio.Queue()
        self.sent = 0
        self.users = 3
        given = {"zalo_token": TOKEN, "zalo_api_url": platform.address, **settings}
        self.channel = ZaloChannel(Settings(**given), lambda sha256: f"signed-{sha256[:4]}", self.count)

    async def count(self) -> tuple[int, int]:
        self.sent += 1
        return self.sent, self.users

    async def next_turn(self) -> Turn:
        return await asyncio.wait_for(self.turns.get(), 10)


@pytest.fixture
async def platform() -> AsyncIterator[ZaloPlatform]:
    platform = ZaloPlatform()
    async with standing_in(platform):
        yield platform


@pytest.fixture
async def edge(platform: ZaloPlatform) -> AsyncIterator[Edge]:
    edge = Edge(platform)
    yield edge
    await edge.channel.close()


async def test_an_idle_poll_is_no_failure(edge: Edge) -> None:
    edge.platform.faults["getUpdates"] = [IDLE]
    edge.platform.push(event("text", text="chào"))
    with capture_logs() as logs:
        async with edge.channel.receiving(edge.turns.put):
            assert (await edge.next_turn()).text == "chào"
    assert [line["event"] for line in logs if line["log_level"] != "info"] == []


async def test_polls_of_a_platform_that_repeats_itself_are_a_second_apart(edge: Edge) -> None:
    edge.platform.replay = True
    edge.platform.push(event("text", text="chào"))
    async with edge.channel.receiving(edge.turns.put):
        first, again = await edge.next_turn(), await edge.next_turn()
    assert first.key == again.key
    assert len(edge.platform.of("getUpdates")) <= 3


async def test_an_update_that_could_not_be_stored_is_not_lost(edge: Edge) -> None:
    failures = [OSError("disk full")]

    async def receive(turn: Turn) -> None:
        if failures:
            raise failures.pop()
        await edge.turns.put(turn)

    edge.platform.push(event("text", text="chào"))
    async with edge.channel.receiving(receive):
        assert (await edge.next_turn()).text == "chào"


async def test_polling_takes_an_old_webhook_away(edge: Edge) -> None:
    edge.platform.faults["getWebhookInfo"] = [(404, {"error_code": 404, "description": "Not Found"})]
    async with edge.channel.receiving(edge.turns.put):
        assert edge.platform.of("deleteWebhook") == []


async def test_a_refused_token_is_named(edge: Edge) -> None:
    edge.platform.faults["getMe"] = [(401, {"error_code": 401, "description": "Unauthorized"})]
    with pytest.raises(SettingsError) as refused:
        async with edge.channel.receiving(edge.turns.put):
            pass
    assert refused.value.facts == {"name": "CONGVU_ZALO_TOKEN"}


async def test_a_webhook_lets_only_its_secret_in(platform: ZaloPlatform) -> None:
    edge = Edge(platform, public_url="https://example.invalid")
    body = json.dumps(event("text", text="chào")).encode()
    async with edge.channel.receiving(edge.turns.put):
        (call,) = platform.of("setWebhook")
        assert 8 <= len(call["secret_token"]) <= 256
        assert await edge.channel.webhook(body, {HEADER: "sai"}) == 403
        assert edge.turns.empty()
        assert await edge.channel.webhook(b"", {HEADER: call["secret_token"]}) == 200
        assert await edge.channel.webhook(b"{", {HEADER: call["secret_token"]}) == 400
        assert await edge.channel.webhook(body, {HEADER: call["secret_token"]}) == 200
    assert (await edge.next_turn()).text == "chào"
    assert platform.of("getUpdates") == []
    await edge.channel.close()


async def test_a_message_is_words_with_bold_in_utf16(edge: Edge) -> None:
    assert await edge.channel.send(WHO, Outgoing(Text("🧪 Quá hạn", ((2, 7),)))) == SENT["message_id"]
    (call,) = edge.platform.of("sendMessage")
    assert call == {
        "chat_id": WHO, "text": "🧪 Quá hạn", "text_styles": [{"start": 3, "len": 7, "st": ["b"]}],
    }  # fmt: skip


async def test_a_long_text_is_cut_between_paragraphs(edge: Edge) -> None:
    words = "\n\n".join(f"Đoạn {n}: " + "chữ " * 100 for n in range(12)).strip()
    await edge.channel.send(WHO, Outgoing(Text(words)))
    texts = [call["text"] for call in edge.platform.of("sendMessage")]
    assert all(len(text.encode("utf-16-le")) // 2 <= 2000 for text in texts)
    assert all(text.startswith("Đoạn") for text in texts)
    assert "".join("".join(texts).split()) == "".join(words.split())


async def test_pictures_go_by_signed_addresses_and_the_last_carries_the_words(platform: ZaloPlatform) -> None:
    edge = Edge(platform, public_url="http://127.0.0.1:8080")
    await edge.channel.send(WHO, Outgoing(Text("Trước và sau"), (), (PHOTO, PHOTO)))
    first, last = platform.of("sendPhoto")
    assert first == {"chat_id": WHO, "photo": "http://127.0.0.1:8080/f/signed-abab"}
    assert last["caption"] == "Trước và sau"
    assert platform.of("sendMessage") == []
    await edge.channel.close()


async def test_without_a_public_address_or_with_a_refused_picture_the_words_go_alone(
    platform: ZaloPlatform,
) -> None:
    for settings in ({}, {"public_url": "http://127.0.0.1:8080"}):
        edge = Edge(platform, **settings)
        platform.calls.clear()
        platform.faults["sendPhoto"] = [(400, {"error_code": 400, "description": "cannot fetch"})]
        assert await edge.channel.send(WHO, Outgoing(Text("Tháng 11"), (), (PHOTO,))) == SENT["message_id"]
        assert [call["text"] for call in platform.of("sendMessage")] == ["Tháng 11"]
        await edge.channel.close()


@pytest.mark.parametrize("code", [408, 429, 500, 503, 401])
async def test_what_may_work_later_is_later(edge: Edge, code: int) -> None:
    edge.platform.faults["sendMessage"] = [(code, {"error_code": code, "description": "no"})]
    with pytest.raises(Later):
        await edge.channel.send(WHO, Outgoing(Text("a")))


async def test_an_error_behind_a_200_is_an_error(edge: Edge) -> None:
    edge.platform.faults["sendMessage"] = [(200, {"error_code": 400, "description": "bad chat"})]
    with pytest.raises(Never):
        await edge.channel.send(WHO, Outgoing(Text("a")))


async def test_an_answer_that_is_not_json_is_an_error(edge: Edge) -> None:
    edge.platform.faults["sendMessage"] = [(502, "<html>")]
    with pytest.raises(Later):
        await edge.channel.send(WHO, Outgoing(Text("a")))


async def test_a_send_whose_answer_is_lost_is_called_unsure(platform: ZaloPlatform) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    edge = Edge(platform, zalo_api_url=f"http://127.0.0.1:{port}")
    with pytest.raises(Later) as lost:
        await edge.channel.send(WHO, Outgoing(Text("a")))
    assert lost.value.unsure
    assert TOKEN not in repr(lost.value.__context__) + repr(lost.value)
    await edge.channel.close()
    server.close()


async def test_a_platform_that_is_not_there_is_later_and_the_token_is_in_no_error(
    platform: ZaloPlatform,
) -> None:
    edge = Edge(platform, zalo_api_url="http://127.0.0.1:9")
    with pytest.raises(Later) as later:
        await edge.channel.send(WHO, Outgoing(Text("a")))
    assert TOKEN not in str(later.value) + repr(later.value.__cause__)
    await edge.channel.close()


async def test_a_picture_is_fetched_by_its_address(edge: Edge) -> None:
    edge.platform.files["a.jpg"] = PHOTO.data
    assert await edge.channel.fetch(f"{edge.platform.address}/media/a.jpg") == PHOTO.data
    with pytest.raises(Never):
        await edge.channel.fetch(f"{edge.platform.address}/media/gone.jpg")
    with pytest.raises(Never):
        await edge.channel.fetch("file:///etc/passwd")


async def test_eighty_percent_of_a_free_limit_is_warned_of_once(edge: Edge) -> None:
    edge.sent, edge.users = 2398, 40
    with capture_logs() as logs:
        for _ in range(4):
            await edge.channel.send(WHO, Outgoing(Text("a")))
    warned = [(line["limit_of"], line["value"]) for line in logs if line["event"] == "zalo_limit_near"]
    assert warned == [("users", 40), ("messages", 2400)]


async def test_large_letters_are_a_style_of_the_whole_text(edge: Edge) -> None:
    await edge.channel.send(WHO, Outgoing(Text("🧪 Quá hạn", ((2, 7),)), large=True))
    (call,) = edge.platform.of("sendMessage")
    assert call["text_styles"] == [
        {"start": 3, "len": 7, "st": ["b"]}, {"start": 0, "len": 10, "st": ["f_20"]},
    ]  # fmt: skip
