"""What the rule of a platform's window needs to know: when somebody was heard last, and what left since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from db.models import accounts, inbox, outbox
from domain.window import Window


def is_open(conn: Connection, account_id: int, window: Window, now: datetime) -> bool:
    """Whether an account may be sent one more message.

    A long text or several pictures are several messages for the platform and one row here; it refuses
    what is too many, and that closes the window as well.
    """
    its = and_(inbox.c.channel == accounts.c.channel, inbox.c.chat == accounts.c.external_id)
    last = select(func.max(inbox.c.received_at)).join(accounts, its).where(accounts.c.id == account_id)
    heard_at = conn.execute(last).scalar()
    if heard_at is None:
        return window.is_open(None, 0, now)
    arrived = and_(outbox.c.sent_at >= heard_at, outbox.c.message_id != "")
    perhaps = and_(outbox.c.state == "unknown", outbox.c.due_at >= heard_at)
    count = select(func.count()).where(outbox.c.account_id == account_id, or_(arrived, perhaps))
    return window.is_open(heard_at, int(conn.execute(count).scalar() or 0), now)
