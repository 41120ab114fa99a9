"""Drives the real service through a Bot API server that we did not write: npm telegram-test-api.

A citizen sends a matter and an official joins, opens a task and reports it.  Needs Node and npm.
Exit status 0 when every expected word arrived.
"""

from __future__ import annotations

import asyncio
import csv
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import httpx
from sqlalchemy import Connection

from bot.committee import bring_in, committee_folder, load_committee
from bot.config import Settings
from bot.plan_import import bring_in_plan
from bot.service import service
from bot.stamp_key import ensure_key
from db import migrate, people, roster
from db.engine import Database
from domain.committee import Committee
from locales import Wording
from scheduler.tick import office_facts
from simulator.clock import ZONE, TownClock

HERE = Path(__file__).parent
PACKAGE = "telegram-test-api@4.2.1"
TOKEN = "123456789:AAE-emulator-token-of-no-worth-0000"
AT = datetime(2021, 1, 4, 7, 40, tzinfo=ZONE)
OFFICIAL = "Trịnh Thị Hoa"


class Chat:
    """A person in front of the emulator."""

    def __init__(self, http: httpx.AsyncClient, number: int, name: str) -> None:
        self._http = http
        self._id = number
        self._name = name

    async def says(self, text: str) -> None:
        """The person types."""
        self._print(">", text)
        path = "/sendCommand" if text.startswith("/") else "/sendMessage"
        more: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        await self._post(path, **more)

    async def sees(self, *words: str) -> dict[str, Any]:
        """Waits for a message, as it stands after every edit, that holds the words (in small letters)."""
        seen: list[str] = []
        async with asyncio.timeout(30):
            try:
                while True:
                    messages = await self._messages()
                    seen = [message["text"] for message in messages]
                    fitting = [m for m in messages if all(w in str(m["text"]).lower() for w in words)]
                    if fitting:
                        self._print("<", str(fitting[-1]["text"]))
                        return fitting[-1]
                    await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                self._print("!", f"{words} not among {seen}")
                raise

    async def presses(self, message: dict[str, Any], label: str) -> None:
        """Presses the first button whose label holds a word."""
        rows = message["reply_markup"]["inline_keyboard"]
        button = next(button for row in rows for button in row if label in button["text"])
        self._print(">", f"[{button['text']}]")
        card = {"message_id": message["id"], "date": int(time.time()), "chat": self._chat(), "text": "?"}
        await self._post("/sendCallback", data=button["callback_data"], message=card)

    async def _messages(self) -> list[dict[str, Any]]:
        """What the bot said in this chat, edits applied."""
        answer = await self._http.post("/getUpdatesHistory", json={"token": TOKEN})
        return [
            {**item["message"], "id": item["messageId"]}
            for item in answer.json()["result"]
            if str(item.get("message", {}).get("chat_id")) == str(self._id)
        ]

    def _chat(self) -> dict[str, Any]:
        return {"id": self._id, "type": "private", "first_name": self._name}

    async def _post(self, path: str, **body: object) -> None:
        person = {"id": self._id, "is_bot": False, "first_name": self._name, "language_code": "vi"}
        common = {"botToken": TOKEN, "from": person, "chat": self._chat(), "date": int(time.time())}
        (await self._http.post(path, json={**common, **body})).raise_for_status()

    def _print(self, sign: str, text: str) -> None:
        sys.stdout.write(f"{self._name:>6} {sign} " + text.replace("\n", "\n         ") + "\n")


class Emulator:
    """The package in a process of its own, on a free port of loopback."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self) -> Self:
        environment = os.environ | {"NODE_PATH": str(HERE / "node_modules")}
        command = ["node", str(HERE / "shim.cjs"), str(self.port)]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if not self._process.stdout.readline().startswith("ready"):
            raise SystemExit("the emulator did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(5)


def install() -> None:
    """Installs the package beside this file, once."""
    if (HERE / "node_modules" / "telegram-test-api").exists():
        return
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise SystemExit("make emulator needs Node and npm")
    options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
    subprocess.run([npm, "install", *options, "--prefix", str(HERE), PACKAGE], check=True)


async def prepare(settings: Settings) -> str:
    """A database with the committee, its people and its plan; returns the official's invitation."""
    committee = load_committee(committee_folder(), settings.zone)
    await migrate.upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        await database.write(ensure_key, settings.stamp_key_file)
        return await database.write(_fill, committee)
    finally:
        await database.close()


def _fill(conn: Connection, committee: Committee) -> str:
    folder = committee_folder()
    bring_in(conn, folder)
    town = HERE.parent.parent / "simulator" / "town.csv"
    with town.open(encoding="utf-8") as file:
        rows = [
            roster.RosterRow(row["name"], row["address"], row["unit"], row["role"], row["position"])
            for row in csv.DictReader(file)
        ]
    ids = roster.add_rows(conn, rows, date(2020, 1, 1), AT)
    wording = Wording(committee.zone, office_facts(committee))
    bring_in_plan(conn, folder / "plan-2021.txt", folder, committee, wording, AT, date(2021, 1, 1))
    return people.invite(conn, ids[OFFICIAL], AT)


async def citizen_case(chat: Chat) -> None:
    """A pothole, from the first words to the receipt."""
    await chat.says("/start")
    await chat.sees("trợ lý tự động")
    await chat.says("duong ap 5 o ga to, toi qua 2 xe te, gan nha van hoa")
    await chat.presses(await chat.sees("xem lại trước khi gửi"), "Đồng ý và gửi")
    await chat.sees("ubnd đã nhận, mã", "chậm nhất")


async def task_report(chat: Chat, code: str) -> None:
    """An official joins by a link, opens a task and reports it by a document's number and date."""
    await chat.says(f"/start {code}")
    await chat.sees("trưởng phòng, phòng tư pháp")
    await chat.says("việc")
    await chat.presses(await chat.sees("việc của chị hoa"), "Xem ①")
    await chat.presses(await chat.sees("phân giao chỉ tiêu", "29/01/2021"), "Xong")
    await chat.sees("nhắn số, ngày văn bản")
    await chat.says("KH 45/KH-UBND 04/01")
    await chat.sees("đã nộp", "xác nhận")


async def play(folder: Path, port: int) -> None:
    """Runs the service against the emulator and plays both people."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'congvu.db'}",
        files_dir=folder / "files",
        stamp_key_file=folder / "stamp.key",
        backup_dir=folder / "backups",
        telegram_token=TOKEN,  # type: ignore[arg-type]
        telegram_api_url=f"http://127.0.0.1:{port}",
        web_port=0,
        log_level="WARNING",
    )
    code = await prepare(settings)
    clock = TownClock(TownClock.offset_of(AT), lambda _: None)
    address = f"http://127.0.0.1:{port}"
    async with (
        service(settings, clock),
        httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as http,
    ):
        await citizen_case(Chat(http, 1001, "Dân"))
        await task_report(Chat(http, 2002, "Hoa"), code)


def main() -> None:
    """Installs, plays, says whether it passed."""
    install()
    with tempfile.TemporaryDirectory() as folder, Emulator() as emulator:
        asyncio.run(play(Path(folder), emulator.port))
    sys.stdout.write("PASS\n")


if __name__ == "__main__":
    main()
