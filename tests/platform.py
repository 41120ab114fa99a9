"""A stand-in for a platform on loopback: it records what it is asked and answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web import serving

ME = {"id": 7, "is_bot": True, "first_name": "Công vụ", "username": "congvu_bot"}
FLOOD = (429, {"error_code": 429, "description": "Too Many Requests: retry after 3",
               "parameters": {"retry_after": 3}})  # fmt: skip
BLOCKED = (403, {"error_code": 403, "description": "Forbidden: bot was blocked by the user"})


def bad(description: str) -> tuple[int, dict[str, Any]]:
    """A 400 with the platform's words."""
    return 400, {"error_code": 400, "description": f"Bad Request: {description}"}


@dataclass
class Platform:
    """Answers ``/bot<token>/<method>``; faults wait by method and are given once each, in order."""

    address: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    stir: asyncio.Event = field(default_factory=asyncio.Event)
    files: dict[str, bytes] = field(default_factory=dict)
    sent: int = 100

    def of(self, method: str) -> list[dict[str, Any]]:
        """The values of every call of a method, in order."""
        return [values for name, values in self.calls if name == method]

    async def called(self, method: str, times: int = 1) -> list[dict[str, Any]]:
        """Waits until a method was called so often."""
        async with asyncio.timeout(10):
            while len(self.of(method)) < times:
                self.stir.clear()
                await self.stir.wait()
        return self.of(method)

    async def answer(self, request: Request) -> Response:
        """One call."""
        method = request.path_params["method"]
        values = await _values(request)
        self.calls.append((method, values))
        self.stir.set()
        if self.faults.get(method):
            status, body = self.faults[method].pop(0)
            return _response(status, body)
        return JSONResponse({"ok": True, "result": await self.result(method, values)})

    async def result(self, method: str, values: dict[str, Any]) -> Any:
        """What Telegram answers."""
        if method in self.results:
            return self.results[method]
        if method == "getUpdates":
            return await self._get_updates(int(values.get("offset") or 0), float(values.get("timeout") or 0))
        if method in ("sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageCaption"):
            return self._message(values)
        if method == "sendMediaGroup":
            return [self._message(values) for _ in json.loads(values["media"])]
        no_hook = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        return {"getMe": ME, "getMyCommands": [], "getWebhookInfo": no_hook}.get(method, True)

    def _message(self, values: dict[str, Any]) -> dict[str, Any]:
        self.sent += 1
        chat = {"id": int(values["chat_id"]), "type": "private"}
        return {"message_id": self.sent, "date": 1609721100, "chat": chat, "text": values.get("text", "x")}

    async def _get_updates(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates:
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), min(seconds, 0.3))
            except TimeoutError:
                return []
        return self.updates

    def push(self, *updates: dict[str, Any]) -> None:
        """People did something."""
        self.updates += updates
        self.news.set()

    async def file(self, request: Request) -> Response:
        """A download."""
        data = self.files.get(request.path_params["path"])
        return Response(data) if data is not None else Response(status_code=404)


@asynccontextmanager
async def standing_in(platform: Platform) -> AsyncIterator[Platform]:
    """Runs a platform on a free port."""
    routes = [
        Route("/file/bot{token}/{path:path}", platform.file),
        Route("/media/{path:path}", platform.file),
        Route("/bot{token}/{method}", platform.answer, methods=["GET", "POST"]),
    ]
    async with serving(Starlette(routes=routes), "127.0.0.1", 0) as port:
        platform.address = f"http://127.0.0.1:{port}"
        yield platform


async def _values(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return dict(await request.json())
    return {
        name: value if isinstance(value, str) else await value.read()
        for name, value in (await request.form()).items()
    }


def _response(status: int, body: Any) -> Response:
    if isinstance(body, dict):
        return JSONResponse({"ok": False, **body}, status)
    return Response(body, status)
