"""A server of Zalo's Official Account: consent and tokens, consultation messages with their window, events.

Marks in comments: D documented (by SDKs and by quotations of the documents, which could not be read
themselves), M measured by others on a live account, ? sources differ or are silent.  The greatest of those:
whether eight messages are still counted within the 48 hours since 2026, and whether what is beyond them is
refused (-305, -311) or only charged; ``oa_free_messages`` and ``oa_paid`` are for that.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from simulator.faults import Fault, Faults, Refused, answered, fields_of
from simulator.telegram_shapes import units
from simulator.town import Content, Message, Person, Town

NAME = "zalo_oa"
LONGEST_TEXT = 2000  # D
LARGEST_PICTURE = 1024 * 1024  # D
LONGEST, FREE = timedelta(days=7), timedelta(hours=48)  # D
UNLIMITED = 10**6
BAD_TOKEN, BAD_PARAMETER, NO_FOLLOWER, BUSY = -216, -201, -213, -32
AFTER_7_DAYS, AFTER_48_HOURS, AFTER_8 = -230, -305, -311
BAD_REFRESH, USED_REFRESH, BAD_CODE = -14014, -14020, -14003  # -14020 M, the others ?
FAULTS = {429: BUSY, 403: NO_FOLLOWER, 400: BAD_PARAMETER, 401: BAD_TOKEN}
KINDS = {"photo": "image", "voice": "audio", "audio": "audio", "video": "video", "document": "file"}

Values = dict[str, Any]


class ZaloOa:
    """The Official Account's side of the town; ``base`` says where people's files can be fetched."""

    name = NAME

    def __init__(self, town: Town, faults: Faults, base: Callable[[], str]) -> None:
        self._town = town
        self._faults = faults
        self._base = base
        self.refusals: list[str] = []
        with town.change():
            town.setting("zalo_oa_app", _new_app())

    @property
    def app(self) -> dict[str, str]:
        """What the committee's technician reads in the platform's console: ids and secrets."""
        return dict(self._town.setting("zalo_oa_app"))

    # --- what people do ------------------------------------------------------------------------

    def said(self, person: Person, message: Message) -> None:
        """Hands a new message to the bot, if it has told us where."""
        file = self._town.file(message.content.file_id) if message.content.file_id else None
        body: Values = {"msg_id": message.message_id}
        if message.content.text:
            body["text"] = message.content.text
        if message.reply_to:
            body["quote_msg_id"] = message.reply_to
        kind = "text"
        if message.place is not None:
            kind = "location"  # M: numbers come as words
            latitude, longitude = (str(degrees) for degrees in message.place)
            payload: Values = {"coordinates": {"latitude": latitude, "longitude": longitude}}
            body["attachments"] = [{"type": kind, "payload": payload}]
        elif file is not None:
            kind = KINDS.get(file.kind, file.kind)
            payload = {"url": f"{self._base()}/zalo/media/{file.id}"}
            if kind == "file":
                payload |= {"name": file.name, "size": str(file.size), "type": file.name.rpartition(".")[2]}
            body["attachments"] = [{"type": kind, "payload": payload}]
        self._push(person, f"user_send_{kind}", message=body)

    def followed(self, person: Person, follows: bool) -> None:
        """The person begins to follow the account, or ends it."""
        self._push(person, "follow" if follows else "unfollow")

    def _push(self, person: Person, name: str, **more: Any) -> None:
        event = {
            "app_id": self.app["app_id"],
            "user_id_by_app": f"7{person.id:018}",
            "event_name": name,
            "timestamp": str(int(self._town.clock.now().timestamp() * 1000)),
            "sender": {"id": person.chat},
            "recipient": {"id": self.app["oa_id"]},
            **more,
        }
        self._town.push(NAME, event, self._faults.copies(NAME))

    # --- consent and tokens --------------------------------------------------------------------

    async def permission(self, request: Request) -> Response:
        """The page on which an administrator agrees; here they always do."""
        asked = dict(request.query_params)
        if asked.get("app_id") != self.app["app_id"] or not asked.get("code_challenge"):
            return Response("app_id, code_challenge", 400)
        code = secrets.token_urlsafe(30)
        with self._town.change():
            self._town.set("zalo_oa_code", {"code": code, "challenge": asked["code_challenge"]})
        given = {"code": code, "oa_id": self.app["oa_id"], "state": asked.get("state", "")}
        return RedirectResponse(f"{asked.get('redirect_uri', '')}?{urlencode(given)}", 302)

    async def access_token(self, request: Request) -> Response:
        """A pair of tokens for a code or for the refresh token, each of which works once (D)."""
        values, _, _, _ = await fields_of(request)

        async def work() -> Any:
            right = request.headers.get("secret_key") == self.app["app_secret"]
            if not right or values.get("app_id") != self.app["app_id"]:
                raise Refused(BAD_CODE, "Invalid secret key")
            with self._town.change():
                if values.get("grant_type") == "authorization_code":
                    return self._by_code(values)
                return self._by_refresh(str(values.get("refresh_token", "")))

        return await self._answered("access_token", None, work, _pair)

    def _by_code(self, values: Values) -> Values:
        known = self._town.setting("zalo_oa_code") or {}
        digest = hashlib.sha256(str(values.get("code_verifier", "")).encode()).digest()
        proof = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not known or values.get("code") != known["code"] or proof != known["challenge"]:
            raise Refused(BAD_CODE, "Invalid authorization code")
        self._town.set("zalo_oa_code", None)
        return self._new_pair()

    def _by_refresh(self, refresh: str) -> Values:
        pair = self._town.setting("zalo_oa_pair") or {"refresh": "", "used": []}
        if refresh in pair["used"]:
            raise Refused(USED_REFRESH, "Refresh token has been used")
        if not refresh or refresh != pair["refresh"]:
            raise Refused(BAD_REFRESH, "Invalid refresh token")
        return self._new_pair()

    def consented(self) -> Values:
        """An administrator has agreed: a new pair of tokens."""
        with self._town.change():
            return self._new_pair()

    def calls(self, address: str) -> None:
        """Where events go: what a technician types into the platform's console."""
        with self._town.change():
            self._town.set(f"{NAME}_webhook", {"url": address})

    def _new_pair(self) -> Values:
        old = self._town.setting("zalo_oa_pair") or {"refresh": "", "used": []}
        seconds = self._faults.switches.oa_token_seconds
        ends = self._town.clock.now() + timedelta(seconds=seconds)
        pair = {
            "access": secrets.token_urlsafe(60),
            "refresh": secrets.token_urlsafe(60),
            "ends": ends.isoformat(),
            "used": [*old["used"], old["refresh"]] if old["refresh"] else old["used"],
        }
        self._town.set("zalo_oa_pair", pair)
        return {
            "access_token": pair["access"],
            "refresh_token": pair["refresh"],
            "expires_in": str(seconds),  # D: a number as words
        }

    # --- what the bot does ---------------------------------------------------------------------

    async def send(self, request: Request) -> Response:
        """``/v3.0/oa/message/cs``: a consultation message."""
        values, _, _, _ = await fields_of(request)
        chat = str((values.get("recipient") or {}).get("user_id", ""))
        person = self._town.person_of_chat(NAME, chat)

        async def work() -> Any:
            self._check_token(request)
            with self._town.change():
                return self._sent(person, values.get("message") or {})

        return await self._answered("message/cs", person, work)

    async def upload(self, request: Request) -> Response:
        """``/v2.0/oa/upload/image``: JPEG or PNG of a megabyte at most (D)."""
        _, data, names, _ = await fields_of(request)

        async def work() -> Any:
            self._check_token(request)
            given = data.get("file", b"")
            png = given.startswith(b"\x89PNG")
            if not (png or given.startswith(b"\xff\xd8\xff")) or len(given) > LARGEST_PICTURE:
                raise Refused(BAD_PARAMETER, "file must be jpg or png, at most 1MB")
            with self._town.change():
                mime = "image/png" if png else "image/jpeg"
                file = self._town.put_file("photo", names["file"], mime, given)
            return {"attachment_id": file.id}

        return await self._answered("upload/image", None, work)

    async def about(self, request: Request) -> Response:
        """``/v2.0/oa/getoa``: the account itself."""

        async def work() -> Any:
            self._check_token(request)
            return {"oa_id": self.app["oa_id"], "name": "UBND Congvu", "is_verified": True}

        return await self._answered("getoa", None, work)

    def _check_token(self, request: Request) -> None:
        pair = self._town.setting("zalo_oa_pair")
        given = request.headers.get("access_token", "")
        if not pair or given != pair["access"]:
            raise Refused(BAD_TOKEN, "Access token is invalid")
        if self._town.clock.now() >= datetime.fromisoformat(pair["ends"]):
            raise Refused(BAD_TOKEN, "Access token has expired")

    def _sent(self, person: Person | None, message: Values) -> Values:
        if person is None or person.blocked:
            raise Refused(NO_FOLLOWER, "User is not a follower")
        left = self._left(person)
        text = str(message.get("text") or "")
        attachment = message.get("attachment") or {}
        if not (text or attachment) or units(text) > LONGEST_TEXT:
            raise Refused(BAD_PARAMETER, f"text must be 1-{LONGEST_TEXT} characters")
        file_id = self._picture(attachment) if attachment else ""
        made = self._town.add_message(person, "bot", Content(text, (), (), file_id))
        quota = {"quota_type": "reply" if left else "sub_quota", "remain": str(max(left - 1, 0))}  # D
        return {"message_id": made.message_id, "user_id": person.chat, "quota": quota}

    def _picture(self, attachment: Values) -> str:
        payload = attachment.get("payload") or {}
        elements = payload.get("elements") or []
        if payload.get("template_type") != "media" or len(elements) != 1:  # one: ?
            raise Refused(BAD_PARAMETER, "elements must be one picture")
        file = self._town.file(str(elements[0].get("attachment_id", "")))
        if file is None:
            raise Refused(BAD_PARAMETER, "attachment_id is invalid")
        return file.id

    def _left(self, person: Person) -> int:
        """The free messages that are left; refuses what the window shuts out (D)."""
        said = self._town.messages(person.id)
        heard = [message for message in said if message.sender == "person"]
        now = self._town.clock.now()
        if not heard or now - heard[-1].at > LONGEST:
            raise Refused(AFTER_7_DAYS, "User has not interacted in 7 days")
        sent = sum(message.n > heard[-1].n for message in said)
        free = now - heard[-1].at <= FREE
        most = self._faults.switches.oa_free_messages or UNLIMITED
        left = max(most - sent, 0) if free else 0
        if not left and not self._faults.switches.oa_paid:
            raise Refused(AFTER_8 if free else AFTER_48_HOURS, "Out of free messages")
        return left

    async def _answered(
        self,
        method: str,
        person: Person | None,
        work: Callable[[], Awaitable[Any]],
        taken: Callable[[Any], Response] = lambda data: _said(0, "Success", data),
    ) -> Response:
        fault: Fault | None = self._faults.take(NAME, method, person.id if person else None)
        response = await answered(self._town, fault, work, _refused, taken)
        body = bytes(response.body).decode()
        if '"error":0' not in body and "access_token" not in body:
            self.refusals = [*self.refusals[-99:], f"{method}: {body}"]
        return response


def mac(app: dict[str, str], body: bytes, timestamp: str) -> str:
    """The signature of an event: SHA-256, no HMAC (D; code of several live integrations agrees)."""
    signed = app["app_id"].encode() + body + (timestamp + app["secret_key"]).encode()
    return "mac=" + hashlib.sha256(signed).hexdigest()


def _new_app() -> dict[str, str]:
    return {
        "app_id": str(secrets.randbelow(9 * 10**17) + 10**17),
        "app_secret": secrets.token_urlsafe(15),
        "secret_key": secrets.token_urlsafe(15),
        "oa_id": str(secrets.randbelow(9 * 10**17) + 10**17),
    }


def _said(error: int, message: str, data: Any = None) -> Response:
    return JSONResponse({"data": data or {}, "error": error, "message": message})


def _refused(no: Refused) -> Response:
    """Refusals come with HTTP 200 (M); a broken server says so by its status."""
    if no.status >= 500:
        return JSONResponse({"error": no.status, "message": str(no)}, no.status)
    return _said(FAULTS.get(no.status, no.status), str(no))


def _pair(data: Any) -> Response:
    return JSONResponse(data)
