"""The demo: the town and the very service, started, moved, stopped and started again."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.demo import opened
from tests.talk import local

AT = local("2021-01-04 07:25")


class Script:
    """What a script does over the control interface."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str) -> Any:
        answer = await self.http.get(f"/api/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"/api/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def idle(self) -> None:
        """Waits until nothing that is due waits."""
        assert await self.post("idle", timeout_seconds=30) == {"idle": True}


@asynccontextmanager
async def a_demo(folder: Path) -> AsyncIterator[Script]:
    async with opened(folder, 0, AT) as address, httpx.AsyncClient(base_url=address, timeout=120) as http:
        yield Script(http)


async def test_the_town_has_everybody_the_committee_needs(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as script:
        people = await script.get("people")
        roles = Counter(person["role"] for person in people)
        assert set(roles) == {
            "citizen", "official", "head", "leader", "one_stop", "iso", "inspection_lead", "admin",
            "custodian",
        }  # fmt: skip
        assert roles["citizen"] == 6
        assert len(people) == 46 + 6
        assert {person["unit"] for person in people if person["role"] == "citizen"} == {""}
        unjoined = [person for person in people if "code" in person]
        assert {person["channel"] for person in unjoined} == {"telegram", "zalo"}
        assert {person["role"] for person in unjoined} == {"official"}
        clock = await script.get("clock")
        assert clock["now"].startswith("2021-01-04T07:25")
        assert (await script.post("clock", advance_seconds=600))["now"].startswith("2021-01-04T07:35")
        backwards = await script.http.post("/api/clock", json={"to": "2021-01-04T07:00"})
        assert (backwards.status_code, backwards.json()) == (400, {"error": "backwards"})


@pytest.mark.parametrize("channel", ["telegram", "zalo", "zalo_oa"])
async def test_a_stranger_is_greeted(tmp_path: Path, channel: str) -> None:
    async with a_demo(tmp_path) as script:
        stranger = await script.post("people", name="Dân", channel=channel)
        assert (stranger["role"], stranger["unit"]) == ("citizen", "")
        await script.post(f"people/{stranger['id']}/say", text="xin chào")
        await script.idle()
        said, answer = await script.get(f"people/{stranger['id']}/messages")
        assert (said["sender"], answer["sender"]) == ("person", "bot")
        assert "trợ lý tự động" in answer["text"]
        assert answer["at"].startswith("2021-01-04T07:25")
        assert answer["at"].endswith("+07:00")
        assert await script.get(f"people/{stranger['id']}/messages?after={said['n']}") == [answer]


async def test_a_day_that_is_played_renews_the_account_s_token(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as script:
        admin = next(person for person in await script.get("people") if person["role"] == "admin")
        await script.post("clock", to="2021-01-05T10:00+07:00")
        await script.post(f"people/{admin['id']}/say", text="/hethong")
        await script.idle()
        said = (await script.get(f"people/{admin['id']}/messages"))[-1]["text"]
        assert "10:00 ngày 05/01/2021" in said
        assert "Mã truy cập Zalo OA: dùng được đến" in said
        assert "08:25 ngày 05/01" not in said, "the first one"


async def test_an_official_who_has_not_joined_joins_by_the_code_on_the_page(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as script:
        for person in [p for p in await script.get("people") if "code" in p]:
            await script.post(f"people/{person['id']}/say", text=f"/vao {person['code']}")
            await script.idle()
            answer = (await script.get(f"people/{person['id']}/messages"))[-1]
            assert person["name"].split()[-1] in answer["text"]


async def test_what_was_said_while_the_bot_was_away_is_answered_after_the_restart(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as script:
        citizen = next(p for p in await script.get("people") if p["role"] == "citizen")
        await script.post("clock", to="2021-01-05T09:00")
        before = await script.get("people")
        await script.post(f"people/{citizen['id']}/say", text="xin chào")
    async with a_demo(tmp_path) as script:
        await script.idle()
        heard = await script.get(f"people/{citizen['id']}/messages")
        assert [message["sender"] for message in heard] == ["person", "bot"]
        assert (await script.get("clock"))["now"] >= "2021-01-05T09:00"
        assert await script.get("people") == before


async def test_a_killed_demo_loses_nothing_that_was_said(tmp_path: Path) -> None:
    for kill in (signal.SIGKILL, signal.SIGTERM):
        process, address = await _started(tmp_path)
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            script = Script(http)
            speaker = next(p for p in await script.get("people") if p["role"] == "citizen")
            for text in ("xin chào", "/trogiup"):
                await script.post(f"people/{speaker['id']}/say", text=text)
        process.send_signal(kill)
        assert await process.wait() == (0 if kill == signal.SIGTERM else -kill)
    async with a_demo(tmp_path) as script:
        await script.post("clock", advance_seconds=120)  # what was on its way is held until its lease ends
        await script.idle()
        heard = await script.get(f"people/{speaker['id']}/messages")
    assert [m["text"] for m in heard if m["sender"] == "person"] == ["xin chào", "/trogiup"] * 2
    assert sum(m["sender"] == "bot" for m in heard) >= 4


async def _started(folder: Path) -> tuple[asyncio.subprocess.Process, str]:
    """A demo in a process of its own, and the one address it prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from bot.cli import main; main()",
        "demo", "--no-browser", "--port", str(port), "--data", str(folder),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found is not None, line
    return process, found[0]
