"""The web server: health, pictures by signed address, and the platforms' webhooks."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

import filetype
import structlog
import uvicorn
from itsdangerous import BadSignature, TimestampSigner
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.attachments import PICTURES
from domain.chat import Clock

log = structlog.get_logger()

PICTURE_LIFETIME_SECONDS = 600
LARGEST_CALL = 1024 * 1024


class Hook(Protocol):
    """A channel that a platform can call."""

    webhook_path: str

    async def webhook(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Takes a call that its headers prove and returns the HTTP status, after the commit."""


class Signer(TimestampSigner):
    """Makes unguessable addresses that live ten minutes of the service's own time."""

    def __init__(self, secret: str, clock: Clock) -> None:
        super().__init__(secret, salt="picture")
        self._clock = clock

    def get_timestamp(self) -> int:
        """The service's moment, in seconds."""
        return int(self._clock.now().timestamp())

    def address_of(self, sha256: str) -> str:
        """A stored file's name as a signed part of an address."""
        return self.sign(sha256).decode()

    def name_in(self, signed: str) -> str | None:
        """The stored file's name; None if the address is forged or too old."""
        try:
            return str(self.unsign(signed, max_age=PICTURE_LIFETIME_SECONDS), "ascii")
        except BadSignature:
            return None


def site(
    hooks: list[Hook],
    signer: Signer,
    read: Callable[[str], bytes],
    health: Callable[[], Awaitable[Mapping[str, object]]],
    figures: Callable[[], Awaitable[bytes]] | None = None,
) -> Starlette:
    """The application; ``read`` gives a stored file's bytes, ``health`` raises when something is wrong.

    ``figures`` is the page for Prometheus.
    """

    async def healthz(_request: Request) -> Response:
        try:
            return JSONResponse({"ok": True, **await health()})
        except Exception as error:
            log.exception("unhealthy")
            return JSONResponse({"ok": False, "error": type(error).__name__}, 503)

    async def picture(request: Request) -> Response:
        name = signer.name_in(request.path_params["signed"])
        if name is None:
            return Response(status_code=404)
        try:
            data = await asyncio.to_thread(read, name)
        except FileNotFoundError:
            return Response(status_code=404)
        kind = filetype.guess_mime(data[:4096]) or "application/octet-stream"
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        if kind not in PICTURES:
            headers["Content-Disposition"] = "attachment"
        return Response(data, media_type=kind, headers=headers)

    routes = [Route("/healthz", healthz), Route("/f/{signed}", picture)]
    if figures is not None:
        routes.append(Route("/metrics", _page_of(figures)))
    routes += [Route(hook.webhook_path, _called(hook), methods=["POST"]) for hook in hooks]
    return Starlette(routes=routes)


def _page_of(figures: Callable[[], Awaitable[bytes]]) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_request: Request) -> Response:
        return Response(await figures(), media_type="text/plain; version=0.0.4")

    return metrics


def _called(hook: Hook) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        body = b""
        try:
            async for part in request.stream():
                body += part
                if len(body) > LARGEST_CALL:
                    return Response(status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)
        return Response(status_code=await hook.webhook(body, request.headers))

    return call


class _Server(uvicorn.Server):
    """A server inside our loop that leaves the signals to the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(application: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Serves an application and gives the port; port 0 takes a free one.

    Raises OSError when the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family)
    # asyncio does so for sockets of its own; without it each answer waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=10
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.ready.wait()
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listening.close()
