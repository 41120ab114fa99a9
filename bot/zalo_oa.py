"""The edge of Zalo's Official Account: its OpenAPI v3 and its webhook.

It has words of 2,000 characters and pictures that are handed over; choices are numbered here as on the
Bot Platform, because a template's buttons show five at most and nobody has measured them for us.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from hmac import compare_digest
from typing import Any

import httpx
import structlog

from bot.attachments import fitting
from bot.config import Settings, derived
from bot.pieces import cut
from bot.zalo import LONGEST_TEXT, download, place_of
from bot.zalo_oa_tokens import TokenKeeper
from domain.chat import Incoming, Later, Never, Outgoing, Place, Text, Turn, Upload
from domain.window import ZALO_OA, Window

log = structlog.get_logger()

LARGEST_PICTURE = 1024 * 1024
SEND = "/v3.0/oa/message/cs"
UPLOAD = "/v2.0/oa/upload/image"
ABOUT = "/v2.0/oa/getoa"

SIGNATURE, MOMENT = "X-ZEvent-Signature", "X-ZEvent-Timestamp"

TOKEN = frozenset((-216, -220, 401))
BUSY = frozenset((-32, 408, 429))
GONE = frozenset((-213, -227))  # follows us no more, or uses Zalo no more
SHUT = frozenset(
    (
        *(-230, -232),  # not heard for 7 days
        *(-305, -311),  # 48 hours, 8 messages
        *(-211, -218, -244),  # no quota left, the person's, or not wanted by them
        *(-320, -321),  # nobody pays
    )
)

FILES = {
    "image": "photo", "gif": "photo", "audio": "voice", "video": "video", "file": "document",
}  # fmt: skip

Receive = Callable[[Turn], Awaitable[object]]


class Refused(Exception):
    """The platform said no; ``code`` is its error code or the HTTP status.  The text holds no token."""

    def __init__(self, path: str, code: int) -> None:
        super().__init__(f"{path}: {code}")
        self.code = code


class ZaloOaChannel:
    """Zalo's Official Account: numbered choices, new messages for edits, a window of free messages.

    With ``CONGVU_ZALO_OA_PROACTIVE`` only the platform shuts the window: what is not free is paid for.
    """

    name = "zalo_oa"
    has_buttons = has_edits = takes_documents = False

    def __init__(self, settings: Settings, tokens: TokenKeeper) -> None:
        assert settings.zalo_oa_secret_key is not None
        self.window = window_of(settings)
        self.webhook_path = webhook_path(settings)
        self._app_id = settings.zalo_oa_app_id
        self._secret = settings.zalo_oa_secret_key.get_secret_value()
        self._tokens = tokens
        self._http = httpx.AsyncClient(
            base_url=settings.zalo_oa_api_url, timeout=httpx.Timeout(30.0, connect=10.0)
        )
        self._receive: Receive | None = None

    @asynccontextmanager
    async def receiving(self, receive: Receive) -> AsyncIterator[None]:
        """Hands every event to ``receive`` for as long as the context lasts."""
        self._receive = receive
        try:
            await self._tokens.access()
        except Later:
            log.error("zalo_oa_without_consent")  # people are heard and cannot be answered yet
        yield

    def is_heard(self) -> bool:
        """Whether events are taken; the platform's silence cannot be told from quiet."""
        return self._receive is not None

    async def close(self) -> None:
        """Closes the connections; nothing can be sent any more."""
        await self._tokens.close()
        await self._http.aclose()

    async def webhook(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Takes a webhook's call and returns the HTTP status to answer, after the commit.

        The console tries an address with an empty call that nobody signs.
        """
        try:
            event = json.loads(body or b"{}")
        except ValueError:
            return 403
        if event == {}:
            return 200
        if not isinstance(event, Mapping) or not self._is_signed(body, event, headers):
            return 403
        turn = turn_of(event)
        if turn is None:
            log.info("zalo_oa_event_ignored", kind=str(event.get("event_name", ""))[:40])
            return 200
        assert self._receive is not None
        await self._receive(turn)
        return 200

    def _is_signed(self, body: bytes, event: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        """SHA-256 of app, body as it came, time and the account's secret key: not an HMAC.

        Some take the time from the body, some from a header; both are tried, neither is worth anything
        without the key.
        """
        given = headers.get(SIGNATURE, "").strip().removeprefix("mac=").lower().encode()
        right = False
        for moment in (event.get("timestamp", ""), headers.get(MOMENT, "")):
            signed = self._app_id.encode() + body + f"{moment}{self._secret}".encode()
            right |= compare_digest(given, hashlib.sha256(signed).hexdigest().encode())
        return right

    async def send(self, chat: str, message: Outgoing) -> str:
        """Sends words, with the last picture where there are pictures: each message counts."""
        *first, last = cut(message.text, LONGEST_TEXT)
        photos = [upload for upload in message.uploads if upload.kind == "photo"]
        for piece in first:
            await self._deliver(chat, {"text": piece.plain})
        try:
            shown = [await self._hand_over(photo) for photo in photos]
        except Never as no:
            if no.dead or no.shut:
                raise
            log.warning("zalo_oa_picture_refused", reason=no.reason)
            shown = []
        for picture in shown[:-1]:
            await self._deliver(chat, {"attachment": picture})
        words = {"text": last.plain} if last.plain else {}
        return await self._deliver(chat, {**words, "attachment": shown[-1]} if shown else words)

    async def edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> str | None:
        """Sends the message anew: the platform has no edits."""
        return await self.send(chat, message)

    async def delete(self, chat: str, message_id: str) -> None:
        """Does nothing: the platform lets nobody take a message away."""

    async def fetch(self, ref: str) -> bytes:
        """Downloads a file by its address."""
        return await download(self._http, ref)

    async def shows(self, chat: str, picture: Upload, text: Text) -> str:
        """Sends a picture with words; raises :class:`Never` where the platform does not take it."""
        return await self._deliver(chat, {"text": text.plain, "attachment": await self._hand_over(picture)})

    async def identity(self) -> str:
        """The account's name, as the platform tells it."""
        return str((await self._call("GET", ABOUT)).get("name", ""))

    async def _deliver(self, chat: str, message: Mapping[str, object]) -> str:
        body = {"recipient": {"user_id": chat}, "message": message}
        return str((await self._call("POST", SEND, json=body)).get("message_id", ""))

    async def _hand_over(self, picture: Upload) -> Mapping[str, object]:
        data = await asyncio.to_thread(fitting, picture.data, LARGEST_PICTURE)
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        name = "picture.png" if kind == "image/png" else "picture.jpg"
        given = await self._call("POST", UPLOAD, files={"file": (name, data, kind)})
        element = {"media_type": "image", "attachment_id": str(given.get("attachment_id", ""))}
        return {"type": "template", "payload": {"template_type": "media", "elements": [element]}}

    async def _call(self, method: str, path: str, **content: Any) -> Mapping[str, Any]:
        """What the platform answers; a token it does not take is renewed once."""
        token = await self._tokens.access()
        try:
            try:
                return await self._ask(method, path, token, **content)
            except Refused as no:
                if no.code not in TOKEN:
                    raise
            return await self._ask(method, path, await self._tokens.renewed(token), **content)
        except Refused as no:
            if no.code in BUSY or no.code in TOKEN or no.code >= 500:
                raise Later(str(no)) from no
            raise Never(str(no), dead=no.code in GONE, shut=no.code in SHUT) from no
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as no:
            raise Later(type(no).__name__) from no
        except httpx.TransportError as no:  # it may have arrived
            raise Later(type(no).__name__, unsure=path == SEND) from no

    async def _ask(self, method: str, path: str, token: str, **content: Any) -> Mapping[str, Any]:
        answer = await self._http.request(method, path, headers={"access_token": token}, **content)
        try:
            given = answer.json()
        except ValueError:
            raise Refused(path, answer.status_code) from None
        error = given.get("error") if isinstance(given, Mapping) else None
        if error != 0 or answer.status_code != 200:
            raise Refused(path, int(error) if isinstance(error, int) and error else answer.status_code)
        data = given.get("data")
        return data if isinstance(data, Mapping) else {}


def window_of(settings: Settings) -> Window | None:
    """The window of free messages as the committee has it; None where it pays for what is not free."""
    if settings.zalo_oa_proactive:
        return None
    return replace(ZALO_OA, messages=settings.zalo_oa_free_messages or None)


def webhook_path(settings: Settings) -> str:
    """Where the platform is told to call; it cannot be guessed."""
    assert settings.zalo_oa_secret_key is not None
    return "/zalo-oa/" + derived(settings.zalo_oa_secret_key, "zalo oa path")


def turn_of(event: Mapping[str, Any]) -> Turn | None:
    """The turn of an event; None for those that ask for no answer.

    Whoever begins to follow is greeted by the account itself, set in its console, at no cost.  Somebody
    anonymous on a web page can be told nothing later, groups are not ours: both are left alone.
    """
    name, message = str(event.get("event_name", "")), event.get("message")
    chat = str((event.get("sender") or {}).get("id") or "")
    if not name.startswith("user_send_") or name == "user_send_group_text" or event.get("group_info"):
        return None
    if not chat or not isinstance(message, Mapping):
        return None
    text, files = str(message.get("text") or ""), list[Incoming]()
    place: Place | None = None
    for kind, payload in _attachments(message):
        address = str(payload.get("url") or "")
        if kind == "location":
            place = place_of(payload.get("coordinates"), text)
            text = "" if place else text
        elif kind == "link" and address not in text:
            text = f"{text} {address}".strip()
        elif kind in FILES and address:
            size = str(payload.get("size") or "")
            known = int(size) if size.isdecimal() else 0
            files.append(Incoming(FILES[kind], address, str(payload.get("name") or ""), known))
    message_id = str(message.get("msg_id") or "")
    return Turn(
        channel="zalo_oa",
        chat=chat,
        key=hashlib.sha256(f"{name}:{message_id}".encode()).hexdigest()[:40],
        text=text,
        message_id=message_id,
        reply_to=str(message.get("quote_msg_id") or ""),
        files=tuple(files),
        place=place,
        unsupported=not (text or files or place),
    )


def _attachments(message: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    given = message.get("attachments")
    for attachment in given if isinstance(given, list) else []:
        if isinstance(attachment, Mapping) and isinstance(attachment.get("payload"), Mapping):
            yield str(attachment.get("type", "")), attachment["payload"]
