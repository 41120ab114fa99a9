"""The table of folded words by which cases are found: FTS5 on SQLite, a GIN index on PostgreSQL.

The two engines have no table of words in common, so it is made here and by a migration, and not a part
of the tables that both share (``docs/decisions``).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, event

from db.models import metadata

NAME = "case_search"
KEYS = "ix_outbox_key_begins"  # PostgreSQL's own too: SQLite finds what a key begins with by the unique index

DDLS = {
    "sqlite": (
        # Words alone: no phrases, no ranking, hence neither positions nor sizes.
        "CREATE VIRTUAL TABLE IF NOT EXISTS case_search"
        " USING fts5(words, tokenize = 'ascii', detail = none, columnsize = 0)",
    ),
    "postgresql": (
        "CREATE TABLE IF NOT EXISTS case_search (case_id INTEGER NOT NULL PRIMARY KEY"
        " REFERENCES cases (id), words TSVECTOR NOT NULL)",
        "CREATE INDEX IF NOT EXISTS ix_case_search_words ON case_search USING gin (words)",
        "ALTER TABLE case_search ALTER COLUMN words SET STATISTICS 2000",
        f"CREATE INDEX IF NOT EXISTS {KEYS} ON outbox (key varchar_pattern_ops)",
    ),
}

for _dialect, _statements in DDLS.items():
    for _statement in _statements:
        _made = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(metadata, "after_create", _made.execute_if(dialect=_dialect))


def is_ours(name: str | None) -> bool:
    """Whether a table or index is of one engine alone, FTS5's shadow tables included."""
    return name is not None and (name.startswith(NAME) or name in (f"ix_{NAME}_words", KEYS))


def include_object(_item: Any, name: str | None, _kind: str, _reflected: bool, _compared: Any) -> bool:
    """For alembic: leaves the search's own tables out of comparisons."""
    return not is_ours(name)
