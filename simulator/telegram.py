"""A Bot API server: takes what the bot says, hands over what people say, refuses what Telegram refuses."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from simulator.faults import Faults, Refused, answered, fields_of, mind_the_flood
from simulator.spec import Spec
from simulator.telegram_shapes import (
    THUMBNAIL,
    bot_json,
    chat_json,
    content_of,
    keyboard_of,
    message_json,
    units,
    user_json,
)
from simulator.town import Content, Message, Person, Town

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LONGEST_POLL = 50
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# What a bot is told of unless it asks for more; the simulator has no other kinds.
DEFAULT_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

Values = dict[str, Any]


class Telegram:
    """The Telegram side of the town."""

    name = "telegram"

    def __init__(self, town: Town, faults: Faults) -> None:
        self._town = town
        self._faults = faults
        self._spec = Spec()
        self._poller = 0
        self.toasts: dict[int, tuple[int, str]] = {}  # by person: a number that grows, the words
        self._pressed: dict[str, int] = {}  # callback query -> person
        self.refusals: list[str] = []

    # --- what people do ------------------------------------------------------------------------

    def said(self, person: Person, message: Message) -> None:
        """Hands a new message to the bot."""
        self._push("message", message_json(self._town, person, message))

    def edited(self, person: Person, message: Message) -> None:
        """Hands a changed message to the bot."""
        self._push("edited_message", message_json(self._town, person, message))

    def pressed(self, person: Person, message: Message, data: str) -> None:
        """Hands a pressed button to the bot."""
        query = str(secrets.randbelow(2**62))
        self._pressed[query] = person.id
        self._push(
            "callback_query",
            {
                "id": query,
                "from": user_json(person),
                "message": message_json(self._town, person, message),
                "chat_instance": person.chat,
                "data": data,
            },
        )

    def blocked(self, person: Person) -> None:
        """Tells the bot that a person has blocked it, or lets it in again."""
        bot = bot_json(self._town.setting("telegram_token"))
        states = ({"status": "member", "user": bot}, {"status": "kicked", "user": bot, "until_date": 0})
        old, new = states if person.blocked else states[::-1]
        self._push(
            "my_chat_member",
            {
                "chat": chat_json(person),
                "from": user_json(person),
                "date": int(self._town.clock.now().timestamp()),
                "old_chat_member": old,
                "new_chat_member": new,
            },
        )

    def _push(self, kind: str, payload: Values) -> None:
        allowed = self._town.setting("telegram_allowed") or DEFAULT_UPDATES
        if kind in allowed:
            self._town.push(self.name, {kind: payload}, self._faults.copies(self.name))

    # --- what the bot does ---------------------------------------------------------------------

    async def call(self, request: Request) -> Response:
        """``/bot<token>/<method>``."""
        method = request.path_params["method"]
        values, data, names, as_json = await fields_of(request)
        person = self._town.person_of_chat(self.name, str(values.get("chat_id", "")))

        async def work() -> Any:
            self._check_token(request)
            checked = self._checked(method, values, list(data), as_json)
            if method == "getUpdates":
                return await self._get_updates(checked)
            with self._town.change():
                if method in SENDERS:
                    return self._send(method, checked, data, names)
                return CALLS[method](self, checked)

        response = await answered(
            self._town, self._faults.take(self.name, method, person.id if person else None), work
        )
        if response.status_code >= 400:
            self.refusals = [*self.refusals[-99:], f"{method}: {bytes(response.body).decode()}"]
        return response

    async def download(self, request: Request) -> Response:
        """``/file/bot<token>/<path>``."""

        async def work() -> Any:
            self._check_token(request)
            raise Refused(404, "Not Found")

        fault = self._faults.take(self.name, "download", None)
        file = self._town.file(str(request.path_params["path"]).rpartition("/")[2])
        if fault is None and file is not None and request.path_params["token"] == self._token:
            return FileResponse(self._town.path_of(file))
        return await answered(self._town, fault, work)

    @property
    def _token(self) -> str:
        return str(self._town.setting("telegram_token"))

    def _check_token(self, request: Request) -> None:
        if request.path_params["token"] != self._token:
            raise Refused(401, "Unauthorized")

    def _checked(self, method: str, values: Values, files: list[str], as_json: bool) -> Values:
        if not self._spec.knows(method):
            raise Refused(404, "Not Found: method not found")
        if not as_json:
            values = self._spec.read_form(method, values)
        for name, limit, called in (("text", 4096, "message"), ("caption", 1024, "message caption")):
            value = values.get(name)
            if isinstance(value, str) and method != "answerCallbackQuery" and units(value) > limit:
                raise Refused(400, f"Bad Request: {called} is too long")
        if method in ("sendMessage", "editMessageText") and not str(values.get("text", "")).strip():
            raise Refused(400, "Bad Request: message text is empty")
        if "parse_mode" in values:
            raise Refused(400, "Bad Request: the town does not read parse_mode")
        direct = {name: "attached" for name in files if name in ("photo", "document")}
        if faults := self._spec.faults(method, {**values, **direct}):
            raise Refused(400, f"Bad Request: {faults[0]}")
        return {**values, **direct}

    def _person(self, values: Values) -> Person:
        person = self._town.person_of_chat(self.name, str(values.get("chat_id", "")))
        if person is None:
            raise Refused(400, "Bad Request: chat not found")
        if person.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return person

    def _send(self, method: str, values: Values, data: dict[str, bytes], names: dict[str, str]) -> Any:
        person = self._person(values)
        items = values["media"] if method == "sendMediaGroup" else [values]
        mind_the_flood(self._town, self._faults, len(items))
        markup = values.get("reply_markup", {})
        reply = values.get("reply_parameters", {})
        reply_to = str(reply.get("message_id", ""))
        if reply_to and self._town.message(person.id, reply_to) is None:
            if not reply.get("allow_sending_without_reply"):
                raise Refused(400, "Bad Request: message to be replied not found")
            reply_to = ""
        album = secrets.token_hex(8) if method == "sendMediaGroup" else ""
        sent = []
        for item in items:
            file_id = self._file_of(method, item, data, names)
            text, marks = (
                item.get("text", item.get("caption", "")),
                "caption_entities" if file_id else "entities",
            )
            content = content_of(text, item.get(marks, []), markup, file_id)
            message = self._town.add_message(
                person, "bot", content, keyboard=keyboard_of(markup), album=album, reply_to=reply_to
            )
            sent.append(message_json(self._town, person, message))
        return sent if album else sent[0]

    def _file_of(self, method: str, item: Values, data: dict[str, bytes], names: dict[str, str]) -> str:
        """The file of a message: one that came with the call, or one that the town has."""
        if method == "sendMessage":
            return ""
        kind = {"sendPhoto": "photo", "sendDocument": "document"}.get(method) or str(item["type"])
        source = str(item["media"]) if method == "sendMediaGroup" else str(item[kind])
        part = source.removeprefix("attach://") if source.startswith("attach://") else kind
        if part in data:
            if not data[part]:
                raise Refused(400, "Bad Request: file must be non-empty")
            fallback = "image/jpeg" if kind == "photo" else "application/octet-stream"
            mime = mimetypes.guess_type(names[part])[0] or fallback
            return self._town.put_file(kind, names[part], mime, data[part]).id
        if self._town.file(source) is None:
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        return source

    def _own_message(self, values: Values, doing: str) -> tuple[Person, Message]:
        person = self._person(values)
        message = self._town.message(person.id, str(values.get("message_id", "")))
        if message is None:
            raise Refused(400, f"Bad Request: message to {doing} not found")
        if doing == "edit" and (message.sender != "bot" or message.keyboard is not None):
            raise Refused(400, "Bad Request: message can't be edited")
        return person, message

    def _edit(self, values: Values, name: str) -> Values:
        """Edits text, caption or, with neither, the buttons; buttons that are not given again are gone."""
        person, message = self._own_message(values, "edit")
        old = message.content
        markup = values.get("reply_markup", {})
        if name and bool(old.file_id) != (name == "caption"):
            raise Refused(400, f"Bad Request: there is no {name} in the message to edit")
        new = content_of(
            values.get(name, ""), values.get(EDITED_MARKS.get(name, ""), []), markup, old.file_id
        )
        if not name:
            new = Content(old.text, old.bold, new.rows, old.file_id)
        if new == old:
            raise Refused(400, "Bad Request: message is not modified: nothing of it would change")
        return message_json(self._town, person, self._town.change_message(message, new))

    def _delete(self, values: Values) -> bool:
        _, message = self._own_message(values, "delete")
        self._town.delete_message(message)
        return True

    def _answer_press(self, values: Values) -> bool:
        person = self._pressed.pop(values["callback_query_id"], None)
        if person is None:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        if values.get("text"):
            self.toasts[person] = (self.toasts.get(person, (0, ""))[0] + 1, values["text"])
        return True

    def _get_file(self, values: Values) -> Values:
        file = self._town.file(values["file_id"].removesuffix(THUMBNAIL))
        if file is None:
            raise Refused(400, "Bad Request: invalid file_id")
        if file.size > LARGEST_DOWNLOAD:
            raise Refused(400, "Bad Request: file is too big")
        return {
            "file_id": values["file_id"],
            "file_unique_id": file.id[:12],
            "file_size": file.size,
            "file_path": f"{file.kind}s/{file.id}",
        }

    def _get_me(self, _: Values) -> Values:
        abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return {**bot_json(self._token), **dict.fromkeys(abilities, False)}

    def _commands(self, values: Values) -> Any:
        scope = values.get("scope", {}).get("type", "default")
        key = f"telegram_commands {scope} {values.get('language_code', '')}"
        if "commands" not in values:
            return self._town.setting(key) or []
        self._town.set(key, values["commands"])
        return True

    def _act(self, values: Values) -> bool:
        self._person(values)
        return True

    # --- updates -------------------------------------------------------------------------------

    async def _get_updates(self, values: Values) -> list[Values]:
        """Holds the call until there is something; an ``offset`` confirms what lies before it."""
        if self._town.setting("telegram_webhook"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poller += 1
        mine = self._poller
        with self._town.change():
            self._allow(values)
            if (offset := values.get("offset", 0)) > 0:
                self._town.confirm(self.name, offset - 1)
        end = monotonic() + min(values.get("timeout", 0), LONGEST_POLL)
        while True:
            if self._poller != mine:
                raise Refused(409, "Conflict: terminated by other getUpdates request")
            if not self._town.open:
                return []
            found = self._town.waiting(self.name, min(values.get("limit", 100), 100))
            if found or monotonic() >= end:
                return [{"update_id": u.id, **u.payload} for u in found for _ in range(u.copies)]
            await self._town.news(end - monotonic())

    def _allow(self, values: Values) -> None:
        if "allowed_updates" in values:
            self._town.set("telegram_allowed", values["allowed_updates"])

    def _set_webhook(self, values: Values) -> bool:
        address = urlsplit(values.get("url", ""))
        if address.geturl() and address.hostname not in LOOPBACK:  # the town reaches its own machine alone
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        hook = (
            {"url": address.geturl(), "secret": values.get("secret_token", "")} if address.geturl() else None
        )
        if values.get("drop_pending_updates"):
            self._town.confirm(self.name, 2**62)
        self._allow(values)
        self._town.set("telegram_webhook", hook)
        return True

    def _webhook_info(self, _: Values) -> Values:
        hook = self._town.setting("telegram_webhook") or {}
        info = {
            "url": hook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": self._town.waiting_count(self.name),
        }
        return info | {key: hook[key] for key in ("last_error_date", "last_error_message") if key in hook}


SENDERS = ("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup")
EDITED_MARKS = {"text": "entities", "caption": "caption_entities"}
CALLS: dict[str, Callable[[Telegram, Values], Any]] = {
    "getMe": Telegram._get_me,
    "setWebhook": Telegram._set_webhook,
    "deleteWebhook": Telegram._set_webhook,
    "getWebhookInfo": Telegram._webhook_info,
    "editMessageText": lambda self, values: self._edit(values, "text"),
    "editMessageCaption": lambda self, values: self._edit(values, "caption"),
    "editMessageReplyMarkup": lambda self, values: self._edit(values, ""),
    "deleteMessage": Telegram._delete,
    "answerCallbackQuery": Telegram._answer_press,
    "getFile": Telegram._get_file,
    "setMyCommands": Telegram._commands,
    "getMyCommands": Telegram._commands,
    "sendChatAction": Telegram._act,
}
