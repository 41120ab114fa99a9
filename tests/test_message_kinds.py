"""Every kind of message of both platforms ends stored, answered or refused with a reason; none in silence."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select
from telegram import Update

from bot import telegram, zalo
from db.models import dialogs, files
from domain.chat import Turn
from tests.citizens import BROWN, CHANNELS, wait
from tests.talk import Heard, Town
from tests.test_telegram_edge import CHAT, FROM, GROUP, message, sent_file, sizes
from tests.test_zalo_edge import WHO, event

POLL = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
        "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
        "allows_revoting": False, "members_only": False}  # fmt: skip
PLACE = {"latitude": 11.8, "longitude": 106.98}
THUMB = {"width": 9, "height": 9}
STICKER = {**THUMB, "is_animated": False, "is_video": False, "type": "regular"}
INVOICE = {"title": "x", "description": "x", "start_parameter": "x", "currency": "VND", "total_amount": 1}
ORIGIN = {"type": "user", "date": 1609721100, "sender_user": FROM}
CHANNEL = {"id": -100300, "title": "Kênh", "type": "channel"}

REVIEWED = "xem lại trước khi gửi"
REFUSED = "loại tin này chưa nhận được"
TELEGRAM: dict[str, tuple[dict[str, Any], str]] = {
    "text": ({"text": "o ga truoc cho"}, REVIEWED),
    "photo": ({"photo": sizes(90, 1280)}, "1 ảnh"),
    "photo of an album": ({"photo": sizes(90), "media_group_id": "13"}, "1 ảnh"),
    "photo with words": ({"photo": sizes(90), "caption": "o ga"}, "o ga"),
    "video": ({"video": sent_file(**THUMB, duration=3)}, "1 tệp"),
    "round video": ({"video_note": sent_file(length=9, duration=3)}, "1 tệp"),
    "voice": ({"voice": sent_file(duration=3)}, "1 tệp"),
    "audio": ({"audio": sent_file(duration=3)}, "1 tệp"),
    "document": ({"document": sent_file(file_name="a.pdf")}, "1 tệp"),
    "animation": ({"animation": sent_file(**THUMB, duration=1), "document": sent_file()}, "1 tệp"),
    "place": ({"location": PLACE}, "có vị trí"),
    "live place": ({"location": {**PLACE, "live_period": 900}}, "có vị trí"),
    "venue": ({"venue": {"location": PLACE, "title": "Chợ", "address": "x"}, "location": PLACE}, "Chợ"),
    "forwarded": ({"text": "o ga truoc cho", "forward_origin": ORIGIN}, REVIEWED),
    "sticker": ({"sticker": sent_file(**STICKER)}, REFUSED),
    "contact": ({"contact": {"phone_number": "0900000000", "first_name": "B"}}, REFUSED),
    "poll": ({"poll": POLL}, REFUSED),
    "dice": ({"dice": {"value": 3, "emoji": "🎲"}}, REFUSED),
    "story": ({"story": {"chat": CHAT, "id": 3}}, REFUSED),
    "game": ({"game": {"title": "x", "description": "x", "photo": sizes(90)}}, REFUSED),
    "invoice": ({"invoice": INVOICE}, REFUSED),
}
NOBODYS: dict[str, dict[str, Any]] = {
    "a pinned message": message(pinned_message={"message_id": 3, "chat": CHAT, "date": 1, "text": "x"}),
    "a timer": message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
    "people who come to a group": message(chat=GROUP, new_chat_members=[FROM]),
    "a channel's post": {
        "update_id": 1, "channel_post": {"message_id": 1, "chat": CHANNEL, "date": 1, "text": "x"},
    },
    "a live place that moves": {
        "update_id": 1,
        "edited_message": {
            "message_id": 1, "from": FROM, "chat": CHAT, "date": 1, "edit_date": 2, "location": PLACE,
        },
    },
    "a reaction": {
        "update_id": 1,
        "message_reaction": {
            "chat": CHAT, "message_id": 1, "user": FROM, "date": 1, "old_reaction": [], "new_reaction": [],
        },
    },
}  # fmt: skip
ZALO: dict[str, tuple[dict[str, Any], str]] = {
    "text": (event("text", text="o ga truoc cho"), REVIEWED),
    "image": (event("image", photo_url="https://x/a.jpg"), "1 ảnh"),
    "voice": (event("voice", voice_url="https://x/a.aac"), "1 tệp"),
    "sticker": (event("sticker", sticker="b", url="https://x/s.png"), REFUSED),
    "unsupported": (event("unsupported"), REFUSED),
    "gif": (event("gif", url="https://x/a.gif"), REFUSED),
    "link": (event("link", links=["https://x"]), "https://x"),
    "a map's link": (event("link", links=["https://maps.google.com/?q=11.81,106.98"]), "có vị trí"),
    "a link that says nothing": (event("link", links=[]), REFUSED),
    "file": (event("file", file_url="https://x/a.pdf"), REFUSED),
    "location": (event("location", location=PLACE), "có vị trí"),
    "location without a place": (event("location", location={"latitude": "x"}), REFUSED),
}


async def _answers(town: Town, turn: Turn | None) -> list[Heard]:
    """What is heard once a turn of the real edge was received; its files are not to be had."""
    assert turn is not None
    channel = town.fake[turn.channel]
    for file in turn.files:
        channel.files[file.ref] = BROWN
    await town.app.receive(turn)
    await wait(town)
    return channel.unread.pop(turn.chat, [])


@pytest.mark.parametrize("kind", TELEGRAM)
async def test_each_kind_on_telegram_is_answered(town: Town, kind: str) -> None:
    content, expected = TELEGRAM[kind]
    heard = await _answers(town, telegram.turn_of(Update.de_json(message(**content), None)))
    assert [expected in each.text for each in heard] == [True]


@pytest.mark.parametrize("kind", ZALO)
async def test_each_kind_on_zalo_is_answered(town: Town, kind: str) -> None:
    update, expected = ZALO[kind]
    turn = zalo.turn_of(update)
    assert turn is not None
    assert turn.chat == WHO
    heard = await _answers(town, turn)
    assert [expected in each.text for each in heard] == [True]


@pytest.mark.parametrize("kind", NOBODYS)
def test_what_is_nobodys_word_is_left_alone(kind: str) -> None:
    assert telegram.turn_of(Update.de_json(NOBODYS[kind], None)) is None


@pytest.mark.parametrize("kind", TELEGRAM)
async def test_each_kind_edited_while_a_draft_is_open_is_answered_or_changes_nothing(
    town: Town, kind: str
) -> None:
    """An edit of what is in the draft changes it; of anything else it is said that it changes nothing."""
    content, _ = TELEGRAM[kind]
    await _answers(town, telegram.turn_of(Update.de_json(message(**content), None)))
    words = {"text" if "text" in content else "caption": "sua thanh o ga sau cho"}
    update = message(**{**content, **words})
    update["edited_message"] = {**update.pop("message"), "edit_date": 1609721200}
    update["update_id"] += 1
    turn = telegram.turn_of(Update.de_json(update, None))
    if turn is None:
        assert "location" in content  # a live place that moves is nobody's word
        return
    heard = await _answers(town, turn)
    assert len(heard) == 1
    kept = await town.database.read(lambda conn: list(conn.execute(select(dialogs.c.data)).scalars()))
    changed = any("sua thanh o ga sau cho" in text for data in kept for _, text in data["words"])
    assert changed or "không đổi theo tin sửa" in heard[0].text or REFUSED in heard[0].text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", ["photo", "video", "voice", "audio", "document"])
async def test_each_kind_of_file_comes_with_its_words_or_before_them(
    town: Town, channel: str, kind: str
) -> None:
    data = {"photo": BROWN, "document": b"%PDF-1.4 x"}.get(kind, b"OggS" + b"\0" * 300)
    with_words, first = town.stranger("Một", channel), town.stranger("Hai", channel)
    await town.send(with_words, data, kind=kind, caption="o ga truoc cho")
    await town.send(first, data, kind=kind)
    await town.say(first, "o ga truoc cho")
    await wait(town)
    for citizen in (with_words, first):
        heard = await town.hears(citizen, "o ga truoc cho", "1 ảnh" if kind == "photo" else "1 tệp")
        assert "Đồng ý và gửi" in heard.text or "Đồng ý và gửi" in heard.choices
    town.quiet()


async def test_a_kind_of_message_that_comes_tomorrow_is_refused_with_a_reason(town: Town) -> None:
    heard = await _answers(town, telegram.turn_of(Update.de_json(message(hologram={"id": 1}), None)))
    assert [REFUSED in each.text for each in heard] == [True]


def _states(conn: Connection) -> list[str]:
    return sorted(conn.execute(select(files.c.state)).scalars())


async def test_an_album_with_a_broken_file_keeps_the_others_and_says_so_once(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    for number in range(10):
        await town.send(citizen, b"<svg/>" if number in (3, 7) else BROWN)
    await wait(town)
    heard = [each.text for each in town.unread(citizen)]
    assert sum("Loại tệp vừa gửi không nhận được" in text for text in heard) == 1
    assert any("10 ảnh" in text for text in heard)
    assert await town.database.read(_states) == ["refused"] * 2 + ["stored"] * 8


async def test_a_film_beyond_the_platforms_limit_is_told_and_asked_for_shorter(town: Town) -> None:
    update = message(video=sent_file(**THUMB, duration=300) | {"file_size": 60_000_000})
    heard = await _answers(town, telegram.turn_of(Update.de_json(update, None)))
    assert any("lớn quá 20 MB" in each.text and "ngắn hơn" in each.text for each in heard)
    assert await town.database.read(_states) == ["refused"]


async def test_a_voice_message_alone_is_a_description(town: Town) -> None:
    citizen = town.stranger("Dân", "zalo")
    await town.send(citizen, b"OggS" + b"\0" * 300, kind="voice")
    await wait(town)
    await town.hears(citizen, "1 tệp", "Có việc gì ở đó?")
    await town.press(citizen, "Đồng ý và gửi")
    await town.hears(citizen, "UBND đã nhận, mã")


async def test_a_refused_kind_does_not_disturb_a_draft(town: Town) -> None:
    citizen = town.stranger("Dân", "telegram")
    await town.say(citizen, "o ga truoc cho")
    await town._turn(citizen, unsupported=True, message_id="p9")
    await wait(town)
    assert [REFUSED in each.text for each in town.unread(citizen)].count(True) == 1

    def words(conn: Connection) -> Any:
        return conn.execute(select(dialogs.c.data)).scalar_one()["words"]

    assert [text for _, text in await town.database.read(words)] == ["o ga truoc cho"]
