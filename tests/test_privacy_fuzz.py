"""Private never leaks: random mixes of cases and everything an official can get to see of them.

To put an output under this test, add one line to ``SAID`` (a command or word), ``PRESSED`` (choices that are
followed) or ``GLOBAL`` (something that is not said to one viewer: a file, an export, a log).
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from db import groups, people, register
from db.models import accounts, cases, dialogs, files, inbox, menus, outbox
from tests.citizens import code_in, wait
from tests.talk import Town

VIEWERS = (
    "Nguyễn Thị Kiều", "Trương Văn Nam", "Võ Thanh Tùng", "Trần Quốc Dũng", "Lê Thị Minh Châu",
    "Thái Văn Đức", "Đoàn Văn Kiên", "Bùi Đức Anh",
)  # fmt: skip
LEADERS = {"Trần Quốc Dũng", "Lê Thị Minh Châu", "Nguyễn Văn Thành"}
OF_UNIT = {"Nguyễn Thị Kiều", "Trương Văn Nam"}
SEES_ALL = {*LEADERS, "Võ Thanh Tùng"}
READS_ALL = {"Thái Văn Đức", "Bùi Đức Anh"}  # at the counter, in the office: read, but do not work on

SAID = (
    "bc", "bc năm 2021", "tra cuu", "nv", "he thong", "du lieu", "hoi dap", "tro giup", "/sotiepnhan",
    "/tim zqword", "/tim den duong", "/lich",
)  # fmt: skip
PRESSED = ("bc:", "register:", "search:")

GROUP = "-100200"
KINDS = ("open", "sealed", "none", "about_unit", "about_person", "marked")


@dataclass
class Filed:
    """A case of the mix: its words, who sent it, and who may see it."""

    kind: str
    number: int
    citizen: str
    code: str = ""

    @property
    def secret(self) -> str:
        return f"zqword{self.number}x"

    @property
    def phone(self) -> str:
        return f"091234500{self.number}"

    @property
    def words(self) -> str:
        about = {
            "about_unit": "phòng quản lý đô thị thái độ hách sách với dân",
            "about_person": "anh Trương Văn Nam thái độ hách sách với dân",
        }.get(self.kind, "đèn đường hỏng gần chợ")
        return f"{about} {self.secret}, gọi tôi {self.phone}"

    def is_seen_by(self, viewer: str) -> bool:
        if self.kind in ("about_unit", "about_person", "marked"):
            return viewer in LEADERS
        return viewer in SEES_ALL | READS_ALL | OF_UNIT


def links(conn: Connection, account: str) -> list[str]:
    """Rows that tie an account to any case."""
    key = conn.execute(select(accounts.c.id).where(accounts.c.external_id == account)).scalar()
    if key is None:
        return []
    mine = conn.execute(select(outbox).where(outbox.c.account_id == key)).mappings()
    return [
        *(str(dict(r)) for r in mine if r["key"] or r["card"] or r["reply"] or r["slot"]),
        *(str(r) for r in conn.execute(select(cases.c.code).where(cases.c.account_id == key))),
        *(str(r) for r in conn.execute(select(files.c.id).where(files.c.account_id == key))),
        *(str(r) for r in conn.execute(select(dialogs.c.data).where(dialogs.c.account_id == key))),
        *(str(r) for r in conn.execute(select(menus.c.choices).where(menus.c.account_id == key))),
        *(str(r) for r in conn.execute(select(inbox.c.id).where(inbox.c.chat == account))),
    ]


def exported(conn: Connection) -> str:
    """The register as it leaves the house for nobody in particular."""
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC)
    rows = register.rows(conn, first, last, reader=None)
    return "\n".join(str(row) for row in rows if row.is_seen)


def with_group(conn: Connection, town: Town) -> None:
    """The unit has a group that hears of new cases."""
    unit = people.unit_by_code(conn, "QLDT")
    assert unit is not None
    code = groups.offer(conn, unit.id, town.ids["Bùi Đức Anh"], town.clock.now())
    account = people.account_of_chat(conn, "telegram", GROUP, town.clock.now())
    assert groups.claim(conn, account.id, code, town.clock.now())


def names_of_files(town: Town) -> str:
    """What the file system shows."""
    return "\n".join(str(path.relative_to(town.folder)) for path in town.folder.rglob("*"))


def said_in_group(town: Town) -> str:
    """What the group of the unit heard; a code of an open case may stand there."""
    return "\n".join(m.text + str(m.choices) for m in town.fake["telegram"].chats.get(GROUP, []))


GLOBAL: dict[str, Callable[[Town], object]] = {"file names": names_of_files, "group": said_in_group}


async def file(town: Town, each: Filed) -> None:
    """Files a case the way its sender wants it."""
    town.stranger(each.citizen, "telegram" if each.number % 2 else "zalo")
    await town.say(each.citizen, each.words)
    await wait(town)
    mode = {"sealed": "Cán bộ không biết tôi là ai", "none": "Không để lại liên hệ"}.get(each.kind)
    for label in (*(("Ẩn danh", mode) if mode else ()), "Đồng ý và gửi"):
        await town.press(each.citizen, label)
        await wait(town)
    heard = town.unread(each.citizen)
    others = "\n".join(m.text for m in heard)
    assert "zqword" not in others.replace(each.secret, ""), "what others told is not shown"
    if not any("UBND đã nhận" in m.text for m in heard):
        await town.press(each.citizen, "Không trùng, gửi riêng")  # others told of the same place
        await wait(town)
        heard = town.unread(each.citizen)
    each.code = code_in(next(m for m in heard if "UBND đã nhận" in m.text))
    if each.kind == "marked":
        await town.say("Trần Quốc Dũng", each.code)
        await wait(town)
        for label in ("Khác", "Về cán bộ, đơn vị", "Phòng Quản lý đô thị", "Cả Phòng Quản lý đô thị"):
            await town.press("Trần Quốc Dũng", label)
            await wait(town)


async def lived(kinds: list[str], days: int) -> None:
    """Files the mix, lets everybody look everywhere, lets days pass, and reads all that was said."""
    with tempfile.TemporaryDirectory() as folder, capture_logs() as logs:
        town = await Town(Path(folder), "2021-01-04 08:00").open()
        try:
            await town.database.write(with_group, town)
            mix = [Filed(kind, n, f"Dan{n}zq") for n, kind in enumerate(kinds)]
            for each in mix:
                await file(town, each)
            await town.settle()
            for name in town.people:
                town.unread(name)
            await look(town, mix, days)
            for what, output in GLOBAL.items():
                check(what, str(output(town)), mix, unseen=mix, codes=False)
                hidden = [each.code for each in mix if each.kind not in ("open", "marked")]
                assert not any(code in str(output(town)) for code in hidden), what
            text = await town.database.read(exported)
            check("export", text, mix, unseen=[each for each in mix if not each.is_seen_by("Võ Thanh Tùng")])
            check("logs", str(logs), mix, unseen=mix)
            for each in mix:
                if each.kind == "none":
                    channel = "telegram" if each.number % 2 else "zalo"
                    assert await town.database.read(links, f"{channel}-{each.citizen}") == []
        finally:
            await town.close()


async def look(town: Town, mix: list[Filed], days: int) -> None:
    """Every viewer says and presses everything; then days pass; nothing heard may be private."""
    heard: dict[str, str] = {}
    for viewer in VIEWERS:
        for words in SAID:
            await town.say(viewer, words)
            await wait(town, 2)
            said = town.unread(viewer)
            actions = [a for m in said for a in m.choices.values() if a.startswith(PRESSED)]
            channel = town.people[viewer][0]
            for action in actions[:6] if channel == "telegram" else ():
                await town._turn(viewer, pressed=action, message_id=said[-1].message_id)
                await wait(town, 2)
            said += town.unread(viewer)
            heard[viewer] = heard.get(viewer, "") + "".join(f"{m.text}{m.choices}{m.uploads}" for m in said)
    await town.until(f"2021-01-{4 + days:02d} 17:00")
    for viewer in VIEWERS:
        heard[viewer] += "".join(f"{m.text}{m.choices}" for m in town.unread(viewer))
        unseen = [each for each in mix if not each.is_seen_by(viewer)]
        check(viewer, heard[viewer], mix, unseen=unseen)
        for each in unseen:
            await town.say(viewer, each.code)
            await wait(town, 2)
            await town.say(viewer, f"/tracuu {each.code}")
            await wait(town, 2)
        looked = "".join(f"{m.text}{m.choices}" for m in town.unread(viewer))
        check(viewer, looked, mix, unseen=unseen, codes=False)


def check(where: str, text: str, mix: list[Filed], *, unseen: list[Filed], codes: bool = True) -> None:
    """Nothing of an unseen case, no account of anybody, no number of whoever wants to stay unknown."""
    for each in mix:
        assert each.citizen not in text, (where, each)
        if each.kind in ("sealed", "none"):
            assert each.phone not in text.replace(" ", "").replace(".", ""), (where, each)
    for each in unseen:
        assert each.secret not in text, (where, each)
        assert not codes or each.code not in text, (where, each)


@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(kinds=st.lists(st.sampled_from(KINDS), min_size=2, max_size=3), days=st.integers(1, 9))
def test_private_never_leaks(kinds: list[str], days: int) -> None:
    asyncio.run(lived(kinds, days))


def test_one_of_each_kind_leaks_nothing() -> None:
    asyncio.run(lived(list(KINDS), 8))
