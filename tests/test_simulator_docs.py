"""The control interface and its description say the same."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from simulator.control import KINDS as FILE_KINDS
from simulator.control import Control
from simulator.faults import KINDS, Faults, Switches
from simulator.telegram import Telegram
from simulator.town import Town
from simulator.zalo import Zalo
from simulator.zalo_oa import ZaloOa
from tests.talk import local

PAGE = (Path(__file__).parent.parent / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_every_call_fault_switch_and_kind_of_file_is_described(tmp_path: Path) -> None:
    town, faults = Town(tmp_path, local("2021-01-04 07:25")), Faults()
    account = ZaloOa(town, faults, lambda: "")
    control = Control(town, faults, Telegram(town, faults), Zalo(town, faults, lambda: ""), account)
    for route in control.routes():
        method = "POST" if "POST" in (route.methods or ()) else "GET"
        path = route.path.replace("{person:int}", "{id}")
        assert path.startswith("/files/") or f"{method} {path}" in PAGE, f"{method} {path}"
    for word in (*KINDS, *FILE_KINDS, *(switch.name for switch in fields(Switches))):
        assert word in PAGE, word
    town.close()
