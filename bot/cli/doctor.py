"""``congvu doctor``: what is well and what is not, and, with ``--live``, what the platforms really do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import click

from bot import doctor as doctors
from bot import logs
from bot.app import SystemClock
from bot.cli.office import now
from bot.cli.words import marked, say
from bot.config import Settings, load_settings
from bot.service import make_edges, signer_of
from bot.telegram import TelegramChannel
from bot.zalo import ZaloChannel
from bot.zalo_oa import ZaloOaChannel
from bot.zalo_oa_tokens import TokenKeeper
from db.engine import Database
from db.store import Store

OPTIONS = {"telegram": "chat", "zalo": "zalo-chat", "zalo_oa": "oa-chat"}


@click.command(help=say("cli_doctor_help"), options_metavar=say("cli_usage_options"))
@click.option("--live", is_flag=True, help=say("cli_doctor_live"))
@click.option("--chat", default="", metavar=say("cli_number"), help=say("cli_doctor_chat"))
@click.option("--zalo-chat", default="", metavar=say("cli_number"), help=say("cli_doctor_zalo_chat"))
@click.option("--oa-chat", default="", metavar=say("cli_number"), help=say("cli_doctor_oa_chat"))
@click.pass_context
def doctor(context: click.Context, live: bool, chat: str, zalo_chat: str, oa_chat: str) -> None:
    """Prints every finding as it is made; the exit status is 1 when one is bad."""
    settings = load_settings()
    logs.configure("ERROR", settings.secrets)
    for name, value in settings.shown().items():
        click.echo(say("doctor_setting", name=f"CONGVU_{name.upper()}", value=value))
    chats = {"telegram": chat, "zalo": zalo_chat, "zalo_oa": oa_chat}
    bad = asyncio.run(_print_all(settings, live, chats))
    click.echo(say("doctor_some_bad", count=bad) if bad else say("doctor_all_good"))
    context.exit(1 if bad else 0)


async def _print_all(settings: Settings, live: bool, chats: dict[str, str]) -> int:
    bad = await _print(doctors.look(settings, now()))
    if not live:
        return bad
    database = Database(settings.database_url)
    try:
        tokens = TokenKeeper(settings, database, SystemClock()) if settings.zalo_oa_app_id else None
        for edge in make_edges(settings, signer_of(settings, SystemClock()).address_of, tokens=tokens):
            bad += await _try(edge, chats[edge.name], settings)
    finally:
        await database.close()
    return bad


async def _try(edge: TelegramChannel | ZaloChannel | ZaloOaChannel, chat: str, settings: Settings) -> int:
    try:
        if not chat:
            needed = say("doctor_needs_chat", channel=edge.name, option=OPTIONS[edge.name])
            click.echo(say("doctor_bad", text=needed))
            return 1
        words = marked("live_words")
        if isinstance(edge, TelegramChannel):
            trying = doctors.try_telegram(edge, chat, words)
        elif isinstance(edge, ZaloOaChannel):
            trying = doctors.try_zalo_oa(edge, chat, words)
        else:
            store = Store(settings.files_dir) if settings.public_url else None
            trying = doctors.try_zalo(edge, chat, words, store)
        bad = await _print(trying)
        click.echo(say(f"live_person_{edge.name}"))
        return bad
    finally:
        await edge.close()


async def _print(findings: AsyncIterator[doctors.Finding]) -> int:
    bad = 0
    async for finding in findings:
        facts = dict(finding.facts)
        if "what" in facts:
            facts["text"] = say(str(facts["what"]), **facts)
        text = say(finding.key, **facts)
        click.echo(say("doctor_good" if finding.good else "doctor_bad", text=text))
        bad += not finding.good
    return bad
