"""Notes between officials: seen by them, and by construction by nothing that writes to a citizen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from db.models import case_messages, events, outbox
from tests.citizens import CHANNELS, QUIET, code_in, filed, pin_in, taken, wait
from tests.talk import Town

ROOT = Path(__file__).parent.parent
SECRET = "chủ quán là người quen, cần đi hai người"
READS = {"handlers/case_notes.py", "handlers/case_choices.py"}
SENDS = {"post", "tell", "tell_citizen", "tell_unit", "update_cards", "raise_alarm"}


def _trees() -> dict[str, ast.Module]:
    folders = ("bot", "db", "handlers", "scheduler", "reports", "simulator")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {p.relative_to(ROOT).as_posix(): ast.parse(p.read_text(encoding="utf-8")) for p in paths}


def _imports(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_only_the_officials_own_screens_know_the_notes() -> None:
    trees = _trees()
    assert {name for name, tree in trees.items() if "db.case_notes" in _imports(tree)} == READS
    assert {name for name, tree in trees.items() if "db.models.case_notes" in _imports(tree)} == {
        "db/case_notes.py"
    }


def test_what_reads_a_note_sends_nothing_to_anybody_else() -> None:
    """Its only way out is the answer to the official who asked, whose rights were just looked up."""
    tree = _trees()["handlers/case_notes.py"]
    called = {ast.unparse(node.func).split(".")[-1] for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & SENDS
    show = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "show")
    first = ast.unparse(show.body[1])
    assert "access_case" in first
    choices = ast.unparse(_trees()["handlers/case_choices.py"])
    assert "case_notes.of_case" not in choices  # the card has their number alone


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_colleague_reads_the_note_and_the_citizen_never_does(office: Town, channel: str) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    receipt = await filed(town, citizen, QUIET)
    code = code_in(receipt)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Khác")
    await town.press("Yến", "Ghi chú")
    await town.hears("Yến", "ghi chú nội bộ, người dân không thấy")
    await town.say("Yến", SECRET)
    await town.hears("Yến", f"Đã ghi chú vào {code}")
    await town.say("Tài", code)
    await town.press("Tài", "Ghi chú (1)")
    assert any(SECRET in m.text and "Yến" in m.text for m in town.unread("Tài"))
    await town.press("Yến", "Hỏi người dân")
    await town.say("Yến", "Nhà số mấy ạ?")
    await wait(town)
    await town.say(citizen, "so 12")
    await wait(town)
    await town.press("Yến", "Trả lời")
    await town.say("Yến", "Đã lập biên bản quán, buộc tắt loa sau 22 giờ.")
    await wait(town)
    await town.say(citizen, code)
    await town.press(citizen, "Chưa ổn")
    await town.say(town.stranger("Người nhà", channel), f"{code} {pin_in(receipt)}")
    await wait(town)
    heard = [m for name in (citizen, "Người nhà") for m in town.unread(name)]
    assert heard
    assert not any(SECRET in m.text or "Ghi chú" in m.text or "Ghi chú" in str(m.choices) for m in heard)

    def kept(conn: Connection) -> str:
        rows = [conn.execute(select(table)).all() for table in (case_messages, events, outbox)]
        return str(rows)

    assert SECRET not in await town.database.read(kept)


async def test_a_note_of_a_foreign_case_is_neither_read_nor_written(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    for who in ("Kiều", citizen):
        town.unread(who)
        await town._turn(who, pressed="case:note:1")
        await town.hears(who, "Không tìm thấy nội dung này")
    await town.press("Yến", "Khác")
    await town.press("Yến", "Ghi chú")
    town.unread("Yến")
    await town.say("Yến", "x" * 1001)
    await town.hears("Yến", "dài quá 1.000 ký tự")
    await town.say("Yến", "gọi lại chiều nay")
    await town.hears("Yến", "Đã ghi chú")
