"""How commands reach the database: settings, a migrated schema, one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import click
from sqlalchemy import Connection

from bot.app import SystemClock
from bot.cli.words import say
from bot.config import Settings, SettingsError
from db import migrate
from db.engine import Database

T = TypeVar("T")


def now() -> datetime:
    """This moment."""
    return SystemClock().now()


def today(settings: Settings) -> date:
    """The office's day."""
    return now().astimezone(settings.zone).date()


def in_database(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Runs work in a transaction of the committee's database; refuses one that is not migrated."""

    async def run() -> T:
        if await migrate.current(settings.database_url) != migrate.head():
            raise SettingsError("setting_not_migrated")
        database = Database(settings.database_url)
        try:
            return await database.write(work)
        finally:
            await database.close()

    return asyncio.run(run())


class Moment(click.ParamType[datetime]):
    """An ISO 8601 moment with its zone."""

    name = "MOMENT"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail(say("cli_moment_wrong", value=str(value)), param, ctx)
        return moment


class Day(click.ParamType[date]):
    """A day as offices write it, dd/mm/yyyy, or in ISO 8601."""

    name = "dd/mm/yyyy"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        if isinstance(value, date):
            return value
        try:
            if "/" in value:
                day, month, year = value.split("/")
                return date(int(year), int(month), int(day))
            return date.fromisoformat(value)
        except ValueError:
            self.fail(say("cli_day_wrong", value=value), param, ctx)
