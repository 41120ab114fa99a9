"""Everything a person can get to read: choices are followed from reply to reply, and undone again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db import calendar as calendar_db
from db import people
from db.codec import reply_from_json
from db.models import accounts, outbox
from domain.chat import Reply, Turn
from domain.errors import RuleError
from handlers import router
from handlers.desk import Desk
from tests.talk import Town


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a chat after somebody said or pressed something."""

    chat: str
    after: str
    text: str


def crawl(
    conn: Connection, town: Town, name: str, said: list[str], pressed: list[str], most: int
) -> Iterator[Read]:
    """Says and presses everything as one person, then what the replies offer; nothing of it stays.

    Messages that it sends to others are read too.
    """
    channel, chat = town._who(name)
    now = town.clock.now()
    account = people.account_of_chat(conn, channel.name, chat, now)
    calendar = calendar_db.load(conn, town.committee.zone)
    person = people.person(conn, account.person_id, calendar.today(now))
    committee = town.app.committee
    waiting = deque([(word, "") for word in said] + [("", action) for action in pressed])
    known = set(pressed)
    for number in range(most):
        if not waiting:
            return
        text, action = waiting.popleft()
        desk = Desk(conn, now, person, account, committee, calendar, lambda _: None, b"0" * 32)
        turn = Turn(channel.name, chat, f"crawl{number}", text=text, pressed=action, message_id="m1")
        last = conn.execute(select(func.max(outbox.c.id))).scalar() or 0
        trial = conn.begin_nested()
        try:
            replies = router.answer(desk, turn)
        except RuleError as no:
            replies = [Reply(no.key, no.facts)]
        others = list(_posted(conn, last))
        trial.rollback()
        for reply in replies:
            yield Read(chat, text or action, worded(town, reply))
            offered = [choice.action for row in reply.choices for choice in row]
            waiting += [("", each) for each in offered if each not in known]
            known.update(offered)
        for other, reply in others:
            yield Read(other, text or action, worded(town, reply))


def worded(town: Town, reply: Reply) -> str:
    """The words of a reply, of its choices, and what its files are drawn from."""
    say = town.app.wording
    labels = [say.label(c.label, c.facts) + c.action for row in reply.choices for c in row]
    files = [f"{each.name} {each.values}" for each in reply.pictures]
    text = say.say(reply.key, reply.facts).plain if reply.key else ""
    return "\n".join([text, *labels, *files])


def _posted(conn: Connection, after: int) -> Iterator[tuple[str, Reply]]:
    query = (
        select(outbox.c.reply, accounts.c.external_id)
        .join(accounts, accounts.c.id == outbox.c.account_id)
        .where(outbox.c.id > after, outbox.c.reply.is_not(None))
    )
    for row in conn.execute(query):
        if row.reply is not None:  # JSON's null is not SQL's
            yield row.external_id, reply_from_json(row.reply)
