"""The town on one port: the two platforms, the control interface and the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web import serving
from simulator.control import Control
from simulator.faults import Faults
from simulator.telegram import Telegram
from simulator.town import CHANNELS, Town
from simulator.webhooks import Postman
from simulator.zalo import Zalo
from simulator.zalo_oa import ZaloOa

HOST = "127.0.0.1"
PAGE = {
    "": ("index.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
}


@dataclass(frozen=True, slots=True)
class Running:
    """A town that is being served."""

    town: Town
    faults: Faults
    control: Control
    account: ZaloOa
    address: str


@asynccontextmanager
async def serve(town: Town, port: int) -> AsyncIterator[Running]:
    """Serves a town on loopback; port 0 takes a free one.  Raises OSError when the port is taken."""
    faults = Faults()
    addresses: list[str] = []
    telegram = Telegram(town, faults)
    zalo = Zalo(town, faults, lambda: addresses[0])
    account = ZaloOa(town, faults, lambda: addresses[0])
    control = Control(town, faults, telegram, zalo, account)
    anything = ["GET", "POST", "PUT"]
    application = Starlette(
        routes=[
            Route("/bot{token}/{method}", telegram.call, methods=anything),
            Route("/file/bot{token}/{path:path}", telegram.download),
            Route("/zalo/bot{token}/{method}", zalo.call, methods=anything),
            Route("/zalo/media/{file_id}", zalo.media),
            Route("/zalo-oa/v4/oa/permission", account.permission),
            Route("/zalo-oa/v4/oa/access_token", account.access_token, methods=["POST"]),
            Route("/zalo-oa/v3.0/oa/message/cs", account.send, methods=["POST"]),
            Route("/zalo-oa/v2.0/oa/upload/image", account.upload, methods=["POST"]),
            Route("/zalo-oa/v2.0/oa/getoa", account.about),
            *control.routes(),
            Route("/{name}", _page),
            Route("/", _page),
        ],
        exception_handlers={HTTPException: _error},
    )
    async with serving(application, HOST, port) as taken:
        addresses.append(f"http://{HOST}:{taken}")
        postmen = [asyncio.create_task(Postman(town, faults, channel).run()) for channel in CHANNELS]
        try:
            yield Running(town, faults, control, account, addresses[0])
        finally:
            for postman in postmen:
                postman.cancel()
            await asyncio.gather(*postmen, return_exceptions=True)
            town.let_go()
    town.close()


async def _page(request: Request) -> Response:
    name = request.path_params.get("name", "")
    if name not in PAGE:
        raise HTTPException(404, "page")
    file, kind = PAGE[name]
    text = (resources.files("simulator") / "page" / file).read_text(encoding="utf-8")
    return Response(text, media_type=kind, headers={"Cache-Control": "no-store"})


async def _error(_: Request, error: Exception) -> Response:
    no = cast(HTTPException, error)
    return JSONResponse({"error": no.detail}, no.status_code)
