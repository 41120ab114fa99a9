"""The town's Zalo Bot API server and its quirks, over plain HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import serving
from simulator.server import Running, serve
from simulator.town import Town
from tests.talk import local

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


class World:
    """A town with one citizen on Zalo, and a bot that is nothing but requests."""

    def __init__(self, running: Running, http: httpx.AsyncClient) -> None:
        self.running = running
        self.http = http
        self.hoa = running.town.people()[0]

    async def bot(self, method: str, **body: Any) -> httpx.Response:
        """The bot calls a method."""
        token = self.running.town.setting("zalo_token")
        return await self.http.post(f"/zalo/bot{token}/{method}", json=body)

    async def does(self, what: str, **body: Any) -> httpx.Response:
        """The person does something."""
        return await self.http.post(f"/api/people/{self.hoa.id}/{what}", json=body)

    async def sees(self) -> list[dict[str, Any]]:
        """The person's chat."""
        return list((await self.http.get(f"/api/people/{self.hoa.id}/messages")).json())

    async def sets(self, **body: Any) -> None:
        """A fault or a switch."""
        assert (await self.http.post("/api/faults", json=body)).status_code == 200


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    town = Town(tmp_path, local("2021-01-04 07:25"))
    with town.change():
        town.add_person("Hoa", "zalo")
    async with serve(town, 0) as running, httpx.AsyncClient(base_url=running.address) as http:
        yield World(running, http)


async def test_a_poll_gives_one_object_once_and_408_when_there_is_none(world: World) -> None:
    await world.does("say", text="xin chào")
    await world.does("say", text="có ai không")
    first = (await world.bot("getUpdates", timeout="5")).json()["result"]
    assert first["event_name"] == "message.text.received"
    assert first["message"]["text"] == "xin chào"
    assert first["message"]["chat"] == {"id": world.hoa.chat, "chat_type": "PRIVATE"}
    assert first["message"]["from"]["id"] == world.hoa.chat
    assert abs(first["message"]["date"] - local("2021-01-04 07:25").timestamp() * 1000) < 60_000
    second = (await world.bot("getUpdates", timeout=5)).json()["result"]
    assert second["message"]["text"] == "có ai không"
    idle = await world.bot("getUpdates", timeout=0)
    assert (idle.status_code, idle.json()) == (
        408,
        {"ok": False, "error_code": 408, "description": "Request timeout"},
    )


async def test_a_replaying_platform_gives_the_taken_update_again(world: World) -> None:
    await world.sets(switches={"zalo_polling": "replay"})
    await world.does("say", text="một")
    given = [(await world.bot("getUpdates", timeout=5)).json()["result"]["message"]["text"] for _ in range(3)]
    await world.does("say", text="hai")
    given.append((await world.bot("getUpdates", timeout=5)).json()["result"]["message"]["text"])
    assert given == ["một", "một", "một", "hai"]


async def test_a_picture_has_an_address_and_a_caption(world: World) -> None:
    for name in ("photo_url", "photo"):
        await world.sets(switches={"zalo_photo": name})
        await world.http.post(
            f"/api/people/{world.hoa.id}/send",
            files={"file": ("a.jpg", JPEG)},
            data={"kind": "photo", "caption": "ổ gà"},
        )
        event = (await world.bot("getUpdates", timeout=5)).json()["result"]
        assert event["event_name"] == "message.image.received"
        assert event["message"]["caption"] == "ổ gà"
        assert (await world.http.get(event["message"][name])).content == JPEG


async def test_places_and_files_come_without_content(world: World) -> None:
    await world.does("location", latitude=11.8, longitude=106.9)
    event = (await world.bot("getUpdates", timeout=5)).json()["result"]
    assert event["event_name"] == "message.unsupported.received"
    assert set(event["message"]) == {"message_id", "date", "chat", "from"}
    await world.sets(switches={"zalo_bare_unsupported": True})
    files = {"file": ("a.pdf", b"%PDF")}
    await world.http.post(f"/api/people/{world.hoa.id}/send", files=files, data={"kind": "document"})
    assert (await world.bot("getUpdates", timeout=5)).json()["result"] == {
        "event_name": "message.unsupported.received"
    }


async def test_words_and_pictures_of_the_bot_arrive(world: World) -> None:
    async def picture(_: Request) -> Response:
        return Response(JPEG, media_type="image/jpeg")

    sent = (await world.bot("sendMessage", chat_id=world.hoa.chat, text="1. Ổn")).json()["result"]
    async with serving(Starlette(routes=[Route("/p", picture)]), "127.0.0.1", 0) as port:
        address = f"http://127.0.0.1:{port}/p"
        shown = await world.bot("sendPhoto", chat_id=world.hoa.chat, photo=address, caption="Đã vá")
    assert shown.status_code == 200
    seen = await world.sees()
    assert [(m["text"], m["choices"]) for m in seen] == [("1. Ổn", []), ("Đã vá", [])]
    assert seen[0]["message_id"] == sent["message_id"]
    assert (await world.http.get(seen[1]["files"][0]["url"])).content == JPEG


async def test_the_same_calls_come_as_forms_and_queries(world: World) -> None:
    token = world.running.town.setting("zalo_token")
    form = {"chat_id": world.hoa.chat, "text": "một"}
    assert (await world.http.post(f"/zalo/bot{token}/sendMessage", data=form)).json()["ok"]
    assert (await world.http.get(f"/zalo/bot{token}/sendMessage", params={**form, "text": "hai"})).json()[
        "ok"
    ]
    assert [m["text"] for m in await world.sees()] == ["một", "hai"]


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("sendMessage", {"text": ""}, 400),
        ("sendMessage", {"text": "x" * 2001}, 400),
        ("sendMessage", {"text": "x", "chat_id": "nobody"}, 400),
        ("sendPhoto", {"photo": "http://example.org/a.jpg"}, 400),
        ("editMessageText", {"text": "x"}, 404),
        ("getWebhookInfo", {}, 404),
        ("setWebhook", {"url": "http://example.org/x", "secret_token": "12345678"}, 400),
        ("setWebhook", {"url": "http://127.0.0.1/x", "secret_token": "short"}, 400),
    ],
)
async def test_what_zalo_refuses_is_refused(
    world: World, method: str, body: dict[str, Any], status: int
) -> None:
    answer = await world.bot(method, **{"chat_id": world.hoa.chat, **body})
    assert (answer.status_code, answer.json()["ok"]) == (status, False)
    assert await world.sees() == []


async def test_people_on_zalo_have_no_buttons_and_no_edits(world: World) -> None:
    sent = (await world.does("say", text="một")).json()
    assert (await world.does("edit", message_id=sent["message_id"], text="hai")).status_code == 400
    assert (await world.does("press", message_id=sent["message_id"], choice="1")).status_code == 404


@pytest.mark.parametrize("envelope", ["flat", "wrapped"])
async def test_a_webhook_is_called_with_the_secret_in_either_envelope(world: World, envelope: str) -> None:
    heard: asyncio.Queue[tuple[Any, str | None]] = asyncio.Queue()

    async def hook(request: Request) -> Response:
        heard.put_nowait((await request.json(), request.headers.get("X-Bot-Api-Secret-Token")))
        return Response()

    await world.sets(switches={"zalo_envelope": envelope})
    async with serving(Starlette(routes=[Route("/hook", hook, methods=["POST"])]), "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/hook"
        assert (await world.bot("setWebhook", url=url, secret_token="secret-of-8")).json()["result"][
            "url"
        ] == url
        assert (await world.bot("getUpdates")).status_code == 400
        await world.does("say", text="một")
        body, secret = await asyncio.wait_for(heard.get(), 5)
    assert secret == "secret-of-8"
    event = body["result"] if envelope == "wrapped" else body
    assert event["message"]["text"] == "một"


async def test_faults_and_the_month_limit_strike(world: World) -> None:
    chat = world.hoa.chat
    await world.sets(kind="429", channel="zalo", method="sendMessage")
    flood = await world.bot("sendMessage", chat_id=chat, text="x")
    assert flood.status_code == 429
    await world.sets(kind="garbage", channel="zalo")
    assert (
        (await world.bot("sendMessage", chat_id=chat, text="x"))
        .headers["content-type"]
        .startswith("text/html")
    )
    await world.sets(kind="duplicate", channel="zalo")
    await world.does("say", text="một")
    twice = [(await world.bot("getUpdates", timeout=1)).json()["result"] for _ in range(2)]
    assert twice[0] == twice[1]
    assert (await world.bot("getUpdates", timeout=0)).status_code == 408
    await world.sets(switches={"zalo_month_limit": 1})
    assert (await world.bot("sendMessage", chat_id=chat, text="x")).status_code == 200
    assert (await world.bot("sendMessage", chat_id=chat, text="x")).status_code == 429


async def test_wrong_faults_and_switches_are_refused(world: World) -> None:
    for body in ({"kind": "flood"}, {"kind": "429", "colour": "red"}, {"switches": {"flood_limit": "many"}}):
        assert (await world.http.post("/api/faults", json=body)).status_code == 400
    await world.sets(kind="500", times=3)
    waiting = (await world.http.get("/api/faults")).json()["waiting"]
    assert [(fault["kind"], fault["times"]) for fault in waiting] == [("500", 3)]
    await world.sets(clear=True)
    assert (await world.http.get("/api/faults")).json()["waiting"] == []


async def test_large_letters_are_shown_and_unknown_styles_refused(world: World) -> None:
    chat = world.hoa.chat
    style = {"start": 0, "len": 4, "st": ["b", "f_20"]}
    assert (await world.bot("sendMessage", chat_id=chat, text="Chào", text_styles=[style])).status_code == 200
    (seen,) = await world.sees()
    assert (seen["large"], seen["bold"]) == (True, [[0, 4]])
    for wrong in ({**style, "st": ["f_99"]}, {**style, "len": 5}):
        refused = await world.bot("sendMessage", chat_id=chat, text="Chào", text_styles=[wrong])
        assert refused.status_code == 400
