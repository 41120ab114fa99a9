"""A Zalo Bot API server with the platform's quirks: no buttons, edits, uploads or offsets; times in ms.

Marks in comments: D documented, M measured by others on a live bot, ? sources differ or are silent.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from simulator.faults import Faults, Refused, answered, fields_of
from simulator.telegram_shapes import units
from simulator.town import Content, Message, Person, Town, Update

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_TEXT = 2000
LARGEST_PICTURE = 10 * 1024 * 1024
MONTH = timedelta(days=30)
STYLES = frozenset(["b", "i", "u", "s", "f_13", "f_15", "f_18", "f_20"])

Values = dict[str, Any]


class Zalo:
    """The Zalo side of the town; ``base`` says where people's pictures can be fetched."""

    name = "zalo"

    def __init__(self, town: Town, faults: Faults, base: Callable[[], str]) -> None:
        self._town = town
        self._faults = faults
        self._base = base
        self._poller = 0
        self._handed: Update | None = None  # given to the bot, whose next poll confirms it
        self._last: Update | None = None  # what a replaying platform gives again
        self.refusals: list[str] = []

    # --- what people do ------------------------------------------------------------------------

    def said(self, person: Person, message: Message) -> None:
        """Hands a new message to the bot; places, files and videos come without content (D)."""
        file = self._town.file(message.content.file_id) if message.content.file_id else None
        body: Values = {
            "message_id": message.message_id,
            "date": int(message.at.timestamp() * 1000),
            "chat": {"id": person.chat, "chat_type": "PRIVATE"},
            "from": {"id": person.chat, "display_name": person.name, "is_bot": False},
        }
        kind = "unsupported"
        if file is None and message.place is None:
            kind = "text"
            body["text"] = message.content.text
        elif file is not None and file.kind in ("photo", "voice", "sticker"):
            address = f"{self._base()}/zalo/media/{file.id}"
            kind = {"photo": "image"}.get(file.kind, file.kind)
            body["message_type"] = f"CHAT_{file.kind.upper()}"  # M
            if kind == "image":
                body |= {self._faults.switches.zalo_photo: address, "caption": message.content.text}
            else:
                body |= (
                    {"voice_url": address} if kind == "voice" else {"sticker": file.id[:12], "url": address}
                )
        event: Values = {"event_name": f"message.{kind}.received", "message": body}
        if kind == "unsupported" and self._faults.switches.zalo_bare_unsupported:
            del event["message"]  # M
        self._town.push(self.name, event, self._faults.copies(self.name))

    # --- what the bot does ---------------------------------------------------------------------

    async def call(self, request: Request) -> Response:
        """``/zalo/bot<token>/<method>``, by GET or POST, with JSON, a form or a query."""
        method = request.path_params["method"]
        values, _, _, _ = await fields_of(request)
        person = self._town.person_of_chat(self.name, str(values.get("chat_id", "")))

        async def work() -> Any:
            if request.path_params["token"] != self._town.setting("zalo_token"):
                raise Refused(401, "Unauthorized")
            if method == "getUpdates":
                return await self._get_updates(request, values)
            if method == "sendPhoto":
                return await self._send_photo(values)
            if method not in CALLS:
                raise Refused(404, "Not Found")
            with self._town.change():
                return CALLS[method](self, values)

        response = await answered(
            self._town, self._faults.take(self.name, method, person.id if person else None), work
        )
        if response.status_code >= 400 and response.status_code != 408:
            self.refusals = [*self.refusals[-99:], f"{method}: {bytes(response.body).decode()}"]
        return response

    async def media(self, request: Request) -> Response:
        """A person's picture or voice, at a public address (M)."""
        file = self._town.file(request.path_params["file_id"])
        if file is None:
            return Response(status_code=404)
        if fault := self._faults.take(self.name, "download", None):
            return Response(status_code=int(fault.kind) if fault.kind.isdecimal() else 500)
        return FileResponse(self._town.path_of(file), media_type=file.mime)

    def _person(self, values: Values) -> Person:
        person = self._town.person_of_chat(self.name, str(values.get("chat_id", "")))
        if person is None:
            raise Refused(400, "Bad Request: chat not found")
        if person.blocked:
            raise Refused(403, "Forbidden")  # ?
        limit = self._faults.switches.zalo_month_limit
        if limit and self._town.sent_since(self.name, self._town.clock.now() - MONTH) >= limit:
            raise Refused(429, "Too Many Requests")  # ?, and no retry_after is documented
        return person

    def _send_message(self, values: Values) -> Values:
        return self._sent(values, self._text(values, "text"))

    async def _send_photo(self, values: Values) -> Values:
        """The platform fetches the picture itself, from a public address."""
        if values.get("caption"):
            self._text(values, "caption")
        data, mime = await _fetch(str(values.get("photo", "")))
        with self._town.change():
            self._person(values)
            file = self._town.put_file("photo", f"photo{mimetypes.guess_extension(mime) or ''}", mime, data)
            return self._sent(values, str(values.get("caption", "")), file.id)

    def _text(self, values: Values, name: str) -> str:
        text = str(values.get(name, ""))
        if not 1 <= units(text) <= LONGEST_TEXT:
            raise Refused(400, f"Bad Request: {name} must be 1-{LONGEST_TEXT} characters")
        return text

    def _sent(self, values: Values, text: str, file_id: str = "") -> Values:
        person = self._person(values)
        styles = values.get("text_styles") or []
        for style in styles:
            if not STYLES.issuperset(style["st"]) or style["start"] + style["len"] > units(text):
                raise Refused(400, "Bad Request: text_styles")  # ?
        bold = tuple((style["start"], style["len"]) for style in styles if "b" in style["st"])
        large = any("f_20" in style["st"] for style in styles)
        message = self._town.add_message(person, "bot", Content(text, bold, (), file_id, large))
        return {"message_id": message.message_id, "date": int(message.at.timestamp() * 1000)}

    def _act(self, values: Values) -> None:
        self._person(values)

    def _get_me(self, _: Values) -> Values:
        number = str(self._town.setting("zalo_token")).partition(":")[0]
        return {
            "id": number, "account_name": "bot.congvu", "account_type": "BASIC", "can_join_groups": False,
            "display_name": "Bot Congvu",
        }  # fmt: skip

    # --- updates -------------------------------------------------------------------------------

    async def _get_updates(self, request: Request, values: Values) -> Values:
        """One object, or 408 when there is none.

        A poll confirms what the poll before it was given, so that a town that is killed in between
        gives it again; a bot alone that dies in between has lost it, as it would with the platform.
        """
        if self._town.setting("zalo_webhook"):
            raise Refused(400, "Bad Request: webhook is active")  # ?
        self._poller += 1
        mine = self._poller
        if self._handed is not None:
            with self._town.change():
                self._town.confirm(self.name, self._handed.id)
            self._handed = None
        end = monotonic() + min(float(values.get("timeout", 30)), 50)
        while self._town.open and self._poller == mine and not await request.is_disconnected():
            found = self._town.waiting(self.name, 1)
            if found:
                return self._hand(found[0])
            if self._last is not None and self._faults.switches.zalo_polling == "replay":
                return self._last.payload  # M: again and again, at once
            if monotonic() >= end:
                break
            await self._town.news(min(end - monotonic(), 1.0))
        raise Refused(408, "Request timeout")  # M

    def _hand(self, update: Update) -> Values:
        self._last = update
        if update.copies > 1:
            with self._town.change():
                self._town.push_again(update)
        else:
            self._handed = update
        return update.payload

    def _set_webhook(self, values: Values) -> Values:
        url, secret = str(values.get("url", "")), str(values.get("secret_token", ""))
        address = urlsplit(url)
        if address.hostname not in LOOPBACK:  # the town reaches its own machine alone
            raise Refused(400, "Bad Request: url must be HTTPS")
        if not 8 <= len(secret) <= 256:
            raise Refused(400, "Bad Request: secret_token must be 8-256 characters")
        self._town.set("zalo_webhook", {"url": url, "secret": secret})
        return self._hook_info(url)

    def _delete_webhook(self, _: Values) -> Values:
        self._town.set("zalo_webhook", None)
        return self._hook_info("")

    def _webhook_info(self, _: Values) -> Values:
        hook = self._town.setting("zalo_webhook")
        if not hook:
            raise Refused(404, "Not Found")  # M
        return self._hook_info(hook["url"])

    def _hook_info(self, url: str) -> Values:
        return {"url": url, "updated_at": int(self._town.clock.now().timestamp() * 1000)}


async def _fetch(url: str) -> tuple[bytes, str]:
    """The bytes and the type at an address of this machine; the town goes nowhere else."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise Refused(400, "Bad Request: photo must be a URL that can be fetched")
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            answer = (await client.get(url)).raise_for_status()
    except httpx.HTTPError as error:
        raise Refused(400, "Bad Request: photo could not be fetched") from error
    if not 0 < len(answer.content) <= LARGEST_PICTURE:
        raise Refused(400, "Bad Request: photo has a wrong size")
    return answer.content, answer.headers.get("content-type", "image/jpeg")


CALLS: dict[str, Callable[[Zalo, Values], Any]] = {
    "getMe": Zalo._get_me,
    "sendMessage": Zalo._send_message,
    "sendChatAction": Zalo._act,
    "setWebhook": Zalo._set_webhook,
    "deleteWebhook": Zalo._delete_webhook,
    "getWebhookInfo": Zalo._webhook_info,
}
