"""The edge of Zalo's Official Account over HTTP, against the town's double of it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.config import Settings
from bot.service import service
from bot.web import Signer, serving, site
from bot.zalo_oa import MOMENT, SIGNATURE, ZaloOaChannel, turn_of, webhook_path, window_of
from bot.zalo_oa_tokens import Consent, TokenKeeper
from db import oa_tokens
from db.engine import Database
from db.models import metadata
from domain.chat import Incoming, Later, Never, Outgoing, Place, Text, Turn, Upload
from domain.window import Window
from simulator.server import Running, serve
from simulator.town import Town
from simulator.zalo_oa import mac
from tests.conftest import new_postgres
from tests.pictures import png
from tests.talk import local
from tests.test_web import prepared

WHO = "8309393969855402319"


def event(name: str, **message: Any) -> dict[str, Any]:
    """An event as a live account recorded it, its ids changed."""
    return {
        "event_name": name,
        "app_id": "102719276611582260",
        "sender": {"id": WHO},
        "recipient": {"id": "1423847451268726170"},
        "message": {"msg_id": "b8de7d84fa1b3043690c", **message},
        "timestamp": "1751100041636",
        "user_id_by_app": "7300442764876318465",
    }


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    return {"attachments": [{"type": kind, "payload": payload}]}


SPOT = {"latitude": "10.7923119", "longitude": "106.7820651"}


@pytest.mark.parametrize(
    ("name", "message", "expected"),
    [
        ("user_send_text", {"text": "Xin chào"}, {"text": "Xin chào"}),
        ("user_send_text", {"text": "ổn", "quote_msg_id": "a1"}, {"text": "ổn", "reply_to": "a1"}),
        ("user_send_image", {"text": "ổ gà", **attached("image", thumbnail="https://x/t", url="https://x/a")},
         {"text": "ổ gà", "files": (Incoming("photo", "https://x/a"),)}),
        ("user_send_gif", attached("gif", url="https://x/a"), {"files": (Incoming("photo", "https://x/a"),)}),
        ("user_send_audio", attached("audio", url="https://x/a"), {"files": (Incoming("voice", "https://x/a"),)}),
        ("user_send_video", attached("video", url="https://x/a"), {"files": (Incoming("video", "https://x/a"),)}),
        ("user_send_file", attached("file", url="https://x/a", name="don.docx", size="9", type="docx"),
         {"files": (Incoming("document", "https://x/a", "don.docx", 9),)}),
        ("user_send_link", {"text": "xem này", **attached("link", url="https://x/a")},
         {"text": "xem này https://x/a"}),
        ("user_send_link", {"text": "https://x/a", **attached("link", url="https://x/a")},
         {"text": "https://x/a"}),
        ("user_send_location", {"text": "Chợ", **attached("location", coordinates=SPOT)},
         {"place": Place(10.7923119, 106.7820651, "Chợ")}),
        ("user_send_location", attached("location", coordinates={"latitude": "x"}), {"unsupported": True}),
        ("user_send_sticker", attached("sticker", id="7", url="https://x/s"), {"unsupported": True}),
        ("user_send_business_card", attached("link"), {"unsupported": True}),
    ],
)  # fmt: skip
def test_an_event_becomes_a_turn(name: str, message: dict[str, Any], expected: dict[str, Any]) -> None:
    turn = turn_of(event(name, **message))
    assert turn is not None
    assert turn == Turn("zalo_oa", WHO, turn.key, message_id="b8de7d84fa1b3043690c", **expected)
    assert len(turn.key) <= 40


@pytest.mark.parametrize(
    "given",
    [
        event("follow"),
        event("unfollow"),
        event("user_seen_message"),
        event("oa_send_text", text="Xin chào"),
        event("anonymous_send_text", text="Xin chào"),
        event("user_send_group_text", text="Xin chào"),
        {"event_name": "user_send_text"},
        {},
    ],
)
def test_what_asks_for_no_answer_is_left_alone(given: dict[str, Any]) -> None:
    assert turn_of(given) is None


@dataclass
class World:
    """A town with one citizen on the account, and the edge without the service behind it."""

    running: Running
    settings: Settings
    database: Database
    tokens: TokenKeeper
    channel: ZaloOaChannel
    http: httpx.AsyncClient
    turns: asyncio.Queue[Turn] = field(default_factory=asyncio.Queue)

    @property
    def town(self) -> Town:
        return self.running.town

    @property
    def account(self) -> str:
        return self.town.people()[0].chat

    async def consent(self) -> str:
        """An administrator agrees; gives the token."""
        consent = Consent(self.settings)
        went = await self.http.get(consent.address)
        tokens = await consent.exchange(consent.code_in(went.headers["location"]), self.town.clock.now())
        await self.database.write(oa_tokens.keep, self.settings.zalo_oa_app_id, tokens)
        return tokens.access

    async def does(self, what: str, **body: Any) -> None:
        """The person does something."""
        answer = await self.http.post(f"/api/people/{self.town.people()[0].id}/{what}", json=body)
        assert answer.status_code == 200, answer.text

    async def sees(self) -> list[dict[str, Any]]:
        """The person's chat, what the bot said alone."""
        said = (await self.http.get(f"/api/people/{self.town.people()[0].id}/messages")).json()
        return [message for message in said if message["sender"] == "bot"]

    async def sets(self, **body: Any) -> None:
        """A fault or a switch."""
        assert (await self.http.post("/api/faults", json=body)).status_code == 200

    def later(self, **time: float) -> None:
        """The town's clock goes on."""
        self.town.clock.advance_to(self.town.clock.now() + timedelta(**time))


def settings_of(town: Town, address: str, **more: Any) -> Settings:
    app = town.setting("zalo_oa_app")
    return Settings(
        zalo_oa_app_id=app["app_id"],
        zalo_oa_app_secret=app["app_secret"],
        zalo_oa_secret_key=app["secret_key"],
        zalo_oa_api_url=f"{address}/zalo-oa",
        zalo_oa_oauth_url=f"{address}/zalo-oa",
        public_url=address,
        **more,
    )


@asynccontextmanager
async def a_world(folder: Path, url: str = "") -> AsyncIterator[World]:
    town = Town(folder / "town", local("2021-01-04 07:25"))
    with town.change():
        town.add_person("Hoa", "zalo_oa")
    database = Database(url or f"sqlite:///{folder / 'congvu.db'}")
    await database.write(lambda conn: metadata.create_all(conn))
    async with serve(town, 0) as running, httpx.AsyncClient(base_url=running.address) as http:
        settings = settings_of(town, running.address)
        tokens = TokenKeeper(settings, database, town.clock)
        channel = ZaloOaChannel(settings, tokens)
        world = World(running, settings, database, tokens, channel, http)
        website = site([channel], Signer("x", town.clock), lambda _: b"", dict)  # type: ignore[arg-type]
        async with serving(website, "127.0.0.1", 0) as port, channel.receiving(world.turns.put):
            running.account.calls(f"http://127.0.0.1:{port}{channel.webhook_path}")
            yield world
        await channel.close()
    await database.close()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as world:
        yield world


async def test_what_a_person_says_is_taken_once_and_answered(world: World) -> None:
    await world.consent()
    await world.sets(kind="duplicate", channel="zalo_oa")
    await world.does("say", text="xin chào")
    first, again = [await asyncio.wait_for(world.turns.get(), 10) for _ in range(2)]
    assert (first.text, first.chat) == ("xin chào", world.account)
    assert first.key == again.key
    sent = await world.channel.send(world.account, Outgoing(Text("1. Ổn", ((3, 2),))))
    (seen,) = await world.sees()
    assert (seen["text"], seen["message_id"], seen["choices"]) == ("1. Ổn", sent, [])


async def test_a_pin_and_a_picture_come_with_their_content(world: World) -> None:
    await world.does("location", latitude=11.84, longitude=106.98)
    turn = await asyncio.wait_for(world.turns.get(), 10)
    assert turn.place == Place(11.84, 106.98)
    files, data = {"file": ("a.png", png(1, 2, 3))}, {"kind": "photo", "caption": "ổ gà"}
    await world.http.post(f"/api/people/{world.town.people()[0].id}/send", files=files, data=data)
    turn = await asyncio.wait_for(world.turns.get(), 10)
    assert turn.text == "ổ gà"
    assert await world.channel.fetch(turn.files[0].ref) == png(1, 2, 3)


async def test_a_call_that_is_not_signed_by_the_account_is_refused(world: World) -> None:
    given = event("user_send_text", text="xin chào")
    body = json.dumps(given).encode()
    app = world.town.setting("zalo_oa_app")
    right = mac(app, body, given["timestamp"])

    async def answer(body: bytes, signature: str, **more: str) -> int:
        return await world.channel.webhook(body, {SIGNATURE: signature, **more})

    assert await answer(body, mac({**app, "secret_key": app["app_secret"]}, body, given["timestamp"])) == 403
    assert await answer(body.replace(b"xin", b"xon"), right) == 403
    assert await answer(json.dumps(given, indent=1).encode(), right) == 403
    for other in (b"{", b"[]", b"7"):
        assert await answer(other, right) == 403
    assert await world.channel.webhook(body, {}) == 403
    for probe in (b"", b"{}"):  # the console tries the address
        assert await world.channel.webhook(probe, {}) == 200
    assert world.turns.empty()
    assert await answer(body, right) == 200
    assert (await world.turns.get()).text == "xin chào"
    of_a_header = mac(app, body, "77")
    assert await answer(body, of_a_header) == 403
    assert await world.channel.webhook(body, {SIGNATURE: of_a_header, MOMENT: "77"}) == 200


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, Window(8, timedelta(hours=47, minutes=55))),
        ({"zalo_oa_free_messages": 0}, Window(None, timedelta(hours=47, minutes=55))),
        ({"zalo_oa_proactive": True}, None),
    ],
)
def test_the_window_is_as_the_committee_has_it(settings: dict[str, Any], expected: Window | None) -> None:
    assert window_of(Settings(**settings)) == expected


async def test_words_are_cut_and_a_picture_is_handed_over_with_its_words(world: World) -> None:
    await world.consent()
    await world.does("say", text="xin chào")
    words = "\n\n".join(f"Đoạn {n}: " + "chữ " * 100 for n in range(7)).strip()
    await world.channel.send(world.account, Outgoing(Text(words)))
    assert len(await world.sees()) == 2
    large = png(9, 9, 9) + b"\0" * 1_100_000  # a megabyte is the most
    photo = Upload("photo", "a.png", large, "ab" * 32)
    await world.channel.send(world.account, Outgoing(Text("Đã vá"), (), (photo,)))
    shown = (await world.sees())[-1]
    assert shown["text"] == "Đã vá"
    assert shown["files"][0]["size"] < 1_000_000
    await world.sets(kind="400", channel="zalo_oa", method="upload/image")
    await world.channel.send(world.account, Outgoing(Text("Lời thôi"), (), (photo,)))
    assert [(m["text"], m["files"]) for m in (await world.sees())[-1:]] == [("Lời thôi", [])]


@pytest.mark.parametrize(
    ("kind", "raised", "dead", "unsure"),
    [
        ("429", Later, False, False),
        ("500", Later, False, False),
        ("garbage", Later, False, False),
        ("403", Never, True, False),
        ("400", Never, False, False),
    ],
)
async def test_each_refusal_has_its_meaning(
    world: World, kind: str, raised: type[Exception], dead: bool, unsure: bool
) -> None:
    await world.consent()
    await world.does("say", text="xin chào")
    await world.sets(kind=kind, channel="zalo_oa", method="message/cs")
    with pytest.raises(raised) as no:
        await world.channel.send(world.account, Outgoing(Text("a")))
    assert getattr(no.value, "dead", False) == dead
    assert getattr(no.value, "unsure", False) == unsure


async def test_the_platform_s_own_window_is_told_from_a_person_who_is_gone(world: World) -> None:
    await world.consent()

    async def refused() -> str:
        with pytest.raises(Never) as no:
            await world.channel.send(world.account, Outgoing(Text("a")))
        assert no.value.shut
        assert not no.value.dead
        return no.value.reason.rpartition(" ")[2]

    assert await refused() == "-230"  # never heard
    await world.does("say", text="xin chào")
    for _ in range(8):
        await world.channel.send(world.account, Outgoing(Text("a")))
    assert await refused() == "-311"
    await world.sets(switches={"oa_token_seconds": 10**6, "oa_paid": True})
    await world.channel.send(world.account, Outgoing(Text("a")))
    await world.sets(switches={"oa_paid": False})
    world.later(hours=49)
    assert await refused() == "-305"
    await world.sets(switches={"oa_paid": True})
    await world.channel.send(world.account, Outgoing(Text("a")))
    world.later(days=6)
    assert await refused() == "-230"


async def test_a_token_that_is_not_taken_any_more_is_renewed_once(world: World) -> None:
    first = await world.consent()
    await world.does("say", text="xin chào")
    world.later(hours=26)
    await world.channel.send(world.account, Outgoing(Text("a")))
    assert len(await world.sees()) == 1
    assert await world.tokens.access() != first
    await world.sets(kind="401", channel="zalo_oa", method="message/cs", times=2)
    with pytest.raises(Later):  # a second time in one call it is not tried
        await world.channel.send(world.account, Outgoing(Text("b")))


async def test_before_consent_nothing_is_lost_and_nothing_is_tried(world: World) -> None:
    with pytest.raises(Later) as no:
        await world.channel.send(world.account, Outgoing(Text("a")))
    assert no.value.seconds  # the whole channel rests, and the message is not counted as tried
    await world.consent()
    await world.does("say", text="xin chào")
    await world.channel.send(world.account, Outgoing(Text("a")))


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_the_refresh_token_is_used_once_by_however_many_processes(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    url = ""
    if engine == "postgresql":
        url = await new_postgres(request.getfixturevalue("postgres_folder"))
    async with a_world(tmp_path, url) as world:
        stale = await world.consent()
        others = [TokenKeeper(world.settings, world.database, world.town.clock) for _ in range(3)]
        given = await asyncio.gather(*(keeper.renewed(stale) for keeper in (world.tokens, *others) * 2))
        assert len(set(given)) == 1
        assert given[0] != stale
        assert len(world.town.setting("zalo_oa_pair")["used"]) == 1


async def test_a_token_is_renewed_twelve_hours_ahead(world: World) -> None:
    first = await world.consent()
    world.later(hours=12, minutes=50)
    assert await world.tokens.keep_fresh() is None
    assert await world.tokens.access() == first
    world.later(minutes=20)
    assert await world.tokens.keep_fresh() is None
    assert await world.tokens.access() != first


async def test_a_refresh_token_used_before_needs_consent_and_is_not_tried_all_the_time(world: World) -> None:
    await world.consent()
    old = await world.database.read(oa_tokens.current, world.settings.zalo_oa_app_id)
    assert old is not None
    await world.tokens.renewed(old.access)
    await world.database.write(oa_tokens.keep, world.settings.zalo_oa_app_id, old)  # an old copy is restored
    world.later(hours=13)
    trouble = await world.tokens.keep_fresh()
    assert trouble is not None
    assert trouble.facts(world.town.clock.now()) == {
        "until": old.expires_at, "hours": 11, "consent": True, "twice": True,
    }  # fmt: skip
    asked = len(world.running.account.refusals)
    assert await world.tokens.keep_fresh() is None
    with pytest.raises(Later):
        await world.tokens.renewed(old.access)
    assert len(world.running.account.refusals) == asked
    await world.consent()  # while the service runs
    await world.does("say", text="xin chào")
    await world.channel.send(world.account, Outgoing(Text("a")))


async def test_a_network_that_is_away_is_told_of_at_the_second_try_before_the_token_ends(
    world: World,
) -> None:
    await world.consent()
    await world.sets(kind="500", channel="zalo_oa", method="access_token", times=2)
    world.later(hours=13)
    assert await world.tokens.keep_fresh() is None
    world.later(minutes=6)
    trouble = await world.tokens.keep_fresh()
    assert trouble is not None
    assert (trouble.needs_consent, trouble.facts(world.town.clock.now())["hours"]) == (False, 11)
    world.later(minutes=11)
    assert await world.tokens.keep_fresh() is None
    assert await world.tokens.keep_fresh() is None


async def test_consent_of_another_try_is_not_taken(world: World) -> None:
    went = await world.http.get(Consent(world.settings).address)
    other = Consent(world.settings)
    assert other.code_in(went.headers["location"]) == ""
    assert other.code_in(" abc ") == "abc"


async def test_the_service_answers_on_the_official_account(tmp_path: Path) -> None:
    town = Town(tmp_path / "town", local("2021-01-04 07:25"))
    with town.change():
        town.add_person("Hoa", "zalo_oa")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with serve(town, 0) as running, httpx.AsyncClient(base_url=running.address) as http:
        plain = {
            "database_url": f"sqlite:///{tmp_path / 'congvu.db'}",
            "files_dir": tmp_path / "files",
            "stamp_key_file": tmp_path / "stamp.key",
            "web_port": port,
            "updates": "polling",  # of the other channels: an account is heard by its webhook alone
        }
        settings = settings_of(town, running.address, **plain)
        await prepared(settings)
        database = Database(settings.database_url)
        world = World(running, settings, database, None, None, http)  # type: ignore[arg-type]
        await world.consent()
        running.account.calls(f"http://127.0.0.1:{port}{webhook_path(settings)}")
        async with service(settings, town.clock):
            await world.does("say", text="xin chào")
            async with asyncio.timeout(20):
                while not await world.sees():
                    await town.news(1.0)
            figures = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
        assert "trợ lý tự động" in (await world.sees())[0]["text"]
        assert "congvu_zalo_oa_token_seconds_left 8" in figures
        await database.close()


async def test_a_pair_on_its_way_is_written_down_although_the_service_is_told_to_stop(world: World) -> None:
    stale = await world.consent()
    await world.sets(kind="slow", channel="zalo_oa", method="access_token", seconds=0.3)
    asking = asyncio.create_task(world.tokens.renewed(stale))
    async with asyncio.timeout(10):
        while not world.town.setting("zalo_oa_pair")["used"]:
            await world.town.news(1.0)
    asking.cancel()
    await world.tokens.close()
    kept = await world.database.read(oa_tokens.current, world.settings.zalo_oa_app_id)
    assert kept is not None
    assert kept.access == world.town.setting("zalo_oa_pair")["access"]
