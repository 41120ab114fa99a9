"""``congvu zalo-oa``: an administrator's consent that the service speaks for an Official Account."""

from __future__ import annotations

import asyncio

import click

from bot.cli.office import in_database, now
from bot.cli.words import say
from bot.config import Settings, SettingsError, load_settings
from bot.zalo_oa import webhook_path
from bot.zalo_oa_tokens import Consent, Refused, callback_of
from db import oa_tokens
from domain.chat import Later

OPTIONS = say("cli_usage_options")


@click.group(
    help=say("cli_zalo_oa_help"), options_metavar=OPTIONS, subcommand_metavar=say("cli_usage_command")
)
def zalo_oa() -> None:
    """Zalo's Official Account."""


@zalo_oa.command(help=say("cli_zalo_oa_consent_help"), options_metavar=OPTIONS)
def consent() -> None:
    """Prints the address to agree at, takes the code it leads to, and keeps the tokens."""
    settings = load_settings()
    if not settings.zalo_oa_app_id:
        meaning = Settings.model_fields["zalo_oa_app_id"].description
        raise SettingsError("setting_missing", name="CONGVU_ZALO_OA_APP_ID", meaning=meaning)
    in_database(settings, lambda conn: None)  # migrated, before the code is used up
    asked = Consent(settings)
    hook = settings.public_url + webhook_path(settings)
    click.echo(say("cli_zalo_oa_addresses", callback=callback_of(settings), webhook=hook))
    click.echo(say("cli_zalo_oa_agree", address=asked.address))
    code = asked.code_in(click.prompt(say("cli_zalo_oa_paste"), prompt_suffix=" "))
    if not code:
        raise click.ClickException(say("cli_zalo_oa_other"))
    try:
        tokens = asyncio.run(asked.exchange(code, now()))
    except Refused as no:
        raise click.ClickException(say("cli_zalo_oa_refused", code=no.code)) from None
    except Later as no:
        raise click.ClickException(say("cli_zalo_oa_unreachable", reason=no.reason)) from None
    in_database(settings, lambda conn: oa_tokens.keep(conn, settings.zalo_oa_app_id, tokens))
    click.echo(say("cli_zalo_oa_done", until=tokens.expires_at))
