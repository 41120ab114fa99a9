"""The Telegram edge: updates become turns, messages become API calls.  Nobody else imports telegram."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from hmac import compare_digest
from time import monotonic
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Updater, filters
from telegram.helpers import create_deep_linked_url
from telegram.request import HTTPXRequest

from bot.config import Settings, SettingsError, derived
from bot.pieces import cut
from domain.chat import Incoming, Later, Never, Outgoing, Place, Text, Turn, Upload
from domain.window import Window

os.environ.setdefault("PTB_TIMEDELTA", "true")  # python-telegram-bot warns at each 429 without it.

log = structlog.get_logger()

HEARD_SECONDS = 60.0
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_ALBUM = 10
UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
VANISHED = ("message to edit not found", "message can't be edited")
UNDELETABLE = ("message to delete not found", "message can't be deleted")
FILE_KINDS = {
    "animation": "video", "document": "document", "video": "video", "video_note": "video",
    "voice": "voice", "audio": "audio", "sticker": "sticker",
}  # fmt: skip

Receive = Callable[[Turn], Awaitable[object]]


ANSWER_LOST = ("ReadTimeout", "ReadError", "RemoteProtocolError")


class _Polling(Bot):
    """A bot that goes on polling after a 404, which python-telegram-bot takes for a wrong token.

    It remembers when the platform was heard, by its answers to polls.
    """

    _heard: float | None = None

    @property
    def heard(self) -> float | None:
        """The moment of the last answer, of machine time."""
        return self._heard

    async def get_updates(self, *args: Any, **options: Any) -> tuple[Update, ...]:
        try:
            found = await super().get_updates(*args, **options)
        except InvalidToken as no:
            raise NetworkError("updates refused") from no
        self._heard = monotonic()
        return found


def make_bot(settings: Settings) -> _Polling:
    """The client of Telegram, or of the server at ``telegram_api_url``."""
    assert settings.telegram_token is not None
    token, url = settings.telegram_token.get_secret_value(), settings.telegram_api_url
    calls = HTTPXRequest(read_timeout=20, write_timeout=20, connect_timeout=10, pool_timeout=20)
    updates = HTTPXRequest(connection_pool_size=2, read_timeout=20, connect_timeout=10)
    if not url:
        return _Polling(token, request=calls, get_updates_request=updates)
    return _Polling(token, f"{url}/bot", f"{url}/file/bot", request=calls, get_updates_request=updates)


async def bot_name(settings: Settings) -> str:
    """The bot's user name; empty when Telegram does not tell."""
    bot = make_bot(settings)
    try:
        await bot.initialize()
    except TelegramError:
        return ""
    finally:
        await bot.shutdown()
    return bot.username


def joining_link(bot_name: str, code: str) -> str:
    """The link that opens the chat with the bot and hands it an invitation."""
    return create_deep_linked_url(bot_name, code)


class _Inbox(asyncio.Queue[object]):
    """The updater's queue: ``put`` returns after the commit, and only then the offset moves on."""

    def __init__(self, accept: Callable[[Update], Awaitable[None]]) -> None:
        super().__init__()
        self._accept = accept

    async def put(self, item: object) -> None:
        assert isinstance(item, Update)
        try:
            # A stop must not tear a commit apart, so the wait may be cancelled but the work may not.
            await asyncio.shield(asyncio.ensure_future(self._accept(item)))
        except Exception as error:
            log.exception("update_not_stored", update=item.update_id)
            raise NetworkError("not stored") from error  # The loop asks for the same updates again.


class TelegramChannel:
    """Telegram: buttons, edits, pictures and documents."""

    name = "telegram"
    has_buttons = has_edits = takes_documents = True
    window: Window | None = None
    secret_header = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

    def __init__(self, settings: Settings, commands: Sequence[tuple[str, str]]) -> None:
        assert settings.telegram_token is not None
        self._settings = settings
        self._commands = commands
        self._bot = make_bot(settings)
        self._receive: Receive | None = None
        self._updater = Updater(self._bot, _Inbox(self.accept))
        self._answers: set[asyncio.Task[None]] = set()
        own = settings.telegram_webhook_secret
        self._secret = own.get_secret_value() if own else derived(settings.telegram_token, "telegram secret")
        self.webhook_path = "/telegram/" + derived(settings.telegram_token, "telegram path")

    @asynccontextmanager
    async def receiving(self, receive: Receive) -> AsyncIterator[None]:
        """Hands every update to ``receive`` for as long as the context lasts.

        A network that is down does not stop the service; a refused token raises :class:`SettingsError`.
        """
        self._receive = receive
        starting: asyncio.Task[None] | None = None
        try:
            if not await self._begin():
                starting = asyncio.create_task(self._keep_trying())
            yield
        finally:
            if starting is not None:
                starting.cancel()
            if self._updater.running:
                await self._updater.stop()
            await asyncio.gather(*self._answers, return_exceptions=True)

    def is_heard(self) -> bool:
        """Whether the platform answered lately; with a webhook its silence cannot be told from quiet."""
        if self._settings.by_webhook:
            return self._receive is not None
        return self._bot.heard is not None and monotonic() - self._bot.heard < HEARD_SECONDS

    async def close(self) -> None:
        """Closes the connections; nothing can be sent any more."""
        await self._updater.shutdown()
        await self._bot.shutdown()

    async def _keep_trying(self) -> None:
        wait = 1.0
        while not await self._begin():
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)

    async def _begin(self) -> bool:
        try:
            await self._updater.initialize()
            await self._bot.set_my_commands([BotCommand(name, words) for name, words in self._commands])
            if self._settings.by_webhook:
                await self._bot.set_webhook(
                    self._settings.public_url + self.webhook_path,
                    secret_token=self._secret,
                    allowed_updates=UPDATES,
                )
            else:
                await self._updater.start_polling(
                    timeout=10, allowed_updates=UPDATES, error_callback=_polling_failed
                )
        except InvalidToken as no:
            raise SettingsError("setting_refused", name="CONGVU_TELEGRAM_TOKEN") from no
        except TelegramError as no:
            log.warning("telegram_unreachable", error=type(no).__name__)
            return False
        log.info("telegram_ready", bot=self._bot.username, webhook=self._settings.by_webhook)
        return True

    async def webhook(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Takes a webhook's call and returns the HTTP status to answer, after the commit."""
        secret = headers.get(self.secret_header, "")
        if not compare_digest(secret.encode(), self._secret.encode()):
            return 403
        try:
            update = Update.de_json(json.loads(body), self._bot)
        except (ValueError, KeyError, TypeError, AttributeError):
            return 400
        await self.accept(update)
        return 200

    async def accept(self, update: Update) -> None:
        """Stores an update as a turn; a pressed button stops spinning once it is stored."""
        assert self._receive is not None
        turn = turn_of(update)
        if turn is not None:
            await self._receive(turn)
        if update.callback_query is not None:
            answer = asyncio.create_task(self._stop_spinner(update.callback_query.id))
            self._answers.add(answer)
            answer.add_done_callback(self._answers.discard)

    async def _stop_spinner(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as no:  # An old query only goes on spinning; what it asked for is stored.
            log.info("callback_not_answered", error=type(no).__name__)

    async def send(self, chat: str, message: Outgoing) -> str:
        """Sends a message; pictures that do not fit one message go before the words."""
        async with _translated():
            markup = _markup(message)
            if len(message.uploads) == 1:
                caption = cut(message.text, LONGEST_CAPTION)
                if len(caption) == 1:
                    return await self._send_file(chat, message.uploads[0], caption[0], markup)
            await self._send_files(chat, message.uploads)
            return await self._send_words(chat, message.text, markup)

    async def edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> str | None:
        """Replaces words and buttons, the picture stays; returns a new id if the message was gone."""
        async with _translated():
            try:
                await self._edit(chat, message_id, message, captioned=captioned)
            except BadRequest as no:
                if _says(no, "message is not modified"):
                    return None
                if _says(no, *VANISHED):
                    return await self._send_words(chat, message.text, _markup(message))
                if not _says(no, "there is no text in the message", "there is no caption in the message"):
                    raise
                await self._edit(chat, message_id, message, captioned=not captioned)
        return None

    async def delete(self, chat: str, message_id: str) -> None:
        """Takes a message away; Telegram lets one do so for 48 hours."""
        async with _translated():
            try:
                await self._bot.delete_message(chat, int(message_id))
            except BadRequest as no:
                if not _says(no, *UNDELETABLE):
                    raise

    async def fetch(self, ref: str) -> bytes:
        """Downloads a file by its id; Telegram hands over at most 20 MB."""
        async with _translated():
            file = await self._bot.get_file(ref)
            return bytes(await file.download_as_bytearray())

    async def identity(self) -> str:
        """The bot's user name, as the platform tells it."""
        async with _translated():
            return (await self._bot.get_me()).username or ""

    async def keeps_commands(self) -> bool:
        """Whether the menu of commands, once set, reads back the same."""
        async with _translated():
            await self._bot.set_my_commands([BotCommand(name, words) for name, words in self._commands])
            kept = await self._bot.get_my_commands()
        return [(command.command, command.description) for command in kept] == list(self._commands)

    async def refuses_old_press(self) -> bool:
        """Whether the platform says of a press that it is too old, which we do not take for a fault."""
        try:
            await self._bot.answer_callback_query("1")
        except BadRequest:
            return True
        except TelegramError as no:
            raise Later(type(no).__name__) from no
        return False

    async def receives_as_set(self) -> bool:
        """Whether the platform's webhook is the one that the settings ask for."""
        async with _translated():
            known = (await self._bot.get_webhook_info()).url
        return known == (self._settings.public_url + self.webhook_path if self._settings.by_webhook else "")

    async def shown_bold(self, chat: str, text: Text) -> list[str]:
        """Sends a text and returns the words that the platform shows in bold."""
        async with _translated():
            sent = await self._bot.send_message(chat, text.plain, entities=_bold(text))
        return list(sent.parse_entities([MessageEntity.BOLD]).values())

    async def round_trip(self, chat: str, data: bytes) -> bytes:
        """Sends bytes as a document and downloads them again."""
        async with _translated():
            sent = await self._bot.send_document(chat, InputFile(data, "kiem-tra.bin"))
        return await self.fetch(sent.document.file_id) if sent.document else b""

    async def _edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> None:
        markup = _inline(message)
        if captioned:
            words = cut(message.text, LONGEST_CAPTION)[0]
            await self._bot.edit_message_caption(
                chat, int(message_id), caption=words.plain, caption_entities=_bold(words), reply_markup=markup
            )
            return
        words = cut(message.text, LONGEST_TEXT)[0]
        await self._bot.edit_message_text(
            words.plain, chat, int(message_id), entities=_bold(words), reply_markup=markup
        )

    async def _send_words(
        self, chat: str, text: Text, markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | None
    ) -> str:
        *first, last = cut(text, LONGEST_TEXT)
        for piece in first:
            await self._bot.send_message(chat, piece.plain, entities=_bold(piece))
        sent = await self._bot.send_message(chat, last.plain, entities=_bold(last), reply_markup=markup)
        return str(sent.message_id)

    async def _send_files(self, chat: str, uploads: Sequence[Upload]) -> None:
        photos = [upload for upload in uploads if upload.kind == "photo"]
        while len(photos) > 1:
            album = [InputMediaPhoto(upload.data, filename=upload.name) for upload in photos[:LARGEST_ALBUM]]
            await self._bot.send_media_group(chat, album)
            photos = photos[LARGEST_ALBUM:]
        for upload in [*photos, *(upload for upload in uploads if upload.kind != "photo")]:
            await self._send_file(chat, upload, Text(""), None)

    async def _send_file(
        self, chat: str, upload: Upload, text: Text, markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | None
    ) -> str:
        file = InputFile(upload.data, upload.name)
        caption, bold = text.plain or None, _bold(text)
        if upload.kind == "photo":
            sent = await self._bot.send_photo(
                chat, file, caption=caption, caption_entities=bold, reply_markup=markup
            )
        else:
            sent = await self._bot.send_document(
                chat, file, caption=caption, caption_entities=bold, reply_markup=markup
            )
        return str(sent.message_id)


def turn_of(update: Update) -> Turn | None:
    """The turn of an update; None for what is nobody's word, such as a group's service message."""
    key = f"u{update.update_id}"
    query = update.callback_query
    if query is not None:
        if query.message is None:
            return None
        chat = query.message.chat
        return Turn(
            channel="telegram", chat=str(chat.id), key=key, pressed=query.data or "",
            message_id=str(query.message.message_id), private=chat.type == "private",
        )  # fmt: skip
    message = update.message or update.edited_message
    if message is None:
        return None
    text = message.text or message.caption or ""
    files = _files(message)
    place = _place(message)
    private = message.chat.type == "private"
    nothing = not text and not files and place is None
    moves = place is not None and update.message is None  # a live place: where it began is what counts
    if moves or (nothing and (not private or filters.StatusUpdate.ALL.check_update(update))):
        return None
    return Turn(
        channel="telegram",
        chat=str(message.chat.id),
        key=key,
        text=text,
        message_id=str(message.message_id),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else "",
        edit=update.message is None,
        files=files,
        place=place,
        private=private,
        unsupported=nothing,
        album=message.media_group_id or "",
    )


def _files(message: Message) -> tuple[Incoming, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Incoming("photo", largest.file_id, "", largest.file_size or 0),)
    for attribute, kind in FILE_KINDS.items():
        file = getattr(message, attribute)
        if file is not None:
            name = getattr(file, "file_name", None) or ""
            return (Incoming(kind, file.file_id, name, file.file_size or 0),)
    return ()


def _place(message: Message) -> Place | None:
    if message.venue is not None:
        at = message.venue.location
        return Place(at.latitude, at.longitude, message.venue.title)
    if message.location is not None:
        return Place(message.location.latitude, message.location.longitude)
    return None


def _bold(text: Text) -> list[MessageEntity] | None:
    """Bold runs in UTF-16 units, as the platform counts."""
    entities = [MessageEntity(MessageEntity.BOLD, start, length) for start, length in text.bold]
    return list(MessageEntity.adjust_message_entities_to_utf_16(text.plain, entities)) or None


def _inline(message: Outgoing) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(b.label, callback_data=b.action) for b in row] for row in message.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def _markup(message: Outgoing) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if message.buttons or not message.menu:
        return _inline(message)
    return ReplyKeyboardMarkup(message.menu, resize_keyboard=not message.large, is_persistent=True)


def _says(no: BadRequest, *phrases: str) -> bool:
    return any(phrase in no.message.lower() for phrase in phrases)


def _polling_failed(no: TelegramError) -> None:
    log.warning("telegram_polling_failed", error=type(no).__name__)


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Turns the library's errors into the two that delivery knows."""
    try:
        yield
    except RetryAfter as no:
        wait = no.retry_after
        raise Later("flood", wait if isinstance(wait, int) else wait.total_seconds()) from no
    except Forbidden as no:
        raise Never(no.message, dead=True) from no
    except ChatMigrated as no:
        raise Never("chat migrated", moved=str(no.new_chat_id)) from no
    except BadRequest as no:
        raise Never(no.message, dead=_says(no, *GONE)) from no
    except TelegramError as no:  # Network, time-out, 5xx, and a token refused for the time being.
        lost = type(no.__cause__).__name__ in ANSWER_LOST  # The call had left: it may have been done.
        raise Later(type(no).__name__, unsure=lost) from no
