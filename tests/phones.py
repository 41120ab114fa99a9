"""People with phones in the demo: real HTTP, the real python-telegram-bot, the real Zalo client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from simulator.demo import opened
from tests.talk import typed_choices

Message = dict[str, Any]


class Phones:
    """The control interface of a running demo, as people use it."""

    def __init__(self, http: httpx.AsyncClient, people: list[dict[str, Any]]) -> None:
        self._http = http
        self._people = people
        self._read: dict[int, dict[int, Message]] = {}
        self.done = 0  # messages and taps of people so far

    def who(self, name: str) -> dict[str, Any]:
        """A person by full or given name; the given name must be unique."""
        found = [p for p in self._people if p["name"] == name or p["name"].split()[-1] == name]
        assert len(found) == 1, (name, found)
        return found[0]

    async def stranger(self, name: str, channel: str) -> str:
        """A new citizen."""
        self._people.append(await self.post("people", name=name, channel=channel))
        return name

    async def post(self, path: str, **body: Any) -> Any:
        """A call of the control interface."""
        answer = await self._http.post(f"/api/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    async def get(self, path: str) -> Any:
        """A question to the control interface."""
        answer = await self._http.get(f"/api/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def bytes_of(self, url: str) -> bytes:
        """A file shown in a chat."""
        answer = await self._http.get(url)
        assert answer.status_code == 200
        return answer.content

    async def _act(self, name: str, verb: str, **body: Any) -> None:
        self.done += 1
        await self.post(f"people/{self.who(name)['id']}/{verb}", **body)
        await self.post("idle", timeout_seconds=60)

    async def say(self, name: str, text: str, **more: Any) -> None:
        """Types a text."""
        await self._act(name, "say", text=text, **more)

    async def pin(self, name: str, latitude: float, longitude: float) -> None:
        """Sends a place."""
        await self._act(name, "location", latitude=latitude, longitude=longitude)

    async def photo(
        self, name: str, data: bytes, caption: str = "", album: str = "", *, settle: bool = True
    ) -> None:
        """Sends a photo, perhaps as part of an album."""
        self.done += 1
        answer = await self._http.post(
            f"/api/people/{self.who(name)['id']}/send",
            data={"kind": "photo", "caption": caption, **({"album": album} if album else {})},
            files={"file": ("anh.png", data, "image/png")},
        )
        assert answer.status_code == 200, answer.text
        if settle:
            await self.post("idle", timeout_seconds=60)

    async def press(self, name: str, label: str) -> None:
        """Presses the newest button of this label or, on Zalo, says its number in the newest list."""
        messages = await self.messages(name)
        if self.who(name)["channel"] == "zalo":
            menus = (typed_choices(message["text"]) for message in reversed(messages))
            await self.say(name, str(next(menu[label] for menu in menus if label in menu)))
            return
        holder = next(m for m in reversed(messages) if label in [c["label"] for c in m["choices"]])
        await self._act(name, "press", message_id=holder["message_id"], choice=label)

    async def messages(self, name: str) -> list[Message]:
        """Everything in the person's chat."""
        found: list[Message] = await self.get(f"people/{self.who(name)['id']}/messages?after=0")
        return found

    async def news(self, name: str) -> list[Message]:
        """What the bot said or edited since the last look."""
        seen = self._read.setdefault(self.who(name)["id"], {})
        fresh = [m for m in await self.messages(name) if m["sender"] == "bot" and seen.get(m["n"]) != m]
        seen.update({m["n"]: m for m in fresh})
        return fresh

    async def hears(self, name: str, *words: str) -> Message:
        """The one new or newly edited message; it must hold all of the words."""
        fresh = await self.news(name)
        assert len(fresh) == 1, [m["text"] for m in fresh]
        shown = fresh[0]["text"] + "\n" + "\n".join(c["label"] for c in fresh[0]["choices"])
        for word in words:
            assert word in shown, f"{word!r} not in:\n{shown}"
        return fresh[0]

    async def until(self, moment: str) -> None:
        """Plays the clock."""
        await self.post("clock", to=f"{moment}:00+07:00")
        await self.post("idle", timeout_seconds=60)


@asynccontextmanager
async def phones(folder: Path, at: datetime) -> AsyncIterator[Phones]:
    """A demo in this process and everybody's phone."""
    async with opened(folder, 0, at) as address, httpx.AsyncClient(base_url=address, timeout=180) as http:
        people = (await http.get("/api/people")).json()
        yield Phones(http, people)
