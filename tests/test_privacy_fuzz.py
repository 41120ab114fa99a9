"""Private never leaks: random mixes of cases and everything an official can get to see of them.

To put an output under this test, add one line to ``SAID`` (a command or word), ``PRESSED`` (choices that are
followed over the wire), ``FORGED`` (choices that nobody offered) or ``GLOBAL`` (something that is not said
to one viewer: a file, an export, a log).  A new way of a case is a kind and its entry in ``LIVES``.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from db import groups, open_requests, people, register
from db.models import accounts, cases, dialogs, files, inbox, menus, outbox
from handlers import case_order, case_prompts
from handlers import cases as case_handlers
from tests.citizens import GREEN, code_in, wait
from tests.crawl import crawl
from tests.talk import Town

VIEWERS = (
    "Nguyễn Thị Kiều", "Trương Văn Nam", "Võ Thanh Tùng", "Trần Quốc Dũng", "Lê Thị Minh Châu",
    "Thái Văn Đức", "Đoàn Văn Kiên", "Bùi Đức Anh", "Huỳnh Thị Ngọc",
)  # fmt: skip
LEADERS = {"Trần Quốc Dũng", "Lê Thị Minh Châu", "Nguyễn Văn Thành"}
OF_UNIT = {"Nguyễn Thị Kiều", "Trương Văn Nam"}
SEES_ALL = {*LEADERS, "Võ Thanh Tùng"}
TEAM = {"Thái Văn Đức", "Huỳnh Thị Ngọc"}
WASTE = "Huỳnh Thị Ngọc"  # head of a unit that gets a part
READS_ALL = {"Thái Văn Đức", "Bùi Đức Anh"}  # at the counter, in the office: read, but do not work on

WIRED = ("bc", "/sotiepnhan", "/tim zqword", "/hoso", "/congkhai")  # said over the wire too, with their files
SAID = [
    *WIRED, "bc năm 2021", "bc don vi QLDT", "tra cuu", "nv", "he thong", "du lieu", "hoi dap", "tro giup",
    "/tim den duong", "/tim qua han", "/tim cua toi", "/lich", "/lichtiep", "/nghi", "/nhom", "/datlich",
    "/nhatky",
]  # fmt: skip
PRESSED = ("bc:", "register:", "search:", "log:")
TAKEN_OUT = ("register:xlsx:2021:check", "bc:2021:out:xlsx:check", "bc:2021:out:docx:check")  # as files
WITH_MORE = ("tpl:{}:0", "to:{}:QLDT", "propose:{}:QLDT", "rate:{}:good", "abset:{}:u", "abunit:{}:QLDT")
FORGED = [
    *(f"case:{verb}:{{}}" for verb in (*case_handlers.ON_CASE, *case_prompts.PROMPTS)),
    *(f"case:{verb}" for verb in WITH_MORE),
    *(f"order:{verb}:{{}}" for verb in case_order.PRESSES),
    "order:into:{}:1", "order:into:1:{}", "order:domerge:1:{}", "team:card:{}", "team:files:{}",
    "meet:again:{}", "public:yes:{}", "public:flag:{}", "public:offer:{}", "identity:yes:{}",
    "identity:show:{}",
]  # fmt: skip
MOST = 100  # things that one viewer says and presses

GROUP = "-100200"
KINDS = (
    "open", "sealed", "none", "about_unit", "about_person", "marked", "verified", "split", "split_about",
    "merged", "booked", "public",
)  # fmt: skip


@dataclass
class Filed:
    """A case of the mix: its words, who sent it, and who may see it."""

    kind: str
    number: int
    citizen: str
    code: str = ""

    @property
    def secret(self) -> str:
        return f"zqword{self.number:02}x"

    @property
    def phone(self) -> str:
        return f"09123450{self.number:02}"

    @property
    def words(self) -> str:
        hostile = "phòng quản lý đô thị thái độ hách sách với dân"
        about = {
            "about_unit": hostile,
            "verified": hostile,
            "split_about": hostile,
            "about_person": "anh Trương Văn Nam thái độ hách sách với dân",
        }.get(self.kind, "đèn đường hỏng gần chợ")
        return f"{about} {self.secret}, gọi tôi {self.phone}"

    def is_seen_by(self, viewer: str) -> bool:
        if self.kind in ("about_unit", "about_person", "marked"):
            return viewer in LEADERS
        by_all = SEES_ALL | READS_ALL
        seen = {
            "verified": LEADERS | TEAM,
            "split_about": LEADERS | {WASTE},
            "split": by_all | OF_UNIT | {WASTE},
            "booked": by_all,
        }
        return viewer in seen.get(self.kind, by_all | OF_UNIT)


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
    """The register, and what other systems read, as they leave the house for nobody in particular."""
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC)
    rows = register.rows(conn, first, last, reader=None)
    shared = open_requests.received(conn, first, last, ("duong", "dien", "khac", "thaido"))
    return "\n".join([*(str(row) for row in rows if row.is_seen), *map(str, shared)])


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


async def led(town: Town, each: Filed, *labels: str) -> None:
    """The chairman opens a case and presses one choice after another."""
    await town.say(CHAIRMAN, each.code)
    await wait(town)
    for label in labels:
        await town.press(CHAIRMAN, label)
        await wait(town)


async def marked(town: Town, each: Filed, mix: list[Filed]) -> None:
    """It is said later whom it is about."""
    await led(town, each, "Khác", "Về cán bộ, đơn vị", "Phòng Quản lý đô thị", "Cả Phòng Quản lý đô thị")


async def verified(town: Town, each: Filed, mix: list[Filed]) -> None:
    """A team looks into it."""
    await led(town, each, "Gộp, chia, xác minh", "Lập ban xác minh")
    await town.say(CHAIRMAN, f"{'; '.join([', '.join(sorted(TEAM)), '15/01'])}")
    await town.press(CHAIRMAN, "Quyết định")
    await wait(town)


async def split(town: Town, each: Filed, mix: list[Filed]) -> None:
    """Two units get a part of it, one of them perhaps the one it is about."""
    await led(town, each, "Gộp, chia, xác minh", "Giao nhiều đơn vị")
    await town.say(CHAIRMAN, "QLDT, TNMT, VHTT")
    await town.press(CHAIRMAN, "Giao")
    await wait(town)


async def merged(town: Town, each: Filed, mix: list[Filed]) -> None:
    """It is one matter with an open one, if there is one."""
    into = next((other for other in mix if other.kind == "open"), None)
    if into is not None:
        await led(town, each, "Gộp, chia, xác minh", "Trùng việc khác")
        await town.say(CHAIRMAN, into.code)
        await town.press(CHAIRMAN, "Gộp")
        await wait(town)


async def public(town: Town, each: Filed, mix: list[Filed]) -> None:
    """It is answered, found good, and stands on the public list."""
    await town.say("Kiều", each.code)
    await wait(town)
    for label in ("Nhận xử lý", "Trả lời"):
        await town.press("Kiều", label)
        await wait(town)
    await town.send("Kiều", GREEN, caption="Sáng nay tổ sửa chữa đã thay bóng mới.")
    await wait(town, 20)
    for label in ("Ổn", "Cho đăng công khai"):
        await town.press(each.citizen, label)
        await wait(town)
    await town.press("Kiều", "Đăng")
    await wait(town)


async def booked(town: Town, each: Filed) -> None:
    """An appointment, with a word on what it is about."""
    town.stranger(each.citizen, "telegram" if each.number % 2 else "zalo")
    await town.say(each.citizen, "đặt lịch")
    await wait(town)
    await town.press(each.citizen, "thứ Năm 07/01, sáng")
    await wait(town)
    each.code = code_in(town.unread(each.citizen)[-1])
    await town.press(each.citizen, "Ghi việc cần nói")
    await town.say(each.citizen, each.words)
    await wait(town)


CHAIRMAN = "Trần Quốc Dũng"
LIVES: dict[str, Callable[[Town, Filed, list[Filed]], Awaitable[None]]] = {
    "marked": marked, "verified": verified, "split": split, "split_about": split, "merged": merged,
    "public": public,
}  # fmt: skip


async def lived(kinds: list[str], days: int) -> None:
    """Files the mix, lets everybody look everywhere, lets days pass, and reads all that was said."""
    with tempfile.TemporaryDirectory() as folder, capture_logs() as logs:
        town = await Town(Path(folder), "2021-01-04 08:00").open()
        try:
            town.app.committee = replace(town.app.committee, public_list=True)
            await town.database.write(with_group, town)
            mix = [Filed(kind, n, f"Dan{n}zq") for n, kind in enumerate(kinds)]
            for each in mix:
                await (booked(town, each) if each.kind == "booked" else file(town, each))
            for each in mix:
                if each.kind in LIVES:
                    await LIVES[each.kind](town, each, mix)
            await town.settle()
            for name in town.people:
                town.unread(name)
            await look(town, mix, days)
            for what, output in GLOBAL.items():
                check(what, str(output(town)), mix, unseen=mix, codes=False)
                told = ("open", "marked", "split", "merged", "public")  # before somebody marked it
                hidden = [each.code for each in mix if each.kind not in told]
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
        for words in WIRED:
            await town.say(viewer, words)
            await wait(town, 2)
            said = town.unread(viewer)
            actions = [a for m in said for a in m.choices.values() if a.startswith(PRESSED)]
            channel = town.people[viewer][0]
            for action in actions[:6] if channel == "telegram" else ():
                await town._turn(viewer, pressed=action, message_id=said[-1].message_id)
                await wait(town, 2)
            said += town.unread(viewer)
            if words == "bc" and channel == "telegram":
                for action in TAKEN_OUT:
                    await town._turn(viewer, pressed=action)
                    await wait(town, 2)
                said += town.unread(viewer)
            heard[viewer] = heard.get(viewer, "") + "".join(
                f"{m.text}{m.choices}{[unpacked(data) for _, _, data in m.uploads]}" for m in said
            )
    await town.database.write(read_on, town, mix)
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


def read_on(conn: Connection, town: Town, mix: list[Filed]) -> None:
    """Every viewer follows every choice, and forges those of cases they may not see."""
    numbers = {code: str(number) for number, code in conn.execute(select(cases.c.id, cases.c.code))}
    viewer_of = {town.people[name][1]: name for name in VIEWERS}
    for viewer in VIEWERS:
        unseen = [each for each in mix if not each.is_seen_by(viewer)]
        forged = [action.replace("{}", numbers[each.code]) for each in unseen for action in FORGED]
        for read in crawl(conn, town, viewer, SAID, forged, MOST + len(forged)):
            reader = viewer_of.get(read.chat, "")
            if reader in {viewer, *OF_UNIT}:  # others may be given the case by it
                its = [each for each in mix if not each.is_seen_by(reader)]
                check(f"{reader}: {read.after}", read.text, mix, unseen=its)
            elif read.chat == GROUP:
                check(f"group: {read.after}", read.text, mix, unseen=mix, codes=False)


def unpacked(data: bytes) -> bytes:
    """The bytes of a file, and of what is packed in it (.docx, .xlsx)."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


def check(where: str, text: str, mix: list[Filed], *, unseen: list[Filed], codes: bool = True) -> None:
    """Nothing of an unseen case, no account of anybody, no number of whoever wants to stay unknown."""
    for each in mix:
        assert each.citizen not in text, (where, each)
        if each.kind in ("sealed", "none"):
            assert each.phone not in text.replace(" ", "").replace(".", ""), (where, each)
    for each in unseen:
        assert each.phone not in text.replace(" ", "").replace(".", ""), (where, each)
        if each.kind != "public":  # its redacted copy is for everybody
            assert each.secret not in text, (where, each)
            assert not codes or each.code not in text, (where, each)


@settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(kinds=st.lists(st.sampled_from(KINDS), min_size=2, max_size=3), days=st.integers(1, 9))
def test_private_never_leaks(kinds: list[str], days: int) -> None:
    asyncio.run(lived(kinds, days))


def test_one_of_each_kind_leaks_nothing() -> None:
    asyncio.run(lived(list(KINDS), 8))
