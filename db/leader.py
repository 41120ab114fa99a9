"""One of several processes keeps the time: whoever holds a lock of the database for as long as it lives."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from db.engine import Database, DatabaseTrouble

_KEEPING_TIME = 7_200
_NOTICE_DEATH = "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2"


class Leader:
    """Whether this process is the one that keeps the time; on SQLite it always is.

    The lock ends with its connection: at once when a process dies, and after some six seconds when
    its machine is cut off.
    """

    def __init__(self, database: Database) -> None:
        self._shared = not database.is_sqlite
        self._engine = create_async_engine(database.url, poolclass=NullPool) if self._shared else None
        self._connection: AsyncConnection | None = None

    async def is_me(self) -> bool:
        """Takes the lock if it is free; True while we hold it."""
        if self._engine is None:
            return True
        try:
            if self._connection is not None:
                await self._connection.execute(text("SELECT 1"))
                return True
            connection = await self._engine.connect()
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            for setting in _NOTICE_DEATH.split("; "):
                await connection.execute(text(setting))
            taken = await connection.execute(text(f"SELECT pg_try_advisory_lock({_KEEPING_TIME})"))
            if taken.scalar():
                self._connection = connection
                return True
            await connection.close()
        except (DatabaseTrouble, OSError):
            await self.close()
        return False

    async def close(self) -> None:
        """Lets the lock go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()
