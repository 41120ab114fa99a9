"""Telegram's way to write down people, messages and updates, and to read keyboards."""

from __future__ import annotations

from typing import Any

from simulator.faults import Refused
from simulator.town import Content, File, Message, Person, Town

THUMBNAIL = "~s"  # a photo comes in two sizes; both have the same bytes here


def bot_json(token: str) -> dict[str, Any]:
    """The bot as a user."""
    number = int(token.partition(":")[0])
    return {"id": number, "is_bot": True, "first_name": "Congvu", "username": "congvu_town_bot"}


def user_json(person: Person) -> dict[str, Any]:
    """A person as a user."""
    return {"id": int(person.chat), "is_bot": False, "first_name": person.name, "language_code": "vi"}


def chat_json(person: Person) -> dict[str, Any]:
    """A person's private chat with the bot."""
    return {"id": int(person.chat), "type": "private", "first_name": person.name}


def message_json(town: Town, person: Person, message: Message, *, quoted: bool = False) -> dict[str, Any]:
    """A message; what it replies to is given one level deep."""
    token = town.setting("telegram_token")
    seconds = int(message.at.timestamp())
    shape: dict[str, Any] = {
        "message_id": int(message.message_id),
        "from": bot_json(token) if message.sender == "bot" else user_json(person),
        "chat": chat_json(person),
        "date": seconds,
    }
    if message.edited:
        shape["edit_date"] = int(town.clock.now().timestamp())
    if message.album:
        shape["media_group_id"] = message.album
    replied = town.message(person.id, message.reply_to) if message.reply_to and not quoted else None
    if replied is not None:
        shape["reply_to_message"] = message_json(town, person, replied, quoted=True)
    if message.place is not None:
        shape["location"] = {"latitude": message.place[0], "longitude": message.place[1]}
    content = message.content
    if content.rows:
        shape["reply_markup"] = {"inline_keyboard": [[_button(b) for b in row] for row in content.rows]}
    file = town.file(content.file_id) if content.file_id else None
    if file is not None:
        shape |= _file_json(file)
    if content.text:
        name, marks = ("text", "entities") if file is None else ("caption", "caption_entities")
        shape[name] = content.text
        if entities := _entities(content, message.sender):
            shape[marks] = entities
    return shape


def content_of(
    text: str, entities: list[dict[str, Any]], markup: dict[str, Any], file_id: str = ""
) -> Content:
    """What a call makes a message show; raises Refused for marks and buttons that Telegram does not take."""
    length = units(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > length:
            raise Refused(400, "Bad Request: ENTITY_BOUNDS_INVALID")
    bold = tuple((e["offset"], e["length"]) for e in entities if e["type"] == "bold")
    return Content(text, bold, _rows(markup), file_id)


def keyboard_of(markup: dict[str, Any]) -> list[list[str]] | None:
    """The reply keyboard of a call's markup; an empty one takes the keyboard away, None leaves it."""
    if markup.get("remove_keyboard"):
        return []
    if "keyboard" not in markup:
        return None
    return [[button["text"] for button in row] for row in markup["keyboard"]]


def units(text: str) -> int:
    """Telegram counts UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _rows(markup: dict[str, Any]) -> tuple[tuple[dict[str, str], ...], ...]:
    rows = []
    for row in markup.get("inline_keyboard", []):
        buttons = []
        for button in row:
            ways = [way for way in ("callback_data", "url") if way in button]
            if len(ways) != 1 or not button["text"].strip():
                raise Refused(400, "Bad Request: can't parse inline keyboard button")
            way = {"url": button["url"]} if "url" in button else {"data": button["callback_data"]}
            buttons.append({"label": button["text"], **way})
        rows.append(tuple(buttons))
    return tuple(row for row in rows if row)


def _button(button: dict[str, str]) -> dict[str, str]:
    way = {"url": button["url"]} if "url" in button else {"callback_data": button["data"]}
    return {"text": button["label"], **way}


def _entities(content: Content, sender: str) -> list[dict[str, Any]]:
    if sender == "bot":
        return [{"type": "bold", "offset": start, "length": length} for start, length in content.bold]
    if content.text.startswith("/"):
        return [{"type": "bot_command", "offset": 0, "length": units(content.text.split()[0])}]
    return []


def _file_json(file: File) -> dict[str, Any]:
    shape: dict[str, Any] = {"file_id": file.id, "file_unique_id": file.id[:12], "file_size": file.size}
    if file.kind == "photo":
        small = {"file_id": file.id + THUMBNAIL, "file_unique_id": file.id[12:24], "file_size": file.size}
        return {
            "photo": [{**small, "width": 90, "height": 67}, {**shape, "width": 1280, "height": 960}],
        }
    if file.kind == "sticker":
        shape |= {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return {"sticker": shape}
    shape["mime_type"] = file.mime
    if file.kind == "voice":
        return {"voice": {**shape, "duration": 3}}
    shape["file_name"] = file.name
    if file.kind == "video":
        shape |= {"width": 640, "height": 480, "duration": 3}
    if file.kind == "audio":
        shape["duration"] = 3
    return {file.kind: shape}
