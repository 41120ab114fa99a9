"""The JSON control interface under ``/api``; ``docs/simulator.md`` is its description."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from simulator.clock import ZONE
from simulator.faults import Fault, Faults
from simulator.play import NotListening, Player
from simulator.telegram import Telegram
from simulator.town import CHANNELS, Content, Message, Person, Town
from simulator.zalo import Zalo
from simulator.zalo_oa import ZaloOa

KINDS = ("photo", "document", "video", "voice", "audio", "sticker")
LONGEST_TEXT = 4096
LONGEST_WAIT = 60.0  # seconds that /api/people waits for the bot

Counts = Callable[[], Awaitable[dict[str, int]]]


class Control:
    """What people do with their telephones, and what only a simulator can do."""

    def __init__(self, town: Town, faults: Faults, telegram: Telegram, zalo: Zalo, account: ZaloOa) -> None:
        self._town = town
        self._faults = faults
        self._telegram = telegram
        self._account = account
        self._platforms: dict[str, Telegram | Zalo | ZaloOa] = {
            "telegram": telegram,
            "zalo": zalo,
            "zalo_oa": account,
        }
        self._ready = asyncio.Event()
        self._player: Player | None = None
        self._counts: Counts | None = None

    def bot_is_ready(self, player: Player, counts: Counts) -> None:
        """From now on there is a bot: the clock can be moved and its queues counted."""
        self._player = player
        self._counts = counts
        self._ready.set()

    def routes(self) -> list[Route]:
        """Every address of the interface."""
        person = "/api/people/{person:int}"
        return [
            Route("/api/people", self._people, methods=["GET"]),
            Route("/api/people", self._add_person, methods=["POST"]),
            Route(f"{person}/say", self._say, methods=["POST"]),
            Route(f"{person}/send", self._send, methods=["POST"]),
            Route(f"{person}/location", self._location, methods=["POST"]),
            Route(f"{person}/press", self._press, methods=["POST"]),
            Route(f"{person}/edit", self._edit, methods=["POST"]),
            Route(f"{person}/block", self._block, methods=["POST"]),
            Route(f"{person}/messages", self._messages, methods=["GET"]),
            Route("/api/clock", self._clock, methods=["GET"]),
            Route("/api/clock", self._move_clock, methods=["POST"]),
            Route("/api/idle", self._idle, methods=["POST"]),
            Route("/api/faults", self._list_faults, methods=["GET"]),
            Route("/api/faults", self._set_faults, methods=["POST"]),
            Route("/api/queue", self._queue, methods=["GET"]),
            Route("/api/state", self._state, methods=["GET"]),
            Route("/api/refusals", self._refusals, methods=["GET"]),
            Route("/files/{file_id}/{name:path}", self._file, name="file"),
        ]

    # --- people --------------------------------------------------------------------------------

    async def _people(self, _: Request) -> Response:
        await self._wait_for_bot()
        return JSONResponse([_person_json(person) for person in self._town.people()])

    async def _add_person(self, request: Request) -> Response:
        body = await _body(request)
        name, channel = str(body.get("name", "")).strip(), body.get("channel")
        if not name or channel not in CHANNELS:
            raise HTTPException(400, "name_and_channel")
        if channel == "zalo_oa" and not self._town.setting("zalo_oa_webhook"):
            raise HTTPException(400, "no_official_account")
        with self._town.change():
            person = self._town.add_person(name, channel)
        return JSONResponse(_person_json(person))

    async def _say(self, request: Request) -> Response:
        person, body = self._person(request), await _body(request)
        text = str(body.get("text", ""))
        if not 0 < len(text.strip()) <= LONGEST_TEXT:
            raise HTTPException(400, "text")
        return self._said(person, Content(text), reply_to=str(body.get("reply_to") or ""))

    async def _send(self, request: Request) -> Response:
        person = self._person(request)
        form = await request.form()
        upload, kind = form.get("file"), str(form.get("kind") or "photo")
        if not isinstance(upload, UploadFile) or kind not in KINDS:
            raise HTTPException(400, "file_and_kind")
        data = await upload.read()
        if not data:
            raise HTTPException(400, "empty_file")
        name = upload.filename or f"{kind}.bin"
        mime = mimetypes.guess_type(name)[0] or upload.content_type or "application/octet-stream"
        with self._town.change():
            file = self._town.put_file(kind, name, mime, data)
        content = Content(str(form.get("caption") or ""), file_id=file.id)
        return self._said(person, content, album=str(form.get("album") or ""))

    async def _location(self, request: Request) -> Response:
        person, body = self._person(request), await _body(request)
        try:
            place = (float(body["latitude"]), float(body["longitude"]))
        except (KeyError, TypeError, ValueError):
            raise HTTPException(400, "latitude_and_longitude") from None
        return self._said(person, Content(), place=place)

    def _said(self, person: Person, content: Content, **more: Any) -> Response:
        with self._town.change():
            message = self._town.add_message(person, "person", content, **more)
            self._platforms[person.channel].said(person, message)
        return JSONResponse({"n": message.n, "message_id": message.message_id})

    async def _press(self, request: Request) -> Response:
        person, body = self._person(request), await _body(request)
        message = self._message(person, body)
        choice = str(body.get("choice", ""))
        buttons = [button for row in message.content.rows for button in row]
        found = next((b for b in buttons if b["label"] == choice), None)
        found = found or next((b for b in buttons if b.get("data") == choice), None)
        if found is None:
            raise HTTPException(404, "choice")
        if "url" in found:
            return JSONResponse({"message_id": message.message_id, "url": found["url"]})
        with self._town.change():
            self._telegram.pressed(person, message, found["data"])
        return JSONResponse({"message_id": message.message_id})

    async def _edit(self, request: Request) -> Response:
        person, body = self._person(request), await _body(request)
        message, text = self._message(person, body), str(body.get("text", ""))
        if person.channel != "telegram" or message.sender != "person" or not text.strip():
            raise HTTPException(400, "edit")
        with self._town.change():
            message = self._town.change_message(message, Content(text, file_id=message.content.file_id))
            self._telegram.edited(person, message)
        return JSONResponse({"n": message.n, "message_id": message.message_id})

    async def _block(self, request: Request) -> Response:
        person, body = self._person(request, blocked_too=True), await _body(request)
        blocked = bool(body.get("blocked", True))
        with self._town.change():
            self._town.set_blocked(person.id, blocked)
            if person.channel == "telegram" and blocked != person.blocked:
                self._telegram.blocked(self._town.person(person.id))
            if person.channel == "zalo_oa" and blocked != person.blocked:
                self._account.followed(person, not blocked)
        return JSONResponse({"blocked": blocked})

    async def _messages(self, request: Request) -> Response:
        person = self._person(request, blocked_too=True)
        after = request.query_params.get("after", "0")
        if not after.isdecimal():
            raise HTTPException(400, "after")
        said = self._town.messages(person.id, int(after))
        return JSONResponse([self._message_json(message, request) for message in said])

    def _person(self, request: Request, *, blocked_too: bool = False) -> Person:
        try:
            person = self._town.person(request.path_params["person"])
        except KeyError:
            raise HTTPException(404, "person") from None
        if person.blocked and not blocked_too:
            raise HTTPException(409, "blocked")
        return person

    def _message(self, person: Person, body: dict[str, Any]) -> Message:
        message = self._town.message(person.id, str(body.get("message_id", "")))
        if message is None:
            raise HTTPException(404, "message")
        return message

    def _message_json(self, message: Message, request: Request) -> dict[str, Any]:
        content = message.content
        file = self._town.file(content.file_id) if content.file_id else None
        files = []
        if file is not None:
            address = request.url_for("file", file_id=file.id, name=file.name)
            files = [{"kind": file.kind, "name": file.name, "size": file.size, "url": str(address)}]
        return {
            "n": message.n,
            "message_id": message.message_id,
            "sender": message.sender,
            "text": content.text,
            "choices": [
                {"data": "", **button, "row": number}
                for number, row in enumerate(content.rows)
                for button in row
            ],
            "files": files,
            "edited": message.edited,
            "deleted": message.deleted,
            "at": message.at.isoformat(timespec="seconds"),
            "bold": content.bold,
            "large": content.large,
            "keyboard": message.keyboard,
            "place": message.place,
            "album": message.album,
            "reply_to": message.reply_to,
        }

    async def _file(self, request: Request) -> Response:
        file = self._town.file(request.path_params["file_id"])
        if file is None:
            raise HTTPException(404, "file")
        shown = file.mime.startswith("image/") and file.mime != "image/svg+xml"
        kind = file.mime if shown else "application/octet-stream"
        disposition = "inline" if shown else "attachment"
        return FileResponse(
            self._town.path_of(file),
            media_type=kind,
            filename=file.name,
            content_disposition_type=disposition,
        )

    # --- time ----------------------------------------------------------------------------------

    async def _clock(self, _: Request) -> Response:
        return JSONResponse(self._clock_json())

    async def _move_clock(self, request: Request) -> Response:
        player, body = await self._wait_for_bot(), await _body(request)
        mode = body.get("mode", "play")
        try:
            goal = self._goal(body)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise HTTPException(400, "to_or_advance_seconds") from None
        if mode not in ("play", "jump"):
            raise HTTPException(400, "mode")
        if goal < self._town.clock.now():
            raise HTTPException(400, "backwards")
        try:
            await (player.play(goal) if mode == "play" else player.jump(goal))
        except NotListening:
            raise HTTPException(503, "bot_not_listening") from None
        return JSONResponse(self._clock_json())

    def _goal(self, body: dict[str, Any]) -> datetime:
        if "advance_seconds" in body:
            return self._town.clock.now() + timedelta(seconds=float(body["advance_seconds"]))
        moment = datetime.fromisoformat(body["to"])
        return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)

    def _clock_json(self) -> dict[str, Any]:
        goal = self._player.goal if self._player else None
        now = self._town.clock.now().astimezone(ZONE)
        return {
            "now": now.isoformat(timespec="milliseconds"),
            "moving": goal is not None,
            "to": goal.astimezone(ZONE).isoformat() if goal else None,
        }

    async def _idle(self, request: Request) -> Response:
        player, body = await self._wait_for_bot(), await _body(request)
        seconds = body.get("timeout_seconds", 30)
        if not isinstance(seconds, int | float):
            raise HTTPException(400, "timeout_seconds")
        try:
            await player.idle(seconds)
        except (TimeoutError, NotListening):
            return JSONResponse({"idle": False, **await self._queues()}, 504)
        return JSONResponse({"idle": True})

    # --- what goes wrong, and what is seen -----------------------------------------------------

    async def _list_faults(self, _: Request) -> Response:
        waiting = [asdict(fault) for fault in self._faults.waiting]
        return JSONResponse({"waiting": waiting, "switches": asdict(self._faults.switches)})

    async def _set_faults(self, request: Request) -> Response:
        body = await _body(request)
        try:
            if body.pop("clear", False):
                self._faults.waiting.clear()
            self._faults.set(body.pop("switches", {}))
            if body:
                self._faults.add(Fault(**{**body, "kind": str(body.get("kind"))}))
        except (TypeError, ValueError) as wrong:
            raise HTTPException(400, f"fault: {wrong}") from None
        return await self._list_faults(request)

    async def _queue(self, _: Request) -> Response:
        return JSONResponse(await self._queues())

    async def _queues(self) -> dict[str, int]:
        updates = sum(self._town.waiting_count(channel) for channel in CHANNELS)
        return {"updates": updates, **(await self._counts() if self._counts else {})}

    async def _state(self, _: Request) -> Response:
        """All that the page asks for every second."""
        return JSONResponse(
            {
                "clock": self._clock_json(),
                "queue": await self._queues(),
                "ready": self._ready.is_set(),
                "people": len(self._town.people()),
                "chats": {person: list(seen) for person, seen in self._town.versions().items()},
                "toasts": {person: list(toast) for person, toast in self._telegram.toasts.items()},
            }
        )

    async def _refusals(self, _: Request) -> Response:
        return JSONResponse({name: platform.refusals for name, platform in self._platforms.items()})

    async def _wait_for_bot(self) -> Player:
        try:
            await asyncio.wait_for(self._ready.wait(), LONGEST_WAIT)
        except TimeoutError:
            raise HTTPException(503, "bot_not_ready") from None
        assert self._player is not None
        return self._player


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    try:
        body = await request.json() if raw else {}
    except ValueError:
        raise HTTPException(400, "json") from None
    if not isinstance(body, dict):
        raise HTTPException(400, "json")
    return body


def _person_json(person: Person) -> dict[str, Any]:
    shown = ("id", "name", "role", "unit", "channel", "position", "blocked")
    return {name: getattr(person, name) for name in shown} | ({"code": person.code} if person.code else {})
