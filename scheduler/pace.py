"""How fast a platform may be spoken to: by one bot as a whole, and in one chat."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

LIMITS = {"telegram": 30, "zalo": 10, "zalo_oa": 10}
"""Messages that one bot may send in any second."""

BATCH = 3  # the most that leave at once: then their calls take about equally long
MARGIN = timedelta(milliseconds=3)  # the fastest way there and the fastest way back were not of one call
AHEAD = 0.1  # seconds' worth of messages to have ready, so that nothing but the pace holds them up
LEAD = timedelta(milliseconds=20)  # a message is worded and written down so long before its turn
SECOND = timedelta(seconds=1)
PUSHES_APART = SECOND
BURST = 20  # answers that a chat may get at once; one more for each second that passes
GROUP_LIMIT, GROUP_TIME = 20, timedelta(seconds=60)


class Pace:
    """The pace of one channel.  It holds in every window of a second, however long a call takes.

    A message arrives between its call and its answer.  So it keeps its place in the window for a
    second and for as long as its call took longer than the fastest; one bot's processes share the limit.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.share = 1
        self._under_way = 0
        self._taken: deque[datetime] = deque()  # when each place is free again
        self._next: datetime | None = None  # a steady beat, so that a second's messages do not leave at once
        self._rest: datetime | None = None
        self._fastest = SECOND
        self._known = 0  # calls measured; the fastest means something after a second's worth of them
        self._seen: datetime | None = None
        self._chats: dict[int, deque[datetime]] = {}
        self._groups: set[int] = set()

    @property
    def _rate(self) -> float:
        return max(self.limit / self.share, 1.0)

    @property
    def ahead(self) -> int:
        """How many messages are worth having ready."""
        return max(int(self._rate * AHEAD), BATCH)

    def rest(self, until: datetime) -> None:
        """Sends nothing until a moment: the platform asked for it, or cannot be reached."""
        self._rest = max(until, self._rest or until)

    def rests(self, now: datetime) -> bool:
        """Whether the platform wants to hear nothing just now."""
        return self._rest is not None and self._rest > now

    def free_at(self, now: datetime) -> datetime | None:
        """When the next message may leave; None if it may now."""
        if self._seen is not None and now < self._seen - SECOND:  # The clock was put back: begin anew.
            self._taken.clear()
            self._chats.clear()
            self._next = self._rest = None
        self._seen = now
        while self._taken and self._taken[0] <= now:
            self._taken.popleft()
        moment = max(now, self._rest or now, self._next or now)
        held = [free for free in self._taken if free > moment]
        if (over := self._under_way + len(held) - int(self._rate)) >= 0:
            moment = held[over] if over < len(held) else moment + SECOND
        return moment if moment > now else None

    def has_room(self, now: datetime, lead: timedelta = timedelta()) -> bool:
        """Whether a message may leave now, or when the ``lead`` is over."""
        return (self.free_at(now) or now) <= now + lead

    def leaves(self, now: datetime) -> None:
        """A message is on its way."""
        self._under_way += 1
        step = timedelta(seconds=1 / self._rate)
        behind = now - (BATCH - 1) * step
        self._next = max(self._next or behind, behind) + step

    def landed(self, account: int, began: datetime, now: datetime, *, group: bool) -> None:
        """A message has arrived, or its call has failed."""
        self._under_way -= 1
        self._fastest = min(self._fastest, max(now - began, timedelta()))  # the clock may have been put back
        self._known += 1
        sure = max(self._fastest - MARGIN, timedelta()) if self._known > self.limit else timedelta()
        self._taken.append(now + SECOND - sure)
        if group:
            self._groups.add(account)
        self._chats.setdefault(account, deque(maxlen=BURST)).append(now)

    def chats(self, now: datetime) -> tuple[dict[int, datetime], dict[int, datetime]]:
        """The accounts that get nothing, and those that get no pushes, each with the end of that."""
        resting: dict[int, datetime] = {}
        quiet: dict[int, datetime] = {}
        for account, moments in list(self._chats.items()):
            if now - moments[-1] >= GROUP_TIME:
                del self._chats[account]
                self._groups.discard(account)
                continue
            full = len(moments) == BURST
            if account in self._groups and full and moments[0] + GROUP_TIME > now:
                resting[account] = moments[0] + GROUP_TIME
            elif full and moments[0] + BURST * SECOND > now and moments[-1] + SECOND > now:
                resting[account] = moments[-1] + SECOND
            if moments[-1] + PUSHES_APART > now:
                quiet[account] = moments[-1] + PUSHES_APART
        return resting, quiet
