"""The Zalo edge: a small client of the Zalo Bot Platform.  Nobody else speaks to Zalo.

The platform has text, pictures by address and nothing else: no buttons, edits, uploads or files.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from hmac import compare_digest
from time import monotonic
from typing import Any

import httpx
import structlog

from bot.config import Settings, SettingsError, derived
from bot.pieces import cut
from domain.chat import Incoming, Later, Never, Outgoing, Place, Text, Turn
from domain.window import Window

log = structlog.get_logger()

LONGEST_TEXT = 2000
LARGE = "f_20"  # the largest of the platform's four sizes
LARGEST_FILE = 20 * 1024 * 1024
FREE_USERS = 50
FREE_MESSAGES = 3000  # a month
WARN_FROM = 8  # tenths of a limit
POLL_SECONDS = 10
HEARD_SECONDS = 60.0
PAUSE_SECONDS = 1.0  # A consumed update may come back at every poll, at once.

Receive = Callable[[Turn], Awaitable[object]]
CountSent = Callable[[], Awaitable[tuple[int, int]]]
"""Counts one more message and returns (messages this month, people on Zalo)."""


class Refused(Exception):
    """The platform said no; ``code`` is its error code.  The text never holds the address."""

    def __init__(self, method: str, code: int, description: str, seconds: float | None = None) -> None:
        super().__init__(f"{method}: {code} {description}")
        self.code = code
        self.description = description
        self.seconds = seconds


class Client:
    """The platform's methods; each returns its ``result`` or raises :class:`Refused`.

    A network fault raises :class:`httpx.TransportError` without the address, which holds the token.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self._address = f"{api_url}/bot{token}/"
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(30.0, connect=10.0))

    async def call(
        self, method: str, values: Mapping[str, object] | None = None, *, seconds: float = 30.0
    ) -> Any:
        """Calls a method and waits at most ``seconds`` for the answer."""
        try:
            answer = await self._http.post(self._address + method, json=values or {}, timeout=seconds)
        except httpx.TransportError as no:
            raise type(no)(method) from None
        try:
            data = answer.json()
        except ValueError:
            raise Refused(method, answer.status_code, "not JSON") from None
        if not isinstance(data, Mapping) or data.get("ok") is not True:
            data = data if isinstance(data, Mapping) else {}
            wait = (data.get("parameters") or {}).get("retry_after")
            code = int(data.get("error_code") or answer.status_code)
            raise Refused(method, code, str(data.get("description", ""))[:100], wait)
        return data.get("result")

    async def download(self, address: str) -> bytes:
        """The bytes behind an address the platform gave; raises :class:`Later` or :class:`Never`."""
        return await download(self._http, address)

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()


async def download(http: httpx.AsyncClient, address: str) -> bytes:
    """The bytes behind an address that Zalo gave; raises :class:`Later` or :class:`Never`."""
    if not address.startswith(("https://", "http://")):
        raise Never("not an address")
    try:
        async with http.stream("GET", address, follow_redirects=True) as answer:
            if answer.status_code >= 500 or answer.status_code == 429:
                raise Later(f"download {answer.status_code}")
            if answer.status_code >= 400:
                raise Never(f"download {answer.status_code}")
            data = b""
            async for part in answer.aiter_bytes():
                data += part
                if len(data) > LARGEST_FILE:
                    raise Never("too large")
            return data
    except httpx.TransportError as no:
        raise Later(type(no).__name__) from None


class ZaloChannel:
    """Zalo: numbered choices, new messages for edits, pictures by a signed address of ours."""

    name = "zalo"
    has_buttons = has_edits = takes_documents = False
    window: Window | None = None
    secret_header = "X-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

    def __init__(self, settings: Settings, sign: Callable[[str], str], count_sent: CountSent | None) -> None:
        assert settings.zalo_token is not None
        self._settings = settings
        self._sign = sign
        self._count_sent = count_sent
        self._client = Client(settings.zalo_token.get_secret_value(), settings.zalo_api_url)
        self._receive: Receive | None = None
        self._heard: float | None = None  # when a poll was answered last, of machine time
        self._storing: asyncio.Task[None] | None = None
        self._warned: set[tuple[str, int]] = set()
        own = settings.zalo_webhook_secret
        self._secret = own.get_secret_value() if own else derived(settings.zalo_token, "zalo secret")
        self.webhook_path = "/zalo/" + derived(settings.zalo_token, "zalo path")

    @asynccontextmanager
    async def receiving(self, receive: Receive) -> AsyncIterator[None]:
        """Hands every update to ``receive`` for as long as the context lasts.

        A network that is down does not stop the service; a refused token raises :class:`SettingsError`.
        """
        self._receive = receive
        ready = await self._begin()
        polling = asyncio.create_task(self._poll(ready))
        try:
            yield
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            if self._storing is not None:
                await asyncio.gather(self._storing, return_exceptions=True)

    def is_heard(self) -> bool:
        """Whether the platform answered lately; with a webhook its silence cannot be told from quiet."""
        if self._settings.by_webhook:
            return self._receive is not None
        return self._heard is not None and monotonic() - self._heard < HEARD_SECONDS

    async def close(self) -> None:
        """Closes the connections; nothing can be sent any more."""
        await self._client.close()

    async def _begin(self) -> bool:
        try:
            me = await self._client.call("getMe")
            if self._settings.by_webhook:
                address = self._settings.public_url + self.webhook_path
                await self._client.call("setWebhook", {"url": address, "secret_token": self._secret})
            else:
                await self._forget_webhook()
        except Refused as no:
            if no.code == 401:
                raise SettingsError("setting_refused", name="CONGVU_ZALO_TOKEN") from no
            log.warning("zalo_not_ready", code=no.code)
            return False
        except httpx.TransportError as no:
            log.warning("zalo_unreachable", error=type(no).__name__)
            return False
        log.info("zalo_ready", bot=me.get("account_name", ""), webhook=self._settings.by_webhook)
        return True

    async def _forget_webhook(self) -> None:
        try:
            known = await self._client.call("getWebhookInfo")
        except Refused as no:
            if no.code == 404:  # None is set.
                return
            raise
        if known and known.get("url"):
            await self._client.call("deleteWebhook")

    async def _poll(self, ready: bool) -> None:
        wait = PAUSE_SECONDS
        while not ready:
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)
            try:
                ready = await self._begin()
            except SettingsError:
                log.error("zalo_token_refused")
        wait = PAUSE_SECONDS
        while not self._settings.by_webhook:
            try:
                found = await self._client.call("getUpdates", {"timeout": POLL_SECONDS})
            except Refused as no:
                found = None
                if no.code == 408:  # It only says that nothing came.
                    self._heard = monotonic()
                else:
                    log.warning("zalo_polling_failed", code=no.code)
                    wait = min(wait * 2, 60.0)
            except httpx.TransportError as no:
                found = None
                log.warning("zalo_polling_failed", error=type(no).__name__)
                wait = min(wait * 2, 60.0)
            else:
                wait, self._heard = PAUSE_SECONDS, monotonic()
            for update in found if isinstance(found, list) else [found]:
                # The platform may not give it again, so a stop waits until it is stored.
                self._storing = asyncio.create_task(self._store(update))
                await asyncio.shield(self._storing)
            await asyncio.sleep(wait)

    async def _store(self, update: object) -> None:
        turn = turn_of(update)
        assert self._receive is not None
        for wait in (0.5, 2.0, 8.0, None):
            try:
                if turn is not None:
                    await self._receive(turn)
                return
            except Exception:
                log.exception("update_not_stored")
                if wait is not None:
                    await asyncio.sleep(wait)

    async def webhook(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Takes a webhook's call and returns the HTTP status to answer, after the commit."""
        secret = headers.get(self.secret_header, "")
        if not compare_digest(secret.encode(), self._secret.encode()):
            return 403
        if not body:
            return 200  # Seen once from the platform; there is nothing in it.
        try:
            turn = turn_of(json.loads(body))
        except ValueError:
            return 400
        assert self._receive is not None
        if turn is not None:
            await self._receive(turn)
        return 200

    async def send(self, chat: str, message: Outgoing) -> str:
        """Sends words, under the last picture if there are pictures and a public address for them."""
        *first, last = cut(message.text, LONGEST_TEXT)
        photos = [upload for upload in message.uploads if upload.kind == "photo"]
        for piece in first:
            await self._say(chat, piece, message.large)
        if photos and self._settings.public_url:
            try:
                return await self._show(chat, [self._sign(photo.sha256) for photo in photos], last)
            except Never as no:
                if no.dead:
                    raise
                log.warning("zalo_picture_refused", reason=no.reason)
        return await self._say(chat, last, message.large)

    async def edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> str | None:
        """Sends the message anew: the platform has no edits."""
        return await self.send(chat, message)

    async def delete(self, chat: str, message_id: str) -> None:
        """Does nothing: the platform lets nobody take a message away."""

    async def fetch(self, ref: str) -> bytes:
        """Downloads a picture or voice message by its address."""
        return await self._client.download(ref)

    async def shows(self, chat: str, sha256: str, text: Text) -> str:
        """Sends a stored picture; the platform has to fetch it from our public address."""
        return await self._show(chat, [self._sign(sha256)], text)

    async def identity(self) -> str:
        """The bot's account name, as the platform tells it."""
        try:
            return str((await self._client.call("getMe")).get("account_name", ""))
        except Refused as no:
            raise Never(str(no)) from no
        except httpx.TransportError as no:
            raise Later(type(no).__name__) from None

    async def _say(self, chat: str, text: Text, large: bool) -> str:
        styles = [{"start": at, "len": length, "st": ["b"]} for at, length in _utf16(text, text.bold)]
        if large:
            styles += [
                {"start": at, "len": n, "st": [LARGE]} for at, n in _utf16(text, ((0, len(text.plain)),))
            ]
        extra = {"text_styles": styles} if styles else {}
        return await self._deliver("sendMessage", {"chat_id": chat, "text": text.plain, **extra})

    async def _show(self, chat: str, names: list[str], text: Text) -> str:
        addresses = [f"{self._settings.public_url}/f/{name}" for name in names]
        for address in addresses[:-1]:
            await self._deliver("sendPhoto", {"chat_id": chat, "photo": address})
        last = {"chat_id": chat, "photo": addresses[-1], "caption": text.plain}
        return await self._deliver("sendPhoto", last)

    async def _deliver(self, method: str, values: Mapping[str, object]) -> str:
        try:
            result = await self._client.call(method, values)
        except Refused as no:
            if no.code in (401, 408, 429) or no.code >= 500:
                raise Later(str(no), no.seconds) from no
            raise Never(str(no), dead=no.code == 403) from no
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as no:
            raise Later(type(no).__name__) from no
        except httpx.TransportError as no:  # It may have arrived.
            raise Later(type(no).__name__, unsure=True) from no
        await self._count()
        return str((result or {}).get("message_id", ""))

    async def _count(self) -> None:
        if self._count_sent is None:
            return
        messages, users = await self._count_sent()
        for name, value, limit in (("messages", messages, FREE_MESSAGES), ("users", users, FREE_USERS)):
            tenth = value * 10 // limit
            if tenth >= WARN_FROM and (name, tenth) not in self._warned:
                self._warned.add((name, tenth))
                log.warning("zalo_limit_near", limit_of=name, value=value, limit=limit)


def turn_of(update: object) -> Turn | None:
    """The turn of an update, enveloped or flat; None where nobody is named who could be answered."""
    if not isinstance(update, Mapping):
        return None
    if "event_name" not in update:
        update = update.get("result")
        if not isinstance(update, Mapping):
            return None
    event, message = str(update.get("event_name", "")), update.get("message")
    if not isinstance(message, Mapping):
        return None
    chat = message.get("chat") or message.get("from") or {}
    if not chat.get("id") or (message.get("from") or {}).get("is_bot"):
        return None
    files: tuple[Incoming, ...] = ()
    if event == "message.image.received":
        files = _file("photo", message.get("photo_url") or message.get("photo"))
    elif event == "message.voice.received":
        files = _file("voice", message.get("voice_url"))
    text = str(message.get("text") or message.get("caption") or _links(message.get("links")))
    place = place_of(message.get("location"))
    private = chat.get("chat_type", "PRIVATE") == "PRIVATE"
    nothing = not (text or files or place)
    if event == "message.reaction.received" or (nothing and not private):
        return None
    message_id = str(message.get("message_id", ""))
    return Turn(
        channel="zalo",
        chat=str(chat["id"]),
        key=hashlib.sha256(f"{event}:{message_id}".encode()).hexdigest()[:40],
        text=text,
        message_id=message_id,
        files=files,
        place=place,
        private=private,
        unsupported=nothing,
    )


def _links(links: object) -> str:
    """The addresses of a shared link, as words: a map's is then read as a place."""
    given = links if isinstance(links, list) else []
    return " ".join(str(link.get("url", "") if isinstance(link, Mapping) else link) for link in given).strip()


def place_of(location: object, title: str = "") -> Place | None:
    """A pin, where a message carries one; anything else is nothing."""
    if not isinstance(location, Mapping):
        return None
    try:
        place = Place(float(location["latitude"]), float(location["longitude"]), title)
    except (KeyError, TypeError, ValueError):
        return None
    return place if place.is_on_earth else None


def _file(kind: str, address: object) -> tuple[Incoming, ...]:
    return (Incoming(kind, str(address)),) if address else ()


def _utf16(text: Text, runs: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Runs of characters in UTF-16 units."""
    return [
        (len(text.plain[:at].encode("utf-16-le")) // 2, len(text.plain[at : at + n].encode("utf-16-le")) // 2)
        for at, n in runs
    ]
