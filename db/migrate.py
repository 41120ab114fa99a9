"""Brings a database to the newest schema, and says where it stands."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db import kept_rows
from db.engine import Database
from db.models import metadata
from db.search_table import include_object

T = TypeVar("T")


def head() -> str | None:
    """The newest revision that ships with us."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def current(url: str) -> str | None:
    """The revision of a database; None when it was never migrated."""
    return await _on(url, lambda conn: MigrationContext.configure(conn).get_current_revision())


async def upgrade(url: str, revision: str = "head") -> None:
    """Brings a database to the newest revision, in one transaction; does nothing when it is there."""

    def run(conn: Connection) -> None:
        command.upgrade(_config(conn), revision)
        if revision == "head":
            kept_rows.restore(conn)
        if conn.dialect.name == "sqlite" and (
            loose := conn.exec_driver_sql("PRAGMA foreign_key_check").all()
        ):
            raise RuntimeError(f"{len(loose)} rows of {loose[0][0]} would point nowhere")

    await _on(url, run, rebuilds=True)


async def differences(url: str) -> list[Any]:
    """What the tables in the code have and a migrated database has not, or the other way round."""

    def compare(conn: Connection) -> list[Any]:
        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "include_object": include_object}
        )
        return list(compare_metadata(context, metadata))

    return await _on(url, compare)


async def generate(url: str, message: str, revision: str) -> None:
    """Writes the next migration from those differences, for a developer to read and keep."""
    await _on(
        url,
        lambda conn: command.revision(_config(conn), message, autogenerate=True, rev_id=revision) and None,
    )


async def _on(url: str, work: Callable[[Connection], T], *, rebuilds: bool = False) -> T:
    """Runs synchronous work of alembic in a transaction of a database, inside a running loop."""
    database = Database(url, rebuilds=rebuilds)
    try:
        return await database.write(work)
    finally:
        await database.close()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("db") / "migrations"))
    config.attributes["connection"] = connection
    return config
