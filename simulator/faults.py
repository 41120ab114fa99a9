"""What goes wrong on purpose: refusals, silence and repeats, and the switches of the platforms' quirks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.town import Town

KINDS = ("429", "403", "400", "401", "500", "slow", "timeout", "garbage", "duplicate")
DESCRIPTIONS = {
    "403": "Forbidden: bot was blocked by the user",
    "400": "Bad Request: chat not found",
    "401": "Unauthorized",
    "500": "Internal Server Error",
}


class Refused(Exception):
    """The platform says no; ``parameters`` go with the answer."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong ``times`` times.

    No channel and no person mean any; no method means any call that concerns a chat.

    ``seconds`` is machine time: how long ``slow`` and ``timeout`` keep a caller waiting.
    """

    kind: str
    channel: str = ""
    method: str = ""
    person: int | None = None
    times: int = 1
    retry_after: int = 3
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Switches:
    """How the platforms behave.  D documented, M measured by others on a live bot, ? not known."""

    flood_limit: int = 30  # messages a second of town time, over all chats; 0 is without limit (D, Telegram)
    zalo_polling: str = "once"  # once | replay: a taken update comes back at every poll (M)
    zalo_envelope: str = "flat"  # flat | wrapped: webhooks as live records show, or as documented (?)
    zalo_photo: str = "photo_url"  # photo_url (M) | photo (D)
    zalo_bare_unsupported: bool = False  # the event of an unsupported message comes without "message" (D)
    zalo_month_limit: int = 0  # sent messages, after which sending is refused; 0 is without limit (?)
    oa_token_seconds: int = 90_000  # how long a new token of the Official Account lives (D)
    oa_free_messages: int = 8  # within 48 hours of the person's last one; 0 is without limit (?)
    oa_paid: bool = False  # what goes beyond the eight free messages in 48 hours is paid for (D)


class Faults:
    """The faults still to come, in memory: they end with the process."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.switches = Switches()

    def add(self, fault: Fault) -> None:
        """Plans a fault; raises ValueError for a kind that is not known."""
        if fault.kind not in KINDS or fault.times < 1:
            raise ValueError(fault.kind)
        self.waiting.append(fault)

    def set(self, switches: dict[str, Any]) -> None:
        """Turns switches; raises ValueError for a name or value that is not known."""
        for name, value in switches.items():
            if type(value) is not type(getattr(self.switches, name, None)):
                raise ValueError(name)
        self.switches = replace(self.switches, **switches)

    def take(self, channel: str, method: str, person: int | None) -> Fault | None:
        """The fault that this call meets, used up once."""
        for fault in self.waiting:
            meant = fault.method == method or (not fault.method and person is not None)
            fits = meant and fault.channel in ("", channel) and fault.person in (None, person)
            if fault.kind != "duplicate" and fits:
                self._use(fault)
                return fault
        return None

    def copies(self, channel: str) -> int:
        """How often the next update of a channel is to be handed over."""
        for fault in self.waiting:
            if fault.kind == "duplicate" and fault.channel in ("", channel):
                self._use(fault)
                return 2
        return 1

    def _use(self, fault: Fault) -> None:
        at = self.waiting.index(fault)
        left = fault.times - 1
        self.waiting[at : at + 1] = [replace(fault, times=left)] if left else []


def refused(no: Refused) -> Response:
    """A refusal as the Bot APIs say it."""
    body: dict[str, Any] = {"ok": False, "error_code": no.status, "description": no.description}
    if no.parameters:
        body["parameters"] = no.parameters
    return JSONResponse(body, no.status)


def taken(result: Any) -> Response:
    """A result as the Bot APIs say it."""
    return JSONResponse({"ok": True} if result is None else {"ok": True, "result": result})


async def answered(
    town: Town,
    fault: Fault | None,
    work: Callable[[], Awaitable[Any]],
    no: Callable[[Refused], Response] = refused,
    yes: Callable[[Any], Response] = taken,
) -> Response:
    """The answer to a platform call, bent by its fault."""
    try:
        if fault is not None and fault.kind == "timeout":
            await _keep_waiting(town, fault.seconds)
            raise Refused(504, "Gateway Timeout")
        if fault is not None and fault.kind == "garbage":
            return Response("<html>Bad gateway</html>", 502, media_type="text/html")
        if fault is not None and fault.kind == "429":
            raise flooded(fault.retry_after)
        if fault is not None and fault.kind != "slow":
            raise Refused(int(fault.kind), DESCRIPTIONS[fault.kind])
        result = await work()
    except Refused as refusal:
        return no(refusal)
    if fault is not None:
        await _keep_waiting(town, fault.seconds)
    return yes(result)


async def _keep_waiting(town: Town, seconds: float) -> None:
    end = monotonic() + seconds
    while town.open and monotonic() < end:
        await town.news(end - monotonic())


def flooded(seconds: int) -> Refused:
    """The refusal of somebody who sends too fast."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def mind_the_flood(town: Town, faults: Faults, count: int) -> None:
    """Refuses what goes over Telegram's limit of messages a second."""
    limit = faults.switches.flood_limit
    since = town.clock.now() - timedelta(seconds=1)
    if limit and town.sent_since("telegram", since) + count > limit:
        raise flooded(1)


async def fields_of(request: Request) -> tuple[dict[str, Any], dict[str, bytes], dict[str, str], bool]:
    """A call's values, its files' bytes and names, and whether the values came as JSON."""
    values: dict[str, Any] = dict(request.query_params)
    data: dict[str, bytes] = {}
    names: dict[str, str] = {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = await request.body()
        return {**values, **(await request.json() if body else {})}, data, names, True
    if kind:
        form = await request.form()
        for name, value in form.items():
            if isinstance(value, str):
                values[name] = value
                continue
            data[name] = await value.read()
            names[name] = value.filename or name
    return values, data, names, False
