"""Makes the database itself refuse to change or take out what the log holds: triggers of either engine.

An event may be put under a seal once; nothing else of it, and nothing of a seal, ever changes.  Whoever owns
the database can take triggers away, which is what the seals of ``db/chain.py`` are for.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Connection, MetaData, event

_SAME = " OR ".join(
    f"NEW.{name} IS NOT OLD.{name}"
    for name in ("id", "at", "actor_id", "subject", "subject_id", "action", "fields")
)

DDLS = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events"
        f" WHEN OLD.seal IS NOT NULL OR {_SAME} BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
        "CREATE TRIGGER IF NOT EXISTS events_kept BEFORE DELETE ON events"
        " BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
        "CREATE TRIGGER IF NOT EXISTS seals_stay BEFORE UPDATE ON seals"
        " BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
        "CREATE TRIGGER IF NOT EXISTS seals_kept BEFORE DELETE ON seals"
        " BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION log_is_kept() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the log is kept'; END $$",
        "CREATE OR REPLACE TRIGGER events_stay BEFORE UPDATE ON events FOR EACH ROW"
        " WHEN (OLD.seal IS NOT NULL OR (NEW.id, NEW.at, NEW.actor_id, NEW.subject, NEW.subject_id,"
        " NEW.action, NEW.fields::text) IS DISTINCT FROM (OLD.id, OLD.at, OLD.actor_id, OLD.subject,"
        " OLD.subject_id, OLD.action, OLD.fields::text)) EXECUTE FUNCTION log_is_kept()",
        "CREATE OR REPLACE TRIGGER events_kept BEFORE DELETE OR TRUNCATE ON events"
        " EXECUTE FUNCTION log_is_kept()",
        "CREATE OR REPLACE TRIGGER seals_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON seals"
        " EXECUTE FUNCTION log_is_kept()",
    ),
}


def restore(conn: Connection) -> None:
    """Makes what is missing of them: a migration that builds a table anew drops its triggers."""
    for statement in DDLS[conn.dialect.name]:
        conn.exec_driver_sql(statement)


def guard(metadata: MetaData) -> None:
    """Has the triggers made whenever the tables are."""
    for dialect, statements in DDLS.items():
        for statement in statements:
            made: Any = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(metadata, "after_create", made.execute_if(dialect=dialect))
