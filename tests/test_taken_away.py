"""Cards that may not stay in a chat are taken out of it; a channel that cannot do so goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.config import Settings
from bot.telegram import TelegramChannel
from db import outbox, people
from db.models import outbox as table
from domain.chat import Reply
from tests.platform import Platform, bad, standing_in
from tests.talk import Town, local
from tests.test_telegram_edge import TOKEN
from tests.test_two_months import bring_plan


async def tell(town: Town, name: str, hours: int) -> None:
    def post(conn: Connection) -> None:
        account = people.account_of_chat(conn, *town.people[name], town.clock.now())
        outbox.post(conn, account.id, Reply("welcome_citizen", card={"hours": hours}), town.clock.now())

    await town.database.write(post)


async def states(town: Town) -> list[str]:
    query = select(table.c.state).order_by(table.c.id)
    return await town.database.read(lambda conn: list(conn.execute(query).scalars()))


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_a_card_leaves_its_chat_after_its_hours_where_the_channel_can(
    either_town: Town, channel: str
) -> None:
    town, reader = either_town, either_town.stranger("Dân", channel)
    await tell(town, reader, 47)
    await town.until("2021-01-06 06:20")
    card = await town.hears(reader)
    assert card.deleted is None
    await town.until("2021-01-06 07:00")
    if channel == "telegram":
        assert card.deleted is not None
        assert timedelta(hours=47) <= card.deleted - local("2021-01-04 07:25") < timedelta(hours=48)
    assert await states(town) == ["sent", "sent"]
    town.quiet()


async def test_a_blocked_person_s_chat_is_let_be_and_no_other_account_hears_of_it(town: Town) -> None:
    reader = town.stranger("Dân", "telegram")
    town.people["Máy khác"] = ("zalo", "second")

    def second(conn: Connection) -> None:
        account = people.account_of_chat(conn, *town.people[reader], town.clock.now())
        people.add_account(conn, account.person_id, "zalo", "second", town.clock.now())

    await tell(town, reader, 1)
    await town.settle()
    await town.database.write(second)
    town.unread(reader)
    town.fake["telegram"].blocked.add(town.people[reader][1])
    await town.until("2021-01-04 09:00")
    assert await states(town) == ["sent", "dropped"]
    town.quiet()


async def test_what_is_said_of_inspections_does_not_stay(town: Town) -> None:
    await bring_plan(town)
    await town.until("2021-01-08 06:00")
    heard = [m for messages in town.fake["telegram"].chats.values() for m in messages]
    speaks = [m for m in heard if "chưa ghi nhận đợt nào" in m.text]
    assert [m for m in speaks if m.deleted]
    assert [m for m in speaks if m.at and m.at < local("2021-01-06 06:00") and not m.deleted] == []
    assert [m for m in heard if m.deleted and m not in speaks] == []


@pytest.mark.parametrize(
    "fault", [bad("message to delete not found"), bad("message can't be deleted for everyone"), None]
)
async def test_telegram_takes_a_message_away_or_it_is_gone_already(fault: tuple[int, object] | None) -> None:
    async with standing_in(Platform(faults={"deleteMessage": [fault] if fault else []})) as platform:
        settings = Settings.model_validate({"telegram_token": TOKEN, "telegram_api_url": platform.address})
        channel = TelegramChannel(settings, [])
        await channel.delete("1001", "77")
        await channel.close()
    assert platform.of("deleteMessage") == [{"chat_id": "1001", "message_id": "77"}]
