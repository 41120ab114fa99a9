"""One-time invitations as codes and as a sheet of QR codes to print."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from sqlalchemy import Connection

from db import audit, people, staff
from locales import Wording

_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 12pt "Times New Roman", "Liberation Serif", serif; margin: 1cm }}
article {{ break-inside: avoid; border: 1px dashed #888; padding: .5cm; margin-bottom: .5cm;
  display: flex; gap: .7cm; align-items: center }}
h1 {{ font-size: 13pt; margin: 0 }} p {{ margin: .2cm 0 0 }} svg {{ flex: none }}
</style>
{cards}</html>
"""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code that binds the account that says it to a person, once."""

    name: str
    unit: str
    code: str
    until: datetime


def invite(conn: Connection, whom: Sequence[staff.Member], now: datetime) -> list[Invitation]:
    """Makes a code for each; codes given before stay good until their day."""
    made = []
    for member in whom:
        code = people.invite(conn, member.id, now)
        audit.record(conn, "person", member.id, "invited", now)
        made.append(Invitation(member.name, member.unit_name, code, now + people.INVITATION_LIFETIME))
    return made


def sheet(invitations: Sequence[Invitation], wording: Wording, link: Callable[[str], str] | None) -> str:
    """The page to print; a QR code holds the bot's ``link`` for a code where there is one."""
    title = wording.label("sheet_title", {})
    cards = []
    for invitation in invitations:
        facts = {"code": invitation.code, "until": invitation.until}
        lines = [wording.label(key, facts) for key in ("sheet_type", "sheet_once")]
        picture = ""
        if link is not None:
            lines.insert(0, wording.label("sheet_scan", {}))
            picture = _qr(link(invitation.code))
        words = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        name = f"{html.escape(invitation.name)} · {html.escape(invitation.unit)}"
        cards.append(
            f"<article>{picture}<div><h1>{html.escape(title)}</h1><p><b>{name}</b></p>{words}</div></article>"
        )
    return _PAGE.format(title=html.escape(title), cards="\n".join(cards))


def qr_picture(text: str) -> bytes:
    """A QR code as a PNG picture."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, scale=4, border=2)
    return out.getvalue().decode()
