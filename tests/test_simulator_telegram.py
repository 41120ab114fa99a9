"""The town's Bot API server, as python-telegram-bot meets it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

os.environ.setdefault("PTB_TIMEDELTA", "true")
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MessageEntity,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, RetryAfter, TimedOut
from telegram.ext import Updater

from bot.web import serving
from simulator.clock import ZONE
from simulator.server import Running, serve
from simulator.town import Person, Town


def local(text: str) -> datetime:
    """An aware local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


class World:
    """A town with one citizen, a bot that talks to it and hands to work with both."""

    def __init__(self, running: Running, bot: Bot, hands: httpx.AsyncClient, lan: Person) -> None:
        self.running = running
        self.bot = bot
        self.hands = hands
        self.lan = lan

    async def does(self, what: str, **body: Any) -> dict[str, Any]:
        """The person does something."""
        answer = await self.hands.post(f"/api/people/{self.lan.id}/{what}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def sees(self) -> list[dict[str, Any]]:
        """The person's chat."""
        return list((await self.hands.get(f"/api/people/{self.lan.id}/messages")).json())

    async def breaks(self, **fault: Any) -> None:
        """Something goes wrong."""
        assert (await self.hands.post("/api/faults", json=fault)).status_code == 200


@asynccontextmanager
async def a_world(folder: Path) -> AsyncIterator[World]:
    town = Town(folder, local("2021-01-04 07:25"))
    async with serve(town, 0) as running, httpx.AsyncClient(base_url=running.address) as hands:
        if not town.people():
            with town.change():
                town.add_person("Lan", "telegram")
        api = running.address
        async with Bot(town.setting("telegram_token"), f"{api}/bot", f"{api}/file/bot") as bot:
            yield World(running, bot, hands, town.people()[0])


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as made:
        yield made


async def test_the_bot_hears_what_a_person_says(world: World) -> None:
    said = await world.does("say", text="/start ABC")
    (update,) = await world.bot.get_updates(timeout=5)
    message = update.message
    assert message is not None
    assert message.text == "/start ABC"
    assert str(message.message_id) == said["message_id"]
    assert message.parse_entities() == {message.entities[0]: "/start"}
    assert message.date == local("2021-01-04 07:25").replace(second=message.date.second)
    assert message.chat.id == message.from_user.id  # type: ignore[union-attr]


async def test_an_update_comes_again_until_the_offset_passes_it(world: World) -> None:
    await world.does("say", text="một")
    first = await world.bot.get_updates(timeout=1)
    again = await world.bot.get_updates(timeout=1)
    assert [u.update_id for u in again] == [u.update_id for u in first]
    assert await world.bot.get_updates(offset=first[0].update_id + 1, timeout=0) == ()


async def test_a_long_poll_is_held_until_something_is_said(world: World) -> None:
    polling = asyncio.create_task(world.bot.get_updates(timeout=30))
    await asyncio.sleep(0.2)
    assert not polling.done()
    await world.does("say", text="đây")
    assert [u.message.text for u in await polling if u.message] == ["đây"]


async def test_a_second_poller_ends_the_first_with_a_conflict(world: World) -> None:
    first = asyncio.create_task(world.bot.get_updates(timeout=30))
    await asyncio.sleep(0.2)
    other = asyncio.create_task(world.hands.post(f"/bot{world.bot.token}/getUpdates", json={"timeout": 30}))
    with pytest.raises(Conflict):
        await first
    await world.does("say", text="đây")
    assert len((await other).json()["result"]) == 1


async def test_words_buttons_and_emphasis_arrive(world: World) -> None:
    keys = [
        [
            InlineKeyboardButton("Có", callback_data="yes"),
            InlineKeyboardButton("Xem", url="http://127.0.0.1/"),
        ]
    ]
    bold = [MessageEntity(MessageEntity.BOLD, 0, 2)]
    sent = await world.bot.send_message(
        world.lan.chat, "Ổn chưa?", entities=bold, reply_markup=InlineKeyboardMarkup(keys)
    )
    (seen,) = await world.sees()
    assert (seen["sender"], seen["text"], seen["bold"]) == ("bot", "Ổn chưa?", [[0, 2]])
    assert [(c["label"], c["data"], c.get("url")) for c in seen["choices"]] == [
        ("Có", "yes", None),
        ("Xem", "", "http://127.0.0.1/"),
    ]
    assert sent.reply_markup == InlineKeyboardMarkup(keys)
    assert sent.entities == tuple(bold)


async def test_a_pressed_button_is_a_callback_query_and_its_answer_ends_it(world: World) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Có", callback_data="yes")]])
    sent = await world.bot.send_message(world.lan.chat, "Ổn chưa?", reply_markup=keys)
    await world.does("press", message_id=sent.message_id, choice="Có")
    (update,) = await world.bot.get_updates(timeout=5)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.message.message_id) == ("yes", sent.message_id)  # type: ignore[union-attr]
    assert await query.answer("Đã ghi")
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await query.answer()
    state = (await world.hands.get("/api/state")).json()
    assert state["toasts"] == {str(world.lan.id): [1, "Đã ghi"]}


async def test_an_edit_keeps_its_place_in_the_chat(world: World) -> None:
    sent = await world.bot.send_message(world.lan.chat, "một")
    await world.bot.send_message(world.lan.chat, "hai")
    await world.bot.edit_message_text("ba", world.lan.chat, sent.message_id)
    seen = await world.sees()
    assert [(m["text"], m["edited"]) for m in seen] == [("ba", True), ("hai", False)]
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await world.bot.edit_message_text("ba", world.lan.chat, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await world.bot.edit_message_text("ba", world.lan.chat, 999)
    await world.bot.delete_message(world.lan.chat, sent.message_id)
    assert [(m["n"], m["text"], m["deleted"]) for m in await world.sees()] == [
        (seen[0]["n"], "", True),
        (seen[1]["n"], "hai", False),
    ]


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(world: World) -> None:
    menu = ReplyKeyboardMarkup([["Việc của tôi", "Báo cáo"]])
    sent = await world.bot.send_message(world.lan.chat, "Chào", reply_markup=menu)
    assert (await world.sees())[0]["keyboard"] == [["Việc của tôi", "Báo cáo"]]
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await world.bot.edit_message_text("Khác", world.lan.chat, sent.message_id)


async def test_pictures_albums_and_documents_arrive_whole(world: World) -> None:
    chat = world.lan.chat
    photo = await world.bot.send_photo(chat, JPEG, caption="Biểu đồ")
    await world.bot.edit_message_caption(chat, photo.message_id, caption="Biểu đồ mới")
    await world.bot.send_document(chat, b"%PDF-1.7", filename="báo cáo.pdf")
    album = await world.bot.send_media_group(chat, [InputMediaPhoto(JPEG), InputMediaPhoto(JPEG, "hai")])
    assert len({m.media_group_id for m in album}) == 1
    seen = await world.sees()
    assert [m["text"] for m in seen] == ["Biểu đồ mới", "", "", "hai"]
    assert [m["files"][0]["kind"] for m in seen] == ["photo", "document", "photo", "photo"]
    assert seen[1]["files"][0]["name"] == "báo cáo.pdf"
    fetched = await world.hands.get(seen[1]["files"][0]["url"])
    assert fetched.content == b"%PDF-1.7"
    with pytest.raises(BadRequest, match=r"(?i)there is no text"):
        await world.bot.edit_message_text("x", chat, photo.message_id)


@pytest.mark.parametrize("kind", ["photo", "document", "video", "voice", "audio", "sticker"])
async def test_the_bot_downloads_what_people_send(world: World, kind: str) -> None:
    answer = await world.hands.post(
        f"/api/people/{world.lan.id}/send",
        files={"file": ("a.jpg", JPEG)},
        data={"kind": kind, "caption": "ổ gà", "album": "7"},
    )
    assert answer.status_code == 200
    (update,) = await world.bot.get_updates(timeout=5)
    message = update.message
    assert message is not None
    assert (message.caption, message.media_group_id) == ("ổ gà", "7")
    attached = message.effective_attachment
    file = await (attached[-1] if isinstance(attached, (list, tuple)) else attached).get_file()  # type: ignore[union-attr]
    assert bytes(await file.download_as_bytearray()) == JPEG


async def test_places_replies_and_edits_of_people_arrive(world: World) -> None:
    first = await world.does("say", text="ổ gà")
    await world.does("say", text="ở ấp 5", reply_to=first["message_id"])
    await world.does("edit", message_id=first["message_id"], text="ổ gà to")
    await world.does("location", latitude=11.8, longitude=106.9)
    updates = await world.bot.get_updates(timeout=5)
    said = updates[1].message
    assert said is not None
    assert said.reply_to_message is not None
    assert said.reply_to_message.text == "ổ gà"
    assert updates[2].edited_message is not None
    assert updates[2].edited_message.text == "ổ gà to"
    place = updates[3].message
    assert place is not None
    assert place.location is not None
    assert (place.location.latitude, place.location.longitude) == (11.8, 106.9)


async def test_what_telegram_refuses_is_refused(world: World) -> None:
    bot, chat = world.bot, world.lan.chat
    with pytest.raises(BadRequest, match=r"(?i)message is too long"):
        await bot.send_message(chat, "x" * 4097)
    with pytest.raises(BadRequest, match=r"(?i)message text is empty"):
        await bot.send_message(chat, " ")
    with pytest.raises(BadRequest, match=r"(?i)message caption is too long"):
        await bot.send_photo(chat, JPEG, caption="x" * 1025)
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="ữ" * 21 + "xx")]])
    with pytest.raises(BadRequest, match=r"(?i)65 bytes"):
        await bot.send_message(chat, "x", reply_markup=keys)
    with pytest.raises(BadRequest, match=r"(?i)1 items, allowed 2-10"):
        await bot.send_media_group(chat, [InputMediaPhoto(JPEG)])
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(1, "x")
    raw = f"/bot{bot.token}"
    unknown = await world.hands.post(f"{raw}/sendSomething", json={"chat_id": chat})
    assert unknown.status_code == 404
    extra = await world.hands.post(f"{raw}/sendMessage", json={"chat_id": chat, "text": "x", "colour": "red"})
    assert extra.json()["description"] == "Bad Request: sendMessage.colour: not in the description"
    missing = await world.hands.post(f"{raw}/sendPhoto", data={"chat_id": chat})
    assert missing.json()["description"] == "Bad Request: sendPhoto.photo: missing"
    wrong_token = await world.hands.get("/bot1:wrong/getMe")
    assert (wrong_token.status_code, wrong_token.json()["description"]) == (401, "Unauthorized")
    refused = (await world.hands.get("/api/refusals")).json()["telegram"]
    assert len(refused) == 10


async def test_commands_are_kept(world: World) -> None:
    await world.bot.set_my_commands([BotCommand("baocao", "Báo cáo")])
    assert await world.bot.get_my_commands() == (BotCommand("baocao", "Báo cáo"),)


async def test_faults_come_as_often_as_asked(world: World) -> None:
    bot, chat = world.bot, world.lan.chat
    await world.breaks(kind="429", channel="telegram", method="sendMessage", times=1, retry_after=7)
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(chat, "x")
    assert flood.value.retry_after == timedelta(seconds=7)
    await world.breaks(kind="403", person=world.lan.id)
    with pytest.raises(Forbidden):
        await bot.send_message(chat, "x")
    await world.breaks(kind="timeout", seconds=5)
    with pytest.raises(TimedOut):
        await bot.send_message(chat, "x", read_timeout=0.2)
    assert await world.sees() == []
    await world.breaks(kind="slow", seconds=5)
    with pytest.raises(TimedOut):
        await bot.send_message(chat, "chậm", read_timeout=0.2)
    await bot.send_message(chat, "lại được")
    assert [m["text"] for m in await world.sees()] == ["chậm", "lại được"]


async def test_who_blocks_the_bot_is_out_of_its_reach_until_let_in_again(world: World) -> None:
    await world.does("block", blocked=True)
    with pytest.raises(Forbidden, match=r"(?i)blocked by the user"):
        await world.bot.send_message(world.lan.chat, "x")
    answer = await world.hands.post(f"/api/people/{world.lan.id}/say", json={"text": "x"})
    assert (answer.status_code, answer.json()) == (409, {"error": "blocked"})
    await world.does("block", blocked=False)
    await world.bot.send_message(world.lan.chat, "x")
    updates = await world.bot.get_updates(timeout=1)
    assert [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member] == [
        "kicked",
        "member",
    ]


async def test_the_flood_limit_counts_a_second_of_town_time(world: World) -> None:
    world.running.town.clock.hold()
    for number in range(30):
        await world.bot.send_message(world.lan.chat, str(number))
    with pytest.raises(RetryAfter):
        await world.bot.send_message(world.lan.chat, "zu viel")
    world.running.town.clock.advance_to(local("2021-01-04 07:26"))
    await world.bot.send_message(world.lan.chat, "wieder")


async def test_a_duplicate_update_comes_twice(world: World) -> None:
    await world.breaks(kind="duplicate", times=1)
    await world.does("say", text="một")
    await world.does("say", text="hai")
    updates = await world.bot.get_updates(timeout=1)
    assert [u.message.text for u in updates if u.message] == ["một", "một", "hai"]
    assert updates[0].update_id == updates[1].update_id


async def test_the_updater_of_the_library_polls_without_losing_anything(world: World) -> None:
    queue: asyncio.Queue[object] = asyncio.Queue()
    updater = Updater(world.bot, queue)
    await updater.initialize()
    await updater.start_polling(timeout=5)
    for text in ("một", "hai", "ba"):
        await world.does("say", text=text)
    heard = [await asyncio.wait_for(queue.get(), 5) for _ in range(3)]
    await updater.stop()
    assert [u.message.text for u in heard if isinstance(u, Update) and u.message] == ["một", "hai", "ba"]
    assert world.running.town.waiting_count("telegram") == 0


async def test_a_webhook_is_tried_until_it_answers_well(world: World) -> None:
    answers = [500, 302, 200, 200]
    heard: list[tuple[str, str]] = []

    async def hook(request: Request) -> Response:
        update = Update.de_json(await request.json(), world.bot)
        assert update.message is not None
        heard.append((update.message.text or "", request.headers["X-Telegram-Bot-Api-Secret-Token"]))
        return Response(status_code=answers.pop(0))

    async with serving(Starlette(routes=[Route("/hook", hook, methods=["POST"])]), "127.0.0.1", 0) as port:
        await world.bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s-1")
        with pytest.raises(Conflict, match=r"(?i)webhook is active"):
            await world.bot.get_updates()
        await world.does("say", text="một")
        await world.does("say", text="hai")
        for _ in range(100):
            if not world.running.town.waiting_count("telegram"):
                break
            await asyncio.sleep(0.05)
        assert heard == [("một", "s-1"), ("một", "s-1"), ("một", "s-1"), ("hai", "s-1")]
        info = await world.bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 302"
        await world.bot.delete_webhook()
    assert (await world.bot.get_webhook_info()).url == ""
    with pytest.raises(BadRequest, match=r"(?i)HTTPS"):
        await world.bot.set_webhook("http://example.org/hook")


async def test_a_town_that_is_opened_again_goes_on_where_it_was(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        await world.does("say", text="còn đây")
        world.running.town.clock.advance_to(local("2021-02-01 08:00"))
        token = world.bot.token
    async with a_world(tmp_path) as world:
        assert world.bot.token == token
        assert world.running.town.clock.now() >= local("2021-02-01 08:00")
        (update,) = await world.bot.get_updates(timeout=1)
        assert update.message is not None
        assert update.message.text == "còn đây"
