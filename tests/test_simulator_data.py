"""A person's own data, over the wire as on the real platforms: seen, taken along, corrected, deleted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.citizens import CHANNELS
from tests.test_simulator_demo import Script, a_demo

NAME, PHONE = "Nguyễn Văn Mít", "0912345678"


class Citizen:
    """Somebody on a phone; what is chosen is pressed, or said by its number where there are no buttons."""

    def __init__(self, script: Script, person: dict[str, Any]) -> None:
        self.script, self.id, self.channel = script, person["id"], person["channel"]
        self.after = 0

    async def says(self, words: str) -> list[dict[str, Any]]:
        await self.script.post(f"people/{self.id}/say", text=words)
        return await self.reads()

    async def chooses(self, label: str) -> list[dict[str, Any]]:
        heard = (await self.script.get(f"people/{self.id}/messages?after=0"))[::-1]
        if self.channel == "telegram":
            message = next(m for m in heard if label in [choice["label"] for choice in m["choices"]])
            await self.script.post(f"people/{self.id}/press", message_id=message["message_id"], choice=label)
            return await self.reads()
        lines = next(m["text"] for m in heard if f". {label}" in m["text"]).splitlines()
        return await self.says(next(line for line in lines if line.endswith(f". {label}")).split(".")[0])

    async def reads(self) -> list[dict[str, Any]]:
        await self.script.idle()
        found: list[dict[str, Any]] = await self.script.get(f"people/{self.id}/messages?after=0")
        return found

    async def last(self) -> str:
        return str((await self.reads())[-1]["text"])


@contextmanager
def database(folder: Path) -> Iterator[Any]:
    engine = create_engine(f"sqlite:///{folder / 'bot' / 'congvu.db'}")
    try:
        with engine.connect() as conn:
            yield lambda query, **values: conn.execute(text(query), values).all()
    finally:
        engine.dispose()


def on_the_disk(folder: Path, words: str) -> list[str]:
    """The files of the bot that still hold some words."""
    return [
        path.name
        for path in (folder / "bot").rglob("*")  # but for the export, lent for an hour to be sent
        if path.is_file() and "lent" not in path.parts and words.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_person_sees_exports_corrects_and_is_forgotten_while_the_case_stays(
    tmp_path: Path, channel: str
) -> None:
    async with a_demo(tmp_path) as script:
        citizen = Citizen(script, await script.post("people", name="Bà Tư", channel=channel))
        await citizen.says(f"Tôi tên {NAME}, {PHONE}, loa kẹo kéo ồn ào ở tổ 3")
        await citizen.chooses("Đồng ý và gửi")
        receipt = next(m["text"] for m in (await citizen.reads())[::-1] if "UBND đã nhận, mã" in m["text"])
        code, pin = re.findall(r"mã (\w{5})", receipt)[0], re.findall(r"\b\d{6}\b", receipt)[0]

        await citizen.says("/dulieu")
        assert code in await citizen.last()
        exported = (await citizen.chooses("Tải về"))[-1]
        if channel == "telegram":
            taken = (await script.http.get(exported["files"][0]["url"])).content
            assert json.loads(taken)["phan_anh"][0]["ma"] == code
        else:
            assert f"{code}: Tôi tên" in exported["text"]
        await citizen.says("/dulieu")
        await citizen.chooses("Sửa tên, điện thoại")
        await citizen.says(f"{NAME} {PHONE}")
        await citizen.says("/dulieu")
        assert NAME in await citizen.last()

        await citizen.chooses("Xoá liên hệ của tôi")
        await citizen.chooses("Đồng ý xoá")
        assert "Đã xoá liên hệ khỏi 1 phản ánh" in await citizen.last()
        with database(tmp_path) as ask:
            case = ask(
                "SELECT id, account_id, contact, words, state FROM cases WHERE code = :code", code=code
            )[0]
            assert (case.account_id, case.contact, case.state) == (None, "", "received")
            assert "loa kẹo kéo ồn ào ở tổ 3" in case.words
            account = ask("SELECT max(id) AS id FROM accounts WHERE channel = :channel", channel=channel)[
                0
            ].id
            for table in ("menus", "dialogs", "files"):
                assert ask(f"SELECT * FROM {table} WHERE account_id = :id", id=account) == []  # noqa: S608
            left = ask("SELECT about, slot, card, key FROM outbox WHERE account_id = :id", id=account)
            assert [
                row for row in left if row.about or row.slot.startswith("case") or "case" in row.card
            ] == []
            assert (
                ask(
                    "SELECT id FROM inbox WHERE chat = (SELECT external_id FROM accounts WHERE id = :id)",
                    id=account,
                )
                == []
            )
        assert on_the_disk(tmp_path, NAME) == []
        assert on_the_disk(tmp_path, PHONE) == []

        await citizen.says("/dulieu")
        assert "không có phản ánh nào" in await citizen.last()
        await citizen.says(f"{code} {pin}")
        assert "Đã chuyển đơn vị xử lý" in await citizen.last()
